from random import Random

import pytest

from edge_core.identity import VisitorLinker
from edge_core.identity import visitors as visitors_module
from edge_core.types import TrackKey
from edge_core.units import ns_from_s

MIDDLE = (320.0, 250.0)
EDGE = (8.0, 250.0)


@pytest.fixture
def linker(graph) -> VisitorLinker:
    return VisitorLinker({"hall": "ground", "side": "ground"}, Random(1), 600, graph)


def show(linker, observe, track, start_s, seconds, where=MIDDLE, look=None, **more):
    """One track for some seconds, embedded when it begins; returns its visitor at the end."""
    for step in range(round(seconds * 10)):
        looks = {track: look} if look is not None and step in (2, 15) else {}
        seen = observe(start_s + step / 10, {track: where}, looks=looks, **more)
        linked = linker.ingest(seen)
    return linked.visitor[0]


def test_a_flicker_is_no_visitor(linker, observe):
    show(linker, observe, 1, 0, 0.5)
    show(linker, observe, 2, 5, 3, score=0.3)
    assert (linker.tracks, linker.people) == (2, 0)
    show(linker, observe, 3, 20, 1)
    assert (linker.tracks, linker.people) == (3, 1)


def test_a_second_box_round_one_person_is_no_visitor_until_it_walks_away(linker, observe):
    for step in range(20):
        linker.ingest(observe(step / 10, {1: MIDDLE, 2: (328.0, 254.0)}))
    assert (linker.tracks, linker.people) == (2, 1)
    for step in range(10):
        linker.ingest(observe(2 + step / 10, {1: MIDDLE, 2: (360.0, 254.0)}))
    assert linker.people == 2


def test_somebody_standing_still_is_a_visitor(linker, observe):
    show(linker, observe, 1, 0, 20)
    assert linker.people == 1


def test_a_mannequin_is_taken_back_after_a_while_even_if_its_track_breaks(linker, observe, look):
    show(linker, observe, 1, 0, 10, look=look(3))
    assert linker.people == 1
    assert show(linker, observe, 2, 12, 25, look=look(3)) == 0
    assert linker.people == 0


def test_somebody_passing_in_front_does_not_bring_a_mannequin_to_life(linker, observe):
    show(linker, observe, 1, 0, 20)
    show(linker, observe, 1, 20, 0.3, where=(360.0, 250.0))
    show(linker, observe, 1, 20.3, 15)
    assert linker.people == 0


def test_somebody_who_stood_like_a_statue_and_walks_away_is_a_visitor(linker, observe):
    show(linker, observe, 1, 0, 40)
    assert linker.people == 0
    for step in range(20):
        linker.ingest(observe(40 + step / 10, {1: (320.0 + 5 * step, 250.0)}))
    assert linker.people == 1


def test_a_track_broken_inside_the_picture_goes_on_as_the_same_visitor(linker, observe, look):
    first = show(linker, observe, 1, 0, 2, look=look(5))
    second = show(linker, observe, 2, 3, 2, look=look(5, 0.8))
    assert first == second
    assert (linker.tracks, linker.people) == (2, 1)


def test_the_broken_track_and_its_continuation_are_told_to_whoever_counts(linker, observe, look):
    show(linker, observe, 1, 0, 2, look=look(5))
    told = []
    for step in range(10):
        looks = {2: look(5)} if step == 2 else {}
        told += linker.ingest(observe(3 + step / 10, {2: MIDDLE}, looks=looks)).continued
    assert told == [(TrackKey("door", 7, 1), TrackKey("door", 7, 2))]


def test_somebody_of_another_look_at_the_same_place_is_another_visitor(linker, observe, look):
    show(linker, observe, 1, 0, 2, look=look(5))
    show(linker, observe, 2, 3, 2, look=look(6))
    assert linker.people == 2


