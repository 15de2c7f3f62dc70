"""The whole of site.toml and the checks across its sections."""

from collections import Counter
from collections.abc import Iterator
from datetime import time
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from edge_core.config.base import LocalTime, Named, Section
from edge_core.config.cameras import CameraConfig
from edge_core.config.floors import FloorConfig
from edge_core.config.models import ModelsConfig
from edge_core.config.privacy import PrivacyConfig
from edge_core.config.readers import ReaderConfig
from edge_core.config.screens import ScreenConfig
from edge_core.config.service import ServiceConfig
from edge_core.config.zones import LineConfig, ZoneConfig


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
    readers: tuple[ReaderConfig, ...] = ()
    zones: tuple[ZoneConfig, ...] = ()
    lines: tuple[LineConfig, ...] = ()
    screens: tuple[ScreenConfig, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    models: ModelsConfig = ModelsConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    service: ServiceConfig = ServiceConfig()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        errors = [*self._duplicate_ids(), *self._dangling_references()]
        if errors:
            raise ValidationError.from_exception_data("SiteConfig", errors)
        return self

    def _duplicate_ids(self) -> Iterator[InitErrorDetails]:
        for section in ("floors", "cameras", "readers", "zones", "lines", "screens"):
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
        for section in ("cameras", "zones", "screens"):
            for index, item in enumerate(getattr(self, section)):
                if item.floor is not None and item.floor not in floors:
                    yield _error((section, index, "floor"), item.floor, _unknown("floor", floors))
        zones = {zone.id for zone in self.zones}
        for index, reader in enumerate(self.readers):
            for place, antenna in enumerate(reader.antennas):
                if antenna.zone is not None and antenna.zone not in zones:
                    where = ("readers", index, "antennas", place, "zone")
                    yield _error(where, antenna.zone, _unknown("zone", zones))
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


def _unknown(what: str, known: set[str]) -> str:
    listed = ", ".join(sorted(known)) or f"none; add a [[{what}s]] section"
    return f"no {what} has this id; known: {listed}"


def _error(location: tuple[str | int, ...], value: str, reason: str) -> InitErrorDetails:
    kind = PydanticCustomError("site", "{reason}", {"reason": reason})
    return InitErrorDetails(type=kind, loc=location, input=value)
