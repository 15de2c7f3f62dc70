"""Tags seen through a small radio model of their own: line of sight, reflectors, hopping."""

import numpy as np
import pytest

from edge_core.interaction import FCC_R420
from edge_core.tag_reads import TagReads

LIGHT_M_S = 299_792_458.0
ANTENNAS_M = np.array([(0.0, 0.0, 2.2), (5.0, 0.0, 2.2), (0.0, 5.0, 2.2), (5.0, 5.0, 2.2)])


class Radio:
    """Reads of tags whose places are functions of time."""

    def __init__(self, seed=0, reflectors=5):
        self.rng = np.random.default_rng(seed)
        self.mirrors_m = self.rng.uniform(-1, 6, (reflectors, 3))
        self.mirror_gain = self.rng.uniform(0.5, 1.0, reflectors)

    def reads(self, ways, *, seconds, rate_hz=6.0, antennas=4, start_s=0.0):
        """Reads of every tag at `rate_hz` a second and antenna.

        `ways` maps an EPC to a function from times (N,) to places (N, 3) in metres.
        """
        rows = []
        for number, way in enumerate(ways.values()):
            for antenna in range(antennas):
                count = self.rng.poisson(rate_hz * seconds)
                time_s = start_s + np.sort(self.rng.uniform(0, seconds, count))
                rows.append(self._observe(number, antenna, time_s, way(time_s)))
        columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
        order = np.argsort(columns[1], kind="stable")
        tag, time_s, antenna, channel, rssi, phase, doppler = (c[order] for c in columns)
        return TagReads(
            tuple(ways),
            tag.astype(np.int32),
            np.rint(time_s * 1e9).astype(np.int64),
            antenna.astype(np.int16),
            channel.astype(np.int16),
            rssi.astype(np.float32),
            phase.astype(np.float32),
            doppler.astype(np.float32),
        )

    def _observe(self, number, antenna, time_s, place_m):
        channel = np.floor(time_s / 0.203).astype(int) % 50 + 1
        wave_m = LIGHT_M_S / (FCC_R420.at(channel.astype(np.int16)) * 1e6)
        direct_m = np.linalg.norm(place_m - ANTENNAS_M[antenna], axis=1)
        h = np.exp(-2j * np.pi * direct_m / wave_m) / direct_m
        for mirror_m, gain in zip(self.mirrors_m, self.mirror_gain, strict=True):
            leg_m = np.linalg.norm(place_m - mirror_m, axis=1)
            path_m = leg_m + np.linalg.norm(mirror_m - ANTENNAS_M[antenna])
            h = h + gain * np.exp(-2j * np.pi * path_m / wave_m) / path_m
        count = len(time_s)
        rssi = -42 + 40 * np.log10(np.abs(h)) + self.rng.normal(0, 0.5, count)
        flips = np.pi * (self.rng.random(count) < 0.15)
        # Five metres of cable, as the phase of a real reader shows.
        phase = -2 * np.angle(h) + 4 * np.pi * 5.0 / wave_m + self.rng.normal(0, 0.1, count)
        turn = np.gradient(direct_m, time_s) if count > 1 else np.zeros(count)
        doppler = -2 * turn / wave_m + self.rng.normal(0, 20, count)
        label = np.full(count, number), time_s, np.full(count, antenna + 1), channel
        return *label, np.round(rssi * 2) / 2, (phase + flips) % (2 * np.pi), doppler


def still(place_m):
    """A tag that stays where it is."""
    return lambda time_s: np.tile(np.array(place_m, float), (len(time_s), 1))


def carried(place_m, start_s, end_s, *, back=True, speed_m_s=1.0):
    """A tag walked about between two moments, then put back or left where it was carried."""

    def way(time_s):
        held = np.clip(time_s, start_s, end_s) - start_s
        if back:
            held = np.where(time_s > end_s, 0.0, held)
        angle = speed_m_s * held / 0.8
        offset = np.stack([0.8 * np.sin(angle), 0.8 * (1 - np.cos(angle)), 0.0 * angle], axis=1)
        sway = (time_s > start_s) & (time_s < end_s)
        offset[:, 2] += 0.03 * np.sin(2 * np.pi * 1.4 * time_s) * sway
        return np.array(place_m, float) + offset

    return way


def rail(count, y_m=2.0):
    """Names and places of garments side by side."""
    return {f"30{number:022x}": (1.2 + 0.06 * number, y_m, 1.2) for number in range(count)}


@pytest.fixture
def radio():
    return Radio()
