import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.vision.letterbox import PAD, Letterbox

sides = st.integers(8, 2000)


@given(sides, sides, st.sampled_from([320, 352, 416]), st.booleans())
def test_a_box_survives_the_way_into_the_network_and_back(width, height, size_px, square):
    letterbox = Letterbox.plan((width, height), size_px, square=square)
    box = np.array([[1, 2, width - 3, height - 1]], np.float32)
    there_and_back = letterbox.to_source(letterbox.to_canvas(box))
    np.testing.assert_allclose(there_and_back, box, rtol=1e-4, atol=1e-3)


@given(sides, sides, st.sampled_from([320, 352, 416]))
def test_the_canvas_is_the_smallest_that_fits_in_multiples_of_32(width, height, size_px):
    letterbox = Letterbox.plan((width, height), size_px)
    assert max(letterbox.content_px) == max(letterbox.canvas_px) == size_px
    for content, canvas in zip(letterbox.content_px, letterbox.canvas_px, strict=True):
        assert canvas % 32 == 0
        assert 0 <= canvas - content < 32


def test_a_wide_picture_costs_a_third_less_than_a_square_one():
    assert Letterbox.plan((1920, 1080), 352).canvas_px == (352, 224)
    assert Letterbox.plan((1920, 1080), 352, square=True).canvas_px == (352, 352)


def test_the_picture_lies_at_the_top_left_and_the_rest_is_grey():
    picture = np.full((90, 160, 3), 200, np.uint8)
    fitted = Letterbox.plan((160, 90), 320).apply(picture)
    assert fitted.shape == (192, 320, 3)
    assert (fitted[:180] == 200).all()
    assert (fitted[180:] == PAD).all()


def test_a_thin_line_in_a_large_picture_is_not_skipped_over():
    for column in range(960, 968):
        picture = np.zeros((1080, 1920, 3), np.uint8)
        picture[:, column : column + 2] = 255
        fitted = Letterbox.plan((1920, 1080), 320).apply(picture)
        assert fitted[:180].max() >= 25


@pytest.mark.parametrize("size_px", [0, 100, -32])
def test_a_size_that_does_not_suit_the_network_is_refused(size_px):
    with pytest.raises(ValueError, match="multiple of 32"):
        Letterbox.plan((640, 480), size_px)
