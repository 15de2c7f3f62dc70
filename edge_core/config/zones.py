"""Zones people stay in and lines they cross."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from edge_core.config.base import Identifier, Named, PointM, PointPx, Polygon, SizePx

PASSING: Final = ("fitting-room", "reach", "till", "entrance")
"""Kinds of zones that garments pass through and never belong to."""


class ZoneConfig(Named):
    """An area of a floor whose visitors and dwell are kept."""

    floor: Identifier
    kind: Literal[
        "entrance", "corridor", "store", "department", "window", "till", "fitting-room", "reach"
    ] = "department"
    polygon_m: Polygon


class LineConfig(Named):
    """A counting line watched by one camera.

    Walking from start to end, whoever crosses from the left to the right hand goes in; swap the
    ends to turn it. Give both ends in metres (`start_m`, `end_m`; the camera must be
    calibrated) or in pixels of the picture (`start_px`, `end_px`).
    """

    camera: Identifier
    entrance: bool = Field(
        default=True, description="false for a line inside, whose crossings are no site visits"
    )
    start_m: PointM | None = None
    end_m: PointM | None = None
    start_px: PointPx | None = None
    end_px: PointPx | None = None
    picture_px: SizePx | None = Field(
        default=None, description="picture size that start_px and end_px were read in"
    )

    @model_validator(mode="after")
    def _one_pair_of_ends(self) -> Self:
        metres = (self.start_m, self.end_m)
        pixels = (self.start_px, self.end_px, self.picture_px)
        in_metres = all(metres) and not any(pixels)
        in_pixels = all(pixels) and not any(metres)
        if not (in_metres or in_pixels):
            raise ValueError(
                "give start_m and end_m, or start_px, end_px and picture_px, not a mixture"
            )
        if (self.start_m or self.start_px) == (self.end_m or self.end_px):
            raise ValueError("start and end are the same point")
        return self
