"""Smoothing a track's floor points into position and velocity."""

from math import hypot

from edge_core.units import s_from_ns

FOOT_NOISE_M = 0.2
"""Standard deviation of a floor point about the true one."""
ACCELERATION_M_S2 = 1.5
"""Standard deviation of a walker's acceleration."""
START_SPEED_M_S = 1.0
"""Standard deviation of the unknown first velocity."""
MAXIMUM_SPEED_M_S = 4.0
JUMP_M = 1.0
"""A point farther than this plus a run from the prediction starts the filter anew."""


class FloorMotion:
    """Constant-velocity Kalman filter on the floor (white-noise acceleration model).

    Both axes share one covariance, as they share their noise.

    Args:
        x_m, y_m: first floor point, metres.
        mono_ns: when it was seen.
    """

    def __init__(self, x_m: float, y_m: float, mono_ns: int) -> None:
        self._start(x_m, y_m, mono_ns)

    def _start(self, x_m: float, y_m: float, mono_ns: int) -> None:
        self.mono_ns = mono_ns
        self.position_m = (x_m, y_m)
        self.velocity_m_s = (0.0, 0.0)
        self._variance = (FOOT_NOISE_M**2, 0.0, START_SPEED_M_S**2)

    def update(self, x_m: float, y_m: float, mono_ns: int) -> None:
        """Take in a floor point; one out of reach of a runner starts the filter anew there."""
        step_s = max(0.0, s_from_ns(mono_ns - self.mono_ns))
        px, py = self.position_at(mono_ns)
        error_x, error_y = x_m - px, y_m - py
        if hypot(error_x, error_y) > JUMP_M + MAXIMUM_SPEED_M_S * step_s:
            self._start(x_m, y_m, mono_ns)
            return
        position, cross, speed = self._predicted_variance(step_s)
        total = position + FOOT_NOISE_M**2
        gain, speed_gain = position / total, cross / total
        vx, vy = self.velocity_m_s
        self.position_m = (px + gain * error_x, py + gain * error_y)
        self.velocity_m_s = (vx + speed_gain * error_x, vy + speed_gain * error_y)
        self._variance = (
            (1 - gain) * position,
            (1 - gain) * cross,
            speed - speed_gain * cross,
        )
        self.mono_ns = mono_ns

    def position_at(self, mono_ns: int) -> tuple[float, float]:
        """Where the walker is expected at a moment, metres; never before the last point."""
        step_s = max(0.0, s_from_ns(mono_ns - self.mono_ns))
        (x, y), (vx, vy) = self.position_m, self.velocity_m_s
        return x + vx * step_s, y + vy * step_s

    def _predicted_variance(self, step_s: float) -> tuple[float, float, float]:
        position, cross, speed = self._variance
        noise = ACCELERATION_M_S2**2
        return (
            position + 2 * step_s * cross + step_s**2 * speed + noise * step_s**4 / 4,
            cross + step_s * speed + noise * step_s**3 / 2,
            speed + noise * step_s**2,
        )
