"""The whole of site.toml and the checks across its sections."""

from collections import Counter
from collections.abc import Iterator
from datetime import time
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from edge_core.config.access import AccessConfig
from edge_core.config.attributes import AttributesConfig
from edge_core.config.base import LocalTime, Named, Section, is_inside
from edge_core.config.cameras import CameraConfig
from edge_core.config.floors import FloorConfig
from edge_core.config.hub import HubConfig
from edge_core.config.links import LinkConfig
from edge_core.config.models import ModelsConfig
from edge_core.config.privacy import PrivacyConfig
from edge_core.config.racks import RackConfig
from edge_core.config.readers import AntennaConfig, ReaderConfig
from edge_core.config.screens import ScreenConfig
from edge_core.config.service import ServiceConfig
from edge_core.config.shops import ShopConfig
from edge_core.config.storage import StorageConfig
from edge_core.config.updates import UpdatesConfig
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.config.zones import PASSING, LineConfig, ZoneConfig
from edge_core.privacy.packs import Function

_WITH_IDS: Final = (
    "floors", "cameras", "racks", "readers", "zones", "lines", "screens", "shops",
)  # fmt: skip


class ProgrammeItem(Section):
    """One entry of today's programme on the kiosk's attract page."""

    title: str = Field(min_length=1, max_length=80)
    title_zh: str = ""
    place: str = ""
    place_zh: str = ""
    start: LocalTime
    end: LocalTime


class SiteSection(Named):
    """Who and where the site is."""

    timezone: str = "UTC"
    opens: LocalTime = time(10, 0)
    closes: LocalTime = time(22, 0)
    languages: tuple[Literal["en", "zh"], ...] = Field(default=("en", "zh"), min_length=1)
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$", description="as ISO 4217 has it")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone; write one like Europe/Berlin") from error
        return name

    @field_validator("languages")
    @classmethod
    def _each_once(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(languages)) < len(languages):
            raise ValueError("a language stands twice")
        return languages


