"""A site file that changes while the service runs: what of it can be taken without a full stop."""

import logging
from pathlib import Path
from typing import Any, Final

from edge_core.config import SiteConfig, load_site
from edge_core.errors import ConfigError, Problem, PromenadeError
from edge_core.runtime.board import HealthBoard
from edge_core.sensing.rfid.worker import RFID_WORKER
from edge_core.service.check import check_parts, read_products
from edge_core.service.rows import (
    SET_UP_ASKED,
    SET_UP_REFUSED,
    SET_UP_ROW,
    SET_UP_TAKEN,
    vision_workers,
)

_PLACING: Final = {"name", "floor", "position_m", "calibration_px", "calibration"}
"""What of a camera may change while its capture process goes on."""

log = logging.getLogger(__name__)


class SetUpChanges:
    """Notices that the set-up page has rewritten the site file.

    Args:
        site: what the service was started with.
        board: where the core process asks.
        site_file: the file.
    """

    def __init__(self, site: SiteConfig, board: HealthBoard, site_file: Path) -> None:
        self._site = site
        self._site_file = site_file
        self._row = board.row(SET_UP_ROW)
        self._seen = self._row.get(SET_UP_ASKED)

    def take(self) -> tuple[SiteConfig, tuple[str, ...]] | None:
        """The new settings and the processes that they concern, once for every change; else None.

        A file that cannot be taken is refused on the board, and the service goes on as it is.
        """
        asked = self._row.get(SET_UP_ASKED)
        if asked == self._seen:
            return None
        self._seen = asked
        try:
            site = load_site(self._site_file)
            check_parts(site)
            read_products(site, self._site_file.resolve().parent)
            concerned = concerned_by(self._site, site)
        except PromenadeError as error:
            log.warning("the changed set-up is not taken: %s", error)
            self._row.reason = _why(error)
            self._row.set(SET_UP_REFUSED, asked)
            return None
        self._site = site
        self._row.reason = ""
        self._row.set(SET_UP_TAKEN, asked)
        return (site, concerned) if concerned else None


def concerned_by(old: SiteConfig, new: SiteConfig) -> tuple[str, ...]:
    """Names of the processes to be started anew when settings change.

    Raises:
        ConfigError: what changed is what the service's memory and sockets were made for.
    """
    if _foundation(old) != _foundation(new):
        problem = Problem(
            None,
            "cameras, readers or service",
            "",
            "a camera, a reader or the [service] section itself has changed",
            "Stop the edge service and start it again.",
        )
        raise ConfigError("site.toml", [problem])
    concerned = []
    if old != new:
        concerned.append("core")
    if _of_vision(old) != _of_vision(new):
        concerned += vision_workers(new)
    if new.readers and old.readers != new.readers:
        concerned.append(RFID_WORKER)
    return tuple(concerned)


def _of_vision(site: SiteConfig) -> tuple[Any, ...]:
    rooms = tuple(zone for zone in site.zones if zone.kind == "fitting-room")
    return (site.cameras, site.models, site.attributes, site.privacy.off, rooms)


def _foundation(site: SiteConfig) -> tuple[Any, ...]:
    cameras = tuple(camera.model_dump(exclude=_PLACING) for camera in site.cameras)
    doors = site.access.model_dump(include={"network_port", "network_host", "certificate", "key"})
    readers = tuple(reader.id for reader in site.readers)
    return (cameras, readers, site.service, doors, tuple(vision_workers(site)))


def _why(error: PromenadeError) -> str:
    if isinstance(error, ConfigError):
        first = error.problems[0]
        return f"{first.key}: {first.reason}. {first.remedy}"
    return f"{error.message} {error.remedy}"
