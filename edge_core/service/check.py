"""What `promenade check-config` shows of a right site file."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from edge_core.config import (
    AttributesConfig,
    CameraConfig,
    DirectoryConfig,
    OffersConfig,
    PrivacyConfig,
    Products,
    RackConfig,
    ReaderConfig,
    ShopConfig,
    SiteConfig,
    load_directory,
    load_offers,
)
from edge_core.config.base import polygon_area_m2
from edge_core.errors import ConfigError, Problem, PromenadeError
from edge_core.logs import scrub
from edge_core.privacy.packs import load_pack
from edge_core.suggest.routes import RoutePlanner
from edge_core.suggest.signing_key import signing_key
from edge_core.vision import (
    load_action_classifier,
    load_body_attributes,
    load_detector,
    load_embedder,
    load_face_attributes,
    load_face_detector,
)
from edge_core.vision.action import ActionClassifier
from edge_core.vision.body import BodyAttributeModel
from edge_core.vision.detect import Detector
from edge_core.vision.embed import Embedder
from edge_core.vision.face import FaceAttributeModel
from edge_core.vision.face_detect import FaceDetector
from edge_core.vision.floor import calibrate
from edge_core.vision.models import find_model, list_models


def check_parts(config: SiteConfig) -> None:
    """Try what only shows when the parts are put together; starts nothing.

    Raises:
        ConfigError: a calibration whose points are of no use, or a model that is not shipped.
    """
    site_summary(config)


def site_summary(config: SiteConfig) -> dict[str, Any]:
    """A site in words, one entry a subject, JSON values only. Raises as `check_parts`."""
    problems: list[Problem] = []
    cameras = [_camera(camera, index, problems) for index, camera in enumerate(config.cameras)]
    models = [
        _model("detector", config.models.detector, problems),
    ]
    if config.privacy.recognises:
        models.append(_model("embedder", config.models.embedder, problems))
    if problems:
        raise ConfigError("The site file", problems)
    site, privacy, service = config.site, config.privacy, config.service
    return {
        "site": f"{site.name} ({site.timezone}, open {site.opens:%H:%M} to {site.closes:%H:%M})",
        "floors": [f"{f.name}: {polygon_area_m2(f.outline_m):.0f} m²" for f in config.floors],
        "cameras": cameras,
        "readers": [_reader(reader) for reader in config.readers],
        "racks": [
            f"{rack.name} ({polygon_area_m2(rack.polygon_m):.1f} m²)" for rack in config.racks
        ],
        "zones": [
            f"{z.name} ({z.kind}, {polygon_area_m2(z.polygon_m):.1f} m²)" for z in config.zones
        ],
        "lines": [f"{line.name} (camera {line.camera})" for line in config.lines],
        "screens": [
            f"{s.id} ({s.kind}{f', shows garments of {s.zone}' if s.zone else ''})"
            for s in config.screens
        ],
        "models": models,
        "attributes": _attributes(config.attributes),
        "privacy": _privacy(privacy),
        "api": f"http://{service.host}:{service.port}",
        "hub": config.hub.url or "none; nothing leaves this PC",
    }


def read_products(config: SiteConfig, folder: Path) -> Products:
    """The site's table of products; an empty one where there is none.

    Args:
        config: the site.
        folder: the folder of site.toml.

    Raises:
        SourceError: the table cannot be read, or says something wrong; names the line.
        ConfigError: a product names a rack or a shop that the site file does not have.
    """
    if config.service.products is None:
        return Products()
    path = folder / config.service.products
    products = Products.from_csv(path)
    check_products(config, products, str(path))
    return products


def check_products(config: SiteConfig, products: Products, where: str) -> None:
    """Raise ConfigError when products name a rack or a shop that the site does not have."""
    problems = [
        *_strangers("rack", {it.rack for it in products if it.rack is not None}, config.racks),
        *_strangers("shop", {shop for it in products for shop in it.nearby}, config.shops),
    ]
    if problems:
        remedy = f"Correct it in {where}, or add the section."
        raise ConfigError(where, [Problem(None, *it, remedy) for it in problems])


def _strangers(
    what: str, said: set[str], known: Sequence[RackConfig | ShopConfig]
) -> Iterator[tuple[str, str, str]]:
    """What the table of products names and a site that tells of such does not have."""
    if not known:
        return
    ids = {it.id for it in known}
    for name in sorted(said - ids):
        listed = ", ".join(sorted(ids))
        yield what, name, f"the site file has no {what} of this id; known: {listed}"


def read_directory(config: SiteConfig, folder: Path) -> DirectoryConfig:
    """The site's directory of stores; an empty one where there is none.

    Args:
        config: the site.
        folder: the folder of site.toml.

    Raises:
        ConfigError: it cannot be read, or says something wrong; every mistake is listed.
    """
    if config.service.directory is None:
        return DirectoryConfig()
    return load_directory(folder / config.service.directory, config)


def directory_summary(config: SiteConfig, folder: Path) -> dict[str, Any]:
    """A directory in words, after a walk to everything in it.

    Raises:
        ConfigError: as `read_directory`, or something lies where nobody can walk to.
    """
    if config.service.directory is None:
        return {}
    directory = read_directory(config, folder)
    lost = RoutePlanner(config, directory).unreachable()
    if lost:
        remedy = "Move it to where people can walk, or mend the plan's walls."
        problems = [Problem(None, key, "", reason, remedy) for key, reason in lost]
        raise ConfigError(str(folder / config.service.directory), problems)
    floors = Counter(directory.room(store, config)[0] for store in directory.stores)
    stores = ", ".join(f"{floors[floor.id]} on {floor.name}" for floor in config.floors)
    kinds = Counter(connector.kind for connector in directory.connectors)
    return {
        "stores": f"{len(directory.stores)} ({stores})",
        "places": [place.name for place in directory.places],
        "ways": [f"{kind}: {count}" for kind, count in kinds.items()],
        "closed": [closure.what or closure.floor for closure in directory.closures],
    }


def read_offers(config: SiteConfig, folder: Path, directory: DirectoryConfig) -> OffersConfig:
    """The site's coupons and audiences; empty ones where there are none. Raises ConfigError."""
    if config.service.offers is None:
        return OffersConfig()
    return load_offers(folder / config.service.offers, directory)