class SiteConfig(Section):
    """Everything site.toml says."""

    site: SiteSection
    floors: tuple[FloorConfig, ...] = ()
    cameras: tuple[CameraConfig, ...] = Field(min_length=1)
    links: tuple[LinkConfig, ...] = ()
    racks: tuple[RackConfig, ...] = ()
    readers: tuple[ReaderConfig, ...] = ()
    zones: tuple[ZoneConfig, ...] = ()
    lines: tuple[LineConfig, ...] = ()
    screens: tuple[ScreenConfig, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    shops: tuple[ShopConfig, ...] = ()
    models: ModelsConfig = ModelsConfig()
    attributes: AttributesConfig = AttributesConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    access: AccessConfig = AccessConfig()
    visits: VisitsConfig = VisitsConfig()
    staff: StaffConfig = StaffConfig()
    service: ServiceConfig = ServiceConfig()
    hub: HubConfig = HubConfig()
    updates: UpdatesConfig = UpdatesConfig()
    storage: StorageConfig = StorageConfig()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        errors = [
            *self._duplicate_ids(),
            *self._dangling_references(),
            *self._link_mistakes(),
            *self._tag_mistakes(),
            *self._watched_fitting_rooms(),
            *self._staff_mistakes(),
            *self._beyond_the_policy(),
        ]
        if errors:
            raise ValidationError.from_exception_data("SiteConfig", errors)
        return self

    def _duplicate_ids(self) -> Iterator[InitErrorDetails]:
        for section in _WITH_IDS:
            items = getattr(self, section)
            counts = Counter(item.id for item in items)
            for index, item in enumerate(items):
                if counts[item.id] > 1:
                    yield _error(
                        (section, index, "id"), item.id, f"this id stands twice in {section}"
                    )

    def _dangling_references(self) -> Iterator[InitErrorDetails]:
        floors = {floor.id for floor in self.floors}
        cameras = {camera.id: camera for camera in self.cameras}
        for section in ("cameras", "zones", "racks", "screens"):
            for index, item in enumerate(getattr(self, section)):
                if item.floor is not None and item.floor not in floors:
                    yield _error((section, index, "floor"), item.floor, _unknown("floor", floors))
        for index, line in enumerate(self.lines):
            camera = cameras.get(line.camera)
            if camera is None:
                yield _error(
                    ("lines", index, "camera"), line.camera, _unknown("camera", set(cameras))
                )
            elif line.start_m is not None and not camera.calibration:
                yield _error(
                    ("lines", index, "start_m"),
                    str(line.start_m),
                    f"camera {camera.id} is not calibrated; give its calibration, or start_px,"
                    " end_px and picture_px",
                )

    def _link_mistakes(self) -> Iterator[InitErrorDetails]:
        """Links that name no camera, or a pair that another link names too."""
        cameras = {camera.id for camera in self.cameras}
        first: dict[frozenset[str], int] = {}
        for index, link in enumerate(self.links):
            for camera in link.cameras:
                if camera not in cameras:
                    yield _error(("links", index, "cameras"), camera, _unknown("camera", cameras))
            if first.setdefault(frozenset(link.cameras), index) != index:
                reason = "another link names these two cameras; keep one of them"
                yield _error(("links", index, "cameras"), " ".join(link.cameras), reason)

    def _watched_fitting_rooms(self) -> Iterator[InitErrorDetails]:
        """A camera may not hang where people undress."""
        rooms = [zone for zone in self.zones if zone.kind == "fitting-room"]
        for index, camera in enumerate(self.cameras):
            for room in rooms:
                if camera.position_m is None or camera.floor != room.floor:
                    continue
                if is_inside(camera.position_m, room.polygon_m):
                    yield _error(
                        ("cameras", index, "position_m"),
                        str(camera.position_m),
                        f"a camera may not hang in a fitting room ({room.name}); take it down, or"
                        " correct where it hangs or the zone",
                    )

    def _tag_mistakes(self) -> Iterator[InitErrorDetails]:
        """Antennas, racks and mirrors that name what is not there, or what makes no sense."""
        zones = {zone.id: zone for zone in self.zones}
        for index, reader in enumerate(self.readers):
            for place, antenna in enumerate(reader.antennas):
                where = ("readers", index, "antennas", place)
                yield from self._antenna_mistakes(antenna, zones, where)
        for index, rack in enumerate(self.racks):
            if rack.zone is not None and rack.zone not in zones:
                yield _error(("racks", index, "zone"), rack.zone, _unknown("zone", set(zones)))
        seen = {antenna.zone for reader in self.readers for antenna in reader.antennas}
        for index, screen in enumerate(self.screens):
            if screen.zone is None or screen.zone in seen:
                continue
            reason = "no reader's antenna looks at this zone; set `zone` at one"
            if screen.zone not in zones:
                reason = _unknown("zone", set(zones))
            yield _error(("screens", index, "zone"), screen.zone, reason)

    def _beyond_the_policy(self) -> Iterator[InitErrorDetails]:
        """What the site asks for and its privacy policy switches off, or limits more."""
        privacy = self.privacy
        for key, value, limit in privacy.beyond_pack():
            reason = f"the policy pack `{privacy.pack}` allows {limit}; write that, or leave it out"
            yield _error(("privacy", key), str(value), reason)
        wished: dict[str, tuple[Function, object]] = {
            "face": ("face-attributes", self.attributes.face),
            "body": ("body-attributes", self.attributes.body),
        }
        for key, (function, wish) in wished.items():
            if wish and not privacy.allows(function):
                reason = (
                    f"{function} are off by the policy pack `{privacy.pack}` or by `off` in"
                    " [privacy]; leave this out, or name another pack after legal advice"
                )
                yield _error(("attributes", key), str(wish), reason)

    def _staff_mistakes(self) -> Iterator[InitErrorDetails]:
        """Staff zones that are not there, and badges that nothing could read."""
        zones = {zone.id for zone in self.zones}
        for index, zone in enumerate(self.staff.zones):
            if zone not in zones:
                yield _error(("staff", "zones", index), zone, _unknown("zone", zones))
        placed = any(a.rack or a.position_m for r in self.readers for a in r.antennas)
        if self.staff.badges and not placed:
            reason = (
                "no antenna has a place, so nobody can be found who wears a badge; give"
                " `position_m` or `rack` of the readers' antennas, or leave badges out"
            )
            yield _error(("staff", "badges"), self.staff.badges[0], reason)

    def _antenna_mistakes(
        self,
        antenna: AntennaConfig,
        zones: dict[str, ZoneConfig],
        where: tuple[str | int, ...],
    ) -> Iterator[InitErrorDetails]:
        zone = zones.get(antenna.zone or "")
        if antenna.zone is not None and zone is None:
            yield _error((*where, "zone"), antenna.zone, _unknown("zone", set(zones)))
        racks = {rack.id for rack in self.racks}
        if antenna.rack is None:
            return
        if antenna.rack not in racks:
            yield _error((*where, "rack"), antenna.rack, _unknown("rack", racks))
        elif zone is not None and zone.kind in PASSING:
            reason = (
                f"no garment belongs in a zone of the kind {zone.kind}; leave `rack` out, or give"
                " the department's zone"
            )
            yield _error((*where, "rack"), antenna.rack, reason)


def _unknown(what: str, known: set[str]) -> str:
    listed = ", ".join(sorted(known)) or f"none; add a [[{what}s]] section"
    return f"no {what} has this id; known: {listed}"


def _error(location: tuple[str | int, ...], value: str, reason: str) -> InitErrorDetails:
    kind = PydanticCustomError("site", "{reason}", {"reason": reason})
    return InitErrorDetails(type=kind, loc=location, input=value)
