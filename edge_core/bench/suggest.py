"""Suggestions judged on simulated shoppers with hidden tastes: all of it is simulated.

The simulator (`shoppers`, `coupon_world`) and the recommender are different models. Three weeks are
learnt from and the fourth is told; every ranking is over everything there is. Nothing was chosen on
the reported seeds.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.coupon_figures import coupon_figures
from edge_core.bench.ranking import (
    TOP,
    Interval,
    list_diversity,
    mean_interval,
    ndcg,
    ratio_interval,
)
from edge_core.bench.shoppers import TRAIN_DAYS, Visit, garment_visits, garments, store_visits
from edge_core.suggest.corrections import Corrections
from edge_core.suggest.garments import Garment, likeness
from edge_core.suggest.items import rank_items
from edge_core.suggest.profiles import Choice, LiveProfile, Onlooker, make_profile
from edge_core.suggest.stores import StoreFacts, rank_stores
from edge_core.suggest.together import Together
from edge_core.types import Traits

SEEDS: Final = (201, 202, 203)
"""Nothing was chosen on these."""
_STYLES: Final = 120
_GARMENT_VISITS: Final = 70
_STORES: Final = 44
_STORE_VISITS: Final = 250
_MOST_TOLD: Final = 300
"""Visits of the fourth week that are told, a seed."""
_CATEGORIES: Final = 12
_STORE_METHODS: Final = (
    "seen", "seen, by attributes alone", "own interests", "hour and place", "co-visited",
)  # fmt: skip


@dataclass(slots=True)
class _Scores:
    """NDCG by method and visit, and what was shown."""

    ndcg: dict[str, list[float]] = field(default_factory=dict)
    shown: dict[str, set[str]] = field(default_factory=dict)
    diversity: dict[str, list[float]] = field(default_factory=dict)

    def add(self, method: str, ranked: Sequence[str], relevant: set[str]) -> None:
        self.ndcg.setdefault(method, []).append(ndcg(ranked, relevant))
        self.shown.setdefault(method, set()).update(ranked[:TOP])


def measure() -> list[Figure]:
    """Garments, stores and coupons over three held-out seeds."""
    items, stores = _Scores(), _Scores()
    coverage: dict[str, list[float]] = {}
    for seed in SEEDS:
        items.shown.clear()
        judge_garments(seed, items)
        for method, names in items.shown.items():
            coverage.setdefault(method, []).append(len(names) / _STYLES)
        judge_stores(seed, stores)
    return [
        *_told("garments", items, ("suggested", "suggested, not spread", "co-occurrence")),
        *_spread(items, coverage),
        *_told("stores", stores, _STORE_METHODS),
        *coupon_figures(SEEDS),
    ]


def judge_garments(seed: int, scores: _Scores) -> None:
    """Half of each visit's garments are told, the other half is to be found."""
    rng = np.random.default_rng(seed)
    styles = garments(rng, _STYLES)
    visits, came_in = garment_visits(rng, styles, _GARMENT_VISITS)
    together, counts, pairs = Together(), Counter[str](), Counter[tuple[str, str]]()
    for day in range(TRAIN_DAYS):
        for place in np.flatnonzero(came_in == day):
            together.hang(styles[place].style)
        for visit in (it for it in visits if it.day == day):
            names = [styles[it].style for it in visit.things]
            together.learn(names)
            counts.update(names)
            pairs.update((one, other) for one in names for other in names if one != other)
    by_name = {it.style: it for it in styles}
    for visit in _late(visits):
        pool = [it for it, day in zip(styles, came_in, strict=True) if day <= visit.day]
        for garment in pool:
            together.hang(garment.style)
        half = len(visit.things) // 2
        having = [styles[it] for it in visit.things[:half]]
        wanted = {styles[it].style for it in visit.things[half:]}
        own = {it.style for it in having}
        names = [it.style for it in pool if it.style not in own]
        lists = {
            "suggested": _styles(having, pool, together),
            "suggested, not spread": _styles(having, pool, together, spread=False),
            "popularity": sorted(names, key=lambda it: -counts[it]),
            "co-occurrence": sorted(
                names, key=lambda it: (-sum(pairs[it, mine] for mine in own), -counts[it])
            ),
            "random": rng.permutation(names).tolist(),
        }
        for method, ranked in lists.items():
            scores.add(method, ranked, wanted)
            shown = [by_name[it] for it in ranked[:TOP]]
            scores.diversity.setdefault(method, []).append(list_diversity(shown, likeness))


def _styles(
    having: Sequence[Garment], pool: Sequence[Garment], together: Together, *, spread: bool = True
) -> list[str]:
    most = TOP if spread else len(pool)
    found = rank_items(having, pool, together, most=most)
    if not spread:
        found = sorted(found, key=lambda it: -it.score)
    return [it.garment.style for it in found]


