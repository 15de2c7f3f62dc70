from random import Random

import pytest

from edge_core.identity import LivePeople, VisitorLinker
from edge_core.units import ns_from_s

MIDDLE = (320.0, 250.0)


@pytest.fixture
def linker(graph) -> VisitorLinker:
    return VisitorLinker({"hall": "ground", "side": "ground"}, Random(1), 600, graph)


@pytest.fixture
def live(linker) -> LivePeople:
    return LivePeople(linker, lambda floor, point: (f"{floor}-east",) if point[0] > 3 else ())


def walk(linker, observe, seconds=2.0, cameras=("hall", "side")):
    for step in range(round(seconds * 10)):
        for camera in cameras:
            place = {1: (2 + step / 10, 2.0)}
            linker.ingest(observe(step / 10, {1: MIDDLE}, floor_m=place, camera_id=camera))


def test_somebody_in_two_cameras_is_shown_once_with_place_velocity_and_zone(linker, live, observe):
    walk(linker, observe)
    snapshot = live.snapshot(ns_from_s(1.9), 5, 7)
    assert (snapshot.utc_ns, snapshot.received_mono_ns) == (5, 7)
    (person,) = snapshot.people
    assert person.floor_m == pytest.approx((3.9, 2.0), abs=0.1)
    assert person.velocity_m_s == pytest.approx((1.0, 0.0), abs=0.2)
    assert person.zone_ids == ("ground-east",)
    assert person.box == pytest.approx((300 / 640, 150 / 360, 340 / 640, 250 / 360))


def test_somebody_unseen_for_longer_than_a_moment_is_not_shown(linker, live, observe):
    walk(linker, observe)
    assert len(live.snapshot(ns_from_s(3.3), 0, 0).people) == 1
    assert live.snapshot(ns_from_s(3.5), 0, 0).people == ()


def test_a_second_box_round_one_person_is_not_shown(linker, live, observe):
    for step in range(20):
        linker.ingest(observe(step / 10, {1: MIDDLE, 2: (328.0, 254.0)}))
    assert len(live.snapshot(ns_from_s(1.9), 0, 0).people) == 1


def test_a_mannequin_is_shown_for_a_while_only(linker, live, observe):
    for second in range(40):
        linker.ingest(observe(second, {1: MIDDLE}))
        shown = len(live.snapshot(ns_from_s(second), 0, 0).people)
        assert shown == (1 if second < 30 else 0)


def test_a_camera_without_calibration_shows_people_without_a_place(linker, live, observe):
    for step in range(5):
        linker.ingest(observe(step / 10, {1: (-5.0, 250.0)}, camera_id="door"))
    (person,) = live.snapshot(ns_from_s(0.4), 0, 0).people
    assert (person.floor_id, person.floor_m, person.zone_ids) == ("", None, ())
    assert person.box[0] == 0.0, "shares of the frame stay within it"


def test_numbers_are_random_not_track_ids_and_last_as_long_as_the_visitor(linker, live, observe):
    places = {1: MIDDLE, 2: (400.0, 250.0), 3: (500.0, 250.0)}
    linker.ingest(observe(0, places))
    first = {person.number for person in live.snapshot(0, 0, 0).people}
    linker.ingest(observe(0.1, places))
    again = {person.number for person in live.snapshot(ns_from_s(0.1), 0, 0).people}
    assert first == again
    assert len(first) == 3
    assert not first & set(places)