def test_whoever_comes_in_where_somebody_left_must_look_more_alike(linker, observe, look):
    show(linker, observe, 1, 0, 2, EDGE, look(5))
    show(linker, observe, 2, 3.5, 2, EDGE, look(5, 0.65))
    assert linker.people == 2
    show(linker, observe, 3, 20, 2, look=look(8))
    show(linker, observe, 4, 23.5, 2, look=look(8, 0.65))
    assert linker.people == 3, "inside the picture that likeness is enough"


def test_two_tracks_at_once_in_one_camera_are_never_one_visitor(linker, observe, look):
    for step in range(30):
        twins = {1: look(5), 2: look(5)} if step % 10 == 2 else {}
        places = {1: MIDDLE, 2: (350.0, 250.0)}
        linked = linker.ingest(observe(step / 10, places, looks=twins))
    assert linked.visitor[0] != linked.visitor[1]
    assert linker.people == 2


def test_a_lost_track_that_comes_back_beside_its_successor_is_somebody_else(linker, observe, look):
    first = show(linker, observe, 1, 0, 2, look=look(5))
    assert show(linker, observe, 2, 2.5, 2, look=look(5, 0.9)) == first
    for step in range(10):
        linked = linker.ingest(observe(4.5 + step / 10, {1: MIDDLE, 2: (400.0, 250.0)}))
    assert linked.visitor[0] == first != linked.visitor[1]
    assert linker.people == 2


@pytest.mark.parametrize(("likeness", "people"), [(0.95, 1), (0.8, 2)])
def test_coming_back_minutes_later_counts_once_only_on_strict_evidence(
    linker, observe, look, likeness, people
):
    show(linker, observe, 1, 0, 2, EDGE, look(5))
    show(linker, observe, 2, 10, 2, EDGE, look(6))
    show(linker, observe, 3, 200, 2, EDGE, look(5, likeness))
    assert linker.people == people + 1


def test_of_two_known_look_alikes_neither_is_taken_for_one_who_comes_back(linker, observe, look):
    uniform = {11: look(7, 0.97, pose=1), 12: look(7, 0.97, pose=2)}
    for step in range(20):
        looks = uniform if step == 2 else {}
        linker.ingest(observe(200 + step / 10, {11: MIDDLE, 12: (450.0, 250.0)}, looks=looks))
    before = linker.people
    show(linker, observe, 13, 300, 2, look=look(7))
    assert linker.people == before + 1


def test_appearances_are_forgotten_after_their_time_to_live(linker, observe, look):
    show(linker, observe, 1, 0, 2, look=look(5))
    show(linker, observe, 2, 700, 2, look=look(5))
    assert linker.people == 2, "the first is forgotten yet still counted"


def test_nobody_is_remembered_because_the_cameras_fell_silent(linker, observe, look):
    visitor = show(linker, observe, 1, 0, 2, look=look(5))
    linker.forget(ns_from_s(500))
    assert linker.visitor(visitor).tracks
    linker.forget(ns_from_s(700))
    assert list(linker.live()) == []
    with pytest.raises(KeyError):
        linker.visitor(visitor)
    assert linker.people == 1


def test_the_gallery_is_bounded_and_forgetting_does_not_uncount(linker, observe, monkeypatch):
    monkeypatch.setattr(visitors_module, "MAXIMUM_VISITORS", 5)
    for person in range(20):
        show(linker, observe, person + 1, person * 20, 1)
    assert linker.people == 20
    assert len(list(linker.live())) == 1


def test_a_new_life_of_the_vision_process_goes_on_with_the_same_visitor(linker, observe, look):
    first = show(linker, observe, 1, 0, 2, look=look(5), epoch=7)
    assert show(linker, observe, 1, 3, 2, look=look(5), epoch=8) == first
    assert len(list(linker.live())) == 1


def both(linker, observe, start_s, seconds, apart_m, drift_m_s=0.0):
    """One walker in the hall camera, one in the side camera, side by side."""
    for step in range(round(seconds * 10)):
        time_s = start_s + step / 10
        x = 1 + 1.0 * time_s
        y = 2 + apart_m + drift_m_s * (time_s - start_s)
        for camera, place in (("hall", (x, 2.0)), ("side", (x, y))):
            seen = observe(time_s, {1: MIDDLE}, floor_m={1: place}, camera_id=camera)
            linker.ingest(seen)


