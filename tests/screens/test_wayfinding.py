"""From a misspelt name to a step-free way, by touch, against the real service and the real mall."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QColor

from edge_core.config import ClosureConfig, load_directory, load_site
from edge_core.ledger import Ledger
from edge_core.qt.link import ServiceLink
from edge_core.service.api import create_app
from edge_core.service.guide import Guide
from edge_core.service.schema import LiveView
from edge_core.service.server import ApiServer, listen
from edge_core.service.stream import StreamHub
from edge_core.service.views import site_view

MALL = Path(__file__).parents[2] / "assets" / "malls" / "mall"
SIZES = pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])


class MallState:
    """The parts of a running service that a visitor who looks for a store asks."""

    def __init__(self, folder, clock, live: LiveView) -> None:
        self.clock = clock
        self._ledger = Ledger(folder / "ledger.db")
        self.ledger = self._ledger.reader()
        self.hub = StreamHub(self.ledger.newest_id())
        config = load_site(MALL / "site.toml")
        directory = load_directory(MALL / "directory.toml", config)
        self.guide = Guide(config, directory, None, self.hub.publish_directory)
        self.hub.publish_directory(self.guide.directory())
        self._site, self._live = site_view(config), live

    def site(self):
        return self._site

    def live(self):
        return self._live

    def close(self):
        self.ledger.close()
        self._ledger.close()


@pytest.fixture
def mall(tmp_path, open_screen, make_live):
    """A kiosk that follows a service with the mall; Saturday 15:05 in Berlin."""
    opened = []

    def start(size=(1080, 1920), language="en"):
        shown = open_screen("kiosk", size, language, fed=False)
        state = MallState(tmp_path, shown.clock, make_live())
        server = ApiServer(create_app(state), state.hub, listen("127.0.0.1", 0))
        server.start()
        link = ServiceLink(server.url)
        opened.append((link, server, state))
        shown.screen.follow(link)
        link.start()
        state.hub.publish_live(state.live())
        shown.qtbot.waitUntil(lambda: shown.screen.shows_live and bool(shown.screen.stores.stores))
        return shown, state

    yield start
    for link, server, state in opened:
        link.stop()
        server.stop()
        state.close()


def go(shown, page):
    shown.qtbot.waitUntil(
        lambda: bool(shown.items(page)) and not shown.item("pages").property("busy")
    )


def type_in(shown, text):
    for sign in text:
        shown.tap(shown.item("space" if sign == " " else f"key-{sign}"))


def find_a_store(shown):
    shown.tap(shown.item("beginArea"))
    go(shown, "welcomePage")
    shown.tap(shown.item("doorStores"))
    go(shown, "storesPage")


@SIZES
def test_a_misspelt_name_leads_to_a_stepfree_way(mall, qtbot, size):
    shown, _ = mall(size)
    find_a_store(shown)
    type_in(shown, "aurroa rel")
    qtbot.waitUntil(lambda: bool(shown.items("store-aurora")))
    assert [i.objectName() for i in shown.everything() if "store-" in i.objectName()] == [
        "store-aurora"
    ]
    shown.tap(shown.item("store-aurora"))
    go(shown, "storePage")
    assert {"Aurora Reel Cinema", "Open until 22:00", "Second floor"} <= set(shown.texts())
    shown.tap(shown.item("takeMeThere"))
    go(shown, "routePage")
    qtbot.waitUntil(lambda: "Take the East stairs up to the second floor" in shown.texts())
    shown.tap(shown.item("mode-step-free"))
    qtbot.waitUntil(lambda: "Take the East lift up to the second floor" in shown.texts())
    assert not [text for text in shown.texts() if "stairs" in text or "escalator" in text]
    lift = next(n for n in range(1, 9) if "Take the East lift" in str(
        shown.item(f"step-{n}").property("text")))  # fmt: skip
    shown.tap(shown.item(f"step-{lift}"))
    assert shown.screen.floor_plan.floor.id == "second"
    assert shown.item("routeLine").property("ends")
    assert shown.item("routeLine").property("points")


def test_pinyin_finds_a_chinese_name_and_completes_it(mall, qtbot):
    shown, _ = mall(language="zh")
    find_a_store(shown)
    type_in(shown, "zhideng")
    qtbot.waitUntil(lambda: bool(shown.items("store-books")))
    assert shown.items("completion")[0].property("text") == "纸灯笼书店"
    shown.tap(shown.items("completion")[0])
    assert shown.item("query").property("text") == "纸灯笼书店"
    shown.tap(shown.item("erase"))
    assert shown.item("query").property("text") == "纸灯笼书"
    shown.tap(shown.item("clear"))
    assert shown.item("query").property("text") == ""


def test_a_closed_lift_changes_the_way_on_the_screen_and_says_why(mall, qtbot):
    shown, state = mall()
    shown.tap(shown.item("beginArea"))
    go(shown, "welcomePage")
    shown.model.way.choose("step-free")
    shown.model.takeMeThere("aurora")
    go(shown, "routePage")
    qtbot.waitUntil(lambda: "Take the East lift up to the second floor" in shown.texts())
    state.guide.close(ClosureConfig(what="east-lift", text="Yearly inspection"))
    qtbot.waitUntil(lambda: "Take the West lift up to the second floor" in shown.texts())
    assert any("Yearly inspection" in text for text in shown.texts())
    state.guide.close(ClosureConfig(what="west-lift", text="Stuck"))
    qtbot.waitUntil(lambda: any("no such way just now" in text for text in shown.texts()))


def test_the_stores_stay_while_the_service_is_away(mall, qtbot):
    shown, state = mall()
    find_a_store(shown)
    state.hub.close()
    qtbot.waitUntil(lambda: shown.screen.property("link") == "stale")
    type_in(shown, "sushi")
    assert shown.items("store-blue-carp")


def test_categories_and_floors_narrow_the_list(open_screen, qtbot):
    shown = open_screen("kiosk")
    find_a_store(shown)
    shown.tap(shown.item("category-see"))
    assert shown.model.stores.property("count") == 2
    shown.tap(shown.item("floorFilter-ground"))
    assert shown.items("nothingFound")
    shown.tap(shown.item("floorFilter-ground"))
    shown.tap(shown.item("category-see"))
    assert shown.model.stores.property("count") == 3


def test_the_next_visitor_finds_nothing_of_the_last(open_screen, qtbot):
    shown = open_screen("kiosk")
    find_a_store(shown)
    type_in(shown, "cine")
    shown.tap(shown.item("largeText"))
    shown.tap(shown.item("withinReach"))
    shown.tap(shown.item("finish"))
    go(shown, "attractPage")
    assert shown.model.stores.property("query") == ""
    assert not shown.screen.ease.property("largeText")
    assert not shown.screen.ease.property("withinReach")


def test_a_place_has_no_page_but_a_way(open_screen, qtbot):
    shown = open_screen("kiosk")
    find_a_store(shown)
    type_in(shown, "toil")
    shown.tap(shown.item("store-toilets"))
    go(shown, "routePage")
    assert shown.model.way.property("goalName") == "Toilets"
    assert "The way will be here in a moment. Please try again." in shown.texts()


def test_the_crowd_is_told_only_where_a_camera_looks(open_screen, make_live, make_person):
    shown = open_screen("kiosk", fed=False)
    shown.feed(make_live(*(make_person(n, 6 + n * 0.3, 12) for n in range(4))))
    shown.model.begin()
    shown.model.openStore("books")
    go(shown, "storePage")
    assert "Lively" in shown.texts()
    shown.model.openStore("cinema")
    assert not shown.items("storeCrowd")
    shown.model.openStore("books")
    shown.screen.take_link("stale")
    assert not shown.items("storeCrowd")


def test_within_reach_brings_every_control_into_the_lower_part(open_screen, qtbot):
    shown = open_screen("kiosk")
    find_a_store(shown)
    shown.tap(shown.item("withinReach"))
    qtbot.waitUntil(lambda: shown.item("back").mapToScene(shown.item("back").position()).y() > 600)
    controls = [item for item in shown.everything() if item.inherits("QQuickAbstractButton")]
    tops = [item.mapRectToScene(item.boundingRect()).top() for item in controls]
    assert min(tops) >= 0.36 * 1920


def test_three_doors_lead_on(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    go(shown, "welcomePage")
    assert shown.items("doorStores")
    assert shown.items("doorProgramme")
    assert shown.items("doorIdeas")


@SIZES
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_fits_and_every_control_is_large_and_named(open_screen, qtbot, size, language):
    shown = open_screen("kiosk", size, language)
    width, height = size
    shown.model.begin()
    for page in ("stores", "store", "route", "programme"):
        if page == "store":
            shown.model.openStore("books")
        elif page == "route":
            shown.model.takeMeThere("cinema")
        else:
            shown.model.open(page)
        go(shown, f"{page}Page")
        shown.picture()
        for item in shown.everything():
            box = item.mapRectToScene(item.boundingRect())
            if item.inherits("QQuickText") and item.property("text") and not _in_a_list(item):
                assert not item.property("truncated"), item.property("text")
                assert box.left() >= 0, item.property("text")
                assert box.right() <= width + 1, item.property("text")
                assert box.bottom() <= height + 1, item.property("text")
                assert item.property("font").pixelSize() >= 22
            if item.inherits("QQuickAbstractButton"):
                assert min(item.width(), item.height()) >= 64, item.objectName()
                access = QAccessible.queryAccessibleInterface(item)
                assert access.text(QAccessible.Text.Name), item.objectName()
                assert access.role() != QAccessible.Role.NoRole


def test_the_pages_mirror_for_right_to_left_scripts(open_screen, assets, tmp_path):
    (tmp_path / "promenade_ar.qm").write_bytes((assets / "i18n/promenade_zh.qm").read_bytes())
    shown = open_screen("kiosk", translations=tmp_path)
    shown.model.begin()
    shown.model.open("stores")
    go(shown, "storesPage")
    width = shown.window.width()

    def middle(name):
        item = shown.item(name)
        return item.mapRectToScene(item.boundingRect()).center().x()

    names = ("back", "query", "finish", "floorFilter-ground", "key-q")
    before = {name: middle(name) for name in names}
    shown.screen.tongue.choose("ar")
    shown.picture()
    for name in ("back", "finish"):
        assert middle(name) == pytest.approx(width - before[name], abs=40)
    assert middle("floorFilter-ground") > width / 2 > before["floorFilter-ground"]
    assert middle("key-q") == pytest.approx(before["key-q"], abs=1), "letters keep their places"


def _in_a_list(item) -> bool:
    """What a list or a row that scrolls cuts off at its edge can be brought into view."""
    while item is not None:
        if item.inherits("QQuickFlickable"):
            return True
        item = item.parentItem()
    return False


def test_high_contrast_and_larger_text_change_the_theme(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    go(shown, "welcomePage")
    door = next(i for i in shown.everything() if i.property("text") == "What is on")
    before = door.property("font").pixelSize()
    shown.tap(shown.item("largeText"))
    shown.tap(shown.item("highContrast"))
    assert door.property("font").pixelSize() > 1.1 * before
    assert shown.window.color() == QColor("#000000")
