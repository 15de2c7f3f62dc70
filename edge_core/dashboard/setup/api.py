"""What the set-up page's script asks of the service."""

import re
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field

from edge_core.config import CameraConfig, PointPair, SiteConfig, parse_site
from edge_core.config.base import Identifier
from edge_core.config.edit import Draft, edited
from edge_core.config.site_file import SiteFile, StaleSetUpError
from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.viewer import Viewer, viewer_of
from edge_core.dashboard.setup.judge import judge
from edge_core.errors import ConfigError, Problem
from edge_core.service.check import check_parts
from edge_core.service.desk import OperatorDesk
from edge_core.service.views import ServiceState

PATH: Final = "/setup"
SCRIPTS: Final = ("setup.js", "geometry.js", "canvas.js", "shapes.js", "panels.js", "setup.css")
STILL_SHOWN_S: Final = 120
"""After so long the page takes a still away by itself."""
_FOLDER: Final = Path(__file__).parent
_ENTRY: Final = re.compile(r"([a-z]+)\[(\d+)\](?:\.([a-z_]+))?")


_Side = Annotated[int, Field(ge=32, le=8192)]


class SaveRequest(BaseModel):
    """A draft, and the digest of the file it was made from."""

    base: str
    draft: Draft


class JudgeRequest(BaseModel):
    """Point pairs to be looked at."""

    picture_px: tuple[_Side, _Side]
    pairs: list[PointPair] = Field(max_length=200)


class SetUpApi:
    """The routes below `/setup`; the guard lets operators alone through.

    Args:
        desk: the running service.
        state: what the screens see.
        accounts: keeps who did what.

    Attributes:
        router: to be added to the app.
    """

    def __init__(self, desk: OperatorDesk, state: ServiceState, accounts: Accounts) -> None:
        self._desk = desk
        self._state = state
        self._accounts = accounts
        self._file = SiteFile(desk.site_file)
        self.router = APIRouter(prefix=PATH, include_in_schema=False)
        add = self.router.add_api_route
        add("/files/{name}", send_script, methods=["GET"])
        add("/current", self.current, methods=["GET"])
        add("/running", self.running, methods=["GET"])
        add("/rates", self.rates, methods=["GET"])
        add("/judge", self.judge, methods=["POST"])
        add("/check", self.check, methods=["POST"])
        add("/save", self.save, methods=["POST"])
        add("/undo", self.undo, methods=["POST"])
        add("/still/{camera}", self.still, methods=["POST"])

    def current(self) -> dict[str, Any]:
        """What the file says now; addresses of cameras and readers stay in the service."""
        text, base = self._file.read()
        return _shown(parse_site(text)) | {
            "base": base,
            "can_undo": bool(self._file.backups()),
            "still_shown_s": STILL_SHOWN_S,
        }

    def running(self) -> dict[str, Any]:
        """Whether the service runs by what the file says."""
        return asdict(self._desk.state())

    def rates(self) -> dict[str, Any]:
        """Reads a second and tags in view of every antenna."""
        tags: dict[str, set[str]] = {}
        for tag in self._state.tags().tags:
            tags.setdefault(f"{tag.reader} {tag.antenna}", set()).add(tag.epc)
        reads = {f"{it[0]} {it[1]}": rate for it, rate in self._desk.antenna_rates().items()}
        states = {reader.id: reader.state for reader in self._state.health().readers}
        return {
            "reads_per_s": reads,
            "tags": {antenna: len(seen) for antenna, seen in tags.items()},
            "readers": states,
        }

    def judge(self, request: Request, asked: JudgeRequest) -> dict[str, Any]:
        """How good a calibration would be."""
        return asdict(judge(asked.pairs, asked.picture_px, viewer_of(request).say))

    def check(self, asked: SaveRequest) -> dict[str, Any]:
        """What is wrong with a draft; nothing is changed."""
        return {"problems": problems_of(self._changed(asked))}

    def save(self, request: Request, asked: SaveRequest) -> dict[str, Any]:
        """Keep a draft and let the service run by it; or tell what is wrong with it."""
        text = self._changed(asked)
        if problems := problems_of(text):
            return {"problems": problems}
        self._file.save(text, asked.base)
        self._note(request, "saved")
        self._desk.apply()
        return {"problems": []}

    def undo(self, request: Request) -> dict[str, Any]:
        """Go back to what the file said before the last save."""
        self._file.undo()
        self._note(request, "taken back")
        self._desk.apply()
        return {"problems": []}

    def still(self, request: Request, camera: Identifier) -> Response:
        """A still of a camera without people; kept nowhere, and it is known who asked for it."""
        found = next((it for it in self._desk.config.cameras if it.id == camera), None)
        if found is None:
            raise HTTPException(404, f"There is no camera {camera}")
        who = viewer_of(request)
        self._accounts.note(who.name, who.address, What.STILL, found.name or found.id)
        picture = self._desk.still(camera)
        headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
        return Response(picture, media_type="image/jpeg", headers=headers)

    def _changed(self, asked: SaveRequest) -> str:
        """The new text of the site file.

        Raises:
            StaleSetUpError: the file was changed meanwhile.
            ConfigError: it is written in a way that cannot be edited.
        """
        text, base = self._file.read()
        if base != asked.base:
            raise StaleSetUpError(
                "The set-up was changed by somebody else meanwhile.",
                "Load the page again and make your changes anew.",
            )
        return edited(text, asked.draft)

    def _note(self, request: Request, what: str) -> None:
        who: Viewer = viewer_of(request)
        self._accounts.note(who.name, who.address, What.SET_UP, what)


def problems_of(text: str) -> list[dict[str, str]]:
    """What is wrong with the text of a site file, each with the field it belongs to."""
    try:
        check_parts(parse_site(text))
    except ConfigError as error:
        data = tomllib.loads(text)
        return [_placed(problem, data) for problem in error.problems]
    return []


def _placed(problem: Problem, data: dict[str, Any]) -> dict[str, str]:
    """A problem with the id of the entry it is about, for the page knows no indices."""
    found = _ENTRY.match(problem.key)
    told = {"reason": problem.reason, "remedy": problem.remedy, "value": problem.value}
    if found is None:
        return told | {"section": problem.key, "id": "", "field": ""}
    section, index, field = found[1], int(found[2]), found[3] or ""
    entries = data.get(section, [])
    name = str(entries[index].get("id", "")) if index < len(entries) else ""
    return told | {"section": section, "id": name, "field": field}


def _shown(site: SiteConfig) -> dict[str, Any]:
    """What the page draws."""
    shown = site.model_dump(mode="json", include={"floors", "zones", "lines", "racks"})
    shown["cameras"] = [_camera(camera) for camera in site.cameras]
    shown["readers"] = [
        {
            "id": reader.id,
            "name": reader.name or reader.id,
            "antennas": [
                {"number": it.number, "zone": it.zone, "rack": it.rack} for it in reader.antennas
            ],
        }
        for reader in site.readers
    ]
    return shown


def _camera(camera: CameraConfig) -> dict[str, Any]:
    shown = camera.model_dump(
        mode="json", include={"id", "floor", "position_m", "calibration_px", "calibration"}
    )
    shown["name"] = camera.name or camera.id
    shown["name_zh"] = camera.name_zh or shown["name"]
    shown["largest_px"] = camera.max_resolution_px
    return shown


def send_script(name: str) -> Response:
    """A file of the page."""
    if name not in SCRIPTS:
        raise HTTPException(404, f"There is no {name}")
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return FileResponse(_FOLDER / name, media_type=kind, headers={"Cache-Control": "no-cache"})