def test_one_person_seen_by_two_cameras_is_one_visitor(linker, observe):
    both(linker, observe, 0, 3, apart_m=0.3)
    assert (linker.tracks, linker.people) == (2, 1)


@pytest.mark.parametrize(("reappears_at_m", "people"), [(6.0, 1), (14.0, 2)])
def test_a_walker_handed_over_between_cameras_of_a_floor_is_one_visitor(
    linker, observe, look, reappears_at_m, people
):
    """The second camera sees somebody from another side, so likeness is modest: place decides."""

    def walk(camera, start_s, start_m, seen_as):
        for step in range(20):
            place = {1: (start_m + step / 10, 2.0)}
            looks = {1: seen_as} if step in (2, 12) else {}
            time_s = start_s + step / 10
            seen = observe(time_s, {1: MIDDLE}, floor_m=place, looks=looks, camera_id=camera)
            linker.ingest(seen)

    walk("hall", 0, 2.0, look(5))
    walk("side", 4, reappears_at_m, look(5, 0.55))
    assert linker.people == people


def test_two_people_a_metre_apart_in_two_cameras_are_two_visitors(linker, observe):
    both(linker, observe, 0, 3, apart_m=1.0)
    assert linker.people == 2


def test_people_who_turn_out_to_walk_apart_are_two_after_all(linker, observe):
    both(linker, observe, 0, 2, apart_m=0.5)
    assert linker.people == 1
    both(linker, observe, 2, 5, apart_m=0.5, drift_m_s=0.6)
    assert linker.people == 2


def test_passing_each_other_does_not_join_people(linker, observe):
    for step in range(40):
        time_s = step / 10
        for camera, x in (("hall", 1 + time_s * 1.2), ("side", 6 - time_s * 1.2)):
            linker.ingest(observe(time_s, {1: MIDDLE}, floor_m={1: (x, 2.0)}, camera_id=camera))
    assert linker.people == 2


def people_of(graph, observe, happens, **off):
    linker = VisitorLinker({"hall": "ground", "side": "ground"}, Random(1), 600, graph, **off)
    happens(linker, observe)
    linker.finish()
    return linker.people


def test_where_nobody_is_recognised_who_comes_back_is_somebody_new(graph, observe, look):
    def comes_back(linker, observe):
        show(linker, observe, 1, 0, 2, EDGE, look(5))
        show(linker, observe, 2, 200, 2, EDGE, look(5, 0.95))

    assert people_of(graph, observe, comes_back) == 1
    assert people_of(graph, observe, comes_back, returning=False) == 2

    def breaks_off(linker, observe):
        show(linker, observe, 1, 0, 2, look=look(5))
        show(linker, observe, 2, 3, 2, look=look(5, 0.8))

    assert people_of(graph, observe, breaks_off, returning=False) == 1


def test_where_nobody_is_recognised_across_cameras_each_counts_their_own(graph, observe, look):
    def walks_over(linker, observe):
        for camera, start_s, start_m, seen_as in (
            ("hall", 0, 2.0, look(5)), ("side", 4, 6.0, look(5, 0.55)),
        ):  # fmt: skip
            for step in range(20):
                linker.ingest(
                    observe(
                        start_s + step / 10, {1: MIDDLE}, camera_id=camera,
                        floor_m={1: (start_m + step / 10, 2.0)},
                        looks={1: seen_as} if step in (2, 12) else {},
                    )
                )  # fmt: skip

    assert people_of(graph, observe, walks_over) == 1
    assert people_of(graph, observe, walks_over, across=False) == 2

    def stands_where_both_look(linker, observe):
        both(linker, observe, 0, 3, apart_m=0.3)

    assert people_of(graph, observe, stands_where_both_look, across=False, returning=False) == 1
