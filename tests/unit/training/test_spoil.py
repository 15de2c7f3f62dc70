import numpy as np
import pytest


@pytest.fixture
def spoil(torch):
    from edge_core.training.detector import spoil

    return spoil


@pytest.fixture
def pictures(torch):
    rng = np.random.default_rng(0)
    return torch.from_numpy(rng.integers(0, 255, (4, 3, 64, 96)).astype(np.float32))


@pytest.mark.parametrize(
    "name", ["blurred", "coarsened", "compressed", "darkened", "flattened", "colour_changed"]
)
def test_bad_cameras_change_pixels_not_sizes(spoil, torch, pictures, name):
    out = getattr(spoil, name)(pictures, torch.Generator().manual_seed(1))
    assert out.shape == pictures.shape
    assert all((a != b).any() for a, b in zip(out, pictures, strict=True))


def test_only_the_share_asked_for_is_spoilt(spoil, torch, pictures):
    many = pictures[:1].expand(200, -1, -1, -1)
    out = spoil.spoilt(many, 0.3, torch.Generator().manual_seed(0))
    changed = (out != many).flatten(1).any(1).float().mean()
    assert float(changed) == pytest.approx(0.3, abs=0.1)
    assert torch.equal(spoil.spoilt(pictures, 0.0, torch.Generator()), pictures)


def test_the_loss_of_jpeg_is_that_of_a_real_encoder(spoil, torch, monkeypatch):
    import cv2

    rng = np.random.default_rng(0)
    bgr = cv2.GaussianBlur(rng.integers(0, 255, (64, 96, 3), np.uint8), (0, 0), 2)
    bgr = cv2.normalize(bgr, None, 0, 255, cv2.NORM_MINMAX)
    monkeypatch.setattr(spoil, "_uniform", lambda count, *_: torch.full((count,), 40.0))
    x = torch.from_numpy(bgr).permute(2, 0, 1)[None].float()
    ours = spoil.compressed(x, torch.Generator())[0].permute(1, 2, 0).numpy()
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 40])
    theirs = cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32)
    lost = np.abs(theirs - bgr).mean()
    assert np.abs(ours - theirs).mean() < 0.5 * lost


def test_grey_stays_grey_whatever_the_lamps(spoil, torch):
    grey = torch.full((8, 3, 16, 16), 100.0)
    out = spoil.colour_changed(grey, torch.Generator().manual_seed(0))
    assert float((out[:, 0] - out[:, 2]).abs().max()) < 1.0
