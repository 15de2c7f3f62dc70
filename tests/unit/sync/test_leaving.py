"""What leaves the store tells of nobody."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.config import parse_site
from edge_core.ledger import History, Ledger, SiteTime
from edge_core.sync.leaving import day_row, event_rows, hours_and_day
from edge_core.types import Event, EventKind, TraitCount
from edge_core.units import NS_PER_S

SITE = """
[site]
id = "shop"
name = "Shop"
timezone = "Europe/Berlin"
[[cameras]]
id = "door"
source = "usb:0"
[[lines]]
id = "entrance"
name = "Entrance"
camera = "door"
start_px = [0, 0]
end_px = [100, 0]
picture_px = [640, 360]
"""
BERLIN = ZoneInfo("Europe/Berlin")
DAY = 20_500  # 2026-02-16
MIDNIGHT_NS = round(datetime(2026, 2, 16, tzinfo=BERLIN).timestamp()) * NS_PER_S
TIME = SiteTime("Europe/Berlin")
SECRET = bytes(32)
PERSONAL = 987_654_321
LEAVING = {EventKind.ITEM, EventKind.SALE, EventKind.REDEMPTION}
EPC = "3034257bf7194e4000001a85"


def _at(hour: float) -> int:
    return MIDNIGHT_NS + round(hour * 3600 * NS_PER_S)


def _crossings(hour, count, direction="in"):
    return [
        Event(f"c{hour}-{direction}-{n}", EventKind.CROSSING, _at(hour) + n, 0, "door", "entrance",
              {"direction": direction})
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def cells_of(tmp_path):
    """What is told of a day's events."""

    def cells(events, traits=()):
        path = tmp_path / "l.db"
        with Ledger(path, timezone="Europe/Berlin") as ledger, ledger.reader() as reader:
            ledger.append(events)
            ledger.add_traits(traits)
            row = day_row(DAY, reader, History(reader), parse_site(SITE))
        body = json.loads(row.body)
        assert body["day"] == "2026-02-16"
        return body["cells"]

    return cells


def _of(cells, metric, **more):
    found = [it for it in cells if it["metric"] == metric]
    return [it for it in found if all(it.get(key) == value for key, value in more.items())]


def test_an_item_event_leaves_without_person_tag_and_minute():
    data = {
        "action": "tried-on", "sku": "coat-1", "gtin": "04012345101003", "start_utc_ns": _at(9.5),
        "duration_s": 31.25, "confidence": 0.913, "visit": PERSONAL, "visit_confidence": 0.77,
    }  # fmt: skip
    key = f"item/{EPC}/{_at(9.5)}"
    [row] = event_rows(
        [Event(key, EventKind.ITEM, _at(9.6), 5, "ceiling", "room-1", data)], TIME, SECRET
    )
    assert json.loads(row.body) == {
        "day": "2026-02-16", "hour": 9, "action": "tried-on", "sku": "coat-1", "rack": "room-1",
    }  # fmt: skip
    whole = row.key + row.body
    for secret in (str(PERSONAL), EPC, "04012345101003", "31.25", "ceiling", str(_at(9.6))):
        assert secret not in whole


def test_a_redemption_leaves_without_its_number():
    data = {"coupon": "shoes-15", "nonce": "AbCdEfGh", "till": "3"}
    [row] = event_rows(
        [Event("r1", EventKind.REDEMPTION, _at(18.2), 0, "", "till", data)], TIME, SECRET
    )
    assert json.loads(row.body) == {"day": "2026-02-16", "hour": 18, "coupon": "shoes-15"}


@pytest.mark.parametrize(
    "kind", [it for it in EventKind if it not in ("item", "sale", "redemption")]
)
def test_other_events_do_not_leave(kind):
    assert event_rows([Event("k", kind, _at(9), 0, "", "", {"visit": 1})], TIME, SECRET) == []


def test_keys_are_the_same_again_and_cannot_be_guessed_without_the_secret():
    sale = Event("s", EventKind.SALE, _at(9), 0, "", "", {"sku": "a", "quantity": 1})
    [one], [again] = event_rows([sale], TIME, SECRET), event_rows([sale], TIME, SECRET)
    [other] = event_rows([sale], TIME, b"x" * 32)
    assert one.key == again.key != other.key


def test_a_small_hour_is_hidden_with_another_so_that_the_total_does_not_tell_it(cells_of):
    cells = cells_of([*_crossings(10, 40), *_crossings(11, 3), *_crossings(12, 60)])
    assert _of(cells, "entered", place="entrance")[0]["value"] == 103
    hours = {it["hour"]: it["value"] for it in _of(cells, "entered") if "hour" in it}
    assert hours[11] is None
    assert [hour for hour, value in hours.items() if value is None] == [10, 11]


def test_a_small_day_is_hidden_altogether(cells_of):
    cells = cells_of(_crossings(10, 4))
    assert [(it.get("hour"), it["value"]) for it in _of(cells, "entered")] == [(None, None)]


def test_a_label_of_few_is_hidden_with_another(cells_of):
    traits = [
        TraitCount(_at(9), "", "gender", "female", 30),
        TraitCount(_at(9), "", "gender", "male", 2),
        TraitCount(_at(9), "", "gender", "", 11),
    ]
    told = {it["label"]: it["value"] for it in _of(cells_of([], traits), "people") if "label" in it}
    assert told["male"] is None
    assert sum(value is None for value in told.values()) + ("" not in told) >= 2


@given(st.lists(st.integers(0, 12), min_size=24, max_size=24))
def test_no_hidden_hour_follows_from_what_is_told(counts):
    cells = list(hours_and_day("entered", "door", np.array(counts, np.int64), 5))
    total = next(it.value for it in cells if it.hour < 0)
    hours = {it.hour: it.value for it in cells if it.hour >= 0}
    assert all(value is None or value >= 5 for value in hours.values())
    hidden = [hour for hour, value in hours.items() if value is None]
    if total is None:
        assert 0 < sum(counts) < 5
        return
    assert total == sum(counts)
    rest = total - sum(value or 0 for value in hours.values())
    # Each of m hidden hours may be anything from 1 to 5 for all that is told.
    assert not hidden or (len(hidden) >= 2 and rest >= len(hidden) + 4)
