"""Jensen-Shannon divergence of small histograms, less what chance alone brings.

Two samples of one distribution never have equal histograms: with 16 even bins and 14 reads each
the divergence averages 0.45 bits though nothing changed, and a fixed threshold means something
else at every read rate. What is subtracted here is the mean for a tag at rest: a sum over bins,
each bin's counts being binomial, so it is exact and needs no simulation (ours).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln, ndtr, xlog1py, xlogy

from edge_core.types import Float64Array, Int64Array

MAX_READS = 64


def js_divergence(p: Float64Array, q: Float64Array) -> Float64Array:
    """Jensen-Shannon divergence in bits (0..1) along the last axis.

    Args:
        p: float64 (..., B), a distribution over B bins.
        q: the same of the other.
    """
    return np.asarray(_parts(p, q).sum(axis=-1), np.float64)


def _parts(p: Float64Array, q: Float64Array) -> Float64Array:
    m = (p + q) / 2
    return np.asarray((xlogy(p, p) + xlogy(q, q) - 2 * xlogy(m, m)) / (2 * np.log(2)))


@dataclass(slots=True)
class RestDivergence:
    """Divergence above the mean for a tag at rest.

    Attributes:
        rest: float64 (B,), how the reads of a tag at rest spread over bins, most likely first;
            which bin is which does not matter.
    """

    rest: Float64Array
    _known: dict[tuple[int, int], float] = field(default_factory=dict)
    _chance: dict[int, Float64Array] = field(default_factory=dict)

    def mean(self, n1: int, n2: int) -> float:
        """Mean divergence, in bits, of n1 and n2 reads of a tag at rest."""
        if not (0 < n1 <= MAX_READS and 0 < n2 <= MAX_READS):
            raise ValueError(f"samples of 1..{MAX_READS} reads, not {n1} and {n2}")
        known = self._known.get((n1, n2))
        if known is None:
            known = self._known[n1, n2] = self._work_out(n1, n2)
        return known

    def _work_out(self, n1: int, n2: int) -> float:
        first, second = np.arange(n1 + 1)[:, None] / n1, np.arange(n2 + 1)[None, :] / n2
        split = _parts(first, second) @ self._counts(n2)
        return float((self._counts(n1) * split).sum())

    def _counts(self, n: int) -> Float64Array:
        """Chance that a bin holds k of n reads, float64 (n + 1, B)."""
        known = self._chance.get(n)
        if known is None:
            chance = _binomial(np.arange(n + 1)[:, None], n, self.rest)
            known = self._chance[n] = np.asarray(chance, np.float64)
        return known

    def excess(self, counts1: Int64Array, counts2: Int64Array) -> tuple[Float64Array, Float64Array]:
        """Divergence of many pairs of samples, and what is left above the mean at rest.

        Args:
            counts1: int64 (G, B), reads in each bin; a row may be empty.
            counts2: the same of the other sample.

        Returns:
            Two float64 (G,), in bits; NaN where a sample is empty. The second is about 0 for a
            tag at rest, at any number of reads, and may be negative.
        """
        n1, n2 = counts1.sum(axis=1), counts2.sum(axis=1)
        raw, above = np.full(len(counts1), np.nan), np.full(len(counts1), np.nan)
        both = np.flatnonzero((n1 > 0) & (n2 > 0))
        if len(both):
            raw[both] = js_divergence(
                counts1[both] / n1[both, None], counts2[both] / n2[both, None]
            )
            pairs = zip(n1[both].tolist(), n2[both].tolist(), strict=True)
            above[both] = raw[both] - np.array([self.mean(*pair) for pair in pairs])
        return raw, above


def normal_bins(sd: float, width: float, bins: int) -> Float64Array:
    """Spread of a normal value over bins, averaged over where the bins happen to lie.

    Args:
        sd: its standard deviation.
        width: of a bin, in the same unit.
        bins: how many; values beyond the outermost are counted with them.

    Returns:
        float64 (bins,), shares that sum to 1.
    """
    offsets = (np.arange(16) + 0.5) / 16 - 0.5
    edges = (np.arange(1, bins) - bins / 2)[None, :] + offsets[:, None]
    below = ndtr(edges * width / sd)
    shares = np.diff(below, axis=1, prepend=0.0, append=1.0)
    return np.asarray(shares.mean(axis=0), np.float64)


def _binomial(k: Int64Array, n: int, p: Float64Array) -> Float64Array:
    """Chance of k of n; `scipy.stats` has it, too, and takes a second to load."""
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    chance: Float64Array = np.exp(ways + xlogy(k, p) + xlog1py(n - k, -p))
    return chance
