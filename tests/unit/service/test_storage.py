"""Data within a budget: what matters least goes first, the events last, and it is told."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from edge_core.clock import ManualClock
from edge_core.config.storage import StorageConfig
from edge_core.ledger import Ledger
from edge_core.ledger.backups import backups
from edge_core.service.storage import KEPT_DAYS, Places, StorageKeeper, make_room
from edge_core.types import Event, EventKind, FloorGrid, PresenceSums

DAY_NS = 86_400 * 10**9
NOW_NS = 1_772_000_000 * 10**9
DAYS = 40


def crossing(day, number):
    at_ns = NOW_NS - day * DAY_NS + number
    data = {"direction": "in", "note": "x" * 400}
    return Event(f"{day}-{number}", EventKind.CROSSING, at_ns, 0, "cam", "door", data)


@pytest.fixture
def data(tmp_path):
    """Forty days of events and heat, two backups, a damaged ledger set aside and logs."""
    logs = tmp_path / "logs"
    logs.mkdir()
    for number in (1, 2):
        (logs / f"core.log.{number}").write_bytes(bytes(200_000))
    (logs / "core.log").write_bytes(bytes(1000))
    rng = np.random.default_rng(1)
    with Ledger(tmp_path / "l.db") as ledger:
        for day in range(DAYS, 0, -1):
            ledger.append([crossing(day, number) for number in range(100)])
            grid = FloorGrid("ground", 0.0, 0.0, 0.25, 80, 80)
            heat = rng.integers(0, 10_000, 80 * 80)
            ledger.add_presence([PresenceSums(grid, NOW_NS - day * DAY_NS, heat, heat, {})])
        at = datetime(2026, 1, 1, tzinfo=UTC)
        for number in range(2):
            ledger.back_up(at + timedelta(days=number))
        (tmp_path / "l.db.damaged-1").write_bytes(bytes(300_000))
        with ledger.reader() as reader:
            yield ledger, reader, Places(ledger.path, logs)


def keeper(data, budget_mb):
    ledger, reader, places = data
    # The smallest budget a site may write is too large for a test.
    config = StorageConfig(spare_mb=0).model_copy(update={"budget_mb": budget_mb})
    return StorageKeeper(ledger, reader, places, config, ManualClock(wall_ns=NOW_NS))


def test_within_the_budget_nothing_goes(data):
    it = keeper(data, 1000)
    it.keep_within()
    assert it.health().gave_up == []
    assert it.health().stuck == ""


def test_logs_go_before_copies_and_copies_before_anything_of_the_ledger(data):
    _, reader, places = data
    used_mb = keeper(data, 1000).used_bytes() / 1e6
    it = keeper(data, used_mb - 0.3)
    it.keep_within()
    assert [told.split(" (")[0] for told in it.health().gave_up] == ["an old log file"] * 2
    it = keeper(data, used_mb - 0.9)
    it.keep_within()
    kinds = [told.split(" (")[0] for told in it.health().gave_up]
    assert kinds == ["a ledger that was set aside", "an older backup"]
    assert len(backups(places.ledger)) == 1
    assert reader.event_count() == 100 * DAYS
    assert (places.logs / "core.log").exists()


def test_events_go_last_by_days_and_the_newest_week_never(data):
    _, reader, _ = data
    before = reader.newest_id()
    it = keeper(data, 0.001)
    it.keep_within()
    told = it.health()
    assert all("events before" in it for it in told.gave_up), "the last of what went"
    assert reader.oldest_event_utc_ns() >= NOW_NS - (KEPT_DAYS + 1) * DAY_NS
    assert reader.event_count() >= 100 * (KEPT_DAYS - 1)
    assert reader.newest_id() == before
    assert reader.rollup_differences() == []
    assert "nothing more may go" in told.stuck
    assert len(reader.deletions()) > 0, "what was deleted is proven"


def test_a_disk_nearly_full_at_the_start_is_relieved_of_what_may_go(data):
    _, _, places = data
    went = make_room(places, 2**62)
    assert len(went) == 4
    assert backups(places.ledger)
    assert places.ledger.exists()
