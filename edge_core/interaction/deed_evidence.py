"""What speaks for a person having done something to a garment.

Where somebody stood against where the garment hangs, told with how sure both are; hands; standing
still; and, while a garment is in hand, that whoever holds it is where it is heard, and leaves when
it leaves.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import i0e

from edge_core.interaction.hand_looks import hands_ratio
from edge_core.interaction.paths import Path, places_at, speed_at
from edge_core.types import Float64Array, Int64Array
from edge_core.units import NS_PER_S, ns_from_s

ActionKind = Literal["touch", "take", "return"]
EVIDENCE: Final = ("place", "hands", "speed", "held", "stays", "leaves", "in_hand")
"""Columns of `evidence`."""
_HANDS_S: Final = 0.3
"""Hands are at goods from so long before an action to so long after."""
_MOMENT_S: Final = (0.7, 1.5)
"""Taking and bringing back happen from so long before an item's moment to so long after."""
_LOOKED_AT_S: Final = 5.0
"""What was taken is looked at for at least about so long; later it may just be carried along."""
_ASTRAY: Final = 0.2
"""Share of places that are off by far more than told, as filmed at rails,"""
_ASTRAY_SD_M: Final = 0.8
"""and by how much, along each axis."""
_FASTEST_M_S: Final = 1.2
_EVERY_S: Final = 0.25
_LOG_LEAST: Final = -6.0
_GONE_AFTER_S: Final = (1.5, 4.5)
"""Whoever carries a garment off is away from so long to so long after it was last heard,"""
_STILL_THERE_S: Final = (-3.0, -1.0)
"""and about it until then."""
_HELD_S: Final = 15.0
_HAND_M: Final = 0.25
"""From a body's axis to what it holds, along each axis: ahead, but who knows where to."""
_AWAY_M: Final = 2.5
_STAYS_S: Final = 0.5


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
        kind: a touch; a taking, which lasts as long as the item is in hand; or its return, a
            moment.
        place_sd_m: standard deviation of `floor_m`, along each axis.
        hand_m: where the item was while somebody held it, x and y; NaN when unknown.
        hand_sd_m: standard deviations of that, along x and y.
        lost: a taking that ends with the item heard no more.
    """

    key: str
    epc: str
    start_ns: int
    end_ns: int
    floor_m: tuple[float, float]
    probability: float
    kind: ActionKind = "touch"
    place_sd_m: float = 0.3
    hand_m: tuple[float, float] = (math.nan, math.nan)
    hand_sd_m: tuple[float, float] = (math.nan, math.nan)
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is looked at for an action.

    Attributes:
        distance_m: people farther from the item are not, unless their places are unsure.
        arm_m: from a body's axis to what its hands handle.
        arm_sd_m: standard deviation of that.
    """

    distance_m: float = 2.1
    arm_m: float = 0.7
    arm_sd_m: float = 0.1


