"""GET /v1/history/…: gaps are no zeros, small groups are not told, and the figures add up."""

from datetime import date, timedelta

import httpx
import numpy as np
import pytest

from edge_core.ledger import minute_of
from edge_core.service.client import EdgeClient
from edge_core.service.history_client import HistoryClient
from edge_core.types import Event, EventKind, PresenceSums, TraitCount
from edge_core.units import NS_PER_S

HOUR_NS = 3600 * NS_PER_S
DAY_NS = 24 * HOUR_NS
TODAY = date(2026, 1, 1)  # the stand-in's noon UTC is 13:00 in Berlin


def watch(state, start_ns: int, minutes: int) -> None:
    for minute in range(minutes):
        state.writer.mark_available("door-cam", minute_of(start_ns) + minute, 60)


def stays(state, zone: str, at_ns: int, count: int, *, engaged: int = 0, cut: int = 0, s=20.0):
    state.keep(
        [
            Event(
                f"stay/{zone}/{at_ns}/{n}",
                EventKind.STAY,
                at_ns + n * NS_PER_S,
                0,
                "door-cam",
                zone,
                {"duration_s": s + n, "censored": n < cut, "engaged": n < engaged},
            )
            for n in range(count)
        ]
    )


def ok(answer: httpx.Response) -> dict:
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_hour_nobody_watched_has_no_value_and_a_quiet_one_has_zero(state, get):
    noon = state.clock.utc_ns()
    state.cross("a", "b", "c")
    watch(state, noon - HOUR_NS, 60)
    watch(state, noon, 20)
    state.clock.advance_ns(HOUR_NS)
    found = ok(get("/v1/history/series?measure=entered&place=door&by=hour"))
    by_start = {it["start"]: it for it in found["buckets"]}
    assert len(by_start) == 24
    quiet, busy = by_start["2026-01-01T11:00:00Z"], by_start["2026-01-01T12:00:00Z"]
    assert (quiet["value"], quiet["observed"], quiet["per_hour"]) == (0, 1, 0)
    assert (busy["value"], busy["per_hour"]) == (3, 9)
    assert busy["observed"] == pytest.approx(1 / 3, abs=1e-3)
    unseen = by_start["2026-01-01T10:00:00Z"]
    assert (unseen["value"], unseen["observed"], unseen["per_hour"]) == (None, 0, None)
    assert found["total"] == 3


def test_days_are_the_sums_of_their_hours_and_closed_hours_are_no_gap(state, get):
    noon = state.clock.utc_ns()
    for hour in range(-3, 9):  # 10:00 to 22:00 in Berlin, when the shop is open
        watch(state, noon + hour * HOUR_NS, 60)
        state.clock.wall_ns = noon + hour * HOUR_NS
        state.cross(*(f"{hour}/{n}" for n in range(hour + 4)))
    state.clock.wall_ns = noon + DAY_NS
    span = "first=2025-12-31&last=2026-01-02"
    days = ok(get(f"/v1/history/series?measure=entered&place=&by=day&{span}"))["buckets"]
    hours = ok(get(f"/v1/history/series?measure=entered&place=&by=hour&{span}"))["buckets"]
    assert [day["value"] for day in days] == [None, sum(range(1, 13)), None]
    assert [day["observed"] for day in days] == [0, 1, 0]
    assert sum(hour["value"] or 0 for hour in hours) == days[1]["value"]


def test_what_is_usual_is_told_beside_what_was(state, get):
    noon = state.clock.utc_ns()
    for week in range(6, -1, -1):
        state.clock.wall_ns = noon - 7 * week * DAY_NS
        watch(state, state.clock.utc_ns(), 60)
        state.cross(*(f"{week}/{n}" for n in range(30 + week % 3)))
    found = ok(get("/v1/history/series?measure=entered&place=door&by=hour&usual=true"))
    (bucket,) = [it for it in found["buckets"] if it["value"]]
    assert bucket["expected"] == pytest.approx(31, abs=1)
    assert bucket["low"] < 25 < 35 < bucket["high"]


