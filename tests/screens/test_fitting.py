"""At the mirror, as a shopper uses it: touches on the real window, against the shop's service."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import shiboken6
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

import mirror.__main__
from edge_core.bench.played_shop import PlayedShop
from edge_core.clock import SystemClock
from edge_core.qt import language
from edge_core.qt.app import load_window
from edge_core.qt.link import ServiceLink
from edge_core.qt.resources import assets_folder
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.suggest.list_link import read_list
from edge_core.types import EventKind
from mirror.view_models.keep import Kept, list_text

DRESS, BLAZER, BOOTS = "wrap-dress-emerald-m", "boyfriend-blazer-black-m", "heel-boots-black-39"
SIZES = [(1080, 1920), (1920, 1080)]


@pytest.fixture
def shop(tmp_path, request) -> Iterator[PlayedShop]:
    service = PlayedShop(tmp_path, getattr(request, "param", ""))
    yield service
    service.close()


class Fitting:
    """A mirror that follows the shop's service."""

    def __init__(self, shop, qtbot, size, language):
        program = mirror.__main__.program()
        self.qtbot = qtbot
        self.screen = Screen("mirror", SystemClock(), assets_folder() / "i18n", language=language)
        self.model = program.build(self.screen)
        self.link = ServiceLink(shop.url)
        self.screen.follow(self.link)
        self.engine, self.window = load_window(program, self.screen, self.model, size)
        self.finger = QTest.createTouchDevice()
        self.window.show()
        assert QTest.qWaitForWindowExposed(self.window)
        self.link.start()

    def close(self):
        self.link.stop()
        self.window.hide()
        self.screen.tongue.choose("en")
        shiboken6.delete(self.engine)
        vars(self).clear()  # a failed test's traceback keeps it; view models must end now, in order

    def everything(self):
        found, waiting = [], [self.window.contentItem()]
        while waiting:
            item = waiting.pop(0)
            if item.isVisible() and item.opacity() > 0:
                found.append(item)
                waiting.extend(item.childItems())
        return found

    def items(self, name):
        return [item for item in self.everything() if item.objectName() == name]

    def texts(self):
        return [str(i.property("text")) for i in self.everything() if i.inherits("QQuickText")]

    def until(self, condition, wait_ms=10_000):
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=wait_ms)

    def shows(self, *words):
        self.until(lambda: all(any(word in text for text in self.texts()) for word in words))

    def page(self, name):
        self.until(lambda: self.model.page == name and not self.turning())

    def turning(self):
        (pages,) = self.items("pages")
        return pages.property("busy")

    def touch(self, name, place=0):
        """A finger comes down on the middle of something and goes up again."""
        self.until(lambda: not self.turning() and len(self.items(name)) > place)
        item = self.items(name)[place]
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        at = QPoint(round(middle.x()), round(middle.y()))
        assert 0 <= at.x() < self.window.width(), name
        assert 0 <= at.y() < self.window.height(), name
        QTest.touchEvent(self.window, self.finger).press(0, at, self.window).commit()
        QTest.touchEvent(self.window, self.finger).release(0, at, self.window).commit()


ROLES = (QAccessible.Role.Button, QAccessible.Role.RadioButton, QAccessible.Role.CheckBox)


@pytest.fixture
def fitting(shop, qapp, qtbot):
    opened = []

    def start(size=SIZES[0], language="en"):
        opened.append(Fitting(shop, qtbot, size, language))
        opened[-1].until(lambda: opened[-1].screen.garment_zone)
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.mark.parametrize("size", SIZES, ids=["upright", "lying"])
def test_three_garments_a_size_asked_for_brought_and_everything_wiped_on_leaving(
    shop, fitting, size
):
    at = fitting(size)
    shop.hold(DRESS, BLAZER, BOOTS)
    at.page("items")
    at.shows("Wrap dress", "Boyfriend blazer", "Heeled ankle boots")
    at.touch("openItem")
    at.page("item")
    at.shows("Emerald", "Material")
    at.touch("size-L")
    at.until(lambda: at.model.style.size == "L")
    at.touch("bring")
    at.page("staff")
    at.shows("The staff has been told")
    with EdgeClient(shop.url) as staff:
        (request,) = staff.shop.requests(waiting=True).requests
        assert (request.sku, request.zone) == ("wrap-dress-emerald-l", "mirror-reach")
        staff.shop.answer(request.request, "accepted", minutes=2)
        at.shows("Coming in 1:5")
        at.touch("back")
        at.page("item")
        at.touch("back")
        at.page("items")
        (strip,) = at.items("requestStrip")
        assert "Wrap dress, Emerald, L" in strip.property("text")
        staff.shop.answer(request.request, "done")
        at.shows("Here you are")
    shop.hold()
    at.page("leaving")
    assert at.model.staff.count == 0
    assert at.model.keptText == ""
    assert not at.model.style.known
    assert not any("dress" in text for text in at.texts())
    at.touch("reason-fit")
    at.shows("that helps us")
    at.page("idle")
    (told,) = shop.ledger.newest_of(EventKind.WHY_NOT)
    assert told.event.data["reason"] == "fit"
    assert set(told.event.data["skus"]) == {DRESS, BLAZER, BOOTS}


