"""Arithmetic on boxes, pixels, x1 y1 x2 y2."""

import numpy as np

from edge_core.types import Float32Array


def area_px2(xyxy_px: Float32Array) -> Float32Array:
    """Areas of boxes (..., 4), never negative."""
    sides = np.maximum(xyxy_px[..., 2:] - xyxy_px[..., :2], 0)
    return np.asarray(sides[..., 0] * sides[..., 1])


def intersection_px2(a_px: Float32Array, b_px: Float32Array) -> Float32Array:
    """Shared areas (N, M) of boxes (N, 4) and (M, 4)."""
    width = np.minimum(a_px[:, None, 2], b_px[:, 2]) - np.maximum(a_px[:, None, 0], b_px[:, 0])
    height = np.minimum(a_px[:, None, 3], b_px[:, 3]) - np.maximum(a_px[:, None, 1], b_px[:, 1])
    return np.asarray(np.maximum(width, 0) * np.maximum(height, 0))


def iou(a_px: Float32Array, b_px: Float32Array) -> Float32Array:
    """Intersection over union (N, M) of boxes (N, 4) and (M, 4); 0 where both are empty."""
    shared = intersection_px2(a_px, b_px)
    union = area_px2(a_px)[:, None] + area_px2(b_px) - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def expanded(xyxy_px: Float32Array, share: float) -> Float32Array:
    """Boxes (N, 4) grown by `share` of their width and height on every side."""
    margin = (xyxy_px[:, 2:] - xyxy_px[:, :2]) * np.float32(share)
    return np.concatenate([xyxy_px[:, :2] - margin, xyxy_px[:, 2:] + margin], axis=1)


def clipped(xyxy_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
    """Boxes (N, 4) cut to a picture of (width, height) pixels."""
    width, height = size_px
    return np.clip(xyxy_px, 0, np.array([width, height, width, height], np.float32))
