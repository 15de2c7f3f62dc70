"""A reader at work: rounds on its antennas give tag reads; pure, driven by simulated time."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edge_core.simulator.rfid.airtime import channel_at, fcc_hop_table, round_s
from edge_core.simulator.rfid.propagation import (
    PHASE_STEPS,
    Antenna,
    Link,
    Moment,
    Propagation,
    Room,
)
from edge_core.simulator.rfid.world import TagWorld
from edge_core.tag_reads import TagReads
from edge_core.types import Float64Array, Int64Array
from edge_core.units import NS_PER_S

_JITTER: Final = 0.08
_MISSED: Final = 0.05
_MISSED_IN_HAND: Final = 0.35  # a real R420 reads a carried tag a third less, equally strong
_DOPPLER_SPREAD_IN_HAND: Final = 1.5  # measured likewise
_DOPPLER_STEPS_PER_HZ: Final = 16
_LOOK_S: Final = 0.02
_Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class AntennaPort:
    """One antenna of a running inventory.

    Attributes:
        number: at the reader, from 1.
        power_dbm: transmit power.
    """

    number: int
    power_dbm: float


class Inventory:
    """Reads the tags of a world in rounds, one antenna after another.

    Args:
        world: the tags and the people.
        antennas: all antennas of the reader; port n is antennas[n - 1].
        room: surroundings.
        seed: of the surroundings and of all noise.
    """

    def __init__(
        self,
        world: TagWorld,
        antennas: tuple[Antenna, ...],
        room: Room | None = None,
        seed: int = 0,
    ) -> None:
        self.world = world
        self.frequency_khz = fcc_hop_table()
        self._antennas = antennas
        self._air = Propagation(antennas, world.tag_count, room or Room(), seed)
        self._chance = np.random.default_rng(seed + 1)
        self._start_channel = float(self._chance.uniform(0, len(self.frequency_khz)))
        self._ports: tuple[AntennaPort, ...] = ()
        self._turn = 0
        self._next_s = 0.0
        self._waiting: tuple[_Column, ...] | None = None

    def start(self, ports: tuple[AntennaPort, ...], time_s: float) -> None:
        """Begin to read on these antennas, ending a round that is under way.

        Raises:
            ValueError: there is no such antenna.
        """
        if any(not 1 <= port.number <= len(self._antennas) for port in ports):
            raise ValueError(f"the reader has antennas 1 to {len(self._antennas)}")
        self._ports, self._turn, self._next_s = ports, 0, time_s
        self._waiting = None

    def stop(self) -> None:
        """Read no more."""
        self._ports, self._waiting = (), None

    def skip(self, until_s: float) -> None:
        """Leave out the rounds that would begin before this time."""
        self._next_s = max(self._next_s, until_s)

    def advance(self, until_s: float) -> TagReads:
        """All reads made before this time and not before the last call's."""
        parts = [self._waiting] if self._waiting is not None else []
        while self._ports and self._next_s < until_s:
            parts.append(self._round(self._ports[self._turn % len(self._ports)]))
            self._turn += 1
        if not parts:
            return TagReads.empty()
        columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
        made = columns[1] < until_s
        # A round that has begun goes on after this call.
        self._waiting = tuple(column[~made] for column in columns)
        return self._tag_reads(*(column[made] for column in columns))

    def _round(self, port: AntennaPort) -> tuple[_Column, ...]:
        """One round on one antenna: tag, time, antenna, channel, rssi, phase, doppler."""
        chance, start_s = self._chance, self._next_s
        hung = self._antennas[port.number - 1]
        everyone = self.world.near(hung.place_m, self._air.reach_m(hung, port.power_dbm))
        _, link = self._look(port, everyone, np.full(len(everyone), start_s))
        present = everyone[self._air.answers(link, chance)]
        length_s = round_s(len(present), len(self._ports)) * float(chance.normal(1, _JITTER))
        self._next_s = start_s + max(length_s, 1e-3)
        held = self.world.held(present, np.full(len(present), start_s))
        missed = chance.random(len(present)) < np.where(held, _MISSED_IN_HAND, _MISSED)
        read = chance.permutation(present[~missed])
        # The tags answer one after another in the second part of the round.
        share = (np.arange(len(read)) + chance.random(len(read))) / max(len(read), 1)
        time_s = start_s + length_s * (0.4 + 0.6 * share)
        channel, link = self._look(port, read, time_s)
        rssi_dbm, phase, doppler_hz = self._air.observe(link, chance)
        doppler_hz *= np.where(self.world.held(read, time_s), _DOPPLER_SPREAD_IN_HAND, 1.0)
        doppler_hz += self._shift_hz(port, read, time_s)
        antenna = np.full(len(read), port.number)
        return read, time_s, antenna, channel, rssi_dbm, phase, doppler_hz

    def _look(
        self, port: AntennaPort, tag: Int64Array, time_s: Float64Array
    ) -> tuple[Int64Array, Link]:
        """Channel index (K,) and link of these tags at these times."""
        channel = channel_at(time_s, len(self.frequency_khz), self._start_channel)
        people_m, people_gain = self.world.people(time_s)
        moment = Moment(
            antenna=np.full(len(tag), port.number - 1),
            frequency_hz=np.asarray(self.frequency_khz[channel - 1] * 1e3, np.float64),
            tag=tag,
            tag_m=self.world.tags_m(tag, time_s),
            gain_db=self.world.gains_db(tag, time_s),
            people_m=people_m,
            people_gain=people_gain,
        )
        power_dbm = np.full(len(tag), port.power_dbm)
        return channel, self._air.link(moment, power_dbm)

    def _shift_hz(self, port: AntennaPort, tag: Int64Array, time_s: Float64Array) -> Float64Array:
        """Doppler shift: how fast the phase turns at an unchanged carrier."""
        channel = channel_at(time_s, len(self.frequency_khz), self._start_channel)
        way_m = [
            np.linalg.norm(
                self.world.tags_m(tag, at_s) - np.array(self._antennas[port.number - 1].place_m),
                axis=1,
            )
            for at_s in (time_s - _LOOK_S, time_s)
        ]
        speed_m_s = (way_m[0] - way_m[1]) / _LOOK_S
        wave_m = 299_792_458.0 / (self.frequency_khz[channel - 1] * 1e3)
        return np.asarray(2 * speed_m_s / wave_m)

    def _tag_reads(
        self,
        tag: Float64Array,
        time_s: Float64Array,
        antenna: Float64Array,
        channel: Float64Array,
        rssi_dbm: Float64Array,
        phase: Float64Array,
        doppler_hz: Float64Array,
    ) -> TagReads:
        order = np.argsort(time_s, kind="stable")
        steps = np.rint(doppler_hz[order] * _DOPPLER_STEPS_PER_HZ)
        return TagReads(
            epcs=self.world.epcs,
            tag=tag[order].astype(np.int32),
            time_ns=np.rint(time_s[order] * NS_PER_S).astype(np.int64),
            antenna=antenna[order].astype(np.int16),
            channel=channel[order].astype(np.int16),
            rssi_dbm=rssi_dbm[order].astype(np.float32),
            phase_rad=(phase[order] * (2 * np.pi / PHASE_STEPS)).astype(np.float32),
            doppler_hz=(steps / _DOPPLER_STEPS_PER_HZ).astype(np.float32),
        )
