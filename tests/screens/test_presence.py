import pytest
from PySide6.QtCore import QEvent

from edge_core.clock import ManualClock
from edge_core.qt.approach import ApproachWatch
from edge_core.qt.idle import Presence, Stage


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def presence(qapp, clock):
    return Presence(clock)


def later(presence, clock, seconds):
    clock.advance_ns(round(seconds * 1e9))
    presence.tick()


def test_sleeps_when_nobody_is_there_and_wakes_at_a_touch(presence, clock):
    later(presence, clock, 39)
    assert presence.stage == Stage.AWAKE
    later(presence, clock, 2)
    assert presence.stage == Stage.ASLEEP
    presence.touched()
    assert presence.stage == Stage.AWAKE


def test_asks_after_45_seconds_and_wipes_after_60(presence, clock, qtbot):
    presence.begin()
    later(presence, clock, 44)
    assert presence.stage == Stage.IN_USE
    later(presence, clock, 1)
    assert presence.stage == Stage.ASKING
    assert presence.secondsLeft == 15
    with qtbot.waitSignal(presence.sessionEnded, timeout=1000):
        later(presence, clock, 15)
    assert presence.stage == Stage.AWAKE


def test_an_answer_keeps_the_session(presence, clock):
    presence.begin()
    later(presence, clock, 50)
    presence.touched()
    assert presence.stage == Stage.IN_USE
    later(presence, clock, 44)
    assert presence.stage == Stage.IN_USE


def test_sees_input_wherever_it_lands(presence, clock, qapp):
    presence.begin()
    later(presence, clock, 50)
    assert presence.eventFilter(qapp, QEvent(QEvent.Type.TouchBegin)) is False
    assert presence.stage == Stage.IN_USE


def test_forgotten_session_asks_and_goes_home(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    shown.wait(46)
    qtbot.waitUntil(lambda: bool(shown.items("stillThere")))
    assert "Still there?" in shown.texts()
    shown.wait(15)
    qtbot.waitUntil(lambda: bool(shown.items("attractPage")) and not shown.items("welcomePage"))


def test_still_here_closes_the_question(open_screen, qtbot):
    shown = open_screen("kiosk")
    shown.tap(shown.item("beginArea"))
    shown.wait(46)
    qtbot.waitUntil(lambda: bool(shown.items("stillHere")))
    shown.tap(shown.item("stillHere"))
    qtbot.waitUntil(lambda: not shown.items("stillThere"))
    assert shown.items("welcomePage")


def test_asleep_the_page_dims_and_nothing_moves(open_screen, qtbot):
    shown = open_screen("kiosk")
    assert shown.screen.people.property("running")
    shown.wait(50)
    qtbot.waitUntil(lambda: bool(shown.items("dim")))
    assert not shown.screen.people.property("running")


def test_somebody_who_slows_down_before_the_kiosk_wakes_it(open_screen, make_live, make_person):
    shown = open_screen("kiosk")
    shown.wait(50)
    for step in range(4):
        shown.screen.take_live(make_live(make_person(9, 31, 20, speed=1.3), seconds=step / 5))
    assert shown.screen.attention.stage == Stage.ASLEEP, "walking past wakes nobody"
    for step in range(4, 8):
        shown.screen.take_live(make_live(make_person(9, 31.5, 20, speed=0.3), seconds=step / 5))
    assert shown.screen.attention.stage == Stage.AWAKE


@pytest.mark.parametrize(
    ("x", "y", "zone", "approached"),
    [
        (31, 20, True, True),
        (31, 17, True, False),
        (31.5, 19.5, False, True),
        (31.5, 18.5, False, False),
    ],
    ids=["in the zone", "beyond the zone", "within 2.5 m", "beyond 2.5 m"],
)
def test_reach_is_the_drawn_zone_or_two_and_a_half_metres(
    sample, make_live, make_person, x, y, zone, approached
):
    zones = [z for z in sample.zones if zone or z.kind != "reach"]
    watch = ApproachWatch()
    watch.place(sample.model_copy(update={"zones": zones}), sample.screens[0])
    for step in range(3):
        watch.see(make_live(make_person(1, x, y), seconds=step / 5))
    assert bool(watch.within) == approached
    assert watch.approached == approached


def test_speed_is_taken_from_places_when_the_service_gives_none(sample, make_live, make_person):
    watch = ApproachWatch()
    watch.place(sample, sample.screens[0])
    for step in range(6):
        still = make_person(1, 31, 20).model_copy(update={"velocity_m_s": None})
        watch.see(make_live(still, seconds=step / 5))
    assert watch.approached
    for step in range(6, 9):
        fast = make_person(1, 30 + (step - 6) * 0.4, 20).model_copy(update={"velocity_m_s": None})
        watch.see(make_live(fast, seconds=step / 5))
    assert not watch.approached
