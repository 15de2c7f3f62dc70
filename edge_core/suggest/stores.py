"""Which stores to suggest, and why.

By how much a store's visitors are like the profile, how popular it is at this hour, how near, how
long still open, how crowded, and what the person said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final

from edge_core.suggest.corrections import Corrections
from edge_core.suggest.diversity import diverse
from edge_core.suggest.profiles import LiveProfile, Posterior
from edge_core.suggest.reasons import Reason, ReasonCode, strongest
from edge_core.suggest.together import Together

SMOOTHING: Final = 50.0
"""Mass of the Dirichlet prior, in visitors."""
SPREAD: Final = 0.3
"""What it costs a store to be like one before it, nats."""


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """One store at this moment.

    Attributes:
        id: its id.
        categories: what it sells.
        visits: visitors at this hour of such a day; any scale common to all stores.
        audience: visitors counted, by attribute and label; a label that is missing was
            suppressed or never told and says nothing.
        open_now: whether it is open.
        closes_in_min: minutes until it closes; None when closed or unknown.
        walk_s: walking time from the screen, s; None when unknown.
        crowd: how full it is, 0..1; None when unknown.
    """

    id: str
    categories: tuple[str, ...]
    visits: float
    audience: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    open_now: bool = True
    closes_in_min: float | None = None
    walk_s: float | None = None
    crowd: float | None = None


@dataclass(frozen=True, slots=True)
class StoreWeights:
    """What each term is worth beside the expected affinity (weight 1), in natural logarithms.

    With popularity at 1 the score is, up to a constant, the logarithm of how likely the store is
    for this profile at this hour, if what is known of it were independent.
    """

    popularity: float = 1.0
    interest: float = 3.0
    looking_for: float = 6.0
    like_visited: float = 0.5
    visited: float = 1.0
    walk_per_min: float = 0.08
    crowd: float = 0.4
    closing: float = 1.5
    less_like: float = 1.5


WEIGHTS: Final = StoreWeights()
_SHORT_STAY_MIN: Final = 15.0
_NEAR_S: Final = 180.0
_QUIET: Final = 0.4
_WARNING: Final = 100.0
"""Warnings are told first."""
_NOTABLE: Final = 0.15
"""A term that adds less is no reason worth telling."""


@dataclass(frozen=True, slots=True)
class StoreSuggestion:
    """A store and why."""

    store: StoreFacts
    score: float
    reasons: tuple[Reason, ...]


def rank_stores(
    stores: Sequence[StoreFacts],
    profile: LiveProfile,
    corrections: Corrections = Corrections(),  # noqa: B008  # frozen
    visited_together: Together | None = None,
    weights: StoreWeights = WEIGHTS,
) -> list[StoreSuggestion]:
    """All stores worth suggesting, best first; closed and rejected ones are left out.

    Score (ours, after pointwise mutual information): the sum of `affinity`, of the mean information
    that the stores of this visit have of it, and the weighed terms. Without any profile it is
    popularity, hour, place and crowd. The order is that of `spread`.
    """
    affinities = affinity(stores, profile.attributes)
    together = visited_together or Together()
    by_id = {store.id: store for store in stores}
    mean_visits = sum(store.visits for store in stores) / max(len(stores), 1)
    found = []
    for store in stores:
        if not store.open_now or store.id in corrections.rejected:
            continue
        terms = [
            *_personal_terms(store, profile, affinities[store.id], by_id, together, weights),
            *_place_terms(store, profile, mean_visits, weights),
            *_said_terms(store, corrections, by_id, weights),
        ]
        told = [(it.reason, it.tells) for it in terms if it.reason and it.tells >= _NOTABLE]
        score = sum(term.score for term in terms)
        found.append(StoreSuggestion(store, score, strongest(told)))
    return spread(sorted(found, key=lambda it: (-it.score, it.store.id)))


def spread(
    ranked: Sequence[StoreSuggestion], likeness_nats: float = SPREAD
) -> list[StoreSuggestion]:
    """The same stores, those near the top not all of one category (by `diverse`).

    A score is a logarithm, so that a store like one before it is put back as if it were that much
    less likely; a category that somebody asked for stays ahead of all others.

    Args:
        ranked: best first.
        likeness_nats: what wholly alike costs; 0 leaves the order as it is.
    """
    if not ranked or ranked[0].score == ranked[-1].score:
        return list(ranked)
    worst = ranked[-1].score
    span = ranked[0].score - worst
    return diverse(
        ranked,
        lambda it: it.score - worst,
        lambda one, other: likeness(one.store, other.store),
        len(ranked),
        span / (span + likeness_nats),
    )


def affinity(stores: Sequence[StoreFacts], attributes: Posterior) -> dict[str, float]:
    """Expected pointwise mutual information of each store and the profile, in nats.

    sum over attributes and their labels c of p(c|u) ln[P(s|c)/P(s)]. That is the same as
    ln[P(c|s)/P(c)], and in this form P(c|s) is smoothed towards P(c) with `SMOOTHING` visitors, so
    that a store few were counted in says little; smoothing P(s|c) would not hold back such a store
    among busy ones. Attributes are taken for independent given the store, for stores are told
    their visitors by one attribute at a time.
    """
    total = dict.fromkeys((store.id for store in stores), 0.0)
    for attribute, told in attributes.items():
        counts = {it.id: it.audience.get(attribute, {}) for it in stores}
        everybody = sum(sum(labels.values()) for labels in counts.values())
        for label, probability in told.items():
            share = sum(labels.get(label, 0) for labels in counts.values()) / max(everybody, 1)
            if share <= 0:
                continue
            for name, labels in counts.items():
                if label in labels:
                    whole = sum(labels.values()) + SMOOTHING
                    smoothed = (labels[label] + SMOOTHING * share) / whole
                    total[name] += probability * log(smoothed / share)
    return total


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a score; told as a reason by how much it `tells`."""

    score: float
    reason: Reason | None = None
    tells: float = 0.0


