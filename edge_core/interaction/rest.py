"""Where tags rest: a few reads of each tag's quiet moments, to know the place again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from edge_core.interaction.windows import Cut
from edge_core.tag_reads import TagReads
from edge_core.types import Float64Array, Int32Array, Int64Array
from edge_core.units import ns_from_s

_QUIET = 0.2
_SAME = 0.5
_ROWS = 96
_REFRESH_NS = ns_from_s(30)
_SETTLED_NS = ns_from_s(300)
_FORGET_NS = ns_from_s(3600)


@dataclass(slots=True)
class _Place:
    """Reads of a tag at rest and what is needed to keep them fresh."""

    reads: TagReads
    antenna: int
    refreshed_ns: int
    seen_ns: int
    elsewhere_ns: int | None = None


@dataclass(slots=True)
class RestPlaces:
    """Remembers the resting place of every tag; at most 96 reads each, an hour after the last.

    A place is learned from two quiet windows in a row, kept fresh while the tag stays, and
    replaced once the tag has been quiet elsewhere for five minutes.

    Attributes:
        passing: antennas of places where nothing rests for good.
    """

    passing: frozenset[int] = frozenset()
    _places: dict[str, _Place] = field(default_factory=dict)
    _quiet: dict[str, bool] = field(default_factory=dict)

    def of(self, epcs: tuple[str, ...]) -> TagReads:
        """Reads at rest of those tags that have a place; `epcs` as given."""
        known = [(index, epc) for index, epc in enumerate(epcs) if epc in self._places]
        parts = [self._places[epc].reads for _, epc in known] or [TagReads.empty()]
        lengths = [len(part) for part in parts]
        return joined(parts, epcs, np.repeat([index for index, _ in known] or [0], lengths))

    def antenna_of(self, epc: str) -> int | None:
        """Antenna that sees a tag best where it rests."""
        place = self._places.get(epc)
        return None if place is None else place.antenna

    def reads_of(self, epc: str) -> TagReads | None:
        """The reads kept of a tag at rest; the same object until they are refreshed."""
        place = self._places.get(epc)
        return None if place is None else place.reads

    def learn(
        self, cut: Cut, p_moving: Float64Array, elsewhere: Float64Array, strongest: Int32Array
    ) -> None:
        """Take in what windows showed.

        Args:
            cut: the B windows.
            p_moving: float64 (B,).
            elsewhere: float64 (B,), probability of not being where the tag rested; NaN unknown.
            strongest: int32 (B,), antenna with the highest mean RSSI.
        """
        now_ns = cut.end_ns
        by_window = np.argsort(cut.window, kind="stable")
        ends = np.cumsum(np.bincount(cut.window, minlength=len(cut.epcs)))
        for index, epc in enumerate(cut.epcs):
            quiet = bool(p_moving[index] < _QUIET) and int(strongest[index]) not in self.passing
            before, self._quiet[epc] = self._quiet.get(epc, False), quiet
            place = self._places.get(epc)
            if place is not None:
                place.seen_ns = now_ns
            if not quiet:
                if place is not None:
                    place.elsewhere_ns = None
            elif before and self._wanted(place, now_ns, float(elsewhere[index])):
                rows = by_window[ends[index - 1] if index else 0 : ends[index]]
                self._adopt(epc, now_ns, cut.reads.take(rows), int(strongest[index]))
        self._forget(now_ns)

    def _wanted(self, place: _Place | None, now_ns: int, elsewhere: float) -> bool:
        """Should a quiet window's reads go into the tag's place."""
        if place is None:
            return True
        if elsewhere >= _SAME:
            since = place.elsewhere_ns = place.elsewhere_ns or now_ns
            return now_ns - since >= _SETTLED_NS
        place.elsewhere_ns = None
        return len(place.reads) < _ROWS or now_ns - place.refreshed_ns >= _REFRESH_NS

    def _adopt(self, epc: str, now_ns: int, reads: TagReads, antenna: int) -> None:
        place = self._places.get(epc)
        reads = reads.of_one(epc)
        if place is not None and place.elsewhere_ns is None:
            older = place.reads
            since = int(np.searchsorted(older.time_ns, reads.time_ns[0]))
            reads = older.take(slice(since)).followed_by(reads)
        self._places[epc] = _Place(reads.take(slice(-_ROWS, None)), antenna, now_ns, now_ns)

    def _forget(self, now_ns: int) -> None:
        stale = [epc for epc, place in self._places.items() if now_ns - place.seen_ns > _FORGET_NS]
        for epc in stale:
            del self._places[epc]
        if len(self._quiet) > 2 * len(self._places) + 1024:
            self._quiet = {epc: quiet for epc, quiet in self._quiet.items() if epc in self._places}


def joined(parts: Sequence[TagReads], epcs: tuple[str, ...], tag: Int64Array) -> TagReads:
    """Several sets of reads as one, in order of time, their tags numbered anew.

    Args:
        parts: the reads.
        epcs: the tags.
        tag: int64 (N,), each read's tag as its place in `epcs`, in the order of `parts`.
    """
    time_ns = np.concatenate([part.time_ns for part in parts])
    order = np.argsort(time_ns, kind="stable")
    return TagReads(
        epcs,
        tag[order].astype(np.int32),
        time_ns[order],
        np.concatenate([part.antenna for part in parts])[order],
        np.concatenate([part.channel for part in parts])[order],
        np.concatenate([part.rssi_dbm for part in parts])[order],
        np.concatenate([part.phase_rad for part in parts])[order],
        np.concatenate([part.doppler_hz for part in parts])[order],
    )
