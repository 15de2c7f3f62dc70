"""Who did it: item actions and people, matched as wholes.

An action on a garment is one person's, a person has two hands, and several people may be in reach
of the same rail. So all actions of a few seconds and all people near them are matched at once, by
maximum weight: distance on the floor, what the cameras say of the hands, whether hand and tag move
together, and who held the item last. Where no person stands out, the answer is "someone".
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import NS_PER_S

SOMEONE_BELOW: Final = 0.6
"""A person is named only when more likely than this."""
HANDS: Final = 2
_RATE_HZ: Final = 2.0
_LAG_S: Final = 1.0
_HANDS_S: Final = 0.5
"""Hands are looked at from so long before an action to so long after."""
_CORRELATED_LEAST: Final = 5
"""Motion is compared over at least so many common samples."""
_FORBIDDEN: Final = -1e6
_NEAREST_M: Final = 0.2


@dataclass(frozen=True, slots=True)
class Action:
    """Something that happened to a tagged item.

    Attributes:
        key: the event's own.
        epc: the item's tag.
        start_ns: monotonic.
        end_ns: monotonic; not before `start_ns`.
        floor_m: where the item was, x and y; NaN when unknown.
        probability: that anything happened, 0..1.
        motion: float64 (M,), how much the tag moved, one sample each half second from `start_ns`;
            empty when the tag is read too seldom to tell.
    """

    key: str
    epc: str
    start_ns: int
    end_ns: int
    floor_m: tuple[float, float]
    probability: float
    motion: Float64Array


@dataclass(frozen=True, slots=True)
class Path:
    """Where a person was, and what the hands did.

    Attributes:
        person: the visitor's number.
        time_ns: int64 (N,), rising, monotonic.
        floor_m: float64 (N, 2).
        sd_m: standard deviation of the places.
        handling: float64 (N,), probability that the hands handle goods; NaN where unseen.
        motion: float64 (N,), how much arms and hands moved; NaN where unseen.
    """

    person: int
    time_ns: Int64Array
    floor_m: Float64Array
    sd_m: float
    handling: Float64Array
    motion: Float64Array


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, in natural logarithms of odds.

    The figures are a conditional logistic regression on 744 actions of four simulated recordings
    of the shop (seeds 31 to 34 of `bench association`); they are for simulated sensors until a
    shop's own matches are there to fit.

    Attributes:
        place: factor of the logarithm of the density of the distance.
        hands: factor of the mean logit of `handling`.
        together: added at full correlation of tag and hand, times the correlation.
        held: added for whoever held the item before.
        nobody: score of "nobody seen"; a person must be worth more to be matched.
    """

    place: float = 0.74
    hands: float = 0.92
    together: float = 1.82
    held: float = 3.67
    nobody: float = -3.29

    @property
    def row(self) -> Float64Array:
        """float64 (4,), in the order of `evidence`."""
        return np.array([self.place, self.hands, self.together, self.held])


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is looked at for an action.

    Attributes:
        distance_m: people farther from the item are not.
        time_s: people are looked for from so long before to so long after the action.
        arm_m: from a body's axis to what its hands handle.
        item_sd_m: standard deviation of the item's place and of the arm.
    """

    distance_m: float = 1.8
    time_s: float = 2.0
    arm_m: float = 0.65
    item_sd_m: float = 0.35


@dataclass(frozen=True, slots=True)
class Match:
    """Who did an action.

    Attributes:
        key: of the action.
        person: the visitor, or None for "someone".
        probability: of the likeliest person, 0..1; 0 when nobody was in reach.
        in_reach: how many people were.
    """

    key: str
    person: int | None
    probability: float
    in_reach: int


def associate(
    actions: Sequence[Action],
    paths: Sequence[Path],
    *,
    holders: Mapping[str, int] | None = None,
    weights: Weights | None = None,
    reach: Reach | None = None,
) -> list[Match]:
    """Match the actions of a few seconds to people.

    Args:
        actions: of one batch, about five seconds; a person takes at most two of them.
        paths: everybody who may have been near, a row of places each.
        holders: who holds which item, by tag, before the batch.
        weights: of the evidence; `Weights()` when None.
        reach: gates; `Reach()` when None.

    Returns:
        One match an action, in their order.
    """
    weights, reach = weights or Weights(), reach or Reach()
    holders = holders or {}
    scores = np.full((len(actions), len(paths)), _FORBIDDEN)
    for place, action in enumerate(actions):
        for number, path in enumerate(paths):
            found = evidence(action, path, holders.get(action.epc), reach)
            if found is not None:
                scores[place, number] = weights.row @ found
    chosen = _matched(scores, weights.nobody)
    matches = []
    for action, row, column in zip(actions, scores, chosen, strict=True):
        gated = row > _FORBIDDEN
        share = _shares(row[gated], weights.nobody)
        likely = 0.0 if column is None else float(share[np.count_nonzero(gated[:column])])
        named = column is not None and likely >= SOMEONE_BELOW
        matches.append(
            Match(
                action.key,
                paths[column].person if named and column is not None else None,
                likely if column is not None else float(share.max(initial=0.0)),
                int(gated.sum()),
            )
        )
    return matches


def evidence(action: Action, path: Path, holder: int | None, reach: Reach) -> Float64Array | None:
    """What speaks for this person having done the action; None when out of reach.

    Returns:
        float64 (4,), to be multiplied with `Weights.row`: log-likelihood ratio of the distance
        (see `_log_place`); mean logit of the hands during the action;
        correlation of tag and hand at the best lag within a second; 1 for the holder.
    """
    near = _between(path, action, reach.time_s)
    if not near.any():
        return None
    holds = holder is not None and holder == path.person
    place = 0.0
    if not math.isnan(action.floor_m[0]):
        apart = np.hypot(*(path.floor_m[near] - np.array(action.floor_m)).T)
        # During the action, or at the moment nearest to it.
        inside = _between(path, action, 0.0)[near]
        distance = float(np.median(apart[inside]) if inside.any() else apart.min())
        if distance > reach.distance_m and not holds:
            return None
        place = _log_place(distance, path.sd_m, reach)
    hands = path.handling[_between(path, action, _HANDS_S)]
    seen = np.clip(hands[~np.isnan(hands)], 0.02, 0.98)
    busy = float(np.mean(np.log(seen / (1 - seen)))) if len(seen) else 0.0
    return np.array([place, busy, _together(action, path), float(holds)])


def _log_place(distance_m: float, sd_m: float, reach: Reach) -> float:
    """Log of how much likelier the distance is for the doer than for anybody in reach (ours).

    A body stands an arm's length from what it handles: a Gaussian about it. Somebody who only
    happens to be in reach is spread evenly over its area, so the distance's density is 2 d / R^2.
    """
    distance_m = max(distance_m, _NEAREST_M)
    spread_m = math.hypot(reach.item_sd_m, sd_m)
    off = (distance_m - reach.arm_m) / spread_m
    doer = math.exp(-(off**2) / 2) / (spread_m * math.sqrt(2 * math.pi))
    anybody = 2 * distance_m / reach.distance_m**2
    return math.log(max(doer, 1e-12) / anybody)


def _between(path: Path, action: Action, margin_s: float) -> BoolArray:
    margin_ns = round(margin_s * NS_PER_S)
    after = path.time_ns >= action.start_ns - margin_ns
    return np.asarray(after & (path.time_ns <= action.end_ns + margin_ns))


def _together(action: Action, path: Path) -> float:
    """Best correlation of tag and hand motion within a second's lag; 0 when nothing is known."""
    count = len(action.motion)
    if count < _CORRELATED_LEAST or np.ptp(action.motion) == 0:
        return 0.0
    known = ~np.isnan(path.motion)
    if known.sum() < _CORRELATED_LEAST:
        return 0.0
    ticks = action.start_ns + np.arange(count) * round(NS_PER_S / _RATE_HZ)
    lags = np.arange(-_LAG_S, _LAG_S + 0.01, 1 / _RATE_HZ)
    best = 0.0
    for lag_s in lags:
        at = ticks + round(lag_s * NS_PER_S)
        within = (at >= path.time_ns[known][0]) & (at <= path.time_ns[known][-1])
        if within.sum() < _CORRELATED_LEAST:
            continue
        hand = np.interp(at[within], path.time_ns[known], path.motion[known])
        tag = action.motion[within]
        if np.ptp(hand) and np.ptp(tag):
            best = max(best, float(np.corrcoef(hand, tag)[0, 1]))
    return best


def _matched(scores: Float64Array, nobody: float) -> list[int | None]:
    """The column of each row, None for nobody: maximum total weight, two rows a column."""
    rows, columns = scores.shape
    # Every action may stay with nobody: a column of its own.
    table = np.concatenate(
        [np.repeat(scores, HANDS, axis=1), np.full((rows, rows), nobody)], axis=1
    )
    picked = linear_sum_assignment(table, maximize=True)[1]
    return [int(c) // HANDS if c < columns * HANDS else None for c in picked]


def _shares(scores: Float64Array, nobody: float) -> Float64Array:
    """Probability of each person in reach, beside nobody's."""
    every = np.exp(np.append(scores, nobody) - max(float(scores.max(initial=nobody)), nobody))
    return np.asarray(every[:-1] / every.sum())
