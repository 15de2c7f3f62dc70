import cv2
import numpy as np
import pytest

from edge_core.config import CameraConfig
from edge_core.types import EVERYWHERE_PX, Detections
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.appearance import AppearanceSchedule
from edge_core.vision.crops import (
    body_crop,
    crop,
    crop_quality,
    part_visibility,
    visible_share,
    whole_body,
)
from edge_core.vision.pipeline import CameraPipeline

from .conftest import Scene

S = 10**9


class WalkingDetector:
    """Stands in for the network: the frame's brightest rectangle is the person."""

    size_px = 320

    def __init__(self):
        self.calls = 0
        self.parts = []

    def detect_within(self, image, part):
        x1, y1, x2, y2 = part
        self.parts.append(part)
        found = self.detect([image[y1:y2, x1:x2]])[0]
        return Detections(found.xyxy_px + np.array([x1, y1, x1, y1], np.float32), found.score)

    def detect(self, images):
        self.calls += len(images)
        found = []
        for image in images:
            ys, xs = np.nonzero(image[:, :, 1] > 128)
            if len(xs) == 0:
                found.append(Detections.empty())
                continue
            box = np.array([[xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]], np.float32)
            found.append(Detections(box, np.array([0.9], np.float32)))
        return found


def frame_with_person(x):
    frame = np.zeros((240, 320, 3), np.uint8)
    frame[60:200, x : x + 50] = (90, 200, 150)
    return frame


@pytest.fixture
def detector():
    return WalkingDetector()


@pytest.fixture
def pipeline(detector):
    camera = CameraConfig(id="door", source="usb:0")
    return CameraPipeline(camera, detector, load_embedder(provider="cpu"), epoch=77)


def observe(pipeline, index, frame, moved_px=EVERYWHERE_PX):
    now = S + index * S // 10
    return pipeline.process(frame, mono_ns=now, utc_ns=now, received_mono_ns=now, moved_px=moved_px)


def test_a_walker_becomes_one_track_embedded_once_and_again_after_two_seconds(pipeline):
    seen = [observe(pipeline, i, frame_with_person(20 + 5 * i)) for i in range(30)]
    assert [o.sequence for o in seen] == list(range(1, 31))
    assert {i for o in seen for i in o.track_id.tolist()} == {1}
    taken = [n for n, o in enumerate(seen) if len(o.embedded)]
    assert len(taken) == 2
    assert taken[1] - taken[0] == 20
    assert len({o.embedding.shape[1] for o in seen}) == 1
    assert all(len(o.embedding) == len(o.embedded) for o in seen)
    assert all(((o.quality > 0) & (o.quality <= 1)).all() for o in seen)
    assert all(np.isnan(o.floor_m).all() for o in seen)
    assert seen[0].epoch == 77


def test_nobody_is_looked_for_while_nothing_moves_except_once_a_second(pipeline, detector):
    for index in range(10):
        observe(pipeline, index, frame_with_person(100))
    before = detector.calls
    held = [observe(pipeline, 10 + i, frame_with_person(100), moved_px=None) for i in range(30)]
    assert detector.calls - before == 3
    assert all(o.track_id.tolist() == [1] for o in held)


