"""The core's stages together: one shopper walks in, stays and leaves, seen by two cameras."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from edge_core.config import SiteConfig
from edge_core.config.loader import parse_site
from edge_core.service.core_pipeline import CorePipeline
from edge_core.types import Event, EventKind, Observation, Traits
from edge_core.units import NS_PER_S

CAMERA = """
[[cameras]]
id = "{id}"
source = "rtsp://{id}"
floor = "ground"
calibration_px = [640, 360]
calibration = [
  {{ px = [0, 0], m = [0, 0] }}, {{ px = [640, 0], m = [10, 0] }},
  {{ px = [640, 360], m = [10, 10] }}, {{ px = [0, 360], m = [0, 10] }},
]
"""
SITE = (
    """
[site]
id = "shop"
name = "Shop"
[privacy]
pack = "none"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [10, 0], [10, 10], [0, 10]]
[[zones]]
id = "shoes"
name = "Shoes"
floor = "ground"
polygon_m = [[3, 5], [7, 5], [7, 9], [3, 9]]
[[lines]]
id = "main"
name = "Main door"
camera = "door"
start_m = [3, 2]
end_m = [7, 2]
"""
    + CAMERA.format(id="door")
    + CAMERA.format(id="side")
)


@pytest.fixture(scope="module")
def site() -> SiteConfig:
    return parse_site(SITE)


def observation(camera_id: str, time_s: float, y_m: float) -> Observation:
    x, y = 320.0, y_m * 36
    box = np.array([[x - 15, y - 80, x + 15, y]], np.float32)
    now_ns = round(time_s * NS_PER_S)
    return Observation(
        camera_id=camera_id,
        epoch=3,
        sequence=round(time_s * 10),
        mono_ns=now_ns,
        utc_ns=now_ns,
        received_mono_ns=now_ns + 5,
        size_px=(640, 360),
        track_id=np.array([1], np.int64),
        xyxy_px=box,
        score=np.array([0.9], np.float32),
        floor_m=np.array([[5.0, y_m]], np.float32),
        ended=np.zeros(0, np.int64),
        embedded=np.zeros(0, np.int64),
        embedding=np.zeros((0, 1024), np.float32),
        quality=np.zeros(0, np.float32),
    )


def visit() -> Iterator[Observation]:
    """In through the door (y = 2), four seconds among the shoes (y > 5), and out again."""
    walk = [*np.arange(1, 7, 0.1), *[7.0] * 20, *np.arange(7, 1, -0.1)]
    for step, y_m in enumerate(walk):
        for camera_id in ("door", "side"):
            yield observation(camera_id, 1 + step / 10, float(y_m))


def facts(events: list[Event]) -> list[tuple[EventKind, object]]:
    """Kinds and directions of all but moves."""
    return [
        (event.kind, event.data.get("direction"))
        for event in events
        if event.kind is not EventKind.MOVE
    ]


def test_one_visit_seen_twice_is_one_person_with_one_stay(site):
    pipeline = CorePipeline(site, Random(1))
    events = [event for seen in visit() for event in pipeline.ingest(seen)]
    assert facts(events) == [
        (EventKind.CROSSING, "in"),
        (EventKind.STAY, None),
        (EventKind.CROSSING, "out"),
    ]
    (stay,) = [event for event in events if event.kind is EventKind.STAY]
    assert stay.data["censored"] is False
    assert stay.data["duration_s"] == pytest.approx(5.9, abs=0.3)
    moves = [event for event in events if event.kind is EventKind.MOVE]
    assert [(it.data["from"], it.place_id) for it in moves] == [("@entrance", "shoes")]
    assert (pipeline.people_count(), pipeline.tracks_count()) == (1, 2)


def test_the_snapshot_shows_each_person_once_and_where_they_stand(site):
    pipeline = CorePipeline(site, Random(1))
    for seen in visit():
        if seen.mono_ns <= 8 * NS_PER_S:
            pipeline.ingest(seen)
    snapshot = pipeline.snapshot(8 * NS_PER_S, 0)
    assert snapshot.received_mono_ns == 8 * NS_PER_S + 5
    assert [person.zone_ids for person in snapshot.people] == [("shoes",)]
    assert pipeline.occupancy(snapshot) == {"shoes": 1}


@pytest.mark.parametrize("restart_s", [2.0, 4.0, 9.0, 13.0, 14.5])
def test_a_restart_that_replays_ten_seconds_adds_no_new_event(site, restart_s):
    """The core is killed; its successor is given the last ten seconds and goes on."""
    seen, cut_ns = list(visit()), restart_s * NS_PER_S
    killed, heir, undisturbed = (CorePipeline(site, Random(seed)) for seed in range(3))
    expected = {event.key for each in seen for event in undisturbed.ingest(each)}
    before = [each for each in seen if each.mono_ns < cut_ns]
    kept = {event.key for each in before for event in killed.ingest(each)}
    again = [each for each in seen if each.mono_ns >= cut_ns - 10 * NS_PER_S]
    kept |= {event.key for each in again for event in heir.ingest(each)}
    assert kept == expected


def test_finishing_a_recording_ends_what_is_open(site):
    pipeline = CorePipeline(site, Random(1))
    events = [event for seen in list(visit())[:140] for event in pipeline.ingest(seen)]
    assert facts(events) == [(EventKind.CROSSING, "in")]
    stay, move, visit_so_far = pipeline.finish()
    assert (move.data["from"], move.place_id) == ("shoes", "@lost")
    assert stay.data["censored"] is True
    assert visit_so_far.kind is EventKind.VISIT
    assert visit_so_far.data["seen_in"] == "entry-only"
    assert [zone for zone, _ in visit_so_far.data["zones"]] == ["shoes"]


def test_who_is_forgotten_is_a_stranger_from_then_on(site):
    """What vision still says of the old track is passed over; a new track is somebody new."""
    pipeline = CorePipeline(site, Random(1))
    seen = [it for it in visit() if it.mono_ns <= 7 * NS_PER_S]
    look = np.full((1, 1024), 1 / 32, np.float32)
    for one in seen:
        told = (Traits(1, {"female": 0.9}, 40.0),)
        pipeline.ingest(
            replace(
                one, embedded=one.track_id, embedding=look, quality=np.ones(1, np.float32),
                traits_so_far=told,
            )
        )  # fmt: skip
    (person,) = pipeline.snapshot(seen[-1].mono_ns, 0).people
    assert pipeline.people_count() == 1
    deleted, events = pipeline.forget(person.number)
    assert (deleted.people, deleted.tracks, deleted.appearances, deleted.visits) == (1, 2, 2, 1)
    assert {it.camera_id for it in deleted.live} == {"door", "side"}
    assert all(it.kind is EventKind.MOVE for it in events)
    assert pipeline.take_told() == []
    assert pipeline.snapshot(seen[-1].mono_ns, 0).people == ()
    assert pipeline.forget(person.number)[0].people == 0
    late = observation("door", 7.2, 7.0)
    pipeline.ingest(replace(late, traits_so_far=(Traits(1, {"female": 0.9}, 40.0),)))
    assert pipeline.take_told() == []
    assert pipeline.snapshot(late.mono_ns, 0).people == ()
    for step in range(20):
        again = observation("door", 7.3 + step / 10, 7.0)
        pipeline.ingest(replace(again, track_id=np.array([2], np.int64)))
    (stranger,) = pipeline.snapshot(again.mono_ns, 0).people
    assert stranger.number != person.number
    assert pipeline.people_count() == 1, "who was forgotten is not counted twice"
    ended = pipeline.finish()
    assert all(it.data.get("visit") != person.number for it in ended)
