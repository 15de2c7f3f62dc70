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
from typing import Final, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import NS_PER_S

SOMEONE_BELOW: Final = 0.6
"""A person is named only when more likely than this."""
HANDS: Final = 2
ActionKind = Literal["touch", "take", "return"]
_RATE_HZ: Final = 2.0
_LAG_S: Final = 1.0
_HANDS_S: Final = 0.5
"""Hands are looked at from so long before an action to so long after."""
_AROUND_S: Final = (0.8, 3.0)
"""Hands that were idle from the second to the first of these before or after speak for it."""
_MOMENT_S: Final = (0.7, 1.5)
"""Taking and bringing back happen from so long before an item's moment to so long after."""
_SAME_DEED_NS: Final = NS_PER_S
_INDEPENDENT_S: Final = 1.5
"""What a camera says of the hands errs alike for about so long."""
_MOST_LOOKS: Final = 5.0
_LOOKED_AT_NS: Final = 5 * NS_PER_S
"""What was taken is looked at for at least about so long."""
_SPEED_S: Final = 1.0
_FASTEST_M_S: Final = 1.2
_CORRELATED_LEAST: Final = 5
"""Motion is compared over at least so many common samples."""
_FORBIDDEN: Final = -1e6
_LEAST_SUM: Final = 1e-300
_NEAREST_M: Final = 0.2
EVIDENCE: Final = ("place", "hands", "idle", "speed", "together", "held")
"""Columns of `evidence`."""


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
        kind: a touch; a taking, which lasts as long as the item is in hand; or its return, a
            moment.
    """

    key: str
    epc: str
    start_ns: int
    end_ns: int
    floor_m: tuple[float, float]
    probability: float
    motion: Float64Array
    kind: ActionKind = "touch"


@dataclass(frozen=True, slots=True)
class Path:
    """Where a person was, and what the hands did.

    Attributes:
        person: the visitor's number.
        time_ns: int64 (N,), rising, monotonic.
        floor_m: float64 (N, 2).
        sd_m: standard deviation of the places.
        handling: float64 (N,), probability that the hands handle goods, as far as the picture
            alone tells: one half says nothing; NaN where unseen.
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

    The figures are a conditional logistic regression on actions of simulated trade
    (`edge_core.bench.association_fit`, other seeds than those reported), but for two: `together`
    is from an earlier fit with modelled hand motion, which no camera tells yet, and `nobody` is a
    point below the fitted one, as the least probability already keeps weak answers back. They
    are for simulated sensors until a shop's own matches are there to fit.

    Attributes:
        place: factor of the logarithm of the density of the distance.
        hands: factor of the summed log-likelihood ratio of the hands during the action.
        idle: factor of that of the hands before and after it, where handling speaks against it.
        speed: factor of the speed in m/s: who handles goods stands.
        together: added at full correlation of tag and hand, times the correlation.
        held: added for whoever held the item before.
        nobody: score of "nobody seen"; a person must be worth more to be matched.
        second: added for an action of a person's other hand at the same time.
    """

    place: float = 0.71
    hands: float = 0.19
    idle: float = -0.75
    speed: float = -1.06
    together: float = 1.82
    held: float = 1.64
    nobody: float = -2.3
    second: float = -1.0

    @property
    def row(self) -> Float64Array:
        """float64 (6,), in the order of `EVIDENCE`."""
        return np.array([self.place, self.hands, self.idle, self.speed, self.together, self.held])


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is looked at for an action.

    Attributes:
        distance_m: people farther from the item are not.
        time_s: people are looked for from so long before to so long after the action.
        arm_m: from a body's axis to what its hands handle.
        item_sd_m: standard deviation of the item's place and of the arm.
    """

    distance_m: float = 2.1
    time_s: float = 2.0
    arm_m: float = 0.8
    item_sd_m: float = 0.3


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
    scores = score_table(actions, paths, holders or {}, weights, reach)
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
        for number, path in enumerate(paths):
            found = evidence(action, path, holders.get(action.epc), reach)
            if found is not None:
                scores[place, number] = weights.row @ found
    for taking, bringing in deeds(actions):
        both = np.where(scores[[taking, bringing]] > _FORBIDDEN, scores[[taking, bringing]], 0.0)
        either = (scores[[taking, bringing]] > _FORBIDDEN).any(axis=0)
        scores[[taking, bringing]] = np.where(either, both.sum(axis=0), _FORBIDDEN)
    return scores


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
    """Places of actions in groups whose moments overlap, in which hands are shared out.

    What is held goes on needing one hand, so only the moment of taking counts. Returns that end a
    taking of theirs are left out.
    """
    ends = {bringing for _, bringing in deeds(actions)}
    moments = [_moment(action) for action in actions]
    order = sorted(set(range(len(actions))) - ends, key=lambda place: moments[place][0])
    groups: list[list[int]] = []
    until_ns = 0
    for place in order:
        first_ns, last_ns = moments[place]
        if not groups or first_ns > until_ns:
            groups.append([])
        groups[-1].append(place)
        until_ns = max(until_ns, last_ns)
    return groups