def test_between_looks_everywhere_only_what_moved_and_who_is_known_is_looked_at(pipeline, detector):
    seen = [
        observe(
            pipeline, n, frame_with_person(20 + 5 * n), moved_px=(16 + 5 * n, 60, 80 + 5 * n, 200)
        )
        for n in range(21)
    ]
    assert len(detector.parts) == 18  # all but one a second
    areas = [(x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in detector.parts]
    assert max(areas) < 0.8 * 320 * 240
    assert all(x1 <= 20 + 5 * n for n, (x1, _, _, _) in enumerate(detector.parts[:9], 1))
    assert {i for o in seen for i in o.track_id.tolist()} == {1}
    np.testing.assert_allclose(seen[-1].xyxy_px[0], [120, 60, 170, 200], atol=4)


def test_a_forgotten_track_is_followed_as_somebody_new(pipeline):
    for index in range(8):
        before = observe(pipeline, index, frame_with_person(100))
    pipeline.forget(int(before.track_id[0]))
    for index in range(8, 16):
        after = observe(pipeline, index, frame_with_person(100))
    assert len(after.track_id) == 1
    assert after.track_id[0] != before.track_id[0]


def test_without_an_embedder_nothing_is_embedded(detector):
    camera = CameraConfig(id="door", source="usb:0")
    pipeline = CameraPipeline(camera, detector, None, epoch=1)
    seen = [observe(pipeline, i, frame_with_person(100)) for i in range(10)]
    assert all(len(o.embedded) == 0 for o in seen)


def test_at_most_two_embeddings_a_frame_new_people_first():
    scene = Scene()
    for _ in range(6):
        tracks = scene.show(*[(60 + 100 * i, 300) for i in range(5)])
    schedule, visible = AppearanceSchedule(), np.ones(5, np.float32)
    rounds = [schedule.due(tracks, visible, S + i * S // 10).tolist() for i in range(4)]
    assert [len(rows) for rows in rounds] == [2, 2, 1, 0]
    assert sorted(row for rows in rounds for row in rows) == [0, 1, 2, 3, 4]


def test_a_crop_is_judged_by_what_it_shows():
    sharp = np.random.default_rng(0).integers(0, 255, (200, 80, 3), dtype=np.uint8)
    blurred = cv2.GaussianBlur(sharp, (31, 31), 12)
    assert crop_quality(sharp, 1.0) == pytest.approx(1.0)
    assert crop_quality(blurred, 1.0) < crop_quality(sharp, 1.0)
    assert crop_quality(sharp[:40, :16], 1.0) < crop_quality(sharp, 1.0)
    assert crop_quality(sharp, 0.3) == pytest.approx(0.3)


def test_the_person_behind_is_the_hidden_one():
    boxes = np.array([[100, 50, 160, 200], [110, 60, 170, 230]], np.float32)
    behind, before = visible_share(boxes, (640, 480))
    assert behind < 0.4
    assert before == 1


def parts(*boxes):
    """Visibility of body and stripes of these boxes in a frame of 640 x 480."""
    boxes_px = np.array(boxes, np.float32).reshape(-1, 4)
    return part_visibility(whole_body(boxes_px, (640, 480)), boxes_px, (640, 480))


def test_somebody_in_full_view_shows_every_part():
    assert parts([100, 50, 160, 200]).tolist() == [[1, 1, 1, 1]]


def test_legs_below_the_frame_are_neither_stretched_nor_believed():
    box = np.array([[100, 380, 180, 480]], np.float32)
    (whole,) = whole_body(box, (640, 480))
    assert whole.tolist() == [100, 380, 180, 580]
    body, head, middle, legs = parts(box[0])[0]
    assert (head, middle, legs) == (1, pytest.approx(0.5, abs=1e-3), 0)
    assert body == pytest.approx(0.5, abs=1e-3)
    image = np.full((480, 640, 3), 200, np.uint8)
    shown = body_crop(image, whole)
    assert shown.shape == (200, 80, 3)
    assert (shown[:100] == 200).all()
    assert (shown[100:] == 114).all()


def test_a_head_above_the_frame_is_missing_at_the_top():
    _, head, _, legs = parts([100, 0, 180, 120])[0]
    assert head < 0.5
    assert legs == 1


def test_the_legs_behind_a_nearer_person_do_not_count():
    behind, before = parts([100, 100, 160, 250], [90, 200, 170, 400])
    assert behind.tolist() == pytest.approx([2 / 3, 1, 1, 0])
    assert before.tolist() == [1, 1, 1, 1]


def test_nobody_has_no_parts():
    assert parts().shape == (0, 4)


def test_what_is_not_seen_leaves_no_trace_in_an_embedding():
    embedder = load_embedder(provider="cpu")
    image = np.random.default_rng(0).integers(0, 255, (200, 80, 3), dtype=np.uint8)
    visible = np.array([[0.5, 1, 0.5, 0]], np.float32)
    (row,) = embedder.embed([image], visible)
    lengths = np.linalg.norm(row.reshape(4, -1), axis=1)
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)
    # Quantised blocks are of unit length but for half a percent.
    assert lengths / lengths[1] == pytest.approx(visible[0], abs=1e-2)


def test_a_crop_never_leaves_the_frame():
    frame = np.zeros((100, 200, 3), np.uint8)
    for box in ([-50, -20, 30, 40], [190, 90, 400, 300], [300, 300, 310, 320]):
        part = crop(frame, np.array(box, np.float32))
        assert part.shape[0] >= 1
        assert part.shape[1] >= 1


def test_six_people_enter_one_by_one(data_folder):
    video = cv2.VideoCapture(str(data_folder / "video" / "intel_one-by-one-person-detection.mp4"))
    pipeline = CameraPipeline(
        CameraConfig(id="door", source="usb:0"), load_detector(provider="cpu"), None, epoch=1
    )
    ids, index = set(), 0
    while True:
        read, frame = video.read()
        if not read:
            break
        ids |= set(observe(pipeline, index, frame).track_id.tolist())
        index += 1
    assert len(ids) == 6
