"""The demo's mall as a running service: the whole core process, real API, ledger, coupons, ways.

Only cameras and vision are missing: tests say who stands where, and this plays vision's part.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import dist
from pathlib import Path

import numpy as np

from edge_core.clock import ManualClock, SystemClock
from edge_core.config import (
    AttributesConfig,
    OffersConfig,
    Products,
    load_directory,
    load_offers,
    load_site,
)
from edge_core.ledger import Ledger
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import Received
from edge_core.runtime.worker import WorkerContext
from edge_core.sensing.reconnect import CameraState
from edge_core.service.api import create_app
from edge_core.service.core import Core
from edge_core.service.engine import Wiring
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.rows import (
    FORGET_ASKED,
    FORGET_TRACK,
    FORGOT,
    capture_row,
    core_row,
    vision_row,
)
from edge_core.service.server import ApiServer, listen
from edge_core.suggest.signing_key import signing_key
from edge_core.types import Float32Array, Observation, Traits
from edge_core.vision.floor import Calibration, calibrate

MALL = Path(__file__).parents[2] / "assets" / "malls" / "mall"
CAMERA = "plaza"
AT_KIOSK, BESIDE = (37.1, 35.6), (37.7, 36.5)
ADULT, CHILD = Traits(0, {"female": 0.96}, 44.0), Traits(0, {}, 9.0)
_STEP_S = 0.1
_TALL_M, _WIDE = 1.75, 0.36


class Afternoon(SystemClock):
    """The machine's clock, moved to an afternoon on which every store is open."""

    def __init__(self, wall: ManualClock) -> None:
        self._ahead_ns = wall.utc_ns() - time.time_ns()

    def utc_ns(self) -> int:
        return time.time_ns() + self._ahead_ns


@dataclass
class Shopper:
    """Somebody in view: where, what vision makes of them, and their track."""

    at_m: tuple[float, float]
    traits: Traits | None
    track: int
    look: Float32Array = field(repr=False)


class PlayedVision:
    """Stands where the link's receiver does, and says what vision would."""

    def __init__(self, clock: SystemClock, worker: WorkerContext, lens: Calibration) -> None:
        self._clock, self._lens = clock, lens
        self._asks = worker.board.row(core_row(CAMERA))
        self._answers = worker.board.row(vision_row(CAMERA))
        self._turn = threading.Lock()
        self._people: list[Shopper] = []
        self._ended: list[int] = []
        self._rng = np.random.default_rng(7)
        self._tracks = 0
        self._step = 0

    def receive(self, _timeout_s: float) -> Received | None:
        time.sleep(_STEP_S / 2)  # paces the frames as a camera does
        with self._turn:
            self._forget_asked()
            self._step += 1
            return Received("vision/1", self._step, self._observed())

    def ack(self, received: Received) -> None:
        assert received.sender == "vision/1"

    def show(self, *people: tuple[tuple[float, float], Traits | None]) -> None:
        """These stand in view now, and keep standing; nobody else does."""
        with self._turn:
            self._ended += [it.track for it in self._people]
            self._people = [self._newcomer(at_m, traits) for at_m, traits in people]

    def join(self, at_m: tuple[float, float], traits: Traits | None = None) -> None:
        """One more comes into view."""
        with self._turn:
            self._people.append(self._newcomer(at_m, traits))

    def estimate(self, place: int, traits: Traits) -> None:
        """From now on this is estimated of one of them."""
        with self._turn:
            self._people[place].traits = traits

    def leave(self, place: int) -> None:
        """One of them goes."""
        with self._turn:
            self._ended.append(self._people.pop(place).track)

    def _newcomer(self, at_m: tuple[float, float], traits: Traits | None) -> Shopper:
        look = self._rng.normal(size=1024).astype(np.float32)
        self._tracks += 1
        return Shopper(at_m, traits, self._tracks, look / np.linalg.norm(look))

    def _forget_asked(self) -> None:
        asked = self._asks.get(FORGET_ASKED)
        if asked == self._answers.get(FORGOT):
            return
        for person in self._people:
            if person.track == self._asks.get(FORGET_TRACK):
                self._tracks += 1
                person.track, person.traits = self._tracks, None
        self._answers.set(FORGOT, asked)

    def _observed(self) -> Observation:
        people, ended = self._people, self._ended
        self._ended = []
        # Nobody stands like a post: a statue would be taken for no person.
        sway = 0.05 * np.sin(self._step / 3)
        floor = np.array([it.at_m for it in people], np.float32).reshape(-1, 2)
        floor = floor + np.array([sway, 0], np.float32)
        boxes = np.array([self._box(it.at_m) for it in people], np.float32).reshape(-1, 4)
        due = self._step % 10 == 0
        seen = [it for it in people if due]
        # At every look, so that no touch comes before whoever stands there is estimated.
        told = [(it.track, it.traits) for it in people if it.traits is not None]
        now_ns = self._clock.monotonic_ns()
        return Observation(
            camera_id=CAMERA, epoch=3, sequence=self._step, mono_ns=now_ns,
            utc_ns=self._clock.utc_ns(), received_mono_ns=now_ns, size_px=self._lens.picture_px,
            track_id=np.array([it.track for it in people], np.int64), xyxy_px=boxes,
            score=np.full(len(people), 0.9, np.float32), floor_m=floor,
            ended=np.array(ended, np.int64),
            embedded=np.array([it.track for it in seen], np.int64),
            embedding=np.array([it.look for it in seen], np.float32).reshape(-1, 1024),
            quality=np.ones(len(seen), np.float32),
            traits_so_far=tuple(replace(traits, track_id=track) for track, traits in told),
        )  # fmt: skip

    def _box(self, at_m: tuple[float, float]) -> tuple[float, float, float, float]:
        """Where somebody of usual height appears, by the camera's calibration."""
        inverse = np.linalg.inv(self._lens.to_floor)
        x, y, depth = inverse @ np.array([*at_m, 1.0])
        ex, ey, edepth = inverse @ np.array([at_m[0] + 1.0, at_m[1], 1.0])
        sx, sy, sdepth = inverse @ np.array([at_m[0], at_m[1] + 1.0, 1.0])
        feet = (x / depth, y / depth)
        metre_px = max(
            dist(feet, (ex / edepth, ey / edepth)), dist(feet, (sx / sdepth, sy / sdepth))
        )
        tall = _TALL_M * metre_px
        return feet[0] - _WIDE * tall / 2, feet[1] - tall, feet[0] + _WIDE * tall / 2, feet[1]


