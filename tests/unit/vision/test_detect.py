import cv2
import numpy as np
import pytest

from edge_core.vision import load_detector
from edge_core.vision.boxes import iou
from edge_core.vision.decode import decode


def test_a_cell_is_decoded_as_the_model_card_says():
    maps = [np.full((5, 352 // s, 352 // s), -9, np.float32) for s in (8, 16, 32)]
    maps[1][:, 3, 4] = [0.25, -0.5, np.log(2), np.log(5), 0.0]
    xyxy, score = decode(maps, 0.3)
    x, y = (4.5 + 0.25) * 16, (3.5 - 0.5) * 16
    np.testing.assert_allclose(xyxy, [[x - 16, y - 40, x + 16, y + 40]], rtol=1e-5)
    np.testing.assert_allclose(score, [0.5])


def test_an_empty_wall_holds_nobody():
    wall = np.full((480, 640, 3), 180, np.uint8)
    assert len(load_detector(score=0.3, provider="cpu").detect([wall])[0]) == 0


def test_pictures_of_different_shapes_go_together():
    random = np.random.default_rng(1)
    shapes = ((480, 640, 3), (64, 700, 3), (33, 17, 3))
    pictures = [random.integers(0, 255, shape, dtype=np.uint8) for shape in shapes]
    found = load_detector(provider="cpu").detect(pictures)
    assert len(found) == 3
    for one, picture in zip(found, pictures, strict=True):
        height, width = picture.shape[:2]
        assert (one.xyxy_px >= 0).all()
        assert (one.xyxy_px <= [width, height, width, height]).all()
        assert (np.diff(one.score) <= 0).all()


def test_a_grey_picture_is_refused():
    with pytest.raises(ValueError, match="image must have shape"):
        load_detector(provider="cpu").detect([np.zeros((48, 64), np.uint8)])


def test_a_score_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="score must lie between 0 and 1"):
        load_detector(score=0.0, provider="cpu")


def test_int8_finds_the_people_that_fp32_finds(data_folder):
    exact, fast = (load_detector(name, provider="cpu") for name in ("person-s", "person-s-int8"))
    found = agreed = 0
    for path in sorted((data_folder / "detection" / "val").glob("*.jpg"))[:60]:
        picture = cv2.imread(str(path))
        (a,), (b,) = exact.detect([picture]), fast.detect([picture])
        sure = a.xyxy_px[a.score > 0.6]
        found += len(sure)
        agreed += int((iou(sure, b.xyxy_px[b.score > 0.3]).max(axis=1, initial=0) > 0.7).sum())
    assert found > 10
    assert agreed >= 0.95 * found


def test_most_labelled_people_are_found_in_real_pictures(data_folder):
    detector = load_detector(score=0.1, provider="cpu")
    found = labelled = 0
    for path in sorted((data_folder / "detection" / "val").glob("*.jpg")):
        picture = cv2.imread(str(path))
        height, width = picture.shape[:2]
        label = np.loadtxt(path.with_suffix(".txt"), ndmin=2).reshape(-1, 5)
        centre, half = label[:, 1:3], label[:, 3:5] / 2
        size = np.array([width, height])
        truth = np.concatenate([(centre - half) * size, (centre + half) * size], axis=1)
        (people,) = detector.detect([picture])
        overlap = iou(truth.astype(np.float32), people.xyxy_px)
        found += int((overlap.max(axis=1, initial=0) >= 0.5).sum())
        labelled += len(truth)
    assert found >= 0.6 * labelled
