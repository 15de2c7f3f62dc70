"""Views of crops for training. Needs PyTorch."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")


@pytest.fixture
def crops(torch):
    generator = torch.Generator().manual_seed(0)
    small = torch.rand(64, 3, 12, 6, generator=generator)
    large = torch.nn.functional.interpolate(small, (192, 96), mode="bilinear")
    return (255 * large).to(torch.uint8)


def untouched(torch):
    from edge_core.training.reid.views import ViewHardness

    return ViewHardness(0, 0, 0, 0, 0, 0, 0)


def made(torch, crops, hardness, step=0):
    from edge_core.training.reid.views import chance, views

    return views(crops, (96, 192), chance(0, step, torch.device("cpu")), hardness)


def test_the_same_step_shows_the_same_views(torch, crops):
    from edge_core.training.reid.views import HARD

    assert torch.equal(made(torch, crops, HARD), made(torch, crops, HARD))
    assert not torch.equal(made(torch, crops, HARD), made(torch, crops, HARD, step=1))


def test_a_view_still_shows_its_crop(torch, crops):
    """Among all crops, seen from afar and mirrored alike, a view's own is the nearest."""
    shown = torch.nn.functional.avg_pool2d(made(torch, crops, untouched(torch)), 32)
    plain = torch.nn.functional.avg_pool2d(crops.float(), 32)
    rows = [x - x.mean((1, 2, 3), keepdim=True) for x in (shown, plain, plain.flip(3))]
    shown, plain, mirrored = (torch.nn.functional.normalize(x.flatten(1)) for x in rows)
    nearest = torch.maximum(shown @ plain.T, shown @ mirrored.T).argmax(1)
    assert (nearest == torch.arange(64)).float().mean() > 0.95


def test_half_the_size_is_half_the_size(torch, crops):
    from edge_core.training.reid.views import HARD, chance, views

    half = views(crops, (48, 96), chance(0, 0, torch.device("cpu")), HARD)
    assert half.shape == (64, 3, 96, 48)
    assert half.min() >= 0
    assert half.max() <= 255


@pytest.mark.parametrize("way", ["coarse", "blurred"])
def test_as_many_of_each_batch_lose_detail_as_was_asked(torch, crops, way):
    from dataclasses import replace

    noise = (torch.rand(64, 3, 192, 96) * 255).to(torch.uint8)
    plain = made(torch, noise, untouched(torch))
    some = made(torch, noise, replace(untouched(torch), **{way: 0.5}))
    ratio = some.std((1, 2, 3)) / plain.std((1, 2, 3))
    assert np.isclose((ratio < 0.75).float().mean(), 0.5, atol=0.04)


def test_what_covers_a_crop_is_no_part_of_it(torch, crops):
    from dataclasses import replace

    hidden = made(torch, crops, replace(untouched(torch), hidden=1.0))
    plain = made(torch, crops, untouched(torch))
    changed = (hidden != plain).any(1).float().mean((0, 2))
    assert changed[:100].max() == 0
    assert changed[-30:].min() > 0.9
