"""How people keep out of each other's way."""

import numpy as np

from edge_core.types import Float64Array, Int64Array

_STRENGTH_M_S2 = 3.0
_RANGE_M = 0.24
_BODIES_M = 0.5
_BEHIND = 0.35


def social_accelerations(
    position_m: Float64Array,
    velocity_m_s: Float64Array,
    wanted_m_s: Float64Array,
    group: Int64Array,
    waited_s: Float64Array,
) -> Float64Array:
    """Acceleration of each person by all others.

    Exponential repulsion, weaker from behind and within a group (Helbing and Molnar 1995), plus
    a step to the right before somebody ahead, which resolves head-on meetings (ours). Whoever
    has made no progress for a while pushes through.

    Args:
        position_m: float64 (N, 2) on the plan, x right and y down.
        velocity_m_s: float64 (N, 2), how they move.
        wanted_m_s: float64 (N, 2), how they would like to.
        group: int64 (N,), equal for people who belong together.
        waited_s: float64 (N,), time since the last progress.

    Returns:
        float64 (N, 2) in m/s^2.
    """
    apart = position_m[:, None] - position_m[None]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    unit = apart / np.maximum(distance, 1e-3)[..., None]
    speed = np.hypot(*wanted_m_s.T)
    ahead = wanted_m_s / np.maximum(speed, 1e-6)[:, None]
    facing = -(unit * ahead[:, None]).sum(axis=-1)
    sight = _BEHIND + (1 - _BEHIND) * (1 + facing) / 2
    strength = _STRENGTH_M_S2 * np.exp((_BODIES_M - distance) / _RANGE_M) * sight
    strength = np.where(group[:, None] == group[None], 0.5 * strength, strength)
    strength *= np.where(waited_s > 1.5, 0.35, 1.0)[:, None]
    repulsion = (strength[..., None] * unit).sum(axis=1)
    # On a plan whose y grows downwards the right hand of (x, y) is (-y, x).
    right = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    closing = ((velocity_m_s[None] - velocity_m_s[:, None]) * unit).sum(axis=-1) > 0.2
    meets = (facing > 0.8) & closing & (distance < 2.5)
    sidestep = (meets * np.exp(-distance)).sum(axis=1) * 2.0
    return np.asarray(repulsion + sidestep[:, None] * right)
