"""How good the counter is, by what people tallied at the door, without stored video (ours).

Two observers tally the same line. What both tell within the tolerance happened (the truth that
all is judged by); what only one of them tells is disputed, and is held neither for nor against
the counter. Agreement between the observers is told beside every figure: no counter can be shown
to be better than those who judge it.

Intervals: Wilson's for recall and precision; for F1 and netted accuracy, minutes are drawn anew
(bootstrap), because crossings come in groups.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any, Final

import numpy as np

from edge_core.analytics.matching import Events, match_events
from edge_core.types import Event, EventKind, Float64Array
from edge_core.units import NS_PER_S

TOLERANCE_S: Final = 3.0
BLOCK_S: Final = 60.0
RESAMPLES: Final = 2000
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Shift:
    """What one observer tallied at one line in one go; seconds are UTC.

    Attributes:
        observer, line_id: who, where.
        begin_s, end_s: between which everything was tallied.
        times_s: by direction.
    """

    observer: str
    line_id: str
    begin_s: float
    end_s: float
    times_s: Mapping[str, tuple[float, ...]]

    def within(self, direction: str, begin_s: float, end_s: float) -> list[float]:
        """Tallies of one direction in a span."""
        return [at for at in self.times_s.get(direction, ()) if begin_s <= at <= end_s]


@dataclass(frozen=True, slots=True)
class Judged:
    """The counter at one line and direction.

    Attributes:
        line_id, direction: which.
        minutes: for how long it was audited.
        observers: whose tallies.
        tallied: by observer; the mean of them is what totals are judged by.
        counted: by the counter.
        events: hits, counted without what is disputed, and agreed crossings.
        disputed: told by one observer only.
        agreement: F1 of one observer against the other; None with one.
        f1, netted: accuracy of events and of totals, each with a 95 % interval.
        recall, precision: shares with Wilson intervals.
    """

    line_id: str
    direction: str
    minutes: float
    observers: tuple[str, ...]
    tallied: tuple[int, ...]
    counted: int
    events: Events
    disputed: int
    agreement: float | None
    f1: tuple[float, float, float] | None
    netted: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None
    precision: tuple[float, float, float] | None


def shifts_of(tallies: Iterable[Event]) -> list[Shift]:
    """Tally events as shifts; what was taken back is left out, and so are test walks."""
    events = [event for event in tallies if not event.data.get("walk")]
    undone = {event.data["undo"] for event in events if event.data.get("undo")}
    by_place: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(events, key=lambda it: it.utc_ns):
        if event.key not in undone and not event.data.get("undo"):
            by_place.setdefault((event.data["observer"], event.place_id), []).append(event)
    return [shift for place, told in by_place.items() for shift in _shifts(*place, told)]


def _shifts(observer: str, line_id: str, told: Sequence[Event]) -> Iterable[Shift]:
    """One observer's events at one line, cut where a shift begins or ends."""
    part: list[Event] = []
    for event in told:
        mark = event.data.get("mark")
        if mark == "begin" and part:
            yield _shift(observer, line_id, part)
            part = []
        part.append(event)
        if mark == "end":
            yield _shift(observer, line_id, part)
            part = []
    if part:
        yield _shift(observer, line_id, part)


def _shift(observer: str, line_id: str, part: Sequence[Event]) -> Shift:
    times: dict[str, tuple[float, ...]] = {
        way: tuple(it.utc_ns / NS_PER_S for it in part if it.data.get("direction") == way)
        for way in ("in", "out")
    }
    return Shift(observer, line_id, part[0].utc_ns / NS_PER_S, part[-1].utc_ns / NS_PER_S, times)


def judge(
    shifts: Sequence[Shift], crossings: Iterable[Event], tolerance_s: float = TOLERANCE_S
) -> list[Judged]:
    """The counter by line and direction.

    Args:
        shifts: of all observers; two who overlap at a line are compared with each other.
        crossings: events of the counter.
        tolerance_s: two times of one crossing are at most so far apart.
    """
    counted: dict[tuple[str, str], list[float]] = {}
    for event in crossings:
        if event.kind is EventKind.CROSSING:
            key = (event.place_id, event.data["direction"])
            counted.setdefault(key, []).append(event.utc_ns / NS_PER_S)
    found = []
    for line_id in dict.fromkeys(shift.line_id for shift in shifts):
        spans = _spans([shift for shift in shifts if shift.line_id == line_id])
        for way in ("in", "out"):
            parts = [_compare(span, way, counted.get((line_id, way), []), tolerance_s)
                     for span in spans]  # fmt: skip
            found.append(_judged(line_id, way, spans, parts))
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    begin_s: float
    end_s: float
    shifts: tuple[Shift, ...]


def _spans(shifts: Sequence[Shift]) -> list[_Span]:
    """Where two observers overlap; else what single ones tallied."""
    pairs = []
    for one, other in combinations(shifts, 2):
        begin, end = max(one.begin_s, other.begin_s), min(one.end_s, other.end_s)
        if one.observer != other.observer and end > begin:
            pairs.append(_Span(begin, end, (one, other)))
    return pairs or [_Span(it.begin_s, it.end_s, (it,)) for it in shifts if it.end_s > it.begin_s]


