"""At the kiosk as a visitor uses it: touches on the real window, against the mall's core process.

Vision alone is played: tests say who stands where, and what is made of them.
"""

import importlib.util
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import AFTERNOON
from mall_core import ADULT, AT_KIOSK, BESIDE, CHILD, MALL, MallCore
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAccessible
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.clock import ManualClock
from edge_core.qt.link import ServiceLink
from edge_core.types import EventKind

UPRIGHT, LYING = (1080, 1920), (1920, 1080)
FAR = (39.5, 29.0)
BROWSER = Path(__file__).parents[1] / "integration" / "dashboard" / "browser.py"
_EDGE_PX = 32
"""No control comes nearer to the window's sides; page margins are twice that."""
EVERYWHERE = pytest.mark.parametrize(
    ("size", "language"),
    [(UPRIGHT, "en"), (LYING, "en"), (UPRIGHT, "zh"), (LYING, "zh")],
    ids=["upright-en", "lying-en", "upright-zh", "lying-zh"],
)
WORDS = {
    "en": {"why": "Why: ", "several": "Several people are here", "still": "Still there?",
           "forgotten": "You have been forgotten.", "child": "no estimate is used of young"},
    "zh": {"why": "理由：", "several": "好几位顾客", "still": "您还在吗？",
           "forgotten": "您已被忘记。", "child": "年轻顾客"},
}  # fmt: skip
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def mall(tmp_path_factory) -> Iterator[MallCore]:
    # Tomorrow's: by the clock of the till's command its coupons are not over.
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    afternoon = datetime.combine(tomorrow, AFTERNOON.timetz())
    wall = ManualClock(wall_ns=round(afternoon.timestamp() * 1e9))
    mall = MallCore(tmp_path_factory.mktemp("mall"), wall)
    yield mall
    mall.close()


@pytest.fixture
def visit(mall, open_screen):
    """A kiosk before which somebody stands, another walking further off."""
    links = []

    def start(size=UPRIGHT, language="en", traits=ADULT):
        mall.vision.show((AT_KIOSK, traits), (FAR, None))
        at = open_screen("kiosk", size, language, fed=False)
        links.append(ServiceLink(mall.url))
        at.screen.follow(links[-1])
        links[-1].start()
        at.until(lambda: at.screen.shows_live and at.screen.stores.stores)
        at.until(lambda: len(at.screen.within_reach) == 1 and len(list(mall.numbers())) == 2)
        at.touch("beginArea")
        return at

    yield start
    for link in links:
        link.stop()


def says(at, *words):
    at.until(lambda: all(any(word in text for text in at.texts()) for word in words))


def page(at, name):
    at.until(lambda: at.items(name) and not at.item("pages").property("busy"))


def ideas_by_sight(at):
    at.touch("doorIdeas")
    page(at, "ideasPage")
    at.until(lambda: at.item("useSeen").isEnabled())
    at.touch("useSeen")
    at.until(lambda: shown(at) and at.model.ideas.property("personal"))


def shown(at):
    """Ids of the stores suggested, best first."""
    at.until(lambda: at.model.ideas.property("state") == "shown")
    return [row.store_id for row in at.model.ideas.rows.rows]


@EVERYWHERE
def test_ideas_say_why_and_are_corrected_and_end_at_once_when_somebody_joins(
    mall, visit, size, language
):
    at, words = visit(size, language), WORDS[language]
    ideas_by_sight(at)
    at.until(lambda: [words["why"] in text for text in texts_of(at, "why")].count(True) > 3)
    assert "like-you" in codes_of(at)
    first = shown(at)[0]
    at.touch("notForMe")
    at.until(lambda: first not in shown(at))
    at.touch("look-books")
    at.until(lambda: kind(at, shown(at)[0]) == "books")
    mall.vision.join(BESIDE)
    says(at, words["several"])
    at.until(lambda: shown(at) and not at.model.ideas.property("personal"))
    assert not codes_of(at) & {"like-you", "like-visited"}
    mall.vision.leave(2)
    at.until(lambda: at.model.ideas.property("personal") and not at.items("whyNot"))
    at.touch("finish")
    page(at, "attractPage")


