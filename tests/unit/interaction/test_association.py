from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge_core.interaction.association import (
    SOMEONE_BELOW,
    Action,
    Done,
    Path,
    associate,
    deeds,
    together_in_time,
)
from edge_core.units import ns_from_s


def action(key="a", at_s=10.0, floor_m=(2.0, 2.0), epc="e1", last_s=3.0):
    return Action(key, epc, ns_from_s(at_s), ns_from_s(at_s + last_s), floor_m, 0.9)


def held(from_s, to_s, epc="e1", floor_m=(2.0, 2.0)):
    """A garment taken and brought back."""
    start, end = ns_from_s(from_s), ns_from_s(to_s)
    return [
        Action("take", epc, start, end, floor_m, 0.9, "take"),
        Action("back", epc, end, end, floor_m, 0.9, "return"),
    ]


def walk(person, *knots):
    """Somebody at these places at these times: (seconds, x, y)."""
    times, x, y = np.array(knots, np.float64).T
    time_s = np.arange(times[0], times[-1], 0.5)
    places = np.column_stack([np.interp(time_s, times, x), np.interp(time_s, times, y)])
    time_ns = (time_s * 1e9).astype(np.int64)
    return Path(person, time_ns, places, 0.2, time_ns[:0], np.zeros(0))


def path(person, floor_m, *, looks=None, from_s=0.0, to_s=30.0):
    """Somebody who stays; `looks` tells what a camera says of the hands at each second."""
    time_s = np.arange(from_s, to_s, 0.5)
    places = np.tile(np.array(floor_m, np.float64), (len(time_s), 1))
    time_ns = (time_s * 1e9).astype(np.int64)
    hands = np.zeros(0) if looks is None else np.array([looks(at_s) for at_s in time_s])
    return Path(person, time_ns, places, 0.2, time_ns[: len(hands)], hands)


def test_the_nearer_of_two_clearly_apart_did_it():
    [match] = associate([action()], [path(1, (3.5, 2)), path(2, (2.5, 2))])
    assert (match.person, match.in_reach) == (2, 2)
    assert match.probability > 0.7


def test_two_people_equally_near_stay_someone():
    [match] = associate([action()], [path(1, (2.4, 2)), path(2, (1.6, 2))])
    assert match.person is None
    assert 0.3 < match.probability < SOMEONE_BELOW


def test_hands_at_goods_tell_apart_people_equally_near():
    def busy(at_s):
        return 0.95 if 9.5 <= at_s <= 13.5 else 0.2

    one, other = path(1, (2.4, 2), looks=lambda _: 0.2), path(2, (1.6, 2), looks=busy)
    assert associate([action()], [one, other])[0].person == 2


def test_somebody_who_always_looks_busy_is_no_likelier_to_have_done_it():
    """The classifier errs alike about one person; only a change tells."""
    always, never = path(1, (2.4, 2), looks=lambda _: 0.9), path(2, (1.6, 2), looks=lambda _: 0.3)
    assert associate([action()], [always, never])[0].person is None


def test_who_looks_at_a_garment_in_hand_does_not_handle_the_next_one():
    """Two stand alike at one garment; one of them surely took another just before."""
    taken = Action("t", "e2", ns_from_s(8), ns_from_s(20), (3.1, 2.0), 0.9, "take")
    paths = [path(1, (2.5, 2)), path(2, (1.5, 2))]
    touch = action(at_s=10, last_s=2)
    assert associate([touch], paths)[0].person is None
    together = {match.key: match.person for match in associate([taken, touch], paths)}
    assert together == {"t": 1, "a": 2}
    decided = [Done(taken, 1, 0.95)]
    assert associate([touch], paths, done=decided)[0].person == 2


def test_who_holds_an_item_puts_it_back_even_from_elsewhere():
    paths = [path(1, (2.1, 2)), path(2, (4.5, 2))]
    assert associate([action()], paths)[0].person == 1
    assert associate([action()], paths, holders={"e1": 2})[0].in_reach == 2
    near = [path(1, (2.4, 2)), path(2, (1.6, 2))]
    assert associate([action()], near, holders={"e1": 2})[0].person == 2


def test_nobody_in_reach_is_someone_unseen():
    [match] = associate([action()], [path(1, (9, 9)), path(2, (2, 2), to_s=5)])
    assert (match.person, match.probability, match.in_reach) == (None, 0.0, 0)
    assert associate([action()], [])[0].person is None


