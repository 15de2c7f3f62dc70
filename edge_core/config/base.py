"""What all sections of site.toml share."""

from datetime import time
from itertools import combinations
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

Identifier = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="lower-case letters, digits, dashes"),
]
_FARTHEST_M = 100_000.0
_Metres = Annotated[float, Field(ge=-_FARTHEST_M, le=_FARTHEST_M)]
_Pixels = Annotated[float, Field(ge=-1e6, le=1e6)]
PointM = tuple[_Metres, _Metres]
"""x, y in metres on the floor plan."""
PointPx = tuple[_Pixels, _Pixels]
"""x, y in pixels of the camera's configured resolution."""


def _sane_size(size: tuple[int, int]) -> tuple[int, int]:
    if not all(32 <= side <= 8192 for side in size):
        raise ValueError("width and height must lie between 32 and 8192 pixels")
    return size


SizePx = Annotated[tuple[int, int], AfterValidator(_sane_size)]
"""Width and height of a picture in pixels."""


def _local_time(value: object) -> time:
    """Pydantic alone would take 10 for ten seconds past midnight, and a time of another zone."""
    try:
        moment = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, time) or moment.tzinfo is not None:
        raise ValueError('write a time of the site like "09:30"; midnight is "00:00"')
    return moment


LocalTime = Annotated[time, BeforeValidator(_local_time)]
"""Time of day by the site's clocks."""


class Section(BaseModel):
    """A section of site.toml: unknown keys are refused and values never change afterwards."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class Named(Section):
    """Something a visitor or an operator reads the name of."""

    id: Identifier
    name: str = Field(min_length=1, max_length=60)
    name_zh: str = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _fill_chinese_name(self) -> Self:
        if not self.name_zh:
            object.__setattr__(self, "name_zh", self.name)
        return self


def polygon_area_m2(points: tuple[PointM, ...]) -> float:
    """Unsigned area of a simple polygon in square metres (shoelace formula)."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def is_inside(point: PointM, polygon: tuple[PointM, ...]) -> bool:
    """Whether a point lies in a simple polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            inside = not inside
    return inside


def _simple(points: tuple[PointM, ...]) -> tuple[PointM, ...]:
    if polygon_area_m2(points) < 0.01:
        raise ValueError("the polygon encloses no area; list its corners in order")
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    if any(_cross(one, other) for one, other in combinations(edges, 2)):
        raise ValueError("the polygon's sides cross; list its corners in order")
    return points


def _cross(one: tuple[PointM, PointM], other: tuple[PointM, PointM]) -> bool:
    """Whether two sides cut through each other; sides that only touch do not."""

    def turn(a: PointM, b: PointM, c: PointM) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


Polygon = Annotated[tuple[PointM, ...], Field(min_length=3), AfterValidator(_simple)]
