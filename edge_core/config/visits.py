"""What a visit is, who arrives together, and who works here."""

from typing import Annotated

from pydantic import AfterValidator, Field

from edge_core.config.base import Identifier, Section


class VisitsConfig(Section):
    """When a visit ends and what makes people a group."""

    unseen_s: int = Field(
        default=1800, ge=60, le=43_200, description="unseen for so long, somebody has left"
    )
    settle_s: int = Field(
        default=60,
        ge=0,
        le=600,
        description="who comes back in so soon never left; visits are told so long after they end",
    )
    group_arrival_s: float = Field(
        default=4.0, gt=0, le=30, description="a group crosses the line within so long"
    )
    group_distance_m: float = Field(
        default=1.6, gt=0, le=5, description="and keeps this near to each other"
    )
    group_together_s: float = Field(
        default=4.0, gt=0, le=60, description="for at least so long in view"
    )


def _epc(value: str) -> str:
    digits = value.lower()
    if len(digits) % 4 or not 16 <= len(digits) <= 124 or set(digits) - set("0123456789abcdef"):
        raise ValueError("write the badge's EPC in hexadecimal, 16 digits or more, e.g. 24")
    return digits


Epc = Annotated[str, AfterValidator(_epc)]


class StaffConfig(Section):
    """Who is left out of visitor figures.

    Three ways: a badge with a tag, whose carrier is found by place and time; a zone where only
    staff stand; and the operator, who marks somebody on the live plan.
    """

    badges: tuple[Epc, ...] = Field(default=(), description="EPCs of staff badges")
    zones: tuple[Identifier, ...] = Field(
        default=(), description="where only staff stand, e.g. behind a till"
    )
    zone_s: int = Field(
        default=60, ge=5, le=3600, description="in those zones for so long makes somebody staff"
    )
