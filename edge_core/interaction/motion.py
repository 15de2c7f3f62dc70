"""Tag motion: which garments move by themselves, window by window."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from edge_core.interaction.hop_tables import FCC_R420, HopTable
from edge_core.interaction.motion_features import RestNulls, window_features
from edge_core.interaction.motion_model import MotionModel
from edge_core.interaction.neighbours import MIN_NEIGHBOURS, alone, excess
from edge_core.interaction.rest import RestPlaces, joined
from edge_core.interaction.rest_templates import RestTemplates
from edge_core.interaction.runs import lay_out
from edge_core.interaction.scores import WindowScores
from edge_core.interaction.windows import Cut, WindowCutter, WindowPolicy
from edge_core.tag_reads import TagReads
from edge_core.types import Float32Array, Float64Array, Int32Array
from edge_core.units import NS_PER_S, ns_from_s

_CURRENT_NS = ns_from_s(6)
"""A tag's last log odds stand for it among its neighbours this long."""
_MIN_RUN_READS = 2


@dataclass(frozen=True, slots=True)
class _Latest:
    """What a tag's last window said."""

    end_ns: int
    log_odds: float
    rack: str


class TagMotion:
    """Follows the tags of one reader: feed reads, get the probability of motion per window.

    Windows are 2 s for tags that an antenna, on average, reads at least 3 times a second and 5 s
    for the others, each compared with the window before it and with the place where the tag
    rested. Cost is bounded by the reads of the windows; memory by the last 11 s of reads and 96
    reads a tag.

    Args:
        model: the classifiers; the shipped ones when None.
        table: the reader's hop table, as its capabilities tell it; None when unknown, which
            makes phases of different channels incomparable and the result weaker.
        policy: lengths of windows.
        racks: rack by EPC; tags without one count as neighbours of those that the same antenna
            sees best where they rest; racks of too few tags are taken together.
        passing: antennas of places where garments never belong, such as fitting rooms: what they
            see best is no resting place.
        origin_ns: see `WindowCutter`.

    Raises:
        ModelError: the shipped model is missing or altered.
    """

    def __init__(
        self,
        model: MotionModel | None = None,
        table: HopTable | None = FCC_R420,
        policy: WindowPolicy | None = None,
        racks: Mapping[str, str] | None = None,
        passing: Collection[int] = (),
        origin_ns: int | None = None,
    ) -> None:
        self._model = model or MotionModel.load()
        self._table = table
        self._policy = policy or WindowPolicy()
        self._racks = dict(racks or {})
        self._passing = frozenset(passing)
        self._origin_ns = origin_ns
        self._nulls = RestNulls.make()
        self._start()

    def _start(self) -> None:
        self._cutter = WindowCutter(self._policy, self._origin_ns)
        self._rest = RestPlaces(self._passing)
        self._templates = RestTemplates(self._table)
        self._latest: dict[str, _Latest] = {}

    def push(self, reads: TagReads) -> WindowScores:
        """Scores of the windows that ended before the newest of these reads.

        Args:
            reads: reads on one monotonic clock, about in order from call to call.
        """
        return WindowScores.joined([self._score(cut) for cut in self._cutter.push(reads)])

    def windows(self, reads: TagReads) -> WindowScores:
        """Scores of all windows of a recording, from a fresh start; nothing is remembered."""
        self._start()
        scores = [self._score(cut) for cut in self._all(reads)]
        self._start()
        return WindowScores.joined(scores)

    def _all(self, reads: TagReads) -> Iterator[Cut]:
        yield from self._cutter.push(reads)
        yield from self._cutter.finish()

    def _score(self, cut: Cut) -> WindowScores:
        runs = cut.runs(self._table)
        features = window_features(runs, self._nulls)
        model = self._model
        moving = model.moving if self._table is not None else model.moving_plain
        log_odds = moving.log_odds(features)
        antennas, level = _levels(cut)
        strongest = antennas[np.nanargmax(level, axis=1)]
        above = self._above(cut, log_odds, strongest)
        p_moving = alone(log_odds, above)
        elsewhere = self._elsewhere(cut)
        off = self._templates.look(cut, self._rest, [self._latest[e].rack for e in cut.epcs])
        self._rest.learn(cut, p_moving, elsewhere, strongest)
        return WindowScores(
            epcs=cut.epcs,
            tag=np.arange(len(cut.epcs), dtype=np.int32),
            t0_s=(cut.end_ns - cut.length_ns) / NS_PER_S,
            t1_s=np.full(len(cut.epcs), cut.end_ns / NS_PER_S),
            p_moving=p_moving.astype(np.float32),
            reads=cut.count.astype(np.int32),
            moved_from_rest=elsewhere.astype(np.float32),
            antenna=strongest,
            antennas=antennas,
            rssi_dbm=level,
            excess=np.nan_to_num(above).astype(np.float32),
            off=off,
        )

    def _above(self, cut: Cut, log_odds: Float64Array, strongest: Int32Array) -> Float64Array:
        """How far each tag's log odds lie above its rack's, float64 (B,); NaN without one."""
        for epc, odds, antenna in zip(cut.epcs, log_odds, strongest, strict=True):
            home = self._rest.antenna_of(epc) or antenna
            rack = self._racks.get(epc, f"antenna {home}")
            self._latest[epc] = _Latest(cut.end_ns, float(odds), rack)
        since = cut.end_ns - _CURRENT_NS
        self._latest = {
            epc: latest for epc, latest in self._latest.items() if latest.end_ns >= since
        }
        everybody = list(self._latest.values())
        size = Counter(latest.rack for latest in everybody)
        above = excess(
            np.array([latest.log_odds for latest in everybody]),
            [latest.rack if size[latest.rack] >= MIN_NEIGHBOURS else "" for latest in everybody],
        )
        by_epc = dict(zip(self._latest, above.tolist(), strict=True))
        return np.array([by_epc[epc] for epc in cut.epcs])

    def _elsewhere(self, cut: Cut) -> Float64Array:
        """Probability that each tag is not where it rested, float64 (B,); NaN unknown."""
        rest = self._rest.of(cut.epcs)
        start = cut.end_ns - cut.length_ns
        rest = rest.take(rest.time_ns < start[rest.tag])
        known = np.bincount(rest.tag, minlength=len(cut.epcs)) >= _MIN_RUN_READS
        if not known.any():
            return np.full(len(cut.epcs), np.nan)
        inside = cut.reads.take(cut.now)
        both = joined([inside, rest], cut.epcs, np.concatenate([cut.window[cut.now], rest.tag]))
        window = both.tag.astype(np.int64)
        runs = lay_out(both, window, both.time_ns >= start[window], len(cut.epcs), self._table)
        model = self._model
        judge = model.elsewhere if self._table is not None else model.elsewhere_plain
        p = judge.probability(window_features(runs, self._nulls))
        return np.where(known, p, np.nan)


def _levels(cut: Cut) -> tuple[Int32Array, Float32Array]:
    """Antennas that read in these windows, and each window's mean RSSI at them."""
    antennas, column = np.unique(cut.reads.antenna[cut.now], return_inverse=True)
    cell = cut.window[cut.now] * len(antennas) + column
    size = len(cut.epcs) * len(antennas)
    n = np.bincount(cell, minlength=size)
    total = np.bincount(cell, weights=cut.reads.rssi_dbm[cut.now], minlength=size)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan).astype(np.float32)
    return antennas.astype(np.int32), mean.reshape(len(cut.epcs), len(antennas))
