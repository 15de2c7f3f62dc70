from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from edge_core.dashboard.hours import by_hour, chart_options, last_hours
from edge_core.dashboard.language import Say
from edge_core.service.visits_schema import CountBucket

SAY = Say("en")
BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 5, 1, 7, tzinfo=UTC)


def _bucket(hour: int, line: str, entered: int, available: float) -> CountBucket:
    start = NINE + timedelta(hours=hour)
    return CountBucket(start=start, line=line, entered=entered, left=0, available=available)


def test_an_unwatched_hour_has_no_bar_and_is_hatched():
    hours = by_hour([_bucket(0, "door", 4, 1.0), _bucket(1, "door", 0, 0.0)])
    entered, _, gaps = chart_options(hours, BERLIN, SAY)["series"]
    assert entered["data"] == [4, None]
    assert gaps["data"][0] is None
    assert gaps["data"][1]["share"] == 1.0


def test_a_watched_hour_without_visitors_is_a_zero():
    hours = by_hour([_bucket(0, "door", 0, 1.0)])
    entered, _, gaps = chart_options(hours, BERLIN, SAY)["series"]
    assert entered["data"] == [0]
    assert gaps["data"] == [None]


def test_entrances_are_added_and_half_a_view_is_marked():
    (hour,) = by_hour([_bucket(0, "door", 4, 1.0), _bucket(0, "side", 0, 0.0)])
    assert (hour.entered, hour.available) == (4, 0.5)


def test_hours_are_the_sites_hours():
    start, end = last_hours(datetime(2026, 5, 1, 9, 12, tzinfo=UTC), BERLIN, hours=3)
    assert [instant.strftime("%H:%M") for instant in (start, end)] == ["09:00", "12:00"]
    assert chart_options(by_hour([_bucket(0, "door", 1, 1)]), BERLIN, SAY)["xAxis"][0]["data"] == [
        "09:00"
    ]