def coupon_key(config: SiteConfig, folder: Path, directory: DirectoryConfig) -> bytes | None:
    """What signs coupons, made where there is none yet; None for a site without stores.

    Raises:
        SourceError: the key cannot be used.
    """
    if config.service.directory is None and not directory.stores:
        return None
    return signing_key(folder / config.service.coupon_key).private_bytes_raw()


def offers_summary(config: SiteConfig, folder: Path) -> dict[str, Any]:
    """The coupons in words; nothing where the site has none. Raises ConfigError."""
    if config.service.directory is None or config.service.offers is None:
        return {}
    directory = load_directory(folder / config.service.directory, config)
    offers = load_offers(folder / config.service.offers, directory)
    return {
        "coupons": [
            f"{it.title} ({it.store}, at most {it.daily_budget} {config.site.currency} a day)"
            for it in offers.coupons
        ],
        "audiences": f"of {len(offers.audiences)} of {len(directory.stores)} stores",
    }


def _reader(reader: ReaderConfig) -> str:
    """A reader in words, and what of it tells nothing yet."""
    looking = [
        f"{it.number} at {it.rack or it.zone}" for it in reader.antennas if it.rack or it.zone
    ]
    blind = [str(it.number) for it in reader.antennas if not (it.rack or it.zone)]
    told = f"{reader.id}: {reader.host}:{reader.tcp_port}, {len(reader.antennas)} antennas"
    if looking:
        told += f" ({', '.join(looking)})"
    if blind:
        told += f"; antenna {', '.join(blind)} has no rack and no zone: who handles what it sees"
        told += " is not told"
    return told


def _attributes(config: AttributesConfig) -> str:
    told = [*config.body, *(("age and gender of adults",) if config.face else ())]
    return ", ".join(told) or "none"


def _privacy(privacy: PrivacyConfig) -> list[str]:
    return [
        f"policy pack: {load_pack(privacy.pack).title} (no legal advice)",
        f"off: {', '.join(privacy.off) or 'nothing'}",
        f"groups under {privacy.minimum_group} hidden, events kept {privacy.event_days} days,"
        " no pictures kept",
    ]


def _camera(camera: CameraConfig, index: int, problems: list[Problem]) -> str:
    told = f"{camera.id}: {scrub(camera.source)} at {camera.fps:g} frames/s"
    try:
        calibration = calibrate(camera)
    except ConfigError as error:
        key = f"cameras[{index}].calibration"
        problems += [replace(problem, key=key) for problem in error.problems]
        return told
    if calibration is None:
        return f"{told}, not calibrated"
    return f"{told}, calibrated: points miss by {np.median(calibration.error_cm):.0f} cm"


def _model(kind: Literal["detector", "embedder"], name: str, problems: list[Problem]) -> str:
    try:
        spec, _ = find_model(name, kind)
    except PromenadeError as error:
        message = error.message.rstrip(".")
        problems.append(Problem(None, f"models.{kind}", name, message, error.remedy))
        return name
    return f"{kind}: {name} ({spec.licence}, training data: {spec.data_terms})"


_Model = (
    Detector | Embedder | FaceAttributeModel | BodyAttributeModel | FaceDetector | ActionClassifier
)


def verify_models() -> list[dict[str, str]]:
    """Check every shipped model against its manifest and run it once.

    Returns:
        One dict a model: `name`, `state` ("ok" or what is wrong), `provider` that ran it.
    """
    loaders: dict[str, Callable[[str], _Model]] = {
        "detector": load_detector,
        "embedder": load_embedder,
        "face-attributes": load_face_attributes,
        "body-attributes": load_body_attributes,
        "face-detector": load_face_detector,
        "action": load_action_classifier,
    }
    rows = []
    for spec in list_models():
        try:
            model = loaders[spec.kind](spec.name)
            rows.append({"name": spec.name, "state": "ok", "provider": model.provider})
        except PromenadeError as error:
            rows.append({"name": spec.name, "state": error.message, "provider": ""})
    return rows
