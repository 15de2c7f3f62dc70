from collections import Counter
from itertools import product

import cv2
import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.training.pictures import NO_BOXES, Picture, read_folder, read_frames
from edge_core.training.sets import JUDGING_CLIPS, SHARES, TRAINING_CLIPS, drawing_from


def test_no_frame_is_both_learnt_from_and_judged_on():
    for learnt, judged in product(TRAINING_CLIPS, JUDGING_CLIPS):
        if learnt.file == judged.file:
            # A gap lies between, too: the frames beside a cut show the same people in place.
            assert learnt.stop + 0.05 < judged.start or judged.stop + 0.05 < learnt.start


def test_pictures_are_drawn_by_their_sources_shares():
    sources = {
        name: [Picture(np.zeros((1, 1, 3), np.uint8), NO_BOXES, NO_BOXES)] for name in SHARES
    }
    draw, rng = drawing_from(sources), np.random.default_rng(0)
    name_of = {id(pictures[0]): name for name, pictures in sources.items()}
    drawn = Counter(name_of[id(draw(rng))] for _ in range(3000))
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