def test_a_zone_hour_of_few_is_hidden_and_cannot_be_had_from_the_day(state, get):
    noon = state.clock.utc_ns()
    watch(state, noon, 300)
    for hour, count in enumerate((3, 20, 12, 40)):
        stays(state, "coats", noon + hour * HOUR_NS, count)
    state.clock.advance_ns(5 * HOUR_NS)
    hours = ok(get("/v1/history/series?measure=stays&place=coats&by=hour"))
    days = ok(get("/v1/history/series?measure=stays&place=coats&by=day"))
    told = [it["value"] for it in hours["buckets"] if it["observed"]]
    assert told == [None, 20, None, 40, 0]
    assert [it["hidden"] for it in hours["buckets"] if it["observed"]] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert days["total"] == 75


def test_heat_is_person_seconds_by_hour_where_the_camera_sees(state, get):
    grid = state.past.plans.grids["ground"]
    dwell, walked = np.zeros((2, grid.cells), np.int64)
    here = int(grid.cell_of(np.array([[3.0, 5.0]]))[0])
    dwell[here] = 7_200_000
    watched = {("door-cam",): 3_600_000}
    state.writer.add_presence([PresenceSums(grid, state.clock.utc_ns(), dwell, walked, watched)])
    found = ok(get("/v1/history/heat?kind=dwell"))
    density = np.array(found["density"], float)
    assert len(density) == found["columns"] * found["rows"] == grid.cells
    assert np.nanargmax(density) == here
    assert np.nansum(density) * grid.cell_m**2 == pytest.approx(7200, rel=0.02)
    assert (found["total"], found["hours"]) == (7200, 1)
    rack = int(grid.cell_of(np.array([[4.0, 2.5]]))[0])
    assert np.isnan(density[rack])
    morning = ok(get("/v1/history/heat?kind=dwell&from_clock=8&to_clock=12"))
    assert set(morning["density"]) == {None}
    change = ok(get("/v1/history/heat/difference?before_first=2025-12-30&before_last=2025-12-31"))
    assert set(change["difference"]) == {None}


def test_dwell_tells_the_median_with_cut_stays_taken_into_account(state, get):
    noon = state.clock.utc_ns()
    stays(state, "coats", noon, 60, engaged=20, cut=30)
    (zone,) = ok(get("/v1/history/dwell"))["zones"]
    assert zone["stays"] == 60
    assert zone["cut"] == 0.5
    assert zone["engaged"]["share"] == pytest.approx(1 / 3, abs=1e-3)
    assert zone["median"]["seconds"] > 55
    assert zone["curve"][0] == [1.0, 1.0]


def test_a_zone_of_few_stays_tells_neither_number_nor_length(state, get):
    stays(state, "coats", state.clock.utc_ns(), 4)
    (zone,) = ok(get("/v1/history/dwell"))["zones"]
    assert (zone["stays"], zone["median"], zone["engaged"]) == (None, None, None)


def test_flows_tell_links_of_enough_people_and_that_they_balance(state, get):
    noon = state.clock.utc_ns()
    state.writer.add_presence([], {noon: {"coats": 0}, noon + HOUR_NS: {"coats": 2}})
    ways = [("@entrance", "coats")] * 12 + [("coats", "@exit")] * 9 + [("coats", "@lost")] * 1
    state.keep(
        [
            Event(f"m{n}", EventKind.MOVE, noon + n, 0, "", to, {"from": origin, "window": ""})
            for n, (origin, to) in enumerate(ways)
        ]
    )
    found = ok(get("/v1/history/flows"))
    assert [(it["source"], it["target"], it["people"]) for it in found["links"]] == [
        ("@entrance:in", "coats", 12),
        ("coats", "@exit:out", 9),
    ]
    assert found["hidden_links"] == 1
    (account,) = found["balance"]
    assert account == {
        "zone": "coats",
        "moved_in": 12,
        "moved_out": 9,  # one more is hidden, and counted in the residual
        "change": None,
        "residual": 0,
    }
    assert found["residual_share"] == 0
    assert ok(get("/v1/history/flows/next?origin=coats"))["hours"] == []


