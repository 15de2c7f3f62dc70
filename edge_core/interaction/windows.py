"""Windows over a stream of tag reads: short for tags that are read often, long for the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.interaction.hop_tables import HopTable
from edge_core.interaction.runs import Runs, lay_out
from edge_core.tag_reads import TagReads
from edge_core.types import BoolArray, Float64Array, Int16Array, Int32Array, Int64Array
from edge_core.units import NS_PER_MS, NS_PER_S, ns_from_s

_TICK_NS = 500 * NS_PER_MS
_LATE_NS = 300 * NS_PER_MS
"""A window may lack this much at either end of what was recorded of a tag."""
_MIN_READS = 3
_COMPACT_EPCS = 1024


@dataclass(frozen=True, slots=True)
class WindowPolicy:
    """Length of windows by read rate; windows follow one another by half their length.

    What tells motion are reads of one antenna compared with one another, so the rate of one
    antenna decides, not the tag's as a whole: a short window should hold some six such reads.

    Attributes:
        short_s: for tags that an antenna, on average, reads at least `often_hz` times a second.
        long_s: for the others.
        often_hz: what divides them.
    """

    short_s: float = 2.0
    long_s: float = 5.0
    often_hz: float = 3.0

    def lengths_ns(self, rate_hz: Float64Array) -> Int64Array:
        """Window length for each tag by its reads per second and antenna, int64 (T,)."""
        often = rate_hz >= self.often_hz
        return np.where(often, ns_from_s(self.short_s), ns_from_s(self.long_s)).astype(np.int64)

    @property
    def history_ns(self) -> int:
        """How long reads are kept: a long window and the one before it."""
        return 2 * ns_from_s(max(self.short_s, self.long_s))


FOR_ITEMS: Final = WindowPolicy(often_hz=0.5)
"""For item states: a touch lasts a second or two, so nearly all windows are short; what few reads
do not tell of motion, the resting place does (simulated: a third more events are found)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Windows that end at one moment, each beside the window before it.

    Attributes:
        end_ns: the moment.
        epcs: the B tags.
        length_ns: int64 (B,).
        count: int64 (B,), reads in the window.
        reads: the reads of the windows and their references, a tag's rows in time order.
        window: int64 (N,), the window each read belongs to.
        now: bool (N,), read in the window itself.
    """

    end_ns: int
    epcs: tuple[str, ...]
    length_ns: Int64Array
    count: Int64Array
    reads: TagReads
    window: Int64Array
    now: BoolArray

    def runs(self, table: HopTable | None) -> Runs:
        """The reads laid out for arithmetic."""
        return lay_out(self.reads, self.window, self.now, len(self.epcs), table)


@dataclass(slots=True)
class WindowCutter:
    """Keeps the last seconds of reads and cuts windows as time passes.

    Memory is bounded by the history's reads; cost by the reads of the windows cut.

    Attributes:
        policy: lengths of windows.
        origin_ns: when windows are counted from; the first read when None. With a fixed origin
            the same reads give the same windows whatever came before them.
    """

    policy: WindowPolicy = field(default_factory=WindowPolicy)
    origin_ns: int | None = None
    _kept: TagReads = field(default_factory=TagReads.empty)
    _numbers: dict[str, int] = field(default_factory=dict)
    _tick: int = 0

    def push(self, reads: TagReads) -> Iterator[Cut]:
        """Add reads; yields the windows that ended before the newest of them.

        Reads older than the newest window are kept for the windows to come.
        """
        if not len(reads):
            return
        start = int(reads.time_ns[0])
        if self.origin_ns is None:
            self.origin_ns = start
        second = (reads.time_ns - start) // NS_PER_S
        for rows in np.split(np.arange(len(reads)), np.flatnonzero(np.diff(second)) + 1):
            self._keep(reads.take(slice(int(rows[0]), int(rows[-1]) + 1)))
            yield from self._until(int(self._kept.time_ns[-1]))

    def finish(self) -> Iterator[Cut]:
        """The windows that the last reads all but fill; for recordings."""
        if len(self._kept):
            yield from self._until(int(self._kept.time_ns[-1]) + _LATE_NS)

    def _keep(self, reads: TagReads) -> None:
        """Append reads and forget those too old for any window."""
        numbers = np.array(
            [self._numbers.setdefault(epc, len(self._numbers)) for epc in reads.epcs], np.int32
        )
        old = self._kept
        newest = max(int(reads.time_ns[-1]), int(old.time_ns[-1]) if len(old) else 0)
        since = newest - self.policy.history_ns - ns_from_s(1)
        stale, fresh = old.time_ns >= since, reads.time_ns >= since
        time_ns = np.concatenate([old.time_ns[stale], reads.time_ns[fresh]])
        order = np.argsort(time_ns, kind="stable")
        self._kept = TagReads(
            tuple(self._numbers),
            np.concatenate([old.tag[stale], numbers[reads.tag[fresh]]])[order],
            time_ns[order],
            np.concatenate([old.antenna[stale], reads.antenna[fresh]])[order],
            np.concatenate([old.channel[stale], reads.channel[fresh]])[order],
            np.concatenate([old.rssi_dbm[stale], reads.rssi_dbm[fresh]])[order],
            np.concatenate([old.phase_rad[stale], reads.phase_rad[fresh]])[order],
            np.concatenate([old.doppler_hz[stale], reads.doppler_hz[fresh]])[order],
        )
        self._compact()

    def _compact(self) -> None:
        """Forget the names of tags that have no reads left, once they are many."""
        present, tag = np.unique(self._kept.tag, return_inverse=True)
        if len(self._numbers) < _COMPACT_EPCS + 2 * len(present):
            return
        epcs = tuple(self._kept.epcs[index] for index in present)
        self._numbers = {epc: index for index, epc in enumerate(epcs)}
        kept = self._kept
        self._kept = TagReads(
            epcs,
            tag.astype(np.int32),
            kept.time_ns,
            kept.antenna,
            kept.channel,
            kept.rssi_dbm,
            kept.phase_rad,
            kept.doppler_hz,
        )

    def _until(self, now_ns: int) -> Iterator[Cut]:
        if self.origin_ns is None:
            return
        last = (now_ns - self.origin_ns) // _TICK_NS
        oldest = (int(self._kept.time_ns[0]) - self.origin_ns) // _TICK_NS
        self._tick = max(self._tick, oldest)  # nothing was read in the ticks that are passed over
        while self._tick < last:
            self._tick += 1
            cut = self._cut(self._tick)
            if cut is not None:
                yield cut

    def _cut(self, tick: int) -> Cut | None:
        """The windows due at one tick, or None."""
        assert self.origin_ns is not None
        end = self.origin_ns + tick * _TICK_NS
        kept = self._kept
        inside = slice(
            int(np.searchsorted(kept.time_ns, end - self.policy.history_ns)),
            int(np.searchsorted(kept.time_ns, end)),
        )
        tag, time_ns = kept.tag[inside], kept.time_ns[inside]
        if not len(tag):
            return None
        length, first_ns = self._lengths(tag, kept.antenna[inside], time_ns, end)
        hop = np.maximum(length // 2 // _TICK_NS, 1)
        due = (tick % hop == 0) & (first_ns <= end - length + _LATE_NS)
        now = time_ns >= (end - length)[tag]
        count = np.bincount(tag[now], minlength=len(length))
        due &= count >= _MIN_READS
        chosen = np.flatnonzero(due)
        if not len(chosen):
            return None
        place = np.full(len(length), -1, np.int64)
        place[chosen] = np.arange(len(chosen))
        rows = due[tag] & (time_ns >= (end - 2 * length)[tag])
        return Cut(
            end_ns=end,
            epcs=tuple(kept.epcs[index] for index in chosen),
            length_ns=length[chosen],
            count=count[chosen],
            reads=kept.take(inside).take(rows),
            window=place[tag[rows]],
            now=now[rows],
        )

    def _lengths(
        self, tag: Int32Array, antenna: Int16Array, time_ns: Int64Array, end: int
    ) -> tuple[Int64Array, Int64Array]:
        """Window length and first read in the history of every tag, int64 (T,) each."""
        tags = len(self._kept.epcs)
        first = np.full(tags, end + NS_PER_S, np.int64)
        np.minimum.at(first, tag, time_ns)
        span = np.clip(end - first, NS_PER_S, ns_from_s(self.policy.long_s))
        recent = time_ns >= (end - span)[tag]
        seen_by = np.unique(tag[recent].astype(np.int64) << 16 | antenna[recent]) >> 16
        antennas = np.maximum(np.bincount(seen_by, minlength=tags), 1)
        rate = np.bincount(tag[recent], minlength=tags) / antennas / (span / NS_PER_S)
        return self.policy.lengths_ns(rate), first