def test_a_person_has_two_hands():
    actions = [action(str(n), epc=str(n)) for n in range(3)]
    matches = associate(actions, [path(1, (2, 2)), path(2, (2.9, 2))])
    assert [m.person for m in matches].count(1) <= 2


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), max_size=5),
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), max_size=6),
)
def test_any_crowd_gets_one_answer_an_action(items, people):
    actions = [action(str(n), floor_m=place, epc=str(n)) for n, place in enumerate(items)]
    paths = [path(n, place) for n, place in enumerate(people)]
    matches = associate(actions, paths)
    assert [m.key for m in matches] == [a.key for a in actions]
    for match in matches:
        assert 0 <= match.probability <= 1
        assert match.person is None or match.probability >= SOMEONE_BELOW
    named = [m.person for m in matches if m.person is not None]
    assert all(named.count(person) <= 2 for person in set(named))


def test_taking_and_bringing_back_is_one_persons_deed():
    """At the taking two stand alike; who is there while it is heard, and at the end, did both."""
    stays = walk(1, (0, 2.4, 2), (30, 2.4, 2))
    leaves = walk(2, (0, 1.6, 2), (14, 1.6, 2), (17, 9, 2), (30, 9, 2))
    alone = associate([replace(held(10, 20)[0], lost=True)], [stays, leaves])
    assert alone[0].person == 1
    both = associate(held(10, 20), [stays, leaves])
    assert [match.person for match in both] == [1, 1]
    assert [match.key for match in both] == ["take", "back"]


def test_a_return_belongs_to_the_taking_that_it_ends():
    actions = [*held(10, 20), *held(30, 40)]
    assert deeds(actions) == [(0, 1), (2, 3)]
    assert deeds([*held(10, 20)[:1], *held(30, 40)[1:]]) == []


def test_holding_something_leaves_a_hand_for_the_next_things():
    """Three touches one after another while an item is held do not compete for two hands."""
    touches = [action(str(n), at_s=14 + 4 * n, epc=str(n)) for n in range(3)]
    actions = [*held(10, 40), *touches]
    assert sorted(map(len, together_in_time(actions))) == [1, 1, 1, 1]
    matches = associate(actions, [path(1, (2.4, 2), to_s=50)])
    assert {match.person for match in matches} == {1}


def test_who_walks_past_did_not_do_it():
    stands = walk(1, (0, 2.6, 2), (30, 2.6, 2))
    passes = walk(2, (0, 1.5, -12), (24, 1.5, 16))
    touch = Action("t", "e1", ns_from_s(11), ns_from_s(13), (2.0, 2.0), 0.9)
    assert associate([touch], [stands, passes])[0].person != 2


def test_who_leaves_when_a_garment_is_heard_no_more_took_it():
    """Two stand alike when it is taken, and nobody hangs it up again."""
    stays = walk(1, (0, 2.7, 2), (40, 2.7, 2))
    leaves = walk(2, (0, 1.3, 2), (20, 1.3, 2), (24, 1.3, 7), (40, 1.3, 9))
    lost = [replace(held(10, 21)[0], lost=True)]
    assert associate(lost, [stays, leaves])[0].person == 2


def test_who_stands_where_a_garment_is_held_holds_it():
    taken = held(10, 20)[:1]
    paths = [path(1, (2.7, 2)), path(2, (1.3, 2))]
    assert associate(taken, paths)[0].person is None
    told = [replace(taken[0], hand_m=(2.6, 2.0), hand_sd_m=(0.3, 0.6))]
    assert associate(told, paths)[0].person == 1


def test_somebody_hidden_when_it_happened_may_still_have_done_it():
    seen = path(1, (2.7, 2))
    hidden = (seen.time_ns < ns_from_s(8)) | (seen.time_ns > ns_from_s(16))
    part = replace(
        seen,
        time_ns=seen.time_ns[hidden],
        floor_m=seen.floor_m[hidden],
    )
    assert associate([action(at_s=11)], [part])[0].person == 1


def test_one_after_another_somebody_handles_as_much_as_they_like():
    """A chain of touches, each of which overlaps the next, asks for two hands only."""
    touches = [action(str(n), at_s=10 + 2 * n, epc=str(n)) for n in range(5)]
    matches = associate(touches, [path(1, (2.7, 2)), path(2, (2.0, 7.0))])
    assert [match.person for match in matches] == [1] * 5
