from datetime import time
from itertools import combinations

import pytest
from PySide6.QtGui import QColor

SIZES = pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])


def colours(picture):
    small = picture.scaled(160, 160)
    return {small.pixel(x, y) for x in range(160) for y in range(160)}


@SIZES
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Harbour Galleries", "Touch to begin", "Lantern Books", "Reading hour",
                "Open until 23:00", "Saturday 14 March", "22:05", "1,284", "You are here"]),
        ("zh", ["海港购物中心", "轻触屏幕开始", "灯笼书店", "读书会", "营业至 23:00",
                "3月14日 星期六", "22:05", "1,284", "您在此处"]),
    ],
)  # fmt: skip
def test_attract_page_tells_what_a_visitor_wants_to_know(open_screen, size, language, words):
    shown = open_screen("kiosk", size, language)
    assert shown.item("attractPage")
    texts = shown.texts()
    assert [word for word in words if word not in texts] == []
    assert len(shown.items("dot")) == 25
    assert len(colours(shown.picture())) > 100


@SIZES
@pytest.mark.parametrize("page", ["attract", "welcome"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_off_or_on_top_of_another(open_screen, qtbot, size, page, language):
    shown = open_screen("kiosk", size, language)
    if page == "welcome":
        shown.tap(shown.item("beginArea"))
        qtbot.waitUntil(lambda: not shown.items("attractPage"))
    width, height = size
    boxes = []
    for item in shown.everything():
        if not item.inherits("QQuickText") or not item.property("text"):
            continue
        assert not item.property("truncated"), item.property("text")
        box = item.mapRectToScene(item.boundingRect())
        assert box.left() >= 0
        assert box.top() >= 0
        assert box.right() <= width + 1
        assert box.bottom() <= height + 1
        if item.property("color") != QColor("black"):
            boxes.append((item.property("text"), box))
    side = [(text, box) for text, box in boxes if box.top() > 0.25 * height]
    for index, (text, box) in enumerate(side):
        for other, other_box in side[index + 1 :]:
            overlap = box.intersected(other_box)
            assert overlap.width() < 8 or overlap.height() < 8, f"{text!r} lies over {other!r}"


def test_a_touch_begins_and_done_ends(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    qtbot.waitUntil(lambda: bool(shown.items("welcomePage")) and not shown.items("attractPage"))
    assert "Welcome to Harbour Galleries" in shown.texts()
    shown.tap(shown.item("finish"))
    qtbot.waitUntil(lambda: bool(shown.items("attractPage")) and not shown.items("welcomePage"))


def test_language_switches_at_once_and_the_next_visitor_gets_the_site_s(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    qtbot.waitUntil(lambda: not shown.items("attractPage"))
    shown.tap(shown.item("language-zh"))
    assert "欢迎光临海港购物中心" in shown.texts()
    assert "灯笼书店" in shown.texts()
    assert "查找店铺" in shown.texts()
    shown.tap(shown.item("finish"))
    qtbot.waitUntil(lambda: not shown.items("welcomePage"))
    assert "Harbour Galleries" in shown.texts()


def test_what_it_sees_is_opened_from_the_attract_page_without_making_another(open_screen, qtbot):
    shown = open_screen("kiosk")
    pages = shown.item("pages")
    turned = []
    pages.pageChanged.connect(lambda: turned.append(pages.property("page")))
    shown.tap(shown.item("openSees"))
    qtbot.waitUntil(lambda: bool(shown.items("seesPage")) and not shown.items("attractPage"))
    assert turned == ["sees"]
    shown.tap(shown.item("back"))
    qtbot.waitUntil(lambda: bool(shown.items("welcomePage")))


def test_a_visitor_looks_at_the_other_floor(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    qtbot.waitUntil(lambda: not shown.items("attractPage"))
    shown.tap(shown.item("floor-upper"))
    assert "Cinema" in shown.texts()
    assert "Lantern Books" not in shown.texts()
    assert not shown.items("youAreHere")
    assert not shown.items("dot")


@SIZES
def test_seven_floors_with_long_names_hide_neither_the_plan_nor_each_other(
    open_screen, qtbot, sample, size
):
    shown = open_screen("kiosk", size)
    floors = [
        sample.floors[0].model_copy(
            update={"id": f"f{n}", "level": n, "name": f"{n} Perfumes, watches and jewellery hall"}
        )
        for n in range(7)
    ]
    shown.screen.take_site(sample.model_copy(update={"floors": floors, "screens": []}))
    shown.tap(shown.item("beginArea"))
    qtbot.waitUntil(lambda: not shown.items("attractPage"))
    shown.picture()

    def place(item):
        return item.mapRectToScene(item.boundingRect())

    names = ["floorMap", "doorStores", "languageSwitch", *(f"floor-f{n}" for n in range(7))]
    places = [place(shown.item(name)) for name in names]
    window = place(shown.window.contentItem())
    assert all(window.contains(one) for one in places)
    assert not [1 for one, other in combinations(places, 2) if one.intersects(other)]


def test_without_a_plan_the_kiosk_speaks_neither_of_lights_nor_of_crowds(
    open_screen, sample, make_live, make_person
):
    shown = open_screen("kiosk", fed=False)
    shown.screen.take_link("live")
    shown.screen.take_site(sample.model_copy(update={"floors": [], "zones": [], "screens": []}))
    shown.screen.take_live(make_live(make_person(1, 5, 5)))
    assert not shown.items("crowdFact")
    assert not [text for text in shown.texts() if "light" in text]


def test_a_place_open_day_and_night_says_so(open_screen, sample):
    shown = open_screen("kiosk", fed=False)
    shown.screen.take_site(sample.model_copy(update={"opens": time(9), "closes": time(9)}))
    assert {"Open day and night", "00:00–24:00"} <= set(shown.texts())


def test_a_screen_speaks_a_language_its_site_offers(open_screen, sample):
    shown = open_screen("kiosk", language=None, fed=False)
    shown.screen.take_site(sample.model_copy(update={"languages": ["zh"]}))
    assert "海港购物中心" in shown.texts()


def test_before_the_first_answer_the_kiosk_promises_nothing(open_screen):
    shown = open_screen("kiosk", fed=False)
    assert shown.screen.facts.site is None
    assert "Touch to begin" not in shown.texts()
    assert "The live view will be here in a moment" in shown.texts()
    shown.tap(shown.item("attractPage"))
    assert shown.model.property("page") == "attract"


def test_layout_mirrors_for_right_to_left_scripts(open_screen, assets, tmp_path):
    (tmp_path / "promenade_ar.qm").write_bytes((assets / "i18n/promenade_zh.qm").read_bytes())
    shown = open_screen("kiosk", (1080, 1920), "en", translations=tmp_path)

    def middle(name):
        item = shown.item(name)
        return item.mapRectToScene(item.boundingRect()).center().x()

    before = {name: middle(name) for name in ("clock", "crowdFact", "hoursFact")}
    assert before["crowdFact"] < before["hoursFact"] < before["clock"] + 200
    shown.screen.tongue.choose("ar")
    shown.picture()
    assert middle("clock") == pytest.approx(1080 - before["clock"], abs=40)
    assert middle("crowdFact") > middle("hoursFact")


def test_few_visitors_are_not_told_and_an_unwatched_floor_is_not_called_quiet(open_screen):
    shown = open_screen("kiosk")
    shown.screen.facts.show_counts(shown.screen.facts._counts.model_copy(update={"entered": 4}))
    assert not shown.items("visitorsFact")
    assert shown.items("crowdFact")
    shown.screen.facts.show_live(shown.screen._live, watching=False)
    assert not shown.items("crowdFact")
