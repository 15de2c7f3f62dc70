"""What a reader measures of a tag: backscatter over a few paths; pure and vectorised.

The channel is a sum of paths h = sum g_p exp(-j 2 pi d_p / lambda) / d_p: the line of sight, static
reflectors, and people. The tag answers when the power that reaches it passes its sensitivity;
what comes back has gone through the channel twice. Shapes: K reads, P people.
"""

from dataclasses import dataclass
from math import tau
from typing import Final, NamedTuple

import numpy as np

from edge_core.types import BoolArray, Float64Array, Int64Array

_LIGHT_M_PER_S: Final = 299_792_458.0
_POLARISATION_DB: Final = 3.0  # circular reader antenna, linear tag
_MODULATION_DB: Final = 6.0
_TAG_GAIN_DBI: Final = 2.0
_CABLE_DB: Final = 2.0
_BEAM_WIDTH_RAD: Final = np.radians(70.0)
_BACK_LOBE_DB: Final = 15.0
_BODY_HEIGHT_M: Final = 1.1
_BODY_RADIUS_M: Final = 0.3
_BODY_SHADOW_DB: Final = 4.0
_FLIPS_BELOW_DBM: Final = -45.0
_NO_FLIPS_ABOVE_DBM: Final = -38.0
_WAVE_M: Final = 0.328
"""Of 915 MHz."""
_LUCKY_DB: Final = 4.0
PHASE_STEPS: Final = 4096


@dataclass(frozen=True, slots=True)
class Antenna:
    """A reader's antenna.

    Attributes:
        place_m: x, y, height.
        faces_m: a place its beam points at.
        gain_dbi: gain along the beam.
    """

    place_m: tuple[float, float, float]
    faces_m: tuple[float, float, float]
    gain_dbi: float = 8.0


@dataclass(frozen=True, slots=True)
class Room:
    """What surrounds the antennas and how exact the reader is.

    Attributes:
        size_m: width and depth; reflectors stand somewhere within, a metre wider all round.
        reflectors: how many.
        k_factor_db: strength of the line of sight over all reflectors together.
        sensitivity_dbm: power at which an average tag begins to answer; tags differ by 1 dB.
        flip_share: share of reads with the phase turned by pi, for weak answers.
        rssi_noise_db: standard deviation of the strength before rounding.
        rssi_step_db: rounding of the strength: 0.5 for Impinj's, 1 for the standard's.
        doppler_noise_hz: standard deviation of the Doppler shift.
    """

    size_m: tuple[float, float] = (5.0, 5.0)
    reflectors: int = 5
    k_factor_db: float = 8.0
    sensitivity_dbm: float = -18.0
    flip_share: float = 0.12
    rssi_noise_db: float = 0.5
    rssi_step_db: float = 0.5
    doppler_noise_hz: float = 64.0


class Moment(NamedTuple):
    """K moments of K tags.

    Attributes:
        antenna: (K,) index into the antennas, from 0.
        frequency_hz: (K,).
        tag: (K,) number of the tag.
        tag_m: (K, 3) its place.
        gain_db: (K,) what its angle and hands take from its gain, 0 at best.
        people_m: (K, P, 2) where everybody is.
        people_gain: (P,) how strongly each reflects, relative to the line of sight.
    """

    antenna: Int64Array
    frequency_hz: Float64Array
    tag: Int64Array
    tag_m: Float64Array
    gain_db: Float64Array
    people_m: Float64Array
    people_gain: Float64Array


class Link(NamedTuple):
    """What the physics gives before noise: (K,) each.

    Attributes:
        margin_db: power at the tag above its sensitivity.
        rssi_dbm: strength of the answer at the reader.
        phase_rad: phase of the answer, any turn.
    """

    margin_db: Float64Array
    rssi_dbm: Float64Array
    phase_rad: Float64Array


