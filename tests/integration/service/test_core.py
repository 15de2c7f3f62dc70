"""The whole core process but its socket: sightings in; ledger, occupancy and visits out."""

from collections import deque
from collections.abc import Iterator

import numpy as np
import pytest

from edge_core.clock import ManualClock
from edge_core.config import Products, parse_site
from edge_core.ledger import Ledger
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import Received
from edge_core.runtime.worker import WorkerContext
from edge_core.service.core import Core
from edge_core.service.engine import Wiring
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.types import EventKind, Observation
from edge_core.units import NS_PER_S

SITE = parse_site(
    """
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [10, 0], [10, 10], [0, 10]]
[[cameras]]
id = "door"
source = "usb:0"
floor = "ground"
calibration_px = [640, 360]
calibration = [
  { px = [0, 0], m = [0, 0] }, { px = [640, 0], m = [10, 0] },
  { px = [640, 360], m = [10, 10] }, { px = [0, 360], m = [0, 10] },
]
[[zones]]
id = "shoes"
name = "Shoes"
floor = "ground"
polygon_m = [[3, 5], [7, 5], [7, 9], [3, 9]]
[[lines]]
id = "main"
name = "Main door"
camera = "door"
start_m = [3, 2]
end_m = [7, 2]
[visits]
settle_s = 5
"""
)
IN = [*np.arange(1, 7, 0.13), *[7.0] * 150]
OUT = [*np.arange(7, 1, -0.13)]


def seen(clock: ManualClock, step: int, y_m: float | None) -> Observation:
    """One person at x = 5, or nobody."""
    places = np.array([] if y_m is None else [[5.0, y_m]], np.float32).reshape(-1, 2)
    feet = places * (64, 36)
    boxes = np.column_stack([feet[:, 0] - 15, feet[:, 1] - 80, feet[:, 0] + 15, feet[:, 1]])
    return Observation(
        camera_id="door", epoch=3, sequence=step, mono_ns=clock.mono_ns, utc_ns=clock.wall_ns,
        received_mono_ns=clock.mono_ns, size_px=(640, 360),
        track_id=np.arange(1, len(places) + 1, dtype=np.int64), xyxy_px=boxes.astype(np.float32),
        score=np.full(len(places), 0.9, np.float32), floor_m=places, ended=np.zeros(0, np.int64),
        embedded=np.zeros(0, np.int64), embedding=np.zeros((0, 1024), np.float32),
        quality=np.zeros(0, np.float32),
    )  # fmt: skip


class Played:
    """Stands where the link's receiver does: a scene in steps of a tenth of a second."""

    def __init__(self, clock: ManualClock, worker: WorkerContext, script: list[float | None]):
        self.clock, self.worker = clock, worker
        self.left = deque(enumerate(script))

    def receive(self, _timeout_s: float) -> Received | None:
        self.clock.advance_ns(NS_PER_S // 10)
        if not self.left:
            self.worker.row.stop = True
            return None
        step, y_m = self.left.popleft()
        return Received("vision/1", step + 1, seen(self.clock, step, y_m))

    def ack(self, received: Received) -> None:
        assert received.sender == "vision/1"


@pytest.fixture
def play(tmp_path) -> Iterator:
    ledger = Ledger(tmp_path / "ledger.db")
    reader, past_reader = ledger.reader(), ledger.reader()
    wiring = Wiring.of(SITE)
    products, clock = Products([]), ManualClock()

    def run(script: list[float | None]) -> Core:
        worker = WorkerContext("core", wiring.board)
        worker.row.stop = False
        items = ItemPipeline(SITE, products, DailySalt(b"s" * 16, 0))
        past = Past.of(SITE, FloorPlans(SITE), past_reader, products)
        core = Core(
            worker,
            SITE,
            ledger,
            reader,
            clock,
            clock.mono_ns,
            Parts(products=products),
            items,
            past,
        )
        core.run(Played(clock, worker, script), lambda: True)
        return core

    yield run
    past_reader.close()
    reader.close()
    ledger.close()


def test_somebody_who_comes_in_is_inside_and_leaves_a_visit_behind(play):
    core = play([*IN, *[7.0] * 2400])
    assert core.occupancy().inside == 1
    assert core.occupancy().watched > 0.5
    core = play([*OUT, *[None] * 100])
    told = [stored.event for stored in core.ledger.newest_of(EventKind.VISIT)]
    assert told[0].data["exit"] == "main"
    assert {event.data["entrance"] for event in told} <= {"main", ""}
    assert core.occupancy().in_view == 0
    assert core.occupancy().inside is None, "a life this short has watched no whole minute yet"


def test_five_minutes_leave_a_state_from_which_the_next_life_goes_on(play):
    play([*IN, *[7.0] * 3600])
    heir = play([7.0] * 10)
    (*_, first) = heir.ledger.newest_of(EventKind.OCCUPANCY)
    assert first.event.data["state"]["since_utc_ns"] > 0
    assert heir.occupancy().counting_since <= heir.occupancy().at
