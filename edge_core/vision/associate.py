"""One-to-one pairing of tracks and detections."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import Float32Array, Int64Array
from edge_core.vision.boxes import expanded, iou


def best_pairs(worth: Float32Array) -> tuple[Int64Array, Int64Array]:
    """The pairing of greatest total worth; pairs of worth 0 or less are never made.

    Args:
        worth: float32 (N, M).

    Returns:
        int64 (K,) rows and int64 (K,) columns.
    """
    rows, columns = linear_sum_assignment(np.maximum(worth, 0), maximize=True)
    real = worth[rows, columns] > 0
    return rows[real].astype(np.int64), columns[real].astype(np.int64)


def overlap_worth(
    tracks_px: Float32Array,
    detections_px: Float32Array,
    score: Float32Array,
    *,
    iou_least: float,
    grown: float = 0.0,
) -> Float32Array:
    """Worth (N, M) of pairing: overlap, leaning towards sure detections.

    Multiplying the overlap with the score (ByteTrack) refuses weak detections that overlap well;
    halfway between that and the bare overlap loses fewer (ours).

    Args:
        tracks_px: float32 (N, 4).
        detections_px: float32 (M, 4).
        score: float32 (M,).
        iou_least: overlaps below it are worth 0.
        grown: both boxes are grown by this share on every side first, so that boxes that
            passed each other between two distant frames still meet (Yang et al. 2023, C-BIoU).
    """
    if grown:
        tracks_px, detections_px = expanded(tracks_px, grown), expanded(detections_px, grown)
    overlap = iou(tracks_px, detections_px)
    return np.where(overlap >= iou_least, overlap * (0.5 + 0.5 * score), np.float32(0))
