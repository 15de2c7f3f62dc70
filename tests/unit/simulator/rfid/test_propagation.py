"""The simulated channel follows the physics of backscatter and the noise of a real reader."""

import numpy as np
import pytest

from edge_core.simulator.rfid.propagation import (
    PHASE_STEPS,
    Antenna,
    Link,
    Moment,
    Propagation,
    Room,
)

LIGHT = 299_792_458.0
AHEAD = (Antenna((0.0, 0.0, 1.0), (5.0, 0.0, 1.0)),)
BARE = Room(reflectors=0)


def look(way_m, frequency_hz=915e6, people_m=None, gain_db=0.0, room=BARE, people_gain=None):
    """Link of a tag straight ahead at each of these distances."""
    way_m = np.atleast_1d(np.asarray(way_m, float))
    frequency = np.broadcast_to(np.asarray(frequency_hz, float), way_m.shape)
    count = len(way_m)
    people = np.zeros((count, 0, 2)) if people_m is None else np.tile(people_m, (count, 1, 1))
    moment = Moment(
        antenna=np.zeros(count, np.int64),
        frequency_hz=frequency,
        tag=np.zeros(count, np.int64),
        tag_m=np.stack([way_m, np.zeros(count), np.ones(count)], axis=1),
        gain_db=np.full(count, gain_db),
        people_m=people,
        people_gain=np.zeros(people.shape[1]) if people_gain is None else np.asarray(people_gain),
    )
    return Propagation(AHEAD, 1, room).link(moment, np.full(count, 30.0))


def test_phase_turns_twice_a_wavelength():
    wave_m = LIGHT / 915e6
    link = look([2.0, 2.0 + wave_m / 2, 2.0 + wave_m / 4])
    turns = np.exp(1j * link.phase_rad)
    assert turns[1] == pytest.approx(turns[0], abs=1e-6)
    assert turns[2] == pytest.approx(-turns[0], abs=1e-6)


def test_phase_falls_with_frequency_by_four_pi_d_over_c():
    step_hz = 500e3
    link = look([3.0, 3.0], [915e6, 915e6 + step_hz])
    slope = np.angle(np.exp(1j * (link.phase_rad[1] - link.phase_rad[0]))) / step_hz
    assert abs(slope) == pytest.approx(4 * np.pi * 3.0 / LIGHT, rel=1e-3)


def test_strength_falls_with_the_fourth_power_of_distance():
    link = look([1.5, 3.0])
    assert link.rssi_dbm[0] - link.rssi_dbm[1] == pytest.approx(40 * np.log10(2), abs=1e-6)
    assert link.margin_db[0] - link.margin_db[1] == pytest.approx(20 * np.log10(2), abs=1e-6)


def test_budget_at_two_metres():
    # 30 dBm - 2 cable + 8 + 2 gains - 37.7 path - 3 polarisation; back the same, 6 modulation.
    link = look(2.0)
    path_db = 20 * np.log10(4 * np.pi * 2.0 / (LIGHT / 915e6))
    at_tag = 30 - 2 + 10 - path_db - 3
    assert link.rssi_dbm[0] == pytest.approx(at_tag - path_db + 10 - 2 - 3 - 6, abs=1e-6)
    assert link.margin_db[0] == pytest.approx(at_tag + 18, abs=3.5)


def test_a_body_in_the_way_takes_four_decibels_each_way():
    clear, shadowed = look(3.0, people_m=[[1.5, 0.9]]), look(3.0, people_m=[[1.5, 0.1]])
    assert clear.rssi_dbm[0] - shadowed.rssi_dbm[0] == pytest.approx(8.0, abs=0.01)


def test_somebody_beside_the_tag_moves_its_phase():
    away, near = look(3.0), look(3.0, people_m=[[2.0, 0.8]], people_gain=[0.3])
    assert abs(np.angle(np.exp(1j * (near.phase_rad[0] - away.phase_rad[0])))) > 0.01


def test_observations_are_rounded_as_by_an_impinj():
    air = Propagation(AHEAD, 1, BARE)
    link = Link(*(np.full(500, value) for value in (10.0, -51.3, 1.0)))
    rssi_dbm, phase, _ = air.observe(link, np.random.default_rng(0))
    assert np.all(rssi_dbm * 2 == np.rint(rssi_dbm * 2))
    assert phase.min() >= 0
    assert phase.max() < PHASE_STEPS
    assert np.std(rssi_dbm) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(("rssi_dbm", "spread", "flips"), [(-26, 0.016, 0.0), (-60, 0.19, 0.12)])
def test_weak_answers_have_noisier_phases_and_flips(rssi_dbm, spread, flips):
    air = Propagation(AHEAD, 1, BARE)
    link = Link(*(np.full(4000, value) for value in (10.0, float(rssi_dbm), 1.0)))
    _, phase, _ = air.observe(link, np.random.default_rng(0))
    off = np.angle(np.exp(1j * (phase * 2 * np.pi / PHASE_STEPS - 1.0)))
    turned = np.abs(off) > np.pi / 2
    assert turned.mean() == pytest.approx(flips, abs=0.02)
    assert np.std(off[~turned]) == pytest.approx(spread, rel=0.15)
