"""Screens on the offscreen platform, fed with a small made-up mall of two floors."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QSG_RENDER_LOOP"] = "basic"

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt, QtMsgType
from PySide6.QtGui import QGuiApplication, QImage, QPointingDevice
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import kiosk.__main__
import mirror.__main__
from edge_core.clock import ManualClock
from edge_core.qt.app import load_window
from edge_core.qt.fonts import load_fonts
from edge_core.qt.graphics import choose_scene_graph
from edge_core.qt.plan_item import PlanItem
from edge_core.qt.resources import assets_folder
from edge_core.qt.screen import Screen
from edge_core.service.schema import DirectoryView, LiveView, PersonView
from edge_core.service.site_schema import SiteView
from edge_core.service.visits_schema import CountsToday

sys.path.insert(0, str(Path(__file__).parent))  # what several tests share

PROGRAMS = {"kiosk": kiosk.__main__.program(), "mirror": mirror.__main__.program()}
AFTERNOON = datetime(2026, 3, 14, 14, 5, tzinfo=UTC)


def square(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def sample_site() -> SiteView:
    def zone(key, name, name_zh, floor, kind, polygon):
        return {
            "id": key, "name": name, "name_zh": name_zh, "floor": floor, "kind": kind,
            "polygon_m": polygon,
        }  # fmt: skip

    return SiteView.model_validate(
        {
            "id": "harbour",
            "name": "Harbour Galleries",
            "name_zh": "海港购物中心",
            "timezone": "Asia/Shanghai",
            "opens": time(10),
            "closes": time(23),
            "languages": ["en", "zh"],
            "minimum_group": 5,
            "floors": [
                {
                    "id": "ground", "name": "Ground floor", "name_zh": "一层", "level": 0,
                    "outline_m": square(0, 0, 40, 24),
                    "fixtures": [
                        {"kind": "wall", "polygon_m": square(0, 9.9, 30, 0.2)},
                        {"kind": "plant", "polygon_m": square(20, 16, 1, 1)},
                    ],
                },
                {
                    "id": "upper", "name": "Upper floor", "name_zh": "二层", "level": 1,
                    "outline_m": square(0, 0, 40, 24),
                },
            ],
            "zones": [
                zone("books", "Lantern Books", "灯笼书店", "ground", "store", square(0, 0, 15, 10)),
                zone("shoes", "Heron Shoes", "苍鹭鞋店", "ground", "store", square(15, 0, 15, 10)),
                zone("hall", "Hall", "大厅", "ground", "corridor", square(0, 10, 40, 14)),
                zone("reach", "Kiosk", "导览屏", "ground", "reach", square(30, 19, 3, 2)),
                zone("cinema", "Cinema", "影院", "upper", "store", square(0, 0, 20, 24)),
            ],
            "cameras": [{"id": "c", "name": "Hall end", "name_zh": "大厅尽头", "floor": "ground"}],
            "screens": [
                {"id": "k1", "kind": "kiosk", "floor": "ground", "position_m": (31.5, 21.5),
                 "facing_deg": 180.0, "language": "en"},
                {"id": "m1", "kind": "mirror", "floor": "ground", "position_m": (20, 5),
                 "language": "en"},
            ],
            "programme": [
                {"title": "Breakfast jazz", "title_zh": "早餐爵士乐", "place": "Hall",
                 "place_zh": "大厅", "start": time(10), "end": time(12)},
                {"title": "Reading hour", "title_zh": "读书会", "place": "Lantern Books",
                 "place_zh": "灯笼书店", "start": time(21, 30), "end": time(22, 30)},
                {"title": "Late film", "title_zh": "深夜电影", "place": "Cinema",
                 "place_zh": "影院", "start": time(22, 45), "end": time(1)},
            ],
        }
    )  # fmt: skip


def sample_directory() -> DirectoryView:
    def store(key, name, name_zh, category, floor, polygon, door, unit):
        return {
            "id": key, "name": name, "name_zh": name_zh, "category": category, "floor": floor,
            "polygon_m": polygon, "doors_m": [door], "unit": unit, "opens": time(10),
            "closes": time(22, 20), "text": "Good things.", "text_zh": "好东西。",
            "products": ["novels"], "products_zh": ["小说"], "picture": "books",
            "offers": [{"text": "Two for one", "text_zh": "买一送一"}], "watched": key == "books",
        }  # fmt: skip

    def category(key, name, name_zh):
        return {"id": key, "name": name, "name_zh": name_zh}

    return DirectoryView.model_validate(
        {
            "categories": [category("read", "Reading", "阅读"), category("see", "Seeing", "观影")],
            "stores": [
                store("books", "Lantern Books", "灯笼书店", "read", "ground",
                      square(0, 0, 15, 10), (7, 10), "G1"),
                store("cinema", "Cinema", "影院", "see", "upper", square(0, 0, 20, 24),
                      (20, 12), "101"),
                store("tea", "Cloud Tea", "云茶", "see", "upper", square(30, 0, 10, 8),
                      (35, 8), "102"),
            ],
            "places": [
                {"id": "toilets", "name": "Toilets", "name_zh": "洗手间", "kind": "toilets",
                 "floor": "upper", "at_m": (38, 20)},
            ],
            "connectors": [
                {"id": "lift", "name": "Lift", "name_zh": "电梯", "kind": "lift",
                 "direction": "both", "stops": [
                     {"floor": "ground", "at_m": (36, 16)}, {"floor": "upper", "at_m": (36, 16)}]},
            ],
            "sounds": {"灯笼书店": "deng1 long2 shu1 dian4", "影院": "ying3 yuan4"},
            "walks_s": {"k1": {"books": 31.0, "cinema": 70.0, "toilets": 65.0}},
        }
    )  # fmt: skip


def person(number: int, x: float, y: float, *, speed: float = 0.0) -> PersonView:
    return PersonView(
        number=number, floor="ground", position_m=(x, y), velocity_m_s=(speed, 0.0),
        camera="c", box=(0.0, 0.0, 0.1, 0.1), zones=[],
    )  # fmt: skip


def live(*people: PersonView, seconds: float = 0.0) -> LiveView:
    at = AFTERNOON + timedelta(seconds=seconds)
    return LiveView(at=at, latency_ms=90.0, people=list(people), by_zone={})


def crowd(count: int = 25) -> LiveView:
    return live(*(person(n, 2 + (n * 7) % 36, 12 + (n * 5) % 10) for n in range(1, count + 1)))


def counts(entered: int = 1284) -> CountsToday:
    return CountsToday(date="2026-03-14", entered=entered, left=900, inside=384, by_line={})


@dataclass
class Shown:
    """An open screen and what drives it."""

    screen: Screen
    model: object
    window: QQuickWindow
    clock: ManualClock
    qtbot: QtBot
    finger: QPointingDevice

    def feed(self, view: LiveView | None = None) -> None:
        self.screen.take_link("live")
        self.screen.take_site(sample_site())
        self.screen.take_directory(sample_directory())
        self.screen.take_counts(counts())
        self.screen.take_live(view or crowd())

    def items(self, name: str) -> list[QQuickItem]:
        return [item for item in self.everything() if item.objectName() == name]

    def item(self, name: str) -> QQuickItem:
        found = self.items(name)
        assert found, f"no {name} on the screen"
        return found[0]

    def everything(self) -> list[QQuickItem]:
        """Every visible item, parents first."""
        found, waiting = [], [self.window.contentItem()]
        while waiting:
            item = waiting.pop(0)
            if item.isVisible() and item.opacity() > 0:
                found.append(item)
                waiting.extend(item.childItems())
        return found

    def texts(self) -> list[str]:
        """Every text that can be read."""
        items = list(self.everything())
        written = [name for it in items if isinstance(it, PlanItem) for name in it.written]
        return written + [str(it.property("text")) for it in items if it.inherits("QQuickText")]

    def tap(self, item: QQuickItem) -> None:
        """Touch the middle of an item, once the page has stopped changing."""
        self.qtbot.waitUntil(lambda: not self.item("pages").property("busy"))
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        place = QPoint(round(middle.x()), round(middle.y()))
        QTest.mouseClick(
            self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
        )

    def touch(self, name: str, place: int = 0) -> None:
        """A finger comes down on the middle of something and goes up again."""
        self.until(lambda: not self.item("pages").property("busy") and self.items(name)[place:])
        self.picture()  # everything is laid out where it will be seen
        item = self.items(name)[place]
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        at = QPoint(round(middle.x()), round(middle.y()))
        assert 0 <= at.x() < self.window.width(), name
        assert 0 <= at.y() < self.window.height(), name
        QTest.touchEvent(self.window, self.finger).press(0, at, self.window).commit()
        QTest.touchEvent(self.window, self.finger).release(0, at, self.window).commit()

    def until(self, condition: Callable[[], object], wait_ms: int = 60_000) -> None:
        """Wait for a condition."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=wait_ms)

    def picture(self) -> QImage:
        return self.window.grabWindow()

    def wait(self, seconds: float) -> None:
        """Let the monotonic clock run on and the screen notice."""
        self.clock.advance_ns(round(seconds * 1e9))
        self.screen.attention.tick()


