"""`promenade report audit` over a ledger that a service has written."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.ledger import Ledger
from edge_core.types import Event, EventKind
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
id = "main"
name = "Main"
camera = "door"
start_px = [100, 100]
end_px = [500, 100]
picture_px = [640, 360]
"""
START_S = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    return path


def at(seconds):
    return round((START_S + seconds) * NS_PER_S)


def tally(observer, seconds, **data):
    key = f"tally/{observer}/{seconds}/{data}"
    told = {"observer": observer} | data
    return Event(key, EventKind.TALLY, at(seconds), 0, "", "main", told)


@pytest.fixture
def audited(site):
    """Two observers for ten minutes: forty come in, the counter misses two."""
    times = [10 + 14.0 * n for n in range(40)]
    events = []
    for observer, late in (("A", 0.0), ("B", 0.6)):
        events += [tally(observer, 0, mark="begin"), tally(observer, 600, mark="end")]
        events += [tally(observer, t + late, direction="in") for t in times]
    events += [
        Event(f"crossing/{t}", EventKind.CROSSING, at(t + 0.4), 0, "door", "main",
              {"direction": "in"})
        for t in times[2:]
    ]  # fmt: skip
    with Ledger(site.with_name("promenade.db")) as ledger:
        ledger.append(events)
    return site


def run(*arguments):
    return CliRunner().invoke(app, ["report", "audit", *map(str, arguments)])


def test_the_audit_tells_events_totals_and_how_far_the_observers_agree(audited):
    done = run("--site", audited, "--day", "2026-03-02", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    inward = report["lines"][0]
    assert (inward["tallied"], inward["counted"]) == ([40, 40], 38)
    assert inward["netted"][0] == pytest.approx(0.95)
    assert inward["f1"][0] == pytest.approx(2 * 38 / 78)
    assert inward["recall"][1] < 0.95 < inward["recall"][2]
    assert inward["agreement"] == 1.0
    entries = report["rates"]["entries"]
    assert (entries["duplicates"], entries["clusters"]) == (0, 38)
    assert (entries["absorbed"], entries["persons"]) == (2, 40)
    assert "identity" not in report["rates"], "nobody walked"


def test_the_table_names_the_line_and_its_minutes(audited):
    told = run("--site", audited, "--day", "2026-03-02").stdout
    assert "main" in told
    assert "disputed" in told


def test_a_day_without_tallies_says_what_to_do(audited):
    assert "/audit" in run("--site", audited, "--day", "2026-03-05").stdout


def test_without_a_ledger_the_remedy_is_told(site):
    done = run("--site", site)
    assert done.exit_code != 0
    assert "Start the edge service" in f"{done.exception.remedy}"
