"""The floor plan, in metres."""

from typing import Literal

from pydantic import Field

from edge_core.config.base import Named, Polygon, Section


class FixtureConfig(Section):
    """Something on the floor that people walk round; a `void` is a hole with a parapet."""

    kind: Literal["wall", "rack", "shelf", "counter", "table", "plant", "bench", "pillar", "void"]
    polygon_m: Polygon
    height_m: float = Field(default=1.2, gt=0, le=10)


class FloorConfig(Named):
    """One floor: x to the right and y down the plan, origin at the top-left corner."""

    level: int = Field(default=0, ge=-9, le=99)
    outline_m: Polygon
    fixtures: tuple[FixtureConfig, ...] = ()
