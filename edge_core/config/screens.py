"""The kiosks and mirrors of a site."""

from typing import Literal

from pydantic import Field

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
