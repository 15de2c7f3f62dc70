import pickle

import numpy as np
import pytest

from edge_core.interaction.item_states import GONE_S, ItemEventKind, ItemStates
from edge_core.interaction.scores import COLUMNS, HALVES, WindowScores
from edge_core.interaction.state_model import (
    STATES,
    Evidence,
    State,
    StateFilter,
    transition_matrix,
)

Kind = ItemEventKind


def window(end_s, garments, *, length_s=2.0, antennas=(1, 2, 3)):
    """Scores of windows that end at one moment.

    A garment is (p_moving, elsewhere, levels), with its reads if they are not twenty; garments
    that move stand out from their neighbours.
    """
    count = len(garments)
    values = list(garments.values())
    levels = np.array([row[2] for row in values], np.float32).reshape(count, len(antennas))
    return WindowScores(
        epcs=tuple(garments),
        tag=np.arange(count, dtype=np.int32),
        t0_s=np.full(count, end_s - length_s),
        t1_s=np.full(count, float(end_s)),
        p_moving=np.array([row[0] for row in values], np.float32),
        reads=np.array([row[3] if len(row) > 3 else 20 for row in values], np.int32),
        moved_from_rest=np.array([row[1] for row in values], np.float32),
        antenna=np.array([antennas[i] for i in np.nanargmax(levels, axis=1)], np.int32),
        antennas=np.array(antennas, np.int32),
        rssi_dbm=levels,
        excess=np.array([6.0 if row[0] > 0.5 else 0.1 for row in values], np.float32),
        off=np.full((count, HALVES, len(COLUMNS)), np.nan, np.float32) * 0,
    )


SHOP = (-50.0, -68.0, -68.0)
RESTS = (0.004, 0.02, SHOP)
MOVES = (0.97, 0.999, SHOP, 14)
LIES_ELSEWHERE = (0.004, 0.98, SHOP)
ROOM_1 = (0.3, 0.98, (-70.0, -45.0, -52.0))


def story(*chapters, states=None):
    """Events of one garment; chapters are (seconds, what its windows show)."""
    states = states or ItemStates({2: "room-1", 3: "room-2"})
    events, now = [], 0.0
    for seconds, shown in chapters:
        for _ in range(seconds):
            now += 1.0
            garments = {"bb": RESTS} | ({} if shown is None else {"aa": shown})
            events += states.push(window(now, garments))
    return [event for event in events if event.epc == "aa"]


def kinds(events):
    return [event.kind for event in events]


def test_a_garment_nobody_touches_has_no_story():
    assert story((300, RESTS)) == []


@pytest.mark.parametrize(
    ("seconds", "kind"), [(2, Kind.TOUCHED), (4, Kind.FLIPPED)], ids=["touched", "flipped"]
)
def test_short_handling_is_a_touch_longer_a_look(seconds, kind):
    events = story((30, RESTS), (seconds, MOVES), (15, RESTS))
    assert kinds(events) == [kind]
    assert events[0].start_s == pytest.approx(30, abs=1.0)
    assert events[0].end_s - events[0].start_s == pytest.approx(seconds, abs=1.0)
    assert events[0].confidence > 0.6


def test_taken_and_put_back():
    events = story((30, RESTS), (12, MOVES), (15, RESTS))
    assert kinds(events) == [Kind.IN_HAND, Kind.PUT_BACK]
    assert events[0].end_s == pytest.approx(events[1].start_s, abs=1.0)
    assert events[1].start_s == pytest.approx(41, abs=1.5)


def test_taken_and_left_elsewhere_even_after_a_short_move():
    assert kinds(story((30, RESTS), (12, MOVES), (15, LIES_ELSEWHERE))) == [
        Kind.IN_HAND,
        Kind.MISPLACED,
    ]
    assert kinds(story((30, RESTS), (3, MOVES), (15, LIES_ELSEWHERE)))[-1] is Kind.MISPLACED


def test_a_garment_left_elsewhere_hangs_there_since_it_moved_last():
    """That it hangs elsewhere shows only after some seconds of stillness."""
    still = (0.1, 0.98, SHOP)
    events = story((30, RESTS), (12, MOVES), (5, still), (15, LIES_ELSEWHERE))
    assert kinds(events) == [Kind.IN_HAND, Kind.MISPLACED]
    assert events[1].start_s == pytest.approx(41, abs=1.5)
    assert events[0].end_s == pytest.approx(events[1].start_s)