def test_ideas_are_made_anew_when_an_estimate_arrives_but_never_under_a_finger(mall, visit):
    at = visit(traits=None)
    ideas_by_sight(at)
    assert "like-you" not in codes_of(at)
    assert not at.model.ideas.property("renewed")
    mall.vision.estimate(0, ADULT)
    at.until(lambda: "like-you" in codes_of(at))
    says(at, "Made anew by what this screen now sees")
    at.touch("chooseAgain")
    at.touch("finish")
    page(at, "attractPage")

    mall.vision.show((AT_KIOSK, None), (FAR, None))
    at.until(lambda: len(at.screen.within_reach) == 1 and len(list(mall.numbers())) == 2)
    at.touch("beginArea")
    ideas_by_sight(at)
    refused = shown(at)[0]
    at.touch("notForMe")
    at.until(lambda: refused not in shown(at))
    touched = shown(at)
    mall.vision.estimate(0, ADULT)
    at.until(lambda: at.items("newerIdeas"))
    assert shown(at) == touched
    assert "like-you" not in codes_of(at)
    at.touch("newerIdeas")
    at.until(lambda: "like-you" in codes_of(at))
    assert refused not in shown(at)
    assert not at.items("newerIdeas")


def codes_of(at):
    return {reason["code"] for row in at.model.ideas.rows.rows for reason in row.reasons}


def texts_of(at, name):
    return [str(item.property("text")) for item in at.items(name)]


def kind(at, store_id):
    return next(it.category for it in at.screen.stores.stores if it.id == store_id)


def test_who_may_be_a_child_gets_ideas_for_everybody(visit):
    at = visit(traits=CHILD)
    at.touch("doorIdeas")
    page(at, "ideasPage")
    at.until(lambda: at.item("useSeen").isEnabled())
    at.touch("useSeen")
    says(at, WORDS["en"]["child"])
    assert shown(at)
    assert not at.model.ideas.property("personal")
    at.touch("openSees")
    page(at, "seesPage")
    at.until(lambda: "no estimate" in at.item("usedNothing").property("text"))
    assert not at.items("estimate")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_site_has_switched_off_is_said_and_not_offered(
    open_screen, sample, make_person, make_live, language
):
    at = open_screen(language=language)
    at.screen.take_link("live")
    at.touch("beginArea")
    at.touch("doorIdeas")
    off = ["personal-suggestions", "returning-visitors", "across-cameras"]
    at.screen.take_site(sample.model_copy(update={"off": off}))
    assert not at.items("useSeen")
    assert at.items("chooseMyself")
    assert at.items("noThanks")
    says(at, {"en": "Would you like to tap what you like?", "zh": "想点选您喜欢的吗"}[language])
    at.touch("openSees")
    page(at, "seesPage")
    says(at, {"en": "Camera Hall end", "zh": "摄像头 大厅尽头"}[language])
    said = {"en": "switched off here", "zh": "此处已关闭"}[language]
    assert said in at.item("usedNothing").property("text")
    assert sum(said in text for text in at.texts()) == 2  # recognising too
    at.screen.take_site(sample.model_copy(update={"attributes": ["age", "gender"]}))
    assert said not in "".join(at.texts())
    at.touch("back")
    at.until(lambda: at.items("useSeen"))


def test_no_thanks_is_served_as_well_and_interests_need_no_camera(mall, visit):
    at = visit()
    at.touch("doorIdeas")
    at.touch("noThanks")
    assert len(shown(at)) == 6
    assert not at.model.ideas.property("personal")
    assert ("kiosk-choice-1/estimates/en", "no-thanks") in mall.choices()
    until_coupon(at, "noThanks")
    at.touch("chooseAgain")
    mall.vision.show()
    at.until(lambda: not at.item("useSeen").isEnabled())
    at.touch("chooseMyself")
    at.until(lambda: not at.item("showChosen").isEnabled())
    at.touch("interest-books")
    at.touch("interest-cafe")
    at.touch("showChosen")
    at.until(lambda: {kind(at, it) for it in shown(at)[:3]} <= {"books", "cafe"})
    says(at, "you chose ")
    assert all(row.reasons[0]["code"] == "interest" for row in at.model.ideas.rows.rows[:3])


def until_coupon(at, choice):
    """A few are held out of coupons; they may choose again like everybody."""
    for _ in range(8):
        shown(at)
        at.until(lambda: at.model._visit.view is not None)
        at.qtbot.wait(1)
        try:
            at.until(lambda: at.items("coupon"), 4000)
        except Exception:  # noqa: BLE001 - held out
            at.touch("chooseAgain")
            at.touch(choice)
        else:
            return
    raise AssertionError("held out eight times")