@pytest.fixture(scope="session")
def qapp_cls():
    return QGuiApplication


@pytest.fixture(scope="session")
def qapp(qapp) -> QGuiApplication:
    qapp.setQuitOnLastWindowClosed(False)
    choose_scene_graph()
    load_fonts(assets_folder() / "fonts")
    return qapp


@pytest.fixture(autouse=True)
def no_qt_warning(qapp, qtlog):
    yield
    loud = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    said = [record.message for record in qtlog.records if record.type in loud]
    assert not said, f"Qt warned: {said}"


@pytest.fixture
def open_screen(qapp, qtbot) -> Iterator[Callable[..., Shown]]:
    """Opens kiosks and mirrors; takes each down as the program does."""
    opened = []

    def start(
        kind: str = "kiosk",
        size: tuple[int, int] = (1080, 1920),
        language: str | None = "en",
        *,
        fed: bool = True,
        translations: Path | None = None,
    ) -> Shown:
        clock = ManualClock(wall_ns=round(AFTERNOON.timestamp() * 1e9))
        folder = translations or assets_folder() / "i18n"
        screen = Screen(kind, clock, folder, language=language)
        model = PROGRAMS[kind].build(screen)
        engine, window = load_window(PROGRAMS[kind], screen, model, size)
        shown = Shown(screen, model, window, clock, qtbot, QTest.createTouchDevice())
        opened.append((engine, shown))
        if fed:
            shown.feed()
        window.show()
        assert QTest.qWaitForWindowExposed(window)
        return shown

    yield start
    for engine, shown in opened:
        shown.window.hide()
        shown.screen.tongue.choose("en")
        shiboken6.delete(engine)
        vars(
            shown
        ).clear()  # a failed test's traceback keeps it; view models must end now, in order


@pytest.fixture
def sample() -> SiteView:
    return sample_site()


@pytest.fixture
def make_person() -> Callable[..., PersonView]:
    return person


@pytest.fixture
def make_live() -> Callable[..., LiveView]:
    return live


@pytest.fixture(scope="session")
def assets() -> Path:
    return assets_folder()