def test_holding_still_for_a_moment_does_not_end_it():
    quiet = (0.3, 0.95, SHOP, 14)
    events = story((30, RESTS), (5, MOVES), (2, quiet), (5, MOVES), (15, RESTS))
    assert kinds(events) == [Kind.IN_HAND, Kind.PUT_BACK]


def test_tried_on_and_brought_back():
    states = ItemStates({2: "room-1", 3: "room-2"})
    events = story((30, RESTS), (8, MOVES), (40, ROOM_1), states=states)
    assert kinds(events) == [Kind.IN_HAND]
    assert states.room_sets() == {"room-1": {"aa"}, "room-2": set()}
    states = ItemStates({2: "room-1", 3: "room-2"})
    events = story((30, RESTS), (8, MOVES), (40, ROOM_1), (8, MOVES), (15, RESTS), states=states)
    assert kinds(events) == [Kind.IN_HAND, Kind.FITTING_ROOM, Kind.IN_HAND, Kind.PUT_BACK]
    assert events[1].room == "room-1"
    assert states.room_sets() == {"room-1": frozenset(), "room-2": frozenset()}


def test_carried_past_a_fitting_room_is_no_try_on():
    events = story((30, RESTS), (8, MOVES), (12, ROOM_1), (8, MOVES), (15, RESTS))
    assert Kind.FITTING_ROOM not in kinds(events)


def test_without_fitting_rooms_no_try_on_is_claimed():
    events = story((30, RESTS), (8, MOVES), (40, ROOM_1), (15, RESTS), states=ItemStates())
    assert Kind.FITTING_ROOM not in kinds(events)


def test_a_garment_carried_out_is_gone_a_minute_later():
    events = story((30, RESTS), (10, MOVES), (int(GONE_S) + 10, None))
    assert kinds(events) == [Kind.IN_HAND, Kind.GONE]
    assert events[1].start_s == pytest.approx(40)


def test_a_silent_reader_makes_nothing_gone():
    """Without any reads time stands still: the reader may be off."""
    states = ItemStates()
    assert story((30, RESTS), states=states) == []
    assert states.push(window(500.0, {"aa": RESTS, "bb": RESTS})) == []


def test_a_room_next_door_stays_out():
    states = ItemStates({2: "room-1", 3: "room-2"})
    rng = np.random.default_rng(0)
    levels = np.array([-70.0, -48.0, -53.0])
    for now in range(1, 30):
        states.push(window(now, {"aa": RESTS}))
    for now in range(30, 38):
        states.push(window(now, {"aa": MOVES}))
    for now in range(38, 80):
        noisy = tuple(levels + rng.normal(0, 3, 3))
        states.push(window(now, {"aa": (0.3, 0.98, noisy)}))
    assert states.room_sets() == {"room-1": {"aa"}, "room-2": set()}


def test_transitions_are_chances():
    step = transition_matrix()
    assert step.shape == (STATES, STATES)
    assert (step >= 0).all()
    assert np.allclose(step.sum(axis=1), 1)


def test_rows_of_forgotten_garments_start_afresh():
    states = StateFilter()
    moving = Evidence(*(np.array([value]) for value in (5.0, 3.0, -4.0)))
    for _ in range(8):
        busy = states.update(np.array([0]), np.array([1]), moving)
    assert busy[0, State.REST] < 0.1
    states.forget(0)
    resting = Evidence(*(np.array([value]) for value in (-4.0, -3.0, -4.0)))
    assert states.update(np.array([0]), np.array([1]), resting)[0, State.REST] > 0.9


def test_a_garment_at_rest_for_hours_takes_no_more_memory_than_after_a_minute():
    states = ItemStates()
    story((60, RESTS), states=states)
    after_a_minute = len(pickle.dumps(states))
    now = 60.0
    for _ in range(1200):
        now += 1.0
        states.push(window(now, {"aa": RESTS, "bb": RESTS}))
    assert len(pickle.dumps(states)) < 1.05 * after_a_minute
