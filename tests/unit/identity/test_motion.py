import numpy as np
import pytest

from edge_core.identity.motion import FloorMotion
from edge_core.units import NS_PER_S, ns_from_s


def follow(points: np.ndarray, rate_hz: float = 10) -> FloorMotion:
    motion = FloorMotion(*points[0].tolist(), 0)
    for step, (x, y) in enumerate(points[1:].tolist(), start=1):
        motion.update(x, y, ns_from_s(step / rate_hz))
    return motion


def test_a_steady_walk_is_followed_and_carried_on_along_its_velocity():
    time_s = np.arange(60) / 10
    rng = np.random.default_rng(5)
    walk = np.column_stack([1 + 1.2 * time_s, 4 - 0.5 * time_s])
    motion = follow(walk + rng.normal(0, 0.1, walk.shape))
    assert motion.velocity_m_s == pytest.approx((1.2, -0.5), abs=0.25)
    ahead = motion.position_at(ns_from_s(6.9))
    assert ahead == pytest.approx((1 + 1.2 * 6.9, 4 - 0.5 * 6.9), abs=0.4)


def test_somebody_standing_among_jittering_feet_hardly_moves():
    rng = np.random.default_rng(6)
    motion = follow(np.array([3.0, 2.0]) + rng.normal(0, 0.15, (80, 2)))
    assert motion.position_m == pytest.approx((3.0, 2.0), abs=0.2)
    assert np.hypot(*motion.velocity_m_s) < 0.4


def test_a_jump_out_of_reach_starts_anew_without_a_wild_velocity():
    motion = follow(np.full((20, 2), 2.0))
    motion.update(9.0, 9.0, 2 * NS_PER_S)
    assert motion.position_m == (9.0, 9.0)
    assert motion.velocity_m_s == (0.0, 0.0)
