import numpy as np
import pytest

from edge_core.interaction.paths import Path, places_at, speed_at
from edge_core.units import ns_from_s


def seen(*sightings):
    """A path of sightings (seconds, x, y)."""
    times, x, y = np.array(sightings, np.float64).T
    time_ns = np.array([ns_from_s(float(at)) for at in times], np.int64)
    return Path(1, time_ns, np.column_stack([x, y]), 0.25, time_ns[:0], np.zeros(0))


def at(path, second):
    floor_m, sd_m = places_at(path, np.array([ns_from_s(second)]))
    return floor_m[0], float(sd_m[0])


def test_somebody_hidden_for_seconds_is_still_about_where_they_stood():
    hidden = seen((0, 2, 2), (0.25, 2, 2), (6, 2.2, 2), (6.25, 2.2, 2))
    place, sd_m = at(hidden, 3.0)
    assert place == pytest.approx([2.1, 2.0], abs=0.05)
    assert 0.25 < sd_m < 0.8


def test_the_longer_nobody_saw_them_the_less_sure_their_place_is():
    hidden = seen((0, 2, 2), (10, 2, 2))
    surenesses = [at(hidden, second)[1] for second in (0.0, 1.0, 3.0, 5.0)]
    assert surenesses == sorted(surenesses)
    assert surenesses[0] == pytest.approx(0.25)
    assert at(hidden, 9.0)[1] == pytest.approx(at(hidden, 1.0)[1])


def test_who_went_elsewhere_unseen_was_on_the_way_for_all_that_is_known():
    stayed, went = seen((0, 2, 2), (8, 2, 2)), seen((0, 2, 2), (8, 5, 2))
    assert at(went, 4.0)[1] > at(stayed, 4.0)[1] + 0.2


def test_long_after_the_last_sighting_nothing_is_known():
    path = seen((0, 2, 2), (1, 2, 2))
    assert np.isnan(at(path, 6.0)[1])
    assert not np.isnan(at(path, 3.0)[1])


def test_speed_is_that_of_the_seconds_about_a_moment():
    walks = seen(*((second, second, 0) for second in range(10)))
    assert speed_at(walks, ns_from_s(5.0)) == pytest.approx(1.0, abs=0.05)
    assert speed_at(walks, ns_from_s(30.0)) == 0.0
