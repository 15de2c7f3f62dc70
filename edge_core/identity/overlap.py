"""Which tracks of different cameras are one person, because they stand at one place at one time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from edge_core.identity.tracklet import Tracklet
from edge_core.types import Float64Array, TrackKey
from edge_core.units import ns_from_s

SAME_PLACE_M = 0.7
"""Two cameras place one person within this of each other."""
SAME_VELOCITY_M_S = 1.0
PROOF_NS = ns_from_s(0.5)
"""How long two tracks keep together before they are one person."""
APART_M = 1.5
APART_NS = ns_from_s(1)
"""How far and how long two tracks of one visitor must part before they are two people."""
FRESH_NS = ns_from_s(0.4)
"""Tracks last seen within this of each other are compared."""


@dataclass(slots=True)
class _Span:
    """An unbroken stretch of agreement (or of disagreement) between two tracks."""

    since_ns: int
    last_ns: int


_Pair = tuple[TrackKey, TrackKey]
"""By their cameras' ids; two tracks of one camera are never compared."""


class OverlapEvidence:
    """Watches pairs of live tracks on one floor, seen by different cameras."""

    def __init__(self) -> None:
        self._together: dict[tuple[str, str], dict[_Pair, _Span]] = {}  # by their two cameras
        self._apart: dict[_Pair, _Span] = {}

    def ingest(
        self, present: Sequence[Tracklet], live: Iterable[Tracklet], now_ns: int
    ) -> tuple[list[tuple[Tracklet, Tracklet]], list[tuple[Tracklet, Tracklet]]]:
        """Compare the tracks of one observation with those of the other cameras.

        Args:
            present: tracks seen by one camera just now.
            live: all live tracks.
            now_ns: the moment.

        Returns:
            Pairs that have kept together for long enough, and pairs of one visitor that have
            been apart for long enough.
        """
        here = [track for track in present if track.motion is not None]
        others: dict[str, list[Tracklet]] = {}
        for track in live:
            if here and _comparable(track, here[0], now_ns):
                others.setdefault(track.key.camera_id, []).append(track)
        same: list[tuple[Tracklet, Tracklet]] = []
        parted: list[tuple[Tracklet, Tracklet]] = []
        for there in others.values():
            self._compare(here, there, now_ns, same, parted)
        self._forget(now_ns)
        return same, parted

    def _compare(
        self,
        here: Sequence[Tracklet],
        there: Sequence[Tracklet],
        now_ns: int,
        same: list[tuple[Tracklet, Tracklet]],
        parted: list[tuple[Tracklet, Tracklet]],
    ) -> None:
        distance = _distances_m(here, there, now_ns)
        nearest, nearest_back = distance.argmin(axis=1), distance.argmin(axis=0)
        cameras = (here[0].key.camera_id, there[0].key.camera_id)
        together = self._together.setdefault((min(cameras), max(cameras)), {})
        close: set[_Pair] = set()
        for row, column in np.argwhere(distance <= SAME_PLACE_M).tolist():
            mine, theirs = here[row], there[column]
            if not _same_velocity(mine, theirs):
                continue
            key = _pair(mine, theirs)
            close.add(key)
            if nearest[row] == column and nearest_back[column] == row:
                self._apart.pop(key, None)
                if _lasts(together, key, now_ns, PROOF_NS):
                    same.append((mine, theirs))
        seen = {track.key for track in here} | {track.key for track in there}
        for key in [it for it in together if it not in close and seen.issuperset(it)]:
            del together[key]
        for row, column in _of_one_visitor(here, there):
            if distance[row, column] > APART_M:
                key = _pair(here[row], there[column])
                if _lasts(self._apart, key, now_ns, APART_NS):
                    parted.append((here[row], there[column]))

    def _forget(self, now_ns: int) -> None:
        for spans in (self._apart, *self._together.values()):
            for key in [key for key, span in spans.items() if now_ns - span.last_ns > FRESH_NS * 4]:
                del spans[key]


def _comparable(track: Tracklet, reference: Tracklet, now_ns: int) -> bool:
    return (
        track.motion is not None
        and track.key.camera_id != reference.key.camera_id
        and track.floor_id == reference.floor_id
        and abs(now_ns - track.last.mono_ns) <= FRESH_NS
    )


def _distances_m(here: Sequence[Tracklet], there: Sequence[Tracklet], now_ns: int) -> Float64Array:
    mine = np.array([track.motion.position_at(now_ns) for track in here if track.motion])
    theirs = np.array([track.motion.position_at(now_ns) for track in there if track.motion])
    distance: Float64Array = np.linalg.norm(mine[:, None] - theirs[None], axis=2)
    return distance


def _of_one_visitor(
    here: Sequence[Tracklet], there: Sequence[Tracklet]
) -> Iterator[tuple[int, int]]:
    columns: dict[int, list[int]] = {}
    for column, theirs in enumerate(there):
        columns.setdefault(theirs.visitor, []).append(column)
    for row, mine in enumerate(here):
        for column in columns.get(mine.visitor, ()):
            yield row, column


def _same_velocity(mine: Tracklet, theirs: Tracklet) -> bool:
    if mine.motion is None or theirs.motion is None:
        return False
    (ax, ay), (bx, by) = mine.motion.velocity_m_s, theirs.motion.velocity_m_s
    return hypot(ax - bx, ay - by) <= SAME_VELOCITY_M_S


def _pair(mine: Tracklet, theirs: Tracklet) -> _Pair:
    if mine.key.camera_id < theirs.key.camera_id:
        return mine.key, theirs.key
    return theirs.key, mine.key


def _lasts(spans: dict[_Pair, _Span], key: _Pair, now_ns: int, needed_ns: int) -> bool:
    """Extend a stretch, or begin one after a gap; tell whether it is long enough."""
    span = spans.get(key)
    if span is None or now_ns - span.last_ns > FRESH_NS:
        span = spans[key] = _Span(now_ns, now_ns)
    span.last_ns = max(span.last_ns, now_ns)
    return now_ns - span.since_ns >= needed_ns