@dataclass(frozen=True, slots=True)
class _Part:
    """One span and direction.

    Attributes:
        agreed: bool by agreed crossing, whether the counter has it; with its time.
        false_s: times the counter told and nobody else.
        tallied: by observer.
        counted: by the counter.
        matched: pairs the observers agree on.
    """

    agreed: tuple[tuple[float, bool], ...]
    false_s: tuple[float, ...]
    tallied: tuple[tuple[float, ...], ...]
    counted: tuple[float, ...]
    matched: int
    disputed: int


def _compare(span: _Span, way: str, counted: Sequence[float], tolerance_s: float) -> _Part:
    told = [shift.within(way, span.begin_s, span.end_s) for shift in span.shifts]
    mine = [at for at in counted if span.begin_s <= at <= span.end_s]
    if len(told) == 1:
        agreed, alone = list(told[0]), []
    else:
        pairs = match_events(told[0], told[1], tolerance_s)
        agreed = [(told[0][a] + told[1][b]) / 2 for a, b in pairs]
        alone = [at for n, at in enumerate(told[0]) if n not in {a for a, _ in pairs}]
        alone += [at for n, at in enumerate(told[1]) if n not in {b for _, b in pairs}]
    hits = match_events(mine, agreed, tolerance_s)
    hit = {b for _, b in hits}
    rest = [at for n, at in enumerate(mine) if n not in {a for a, _ in hits}]
    excused = {a for a, _ in match_events(rest, alone, tolerance_s)}
    return _Part(
        tuple((at, n in hit) for n, at in enumerate(agreed)),
        tuple(at for n, at in enumerate(rest) if n not in excused),
        tuple(tuple(times) for times in told),
        tuple(mine),
        len(agreed) if len(told) > 1 else 0,
        len(alone),
    )


def _judged(line_id: str, way: str, spans: Sequence[_Span], parts: Sequence[_Part]) -> Judged:
    blocks = np.concatenate(
        [np.zeros((0, 5))] + [_blocks(span, part) for span, part in zip(spans, parts, strict=True)]
    )
    hits, false, true, tallied, counted = blocks.sum(axis=0).tolist()
    events = Events(round(hits), round(hits + false), round(true))
    observers = tuple(dict.fromkeys(it.observer for span in spans for it in span.shifts))
    by_observer = _tallied(spans, parts)
    told = sum(len(times) for part in parts for times in part.tallied)
    paired = any(len(span.shifts) > 1 for span in spans)
    agreed = 2 * sum(part.matched for part in parts)
    return Judged(
        line_id=line_id,
        direction=way,
        minutes=sum(span.end_s - span.begin_s for span in spans) / 60,
        observers=observers,
        tallied=tuple(by_observer.get(name, 0) for name in observers),
        counted=round(counted),
        events=events,
        disputed=sum(part.disputed for part in parts),
        agreement=agreed / told if paired and told else None,
        f1=_drawn(blocks, _f1),
        netted=_drawn(blocks, _netted) if tallied else None,
        recall=wilson(events.hits, events.true),
        precision=wilson(events.hits, events.found),
    )


def _tallied(spans: Sequence[_Span], parts: Sequence[_Part]) -> dict[str, int]:
    total: dict[str, int] = {}
    for span, part in zip(spans, parts, strict=True):
        for shift, times in zip(span.shifts, part.tallied, strict=True):
            total[shift.observer] = total.get(shift.observer, 0) + len(times)
    return total


def _blocks(span: _Span, part: _Part) -> Float64Array:
    """Hits, false alarms, agreed, mean tallied and counted by minute, float64 (B, 5)."""
    count = max(1, round((span.end_s - span.begin_s) / BLOCK_S))
    edges = np.linspace(span.begin_s, span.end_s, count + 1)

    def by_block(times: Iterable[float]) -> Float64Array:
        return np.histogram(list(times), edges)[0].astype(np.float64)

    tallied = sum((by_block(times) for times in part.tallied), np.zeros(count))
    return np.column_stack(
        [
            by_block(at for at, hit in part.agreed if hit),
            by_block(part.false_s),
            by_block(at for at, _ in part.agreed),
            tallied / len(part.tallied),
            by_block(part.counted),
        ]
    )


def _f1(sums: Float64Array) -> Float64Array:
    hits, false, true = sums[..., 0], sums[..., 1], sums[..., 2]
    both = hits + false + true
    return np.where(both > 0, 2 * hits / np.maximum(both, 1), np.nan)


def _netted(sums: Float64Array) -> Float64Array:
    tallied, counted = sums[..., 3], sums[..., 4]
    off = np.abs(counted - tallied) / np.maximum(tallied, 1e-9)
    return np.where(tallied > 0, np.maximum(0.0, 1 - off), np.nan)


def _drawn(blocks: Float64Array, figure: Any) -> tuple[float, float, float] | None:
    """A figure and its 95 % interval over minutes drawn anew; None where there is nothing."""
    value = float(figure(blocks.sum(axis=0)))
    if not np.isfinite(value):
        return None
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(blocks), (RESAMPLES, len(blocks)))
    low, high = np.nanquantile(figure(blocks[rows].sum(axis=1)), (0.025, 0.975)).tolist()
    return value, low, high


def wilson(hits: int, count: int) -> tuple[float, float, float] | None:
    """A share and its 95 % interval (Wilson 1927); None of nothing."""
    if count == 0:
        return None
    share, z2 = hits / count, _Z * _Z
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = _Z / (1 + z2 / count) * sqrt(share * (1 - share) / count + z2 / (4 * count * count))
    return share, max(0.0, middle - half), min(1.0, middle + half)
