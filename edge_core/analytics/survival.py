"""How long stays last when some ends were not seen (Kaplan and Meier 1958), from binned sums."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from edge_core.types import Float64Array, Int64Array

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Quantile:
    """A length of stay that a share of the stays exceeds.

    Attributes:
        seconds: None where too many were cut short to tell.
        low, high: of the 95 % interval; None where it has no such end.
    """

    seconds: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Survival:
    """Share of stays longer than each edge.

    Attributes:
        edge_s: float64 (B + 1,), edges of the bins; the last bin, which has none above, is
            drawn to twice its beginning.
        share: float64 (B + 1,), 1 at the first edge, never rising.
        low, high: float64 (B + 1,), pointwise 95 % interval on the log-log scale
            (Kalbfleisch and Prentice 2002, section 1.4), Greenwood's variance.
    """

    edge_s: Float64Array
    share: Float64Array
    low: Float64Array
    high: Float64Array

    def quantile(self, exceeded_by: float) -> Quantile:
        """The length that a share of the stays exceeds: 0.5 the median, 0.1 the p90.

        The interval inverts the band (Brookmeyer and Crowley 1982).
        """
        return Quantile(
            self._crossing(self.share, exceeded_by),
            self._crossing(self.low, exceeded_by),
            self._crossing(self.high, exceeded_by),
        )

    def _crossing(self, curve: Float64Array, level: float) -> float | None:
        below = np.flatnonzero(curve <= level)
        if not len(below):
            return None
        after = int(below[0])
        if after == 0:
            return float(self.edge_s[0])
        (x0, x1), (y0, y1) = self.edge_s[after - 1 : after + 1], curve[after - 1 : after + 1]
        return float(x0 + (x1 - x0) * (y0 - level) / (y0 - y1))


def survival(ended: Int64Array, cut: Int64Array, lower_edge_s: Float64Array) -> Survival:
    """Kaplan-Meier curve of binned stays; those cut within a bin count half in it.

    That is the actuarial estimate, which is Kaplan and Meier's for narrow bins. Within a bin the
    curve is straight. Cut stays of the last, open bin say only that they are longer than it begins.

    Args:
        ended: int64 (B,), stays by bin that were seen to end.
        cut: int64 (B,), stays that were longer than the bin's lengths.
        lower_edge_s: float64 (B,), where the bins begin.

    Raises:
        ValueError: shapes that do not agree, or counts below zero.
    """
    if not len(ended) == len(cut) == len(lower_edge_s):
        raise ValueError("one count of each kind and one edge a bin")
    if min(ended.min(initial=0), cut.min(initial=0)) < 0:
        raise ValueError("counts are not negative")
    edge_s = np.append(lower_edge_s, lower_edge_s[-1] * 2)
    lost = ended + cut
    at_risk = (lost.sum() - np.concatenate([[0], np.cumsum(lost)[:-1]])).astype(np.float64)
    exposed = np.maximum(at_risk - cut / 2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        survived = np.where(exposed > 0, 1 - ended / exposed, 1.0).clip(0, 1)
        terms = np.where(
            (exposed > 0) & (ended < exposed), ended / (exposed * (exposed - ended)), 0.0
        )
    # Nobody known is left to judge by after the last bin with a stay: the curve stops there.
    share = np.concatenate([[1.0], np.cumprod(survived)])
    variance = np.concatenate([[0.0], np.cumsum(terms)])
    known = np.concatenate([[True], at_risk > 0])
    low, high = _log_log(share, variance)
    curves = (np.where(known, curve, np.nan) for curve in (share, low, high))
    return Survival(edge_s, *curves)


def _log_log(share: Float64Array, variance: Float64Array) -> tuple[Float64Array, Float64Array]:
    z = ndtri((1 + CONFIDENCE) / 2)
    inner = (share > 0) & (share < 1)
    low, high = share.copy(), share.copy()
    log = np.log(share[inner])
    width = z * np.sqrt(variance[inner]) / np.abs(log)
    low[inner] = np.exp(log * np.exp(width))
    high[inner] = np.exp(log * np.exp(-width))
    return low, high
