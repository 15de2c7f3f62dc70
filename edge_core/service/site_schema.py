"""What GET /v1/site answers: the plan and the names, as screens draw them. Positions in metres."""

from typing import Literal

from pydantic import Field

from edge_core.service.schema import XY, LocalTime, View


class FixtureView(View):
    """Something on the floor, for drawing."""

    kind: str
    polygon_m: list[XY]


class FloorView(View):
    """One floor of the plan."""

    id: str
    name: str
    name_zh: str
    level: int
    outline_m: list[XY]
    fixtures: list[FixtureView] = Field(default=[])


class ZoneView(View):
    """One zone of the plan."""

    id: str
    name: str
    name_zh: str
    floor: str
    kind: str
    polygon_m: list[XY]


class RackView(View):
    """One rack of the plan."""

    id: str
    name: str
    name_zh: str
    floor: str
    zone: str | None = None
    polygon_m: list[XY]


class LineView(View):
    """One counting line; ends are None when it was drawn in the camera's picture."""

    id: str
    name: str
    name_zh: str
    camera: str
    entrance: bool = Field(default=True, description="whether going in here enters the site")
    floor: str | None = None
    start_m: XY | None = None
    end_m: XY | None = None


class CameraView(View):
    """One camera on the plan; its address never leaves the service."""

    id: str
    name: str
    name_zh: str = ""
    floor: str | None = None
    position_m: XY | None = None


class ScreenView(View):
    """One screen on the plan."""

    id: str
    kind: Literal["kiosk", "mirror"]
    floor: str | None = None
    position_m: XY | None = None
    facing_deg: float = 0.0
    language: str = "en"
    zone: str | None = Field(default=None, description="whose garments a mirror shows")


class ProgrammeView(View):
    """One entry of today's programme."""

    title: str
    title_zh: str
    place: str
    place_zh: str
    start: LocalTime
    end: LocalTime


class ShopView(View):
    """Another shop of the same house."""

    id: str
    name: str
    name_zh: str
    where: str = ""
    where_zh: str = ""
    minutes: int | None = Field(default=None, description="the way there, on foot")


class SiteView(View):
    """GET /v1/site: what the screens draw."""

    id: str
    name: str
    name_zh: str
    timezone: str
    opens: LocalTime
    closes: LocalTime
    languages: list[str]
    minimum_group: int
    embedding_ttl_s: int = Field(
        default=1800, description="what somebody looks like is forgotten so long after they left"
    )
    privacy_pack: str = "strict"
    off: list[str] = Field(default_factory=list, description="what the privacy policy switches off")
    attributes: list[str] = Field(
        default_factory=list, description="what is estimated of people here; often nothing"
    )
    currency: str = "EUR"
    floors: list[FloorView] = Field(default=[])
    zones: list[ZoneView] = Field(default=[])
    racks: list[RackView] = Field(default=[])
    lines: list[LineView] = Field(default=[])
    cameras: list[CameraView] = Field(default=[])
    screens: list[ScreenView] = Field(default=[])
    programme: list[ProgrammeView] = Field(default=[])
    shops: list[ShopView] = Field(default=[])
