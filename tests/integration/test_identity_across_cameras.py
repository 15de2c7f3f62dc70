"""A simulated mall of non-overlapping cameras, from observations to events, through the core."""

from random import Random

import numpy as np
import pytest

from edge_core.bench.tracklet_mall import LOOKS, Mall, Visitors
from edge_core.config import SiteConfig
from edge_core.identity.site_state import load_state, save_state
from edge_core.service.core_pipeline import CorePipeline
from edge_core.types import Observation
from edge_core.units import NS_PER_S

STEP_S = 1.0
MINUTES = 5
UTC_NS = 1_767_225_600 * NS_PER_S


@pytest.fixture(scope="module")
def mall():
    return Mall(7)


@pytest.fixture(scope="module")
def tracks(mall):
    crowd = Visitors(LOOKS["reid-s-int8"], 150, None, 7)
    walked = crowd.walk(mall, 0.0, MINUTES * 60.0)
    return [track for track in walked if track.end_s < MINUTES * 60]


@pytest.fixture(scope="module")
def site(mall):
    ways = [
        {"cameras": [f"camera-{one}", f"camera-{other}"], "walk_m": float(mall.way_m[one, other])}
        for one, other in np.argwhere(np.triu(mall.way_m) > 0).tolist()
    ]
    doors = [
        {
            "id": f"door-{door}", "name": "Door", "camera": f"camera-{door}",
            "start_px": [0, 0], "end_px": [9, 0], "picture_px": [640, 360],
        }
        for door in mall.doors.tolist()
    ]  # fmt: skip
    return SiteConfig.model_validate(
        {
            "site": {"id": "mall", "name": "Mall"},
            "privacy": {"pack": "none"},
            "cameras": [
                {"id": f"camera-{number}", "source": f"usb:{number}"}
                for number in range(mall.count)
            ],
            "links": ways,
            "lines": doors,
        }
    )


def observations(mall, tracks):
    """What the cameras would send: everybody twice a second, embedded at first and later."""
    ended = [set() for _ in range(mall.count)]
    for step in range(round(MINUTES * 60 / STEP_S)):
        now_s = step * STEP_S
        now_ns = round(now_s * NS_PER_S)
        for camera in range(mall.count):
            here = [
                (number, track)
                for number, track in enumerate(tracks, start=1)
                if track.camera == camera and track.start_s <= now_s < track.end_s
            ]
            ids = [number for number, _ in here]
            gone = ended[camera] - set(ids)
            ended[camera] = set(ids)
            feet = [(40 + 50 * (number % 12) + 4 * (step % 9), 300.0) for number in ids]
            boxes = [(x - 15, y - 90, x + 15, y) for x, y in feet]
            new = [it for it in here if now_s - it[1].start_s < 2.0]
            yield Observation(
                camera_id=f"camera-{camera}",
                epoch=3,
                sequence=step,
                mono_ns=now_ns,
                utc_ns=UTC_NS + now_ns,
                received_mono_ns=now_ns,
                size_px=(640, 360),
                track_id=np.array(ids, np.int64),
                xyxy_px=np.array(boxes, np.float32).reshape(-1, 4),
                score=np.full(len(ids), 0.9, np.float32),
                floor_m=np.full((len(ids), 2), np.nan, np.float32),
                ended=np.array(sorted(gone), np.int64),
                embedded=np.array([number for number, _ in new], np.int64),
                embedding=np.array([track.look for _, track in new], np.float32).reshape(
                    len(new), len(tracks[0].look)
                ),
                quality=np.full(len(new), 0.9, np.float32),
            )


def played(mall, tracks, pipeline):
    """The pipeline after everything was seen and decided."""
    for observation in observations(mall, tracks):
        pipeline.ingest(observation)
    pipeline.finish()
    return pipeline


@pytest.fixture(scope="module")
def first(mall, tracks, site):
    return played(mall, tracks, CorePipeline(site, Random(1)))


def test_people_seen_by_one_camera_after_another_are_counted_once(first, tracks):
    people = len({track.person for track in tracks})
    assert first.tracks_count() > 3 * people, "everybody passes several cameras"
    assert first.people_count() == pytest.approx(people, rel=0.25)


def test_the_same_day_again_gives_the_same_people_and_the_same_model(first, mall, tracks, site):
    second = played(mall, tracks, CorePipeline(site, Random(2)))
    assert second.people_count() == first.people_count()
    one, other = first.learning.state(), second.learning.state()
    assert one is not None
    assert other is not None
    assert np.array_equal(one.learnt.moves, other.learnt.moves)
    assert np.array_equal(one.learnt.transits, other.learnt.transits)


def test_a_replay_after_a_restart_teaches_nothing_twice(first, mall, tracks, site, tmp_path):
    before = first.learning.state()
    assert before is not None
    assert before.learnt.moves.sum() > 10
    save_state(tmp_path / "learnt.json", before)
    state = load_state(tmp_path / "learnt.json")
    assert state is not None
    pipeline = CorePipeline(site, Random(1))
    pipeline.learning.restore(state)
    again = played(mall, tracks, pipeline).learning.state()
    assert again is not None
    assert again.until_utc_ns == before.until_utc_ns
    assert again.learnt.transits == pytest.approx(before.learnt.transits, abs=1e-3)
