"""Who is who across cameras, with looks, with time, and with both, on simulated malls.

Every seed is another mall of six to twelve cameras that do not overlap; see `tracklet_mall` for how
people walk and what their similarities are drawn from. Three quarters of an hour are learnt from
without labels, with a night in them; the half hour after is judged. Rank-1 asks,
for every track of somebody seen before, who of all people out of sight comes first; the gallery is
named by the truth, with everybody's last six tracks, the likelihoods are those learnt without.
IDF1 is of what the product's own `Handover` made of the same tracks. Intervals come from drawing
people anew. Everything but the transits of `transitions` is simulated.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench import Figure, transitions
from edge_core.bench.intervals import with_interval
from edge_core.bench.linking import Way, follow
from edge_core.bench.recovery import recovery_figures
from edge_core.bench.tfusion import tfusion_right
from edge_core.bench.tracklet_mall import LOOKS, OUTFITS, Mall, Visitors
from edge_core.types import Float64Array, Int64Array

SEEDS: Final = (201, 202, 203, 208)
"""Nothing was chosen on these; their malls have 8, 7, 8 and 12 cameras."""
CHANGED_SEEDS: Final = SEEDS[1:]
"""Malls that are changed."""
PER_HOUR: Final = 300.0
LEARN_S: Final = 2700.0
JUDGE_S: Final = 1800.0
WAYS: Final[tuple[Way, ...]] = ("appearance", "time", "fused")
COMPARED: Final = "TFusion"


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of crowd.

    Attributes:
        name: for the figures.
        embedder: whose similarities.
    """

    name: str
    embedder: str


CASES: Final = (
    Case("clothes repeat, reid-s", "reid-s-int8"),
    Case("clothes repeat, reid-s-open", "reid-s-open-int8"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one way made of one mall.

    Attributes:
        person: int64 (N,), whom each query was about, made unlike other seeds'.
        right: float64 (N,), 1 where the first answer is right.
        idf1, visitors: of the linking; visitors told for every true one.
        cameras: of the mall.
        among: people a query is ranked among, on average.
    """

    person: Int64Array
    right: Float64Array
    idf1: float
    visitors: float
    cameras: int
    among: float


def measure(data: Path | None, note: Callable[[str], None], workers: int = 2) -> list[Figure]:
    """Ranks, links, the recovery from a wrong prior, and transits of real walkers."""
    ways = (*WAYS, COMPARED)
    jobs = [(case, way, seed) for case in CASES for way in ways for seed in SEEDS]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        done = dict(zip(jobs, pool.map(_judge, *zip(*jobs, strict=True)), strict=True))
        figures = []
        for case in CASES:
            found = {way: [done[case, way, seed] for seed in SEEDS] for way in ways}
            figures += _case_figures(case, found)
        figures += recovery_figures(CHANGED_SEEDS, pool)
    return figures + transitions.measure(data, note)


def _judge(case: Case, way: str, seed: int) -> Judged:
    mall = Mall(seed)
    crowd = Visitors(LOOKS[case.embedder], PER_HOUR, OUTFITS, seed)
    tracks = crowd.walk(mall, 0.0, LEARN_S + JUDGE_S)
    tracks = [track for track in tracks if track.start_s < LEARN_S + JUDGE_S]
    if way == "TFusion":
        right = tfusion_right(mall.count, tracks, judged_from_s=LEARN_S)
        return Judged(np.zeros(len(right), np.int64), right, np.nan, np.nan, mall.count, np.nan)
    found = follow(mall.graph(), tracks, _WAY[way], judged_from_s=LEARN_S)
    return Judged(
        np.array([query.person + 100_000 * seed for query in found.queries], np.int64),
        np.array([query.right for query in found.queries], np.float64),
        found.idf1(),
        found.visitors_ratio(),
        mall.count,
        float(np.mean([query.among for query in found.queries])),
    )


def _case_figures(case: Case, found: dict[str, list[Judged]]) -> list[Figure]:
    figures = []
    person, fused = _pooled(found["fused"])
    say = f"identity, simulated, {case.name}"
    queries = sum(len(one.right) for one in found["fused"])
    among = float(np.mean([one.among for one in found["fused"]]))
    for name, value, unit in (
        ("cameras, fewest", min(one.cameras for one in found["fused"]), ""),
        ("cameras, most", max(one.cameras for one in found["fused"]), ""),
        ("ranked among", among, "people"),
    ):
        figures.append(Figure(f"{say}: {name}", value, unit, None, None, len(SEEDS)))
    for way, judged in found.items():
        figures += with_interval(f"{say}, {way}: rank-1", person, _pooled(judged)[1])
        if way == COMPARED:
            continue
        for what in ("idf1", "visitors"):
            values = [float(getattr(one, what)) for one in judged]
            label = f"{say}, {way}: {_TOLD[what]}"
            figures.append(Figure(label, float(np.mean(values)), "", None, None, queries))
            for end, value in (("least", min(values)), ("most", max(values))):
                named = f"{label}, {end} of {len(SEEDS)} malls"
                figures.append(Figure(named, value, "", None, None, len(values)))
    for way in ("appearance", "time", COMPARED):
        ahead = fused - _pooled(found[way])[1]
        figures += with_interval(f"{say}, fused ahead of {way}: rank-1", person, ahead)
    return figures


_WAY: Final[dict[str, Way]] = {way: way for way in WAYS}
_TOLD: Final = {"idf1": "IDF1", "visitors": "visitors told / true"}


def _pooled(judged: Sequence[Judged]) -> tuple[Int64Array, Float64Array]:
    return (
        np.concatenate([one.person for one in judged]),
        np.concatenate([one.right for one in judged]),
    )
