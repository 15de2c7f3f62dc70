import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.types import Detections
from edge_core.vision.track import Tracker

from .conftest import HEIGHT, WIDTH, Scene, boxes


def test_a_walker_keeps_one_id(scene):
    for step in range(40):
        scene.show((50 + 12 * step, 300))
    assert scene.ids() == [1]


def test_two_people_who_cross_keep_their_ids(scene):
    for step in range(50):
        scene.show((100 + 8 * step, 300), (500 - 8 * step, 330))
        if step == 10:
            left, right = scene.id_at(0), scene.id_at(640)
    assert (scene.id_at(640), scene.id_at(0)) == (left, right)
    assert len(scene.ids()) == 2


@pytest.mark.parametrize("fps", [5.0, 10.0, 25.0])
def test_somebody_hidden_for_a_second_and_a_half_is_taken_up_again(fps):
    scene = Scene(fps)
    speed_px = 60 / fps
    for step in range(int(7 * fps)):
        hidden = 3 * fps <= step < 4.5 * fps
        scene.show(*([] if hidden else [(100 + speed_px * step, 300)]))
    assert scene.ids() == [1]


def test_a_person_gone_for_longer_than_the_limit_has_ended_and_returns_as_another(scene):
    for _ in range(10):
        scene.show((300, 300))
    ended = [int(i) for _ in range(40) for i in scene.show().ended]
    for _ in range(10):
        scene.show((300, 300))
    assert ended == [1]
    assert scene.ids() == [1, 2]


def test_whoever_stands_there_after_a_gap_in_the_video_is_somebody_else():
    scene = Scene()
    for _ in range(10):
        scene.show((300, 300))
    scene.frame += 600
    ended = scene.show((300, 300)).ended.tolist()
    for _ in range(5):
        scene.show((300, 300))
    assert ended == [1]
    assert scene.ids() == [1, 2]


def test_whoever_walks_out_of_the_picture_does_not_lend_the_id_to_the_next(scene):
    for step in range(30):
        scene.show((400 + 10 * step, 300))
    for _ in range(8):
        scene.show()
    for step in range(20):
        scene.show((630 - 10 * step, 300))
    assert scene.ids() == [1, 2]


def test_a_flicker_is_never_put_out_and_uses_up_no_id(scene):
    for step in range(30):
        scene.show(*([(200, 300)] if step % 5 == 0 else []))
    assert scene.ids() == []
    for _ in range(5):
        scene.show((500, 300))
    assert scene.ids() == [1]


def test_weak_detections_alone_make_nobody(scene):
    for _ in range(30):
        scene.show((200, 300), score=0.35)
    assert scene.ids() == []


def test_weak_detections_keep_a_known_person(scene):
    for step in range(30):
        scene.show((200 + 4 * step, 300), score=0.8 if step < 10 else 0.25)
    assert scene.ids() == [1]
    assert len(scene.out[-1]) == 1


def test_a_second_box_on_the_same_person_makes_no_second_person(scene):
    for step in range(20):
        scene.show((200 + 5 * step, 300), (206 + 5 * step, 312))
    assert scene.ids() == [1]


def test_a_person_who_stands_still_is_held_while_the_gate_is_shut(scene):
    for _ in range(10):
        scene.show((300, 300))
    before = scene.out[-1]
    for _ in range(600):
        tracks = scene.hold()
        assert tracks.track_id.tolist() == [1]
        assert tracks.ended.tolist() == []
    np.testing.assert_allclose(tracks.xyxy_px, before.xyxy_px, atol=2)
    scene.show((305, 300))
    assert scene.ids() == [1]
    np.testing.assert_allclose(scene.out[-1].xyxy_px, before.xyxy_px, atol=10)


def test_somebody_lost_before_the_gate_shut_ends_in_time(scene):
    for _ in range(10):
        scene.show((300, 300))
    for _ in range(3):
        scene.show()
    ended = [int(i) for _ in range(40) for i in scene.hold().ended]
    assert ended == [1]


def test_a_change_of_resolution_keeps_ids(scene):
    for _ in range(10):
        scene.show((300, 300))
    twice = Detections(np.array([[560, 400, 640, 600]], np.float32), np.array([0.8], np.float32))
    now_ns = 10**9 + round((scene.frame + 1) * 1e8)
    tracks = scene.tracker.update(twice, now_ns, (2 * WIDTH, 2 * HEIGHT))
    assert tracks.track_id.tolist() == [1]
    np.testing.assert_allclose(tracks.xyxy_px, twice.xyxy_px, atol=6)


def test_time_that_runs_backwards_is_a_bug():
    tracker = Tracker()
    tracker.update(Detections.empty(), 10**9, (WIDTH, HEIGHT))
    with pytest.raises(ValueError, match="time ran backwards"):
        tracker.update(Detections.empty(), 10**9 - 1, (WIDTH, HEIGHT))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(boxes(most=6), st.booleans()), max_size=40), st.floats(1.0, 30.0))
def test_ids_are_never_minus_one_never_doubled_and_never_come_back(frames, fps):
    tracker, over, newest = Tracker(), set(), 0
    for index, (xyxy, still) in enumerate(frames):
        now_ns = 10**9 + round(index * 1e9 / fps)
        score = np.linspace(0.9, 0.3, len(xyxy), dtype=np.float32)
        tracks = (
            tracker.hold(now_ns, (WIDTH, HEIGHT))
            if still
            else tracker.update(Detections(xyxy, score), now_ns, (WIDTH, HEIGHT))
        )
        ids, ended = set(tracks.track_id.tolist()), set(tracks.ended.tolist())
        assert len(ids) == len(tracks)
        assert all(i >= 1 for i in ids | ended)
        assert not ids & (over | ended)
        assert all(i <= newest + len(ids | ended) for i in ids)
        newest = max([newest, *ids])
        assert np.isfinite(tracks.xyxy_px).all()
        over |= ended
