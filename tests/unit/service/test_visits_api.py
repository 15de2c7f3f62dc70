"""Occupancy, visits of a day, staff and identity's rates over the API, from a real ledger."""

import anyio
import httpx
import pytest

from edge_core.analytics.occupancy import Occupancy
from edge_core.analytics.occupancy_meter import InsideNow
from edge_core.service.api import create_app
from edge_core.service.schema import ProblemView
from edge_core.service.visits_schema import CountsView, OccupancyView, VisitCountsView
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

HOUR_NS = 3600 * NS_PER_S


@pytest.fixture
def post(state):
    async def ask(path, body):
        transport = httpx.ASGITransport(create_app(state))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(path, json=body)

    return lambda path, body: anyio.run(ask, path, body)


def visit(state, number, ago_h=1.0, **facts):
    end_ns = state.clock.utc_ns() - round(ago_h * HOUR_NS)
    data = {
        "visit": number,
        "entered_utc_ns": end_ns - 600 * NS_PER_S,
        "left_utc_ns": end_ns,
        "duration_s": 600.0,
        "entrance": "door",
        "exit": "door",
        "zones": [["coats", 300.0]],
        "group": 1,
        "group_id": None,
        "staff": False,
        "again": False,
        "seen_in": "complete",
    } | facts
    key = f"visit/{number}/{end_ns}"
    state.keep([Event(key, EventKind.VISIT, end_ns, 0, "door-cam", "door", data)])


def visits(get, **query):
    answer = get("/v1/visits", params=query)
    assert answer.status_code == 200, answer.text
    return VisitCountsView.model_validate_json(answer.content)


def test_a_days_visits_without_staff_and_small_numbers(state, get):
    for number in range(20):
        visit(state, number, group=2 if number < 12 else 1, group_id=number // 2 if number < 12
              else None)  # fmt: skip
    for number in range(6):
        visit(state, number, ago_h=0.2, again=True)
        visit(state, 100 + number, staff=True)
    visit(state, 300, ago_h=0.1, seen_in="entry-only", left_utc_ns=None)
    visit(state, 400, ago_h=30)
    told = visits(get)
    assert (told.date, told.visits, told.again, told.staff) == ("2026-01-01", 27, 6, 6)
    assert (told.groups, told.in_groups) == (6, 12)
    assert told.seen_in["complete"] == 26
    assert told.seen_in["entry-only"] is None, "one person is no statistic"
    assert told.median_s == 600
    assert told.unique.uncorrected == 21
    assert (told.unique.estimate, told.unique.split) == (None, None), "nothing was audited yet"
    few = visits(get, date="2025-12-31")
    assert (few.visits, few.unique.uncorrected) == (None, None)


def test_an_audit_corrects_unique_visitors(state, get, post):
    for number in range(200):
        visit(state, number)
    body = {
        "of": "identity", "duplicates": 10, "clusters": 100, "absorbed": 5, "persons": 100,
        "source": "walks",
    }  # fmt: skip
    assert post("/v1/rates", body).status_code == 200
    unique = visits(get).unique
    assert (unique.uncorrected, unique.estimate) == (200, round(200 * 0.9 / 0.95))
    assert unique.low is not None
    assert unique.high is not None
    assert unique.low < 189 < unique.high
    assert (unique.audited_clusters, unique.audited_persons, unique.source) == (100, 100, "walks")


def test_an_audit_corrects_entries_and_leaves_exits_as_counted(state, get, post):
    state.cross(*(f"in-{n}" for n in range(190)))
    state.cross(*(f"out-{n}" for n in range(180)), direction="out")
    state.cross(*(f"till-{n}" for n in range(50)), line="till")
    body = {
        "of": "entries", "duplicates": 0, "clusters": 95, "absorbed": 5, "persons": 100,
        "source": "tallies",
    }  # fmt: skip
    assert post("/v1/rates", body).status_code == 200
    told = visits(get)
    assert (told.entered.counted, told.entered.estimate, told.entered.audited) == (190, 200, 100)
    assert told.entered.low is not None
    assert told.entered.high is not None
    assert 190 <= told.entered.low < 200 < told.entered.high
    assert (told.left.counted, told.left.estimate) == (180, None)


def test_rates_that_no_audit_can_find_are_refused(post):
    body = {
        "of": "exits",
        "duplicates": 9,
        "clusters": 9,
        "absorbed": 0,
        "persons": 9,
        "source": "walks",
    }
    answer = post("/v1/rates", body)
    assert answer.status_code == 422
    assert ProblemView.model_validate_json(answer.content).remedy


def test_occupancy_is_told_with_its_interval_and_gaps_as_gaps(state, get):
    state.inside = InsideNow(Occupancy(41.4, 37, 46, 0.5), 1.0, state.clock.utc_ns())
    for at, inside in ((0, 3.0), (1, None)):
        utc_ns = state.clock.utc_ns() - (2 - at) * 300 * NS_PER_S
        data = {"inside": inside, "low": inside and 2, "high": inside and 5, "in_view": 1,
                "watched": 1.0, "state": {}}  # fmt: skip
        state.keep([Event(f"occupancy/{at}", EventKind.OCCUPANCY, utc_ns, 0, "", "", data)])
    told = OccupancyView.model_validate_json(get("/v1/occupancy").content)
    assert (told.inside, told.low, told.high) == (41, 37, 46)
    assert [point.inside for point in told.today] == [3.0, None]
    counts = CountsView.model_validate_json(get("/v1/counts").content)
    assert counts.today.inside == 41


def test_an_occupancy_nobody_watched_is_null(get):
    told = OccupancyView.model_validate_json(get("/v1/occupancy").content)
    assert (told.inside, told.low, told.high, told.watched) == (None, None, None, 0)


def test_somebody_in_view_can_be_marked_as_staff_and_nobody_else(state, post):
    state.appear(11)
    assert post("/v1/staff", {"number": 11}).json() == {"number": 11, "staff": True}
    assert post("/v1/staff", {"number": 12}).status_code == 404
    assert state.staff == [11]
