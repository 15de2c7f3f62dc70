import csv
import io
from datetime import UTC, date, datetime
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from edge_core.clock import ManualClock
from edge_core.config import Products, load_site
from edge_core.dashboard.exports.csv_text import csv_text
from edge_core.dashboard.exports.spans import DAY_S, spans
from edge_core.dashboard.exports.tables import TABLES, table_rows
from edge_core.ledger import Ledger, minute_of
from edge_core.service.demo import mall_folder
from edge_core.service.views import ns_from_utc, site_view
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 1)
NINE = ns_from_utc(datetime(2026, 5, 1, 9, tzinfo=BERLIN).astimezone(UTC))
MINUTE_NS = 60 * NS_PER_S


@pytest.fixture
def state(tmp_path):
    site = load_site(mall_folder("shop") / "site.toml")
    with Ledger(tmp_path / "ledger.db") as ledger, ledger.reader() as reader:
        yield SimpleNamespace(
            clock=ManualClock(wall_ns=NINE + 3 * 3600 * NS_PER_S),
            ledger=reader,
            writer=ledger,
            products=Products.from_csv(mall_folder("shop") / "products.csv"),
            site=lambda: site_view(site),
        )


def exported(state, name, bucket_s=3600, first=DAY, last=DAY):
    rows = table_rows(TABLES[name], state, list(spans(first, last, bucket_s, BERLIN)))
    return list(csv.DictReader(io.StringIO(csv_text(rows).lstrip("\ufeff"))))


def crossing(number, at_ns, direction="in"):
    data = {"direction": direction}
    return Event(f"c{number}", EventKind.CROSSING, at_ns, 0, "door", "door", data)


def watch(state, minutes, camera="door"):
    for minute in range(minutes):
        state.writer.mark_available(camera, minute_of(NINE) + minute, 60)


def test_counts_are_told_by_hour_in_the_sites_time_and_end_with_now(state):
    line = state.site().lines[0].id
    watch(state, 60)
    events = [crossing(n, NINE + n * MINUTE_NS, "out" if n % 3 == 0 else "in") for n in range(12)]
    state.writer.append([Event(e.key, e.kind, e.utc_ns, 0, "door", line, e.data) for e in events])
    rows = [row for row in exported(state, "counts") if row["line"] == line]
    assert len(rows) == 12
    nine = next(row for row in rows if row["start"] == "2026-05-01T09:00+02:00")
    assert (nine["entered"], nine["left"], nine["watched_share"]) == ("8", "4", "1.0")


def test_what_nobody_watched_is_empty_and_not_zero(state):
    rows = exported(state, "counts")
    assert {(row["entered"], row["left"]) for row in rows} == {("", "")}
    assert {row["entered"] for row in exported(state, "visits")} == {""}


def test_stays_of_few_are_hidden_and_said_to_be(state):
    for camera in state.site().cameras:
        watch(state, 60, camera.id)
    zones = [zone.id for zone in state.site().zones[:2]]
    counts = (state.site().minimum_group - 1, state.site().minimum_group)
    state.writer.append(
        [
            Event(f"{z}{n}", EventKind.STAY, NINE + n, 0, "", z, {"duration_s": 30.0})
            for z, count in zip(zones, counts, strict=True)
            for n in range(count)
        ]
    )
    rows = {
        row["zone"]: row
        for row in exported(state, "stays")
        if row["start"] == "2026-05-01T09:00+02:00"
    }
    few, enough, none = rows[zones[0]], rows[zones[1]], rows[state.site().zones[2].id]
    assert (few["stays"], few["mean_stay_s"], few["hidden_few"]) == ("", "", "yes")
    assert (enough["stays"], enough["mean_stay_s"], enough["hidden_few"]) == ("5", "30.0", "no")
    assert (none["stays"], none["mean_stay_s"]) == ("0", "")


def test_items_add_up_over_the_buckets_and_hide_few_visits(state):
    product = next(iter(state.products))
    actions = ["touched", "picked-up", "tried-on", "picked-up", "put-back"]
    state.writer.append(
        [
            Event(
                f"i{n}",
                EventKind.ITEM,
                NINE + n * 20 * MINUTE_NS,
                0,
                "r",
                "",
                {"action": action, "sku": product.sku, "gtin": product.gtin, "visit": 7 + n},
            )
            for n, action in enumerate(actions)
        ]
        + [Event("s", EventKind.SALE, NINE, 0, "", "", {"sku": product.sku, "quantity": 2})]
    )
    (day,) = exported(state, "items", DAY_S)
    assert {k: day[k] for k in ("touched", "picked", "tried", "put_back", "bought")} == {
        "touched": "3",
        "picked": "2",
        "tried": "1",
        "put_back": "1",
        "bought": "2",
    }
    assert day["visits"] == "5"
    by_hour = exported(state, "items")
    assert sum(int(row["touched"]) for row in by_hour) == 3
    assert {row["visits"] for row in by_hour} == {""}


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)]
)
def test_days_have_as_many_hours_as_the_clocks_say(day, hours):
    parts = list(spans(day, day, 3600, BERLIN))
    assert len(parts) == hours
    assert all(a.end_utc_ns == b.start_utc_ns for a, b in pairwise(parts))
    (whole,) = spans(day, day, DAY_S, BERLIN)
    assert (whole.start_utc_ns, whole.end_utc_ns) == (parts[0].start_utc_ns, parts[-1].end_utc_ns)


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-3", "@sum", "\tx"])
def test_a_name_is_never_run_as_a_formula(cell):
    assert csv_text([(cell, -3, 2.5, None)]) == f"\ufeff'{cell},-3,2.5,\r\n"


def test_names_with_commas_quotes_and_chinese_come_back_as_they_were():
    row = ('The "corner", left', "银针时装")
    text = csv_text([row])
    assert tuple(next(csv.reader(io.StringIO(text.lstrip("\ufeff"))))) == row