def test_demographics_tell_shares_of_enough_people_only(state, get):
    at = state.clock.utc_ns()
    counts = {"female": 40, "male": 20, "": 15}
    state.writer.add_traits([TraitCount(at, "", "gender", it, n) for it, n in counts.items()])
    state.writer.add_traits([TraitCount(at, "coats", "gender", "male", 3)])
    (site,) = ok(get("/v1/history/demographics"))["attributes"]
    assert [(it["label"], it["share"]) for it in site["labels"]] == [
        ("female", pytest.approx(2 / 3, abs=1e-3)),
        ("male", pytest.approx(1 / 3, abs=1e-3)),
    ]
    assert (site["coverage"], site["corrected"]) == (0.8, False)
    (coats,) = ok(get("/v1/history/demographics?place=coats"))["attributes"]
    assert (coats["people"], coats["labels"], coats["hidden_days"]) == (0, [], 1)


def test_the_funnel_names_what_each_step_counts(state, get):
    noon = state.clock.utc_ns()
    stays(state, "coats", noon, 50, engaged=20, s=10.0)
    found = ok(get("/v1/history/funnel?place=coats"))["steps"]
    assert [it["step"] for it in found] == ["pass", "stop", "touch", "visit", "pick", "try", "buy"]
    by_step = {it["step"]: it for it in found}
    assert (by_step["pass"]["count"], by_step["stop"]["count"]) == (50, 20)
    assert by_step["visit"]["count"] == 30  # of 30 s or longer
    assert by_step["stop"]["rate"]["share"] == 0.4
    assert by_step["touch"]["count"] == 0
    site = ok(get("/v1/history/funnel"))["steps"]
    assert site[0]["count"] is None  # no corridor, no window


def test_garments_are_told_with_shares_drawn_towards_all(state, get):
    state.handle("t", "tried-on", visit=3)
    state.handle("p", "picked-up", visit=3)
    (item,) = ok(get("/v1/history/items"))["items"]
    assert (item["name"], item["picked"], item["tried"], item["bought"]) == ("Wool coat", 1, 1, 0)
    assert item["try_to_buy"]["low"] <= item["try_to_buy"]["share"] <= item["try_to_buy"]["high"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("series?measure=stays&place=nowhere", "no zone"),
        ("series?measure=entered&place=nowhere", "no line"),
        ("series?measure=visits&by=hour", "by the day"),
        ("series?first=2026-02-01&last=2026-01-01", "before"),
        ("series?first=2020-01-01&last=2026-01-01&by=hour", "92 days"),
        ("heat?floor=cellar", "no floor"),
        ("heat?from_clock=9&to_clock=9", "not after"),
        ("flows/next?origin=nowhere", "no zone"),
    ],
)
def test_a_question_without_an_answer_is_refused_with_a_remedy(get, query, reason):
    answer = get(f"/v1/history/{query}")
    assert answer.status_code == 422
    assert reason in answer.json()["message"]
    assert answer.json()["remedy"]


def test_the_client_reads_every_answer(state, get):
    """The client's questions go through the app itself."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = get(str(request.url).removeprefix("http://edge"))
        return httpx.Response(found.status_code, content=found.content)

    stays(state, "coats", state.clock.utc_ns(), 20)
    span = (TODAY - timedelta(days=1), TODAY)
    with EdgeClient("http://edge", transport=httpx.MockTransport(answer)) as edge:
        client = HistoryClient(edge)
        assert client.series("entered", "door", "hour", span, usual=True).by == "hour"
        assert client.heat("ground", "paths", span, (9, 18)).to_clock == 18
        assert client.heat_difference("ground", "dwell", span, span).p99 is None
        assert client.dwell(span).zones[0].stays == 20
        assert client.flows(span).links == []
        assert client.next_from("coats", span).origin == "coats"
        assert client.demographics("", span).attributes == []
        assert client.funnel("coats", span).place == "coats"
        assert client.windows(span).windows == []
        assert client.items(span).items == []
