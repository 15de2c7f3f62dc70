"""Kalman filter of many boxes at once, in closed form.

Each of centre x, centre y, width and height moves with a velocity of its own and is measured
alone, so the 8x8 filter of SORT and ByteTrack falls apart into four filters of two states whose
2x2 covariances are written out here: no matrix is multiplied or inverted. Noise is proportional
to the box's height, as there, but scaled with the time between frames, because frames are skipped
and cameras differ (the per-second form is ours).
"""

from dataclasses import dataclass, fields

import numpy as np

from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array

MEASURED_SD = np.array([0.05, 0.04, 0.06, 0.06])
"""Standard deviation of a detected cx, cy, w, h as a share of the box's height."""
START_SPEED_SD = np.array([0.8, 0.4, 0.15, 0.2])
"""Of a new track's velocity, in heights per second: people walk about 0.8 heights a second."""
WANDER_SD = np.array([1.0, 0.6, 0.25, 0.3])
"""Change of velocity within one second, in heights per second."""


@dataclass(slots=True)
class BoxFilter:
    """Filters of N boxes; every array is float64 (N, 4) over cx, cy, w, h.

    Attributes:
        value: estimates in pixels.
        speed: velocities in pixels per second.
        var_value, covar, var_speed: the covariances' three numbers.
    """

    value: Float64Array
    speed: Float64Array
    var_value: Float64Array
    covar: Float64Array
    var_speed: Float64Array

    @classmethod
    def start(cls, xyxy_px: Float32Array) -> "BoxFilter":
        """Filters at rest in the given boxes (N, 4)."""
        value = centred(xyxy_px)
        height = value[:, 3:]
        zeros = np.zeros_like(value)
        return cls(
            value,
            zeros,
            (2 * MEASURED_SD * height) ** 2,
            zeros.copy(),
            (START_SPEED_SD * height) ** 2,
        )

    def __len__(self) -> int:
        return len(self.value)

    def boxes_px(self) -> Float32Array:
        """The estimates as x1 y1 x2 y2, float32 (N, 4)."""
        half = np.maximum(self.value[:, 2:], 1) / 2
        centre = self.value[:, :2]
        return np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)

    def predict(self, dt_s: float) -> None:
        """Move all filters on; white noise acceleration over `dt_s` seconds."""
        noise = (WANDER_SD * np.maximum(self.value[:, 3:], 1)) ** 2
        self.value = self.value + dt_s * self.speed
        self.var_value = (
            self.var_value
            + 2 * dt_s * self.covar
            + dt_s**2 * self.var_speed
            + noise * (dt_s**3 / 3)
        )
        self.covar = self.covar + dt_s * self.var_speed + noise * (dt_s**2 / 2)
        self.var_speed = self.var_speed + noise * dt_s

    def update(self, rows: Int64Array, xyxy_px: Float32Array, sd_scale: Float32Array) -> None:
        """Correct some filters by measured boxes.

        Args:
            rows: int64 (M,), which filters.
            xyxy_px: float32 (M, 4), one measurement each.
            sd_scale: float32 (M,), multiplies the measurement's standard deviation.
        """
        measured = centred(xyxy_px)
        sd = MEASURED_SD * measured[:, 3:] * sd_scale[:, None]
        var_value, covar = self.var_value[rows], self.covar[rows]
        surprise_var = var_value + sd**2
        gain_value, gain_speed = var_value / surprise_var, covar / surprise_var
        surprise = measured - self.value[rows]
        self.value[rows] += gain_value * surprise
        self.speed[rows] += gain_speed * surprise
        self.var_speed[rows] -= gain_speed * covar
        self.covar[rows] = (1 - gain_value) * covar
        self.var_value[rows] = (1 - gain_value) * var_value

    def slow_down(self, rows: Int64Array | BoolArray, share: float) -> None:
        """Keep only `share` of some filters' velocity; sizes stop changing at once."""
        self.speed[rows] *= np.array([share, share, 0, 0])

    def rescale(self, x: float, y: float) -> None:
        """Follow a change of the picture's size by factors along x and y."""
        factor = np.array([x, y, x, y])
        self.value *= factor
        self.speed *= factor
        self.var_value *= factor**2
        self.covar *= factor**2
        self.var_speed *= factor**2

    def select(self, rows: Int64Array | BoolArray) -> "BoxFilter":
        """A copy of some filters."""
        return BoxFilter(*(getattr(self, field.name)[rows] for field in fields(self)))

    def joined(self, other: "BoxFilter") -> "BoxFilter":
        """These filters followed by others."""
        return BoxFilter(
            *(
                np.concatenate([getattr(self, field.name), getattr(other, field.name)])
                for field in fields(self)
            )
        )


def centred(xyxy_px: Float32Array) -> Float64Array:
    """Boxes x1 y1 x2 y2 as cx, cy, w, h, float64 (N, 4)."""
    boxes = xyxy_px.astype(np.float64)
    return np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], axis=1)