def _helps(score: float, code: ReasonCode, **params: str | int) -> _Term:
    return _Term(score, Reason(code, params), score)


def _personal_terms(
    store: StoreFacts,
    profile: LiveProfile,
    fits: float,
    by_id: Mapping[str, StoreFacts],
    together: Together,
    weights: StoreWeights,
) -> list[_Term]:
    terms = [_helps(fits, ReasonCode.LIKE_YOU)]
    chosen = [it for it in profile.behaviour.interests if it in store.categories]
    if chosen:
        terms.append(_helps(weights.interest, ReasonCode.INTEREST, category=chosen[0]))
    visited = profile.behaviour.stores
    if store.id in visited:
        terms.append(_Term(-weights.visited))
    for place in visited:
        if place != store.id:
            alike = weights.like_visited * likeness(store, by_id.get(place))
            worth = together.information(store.id, place) + alike
            terms.append(_helps(worth / len(visited), ReasonCode.LIKE_VISITED, store=place))
    return terms


def _place_terms(
    store: StoreFacts, profile: LiveProfile, mean_visits: float, weights: StoreWeights
) -> list[_Term]:
    popular = weights.popularity * log((store.visits + 1.0) / (mean_visits + 1.0))
    terms = [_helps(popular, ReasonCode.POPULAR_NOW, hour=profile.behaviour.hour)]
    if store.walk_s is not None:
        near = Reason(ReasonCode.NEAR, {"walk_s": round(store.walk_s)})
        tells = 1.0 - store.walk_s / _NEAR_S
        terms.append(_Term(-weights.walk_per_min * store.walk_s / 60.0, near, tells))
    if store.crowd is not None:
        tells = 1.0 - store.crowd / _QUIET
        terms.append(_Term(-weights.crowd * store.crowd, Reason(ReasonCode.QUIET), tells))
    if store.closes_in_min is not None:
        needed = _SHORT_STAY_MIN + (store.walk_s or 0.0) / 60.0
        if store.closes_in_min < needed:
            soon = Reason(ReasonCode.CLOSING_SOON, {"minutes": int(store.closes_in_min)})
            terms.append(_Term(-weights.closing, soon, _WARNING))
    return terms


def _said_terms(
    store: StoreFacts,
    corrections: Corrections,
    by_id: Mapping[str, StoreFacts],
    weights: StoreWeights,
) -> list[_Term]:
    terms = []
    wanted = corrections.looking_for
    if wanted and wanted in store.categories:
        terms.append(_helps(weights.looking_for, ReasonCode.LOOKING_FOR, category=wanted))
    like = max((likeness(store, by_id.get(it)) for it in corrections.less_like), default=0.0)
    if like > 0:
        terms.append(_Term(-weights.less_like * like))
    return terms


def likeness(one: StoreFacts, other: StoreFacts | None) -> float:
    """Share (0..1) of the categories of two stores that they have in common."""
    if other is None:
        return 0.0
    mine, theirs = set(one.categories), set(other.categories)
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