def code_taken_home(at):
    """The text of the code on the screen, with a coupon in it."""
    at.touch("doorIdeas")
    at.touch("noThanks")
    until_coupon(at, "noThanks")
    at.touch("takeIdeas")
    page(at, "takeHomePage")
    at.until(lambda: at.items("qr"))
    code = at.item("qr")
    text = code.property("text")
    assert text.startswith("PROMENADE1 linden-court")
    assert 20 < code.property("modules") <= 77
    assert at.model.takeHome.property("couponTitle") in text
    return text


def site_of(mall, folder):
    """The mall's files as the till's commands want them."""
    for name in ("site.toml", "directory.toml", "offers.toml"):
        shutil.copy(MALL / name, folder / name)
    shutil.copy(mall.folder / "coupons.key", folder / "coupons.key")
    return str(folder / "site.toml")


@EVERYWHERE
def test_a_coupon_taken_home_is_good_once(mall, visit, tmp_path, size, language):
    text = code_taken_home(visit(size, language))
    command = ["verify-coupon", "-", "--till", "1", "--url", mall.url]
    command += ["--site", site_of(mall, tmp_path)]
    first, second = (CliRunner().invoke(app, command, input=text) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 1), first.output + second.output
    assert "Take it" in first.output
    assert "was used" in second.output
    told = mall.core.ledger.newest_of(EventKind.REDEMPTION, 1)
    assert told[0].event.data["nonce"] in text