def test_walking_away_withdraws_what_was_asked(shop, fitting):
    at = fitting()
    shop.hold(DRESS)
    at.page("items")
    at.touch("callStaff")
    at.page("staff")
    with EdgeClient(shop.url) as staff:
        at.until(lambda: staff.shop.requests(waiting=True).requests)
        shop.hold()
        at.page("leaving")
        at.until(lambda: not staff.shop.requests(waiting=True).requests)
        assert staff.shop.requests().requests[0].state == "withdrawn"
    at.touch("skip")
    at.page("idle")


def test_the_staffs_no_is_told_and_asking_twice_is_one_request(shop, fitting):
    at = fitting(language="zh")
    shop.hold(DRESS)
    at.page("items")
    at.touch("otherSizes")
    at.page("item")
    at.shows("祖母绿", "请拿 M 码给我")
    at.touch("bring")
    at.page("staff")
    at.shows("已通知店员")
    at.model.staff.ask(DRESS)
    with EdgeClient(shop.url) as staff:
        (request,) = staff.shop.requests().requests
        assert request.language == "zh"
        staff.shop.answer(request.request, "declined", reason="not-in-stock")
    at.shows("抱歉，暂时没有库存")
    at.touch("dismissRequest")
    at.until(lambda: at.model.staff.count == 0)


def test_looks_are_swiped_through_and_their_pieces_opened(shop, fitting):
    at = fitting()
    shop.hold(DRESS, BOOTS)
    at.page("items")
    at.touch("openLook")
    at.page("look")
    at.until(lambda: at.model.looks.count > 1)
    at.shows("1 of ")
    rows = at.model.looks.rows.rows
    stocked = [row.inStock for row in rows]
    assert stocked == sorted(stocked, reverse=True), "what is here comes first"
    assert all(any(piece["own"] for piece in row.pieces) for row in rows)
    (looks,) = at.items("looks")
    y = round(looks.mapToScene(QPointF(0, looks.height() / 2)).y())
    QTest.touchEvent(at.window, at.finger).press(0, QPoint(900, y), at.window).commit()
    for x in range(860, 200, -40):
        QTest.touchEvent(at.window, at.finger).move(0, QPoint(x, y), at.window).commit()
        QTest.qWait(8)
    QTest.touchEvent(at.window, at.finger).release(0, QPoint(200, y), at.window).commit()
    at.until(lambda: looks.property("currentIndex") == 1)
    at.shows("2 of ")
    at.touch("lookBefore")
    at.until(lambda: looks.property("currentIndex") == 0)
    at.touch("back")
    at.page("items")


def test_stock_here_follows_the_till_and_nearby_shops_are_told(shop, fitting):
    at = fitting()
    product = next(it for it in shop.products if it.stock == 1 and it.nearby and it.size)
    shop.hold(product.sku)
    at.page("items")
    at.touch("openItem")
    at.page("item")
    at.shows("One left here")
    assert len(at.items("nearbyShop")) == len(product.nearby)
    shop.sell(product.sku)
    at.touch("back")
    at.page("items")
    at.touch("openItem")
    at.shows("Not here at the moment")
    assert not at.items("bring")


def test_the_list_is_in_the_code_itself(shop, fitting):
    at = fitting()
    shop.hold(DRESS, BOOTS)
    at.page("items")
    at.touch("openItem", 1)
    at.page("item")
    at.touch("size-40")
    at.touch("remember")
    at.until(lambda: at.model.remembered)
    at.touch("back")
    at.touch("openKeep")
    at.page("keep")
    (code,) = at.items("qr")
    text = code.property("text")
    assert "http" not in text
    assert [line.split(" [")[0] for line in text.split("\n")[1:]] == [
        "1. Wrap dress, Emerald, M, €89.95",
        "2. Heeled ankle boots, Black, 39, €139.00",
        "3. Heeled ankle boots, Black, 40, €139.00",
    ]
    assert len(at.items("keptLine")) == 3
    assert 20 < code.property("modules") < 120


@pytest.mark.parametrize("shop", ["https://list.example"], indirect=True)
def test_where_phones_reach_a_hub_the_code_leads_to_the_lists_page(shop, fitting):
    at = fitting()
    shop.hold(DRESS, BOOTS)
    at.page("items")
    at.touch("openKeep")
    at.page("keep")
    at.until(lambda: at.model.keptOnline)
    (code,) = at.items("qr")
    first = code.property("text")
    at.shows("It opens a page with your list")
    assert len(at.items("keptLine")) == 2
    assert 20 < code.property("modules") < 60
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()

    def listed(url):
        content = read_list(url.removeprefix("https://list.example/l/"), [key], datetime.now(UTC))
        return [shop.products.of_gtin(it.gtin).sku for it in content.items]

    assert listed(first) == [DRESS, BOOTS]
    shop.hold(DRESS)
    at.until(lambda: at.model.keptOnline and listed(at.model.keptText) == [DRESS])
    shop.hold()
    at.until(lambda: not at.model.keptOnline)