def evidence(action: Action, path: Path, holder: int | None, reach: Reach) -> Float64Array | None:
    """What speaks for this person having done the action; None when out of reach.

    Returns:
        float64 (6,), to be multiplied with `Weights.row`, see `EVIDENCE`: log-likelihood ratio of
        the distance (see `_log_place`); summed log-likelihood ratio of the hands during the
        action; mean one just before and after it; speed; correlation of tag and hand at the best
        lag within a second; 1 for the holder.
    """
    first_ns, last_ns = _moment(action)
    near = _between(path, first_ns, last_ns, reach.time_s)
    if not near.any():
        return None
    holds = holder is not None and holder == path.person
    place = 0.0
    if not math.isnan(action.floor_m[0]):
        apart = np.hypot(*(path.floor_m[near] - np.array(action.floor_m)).T)
        # During the action, or at the moment nearest to it.
        inside = _between(path, first_ns, last_ns, 0.0)[near]
        distance = float(np.median(apart[inside]) if inside.any() else apart.min())
        if distance > reach.distance_m and not holds:
            return None
        place = _log_place(distance, path.sd_m, reach)
    return np.array(
        [
            place,
            _hands(action, path),
            _idle(action, path),
            _speed(path, first_ns, last_ns),
            _together(action, path),
            float(holds),
        ]
    )


def _moment(action: Action) -> tuple[int, int]:
    """When the hand was at the item's place, from and to."""
    before, after = (round(margin * NS_PER_S) for margin in _MOMENT_S)
    if action.kind == "take":
        return action.start_ns - before, action.start_ns + after
    if action.kind == "return":
        return action.end_ns - after, action.end_ns + before
    return action.start_ns, action.end_ns


def _ratios(path: Path, chosen: BoolArray) -> Float64Array:
    """Log-likelihood ratios of the hands where they are seen."""
    seen = path.handling[chosen]
    seen = np.clip(seen[~np.isnan(seen)], 0.02, 0.98)
    return np.asarray(np.log(seen / (1 - seen)), np.float64)


def _hands(action: Action, path: Path) -> float:
    """Of the hands during the action; neighbouring looks err alike and count as one."""
    first_ns, last_ns = (action.start_ns, action.end_ns)
    if action.kind == "return":
        first_ns, last_ns = _moment(action)
    elif action.kind == "take":
        # Later the item may just be carried along.
        last_ns = min(last_ns, first_ns + _LOOKED_AT_NS)
    ratios = _ratios(path, _between(path, first_ns, last_ns, _HANDS_S))
    if not len(ratios):
        return 0.0
    seconds = (last_ns - first_ns) / NS_PER_S
    looks = min(1 + seconds / _INDEPENDENT_S, float(len(ratios)), _MOST_LOOKS)
    return float(ratios.mean()) * looks


def _idle(action: Action, path: Path) -> float:
    """Of the hands just before and just after the action, where both ends are its own."""
    near_ns, far_ns = (round(margin * NS_PER_S) for margin in _AROUND_S)
    chosen = np.zeros(len(path.time_ns), np.bool_)
    if action.kind != "return":
        chosen |= _between(path, action.start_ns - far_ns, action.start_ns - near_ns, 0.0)
    if action.kind != "take":
        chosen |= _between(path, action.end_ns + near_ns, action.end_ns + far_ns, 0.0)
    ratios = _ratios(path, chosen)
    return float(ratios.mean()) if len(ratios) else 0.0


def _speed(path: Path, first_ns: int, last_ns: int) -> float:
    """Speed over the moment and a second on either side, m/s; 0 when unseen."""
    around = _between(path, first_ns, last_ns, _SPEED_S)
    if np.count_nonzero(around) < 2:
        return 0.0
    seconds = (path.time_ns[around] - path.time_ns[around][0]) / NS_PER_S
    spread = seconds - seconds.mean()
    slope = spread @ path.floor_m[around] / max(float(spread @ spread), 1e-9)
    return min(float(np.hypot(*slope)), _FASTEST_M_S)


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


def _between(path: Path, first_ns: int, last_ns: int, margin_s: float) -> BoolArray:
    margin_ns = round(margin_s * NS_PER_S)
    after = path.time_ns >= first_ns - margin_ns
    return np.asarray(after & (path.time_ns <= last_ns + margin_ns))


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
