"""What pages about the past are made of, put together once when the service starts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from edge_core.analytics.demographics import audit_matrix
from edge_core.config import Products, SiteConfig
from edge_core.ledger import History, LedgerReader
from edge_core.service.observed import Watch, watches_of
from edge_core.service.presence import FloorPlans
from edge_core.types import Float64Array, Int64Array


@dataclass(frozen=True, slots=True)
class Past:
    """Sums by hour and day, and what of the site explains them.

    Attributes:
        history: the ledger's sums.
        plans: the floors' cells and what the cameras see of them.
        watches: by zone, what observes it.
        audits: int64 (L, L) by attribute, people by true and by told label.
        zone_of: by SKU, the zone its garments belong in; "" where that is not known.
    """

    history: History
    plans: FloorPlans
    watches: Mapping[str, Watch]
    audits: Mapping[str, Int64Array]
    zone_of: Mapping[str, str]

    @classmethod
    def of(
        cls, site: SiteConfig, plans: FloorPlans, reader: LedgerReader, products: Products
    ) -> "Past":
        """Of a running service."""
        zone_of_rack = {rack.id: rack.zone or "" for rack in site.racks}
        return cls(
            History(reader),
            plans,
            watches_of(site, plans),
            {it.attribute: audit_matrix(it.attribute, it.counts) for it in site.attributes.audit},
            {it.sku: zone_of_rack.get(it.rack or "", "") for it in products},
        )


def rounded(values: Float64Array, digits: int = 4) -> list[float | None]:
    """Numbers for JSON; None where there is none."""
    return [None if np.isnan(it) else round(float(it), digits) for it in values]