def test_done_hides_the_garments_until_somebody_wants_them_again(shop, fitting):
    at = fitting()
    shop.hold(DRESS)
    at.page("items")
    at.touch("leave")
    at.page("leaving")
    at.touch("skip")
    at.page("idle")
    at.touch("showAgain")
    at.page("items")


def test_language_and_comfort_last_for_the_session_only(shop, fitting):
    at = fitting()
    shop.hold(DRESS)
    at.page("items")
    at.touch("otherLanguage")
    at.shows("裹身连衣裙")
    at.touch("largerText")
    at.until(lambda: at.screen.comfort.largeText)
    at.touch("highContrast")
    at.until(lambda: at.screen.comfort.highContrast)
    shop.hold()
    at.until(lambda: at.model.page in ("leaving", "idle"))
    if at.model.page == "leaving":
        at.touch("skip")
    at.page("idle")
    assert at.screen.tongue.current == "en"
    assert not at.screen.comfort.largeText
    assert not at.screen.comfort.highContrast


@pytest.mark.parametrize("size", SIZES, ids=["upright", "lying"])
@pytest.mark.parametrize("large", [False, True], ids=["text", "larger text"])
def test_every_control_has_a_name_a_role_and_room_for_a_finger(shop, fitting, size, large):
    at = fitting(size)
    shop.hold(DRESS, BLAZER, BOOTS)
    at.page("items")
    at.screen.comfort.toggle("largeText") if large else None
    at.model.staff.ask(DRESS)
    at.until(lambda: at.model.staff.count == 1)
    for page, go in (
        ("items", None), ("item", lambda: at.model.openItem(DRESS)), ("look", at.model.openLook),
        ("staff", at.model.openStaff), ("keep", at.model.openKeep), ("leaving", at.model.leave),
    ):  # fmt: skip
        if go is not None:
            go()
        at.page(page)
        at.until(lambda: at.model.page != "item" or at.model.style.known)
        at.until(lambda: at.model.page != "look" or at.model.looks.count)
        check_controls(at, page)


def check_controls(at, page):
    unit = min(at.window.width(), at.window.height()) / 1080
    controls = [it for it in at.everything() if it.inherits("QQuickAbstractButton")]
    assert controls
    for control in controls:
        where = f"{page}: {control.objectName()}"
        told = QAccessible.queryAccessibleInterface(control)
        assert told.text(QAccessible.Text.Name), where
        assert told.role() in ROLES, where
        left, top = control.mapToScene(QPointF(0, 0)).toTuple()
        right, low = control.mapToScene(QPointF(control.width(), control.height())).toTuple()
        assert right - left >= 64 * unit - 0.5, where
        assert low - top >= 64 * unit - 0.5, where
        if control.objectName() not in ("piece", "bringAll"):  # those of the looks beside
            assert left >= 0, where
            assert right <= at.window.width() + 1, where
            assert top >= 0, where
            assert low <= at.window.height() + 1, where


@pytest.mark.parametrize("size", SIZES, ids=["upright", "lying"])
def test_pages_mirror_for_scripts_that_run_from_the_right(shop, fitting, size, monkeypatch):
    """English words laid out as an Arabic page is."""
    monkeypatch.setitem(language._LOCALES, "en", "ar_EG")
    at = fitting(size)
    assert at.screen.tongue.rightToLeft
    shop.hold(DRESS)
    at.page("items")
    middle = at.window.width() / 2
    (tools,) = at.items("otherLanguage")
    (title,) = at.items("itemsTitle")
    assert tools.mapToScene(QPointF(0, 0)).x() < title.mapToScene(QPointF(0, 0)).x()
    at.touch("openItem")
    at.page("item")
    at.until(lambda: at.model.style.known)
    back, picture = at.items("back")[0], at.items("itemPicture")[0]
    assert back.mapToScene(QPointF(0, 0)).x() > picture.mapToScene(QPointF(0, 0)).x()
    if size == SIZES[1]:
        assert back.mapToScene(QPointF(0, 0)).x() < 1.4 * middle, "the reflection is on the right"


def test_the_service_being_away_is_told_and_nothing_breaks(shop, fitting):
    at = fitting()
    shop.hold(DRESS)
    at.page("items")
    shop.close()
    at.touch("callStaff")
    at.page("staff")
    at.shows("The staff cannot be reached")


def test_a_list_line_leaves_out_what_is_not_known():
    text = list_text("Shop", "1 May", [Kept("Belt", "", "", "", "belt-1")])
    assert text == "Shop · 1 May\n1. Belt [belt-1]"
