import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.identity.site_model import SiteModel
from edge_core.identity.transit import BINS, LAG_S

HORIZON_S = 600.0
moves = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(-1, 700), st.floats(0, 1)),
    max_size=40,
)


@pytest.fixture
def model(graph):
    return SiteModel(graph, HORIZON_S)


def one(value):
    return np.array([value])


def density(model, here, there, seconds):
    seconds = np.asarray(seconds, np.float64)
    where = np.full(len(seconds), here), np.full(len(seconds), there)
    return np.exp(model.transits.log_density(*where, seconds))


@given(learnt=moves)
def test_rows_always_sum_to_one_and_nothing_is_impossible(graph, learnt):
    model = SiteModel(graph, HORIZON_S)
    for here, there, seconds, weight in learnt:
        model.learn_move(here, there, seconds, weight)
        model.learn_exit(there, 1 - weight)
    rows = model.rows()
    assert rows.sum(axis=1) == pytest.approx(np.ones(3))
    assert (rows > 0).all()


@given(learnt=moves)
def test_transit_times_are_a_density_whatever_was_learnt(graph, learnt):
    model = SiteModel(graph, HORIZON_S)
    for here, there, seconds, weight in learnt * 4:
        model.learn_move(here, there, seconds, weight)
    times = np.arange(-LAG_S, HORIZON_S, 0.02)
    assert density(model, 0, 1, times).sum() * 0.02 == pytest.approx(1, abs=0.03)
    assert density(model, 0, 1, [-2 * LAG_S, HORIZON_S + 1]).tolist() == [0, 0]


def test_the_plan_says_who_is_next_until_people_do(model):
    rows = model.rows()
    assert rows[0, 1] > 5 * rows[0, 2], "the next camera on the corridor before the one behind"
    for _ in range(400):
        model.learn_move(0, 2, 40.0, 1.0)
    assert model.rows()[0, 2] > 0.9


def test_what_was_learnt_once_is_forgotten_as_more_is_learnt(model):
    for _ in range(300):
        model.learn_move(0, 1, 20.0, 1.0)
    before = density(model, 0, 1, [20.0, 90.0])
    for _ in range(300):
        model.learn_move(0, 1, 90.0, 1.0)
    after = density(model, 0, 1, [20.0, 90.0])
    assert after[1] > 10 * before[1]
    assert after[0] < before[0] / 2
    held = model.transits.histogram[0, 1].sum()
    assert held == pytest.approx((1 - 0.995**600) / (1 - 0.995), rel=1e-6)


def test_a_way_with_a_cafe_on_it_gets_two_humps(model):
    for step in range(100):
        model.learn_move(0, 1, 20.0 + step % 3, 1.0)
        model.learn_move(0, 1, 300.0 + step % 30, 1.0)
    quick, between, slow = density(model, 0, 1, [21.0, 80.0, 315.0])
    assert quick > 10 * between
    assert slow > 2 * between


def test_the_longer_somebody_is_away_the_likelier_they_left(model):
    away = np.array([1.0, 30.0, 120.0, 500.0, HORIZON_S])
    left = model.left_share(np.zeros(5, np.int64), away)
    assert (np.diff(left) > 0).all()
    assert left[-1] == 1


def test_newcomers_are_expected_at_entrances_and_learnt_elsewhere(model):
    def share():
        return model.births_per_s() / model.arrivals_per_s()

    minute_ns = 60_000_000_000
    model.pass_time(0)
    assert share()[1] > 0.4, "whoever was inside at the start turns up anywhere"
    model.pass_time(30 * minute_ns)
    before = share()
    assert before[0] > 10 * before[1]
    for minute in range(30, 430):
        model.pass_time(minute * minute_ns)
        for camera in (0, 1):
            model.count_arrival(camera)
            model.learn_newcomer(camera, float(camera == 1))
    after = share()
    assert after[0] < 0.5 * before[0]
    assert after[1] > 5 * before[1]
    assert model.arrivals_per_s()[1] == pytest.approx(1 / 60, rel=0.1)


def test_time_that_stands_still_or_goes_back_changes_no_rate(model):
    for now_ns in (0, 60_000_000_000, 60_000_000_000, 30_000_000_000):
        model.pass_time(now_ns)
    assert model.learnt().watched_s == pytest.approx(60)


@given(learnt=moves)
def test_what_was_learnt_can_be_taken_up_again(graph, learnt):
    model = SiteModel(graph, HORIZON_S)
    for here, there, seconds, weight in learnt:
        model.learn_move(here, there, seconds, weight)
    again = SiteModel(graph, HORIZON_S)
    again.restore(model.learnt())
    assert again.rows() == pytest.approx(model.rows())
    assert density(again, 0, 1, [5.0, 50.0]) == pytest.approx(
        density(model, 0, 1, [5.0, 50.0]), rel=0.1
    )


@pytest.mark.parametrize("spoil", ["shape", "negative", "nan"])
def test_what_makes_no_sense_is_not_taken_up(model, spoil):
    learnt = model.learnt()
    if spoil == "shape":
        learnt = type(learnt)(
            learnt.moves, np.zeros((2, 2, BINS)), learnt.arrivals, 0.0, learnt.newcomers
        )
    elif spoil == "negative":
        learnt.moves[0, 0] = -1
    else:
        learnt.arrivals[0] = np.nan
    with pytest.raises(ValueError, match="learnt"):
        model.restore(learnt)
