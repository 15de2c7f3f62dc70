"""Crops changed on the device that learns from them. Needs PyTorch."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")


def pictures(count=6, side=(64, 32)):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, *side, 3)).astype(np.uint8)


def test_a_picture_placed_as_it_is_stays_as_it_is(torch):
    from edge_core.training.views import placed, stacked

    x = stacked(pictures())
    still = np.repeat(np.eye(2, 3)[None], 6, axis=0)
    assert torch.allclose(placed(x, still, (32, 64)), x.float(), atol=0.01)


def test_a_point_is_found_where_the_matrix_takes_it(torch):
    from edge_core.training.views import placed, rotations, stacked

    image = np.zeros((1, 64, 64, 3), np.uint8)
    image[0, 20:24, 40:44] = 255
    turn = rotations(np.array([0.4]))[0] * 1.5
    middle, goal = np.array([42.0, 22.0]), np.array([10.0, 25.0])
    matrix = np.concatenate([turn, (middle - turn @ goal)[:, None]], axis=1)[None]
    found = placed(stacked(image), matrix, (48, 48), "zeros")[0, 0]
    rows, columns = torch.meshgrid(torch.arange(48) + 0.5, torch.arange(48) + 0.5, indexing="ij")
    x, y = ((found * at).sum() / found.sum() for at in (columns, rows))
    assert (float(x), float(y)) == pytest.approx(tuple(goal), abs=0.2)


def test_views_have_their_size_and_a_seed_of_their_own(torch):
    from edge_core.training.views import Changes, stacked, varied

    x = stacked(pictures())
    changes = Changes(turn_rad=0.2, shift=0.1, scale=(0.8, 1.2), stretch=1.1, spoil=1, erase=1)
    made = [varied(x, (48, 80), changes, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert made[0].shape == (6, 3, 80, 48)
    assert float(made[0].min()) >= 0
    assert float(made[0].max()) <= 255
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_half_of_the_views_are_mirrored(torch):
    from edge_core.training.views import Changes, stacked, varied

    image = np.zeros((1, 32, 32, 3), np.uint8)
    image[:, :, :16] = 255
    x = stacked(image).expand(200, 3, 32, 32)
    plain = Changes(spoil=0, tint=0, erase=0)
    made = varied(x, (32, 32), plain, np.random.default_rng(0))
    left, right = made[..., :16].mean((1, 2, 3)), made[..., 16:].mean((1, 2, 3))
    assert 0.35 < float((left < right).float().mean()) < 0.65


def test_what_is_erased_is_of_one_colour_and_no_larger_than_told(torch):
    from edge_core.training.views import erased

    x = torch.full((40, 3, 64, 64), 300.0)
    covered = (erased(x, 1.0, np.random.default_rng(0)) != 300).all(1).float().mean((1, 2))
    assert float(covered.min()) > 0.005
    assert float(covered.max()) < 0.36
