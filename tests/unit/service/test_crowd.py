"""The core's occupancy, over a real ledger and across a restart of the process."""

from random import Random

import pytest

from edge_core.clock import ManualClock
from edge_core.config import parse_site
from edge_core.ledger import Ledger
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.crowd import CrowdKeeper
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

MINUTE_NS = 60 * NS_PER_S
NOON_NS = 1_767_268_800 * NS_PER_S
SITE = parse_site(
    """
[site]
id = "shop"
name = "Shop"
[[cameras]]
id = "door"
source = "usb:0"
[[lines]]
id = "main"
name = "Main"
camera = "door"
start_px = [100, 100]
end_px = [500, 100]
picture_px = [640, 360]
[[lines]]
id = "lift"
name = "Lift"
camera = "door"
entrance = false
start_px = [100, 300]
end_px = [500, 300]
picture_px = [640, 360]
"""
)


class Life:
    """One life of the core process, as far as occupancy goes."""

    def __init__(self, ledger, reader, clock):
        self.ledger, self.clock = ledger, clock
        self.crowd = CrowdKeeper(SITE, CorePipeline(SITE, Random(1)), reader, clock)

    def keep(self, events):
        ids = self.ledger.append(events)
        if ids:
            self.crowd.cross_since(ids[0], len(ids))

    def minute(self, entered=0, left=0, line="main"):
        """One minute passes; the doors are watched."""
        now = self.clock.utc_ns()
        facts = [{"direction": way} for way in ["in"] * entered + ["out"] * left]
        self.keep(
            [
                Event(f"{line}/{now}/{n}", EventKind.CROSSING, now, 0, "door", line, data)
                for n, data in enumerate(facts)
            ]
        )
        self.crowd.watch("door", now // MINUTE_NS, 60.0)
        self.clock.advance_ns(MINUTE_NS)
        self.keep(self.crowd.advance())


@pytest.fixture
def parts(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger, ledger.reader() as reader:
        yield ledger, reader, ManualClock(wall_ns=NOON_NS)


def test_entrances_count_and_lines_inside_do_not(parts):
    life = Life(*parts)
    for _ in range(10):
        life.minute(entered=2, left=1)
        life.minute(entered=3, line="lift")
    assert life.crowd.view.inside == pytest.approx(10, abs=1)
    assert life.crowd.view.low <= 10 <= life.crowd.view.high


def test_a_new_life_goes_on_and_takes_replayed_crossings_once(parts):
    life = Life(*parts)
    for _ in range(18):
        life.minute(entered=2)
    last = parts[1].newest_of(EventKind.CROSSING, 6)
    heir = Life(*parts)
    heir.keep([stored.event for stored in last])  # what was not acknowledged comes again
    for _ in range(6):
        heir.minute(entered=1)
    assert heir.crowd.view.inside == pytest.approx(42, abs=2)


def test_after_a_day_off_nobody_is_thought_inside(parts):
    life = Life(*parts)
    for _ in range(10):
        life.minute(entered=2)
    parts[2].advance_ns(2 * 86_400 * NS_PER_S)
    heir = Life(*parts)
    for _ in range(3):
        heir.minute()
    assert heir.crowd.view.inside == 0


def test_before_anything_was_watched_the_number_is_unknown(parts):
    assert Life(*parts).crowd.view.inside is None
