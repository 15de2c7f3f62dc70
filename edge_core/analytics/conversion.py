"""Joining what was handled to what was sold, by product and time."""

from collections.abc import Sequence
from typing import Final

WITHIN_MIN: Final = 120
"""A sale later than this after a garment was taken is another's."""
SLACK_MIN: Final = 2
"""A till's clock, and the moment a tag is last heard, may be this far apart."""


def joined(
    taken: Sequence[tuple[int, int]],
    sold: Sequence[tuple[int, int]],
    within_min: int = WITHIN_MIN,
) -> int:
    """How many of the pieces sold had been seen taken before; each taking counts once.

    A sale takes the latest taking that is still free, as a garment goes to the till soon after.

    Args:
        taken: minute and count, in order of time, of one product.
        sold: the same of sales; counts below zero are pieces taken back and join nothing.
        within_min: longest time from taking to sale.
    """
    free = [[minute, count] for minute, count in taken if count > 0]
    found = 0
    for minute, count in sold:
        left = count
        for taking in reversed(free):
            if left <= 0:
                break
            if not minute - within_min <= taking[0] <= minute + SLACK_MIN:
                continue
            used = min(left, taking[1])
            taking[1] -= used
            left -= used
            found += used
        free = [taking for taking in free if taking[1] > 0]
    return found
