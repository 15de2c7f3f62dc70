"""Identity's split and merge rates from test walks: somebody walks in and out and taps when (ours).

A walk is told by two taps of the walker at the doors. The visit that began with the first crossing
should be the one that ended with the second: another number is a split, and no such visit, or a
number that somebody else had already, is a merge. It needs neither video nor anybody followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edge_core.analytics.unique import AuditRates
from edge_core.types import Event
from edge_core.units import NS_PER_S

TOLERANCE_S = 4.0


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk: when and where the walker went in and out; seconds UTC."""

    walker: str
    in_s: float
    entrance: str
    out_s: float
    exit: str


def walks_of(tallies: Iterable[Event]) -> list[Walk]:
    """Taps in and out of each walker, in pairs; what was taken back is left out."""
    events = sorted(tallies, key=lambda it: it.utc_ns)
    undone = {event.data["undo"] for event in events if event.data.get("undo")}
    by_walker: dict[str, list[Event]] = {}
    for event in events:
        if event.data.get("walk") and event.key not in undone and event.data.get("direction"):
            by_walker.setdefault(event.data["observer"], []).append(event)
    return [
        Walk(walker, a.utc_ns / NS_PER_S, a.place_id, b.utc_ns / NS_PER_S, b.place_id)
        for walker, taps in by_walker.items()
        for a, b in pairwise(taps)
        if (a.data["direction"], b.data["direction"]) == ("in", "out")
    ]


def rates_from_walks(walks: Sequence[Walk], visits: Sequence[Event]) -> AuditRates | None:
    """Rates over walks; None for fewer than two, or where every walk went wrong.

    Args:
        walks: of all walkers.
        visits: all visits of those days.
    """
    begun = {id(it): _began(it, visits) for it in walks}
    ended = {id(it): _ended(it, visits) for it in walks}
    own = [event for event in (*begun.values(), *ended.values()) if event is not None]
    walked = {id(event) for event in own}
    clusters = duplicates = absorbed = 0
    for walk in walks:
        first, last = begun[id(walk)], ended[id(walk)]
        numbers = {it.data["visit"] for it in (first, last) if it is not None}
        clusters += len(numbers)
        duplicates += max(0, len(numbers) - 1)
        absorbed += first is None or _had_by_another(first, visits, walked)
    if len(walks) < 2 or not duplicates < clusters or not absorbed < len(walks):
        return None
    return AuditRates(duplicates, clusters, absorbed, len(walks), "walks")


def _began(walk: Walk, visits: Sequence[Event]) -> Event | None:
    near = [
        (abs(it.data["entered_utc_ns"] / NS_PER_S - walk.in_s), n)
        for n, it in enumerate(visits)
        if it.data["entrance"] == walk.entrance
    ]
    return _nearest(near, visits)


def _ended(walk: Walk, visits: Sequence[Event]) -> Event | None:
    near = [
        (abs(it.data["left_utc_ns"] / NS_PER_S - walk.out_s), n)
        for n, it in enumerate(visits)
        if it.data["exit"] == walk.exit and it.data["left_utc_ns"] is not None
    ]
    return _nearest(near, visits)


def _nearest(near: Sequence[tuple[float, int]], visits: Sequence[Event]) -> Event | None:
    if not near:
        return None
    off_s, place = min(near)
    return visits[place] if off_s <= TOLERANCE_S else None


def _had_by_another(first: Event, visits: Sequence[Event], walked: set[int]) -> bool:
    """Whether a walk's number belonged to an earlier visit of somebody else."""
    return any(
        it.data["visit"] == first.data["visit"]
        and id(it) not in walked
        and it.data["entered_utc_ns"] < first.data["entered_utc_ns"]
        for it in visits
    )
