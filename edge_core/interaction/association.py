"""Who did it: item actions and people, matched as wholes.

An action on a garment is one person's, a person has two hands, and several people may be in reach
of the same rail. So all actions that overlap in time and all people near them are matched at once,
by maximum weight: distance on the floor, standing still, what the cameras say of the hands during
the action and just before and after it, whether hand and tag move together, and who held the item
last. Taking a garment and bringing it back are one person's deed and are decided together. Where
no person stands out, the answer is "someone".
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.interaction.deed_evidence import (
    EVIDENCE,
    Action,
    ActionKind,
    Reach,
    evidence,
    moment,
)
from edge_core.interaction.paths import Path
from edge_core.types import Float64Array
from edge_core.units import NS_PER_S, ns_from_s

__all__ = [
    "EVIDENCE",
    "HANDS",
    "SOMEONE_BELOW",
    "Action",
    "ActionKind",
    "Done",
    "Match",
    "Path",
    "Reach",
    "Weights",
    "associate",
    "deeds",
    "evidence",
    "score_table",
    "together_in_time",
]

SOMEONE_BELOW: Final = 0.6
"""A person is named only when more likely than this."""
HANDS: Final = 2
_LOOK_ROUND_S: Final = 5.0
_SAME_DEED_NS: Final = NS_PER_S
_FORBIDDEN: Final = -1e6
_LEAST_SUM: Final = 1e-300
_ROUNDS: Final = 4
_LOOKED_AT_S: Final = 5.0
"""What was taken is looked at for about so long at least."""
_EDGE_S: Final = 0.4
"""Of so much at an action's ends it is not sure that it is still that action."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, in natural logarithms of odds.

    The figures are conditional logistic regressions (as `edge_core.bench.association_fit` does
    them) on simulated trade on which nothing is reported, with errors of time and place drawn for
    the true actions and cameras that err as filmed (`edge_core.bench.busy_shop.Sensors`), and
    rounded; `in_hand` is from actions that emulated readers told. But for two: `busy` was chosen
    by hand, as shares of others are no evidence of one action, and `nobody` is a point or two
    below the fitted one, as the least probability already keeps weak answers back. They are for
    simulated sensors until a shop's own matches are there to fit.

    Attributes:
        place: factor of the logarithm of the density of the distance.
        hands: factor of the log-likelihood ratio of the hands.
        speed: factor of the speed in m/s: who handles goods stands.
        held: added for whoever held the item before.
        stays: factor of how far somebody strays from where a garment in hand is heard.
        leaves: factor of how far away somebody is once a taken garment is heard no more.
        in_hand: factor of the log-likelihood ratio of where an item was held.
        busy: added for another action at the same time, times its probability and `overlap`.
        nobody: score of "nobody seen"; a person must be worth more to be matched.
        second: added for an action of a person's other hand at the same time.
    """

    place: float = 0.75
    hands: float = 0.45
    speed: float = -0.4
    held: float = 3.4
    stays: float = 0.1
    leaves: float = 2.7
    in_hand: float = 0.3
    busy: float = -3.0
    nobody: float = -3.0
    second: float = -1.0

    @property
    def row(self) -> Float64Array:
        """float64 (7,), in the order of `EVIDENCE`."""
        return np.array([getattr(self, name) for name in EVIDENCE])


@dataclass(frozen=True, slots=True)
class Match:
    """Who did an action.

    Attributes:
        key: of the action.
        person: the visitor, or None for "someone".
        probability: of the likeliest person, if one of those in reach did it, 0..1; 0 when nobody
            was.
        in_reach: how many people were.
    """

    key: str
    person: int | None
    probability: float
    in_reach: int


@dataclass(frozen=True, slots=True)
class Done:
    """An action that is decided.

    Attributes:
        action: what was done.
        person: by whom.
        probability: that it was them, 0..1.
    """

    action: Action
    person: int
    probability: float


def associate(
    actions: Sequence[Action],
    paths: Sequence[Path],
    *,
    holders: Mapping[str, int] | None = None,
    weights: Weights | None = None,
    reach: Reach | None = None,
    done: Sequence[Done] = (),
) -> list[Match]:
    """Match the actions of a few seconds to people.

    Args:
        actions: of one batch, about five seconds; a person takes at most two of them.
        paths: everybody who may have been near, a row of places each.
        holders: who holds which item, by tag, before the batch.
        weights: of the evidence; `Weights()` when None.
        reach: gates; `Reach()` when None.
        done: actions of the minute before that are decided.

    Returns:
        One match an action, in their order.
    """
    weights, reach = weights or Weights(), reach or Reach()
    scores = score_table(actions, paths, holders or {}, weights, reach)
    scores = scores + busy_elsewhere(actions, paths, scores, weights, done)
    found: dict[int, Match] = {}
    for group in together_in_time(actions):
        chosen = _matched(scores[group], weights)
        for row, column in zip(group, chosen, strict=True):
            found[row] = _match(actions[row], paths, scores[row], column)
    for taking, bringing in deeds(actions):
        found[bringing] = replace(found[taking], key=actions[bringing].key)
    return [found[row] for row in range(len(actions))]


def _match(action: Action, paths: Sequence[Path], row: Float64Array, column: int | None) -> Match:
    gated = row > _FORBIDDEN
    share = _shares(row[gated])
    if column is None:
        return Match(action.key, None, float(share.max(initial=0.0)), int(gated.sum()))
    likely = float(share[np.count_nonzero(gated[:column])])
    person = paths[column].person if likely >= SOMEONE_BELOW else None
    return Match(action.key, person, likely, int(gated.sum()))


def score_table(
    actions: Sequence[Action],
    paths: Sequence[Path],
    holders: Mapping[str, int],
    weights: Weights,
    reach: Reach,
) -> Float64Array:
    """What speaks for each person having done each action, float64 (A, P).

    A taking and the return that ends it share the sum of their evidence.
    """
    scores = np.full((len(actions), len(paths)), _FORBIDDEN)
    for place, action in enumerate(actions):
        holder = holders.get(action.epc)
        for number, path in enumerate(paths):
            if not _may_be_near(action, path, reach) and holder != path.person:
                continue
            found = evidence(action, path, holder, reach)
            if found is not None:
                scores[place, number] = weights.row @ found
    for taking, bringing in deeds(actions):
        both = np.where(scores[[taking, bringing]] > _FORBIDDEN, scores[[taking, bringing]], 0.0)
        either = (scores[[taking, bringing]] > _FORBIDDEN).any(axis=0)
        scores[[taking, bringing]] = np.where(either, both.sum(axis=0), _FORBIDDEN)
    return scores


def busy_elsewhere(
    actions: Sequence[Action],
    paths: Sequence[Path],
    scores: Float64Array,
    weights: Weights,
    done: Sequence[Done] = (),
) -> Float64Array:
    """What speaks against each person for what they most likely do at that time, float64 (A, P).

    Who looks at a garment in hand rarely handles another. Who that is, is itself unsure: so the
    actions' probabilities are put right by one another in a few rounds (mean field: Bishop 2006,
    section 10.1); those of actions decided before stay.
    """
    column = {path.person: place for place, path in enumerate(paths)}
    decided = np.zeros_like(scores)
    for place, action in enumerate(actions):
        for it in done:
            if it.person in column:
                speaks = weights.busy * it.probability * overlap(action, it.action)
                decided[place, column[it.person]] += speaks
    pairs = combinations(range(len(actions)), 2)
    shared = [(one, other, overlap(actions[one], actions[other])) for one, other in pairs]
    shared = [it for it in shared if it[2] > 0]
    against = decided
    for _ in range(_ROUNDS if shared else 0):
        share = np.array([_shares(np.append(row, weights.nobody))[:-1] for row in scores + against])
        against = decided.copy()
        for one, other, part in shared:
            against[one] += weights.busy * part * share[other]
            against[other] += weights.busy * part * share[one]
    return against


def overlap(one: Action, other: Action) -> float:
    """How much of the shorter of two actions on different items falls into the other, 0..1."""
    if one.epc == other.epc:
        return 0.0
    (first_ns, last_ns), (begin_ns, end_ns) = _absorbed(one), _absorbed(other)
    both_ns = min(last_ns, end_ns) - max(first_ns, begin_ns)
    shorter_ns = min(last_ns - first_ns, end_ns - begin_ns)
    return max(both_ns, 0) / shorter_ns if shorter_ns > 0 else 0.0


def _absorbed(action: Action) -> tuple[int, int]:
    """When an action takes up somebody's eyes and hands; empty for a return."""
    if action.kind == "return":
        return action.end_ns, action.end_ns
    until_ns = action.end_ns
    if action.kind == "take":
        until_ns = min(until_ns, action.start_ns + ns_from_s(_LOOKED_AT_S))
    margin_ns = min(ns_from_s(_EDGE_S), (until_ns - action.start_ns) // 2)
    return action.start_ns + margin_ns, until_ns - margin_ns


def _may_be_near(action: Action, path: Path, reach: Reach) -> bool:
    """Whether it is worth to look closer: somebody of a few seconds about is seen not far off."""
    if math.isnan(action.floor_m[0]):
        return True
    margin_ns = ns_from_s(_LOOK_ROUND_S)
    first = int(np.searchsorted(path.time_ns, moment(action)[0] - margin_ns))
    last = int(np.searchsorted(path.time_ns, moment(action)[1] + margin_ns))
    seen = path.floor_m[max(first - 1, 0) : last + 1]
    if not len(seen):
        return False
    return bool(np.hypot(*(seen - np.array(action.floor_m)).T).min() <= reach.distance_m + 1.0)


def deeds(actions: Sequence[Action]) -> list[tuple[int, int]]:
    """Places of takings and of the returns that end them, among these actions."""
    takings = {
        (action.epc, place): action.end_ns
        for place, action in enumerate(actions)
        if action.kind == "take"
    }
    found = []
    for place, action in enumerate(actions):
        if action.kind != "return":
            continue
        for (epc, taking), end_ns in takings.items():
            if epc == action.epc and abs(end_ns - action.start_ns) <= _SAME_DEED_NS:
                found.append((taking, place))
                break
    return found


def together_in_time(actions: Sequence[Action]) -> list[list[int]]:
    """Places of actions in groups that share a moment, in which hands are shared out.

    One after another, somebody handles as much as they like. What is held goes on needing one
    hand, so only the moment of taking counts. Returns that end a taking are left out.
    """
    ends = {bringing for _, bringing in deeds(actions)}
    moments = [moment(action) for action in actions]
    order = sorted(set(range(len(actions))) - ends, key=lambda place: moments[place][0])
    groups: list[list[int]] = []
    until_ns = 0
    for place in order:
        first_ns, last_ns = moments[place]
        if not groups or first_ns > until_ns:
            groups.append([])
            until_ns = last_ns
        groups[-1].append(place)
        until_ns = min(until_ns, last_ns)
    return groups


def _matched(scores: Float64Array, weights: Weights) -> list[int | None]:
    """The column of each row, None for nobody: maximum total weight, two rows a column."""
    rows, columns = scores.shape
    # Every action may stay with nobody: a column of its own.
    table = np.concatenate(
        [scores, scores + weights.second, np.full((rows, rows), weights.nobody)], axis=1
    )
    picked = linear_sum_assignment(table, maximize=True)[1]
    return [int(c) % columns if c < columns * HANDS else None for c in picked]


def _shares(scores: Float64Array) -> Float64Array:
    """Probability of each person in reach, if one of them did it."""
    every = np.exp(scores - scores.max(initial=0.0))
    return np.asarray(every / max(float(every.sum()), _LEAST_SUM))
