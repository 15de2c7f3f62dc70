from datetime import UTC, datetime, timedelta

import pytest

from edge_core.service import examples
from edge_core.service.item_schema import TagsView
from edge_core.service.metrics import exposition
from edge_core.service.schema import HealthView, LiveView, ProblemView
from edge_core.service.site_schema import SiteView
from edge_core.service.visits_schema import CountsView

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_site_tells_what_screens_draw_and_no_camera_address(get):
    answer = get("/v1/site")
    site = SiteView.model_validate_json(answer.content)
    assert site.name_zh == "海港商店"
    assert [line.floor for line in site.lines] == ["ground", "ground"]
    assert site.floors[0].fixtures[0].kind == "rack"
    assert "secret" not in answer.text
    assert "rtsp" not in answer.text


def test_live_tells_places_and_zones_without_anything_of_the_person(state, get):
    state.appear(11, 12)
    live = LiveView.model_validate_json(get("/v1/live").content)
    assert [person.number for person in live.people] == [11, 12]
    assert live.by_zone == {"coats": 2}
    assert live.latency_ms == pytest.approx(50)
    assert live.at == NOON


def test_counts_of_an_unwatched_quarter_are_marked_as_such(state, get):
    state.cross("a", "b")
    state.cross("c", direction="out")
    for ahead in range(15):
        state.watch_minute(ahead)
    state.clock.advance_ns(2 * 900 * 10**9)
    answer = get(
        "/v1/counts",
        params={"start": NOON.isoformat(), "end": (NOON + timedelta(minutes=30)).isoformat()},
    )
    counts = CountsView.model_validate_json(answer.content)
    door = [bucket for bucket in counts.buckets if bucket.line == "door"]
    assert [(it.entered, it.left, it.available) for it in door] == [(2, 1, 1.0), (0, 0, 0.0)]
    assert (counts.today.entered, counts.today.left, counts.today.inside) == (2, 1, 1)
    assert counts.today.by_line == {"door": (2, 1), "till": (0, 0)}
    assert counts.today.date == "2026-01-01"


def test_counts_without_a_question_are_those_since_local_midnight(state, get):
    counts = CountsView.model_validate_json(get("/v1/counts").content)
    assert counts.buckets[0].start == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert counts.buckets[-1].start == NOON - timedelta(minutes=15)


def test_a_line_inside_is_counted_by_itself_but_enters_nobody_into_the_site(state, get):
    state.cross("a", "b")
    state.cross("c", line="till")
    today = CountsView.model_validate_json(get("/v1/counts").content).today
    assert today.by_line == {"door": (2, 0), "till": (1, 0)}
    assert (today.entered, today.inside) == (2, 2)


def test_nobody_who_is_in_view_is_outside(state, get):
    state.appear(1, 2, 3)
    state.cross("a", direction="out")
    assert CountsView.model_validate_json(get("/v1/counts").content).today.inside == 3


@pytest.mark.parametrize(
    ("query", "named", "helped"),
    [
        ("start=yesterday", "start", "2026-05-01T09:00:00Z"),
        ("start=2026-01-01T09:00:00", "start", "2026-05-01T09:00:00Z"),
        ("start=2026-01-01T09:00:00+01:00", "start", "%2B"),
        ("bucket_s=90", "bucket_s", "openapi"),
        ("bucket_s=-60", "bucket_s", "openapi"),
        ("bucket=60", "bucket", "spelling"),
        ("start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", "end", "Swap"),
        ("start=2020-01-01T00:00:00Z&bucket_s=60", "spans", "longer spans"),
    ],
)
def test_a_bad_question_is_refused_with_its_name_and_a_remedy(get, query, named, helped):
    answer = get(f"/v1/counts?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = ProblemView.model_validate_json(answer.content)
    assert named in problem.message
    assert helped in problem.remedy


@pytest.mark.parametrize(
    "query",
    [
        "start=0001-01-01T00:00:00%2B14:00&end=0001-01-01T01:00:00Z",
        "start=9999-12-31T23:00:00Z&end=9999-12-31T23:59:59-14:00",
    ],
)
def test_instants_at_the_calendars_ends_are_refused(get, query):
    answer = get(f"/v1/counts?{query}")
    assert answer.status_code == 422
    assert "1970" in ProblemView.model_validate_json(answer.content).remedy


def test_health_answers_503_only_while_the_service_is_down(state, get):
    for status, code in (("ok", 200), ("degraded", 200), ("down", 503)):
        state.status = status
        answer = get("/health")
        assert answer.status_code == code
        assert HealthView.model_validate_json(answer.content).status == status


def test_an_unreadable_ledger_is_told_as_a_problem_not_as_a_crash(state, get, tmp_path):
    state.writer.close()
    state.ledger.close()
    for part in tmp_path.glob("ledger.db*"):
        part.unlink()
    (tmp_path / "ledger.db").write_bytes(b"a torn page" * 1000)
    from edge_core.ledger import LedgerReader

    state.ledger = LedgerReader(tmp_path / "ledger.db")
    answer = get("/v1/counts")
    assert answer.status_code == 503
    assert "damaged" in ProblemView.model_validate_json(answer.content).message


def test_metrics_tell_workers_cameras_and_the_ledger(state, get):
    state.cross("a")
    answer = get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'promenade_worker_restarts_total{worker="vision"} 2.0' in lines
    assert 'promenade_camera_frames_skipped_total{camera="door-cam"} 7.0' in lines
    assert 'promenade_status{status="ok"} 1.0' in lines
    assert "promenade_ledger_events 1.0" in lines
    assert "promenade_latency_p95_seconds 0.09" in lines


def test_metrics_tell_readers():
    health = HealthView.model_validate(examples.HEALTH)
    lines = exposition(health, 0).decode().splitlines()
    assert 'promenade_reader_tags{reader="coats-rail"} 180.0' in lines
    assert 'promenade_reader_reconnects_total{reader="coats-rail"} 1.0' in lines


def test_an_unknown_path_is_a_problem_too(get):
    answer = get("/v1/faces")
    assert answer.status_code == 404
    assert ProblemView.model_validate_json(answer.content).status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8460", ""])
def test_a_page_that_rebinds_its_name_to_this_machine_gets_nothing(get, host):
    answer = get("/v1/live", headers={"Host": host})
    assert answer.status_code == 421
    assert "people" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8460", "127.0.0.1", "[::1]:8460", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(get, host):
    assert get("/v1/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8460", 200), ("https://evil.example", 421), ("null", 421)],
)
def test_pages_of_other_sites_are_refused_by_their_origin(get, origin, status):
    assert get("/v1/live", headers={"Origin": origin}).status_code == status


def test_tags_tell_things_and_where_they_are(state, get):
    state.hang("3034f4e4e40000c000000003", "e2801160", moving=0.93214)
    tags = TagsView.model_validate_json(get("/v1/tags").content)
    known, unknown = tags.tags
    assert (known.gtin, known.zone, known.moving) == ("04012345000030", "coats", 0.932)
    assert (unknown.uri, unknown.gtin) == ("unknown", None)
    assert known.last_seen == NOON - timedelta(seconds=1)
    assert tags.by_zone == {"coats": 2}
