import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge_core.interaction.association import SOMEONE_BELOW, Action, Path, associate
from edge_core.units import ns_from_s

NOTHING = np.zeros(0)


def action(key="a", at_s=10.0, floor_m=(2.0, 2.0), epc="e1", motion=NOTHING):
    return Action(key, epc, ns_from_s(at_s), ns_from_s(at_s + 3), floor_m, 0.9, motion)


def path(person, floor_m, *, handling=np.nan, motion=None, from_s=0.0, to_s=30.0):
    time_s = np.arange(from_s, to_s, 0.5)
    places = np.tile(np.array(floor_m, np.float64), (len(time_s), 1))
    hands = np.full(len(time_s), handling)
    moved = np.full(len(time_s), np.nan) if motion is None else motion(time_s)
    return Path(person, (time_s * 1e9).astype(np.int64), places, 0.2, hands, moved)


def test_the_nearer_of_two_clearly_apart_did_it():
    [match] = associate([action()], [path(1, (3.2, 2)), path(2, (2.2, 2))])
    assert (match.person, match.in_reach) == (2, 2)
    assert match.probability > 0.7


def test_two_people_equally_near_stay_someone():
    [match] = associate([action()], [path(1, (2.4, 2)), path(2, (1.6, 2))])
    assert match.person is None
    assert 0.3 < match.probability < SOMEONE_BELOW


def test_busy_hands_decide_between_people_equally_near():
    paths = [path(1, (2.4, 2), handling=0.1), path(2, (1.6, 2), handling=0.9)]
    assert associate([action()], paths)[0].person == 2


def test_moving_together_decides_between_people_equally_near():
    def swing(time_s):
        return np.abs(np.sin(1.3 * time_s))

    def other(time_s):
        return np.abs(np.sin(0.4 * time_s + 1))

    taken = action(at_s=10, motion=swing(10 + np.arange(12) / 2))
    paths = [path(1, (2.4, 2), motion=other), path(2, (1.6, 2), motion=swing)]
    [match] = associate([taken], paths)
    assert match.person == 2


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
