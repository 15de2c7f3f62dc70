"""Reads as the emulated reader reports them; pure."""

from collections.abc import Iterator
from math import tau
from typing import Final

import numpy as np

from edge_core.llrp import Bits, Element, Message, message, parameter
from edge_core.simulator.rfid.propagation import PHASE_STEPS
from edge_core.simulator.rfid.rospec import ReportOrder
from edge_core.tag_reads import TagReads
from edge_core.units import NS_PER_US

_EPC_96_BITS: Final = 96
_PER_REPORT: Final = 16


class ReportBuffer:
    """Holds reads until the ROSpec's trigger lets them go.

    Attributes:
        lost: whether reads were lost since the last call of `reports`, the buffer being full.

    Args:
        order: what the ROSpec wants.
        rospec_id: the ROSpec's.
        limit: entries it holds; a real reader has room for some thousands.
    """

    def __init__(self, order: ReportOrder, rospec_id: int, limit: int = 10_000) -> None:
        self.lost = False
        self._order = order
        self._rospec_id = rospec_id
        self._limit = limit
        self._held: list[Element] = []

    def add(self, reads: TagReads, start_us: int, *, utc: bool) -> None:
        """Take in reads; their time 0 is `start_us` on the reader's clock."""
        for row in range(len(reads)):
            if len(self._held) >= self._limit:
                self.lost = True
                return
            self._held.append(self._entry(reads, row, start_us, utc=utc))

    def due(self, *, all_of_them: bool = False) -> Iterator[Message]:
        """Reports that are to go out now; with `all_of_them`, whatever is held."""
        every = self._order.every
        if all_of_them or (every and len(self._held) >= every):
            held, self._held = self._held, []
            # A reader that is behind puts several into one message.
            size = max(every, _PER_REPORT)
            for first in range(0, len(held), size):
                yield message("RO_ACCESS_REPORT", *held[first : first + size])

    def _entry(self, reads: TagReads, row: int, start_us: int, *, utc: bool) -> Element:
        order, want = self._order, self._order.content
        seen_us = start_us + int(reads.time_ns[row]) // NS_PER_US
        clock = "UTC" if utc else "Uptime"
        rssi_dbm = float(reads.rssi_dbm[row])
        parts = [_epc(reads.epcs[reads.tag[row]])]

        def add(flag: str, name: str, **values: int) -> None:
            if want.get(flag):
                parts.append(parameter(name, **values))

        add("EnableROSpecID", "ROSpecID", ROSpecID=self._rospec_id)
        add("EnableSpecIndex", "SpecIndex", SpecIndex=1)
        add("EnableInventoryParameterSpecID", "InventoryParameterSpecID",
            InventoryParameterSpecID=1)  # fmt: skip
        add("EnableAntennaID", "AntennaID", AntennaID=int(reads.antenna[row]))
        add("EnablePeakRSSI", "PeakRSSI", PeakRSSI=max(round(rssi_dbm), -128))
        add("EnableChannelIndex", "ChannelIndex", ChannelIndex=int(reads.channel[row]))
        add("EnableFirstSeenTimestamp", f"FirstSeenTimestamp{clock}", Microseconds=seen_us)
        add("EnableLastSeenTimestamp", f"LastSeenTimestamp{clock}", Microseconds=seen_us)
        add("EnableTagSeenCount", "TagSeenCount", TagCount=1)
        if order.phase:
            angle = round(float(reads.phase_rad[row]) * PHASE_STEPS / tau) % PHASE_STEPS
            parts.append(parameter("ImpinjRFPhaseAngle", PhaseAngle=angle))
        if order.fine_rssi:
            parts.append(parameter("ImpinjPeakRSSI", RSSI=round(100 * rssi_dbm)))
        if order.doppler:
            shift = round(float(np.clip(reads.doppler_hz[row], -2000, 2000)) * 16)
            parts.append(parameter("ImpinjRFDopplerFrequency", DopplerFrequency=shift))
        return parameter("TagReportData", *parts)


def _epc(epc: str) -> Element:
    data = bytes.fromhex(epc)
    if 8 * len(data) == _EPC_96_BITS:
        return parameter("EPC_96", EPC=data)
    return parameter("EPCData", EPC=Bits(8 * len(data), data))
