"""RO_ACCESS_REPORT messages as tag reads; pure."""

from collections import deque
from collections.abc import Iterator, Sequence
from math import nan, tau
from typing import Final, NamedTuple

import numpy as np

from edge_core.llrp import Bits, Element, Message
from edge_core.sensing.rfid.clock_offset import ClockOffset
from edge_core.tag_reads import TagReads

_PHASE_STEPS: Final = 4096
_DOPPLER_STEPS_PER_HZ: Final = 16
_RSSI_STEPS_PER_DB: Final = 100
_MOST: Final = 32_767
MAX_WAITING_READS: Final = 20_000
"""Reads kept for a consumer that does not take them; the oldest go first."""


class ReportedRead(NamedTuple):
    """One entry of a report, as the reader told it.

    Attributes:
        epc: lower-case hexadecimal.
        epc_bits: its length; shorter than the digits when it is no multiple of four.
        antenna: number from 1; 0 when not told.
        channel: index from 1; 0 when not told.
        rssi_dbm: the vendor's fine value if there is one; NaN when not told.
        phase_rad: 0..2pi; NaN when not told.
        doppler_hz: NaN when not told.
        first_us: first seen on the reader's clock, None when not told.
        last_us: last seen.
        is_utc: whether these count from 1970 rather than from when the reader was switched on.
        seen_count: how many reads the reader merged into this one.
    """

    epc: str
    epc_bits: int
    antenna: int
    channel: int
    rssi_dbm: float
    phase_rad: float
    doppler_hz: float
    first_us: int | None
    last_us: int | None
    is_utc: bool
    seen_count: int


def reads_of(report: Message) -> Iterator[ReportedRead]:
    """The reads of a RO_ACCESS_REPORT, leaving out those without EPC or of no real antenna."""
    for entry in report.body.children:
        if entry.spec.name == "TagReportData":
            read = _read(entry)
            if read is not None and max(read.antenna, read.channel) <= _MOST:
                yield read


def _read(entry: Element) -> ReportedRead | None:
    told = {child.spec.name: child.values for child in entry.children}
    if "EPC_96" in told:
        epc = Bits(96, told["EPC_96"]["EPC"])
    elif "EPCData" in told:
        epc = told["EPCData"]["EPC"]
    else:
        return None
    is_utc = "FirstSeenTimestampUTC" in told or "LastSeenTimestampUTC" in told
    clock = "UTC" if is_utc else "Uptime"
    none: dict[str, int] = {}
    first_us = told.get(f"FirstSeenTimestamp{clock}", none).get("Microseconds")
    last_us = told.get(f"LastSeenTimestamp{clock}", none).get("Microseconds")
    rssi_dbm = told["PeakRSSI"]["PeakRSSI"] if "PeakRSSI" in told else nan
    if "ImpinjPeakRSSI" in told:
        rssi_dbm = told["ImpinjPeakRSSI"]["RSSI"] / _RSSI_STEPS_PER_DB
    phase_rad = nan
    if "ImpinjRFPhaseAngle" in told:
        phase_rad = told["ImpinjRFPhaseAngle"]["PhaseAngle"] % _PHASE_STEPS * tau / _PHASE_STEPS
    doppler_hz = nan
    if "ImpinjRFDopplerFrequency" in told:
        shift = told["ImpinjRFDopplerFrequency"]["DopplerFrequency"]
        doppler_hz = shift / _DOPPLER_STEPS_PER_HZ
    return ReportedRead(
        epc=epc.data.hex(),
        epc_bits=epc.length,
        antenna=told.get("AntennaID", none).get("AntennaID", 0),
        channel=told.get("ChannelIndex", none).get("ChannelIndex", 0),
        rssi_dbm=rssi_dbm,
        phase_rad=phase_rad,
        doppler_hz=doppler_hz,
        first_us=last_us if first_us is None else first_us,
        last_us=first_us if last_us is None else last_us,
        is_utc=is_utc,
        seen_count=told.get("TagSeenCount", none).get("TagCount", 1),
    )


class ReadCollector:
    """Puts reported reads on the monotonic clock and gathers them into batches.

    Attributes:
        dropped: reads given up because nobody took them.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._clocks = {True: ClockOffset(), False: ClockOffset()}
        self._waiting: deque[tuple[int, ReportedRead]] = deque(maxlen=MAX_WAITING_READS)
        self._newest_ns = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def stamp(self, reader_us: int, received_mono_ns: int, *, is_utc: bool) -> None:
        """Take in a time stamp of an event."""
        self._clocks[is_utc].add(reader_us, received_mono_ns)

    def add(self, report: Message, received_mono_ns: int) -> int:
        """Take in a report; returns the number of reads in it, merged ones counted singly."""
        reads = list(reads_of(report))
        for read in reads:
            if read.last_us is not None:
                self._clocks[read.is_utc].add(read.last_us, received_mono_ns)
        for read in reads:
            self.dropped += len(self._waiting) == MAX_WAITING_READS
            self._waiting.append((self._mono_ns(read, received_mono_ns), read))
        return sum(max(read.seen_count, 1) for read in reads)

    def take(self) -> TagReads:
        """All reads since the last call, in order of time, none before any taken earlier.

        The offset of the clocks is known ever better, which may move a late read a few
        milliseconds before the last batch's end; it is put there.
        """
        rows = sorted(
            ((max(mono_ns, self._newest_ns), read) for mono_ns, read in self._waiting),
            key=lambda row: row[0],
        )
        self._waiting.clear()
        if rows:
            self._newest_ns = rows[-1][0]
        return as_tag_reads(rows)

    def _mono_ns(self, read: ReportedRead, received_mono_ns: int) -> int:
        if read.first_us is None:
            return received_mono_ns
        # No stamp can make a read later than its arrival or earlier than the machine's start.
        return max(min(self._clocks[read.is_utc].mono_ns(read.first_us), received_mono_ns), 0)


def as_tag_reads(rows: Sequence[tuple[int, ReportedRead]]) -> TagReads:
    """Struct of arrays of (monotonic ns, read) rows, which are in order of time."""
    numbers: dict[str, int] = {}
    tag = [numbers.setdefault(read.epc, len(numbers)) for _, read in rows]
    return TagReads(
        epcs=tuple(numbers),
        tag=np.array(tag, np.int32),
        time_ns=np.array([mono_ns for mono_ns, _ in rows], np.int64),
        antenna=np.array([read.antenna for _, read in rows], np.int16),
        channel=np.array([read.channel for _, read in rows], np.int16),
        rssi_dbm=np.array([read.rssi_dbm for _, read in rows], np.float32),
        phase_rad=np.array([read.phase_rad for _, read in rows], np.float32),
        doppler_hz=np.array([read.doppler_hz for _, read in rows], np.float32),
    )
