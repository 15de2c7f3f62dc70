"""How soon the model of a site finds out that the site has changed: simulated malls.

After three quarters of an hour of learning a busy corridor is closed and in the next busiest a rack
is moved, so that the way is 25 m longer. Told are, by ten minutes since then, over moves from or to
the cameras at those corridors: how likely the model finds the true moves (mean ln A_ij p(t | ij),
1/s), and rank-1. Beside the model that goes on learning stand one that stops when the change
comes, and one that has learnt in the changed mall for as long before. For the last twenty minutes
of the hour both differences have intervals: against the one that stopped by drawing people anew,
track by track, for both see the same; against the other, which sees other people, by drawing both.
"""

from concurrent.futures import Executor
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.sparse.csgraph import connected_components

from edge_core.bench import Figure
from edge_core.bench.intervals import difference_with_interval, with_interval
from edge_core.bench.linking import Query, follow
from edge_core.bench.tracklet_mall import LOOKS, OUTFITS, Mall, Track, Visitors

BEFORE_S: Final = 2700.0
AFTER_S: Final = 3600.0
STEP_S: Final = 600.0
LONGER_M: Final = 25.0
PER_HOUR: Final = 300.0
LATE_S: Final = 2400.0
KINDS: Final = ("learning on", "stopped learning", "learnt in the changed mall")


def recovery_figures(seeds: tuple[int, ...], pool: Executor) -> list[Figure]:
    """The curve, ten minutes by ten minutes, over all seeds."""
    jobs = [(seed, kind) for seed in seeds for kind in KINDS]
    done = dict(zip(jobs, pool.map(_queries, *zip(*jobs, strict=True)), strict=True))
    figures = []
    for kind in KINDS:
        queries = [query for seed in seeds for query in done[seed, kind]]
        for from_s in np.arange(0.0, AFTER_S, STEP_S):
            since = [q for q in queries if from_s <= q.at_s - BEFORE_S < from_s + STEP_S]
            when = f"{from_s / 60:.0f}-{(from_s + STEP_S) / 60:.0f} min after a change"
            say = f"identity, simulated, {when}, {kind}"
            likely = float(np.mean([query.log_move for query in since]))
            first = float(np.mean([query.right for query in since]))
            figures.append(Figure(f"{say}: true moves", likely, "nats", None, None, len(since)))
            figures.append(Figure(f"{say}: rank-1", first, "", None, None, len(since)))
    late = {
        kind: [(seed, q) for seed in seeds for q in done[seed, kind] if q.at_s - BEFORE_S >= LATE_S]
        for kind in KINDS
    }
    return figures + _late_figures(late)


def _late_figures(late: dict[str, list[tuple[int, Query]]]) -> list[Figure]:
    """How far the model that learns on is ahead of the others at the end of the hour."""
    figures = []
    values = {
        kind: np.array([(query.log_move, float(query.right)) for _, query in found])
        for kind, found in late.items()
    }
    people = {
        kind: np.array([100_000 * seed + query.person for seed, query in found])
        for kind, found in late.items()
    }
    on, stopped, other = KINDS
    say = f"identity, simulated, {LATE_S / 60:.0f}-{AFTER_S / 60:.0f} min after a change, {on}"
    for column, (what, unit) in enumerate((("true moves", "nats"), ("rank-1", ""))):
        ahead = values[on][:, column] - values[stopped][:, column]
        figures += with_interval(f"{say} ahead of {stopped}: {what}", people[on], ahead, unit)
        figures += difference_with_interval(
            f"{say} ahead of {other}: {what}",
            (people[on], values[on][:, column]),
            (people[other], values[other][:, column]),
            unit,
        )
    return figures


def _queries(seed: int, kind: str) -> list[Query]:
    mall = Mall(seed)
    planned = mall.graph()
    crowd = Visitors(LOOKS["reid-s-int8"], PER_HOUR, OUTFITS, seed)
    first = crowd.walk(mall, 0.0, BEFORE_S)
    changed = change(mall, first)
    if kind == KINDS[2]:
        first = crowd.walk(mall, 0.0, BEFORE_S)
    tracks = first + crowd.walk(mall, BEFORE_S, BEFORE_S + AFTER_S)
    tracks = sorted(
        (track for track in tracks if track.start_s < BEFORE_S + AFTER_S),
        key=lambda track: track.start_s,
    )
    until_s = BEFORE_S if kind == KINDS[1] else np.inf
    found = follow(planned, tracks, "fused", judged_from_s=BEFORE_S, taught_until_s=until_s)
    return [query for query in found.queries if changed & set(query.move)]


def change(mall: Mall, tracks: list[Track]) -> set[int]:
    """Close the busiest corridor that can be spared and lengthen the next; returns their ends."""
    passed = np.zeros(mall.way_m.shape)
    by_person: dict[int, list[int]] = {}
    for track in tracks:
        by_person.setdefault(track.person, []).append(track.camera)
    for cameras in by_person.values():
        for one, other in pairwise(cameras):
            passed[[one, other], [other, one]] += 1
    ways = sorted(np.argwhere(np.triu(mall.way_m) > 0).tolist(), key=lambda way: -passed[*way])
    closed = next(way for way in ways if _can_be_spared(mall, *way))
    mall.close(*closed)
    one, other = next(way for way in ways if way != closed)
    mall.way_m[[one, other], [other, one]] += LONGER_M
    return {*closed, one, other}


def _can_be_spared(mall: Mall, one: int, other: int) -> bool:
    ways = mall.way_m.copy()
    ways[[one, other], [other, one]] = 0
    return bool(connected_components(ways, directed=False)[0] == 1)
