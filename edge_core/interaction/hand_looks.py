"""What looks at somebody's hands say about one action (ours).

One look is weak, and the classifier errs alike about one person for many seconds: their clothes,
the side they show, what they carry. So a person's looks during an action are held against the same
person's looks before and after it: a matched filter in coloured noise (Kay 1998, section 4.4),
with the noise as measured on rendered pictures (`edge_core.bench.camera_errors`).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from edge_core.interaction.paths import Path
from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import NS_PER_S, ns_from_s

Span = tuple[int, int]
"""From and to, monotonic nanoseconds."""
AROUND_S: Final = 15.0
"""So long before and after an action a person's other looks are held against it."""
RISE: Final = 1.15
"""How much the classifier's log odds rise, on average, once the hands are at goods."""
USUAL: Final = -0.13
"""The log odds of somebody near a rail whose hands are not."""
SLOW: Final = (0.8, 20.0)
"""Variance of what lasts, and its time constant in seconds."""
FAST: Final = (0.53, 0.35)
"""Of what passes quickly."""
_WHITE: Final = 0.05
_SURE: Final = 0.01
_MOST_LOOKS: Final = 120


def hands_ratio(path: Path, at_goods: Sequence[Span], unknown: Sequence[Span] = ()) -> float:
    """Log-likelihood ratio that the hands were at goods in these spans and not otherwise.

    Args:
        path: with the looks at one person's hands.
        at_goods: when the action needs hands.
        unknown: when it may need them or not; looks within are left out.

    Returns:
        0 where nobody looked during the spans.
    """
    margin_ns = ns_from_s(AROUND_S)
    first_ns = min(span[0] for span in at_goods) - margin_ns
    last_ns = max(span[1] for span in at_goods) + margin_ns
    chosen = (path.look_ns >= first_ns) & (path.look_ns <= last_ns)
    inside = _within(path.look_ns, at_goods)
    chosen &= inside | ~_within(path.look_ns, unknown)
    rows = np.flatnonzero(chosen)
    # Twenty looks a second of one person tell no more than four.
    rows = rows[:: 1 + len(rows) // _MOST_LOOKS]
    during = inside[rows]
    if not during.any():
        return 0.0
    p = np.clip(path.handling[rows], _SURE, 1 - _SURE)
    off = np.log(p / (1 - p)) - USUAL
    rise = RISE * during
    weight = np.linalg.solve(_covariance(path.look_ns[rows]), rise)
    return float(weight @ (off - rise / 2))


def _within(at_ns: Int64Array, spans: Sequence[Span]) -> BoolArray:
    found = np.zeros(len(at_ns), np.bool_)
    for first_ns, last_ns in spans:
        found |= (at_ns >= first_ns) & (at_ns <= last_ns)
    return found


def _covariance(at_ns: Int64Array) -> Float64Array:
    apart_s = np.abs(at_ns[:, None] - at_ns[None]) / NS_PER_S
    lasting = sum(variance * np.exp(-apart_s / lasts_s) for variance, lasts_s in (SLOW, FAST))
    return np.asarray(lasting + _WHITE * np.eye(len(at_ns)), np.float64)
