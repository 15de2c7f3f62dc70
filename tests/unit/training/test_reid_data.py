"""Crops for re-identification: reading, holding out, cutting, batching, changing."""

import cv2
import numpy as np
import pytest

from edge_core.errors import ModelError, SourceError
from edge_core.training.reid.augment import CropHardness, erased, tinted, varied
from edge_core.training.reid.data import Crops, composed, judging_crops, read_crops, usable
from edge_core.training.reid.sampling import IdentitySampler
from edge_core.training.reid.teachers import teacher_embeddings
from edge_core.training.reid.tracklets import drawn_moment, followed, moments


def crops_of(identity, camera):
    """Blank crops of these people."""
    blank = np.zeros((len(identity), 256, 128, 3), np.uint8)
    return Crops(blank, np.array(identity), np.array(camera))


def write(folder, *names):
    folder.mkdir(parents=True)
    for name in names:
        assert cv2.imwrite(str(folder / name), np.full((160, 60, 3), 90, np.uint8))


def test_names_tell_person_and_camera(tmp_path):
    write(tmp_path / "train", "0012_c2_03.jpg", "10487_c3_01.jpg")
    crops = read_crops(tmp_path / "train")
    assert crops.identity.tolist() == [12, 10487]
    assert crops.camera.tolist() == [2, 3]
    assert crops.bgr.shape == (2, 256, 128, 3)


def test_an_empty_folder_or_another_name_is_the_datas_fault(tmp_path):
    with pytest.raises(SourceError, match="no crops"):
        read_crops(tmp_path)
    write(tmp_path / "other", "someone.jpg")
    with pytest.raises(SourceError, match="cannot be used"):
        read_crops(tmp_path / "other")


def test_held_out_people_are_judged_by_source_and_trained_on_by_none(tmp_path):
    names = ("0010_c1_01.jpg", "0011_c1_01.jpg", "10490_c3_01.jpg", "10491_c3_01.jpg")
    write(tmp_path / "reid" / "train", *names)
    write(tmp_path / "reid" / "val", "10901_c3_01.jpg")
    sets = judging_crops(tmp_path)
    assert sets["held-out CUHK03"].identity.tolist() == [10]
    assert sets["held-out CUHK01"].identity.tolist() == [10490]
    assert sets["val"].identity.tolist() == [10901]
    train = read_crops(tmp_path / "reid" / "train")
    assert train.only(~train.held_out()).identity.tolist() == [11, 10491]


def test_only_upright_people_of_some_height_are_cut():
    boxes = np.array([[0, 0, 30, 80], [0, 0, 30, 60], [0, 0, 90, 80], [0, 0, 10, 80]], np.float32)
    assert usable(boxes).tolist() == [True, False, False, False]
    assert usable(np.zeros((0, 4), np.float32)).shape == (0,)


def test_a_moment_needs_two_followed_people_with_two_crops_each():
    tracks, frames = [-2, -3, -4, -2, -3, -2], [0, 0, 0, 9, 9, 20]
    known = moments(crops_of(tracks, frames))
    # Frame 20 shows one person; the track -4 has a single crop.
    assert len(known) == 2
    for moment in known:
        assert sorted(rows.tolist() for rows in moment) == [[0, 3, 5], [1, 4]]
    drawn = drawn_moment(known, np.random.default_rng(0))
    assert len(set(drawn.tolist())) == 4
    assert sorted(np.array(tracks)[drawn].tolist()) == [-3, -3, -2, -2]


def test_crops_of_a_followed_person_are_apart_in_time(data_folder):
    path = data_folder / "video" / "intel_preview_store-aisle-detection.gif"
    crops = followed(path, progress=lambda _: None)
    assert crops.bgr.shape[1:] == (256, 128, 3)
    assert len(crops) >= 2
    for track in np.unique(crops.identity):
        assert np.diff(crops.camera[crops.identity == track]).min(initial=99) >= 10


def test_a_batch_shows_each_person_from_alternating_cameras():
    identity = np.repeat(np.arange(6), 6)
    camera = np.tile([1, 1, 1, 1, 2, 2], 6)
    sampler = IdentitySampler(crops_of(identity, camera), people=3, each=4)
    drawn = sampler.draw(np.random.default_rng(0))
    assert len(set(drawn)) == 12
    for person in drawn.reshape(3, 4):
        assert len(set(identity[person])) == 1
        seen = camera[person]
        assert seen[0] == seen[2] != seen[1] == seen[3]


def test_a_person_with_few_crops_still_fills_the_batch():
    sampler = IdentitySampler(crops_of([1, 1, 2], [1, 2, 1]), people=2, each=4)
    drawn = sampler.draw(np.random.default_rng(0))
    assert sorted(np.bincount(drawn)) == [2, 2, 4]


def test_a_changed_crop_has_the_networks_size_and_leaves_its_source_alone():
    crop = np.random.default_rng(0).integers(0, 256, (256, 128, 3)).astype(np.uint8)
    before = crop.copy()
    always = CropHardness(1, 1, 1, 1)
    made = [varied(crop, (96, 192), always, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert made[0].shape == (192, 96, 3)
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    assert np.array_equal(crop, before)


@pytest.mark.parametrize("seed", range(8))
def test_an_erased_rectangle_covers_at_most_a_third(seed):
    crop = np.random.default_rng(0).integers(0, 256, (192, 96, 3)).astype(np.uint8)
    changed = (erased(crop, np.random.default_rng(seed)) != crop).any(axis=2).mean()
    assert 0 < changed < 0.33


def test_a_tint_shifts_channels_by_a_fifth_at_most():
    crop = np.full((192, 96, 3), 100, np.uint8)
    changed = tinted(crop, np.random.default_rng(0))
    assert len(np.unique(changed[0, 0])) > 1
    assert 79 <= changed.min() <= changed.max() <= 120


def test_missing_teachers_are_named(tmp_path):
    with pytest.raises(ModelError, match=r"one\.onnx"):
        teacher_embeddings(tmp_path, ("one.onnx",), crops_of([1], [1]).bgr, progress=lambda _: None)


def test_composed_people_have_their_halves_from_two_crops_of_one_camera():
    rng = np.random.default_rng(0)
    bgr = np.broadcast_to(np.arange(8, dtype=np.uint8)[:, None, None, None], (8, 20, 10, 3))
    crops = Crops(bgr.copy(), np.arange(8), np.arange(8) % 2)
    made = composed(crops, 50, rng)
    top, bottom = made.bgr[:, 0, 0, 0], made.bgr[:, -1, 0, 0]
    assert (top % 2 == made.camera).all()
    assert (bottom % 2 == made.camera).all()
    assert (made.identity == -1).all()
    assert (top != bottom).mean() > 0.5
    same = composed(
        Crops(bgr[:, ::2].copy(), np.arange(8), np.arange(8) % 2), 50, np.random.default_rng(0)
    )
    assert (same.bgr[:, 0, 0, 0] == top).all()
    assert (same.bgr[:, -1, 0, 0] == bottom).all()