def judge_stores(seed: int, scores: _Scores) -> None:
    """After the first store the kiosk is asked; the stores entered later are to be found."""
    rng = np.random.default_rng(seed + 10_000)
    categories = np.concatenate(
        [np.arange(_CATEGORIES), rng.integers(0, _CATEGORIES, _STORES - _CATEGORIES)]
    )
    walk_s = rng.uniform(15, 240, _STORES)
    visits = store_visits(rng, categories, walk_s, _STORE_VISITS)
    learnt = [it for it in visits if it.day < TRAIN_DAYS]
    audiences, by_hour = (
        _audiences(learnt),
        Counter((it.hour, s) for it in learnt for s in it.things),
    )
    total = Counter(s for it in learnt for s in it.things)
    pairs = Counter((a, b) for it in learnt for a in it.things for b in it.things if a != b)
    together = Together()
    for it in learnt:
        together.learn([str(store) for store in it.things])
    for visit in _late(visits):
        facts = [
            StoreFacts(
                str(place),
                (str(categories[place]),),
                float(by_hour[visit.hour, place]),
                audiences[place],
                walk_s=float(walk_s[place]),
            )
            for place in range(_STORES)
        ]
        been, wanted = visit.things[0], {str(it) for it in visit.things[1:]}
        others = [it for it in range(_STORES) if it != been]
        seen = _profile(Choice.SEEN, [], visit)
        chosen = _profile(Choice.INTERESTS, [str(visit.favourite)], visit)
        lists = {
            "seen": _stores(facts, seen, together),
            "seen, by attributes alone": _stores(facts, seen, None),
            "own interests": _stores(facts, chosen, together),
            "hour and place": _stores(facts, _profile(Choice.NO_THANKS, [], visit), together),
            "popularity": [str(it) for it in sorted(others, key=lambda it: -total[it])],
            "co-visited": [str(it) for it in sorted(others, key=lambda it: -pairs[been, it])],
            "random": [str(it) for it in rng.permutation(others)],
        }
        for method, ranked in lists.items():
            scores.add(method, [it for it in ranked if it != str(been)], wanted)


def _audiences(visits: Sequence[Visit]) -> dict[int, dict[str, dict[str, int]]]:
    """Counts by estimated label, as the ledger keeps them."""
    found: dict[int, dict[str, dict[str, int]]] = {
        place: {"gender": {}, "age": {}} for place in range(_STORES)
    }
    for visit in visits:
        if visit.traits is None:
            continue
        gender, age = _labels(visit.traits)
        for place in visit.things:
            for attribute, label in (("gender", gender), ("age", age)):
                labels = found[place][attribute]
                labels[label] = labels.get(label, 0) + 1
    return found


def _labels(traits: Traits) -> tuple[str, str]:
    assert traits.age_years is not None
    gender = "female" if traits.probability["female"] > 0.5 else "male"
    age = "18-34" if traits.age_years < 35 else "35-54" if traits.age_years < 55 else "55+"
    return gender, age


def _profile(choice: Choice, interests: Sequence[str], visit: Visit) -> LiveProfile:
    who = Onlooker(1, visit.traits, (str(visit.things[0]),))
    return make_profile(
        choice, interests, [who], 1, hour=visit.hour, weekend=visit.day % 7 > 4, crowd=0.3
    )


def _stores(
    facts: Sequence[StoreFacts], profile: LiveProfile, together: Together | None
) -> list[str]:
    return [it.store.id for it in rank_stores(facts, profile, Corrections(), together)]


def _late(visits: Sequence[Visit]) -> Iterator[Visit]:
    """Some of the fourth week's visits, evenly over it."""
    late = [it for it in visits if it.day >= TRAIN_DAYS]
    yield from late[:: max(1, len(late) // _MOST_TOLD)]


def _told(what: str, scores: _Scores, methods: Sequence[str]) -> Iterator[Figure]:
    popular = scores.ndcg["popularity"]
    for method in ("popularity", "random"):
        value = mean_interval(scores.ndcg[method])
        yield from _figures(f"{what}, simulated: NDCG@10, {method}", value, len(popular))
    for method in methods:
        ours = scores.ndcg[method]
        yield from _figures(f"{what}, simulated: NDCG@10, {method}", mean_interval(ours), len(ours))
        name = f"{what}, simulated: NDCG@10 of {method} over popularity"
        yield from _figures(name, ratio_interval(ours, popular), len(ours), "times")


def _figures(name: str, found: Interval, n: int, unit: str = "share") -> Iterator[Figure]:
    yield Figure(name, found.value, unit, None, None, n)
    yield Figure(f"{name}, 95 % from", found.low, unit, None, None, n)
    yield Figure(f"{name}, 95 % to", found.high, unit, None, None, n)


def _spread(scores: _Scores, coverage: dict[str, list[float]]) -> Iterator[Figure]:
    for method in ("suggested", "suggested, not spread", "popularity", "co-occurrence"):
        shown, lists = coverage[method], scores.diversity[method]
        name = f"garments, simulated: styles ever in a top ten, {method}"
        yield Figure(name, float(np.mean(shown)), "share", None, None, len(shown))
        name = f"garments, simulated: difference within a top ten, {method}"
        yield Figure(name, float(np.mean(lists)), "share", None, None, len(lists))
