from collections.abc import Callable, Sequence
from itertools import pairwise
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics import Crossing, LineCounter
from edge_core.config.zones import LineConfig
from edge_core.types import Event, Observation, TrackKey

Walk = Sequence[tuple[float, float]]
Observe = Callable[..., Observation]


def line(start: tuple[float, float] = (2, 5), end: tuple[float, float] = (6, 5)) -> LineConfig:
    return LineConfig(id="main", name="Main door", camera="door", start_m=start, end_m=end)


def told(crossings: Sequence[Crossing]) -> list[Event]:
    return [crossing.event for crossing in crossings]


def walk(observe: Observe, counter: LineCounter, points: Walk, track: int = 1) -> list[Event]:
    events = []
    for step, point in enumerate(points):
        events += told(counter.ingest(observe(step / 10, {track: point})))
    return events


def steps(start: tuple[float, float], end: tuple[float, float], count: int = 20) -> Walk:
    """Evenly spaced points, both ends included."""
    return [
        tuple(a + (b - a) * i / (count - 1) for a, b in zip(start, end, strict=True))
        for i in range(count)
    ]


# The plan is drawn with y down the page, like a map with north up.
#
#        north (y = 4)             Walking the line eastwards, from start to end, the left hand
#   start (2,5) ----> end (6,5)    points north and the right hand south: going south is "in".
#        south (y = 6)
@pytest.mark.parametrize(
    ("start", "end", "path", "direction"),
    [
        ((2, 5), (6, 5), ((4, 4), (4, 6)), "in"),
        ((2, 5), (6, 5), ((4, 6), (4, 4)), "out"),
        ((6, 5), (2, 5), ((4, 4), (4, 6)), "out"),
        ((4, 3), (4, 7), ((5, 5), (3, 5)), "in"),
        ((4, 3), (4, 7), ((3, 5), (5, 5)), "out"),
        ((2, 2), (6, 6), ((5, 3), (3, 5)), "in"),
    ],
)
def test_direction_is_in_from_the_left_hand_to_the_right(observe, start, end, path, direction):
    events = walk(observe, LineCounter(line(start, end)), steps(*path))
    assert [event.data["direction"] for event in events] == [direction]
    assert events[0].place_id == "main"


def test_a_line_in_the_picture_counts_by_feet_whatever_size_the_frame_has(observe):
    config = LineConfig(
        id="main", name="Main", camera="door",
        start_px=(0, 540), end_px=(1920, 540), picture_px=(1920, 1080),
    )  # fmt: skip
    counter = LineCounter(config)
    events = []
    for step, (x, y) in enumerate(steps((300, 140), (300, 220))):
        seen = observe(step / 10, {1: (nan, nan)}, px={1: (x, y)}, size_px=(640, 360))
        events += told(counter.ingest(seen))
    assert [event.data["direction"] for event in events] == ["in"]


def test_going_in_and_out_and_in_again_counts_three_times_with_different_keys(observe):
    there, back = steps((4, 4), (4, 6)), steps((4, 6), (4, 4))
    events = walk(observe, LineCounter(line()), [*there, *back, *there])
    assert [event.data["direction"] for event in events] == ["in", "out", "in"]
    assert len({event.key for event in events}) == 3


@given(st.lists(st.floats(-0.149, 0.149), min_size=1, max_size=80))
def test_jitter_on_the_line_never_counts(observe, offsets):
    counter = LineCounter(line())
    points = [(4.0, 4.0 + 0.1 * i) for i in range(9)] + [(4.0, 5 + o) for o in offsets]
    assert walk(observe, counter, points) == []


@given(st.lists(st.floats(-0.149, 0.149), max_size=60))
def test_a_crossing_with_any_jitter_on_the_line_counts_once(observe, offsets):
    points = [
        *steps((4, 4), (4, 4.85), 10),
        *((4.0, 5 + offset) for offset in offsets),
        *steps((4, 5.16), (4, 6), 10),
    ]
    assert len(walk(observe, LineCounter(line()), points)) == 1


def test_passing_beyond_the_ends_does_not_count(observe):
    counter = LineCounter(line())
    assert walk(observe, counter, steps((1.5, 4), (1.5, 6)), track=1) == []
    assert walk(observe, counter, steps((6.5, 6), (6.5, 4)), track=2) == []


def test_walking_round_the_end_and_back_through_the_line_counts_the_way_back_only(observe):
    points = [*steps((4, 4), (1, 4)), *steps((1, 4), (1, 6)), *steps((1, 6), (4, 6)),
              *steps((4, 6), (4, 4))]  # fmt: skip
    events = walk(observe, LineCounter(line()), points)
    assert [event.data["direction"] for event in events] == ["out"]


def test_a_foot_point_that_jumps_over_the_line_and_back_does_not_count(observe):
    still = [(4.0, 4.0)] * 10
    points = [*still, *[(4.0, 7.0)] * 6, *still]
    assert walk(observe, LineCounter(line()), points) == []


def test_a_track_lost_before_the_line_and_found_behind_it_counts(observe):
    counter = LineCounter(line())
    before = [(step / 10, (4.0, 4.0 + step / 20)) for step in range(10)]
    after = [(2.0 + step / 10, (4.0, 5.6 + step / 20)) for step in range(5)]
    events = [
        event
        for time_s, point in [*before, *after]
        for event in told(counter.ingest(observe(time_s, {1: point})))
    ]
    assert [event.data["direction"] for event in events] == ["in"]


def test_unknown_positions_are_ignored(observe):
    points = [*steps((4, 4), (4, 4.8), 8), (nan, nan), (4.0, nan), *steps((4, 5.2), (4, 6), 8)]
    assert len(walk(observe, LineCounter(line()), points)) == 1