class MallCore:
    """The mall's core process on a thread, with its API on a port."""

    def __init__(self, folder: Path, wall: ManualClock) -> None:
        site = load_site(MALL / "site.toml")
        site = site.model_copy(update={"attributes": AttributesConfig(face=True)})
        directory = load_directory(MALL / "directory.toml", site)
        offers = load_offers(MALL / "offers.toml", directory)
        offers = OffersConfig.model_validate(offers.model_dump() | {"holdout": 0.02})
        self.folder, self.clock = folder, Afternoon(wall)
        self.site = site
        key = signing_key(folder / "coupons.key")
        parts = Parts(directory, offers, Products([]), key.private_bytes_raw())
        self._ledger = Ledger(folder / "ledger.db", timezone=site.site.timezone)
        self._readers = self._ledger.reader(), self._ledger.reader()
        worker = WorkerContext("core", Wiring.of(site).board)
        worker.row.stop = False
        for camera in site.cameras:
            worker.board.row(capture_row(camera.id)).set("camera_state", CameraState.STREAMING)
        self._worker = worker
        plans = FloorPlans(site)
        self.core = Core(
            worker, site, self._ledger, self._readers[0], self.clock, self.clock.monotonic_ns(),
            parts, ItemPipeline(site, parts.products, DailySalt(b"s" * 16, 0)),
            Past.of(site, plans, self._readers[1], parts.products),
        )  # fmt: skip
        self.core.open_guide(directory, None)
        camera = next(it for it in site.cameras if it.id == CAMERA)
        lens = calibrate(camera)
        assert lens is not None
        self.vision = PlayedVision(self.clock, worker, lens)
        self._server = ApiServer(create_app(self.core), self.core.hub, listen("127.0.0.1", 0))
        self._server.start()
        self.url = self._server.url
        self._thread = threading.Thread(
            target=self.core.run, args=(self.vision, lambda: True), name="core"
        )
        self._thread.start()

    def numbers(self) -> Iterator[int]:
        """What names those in view now."""
        return (person.number for person in self.core.live().people)

    def choices(self) -> set[tuple[str, str]]:
        """Version of the question and choice of all that are on record."""
        return {(it.text, it.choice) for it in self._readers[1].consents()}

    def close(self) -> None:
        self._worker.row.stop = True
        self._thread.join(10)
        self.core.hub.close()
        self._server.stop()
        for reader in self._readers:
            reader.close()
        self._ledger.close()
