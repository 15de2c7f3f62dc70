from collections import Counter

import cv2
import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.training.detector.pictures import (
    NO_BOXES,
    Picture,
    read_folder,
    read_frames,
    simulate_at_goods,
)
from edge_core.training.detector.sets import (
    MALLS_FOLDER,
    SHARES,
    drawing_from,
    seen_from_afar,
)


def test_views_from_afar_hold_small_people_and_are_the_same_every_time(torch):
    rng = np.random.default_rng(1)
    person = np.array([[100, 50, 200, 350]], np.float32)
    pictures = [
        Picture(rng.integers(0, 255, (400, 300, 3), np.uint8), person, NO_BOXES) for _ in range(3)
    ]
    views, again = seen_from_afar(pictures), seen_from_afar(pictures)
    heights = np.concatenate([v.xyxy_px[:, 3] - v.xyxy_px[:, 1] for v in views])
    assert len(heights) > len(views)
    assert np.median(heights) < 0.6 * 300 / 400 * views[0].bgr.shape[0]
    assert all(np.array_equal(a.bgr, b.bgr) for a, b in zip(views, again, strict=True))


def test_pictures_are_drawn_by_their_sources_shares():
    sources = {
        name: [Picture(np.zeros((1, 1, 3), np.uint8), NO_BOXES, NO_BOXES)] for name in SHARES
    }
    draw, rng = drawing_from(sources), np.random.default_rng(0)
    names = list(sources)
    drawn = Counter(names[draw(rng)] for _ in range(3000))
    for name, share in SHARES.items():
        assert drawn[name] / 3000 == pytest.approx(share, abs=0.04)


def test_yolo_labels_become_pixel_boxes(tmp_path):
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((100, 200, 3), np.uint8))
    (tmp_path / "a.txt").write_text("0 0.5 0.5 0.2 0.4\n")
    cv2.imwrite(str(tmp_path / "b.jpg"), np.zeros((50, 50, 3), np.uint8))
    labelled, plain = read_folder(tmp_path)
    assert labelled.xyxy_px.tolist() == [pytest.approx([80, 30, 120, 70])]
    assert plain.xyxy_px.shape == (0, 4)


def test_a_part_of_a_video_is_read_in_order(tmp_path):
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for level in range(0, 200, 10):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    frames = read_frames(path, 3, start=0.5, stop=1.0)
    assert [round(float(f.mean()), -1) for f in frames] == [100, 130, 160, 190]
    with pytest.raises(SourceError, match="cannot be read"):
        read_frames(tmp_path / "none.mp4", 1)


def test_shoppers_at_goods_are_filmed_from_anywhere_near(torch):
    pictures = simulate_at_goods(MALLS_FOLDER / "shop", 2, 2, seed=5, first_s=10.0)
    assert 2 <= len(pictures) <= 4
    assert sum(len(it.xyxy_px) for it in pictures) >= 2
    for picture in pictures:
        assert picture.bgr.shape == (360, 640, 3)
        x1, y1, x2, y2 = picture.xyxy_px.T
        assert (x1 < x2).all()
        assert (y2 - y1 >= 16).all()
        assert ((x1 >= 0) & (y1 >= 0) & (x2 <= 640) & (y2 <= 360)).all()
