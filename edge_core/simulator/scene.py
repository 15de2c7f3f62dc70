"""scene.toml: what only the simulator knows of a site (camera poses, light, materials, shoppers).

It lies beside site.toml, which the product reads; both describe the same place.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge_core.config import SiteConfig, load_site
from edge_core.errors import ConfigError, Problem
from edge_core.simulator.camera import PinholeCamera

Rgb = Annotated[tuple[int, int, int], Field(description="red, green, blue, 0-255")]
PointM = tuple[float, float]
FloorPattern = Literal["planks", "tiles", "terrazzo", "carpet", "plain"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CameraPose(_Part):
    """Where a camera of site.toml truly hangs and how its sensor behaves."""

    id: str
    position_m: tuple[float, float, float]
    yaw_deg: float
    pitch_deg: float = Field(ge=0, lt=90)
    hfov_deg: float = Field(gt=20, lt=120)
    size_px: tuple[int, int] = (640, 360)
    noise: float = Field(default=2.0, ge=0, le=20, description="standard deviation, grey levels")
    vignette: float = Field(default=0.18, ge=0, le=0.8, description="darkening at the corners")
    exposure: float = Field(default=1.0, gt=0.2, lt=3)
    warmth: float = Field(default=0.0, ge=-0.2, le=0.2, description="white balance, + = warmer")

    def camera(self) -> PinholeCamera:
        """The pinhole model of this pose."""
        return PinholeCamera(
            self.id, self.position_m, self.yaw_deg, self.pitch_deg, self.hfov_deg, self.size_px
        )


class AntennaPose(_Part):
    """Where an antenna of a reader of site.toml truly hangs, and a place its beam points at."""

    reader: str
    number: int = Field(ge=1)
    position_m: tuple[float, float, float]
    faces_m: tuple[float, float, float]


class Lighting(_Part):
    """Lamps in a regular grid under the ceiling, and light from everywhere."""

    ceiling_m: float = Field(default=3.2, gt=2, le=12)
    ambient: float = Field(default=0.55, ge=0, le=1)
    lamp_spacing_m: float = Field(default=3.0, gt=0.5)
    lamp_strength: float = Field(default=0.55, ge=0)


class Covering(_Part):
    """A floor covering: of the whole floor, or of one zone."""

    pattern: FloorPattern = "tiles"
    colour: Rgb = (200, 196, 188)
    second: Rgb = (180, 175, 166)
    size_m: float = Field(default=0.6, gt=0.02, description="width of one plank, tile or fleck")
    gloss: float = Field(default=0.15, ge=0, le=1)
    zone: str | None = Field(default=None, description="zone it covers; none = everywhere else")


class Paint(_Part):
    """Colour of the walls touching one zone; without a zone, of all other walls."""

    colour: Rgb
    zone: str | None = None


class Sign(_Part):
    """Lettering or a poster on a vertical plane from one floor point to another."""

    text: str = Field(default="", max_length=40)
    from_m: PointM
    to_m: PointM
    bottom_m: float
    height_m: float = Field(gt=0.1)
    colour: Rgb = (40, 44, 52)
    ink: Rgb = (240, 238, 230)
    kind: Literal["sign", "poster", "glass", "shutter", "door", "screen"] = "sign"


class Entrance(_Part):
    """A stretch of floor where shoppers appear and leave, outside every counting line."""

    id: str
    from_m: PointM
    to_m: PointM
    arrivals_per_min: float = Field(ge=0)
    exit_weight: float = Field(default=1.0, ge=0)


class Attraction(_Part):
    """A zone shoppers stop in: beside its fixtures, or at the spots given."""

    zone: str
    weight: float = Field(default=1.0, ge=0)
    dwell_median_s: float = Field(default=20.0, gt=0)
    dwell_sigma: float = Field(default=0.6, ge=0, le=2, description="log-normal shape")
    activity: Literal["browse", "stand", "phone", "pay"] = "browse"
    role: Literal["visit", "till", "none"] = "visit"
    spots: tuple[tuple[float, float, float], ...] = Field(
        default=(), description="x, y, facing_deg; empty = along the fixtures of the zone"
    )


class ShopperHabits(_Part):
    """How shoppers behave on average."""

    speed_m_s: float = Field(default=1.15, gt=0.3, lt=2.5)
    speed_sd_m_s: float = Field(default=0.18, ge=0, lt=0.6)
    group_shares: tuple[float, float, float] = (0.62, 0.28, 0.10)
    visits_mean: float = Field(default=2.2, ge=0)
    pass_share: float = Field(default=0.15, ge=0, le=1, description="walk through without a stop")
    buy_share: float = Field(default=0.3, ge=0, le=1)
    child_share: float = Field(default=0.12, ge=0, le=1, description="of second, third members")
    present_at_start: int = Field(default=6, ge=0, description="already inside when it begins")


class SceneConfig(_Part):
    """Everything scene.toml says."""

    floor: str
    cameras: tuple[CameraPose, ...] = Field(min_length=1)
    antennas: tuple[AntennaPose, ...] = ()
    pieces_each: int = Field(default=0, ge=0, description="of every product on its rack")
    products_a_rack: int | None = Field(
        default=None, ge=1, description="as many of a rack's products hang; None = all"
    )
    lighting: Lighting = Lighting()
    coverings: tuple[Covering, ...] = (Covering(),)
    paints: tuple[Paint, ...] = ()
    signs: tuple[Sign, ...] = ()
    entrances: tuple[Entrance, ...] = Field(min_length=1)
    attractions: tuple[Attraction, ...] = ()
    shoppers: ShopperHabits = ShopperHabits()


@dataclass(frozen=True)
class Scene:
    """A site and the simulator's knowledge of it."""

    folder: Path
    site: SiteConfig
    config: SceneConfig

    @property
    def outline_m(self) -> tuple[PointM, ...]:
        """Outline of the simulated floor."""
        floor = next(floor for floor in self.site.floors if floor.id == self.config.floor)
        return floor.outline_m

    def zone_polygon(self, zone_id: str) -> tuple[PointM, ...]:
        """Corners of a zone, in metres."""
        return next(zone.polygon_m for zone in self.site.zones if zone.id == zone_id)