def test_a_track_must_have_lived_half_a_second(observe):
    fast = [(4.0, 4.7), (4.0, 5.0), (4.0, 5.3)]
    assert walk(observe, LineCounter(line()), fast) == []
    events = walk(observe, LineCounter(line()), [*fast, *[(4.0, 5.4)] * 4])
    assert len(events) == 1
    assert events[0].mono_ns == round(0.2e9), "it happened when the second line was crossed"


def test_other_cameras_and_former_lives_of_the_vision_process_are_kept_apart(observe):
    counter = LineCounter(line())
    for step, point in enumerate(steps((4, 4), (4, 4.8), 10)):
        counter.ingest(observe(step / 10, {1: point}))
    for step, point in enumerate(steps((4, 5.2), (4, 6), 10)):
        assert counter.ingest(observe(1 + step / 10, {1: point}, epoch=8)) == []
        assert counter.ingest(observe(1 + step / 10, {1: point}, camera_id="hall")) == []


def broken_walk(observe: Observe, counter: LineCounter, before: Walk, after: Walk) -> list[Event]:
    """Track 1 walks and breaks off; track 2 goes on, and half a second later is known to."""
    events = []
    for step, point in enumerate(before):
        events += told(counter.ingest(observe(step / 10, {1: point})))
    for step, point in enumerate(after):
        ended = [1] if step == 0 else []
        events += told(counter.ingest(observe(2 + step / 10, {2: point}, ended=ended)))
        if step == 5:
            events += told(counter.join(TrackKey("door", 7, 1), TrackKey("door", 7, 2)))
    return events


@pytest.mark.parametrize(
    ("before_end_y", "after_start_y"), [(4.7, 5.3), (4.7, 5.05), (4.7, 4.95), (5.1, 5.3)]
)
def test_a_crossing_between_two_tracks_of_one_person_counts_once(
    observe, before_end_y, after_start_y
):
    before = steps((4, 4), (4, before_end_y), 10)
    after = steps((4, after_start_y), (4, after_start_y + 1), 10)
    events = broken_walk(observe, LineCounter(line()), before, after)
    assert [event.data["direction"] for event in events] == ["in"]
    assert "/2/" in events[0].key


def test_a_break_that_crosses_nothing_or_passes_the_lines_end_counts_nothing(observe):
    same_side = (steps((4, 4), (4, 4.4)), steps((4, 4.5), (4, 4.7)))
    round_the_end = (steps((1, 4), (1, 4.7)), steps((1, 5.3), (1, 6)))
    for before, after in (same_side, round_the_end):
        assert broken_walk(observe, LineCounter(line()), before, after) == []


@given(
    turns=st.lists(st.floats(3.0, 7.0), min_size=2, max_size=6),
    start=st.integers(0, 60),
)
def test_replaying_the_end_of_a_recording_gives_no_crossing_a_new_key(observe, turns, start):
    """After a restart the last seconds are seen again: the ledger must recognise every event."""
    points = [p for a, b in pairwise(turns) for p in steps((4, a), (4, b))]
    seen = [observe(step / 10, {1: point}) for step, point in enumerate(points)]
    whole, again = LineCounter(line()), LineCounter(line())
    first = {event.key: event for each in seen for event in told(whole.ingest(each))}
    replayed = {event.key: event for each in seen[start:] for event in told(again.ingest(each))}
    assert replayed.items() <= first.items()


def walk_out_in_two_tracks(
    observe: Observe, counter: LineCounter, back_s: float | None = None
) -> list[Crossing]:
    """Out through the line; track 1 breaks off before it and track 2 begins behind it.

    `back_s`: when track 1 is seen again where it was.
    """
    found: list[Crossing] = []
    for step in range(34):
        at_s = step / 10
        place = (4.0, 6.8 - 0.12 * step)
        seen = {}
        if place[1] > 5.3:
            seen[1] = place
        elif place[1] < 4.7:
            seen[2] = place
        if back_s is not None and at_s >= back_s:
            seen[1] = (4.0, 5.4)
        found += counter.ingest(observe(at_s, seen))
    return found


def test_a_walk_whose_track_broke_at_the_line_counts_once_without_being_told_who_it_is(observe):
    counter = LineCounter(line())
    crossing, *more = walk_out_in_two_tracks(observe, counter)
    assert not more
    assert crossing.event.data["direction"] == "out"
    assert crossing.track.track_id == 1, "whoever was inside is the one who left"
    assert counter.join(TrackKey("door", 7, 1), TrackKey("door", 7, 2)) == [], "counted already"


def test_it_is_timed_when_the_line_was_passed_and_not_when_that_was_found_out(observe):
    crossing, *_ = walk_out_in_two_tracks(observe, LineCounter(line()))
    assert crossing.event.mono_ns == pytest.approx(1.5e9, abs=0.1e9)


def test_somebody_who_is_seen_again_inside_has_not_left(observe):
    assert walk_out_in_two_tracks(observe, LineCounter(line()), back_s=2.2) == []


def test_one_who_begins_outside_while_another_turns_away_inside_is_no_crossing(observe):
    counter = LineCounter(line())
    away = steps((4, 5.4), (4, 6.6))
    found: list[Crossing] = []
    for step, at in enumerate(away):
        found += counter.ingest(observe(step / 10, {1: at}))
    for step, at in enumerate(steps((4, 4.6), (6, 4.6))):
        found += counter.ingest(observe(2.5 + step / 10, {2: at}))
    assert found == []
