import math
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from edge_core.service.views import live_view, ns_from_utc, utc_from_ns
from edge_core.types import LivePerson, LiveSnapshot


@given(st.integers(0, 4_000_000_000_000_000))
def test_instants_survive_the_way_to_the_api_and_back_to_the_microsecond(microseconds):
    assert ns_from_utc(utc_from_ns(microseconds * 1000 + 999)) == microseconds * 1000


def test_a_person_without_a_place_is_shown_as_such():
    person = LivePerson(5, "", None, None, "cam", (0.1, 0.1, 0.2, 0.5), ())
    view = live_view(LiveSnapshot(0, 10**9, 10**9 - 7_000_000, (person,)), 10**9, ["coats"])
    assert view.people[0].floor is None
    assert view.people[0].position_m is None
    assert view.by_zone == {"coats": 0}
    assert math.isclose(view.latency_ms, 7.0)
    assert view.at == datetime(1970, 1, 1, tzinfo=UTC)