def load_scene(site_dir: Path) -> Scene:
    """Read `site.toml` and `scene.toml` of a folder and check that they agree.

    Raises:
        ConfigError: either file is missing or wrong, or scene.toml names something that
            site.toml does not have.
    """
    site = load_site(site_dir / "site.toml")
    path = site_dir / "scene.toml"
    try:
        config = SceneConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), [_problem("scene.toml", str(error))]) from None
    except ValidationError as error:
        problems = [
            _problem(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()
        ]
        raise ConfigError(str(path), problems) from None
    problems = _disagreements(site, config)
    if problems:
        raise ConfigError(str(path), problems)
    return Scene(site_dir, site, config)


def _problem(key: str, reason: str) -> Problem:
    return Problem(None, key, "", reason, "Correct the value.")


def _disagreements(site: SiteConfig, config: SceneConfig) -> list[Problem]:
    """What scene.toml names that site.toml lacks, and the other way round."""
    problems = []
    if config.floor not in {floor.id for floor in site.floors}:
        problems.append(_problem("floor", f"site.toml has no floor {config.floor}"))
    zones = {zone.id for zone in site.zones}
    named = [
        *(("coverings", item.zone) for item in config.coverings),
        *(("paints", item.zone) for item in config.paints),
        *(("attractions", item.zone) for item in config.attractions),
    ]
    for section, zone in named:
        if zone is not None and zone not in zones:
            problems.append(_problem(section, f"site.toml has no zone {zone}"))
    posed = {pose.id for pose in config.cameras}
    for camera_id in sorted(posed ^ {camera.id for camera in site.cameras}):
        problems.append(_problem("cameras", f"{camera_id} stands in only one of the two files"))
    hung = {(pose.reader, pose.number) for pose in config.antennas}
    wired = {(it.id, antenna.number) for it in site.readers for antenna in it.antennas}
    for reader, number in sorted(hung ^ wired):
        reason = f"antenna {number} of {reader} stands in only one of the two files"
        problems.append(_problem("antennas", reason))
    return problems
