import numpy as np
import pytest

from edge_core.service.availability import AvailabilityMeter
from edge_core.types import Observation
from edge_core.units import NS_PER_S

MINUTE_NS = 60 * NS_PER_S


def observation(seconds, camera="door"):
    nothing = np.zeros(0, np.int64)
    return Observation(
        camera_id=camera,
        epoch=1,
        sequence=1,
        mono_ns=round(seconds * NS_PER_S),
        utc_ns=1000 * MINUTE_NS + round(seconds * NS_PER_S),
        received_mono_ns=0,
        size_px=(640, 360),
        track_id=nothing,
        xyxy_px=np.zeros((0, 4), np.float32),
        score=np.zeros(0, np.float32),
        floor_m=np.zeros((0, 2), np.float32),
        ended=nothing,
        embedded=nothing,
        embedding=np.zeros((0, 0), np.float32),
        quality=np.zeros(0, np.float32),
    )


def watched(times, camera="door"):
    meter = AvailabilityMeter()
    for seconds in times:
        meter.ingest(observation(seconds, camera))
    return {(camera, minute): seconds for camera, minute, seconds in meter.take()}


def test_a_minute_watched_without_a_break_is_whole():
    told = watched(np.arange(0, 180.1, 0.1))
    assert told["door", 1001] == pytest.approx(60, abs=0.2)


def test_time_without_frames_is_not_watched():
    told = watched([*np.arange(0, 20.1, 0.5), *np.arange(40, 60.0, 0.5)])
    assert told["door", 1000] == pytest.approx(39.5, abs=0.6)


def test_what_was_told_is_not_told_again():
    meter = AvailabilityMeter()
    meter.ingest(observation(0))
    meter.ingest(observation(1))
    assert [seconds for *_, seconds in meter.take()] == [1.0]
    assert list(meter.take()) == []


def test_observations_seen_again_after_a_restart_count_once():
    assert watched([5, 6, 4, 5, 6, 7]) == {("door", 1000): pytest.approx(2.0)}


def test_a_new_life_goes_on_where_the_last_one_kept_its_sums():
    first = AvailabilityMeter()
    for seconds in range(10):
        first.ingest(observation(seconds))
    told = sum(seconds for *_, seconds in first.take())
    second = AvailabilityMeter(first.until_mono_ns())
    for seconds in range(15):  # the last seconds are sent again
        second.ingest(observation(seconds))
    assert told + sum(seconds for *_, seconds in second.take()) == pytest.approx(14.0)


def test_a_timeline_that_begins_anew_is_followed():
    assert watched([500, 501, 10, 11]) == {
        ("door", 1008): pytest.approx(1.0),
        ("door", 1000): pytest.approx(1.0),
    }
