"""All antennas of all readers in one row.

So a garment carried from one reader's view into another's is one story.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from typing import Final

import numpy as np

from edge_core.config import PASSING, AntennaConfig, RackConfig, SiteConfig
from edge_core.tag_reads import ReaderBatch, TagReads
from edge_core.types import Int16Array

FITTING_ROOM: Final = "fitting-room"
_UNKNOWN: Final = (nan, nan)


@dataclass(frozen=True, slots=True)
class Port:
    """One antenna.

    Attributes:
        number: among all antennas of the site, from 1.
        reader_id, antenna: whose it is, and its number there.
        zone_id, rack_id: what it looks at, or "".
        floor_id: floor of what it looks at, or "".
        place_m: where the garments that it sees best are, x and y; NaN when unknown.
        hangs_m: where it hangs itself, x and y; None when unknown.
    """

    number: int
    reader_id: str
    antenna: int
    zone_id: str
    rack_id: str
    floor_id: str
    place_m: tuple[float, float]
    hangs_m: tuple[float, float] | None = None


class Antennas:
    """The site's antennas, numbered through.

    Args:
        site: its readers, racks and zones.

    Attributes:
        rooms: fitting room, a zone's id, by port number.
        passing: ports of places where garments never belong.
        zones: zones that antennas look at, in the order of the settings.
    """

    def __init__(self, site: SiteConfig) -> None:
        self._ports: list[Port] = []
        self._numbers: dict[tuple[str, int], int] = {}
        racks = {rack.id: rack for rack in site.racks}
        zones = {zone.id: zone for zone in site.zones}
        for reader in site.readers:
            for antenna in reader.antennas:
                number = len(self._ports) + 1
                rack, zone = racks.get(antenna.rack or ""), zones.get(antenna.zone or "")
                floor = rack.floor if rack else zone.floor if zone else ""
                self._ports.append(
                    Port(
                        number,
                        reader.id,
                        antenna.number,
                        antenna.zone or (rack.zone if rack else None) or "",
                        antenna.rack or "",
                        floor,
                        _place_m(antenna, rack),
                        antenna.position_m,
                    )
                )
                self._numbers[reader.id, antenna.number] = number
        kinds = {zone.id: zone.kind for zone in site.zones}
        ports = self._ports
        self.rooms = {p.number: p.zone_id for p in ports if kinds.get(p.zone_id) == FITTING_ROOM}
        self.passing = frozenset(p.number for p in ports if kinds.get(p.zone_id) in PASSING)
        self.zones = tuple(dict.fromkeys(port.zone_id for port in ports if port.zone_id))

    def __iter__(self) -> Iterator[Port]:
        return iter(self._ports)

    def port(self, number: int) -> Port | None:
        """The antenna of this number, or None for none."""
        return self._ports[number - 1] if 1 <= number <= len(self._ports) else None

    def numbers(self, reader_id: str, antenna: Int16Array) -> Int16Array:
        """Port numbers of a reader's antenna numbers, int16 (N,); 0 for one not configured."""
        known, place = np.unique(antenna, return_inverse=True)
        ports = [self._numbers.get((reader_id, int(number)), 0) for number in known]
        return np.array(ports, np.int16).reshape(-1)[place]


class Carriers:
    """The carriers of all readers in one table, so that channels mean the same at each."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[float, ...]] = {}
        self._union: tuple[float, ...] = ()

    @property
    def frequency_mhz(self) -> tuple[float, ...]:
        """Carrier of channel 1, 2, … of what `merged` gives; empty unless every reader tells."""
        return self._union

    def take(self, reader_id: str, frequency_mhz: tuple[float, ...]) -> bool:
        """Learn a reader's carriers; whether the common table is another one now."""
        if self._of.get(reader_id) == frequency_mhz:
            return False
        if not frequency_mhz and self._of.get(reader_id):
            return False
        self._of[reader_id] = frequency_mhz
        before = self._union
        everybody = all(self._of.values())
        self._union = tuple(sorted(set().union(*self._of.values()))) if everybody else ()
        return self._union != before

    def channels(self, reader_id: str, channel: Int16Array) -> Int16Array:
        """A reader's channel indices in the common table, int16 (N,); as they are without one."""
        own = self._of.get(reader_id, ())
        if not self._union or not own:
            return channel
        places = np.searchsorted(np.array(self._union), np.array(own)) + 1
        inside = (channel >= 1) & (channel <= len(own))
        return np.where(inside, places[np.where(inside, channel - 1, 0)], 0).astype(np.int16)


def merged(batch: ReaderBatch, antennas: Antennas, carriers: Carriers) -> TagReads:
    """A reader's reads with port numbers for antennas and common channels.

    Reads without strength, or of an antenna that is not configured, are left out.
    """
    reads = batch.reads
    port = antennas.numbers(batch.reader_id, reads.antenna)
    told = np.isfinite(reads.rssi_dbm) & (port > 0)
    channel = carriers.channels(batch.reader_id, reads.channel)
    return replace(reads, antenna=port, channel=channel).take(told)


def _place_m(antenna: AntennaConfig, rack: RackConfig | None) -> tuple[float, float]:
    if rack is not None:
        return rack.centre_m
    return antenna.position_m or _UNKNOWN
