import numpy as np
import pytest

from edge_core.analytics.bands import usual_band


@pytest.mark.parametrize("dispersion", [1.0, 4.0])
def test_about_nine_hours_in_ten_lie_within_the_band(dispersion):
    """Simulated weeks: Poisson, and counts four times as variable."""
    rng = np.random.default_rng(5)
    inside = total = 0
    for _ in range(40):
        mean = rng.uniform(5, 120, 60)
        if dispersion == 1:
            weeks = rng.poisson(mean, (9, 60))
        else:
            odds = 1 / dispersion
            weeks = rng.negative_binomial(mean * odds / (1 - odds), odds, (9, 60))
        band = usual_band(weeks[:8].astype(float), np.ones((8, 60)))
        inside += ((weeks[8] >= band.low) & (weeks[8] <= band.high)).sum()
        total += 60
    assert 0.87 <= inside / total <= 0.95


def test_unwatched_weeks_are_no_examples():
    past = np.array([[50.0], [52.0], [48.0], [0.0], [0.0], [0.0], [0.0], [0.0]])
    share = np.array([[1.0], [1.0], [1.0], [0.0], [0.1], [0.0], [0.3], [0.0]])
    band = usual_band(past, share)
    assert band.expected[0] == pytest.approx(50)


def test_fewer_than_three_weeks_tell_nothing():
    share = np.zeros((8, 1))
    share[:2] = 1
    band = usual_band(np.full((8, 1), 30.0), share)
    assert np.isnan([band.expected[0], band.low[0], band.high[0]]).all()


def test_an_hour_watched_for_most_of_it_is_scaled_up():
    band = usual_band(np.full((4, 1), 40.0), np.full((4, 1), 0.8))
    assert band.expected[0] == pytest.approx(50)
