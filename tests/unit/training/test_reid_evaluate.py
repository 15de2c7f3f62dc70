"""Scores of re-identification on cases one can count by hand."""

import numpy as np
import pytest

from edge_core.training.reid.evaluate import (
    embedder_of,
    interval,
    open_set_tpir,
    retrieval,
    score_embeddings,
    weighed_similarity,
)
from edge_core.training.reid.robustness import CHANGES, as_the_pipeline_cuts
from edge_core.vision import load_embedder
from edge_core.vision.models import find_model

IDENTITY = np.array([1, 1, 2, 2, 3, 3, 4, 4])
CAMERA = np.array([1, 2, 1, 2, 1, 2, 1, 2])


def people(identity, dimensions=32, spread=0.0, seed=0):
    """Unit rows that lie at their person's direction, give or take."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(identity.max() + 1, dimensions))
    rows = directions[identity] + spread * rng.normal(size=(len(identity), dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_average_precision_is_the_mean_of_the_precisions_at_the_true_matches():
    # The query's two matches are second and third of three.
    similarity = np.array(
        [[1, 0.9, 0.8, 0.7], [0.9, 1, 0, 0], [0.8, 0, 1, 0], [0.7, 0, 0, 1]], np.float32
    )
    first, precision = retrieval(similarity, np.array([1, 2, 1, 1]), np.array([1, 2, 2, 2]))
    assert not first[0]
    assert precision[0] == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_a_crop_of_the_same_person_from_the_same_camera_is_no_match():
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]], np.float32)
    first, precision = retrieval(similarity, np.array([1, 1, 1]), np.array([1, 1, 2]))
    assert first.all()
    assert precision == pytest.approx([1, 1, 1])


def test_strangers_of_the_querys_camera_count_unless_the_gallery_is_of_other_cameras():
    similarity = np.array([[1, 0.9, 0.5], [0.9, 1, 0.1], [0.5, 0.1, 1]], np.float32)
    identity, camera = np.array([1, 2, 1]), np.array([1, 1, 2])
    assert not retrieval(similarity, identity, camera)[0][0]
    assert retrieval(similarity, identity, camera, cross_camera=True)[0][0]


def test_a_person_no_other_camera_saw_asks_nothing():
    similarity = np.eye(3, dtype=np.float32)
    _, precision = retrieval(similarity, np.array([1, 1, 2]), np.array([1, 2, 1]))
    assert np.isnan(precision).tolist() == [False, False, True]


def test_perfect_embeddings_score_one_everywhere():
    scores = score_embeddings(people(IDENTITY), IDENTITY, CAMERA)
    assert (scores.rank1, scores.mean_ap, scores.cross_rank1, scores.tpir) == (1, 1, 1, 1)
    assert (scores.queries, scores.identities, scores.non_mated) == (8, 4, 8)


def test_nobody_is_named_when_strangers_look_more_alike_than_acquaintances():
    similarity = np.full((8, 8), 0.9, np.float32)
    similarity[IDENTITY[:, None] == IDENTITY] = 0.1
    assert open_set_tpir(similarity, IDENTITY, CAMERA)[0] == 0


def test_the_threshold_lets_through_no_more_strangers_than_allowed():
    identity = np.repeat(np.arange(200), 2)
    camera = np.tile([1, 2], 200)
    rows = people(identity, spread=1.5)
    similarity = rows @ rows.T
    strict, _ = open_set_tpir(similarity, identity, camera, fpir=0.01)
    loose, strangers = open_set_tpir(similarity, identity, camera, fpir=0.2)
    assert strangers == 400
    assert 0 < strict < loose < 1


def test_the_interval_holds_the_mean_and_widens_with_fewer_people():
    values = np.random.default_rng(3).random(400)
    many, few = interval(values, np.arange(400)), interval(values, np.arange(400) // 40)
    assert many[0] < values.mean() < many[1]
    assert interval(np.ones(8), IDENTITY) == (1, 1)
    assert few[0] < values.mean() < few[1]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_gives_a_crop_an_embedder_takes(change):
    crop = np.random.default_rng(0).integers(0, 256, (256, 128, 3)).astype(np.uint8)
    before = crop.copy()
    changed = CHANGES[change](crop, np.random.default_rng(1))
    assert changed.dtype == np.uint8
    assert changed.ndim == 3
    assert np.array_equal(crop, before)
    assert np.array_equal(changed, crop) == (change == "none")


def test_whose_legs_are_out_of_the_frame_is_padded_and_not_judged_by_them():
    crop = np.full((256, 128, 3), 200, np.uint8)
    shown, visible = as_the_pipeline_cuts(crop)
    assert shown.shape[0] == pytest.approx(2.5 * 128, abs=2)
    assert (shown[:150] == 200).all()
    assert (shown[160:] == 114).all()
    assert visible.dtype == np.float32
    assert visible[1] == 1
    assert 0 < visible[2] < 1
    assert visible[3] == 0


def test_parts_are_compared_where_both_sides_show_them():
    rng = np.random.default_rng(0)
    whole = rng.normal(size=(2, 4, 8))
    whole /= 2 * np.linalg.norm(whole, axis=2, keepdims=True)
    other_legs = whole.copy()
    other_legs[:, 3] = -whole[:, 3]
    hidden = other_legs * np.array([1, 1, 1, 0])[:, None]
    rows, full, part = (r.reshape(2, -1).astype(np.float32) for r in (whole, other_legs, hidden))
    assert np.diag(weighed_similarity(rows, rows)) == pytest.approx(1, abs=1e-5)
    assert np.diag(weighed_similarity(full, rows)) == pytest.approx(0.5, abs=1e-5)
    assert np.diag(weighed_similarity(part, rows)) == pytest.approx(1, abs=1e-5)


def test_a_file_in_no_manifest_embeds_like_the_shipped_one():
    _, path = find_model("reid-s", "embedder")
    rows = embedder_of(path).embed([np.full((50, 30, 3), 90, np.uint8)])
    shipped = load_embedder("reid-s", provider="cpu").embed([np.full((50, 30, 3), 90, np.uint8)])
    assert rows == pytest.approx(shipped, abs=1e-5)
    assert np.linalg.norm(rows) == pytest.approx(1, abs=1e-5)
