"""Racks, rails, tables and shelves that garments belong to."""

from pydantic import Field

from edge_core.config.base import Identifier, Named, PointM, Polygon


class RackConfig(Named):
    """Where garments hang or lie: what an antenna looks at, and what the products name as home."""

    floor: Identifier
    polygon_m: Polygon
    zone: Identifier | None = Field(default=None, description="the department it stands in")

    @property
    def centre_m(self) -> PointM:
        """Mean of the corners."""
        xs, ys = zip(*self.polygon_m, strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)
