"""How many different people came: clusters of tracks, corrected for splits and merges.

Identity is never perfect: f of the clusters duplicate another cluster's person, and m of the
persons have no cluster of their own because they were taken for somebody else, or never seen. Of
N persons N (1 - m) own a cluster, and of C clusters C (1 - f) are somebody's first one, so

    N = C (1 - f) / (1 - m).

The same holds for crossings, with f the share of counted ones that never happened and m the share
of true ones that were not counted. f and m come from an audit of n_f clusters and n_m persons. The
interval is a parametric bootstrap of everything that is not known: f and m from their Jeffreys
posteriors, today's duplicates binomial with f, today's people without a cluster negative binomial
with m.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.analytics.matching import Events
from edge_core.types import Event

DRAWS: Final = 4000
INTERVAL: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class AuditRates:
    """What an audit measured.

    Attributes:
        duplicates, clusters: clusters that duplicate another one's person, of so many.
        absorbed, persons: persons without a cluster of their own, of so many.
        source: "walks" | "simulated".
        utc_ns: when.
    """

    duplicates: int
    clusters: int
    absorbed: int
    persons: int
    source: str = ""
    utc_ns: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.duplicates < self.clusters or not 0 <= self.absorbed < self.persons:
            raise ValueError("rates need clusters and persons, and not all of them wrong")

    @property
    def split(self) -> float:
        """F."""
        return self.duplicates / self.clusters

    @property
    def merged(self) -> float:
        """M."""
        return self.absorbed / self.persons


def crossing_rates(events: Events, source: str) -> AuditRates | None:
    """False and missed crossings as rates; None where the audit says too little."""
    if events.hits <= 0:
        return None
    false, missed = events.found - events.hits, events.true - events.hits
    return AuditRates(false, events.found, missed, events.true, source)


@dataclass(frozen=True, slots=True)
class UniqueVisitors:
    """Different people, or crossings.

    Attributes:
        clusters: C, uncorrected.
        estimate, low, high: N and its 95 % interval; None before any audit.
    """

    clusters: int
    estimate: float | None = None
    low: int | None = None
    high: int | None = None


def unique_visitors(clusters: int, rates: AuditRates | None, seed: int = 0) -> UniqueVisitors:
    """N of C.

    Args:
        clusters: C.
        rates: None before any audit; then only C is told.
        seed: of the bootstrap.
    """
    if rates is None:
        return UniqueVisitors(clusters)
    rng = np.random.default_rng(seed)
    f = rng.beta(rates.duplicates + 0.5, rates.clusters - rates.duplicates + 0.5, DRAWS)
    m = rng.beta(rates.absorbed + 0.5, rates.persons - rates.absorbed + 0.5, DRAWS)
    owners = clusters - rng.binomial(clusters, f)
    without = np.where(owners > 0, rng.negative_binomial(np.maximum(owners, 1), 1 - m), 0)
    low, high = np.quantile(owners + without, INTERVAL).tolist()
    estimate = clusters * (1 - rates.split) / (1 - rates.merged)
    return UniqueVisitors(clusters, estimate, int(low), int(np.ceil(high)))


def clusters_of(visits: Iterable[Event]) -> int:
    """Different people by the visits of one day, staff left out."""
    return sum(not visit.data["staff"] and not visit.data["again"] for visit in visits)
