"""Cutting people out of a frame, and how good a look each crop gives."""

from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray
from edge_core.vision.boxes import area_px2, clipped, intersection_px2

EDGE_PX: Final = 2
GOOD_HEIGHT_PX: Final = 128
GOOD_SHARPNESS: Final = 60.0
WHOLE_BODY_RATIO: Final = 1.8


def crop(frame: ImageArray, xyxy_px: Float32Array) -> ImageArray:
    """The part of a frame inside a box (4,), a view of at least 1x1 pixel."""
    height, width = frame.shape[:2]
    x1 = int(np.clip(np.floor(xyxy_px[0]), 0, width - 1))
    y1 = int(np.clip(np.floor(xyxy_px[1]), 0, height - 1))
    x2 = int(np.clip(np.ceil(xyxy_px[2]), x1 + 1, width))
    y2 = int(np.clip(np.ceil(xyxy_px[3]), y1 + 1, height))
    return frame[y1:y2, x1:x2]


def visible_share(xyxy_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
    """How much of each person is likely to be seen, float32 (N,), 0..1 (ours).

    A person is hidden by whoever stands nearer, that is whose box ends lower; boxes cut by the
    picture's edge lose what is missing from a standing person's proportions.

    Args:
        xyxy_px: float32 (N, 4).
        size_px: width and height of the frame.
    """
    boxes = clipped(xyxy_px, size_px)
    nearer = boxes[:, None, 3] < boxes[None, :, 3]
    hidden_px2 = (intersection_px2(boxes, boxes) * nearer).max(axis=1, initial=0)
    unhidden = 1 - hidden_px2 / np.maximum(area_px2(boxes), 1)
    ratio = (boxes[:, 3] - boxes[:, 1]) / np.maximum(boxes[:, 2] - boxes[:, 0], 1)
    whole = np.where(_cut(boxes, size_px), np.clip(ratio / WHOLE_BODY_RATIO, 0.2, 1) * 0.8, 1.0)
    return np.asarray(np.clip(unhidden, 0, 1) * whole, np.float32)


def _cut(boxes_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
    width, height = size_px
    return np.asarray(
        (boxes_px[:, 0] <= EDGE_PX)
        | (boxes_px[:, 1] <= EDGE_PX)
        | (boxes_px[:, 2] >= width - EDGE_PX)
        | (boxes_px[:, 3] >= height - EDGE_PX)
    )


def crop_quality(image: ImageArray, visible: float) -> float:
    """0..1: how much of the body the crop shows, how large and how sharp it is (ours).

    Args:
        image: the crop, BGR uint8 (H, W, 3).
        visible: share of the person that is seen, from `visible_share`.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    large = min(1.0, image.shape[0] / GOOD_HEIGHT_PX)
    # Fixed size first, so that sharpness compares between near and far people.
    edges = cv2.Laplacian(cv2.resize(grey, (48, 96)), cv2.CV_32F)
    sharp = min(1.0, float(edges.var()) / GOOD_SHARPNESS)
    return float(visible * large * (0.5 + 0.5 * sharp))