def test_a_till_without_a_network_takes_the_screens_own_code_once(mall, visit, tmp_path):
    spec = importlib.util.spec_from_file_location("browser", BROWSER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    text = code_taken_home(visit(UPRIGHT, "zh"))
    till = tmp_path / "till.html"
    done = CliRunner().invoke(
        app, ["till", "page", "--site", site_of(mall, tmp_path), "--out", str(till)]
    )
    assert done.exit_code == 0, done.output
    browser = module.Browser(tmp_path / "profile", (900, 1143))
    try:
        browser.open(f"file://{till}")
        browser.wait_for("document.getElementById('verdict').textContent !== ''")
        told = [scanned(browser, text) for _ in range(2)]
    finally:
        browser.close()
    assert told == [["good", None], ["bad", "used"]]


def scanned(browser, text):
    """Type as a scanner does; what the till's page answers."""
    browser.run("document.getElementById('result').className = ''")
    browser.run(
        "const box = document.getElementById('code'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('input'));",
        text,
    )
    browser.wait_for("document.getElementById('result').className !== ''")
    return browser.run(
        "const box = document.getElementById('result');"
        "return [box.className, box.dataset.refusal || null];"
    )


@EVERYWHERE
def test_forget_me_leaves_nothing_and_says_so(mall, visit, size, language):
    at = visit(size, language)
    ideas_by_sight(at)
    (number,) = at.screen.within_reach
    session = at.model._visit.view.session
    at.touch("openSees")
    page(at, "seesPage")
    at.until(
        lambda: sorted(it[4] for it in at.item("figureView").property("figures")) == [False, True]
    )
    at.until(lambda: len(at.items("estimate")) == 5)
    at.touch("forgetMe")
    says(at, WORDS[language]["forgotten"])
    assert len(at.items("deleted")) == 4
    sees = at.model.sees
    assert (sees.property("people"), sees.property("visits")) == (1, 1)
    assert sees.property("appearances") >= 1
    assert sees.property("receipt") in at.item("receiptNumber").property("text")
    assert number not in list(mall.numbers())
    linker, suggestions = mall.core._pipeline._linker, mall.core.suggestions
    assert all(visitor.number != number for visitor in linker._visitors.values())
    assert number not in suggestions._notes._people
    assert session not in suggestions._sessions.by_id
    at.until(lambda: at.screen.within_reach and number not in at.screen.within_reach)
    assert at.model._visit.view is None
    at.touch("back")
    page(at, "ideasPage")
    assert at.items("useSeen")
    assert not at.model.ideas.rows.rows


def test_stop_ends_the_use_and_keeps_the_visitor_here(mall, visit):
    at = visit()
    ideas_by_sight(at)
    session = at.model._visit.view.session
    at.touch("openSees")
    page(at, "seesPage")
    at.until(lambda: at.items("estimate"))
    at.touch("stopUsing")
    at.until(lambda: not at.items("estimate") and at.items("usedNothing"))
    at.until(lambda: session not in mall.core.suggestions._sessions.by_id)
    assert not at.items("stopUsing")


@pytest.mark.parametrize("where", ["ideas", "sees", "takeHome"])
def test_who_walks_away_is_asked_and_wiped(mall, visit, where):
    at = visit()
    ideas_by_sight(at)
    session = at.model._visit.view.session
    if where == "sees":
        at.touch("openSees")
    elif where == "takeHome":
        at.touch("takeIdeas")
        at.until(lambda: at.items("qr"))
    page(at, f"{where}Page")
    mall.vision.leave(0)
    at.wait(46)
    says(at, WORDS["en"]["still"])
    at.touch("stillHere")
    at.until(lambda: not at.items("stillThere"))
    at.wait(46)
    says(at, WORDS["en"]["still"])
    at.wait(15)
    page(at, "attractPage")
    assert at.model._visit.view is None
    assert not at.model.ideas.rows.rows
    assert not at.model.ideas.property("couponTitle")
    assert at.model.takeHome.property("text") == ""
    assert not at.model.sees.property("figures")
    at.until(lambda: session not in mall.core.suggestions._sessions.by_id)


def test_what_is_personal_goes_when_the_person_does(mall, visit):
    """Before any timer: the service says that nobody, or somebody else, stands there."""
    at = visit()
    ideas_by_sight(at)
    mall.vision.leave(0)
    says(at, "sees nobody here now")
    mall.vision.join(AT_KIOSK, ADULT)
    says(at, "cannot tell that it is still you")
    assert not at.model.ideas.property("personal")


def test_a_way_is_taken_along_without_any_choice(mall, visit):
    at = visit()
    at.touch("doorStores")
    for sign in "lantren":
        at.touch(f"key-{sign}")
    at.touch("store-books")
    at.touch("takeMeThere")
    at.until(lambda: at.model.way.property("state") == "found")
    at.touch("mode-step-free")
    at.touch("takeRoute")
    page(at, "takeHomePage")
    at.until(lambda: at.items("qr"))
    text = at.item("qr").property("text")
    assert "Paper Lantern Books, Ground floor" in text
    assert not mall.core.suggestions._sessions.by_id[at.model._visit.view.session].chose


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
@pytest.mark.parametrize("comfort", ["", "largeText", "withinReach"])
def test_every_control_has_a_name_and_room_for_a_finger(visit, size, comfort):
    at = visit(size)
    if comfort:
        at.screen.comfort.toggle(comfort)
    page(at, "welcomePage")
    check(at, "welcome")
    at.touch("doorIdeas")
    page(at, "ideasPage")
    check(at, "choice")
    at.touch("chooseMyself")
    check(at, "interests")
    at.touch("interest-books")
    at.touch("showChosen")
    shown(at)
    check(at, "ideas")
    at.touch("takeIdeas")
    page(at, "takeHomePage")
    at.until(lambda: at.items("qr"))
    at.item("coupon").setProperty("title", "20 % off everything that hangs in the window " * 3)
    check(at, "take home")
    at.touch("openSees")
    page(at, "seesPage")
    check(at, "sees")
    at.touch("forgetMe")
    at.until(lambda: at.items("receipt"))
    check(at, "receipt")


def check(at, where):
    at.until(lambda: not at.item("pages").property("busy"))
    at.picture()
    controls = [it for it in at.everything() if it.inherits("QQuickAbstractButton")]
    assert len(controls) > 4
    for control in controls:
        name = f"{where}: {control.objectName()}"
        told = QAccessible.queryAccessibleInterface(control)
        assert told.text(QAccessible.Text.Name), name
        left, top = control.mapToScene(QPointF(0, 0)).toTuple()
        right, low = control.mapToScene(QPointF(control.width(), control.height())).toTuple()
        assert right - left >= 63.5, name
        assert low - top >= 63.5, name
        if not control.objectName().startswith(("idea-", "notForMe", "look-")):  # these scroll
            assert left >= _EDGE_PX, name
            assert right <= at.window.width() - _EDGE_PX, name
            assert top >= 0, name
            assert low <= at.window.height() + 1, name
