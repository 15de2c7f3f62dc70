import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.vision.kalman import (
    MEASURED_SD,
    START_SPEED_SD,
    WANDER_SD,
    BoxFilter,
    centred,
)

from .conftest import boxes


class TextbookFilter:
    """The same model with 8x8 matrices (state: cx cy w h and their velocities)."""

    def __init__(self, box):
        measured = centred(box[None])[0]
        height = measured[3]
        self.x = np.concatenate([measured, np.zeros(4)])
        self.p = np.diag(
            np.concatenate([(2 * MEASURED_SD * height) ** 2, (START_SPEED_SD * height) ** 2])
        )

    def predict(self, dt):
        f = np.eye(8)
        f[:4, 4:] = dt * np.eye(4)
        q = np.diag((WANDER_SD * max(self.x[3], 1)) ** 2)
        noise = np.block([[q * dt**3 / 3, q * dt**2 / 2], [q * dt**2 / 2, q * dt]])
        self.x = f @ self.x
        self.p = f @ self.p @ f.T + noise

    def update(self, box, sd_scale):
        z = centred(box[None])[0]
        h = np.eye(4, 8)
        r = np.diag((MEASURED_SD * z[3] * sd_scale) ** 2)
        gain = self.p @ h.T @ np.linalg.inv(h @ self.p @ h.T + r)
        self.x = self.x + gain @ (z - h @ self.x)
        self.p = (np.eye(8) - gain @ h) @ self.p


@settings(max_examples=30)
@given(boxes(least=3, most=3), boxes(least=6, most=6), st.floats(0.02, 2.0))
def test_the_closed_form_is_the_matrix_filter(start, measured, dt):
    fast = BoxFilter.start(start)
    slow = [TextbookFilter(box) for box in start]
    rows = np.array([0, 2])
    for step in range(3):
        scale = np.array([1.0, 1.4], np.float32)
        fast.predict(dt)
        fast.update(rows, measured[2 * step : 2 * step + 2], scale)
        for textbook in slow:
            textbook.predict(dt)
        for at, row in enumerate(rows):
            slow[row].update(measured[2 * step + at], scale[at])
    for index, textbook in enumerate(slow):
        np.testing.assert_allclose(fast.value[index], textbook.x[:4], rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(fast.speed[index], textbook.x[4:], rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(
            fast.var_value[index], np.diag(textbook.p)[:4], rtol=1e-4, atol=1e-4
        )
        np.testing.assert_allclose(
            fast.covar[index], np.diag(textbook.p[:4, 4:]), rtol=1e-4, atol=1e-3
        )


@given(st.floats(0.05, 1.0), st.integers(2, 6))
def test_uncertainty_does_not_depend_on_how_time_is_cut_into_frames(total_s, parts):
    box = np.array([[100, 100, 140, 200]], np.float32)
    once, often = BoxFilter.start(box), BoxFilter.start(box)
    once.predict(total_s)
    for _ in range(parts):
        often.predict(total_s / parts)
    np.testing.assert_allclose(once.var_value, often.var_value, rtol=1e-9)
    np.testing.assert_allclose(once.var_speed, often.var_speed, rtol=1e-9)


def test_a_walkers_speed_is_learnt_in_pixels_per_second():
    box = np.array([[100, 100, 140, 200]], np.float32)
    walker = BoxFilter.start(box)
    for _ in range(30):
        box = box + np.array([6, 0, 6, 0], np.float32)
        walker.predict(0.1)
        walker.update(np.array([0]), box, np.ones(1, np.float32))
    assert abs(walker.speed[0, 0] - 60) < 3
