"""Lists that are not all of the same: maximal marginal relevance."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

LAMBDA: Final = 0.7
_AHEAD: Final = 5
"""So many times as many as asked for are looked at: what scores lower is never shown."""

Thing = TypeVar("Thing")


def diverse(
    ranked: Sequence[Thing],
    score: Callable[[Thing], float],
    likeness: Callable[[Thing, Thing], float],
    most: int,
    weight: float = LAMBDA,
) -> list[Thing]:
    """Up to `most` things by MMR (Carbonell and Goldstein 1998).

    Each next one maximises weight x score - (1 - weight) x likeness to the most alike before it,
    with scores divided by the best one's; the first stays the first.

    Args:
        ranked: best first, scores not below 0.
        score: of a thing.
        likeness: of two, 0..1.
        most: how many.
        weight: 1 leaves the order as it is.
    """
    left = list(ranked[: most * _AHEAD])
    if not left:
        return []
    best = max(score(left[0]), 1e-9)
    taken = [left.pop(0)]
    nearest = [likeness(taken[0], thing) for thing in left]
    while left and len(taken) < most:
        worth = [
            weight * score(thing) / best - (1 - weight) * near
            for thing, near in zip(left, nearest, strict=True)
        ]
        place = worth.index(max(worth))
        taken.append(left.pop(place))
        nearest.pop(place)
        nearest = [
            max(near, likeness(taken[-1], thing)) for near, thing in zip(nearest, left, strict=True)
        ]
    return taken