class Propagation:
    """The channel between some antennas and some tags in a room.

    Args:
        antennas: the reader's.
        tag_count: T.
        room: surroundings.
        seed: of reflectors, phase offsets and sensitivities.
    """

    def __init__(
        self, antennas: tuple[Antenna, ...], tag_count: int, room: Room, seed: int = 0
    ) -> None:
        chance = np.random.default_rng(seed)
        self.room = room
        self._place_m = np.array([antenna.place_m for antenna in antennas])
        beam = np.array([antenna.faces_m for antenna in antennas]) - self._place_m
        self._beam = beam / np.linalg.norm(beam, axis=1, keepdims=True)
        self._gain_db = np.array([antenna.gain_dbi for antenna in antennas])
        width, depth = room.size_m
        self._reflectors_m = chance.uniform(
            [-1, -1, 0], [width + 1, depth + 1, 2.8], (room.reflectors, 3)
        )
        shape = (len(antennas), room.reflectors)
        raw = chance.normal(size=shape) + 1j * chance.normal(size=shape)
        power = np.sum(np.abs(raw) ** 2, axis=1, keepdims=True)
        self._reflection = raw * np.sqrt(10 ** (-room.k_factor_db / 10) / np.maximum(power, 1e-12))
        self._sensitivity_dbm = chance.normal(room.sensitivity_dbm, 1.0, tag_count)
        self._tag_phase = chance.uniform(0, tau, tag_count)
        self._cable_phase = chance.uniform(0, tau, len(antennas))

    def reach_m(self, antenna: Antenna, power_dbm: float) -> float:
        """Beyond this no tag answers, even where reflections add `_LUCKY_DB` at the beam's best."""
        at_1_m_dbm = power_dbm - _CABLE_DB + antenna.gain_dbi + _TAG_GAIN_DBI - _POLARISATION_DB
        at_1_m_dbm -= 20 * np.log10(4 * np.pi / _WAVE_M)
        spare_db = at_1_m_dbm - self.room.sensitivity_dbm + _LUCKY_DB
        return float(10 ** (spare_db / 20))

    def link(self, at: Moment, power_dbm: Float64Array) -> Link:
        """Power at the tags, and strength and phase of their answers.

        Args:
            at: K moments.
            power_dbm: (K,) at the reader's port.
        """
        wave_m = _LIGHT_M_PER_S / at.frequency_hz
        antenna_m = self._place_m[at.antenna]
        channel = self._line_of_sight(at, antenna_m, wave_m)
        via_m = _via(antenna_m, self._reflectors_m[None], at.tag_m)
        turn = np.exp(-1j * tau * via_m / wave_m[:, None])
        channel += np.sum(self._reflection[at.antenna] * turn / via_m, axis=1)
        if len(at.people_gain):
            channel += self._people(at, antenna_m, wave_m)
        loss_db = -20 * np.log10(np.abs(channel) * wave_m / (2 * tau) + 1e-12)
        gain_db = self._pattern_db(at, antenna_m) + _TAG_GAIN_DBI + at.gain_db
        at_tag_dbm = power_dbm - _CABLE_DB + gain_db - loss_db - _POLARISATION_DB
        way_back_db = _CABLE_DB + loss_db + _POLARISATION_DB - gain_db
        offset = self._tag_phase[at.tag] + self._cable_phase[at.antenna]
        return Link(
            margin_db=at_tag_dbm - self._sensitivity_dbm[at.tag],
            rssi_dbm=at_tag_dbm - way_back_db - _MODULATION_DB,
            phase_rad=-2 * np.angle(channel) + offset,
        )

    def _line_of_sight(
        self, at: Moment, antenna_m: Float64Array, wave_m: Float64Array
    ) -> Float64Array:
        way_m = np.linalg.norm(at.tag_m - antenna_m, axis=1)
        gain = 10 ** (-_BODY_SHADOW_DB / 20 * self._shadows(at, antenna_m))
        return np.asarray(gain * np.exp(-1j * tau * way_m / wave_m) / np.maximum(way_m, 0.1))

    def _shadows(self, at: Moment, antenna_m: Float64Array) -> Float64Array:
        """(K,) 1 where somebody stands in the line of sight, else 0."""
        start, end = antenna_m[:, None, :2], at.tag_m[:, None, :2]
        along = end - start
        length2 = np.maximum(np.sum(along**2, axis=2), 1e-6)
        share = np.clip(np.sum((at.people_m - start) * along, axis=2) / length2, 0, 1)
        gap_m = np.linalg.norm(at.people_m - (start + share[..., None] * along), axis=2)
        return np.asarray((gap_m < _BODY_RADIUS_M).any(axis=1), np.float64)

    def _people(self, at: Moment, antenna_m: Float64Array, wave_m: Float64Array) -> Float64Array:
        height = np.full((*at.people_m.shape[:2], 1), _BODY_HEIGHT_M)
        via_m = _via(antenna_m, np.concatenate([at.people_m, height], axis=2), at.tag_m)
        turn = np.exp(-1j * tau * via_m / wave_m[:, None])
        return np.asarray(np.sum(at.people_gain * turn / via_m, axis=1))

    def _pattern_db(self, at: Moment, antenna_m: Float64Array) -> Float64Array:
        """Gain towards the tag: a parabola in the angle from the beam, in decibels."""
        way = at.tag_m - antenna_m
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
        angle = np.arccos(np.clip(np.sum(way * self._beam[at.antenna], axis=1), -1, 1))
        drop = np.minimum(12 * (angle / _BEAM_WIDTH_RAD) ** 2, _BACK_LOBE_DB)
        return np.asarray(self._gain_db[at.antenna] - drop)

    def observe(
        self, link: Link, chance: np.random.Generator
    ) -> tuple[Float64Array, Int64Array, Float64Array]:
        """What the reader reports of these links, noise and rounding included.

        The phase's spread grows as the answer weakens: .016 rad at -30 dBm, ten times that 28 dB
        below, as measured on a real R420.

        Returns:
            rssi_dbm (K,), phase in 1/4096 turns (K,), doppler_hz (K,) of a tag at rest.
        """
        room, count = self.room, len(link.rssi_dbm)
        spread = np.clip(0.016 * 10 ** ((-30 - link.rssi_dbm) / 28), 0.015, 0.5)
        weak = (_NO_FLIPS_ABOVE_DBM - link.rssi_dbm) / (_NO_FLIPS_ABOVE_DBM - _FLIPS_BELOW_DBM)
        flips = chance.random(count) < room.flip_share * np.clip(weak, 0.03, 1)
        phase = link.phase_rad + chance.normal(0, spread) + flips * (tau / 2)
        raw = np.rint(phase * (PHASE_STEPS / tau)).astype(np.int64) % PHASE_STEPS
        rssi_dbm = link.rssi_dbm + chance.normal(0, room.rssi_noise_db, count)
        # Laplace, as the real reader's shifts have far outliers.
        doppler_hz = chance.laplace(0, room.doppler_noise_hz / np.sqrt(2), count)
        step = room.rssi_step_db
        return np.rint(rssi_dbm / step) * step, raw, doppler_hz

    def answers(self, link: Link, chance: np.random.Generator) -> BoolArray:
        """(K,) which tags have enough power to answer, each with 1 dB of fading."""
        return np.asarray(link.margin_db + chance.normal(0, 1.0, len(link.margin_db)) > 0)


def _via(start_m: Float64Array, over_m: Float64Array, end_m: Float64Array) -> Float64Array:
    """(K, N) length of the ways from (K, 3) over (K or 1, N, 3) to (K, 3)."""
    there = np.linalg.norm(over_m - start_m[:, None], axis=2)
    back = np.linalg.norm(over_m - end_m[:, None], axis=2)
    return np.asarray(np.maximum(there + back, 0.1))
