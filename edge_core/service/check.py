"""What `promenade check-config` shows of a right site file."""

from typing import Any

from edge_core.config import CameraConfig, SiteConfig
from edge_core.config.base import polygon_area_m2
from edge_core.errors import ConfigError, Problem, PromenadeError
from edge_core.logs import scrub
from edge_core.vision.floor import FloorMapper
from edge_core.vision.models import model_card


def site_summary(config: SiteConfig) -> dict[str, Any]:
    """A site in words, one entry a subject, JSON values only.

    Raises:
        ConfigError: what only shows when the parts are tried: a calibration whose points lie on
            one line, or a model that is not shipped.
    """
    problems: list[Problem] = []
    cameras = [_camera(camera, index, problems) for index, camera in enumerate(config.cameras)]
    models = [
        _model(key, getattr(config.models, key), problems) for key in ("detector", "embedder")
    ]
    if problems:
        raise ConfigError("The site file", problems)
    return {
        "site": f"{config.site.name} ({config.site.timezone}, open {config.site.opens:%H:%M} to"
        f" {config.site.closes:%H:%M})",
        "floors": [f"{f.name}: {polygon_area_m2(f.outline_m):.0f} m²" for f in config.floors],
        "cameras": cameras,
        "zones": [
            f"{z.name} ({z.kind}, {polygon_area_m2(z.polygon_m):.1f} m²)" for z in config.zones
        ],
        "lines": [f"{line.name} (camera {line.camera})" for line in config.lines],
        "screens": [f"{s.id} ({s.kind})" for s in config.screens],
        "models": models,
        "privacy": f"groups under {config.privacy.minimum_group} hidden, events kept"
        f" {config.privacy.event_days} days, no pictures kept",
        "api": f"http://{config.service.host}:{config.service.port}",
    }


def _camera(camera: CameraConfig, index: int, problems: list[Problem]) -> str:
    told = f"{camera.id}: {scrub(camera.source)} at {camera.fps:g} frames/s"
    if not camera.calibration:
        return f"{told}, not calibrated"
    try:
        mapper = FloorMapper(camera)
    except PromenadeError as error:
        key = f"cameras[{index}].calibration"
        problems.append(Problem(None, key, "", error.message.rstrip("."), error.remedy))
        return told
    return f"{told}, calibrated to {mapper.reprojection_cm:.0f} cm"


def _model(key: str, name: str, problems: list[Problem]) -> str:
    try:
        return f"{key}: {name} ({model_card(name).licence})"
    except PromenadeError as error:
        message = error.message.rstrip(".")
        problems.append(Problem(None, f"models.{key}", name, message, error.remedy))
        return name
