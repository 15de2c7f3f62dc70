import numpy as np
import pytest

from edge_core.training.detector.layout import Hardness, lay_out
from edge_core.training.detector.pictures import NO_BOXES, Picture


@pytest.fixture
def shelf(torch):
    from edge_core.training.detector import shelf

    return shelf


def marked_picture(box, size_px=(240, 160)):
    """A black picture with one white box where the label says."""
    bgr = np.zeros((size_px[1], size_px[0], 3), np.uint8)
    x1, y1, x2, y2 = box
    bgr[y1:y2, x1:x2] = 255
    return Picture(bgr, np.array([box], np.float32), NO_BOXES)


def white_box(bgr):
    """Bounding box of the white pixels."""
    rows, columns = np.nonzero((bgr > 180).all(axis=2))
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def planned(shelf, pictures, hardness, seed, count=1, size_px=192):
    rng = np.random.default_rng(seed)
    layouts = [
        lay_out(pictures, lambda r: int(r.integers(len(pictures))), size_px, hardness, rng)
        for _ in range(count)
    ]
    return shelf.plan_of(layouts, pictures, size_px, rng)


def test_boxes_stay_on_what_they_were_drawn_around(shelf, torch):
    single = Hardness(nine=0, mosaic=0, far=0)
    seen = 0
    for seed in range(60):
        left, top = seed * 2, seed % 50
        picture = marked_picture((left, top, left + 70, top + 90))
        plan = planned(shelf, [picture], single, seed)
        made = shelf.Shelf([picture], torch.device("cpu")).inputs(plan)
        for box in plan.people[0].numpy():
            if box.any():
                seen += 1
                bgr = made[0].permute(1, 2, 0).numpy()
                assert np.abs(box - white_box(bgr)).max() <= 2.5
    assert seen > 40


def test_a_gpu_would_draw_what_opencv_draws(shelf, torch):
    rng = np.random.default_rng(0)
    smooth = [
        Picture(shelf.cv2.GaussianBlur(rng.integers(0, 255, (h, w, 3), np.uint8), (0, 0), 6),
                NO_BOXES, NO_BOXES)
        for h, w in ((120, 200), (180, 90), (64, 64))
    ]  # fmt: skip
    plan = planned(shelf, smooth, Hardness(nine=0.4, mosaic=0.3), 3, count=8, size_px=128)
    by_tiles = shelf.Shelf(smooth, torch.device("cpu"))
    by_pixels = shelf.Shelf.__new__(shelf.Shelf)
    by_pixels._lay_flat([shelf.copies_of(p.bgr) for p in smooth], torch.device("cpu"))
    apart = (by_tiles.inputs(plan) - by_pixels._by_pixels(plan)).abs()
    # They differ along edges, where one blends into the padding and the other does not.
    assert float((apart > 3).float().mean()) < 0.02
    assert float(apart.median()) <= 1


def test_small_tiles_are_drawn_from_small_copies(shelf, torch):
    rng = np.random.default_rng(0)
    noise = Picture(rng.integers(0, 255, (400, 400, 3), np.uint8), NO_BOXES, NO_BOXES)
    far = Hardness(nine=0, mosaic=0, far=1, far_scale=(0.25, 0.26))
    plan = planned(shelf, [noise], far, 0, size_px=160)
    assert int(plan.copy[0, 0]) >= 1
    left, top, wide, high = plan.xywh_px[0, 0].int().tolist()
    made = shelf.Shelf([noise], torch.device("cpu")).inputs(plan)[0, :]
    inner = made[:, top + 1 : top + high - 1, left + 1 : left + wide - 1]
    assert float(inner.std()) < 40  # the noise itself has 74


def test_boxes_are_filled_up_with_nobody(shelf):
    boxes = [np.ones((2, 4), np.float32), NO_BOXES]
    rows = shelf.padded(boxes)
    assert rows.shape == (2, 2, 4)
    assert not rows[1].any()
    assert shelf.padded([NO_BOXES]).shape == (1, 1, 4)
