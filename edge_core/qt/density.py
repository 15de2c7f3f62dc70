"""How crowded each patch of a floor is, as a field that swells and fades. Pure numpy."""

from typing import Final

import numpy as np

from edge_core.types import Float32Array, ImageArray, checked

_SPREAD_OF_PLAN: Final = 0.023
_LEAST_SPREAD_M: Final = 0.8
"""Standard deviation of one person's mark: wide enough that no single path is drawn."""
_FULL_PEOPLE: Final = 2.5
"""So many people on one spot are drawn at nearly full opacity."""
RISE_S: Final = 0.8
FALL_S: Final = 7.0
MOST_OPAQUE: Final = 0.46
"""Opacity of the densest glow; names written over it keep a contrast of 4.5 : 1."""


class DensityField:
    """People per square metre over one floor, smoothed in space and time (ours).

    Cells follow the people in view with a fast rise and a slow fall, so that the plan seems to
    breathe and a person's exact steps are not what is seen.

    Args:
        width_m, height_m: size of the plan; its corner is the origin.
        cell_m: side of one cell.

    Attributes:
        people_m2: float32 (rows, columns), people per square metre, now.
        spread_m: standard deviation of one person's mark.
        full_m2: density to be drawn at nearly full opacity.
    """

    def __init__(self, width_m: float, height_m: float, cell_m: float) -> None:
        self.cell_m = cell_m
        self.spread_m = max(_LEAST_SPREAD_M, _SPREAD_OF_PLAN * max(width_m, height_m))
        self.full_m2 = _FULL_PEOPLE / (2 * np.pi * self.spread_m**2)
        columns = max(1, int(np.ceil(width_m / cell_m)))
        rows = max(1, int(np.ceil(height_m / cell_m)))
        self._x_m = (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(cell_m)
        self._y_m = (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(cell_m)
        self.people_m2: Float32Array = np.zeros((rows, columns), np.float32)

    def advance(self, position_m: Float32Array, duration_s: float) -> None:
        """Let time pass with people at these places.

        Args:
            position_m: float32 (N, 2), x y on the plan.
            duration_s: time since the previous call, seconds.
        """
        checked(position_m, "position_m", (None, 2), np.float32)
        target = self._target(position_m)
        rising = target > self.people_m2
        share = np.where(
            rising,
            np.float32(1 - np.exp(-duration_s / RISE_S)),
            np.float32(1 - np.exp(-duration_s / FALL_S)),
        )
        self.people_m2 += share * (target - self.people_m2)

    def settle(self, position_m: Float32Array) -> None:
        """Show these people at once, as when a screen has just started."""
        checked(position_m, "position_m", (None, 2), np.float32)
        self.people_m2 = self._target(position_m)

    def _target(self, position_m: Float32Array) -> Float32Array:
        """Sum of one unit-volume Gaussian per person, float32 (rows, columns), people per m²."""
        across = np.exp(-0.5 * ((self._x_m[None, :] - position_m[:, :1]) / self.spread_m) ** 2)
        down = np.exp(-0.5 * ((self._y_m[None, :] - position_m[:, 1:]) / self.spread_m) ** 2)
        scale = np.float32(1 / (2 * np.pi * self.spread_m**2))
        # Not as a matrix product: BLAS would wake its threads, which then spin for longer than the
        # product takes and cost a third of a core.
        field: Float32Array = (np.einsum("ny,nx->yx", down, across) * scale).astype(np.float32)
        return field


def coloured(
    people_m2: Float32Array,
    rgb: tuple[int, int, int],
    full_m2: float,
    most: float = MOST_OPAQUE,
) -> ImageArray:
    """Paint a density as one colour of growing opacity.

    Args:
        people_m2: float32 (rows, columns).
        rgb: the colour, 0-255.
        full_m2: density drawn at nearly full opacity.
        most: opacity there, 0..1.

    Returns:
        uint8 (rows, columns, 4), premultiplied B G R A.
    """
    checked(people_m2, "people_m2", (None, None), np.float32)
    opacity = most * (1 - np.exp(-2.2 * people_m2 / full_m2))
    channels = np.array([rgb[2], rgb[1], rgb[0], 255], np.float32)
    return np.ascontiguousarray((opacity[..., None] * channels + 0.5).astype(np.uint8))
