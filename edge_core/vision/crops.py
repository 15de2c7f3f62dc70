"""Cutting people out of a frame, how good a look each crop gives, and of which parts of them."""

from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray
from edge_core.vision.boxes import area_px2, clipped, intersection_px2
from edge_core.vision.letterbox import PAD

EDGE_PX: Final = 2
GOOD_HEIGHT_PX: Final = 128
GOOD_SHARPNESS: Final = 60.0
WHOLE_BODY_RATIO: Final = 1.8
STANDING_RATIO: Final = 2.5
"""Height over width of a standing person's box: median of 555 whole boxes in labelled pictures."""
STRIPES: Final = 3
HARDLY_SEEN: Final = 0.25
"""A stripe of which less is seen says nothing about its owner."""
_BODY_LEAST: Final = 0.1


def crop(frame: ImageArray, xyxy_px: Float32Array) -> ImageArray:
    """The part of a frame inside a box (4,), a view of at least 1x1 pixel."""
    height, width = frame.shape[:2]
    x1 = int(np.clip(np.floor(xyxy_px[0]), 0, width - 1))
    y1 = int(np.clip(np.floor(xyxy_px[1]), 0, height - 1))
    x2 = int(np.clip(np.ceil(xyxy_px[2]), x1 + 1, width))
    y2 = int(np.clip(np.ceil(xyxy_px[3]), y1 + 1, height))
    return frame[y1:y2, x1:x2]


def whole_body(xyxy_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
    """Boxes grown beyond the frame to where a standing person's head or feet would be (ours).

    Only boxes that end at the upper or the lower edge, but at neither side, grow; of one that
    ends at both, the head is taken to be in the frame. So feet that are out of sight do not
    stretch the rest of the body over the crop.

    Args:
        xyxy_px: float32 (N, 4).
        size_px: width and height of the frame.

    Returns:
        float32 (N, 4); may reach beyond the frame.
    """
    width, height = size_px
    boxes = clipped(xyxy_px, size_px)
    inside = (boxes[:, 0] > EDGE_PX) & (boxes[:, 2] < width - EDGE_PX)
    high = boxes[:, 3] - boxes[:, 1]
    missing = np.maximum(STANDING_RATIO * (boxes[:, 2] - boxes[:, 0]) - high, 0) * inside
    below = boxes[:, 3] >= height - EDGE_PX
    above = (boxes[:, 1] <= EDGE_PX) & ~below
    boxes[:, 3] += np.where(below, missing, 0)
    boxes[:, 1] -= np.where(above, missing, 0)
    return boxes


def part_visibility(
    whole_px: Float32Array, xyxy_px: Float32Array, size_px: tuple[int, int]
) -> Float32Array:
    """How much of the body and of each of its stripes, from the top, is seen (ours).

    A stripe loses what lies outside the frame and what a nearer person's box covers, that is one
    that ends lower; of several the one that covers most.

    Args:
        whole_px: float32 (N, 4), from `whole_body`.
        xyxy_px: float32 (N, 4), the same people's own boxes.
        size_px: width and height of the frame.

    Returns:
        float32 (N, 4), 0..1: the mean of the stripes, then the stripes.
    """
    boxes = clipped(xyxy_px, size_px)
    nearer = boxes[:, None, 3] < boxes[None, :, 3]
    heights = (whole_px[:, 3] - whole_px[:, 1]) / STRIPES
    seen = np.empty((len(boxes), STRIPES), np.float32)
    for index in range(STRIPES):
        stripe = whole_px.copy()
        stripe[:, 1] = whole_px[:, 1] + index * heights
        stripe[:, 3] = stripe[:, 1] + heights
        whole_px2 = np.maximum(area_px2(stripe), 1)
        stripe = clipped(stripe, size_px)
        hidden_px2 = (intersection_px2(stripe, boxes) * nearer).max(axis=1, initial=0)
        seen[:, index] = np.clip((area_px2(stripe) - hidden_px2) / whole_px2, 0, 1)
    seen[seen < HARDLY_SEEN] = 0
    body = np.maximum(seen.mean(axis=1, keepdims=True), _BODY_LEAST)
    return np.concatenate([body, seen], axis=1)


def body_crop(frame: ImageArray, whole_px: Float32Array) -> ImageArray:
    """The part of a frame inside a box (4,) of `whole_body`, grey where the box leaves it."""
    height = frame.shape[0]
    above = max(0, round(-float(whole_px[1])))
    below = max(0, round(float(whole_px[3])) - height)
    part = crop(frame, whole_px)
    if not above and not below:
        return part
    grey = (PAD, PAD, PAD)
    return np.asarray(
        cv2.copyMakeBorder(part, above, below, 0, 0, cv2.BORDER_CONSTANT, value=grey), np.uint8
    )


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
