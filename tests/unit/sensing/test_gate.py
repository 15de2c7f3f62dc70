"""The motion gate sees people, not noise and not lamps."""

import numpy as np
import pytest

from edge_core.sensing.gate import MotionGate, cell_luma
from edge_core.types import ImageArray

FRAME_NS = 100_000_000
NEVER_NS = 10**15


@pytest.fixture
def scene() -> ImageArray:
    """uint8 (720, 1280, 3): a floor with smooth texture."""
    rng = np.random.default_rng(4)
    blocks = rng.integers(60, 180, (45, 80, 3), dtype=np.uint8)
    return np.kron(blocks, np.ones((16, 16, 1), np.uint8))


def with_noise(image: ImageArray, rng: np.random.Generator, sigma: float) -> ImageArray:
    noisy = image + rng.normal(0, sigma, image.shape)
    return noisy.clip(0, 255).astype(np.uint8)


def test_sensor_noise_is_not_movement(scene: ImageArray) -> None:
    rng, gate = np.random.default_rng(1), MotionGate(refresh_ns=NEVER_NS)
    verdicts = [gate.moved_px(with_noise(scene, rng, 5.0), n * FRAME_NS) for n in range(30)]
    assert verdicts[0]
    assert not any(verdicts[1:])


def test_a_lamp_or_the_exposure_is_not_movement(scene: ImageArray) -> None:
    gate = MotionGate(refresh_ns=NEVER_NS)
    gate.moved_px(scene, 0)
    brighter = (scene.astype(np.int16) + 25).astype(np.uint8)
    assert not gate.moved_px(brighter, FRAME_NS)


def test_a_far_person_of_sixty_pixels_walking_through_noise_is_movement(
    scene: ImageArray,
) -> None:
    rng, gate = np.random.default_rng(2), MotionGate(refresh_ns=NEVER_NS)
    for n in range(10):
        gate.moved_px(with_noise(scene, rng, 4.0), n * FRAME_NS)
    seen = 0
    for n in range(20):
        image = scene.copy()
        image[300:360, 400 + 8 * n : 422 + 8 * n] = (40, 35, 50)
        moved_px = gate.moved_px(with_noise(image, rng, 4.0), (10 + n) * FRAME_NS)
        if moved_px is not None:
            x1, y1, x2, y2 = moved_px
            seen += x1 <= 410 + 8 * n <= x2 and y1 <= 330 <= y2 and y2 - y1 <= 96
    assert seen >= 19


def test_somebody_who_stands_still_is_looked_at_again_every_second(scene: ImageArray) -> None:
    gate = MotionGate()
    passed = [n for n in range(0, 50) if gate.moved_px(scene, n * FRAME_NS)]
    assert passed == [0, 10, 20, 30, 40]


def test_a_new_resolution_starts_afresh(scene: ImageArray) -> None:
    gate = MotionGate(refresh_ns=NEVER_NS)
    gate.moved_px(scene, 0)
    assert gate.moved_px(scene[:360, :640], FRAME_NS)
    assert not gate.moved_px(scene[:360, :640], 2 * FRAME_NS)


def test_cells_are_the_mean_luma_of_sixteen_pixels_square() -> None:
    image = np.zeros((50, 70, 3), np.uint8)
    image[16:32, 32:48] = 200
    cells = cell_luma(image)
    assert cells.shape == (3, 4)
    assert cells.dtype == np.float32
    expected = np.zeros((3, 4))
    expected[1, 2] = 200
    np.testing.assert_allclose(cells, expected, atol=1)
