import numpy as np
import pytest

from edge_core.bench.camera_errors import two_kinds


@pytest.mark.parametrize(("share", "times"), [(0.07, 5.0), (0.22, 3.8)])
def test_two_kinds_of_places_are_told_apart(share, times):
    rng = np.random.default_rng(1)
    sd = np.where(rng.random(20_000) < share, 0.2 * times, 0.2)
    found = two_kinds(np.hypot(*(sd * rng.normal(size=(2, 20_000)))))
    assert found["sd_m"] == pytest.approx(0.2, rel=0.05)
    assert found["behind"] == pytest.approx(share, abs=0.02)
    assert found["behind_times"] == pytest.approx(times, rel=0.1)
