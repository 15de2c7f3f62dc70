"""The kiosks and mirrors of a site."""

from typing import Literal, Self

from pydantic import Field, model_validator

from edge_core.config.base import Identifier, PointM, Section


class ScreenConfig(Section):
    """One screen."""

    id: Identifier
    kind: Literal["kiosk", "mirror"]
    floor: Identifier | None = None
    position_m: PointM | None = Field(default=None, description="You are here")
    facing_deg: float = Field(
        default=0.0, ge=0, lt=360, description="way a person before it looks; 0 = up the plan"
    )
    language: Literal["en", "zh"] = "en"
    zone: Identifier | None = Field(
        default=None,
        description="mirrors: the fitting room, or the place before it, whose garments it shows;"
        " a reader's antenna must look at it",
    )

    @model_validator(mode="after")
    def _mirrors_show_garments(self) -> Self:
        if self.zone is not None and self.kind != "mirror":
            raise ValueError("`zone` is for mirrors; a kiosk shows no garments")
        return self