def evidence(action: Action, path: Path, holder: int | None, reach: Reach) -> Float64Array | None:
    """What speaks for this person having done the action; None when out of reach.

    Args:
        action: what was done.
        path: where the person was.
        holder: who held the item before.
        reach: who is looked at.

    Returns:
        float64 (7,), see `EVIDENCE`: log-likelihood ratios of the places (`log_place`) and of the
        hands (`hands_ratio`); speed; 1 for the holder;
        how far the person strays from where the item in hand is heard; and how far the person
        goes when it is heard no more, in `_AWAY_M`, less one half; log-likelihood ratio of where
        the item was held.
    """
    first_ns, last_ns = moment(action)
    holds = holder is not None and holder == path.person
    place = _placed(action, path, grid(first_ns, last_ns), reach)
    if place is None:
        return None
    if place < _LOG_LEAST / 2 and not holds and not _near(action, path, first_ns, last_ns, reach):
        return None
    return np.array(
        [
            place,
            _hands(action, path),
            min(speed_at(path, (first_ns + last_ns) // 2), _FASTEST_M_S),
            float(holds),
            _stays(action, path, reach),
            _leaves(action, path, reach) if action.lost else 0.0,
            _in_hand(action, path, reach),
        ]
    )


def moment(action: Action) -> tuple[int, int]:
    """When the hand was at the item's place, from and to."""
    before, after = (round(margin * NS_PER_S) for margin in _MOMENT_S)
    if action.kind == "take":
        return action.start_ns - before, action.start_ns + after
    if action.kind == "return":
        return action.end_ns - after, action.end_ns + before
    return action.start_ns, action.end_ns


def grid(first_ns: int, last_ns: int) -> Int64Array:
    """Moments to look at, from the first to the last, int64 (N,)."""
    count = 1 + round((last_ns - first_ns) / NS_PER_S / _EVERY_S)
    return np.linspace(first_ns, last_ns, max(count, 1)).astype(np.int64)


def log_place(apart_m: Float64Array, sd_m: Float64Array, reach: Reach) -> Float64Array:
    """Log of how much likelier the distance is for the doer than for anybody in reach (ours).

    A body stands an arm's length from what it handles, and both places err: the distance told is
    Rice's. Now and then a place is off by a metre, where a rail hides the feet. Somebody who only
    happens to be in reach is spread evenly over its area.

    Args:
        apart_m: float64 (N,), distance told.
        sd_m: float64 (N,), of person and item together, along each axis.
        reach: the arm and the area.
    """
    near = _log_rice(apart_m, sd_m, reach) + math.log(1 - _ASTRAY)
    far = _log_rice(apart_m, np.hypot(sd_m, _ASTRAY_SD_M), reach) + math.log(_ASTRAY)
    return np.asarray(np.maximum(np.logaddexp(near, far), _LOG_LEAST), np.float64)


def _log_rice(apart_m: Float64Array, sd_m: Float64Array, reach: Reach) -> Float64Array:
    sd_m = np.hypot(sd_m, reach.arm_sd_m)
    bend = apart_m * reach.arm_m / sd_m**2
    shape = np.log(i0e(bend)) - (apart_m - reach.arm_m) ** 2 / (2 * sd_m**2)
    return np.asarray(np.log(reach.distance_m**2 / (2 * sd_m**2)) + shape, np.float64)


def _placed(action: Action, path: Path, at_ns: Int64Array, reach: Reach) -> float | None:
    """Log-likelihood ratio of the places at an action's moment; None when unseen then."""
    floor_m, sd_m = places_at(path, at_ns)
    known = ~np.isnan(sd_m)
    if not known.any():
        return None
    if math.isnan(action.floor_m[0]):
        return 0.0
    # Places err alike over a moment, so its middle one counts once.
    apart = np.hypot(*(floor_m[known] - np.array(action.floor_m)).T)
    spread = np.hypot(sd_m[known], action.place_sd_m)
    middle, surest = float(np.median(apart)), float(spread.min())
    return float(log_place(np.array([middle]), np.array([surest]), reach)[0])


def _near(action: Action, path: Path, first_ns: int, last_ns: int, reach: Reach) -> bool:
    floor_m, sd_m = places_at(path, grid(first_ns, last_ns))
    known = ~np.isnan(sd_m)
    apart = np.hypot(*(floor_m[known] - np.array(action.floor_m)).T)
    return bool((apart <= reach.distance_m + 2 * sd_m[known]).any())


def _stays(action: Action, path: Path, reach: Reach) -> float:
    """Of the places while the item is in hand and heard, after the moment it was taken."""
    if action.kind != "take" or math.isnan(action.floor_m[0]):
        return 0.0
    first_ns = moment(action)[1]
    last_ns = action.end_ns - ns_from_s(_STAYS_S)
    if last_ns <= first_ns:
        return 0.0
    floor_m, sd_m = places_at(path, grid(first_ns, last_ns))
    if np.isnan(sd_m).all():
        return 0.0
    apart = np.hypot(*(floor_m - np.array(action.floor_m)).T)
    over = np.clip((apart - reach.distance_m) / 1.0, 0.0, 2.0)
    return -float(np.nanmean(over))


def _leaves(action: Action, path: Path, reach: Reach) -> float:
    """How far somebody goes when an item is heard no more, -1..0.5; 0 when unseen."""
    if math.isnan(action.floor_m[0]):
        return 0.0
    before, after = (
        _median_m(action, path, *(action.end_ns + ns_from_s(s) for s in span))
        for span in (_STILL_THERE_S, _GONE_AFTER_S)
    )
    if math.isnan(before) or math.isnan(after):
        return 0.0
    if before > reach.distance_m + _STAYS_S:
        return -1.0  # heard here while they were elsewhere
    return float(np.clip((after - before) / _AWAY_M, 0.0, 1.0)) - 0.5


def _in_hand(action: Action, path: Path, reach: Reach) -> float:
    """Log of how much likelier it is that the item was held there by this person than by chance."""
    if math.isnan(action.hand_m[0]):
        return 0.0
    first_ns = action.start_ns + ns_from_s(_STAYS_S)
    last_ns = max(min(action.end_ns, first_ns + ns_from_s(_HELD_S)), first_ns)
    floor_m, sd_m = places_at(path, grid(first_ns, last_ns))
    if np.isnan(sd_m).all():
        return 0.0
    off = np.nanmedian(floor_m, axis=0) - np.array(action.hand_m)
    spread = np.hypot(np.array(action.hand_sd_m), math.hypot(float(np.nanmin(sd_m)), _HAND_M))
    density = -((off / spread) ** 2).sum() / 2 - np.log(2 * np.pi * spread.prod())
    by_chance = -math.log(math.pi * reach.distance_m**2)
    return max(float(density - by_chance), _LOG_LEAST)


def _median_m(action: Action, path: Path, first_ns: int, last_ns: int) -> float:
    """Median distance from the item's place between two moments; NaN when unseen."""
    floor_m, sd_m = places_at(path, grid(first_ns, last_ns))
    if np.isnan(sd_m).all():
        return math.nan
    return float(np.nanmedian(np.hypot(*(floor_m - np.array(action.floor_m)).T)))


def _hands(action: Action, path: Path) -> float:
    """Of the hands while the action needs them, against the same person's before and after."""
    margin_ns = ns_from_s(_HANDS_S)
    first_ns, last_ns = action.start_ns - margin_ns, action.end_ns + margin_ns
    if action.kind == "take":
        surely_ns = min(last_ns, action.start_ns + ns_from_s(_LOOKED_AT_S))
        return hands_ratio(path, [(first_ns, surely_ns)], [(surely_ns, last_ns)])
    if action.kind == "return":
        # Until then the hands were at it too.
        first_ns = moment(action)[0]
        return hands_ratio(path, [(first_ns, last_ns)], [(first_ns - ns_from_s(_HELD_S), first_ns)])
    return hands_ratio(path, [(first_ns, last_ns)])
