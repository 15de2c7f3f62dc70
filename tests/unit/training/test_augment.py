import numpy as np
import pytest

from edge_core.training.detector.augment import (
    blurred,
    coarsened,
    colour_changed,
    compressed,
    darkened,
    flattened,
)


@pytest.mark.parametrize(
    "change", [blurred, coarsened, compressed, darkened, flattened, colour_changed]
)
def test_bad_cameras_change_pixels_not_sizes(change):
    image = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    out = change(image, np.random.default_rng(1))
    assert out.shape == image.shape
    assert out.dtype == np.uint8
    assert (out != image).any()
