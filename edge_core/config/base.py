"""What all sections of site.toml share."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="lower-case letters, digits, dashes"),
]
PointM = tuple[float, float]
"""x, y in metres on the floor plan."""
PointPx = tuple[float, float]
"""x, y in pixels of the camera's configured resolution."""


class Section(BaseModel):
    """A section of site.toml: unknown keys are refused and values never change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


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


def _has_area(points: tuple[PointM, ...]) -> tuple[PointM, ...]:
    if polygon_area_m2(points) < 0.01:
        raise ValueError("the polygon encloses no area; list its corners in order")
    return points


Polygon = Annotated[tuple[PointM, ...], Field(min_length=3), AfterValidator(_has_area)]
