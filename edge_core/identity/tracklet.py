"""What identity remembers of one track."""

from dataclasses import dataclass, field
from math import exp, hypot, isfinite

import numpy as np

from edge_core.identity.appearance import Appearance
from edge_core.identity.motion import FloorMotion
from edge_core.types import BoolArray, Float64Array, Observation, TrackKey
from edge_core.units import s_from_ns

PERSON_HEIGHT_M = 1.7
"""Turns a box height into a scale where the camera is not calibrated."""
EDGE_SHARE = 0.02
"""A box this near the picture's edge, in shares of its longer side, may be leaving or entering."""

HEAD_SMOOTHING_S = 2.0
DOUBLE_IOU = 0.5
"""Boxes that overlap this much may show one person twice."""


@dataclass(slots=True)
class View:
    """Where a track was in its camera at one moment.

    Attributes:
        mono_ns: the moment.
        box: float64 (4,), x1 y1 x2 y2 in pixels.
        size_px: width and height of the picture.
        floor_m: floor point, or None when unknown.
    """

    mono_ns: int
    box: Float64Array
    size_px: tuple[int, int]
    floor_m: tuple[float, float] | None

    def at_edge(self) -> bool:
        """Whether the box touches the picture's edge."""
        width, height = self.size_px
        margin = EDGE_SHARE * max(width, height)
        x1, y1, x2, y2 = self.box
        return bool(x1 < margin or y1 < margin or x2 > width - margin or y2 > height - margin)

    def distance_m(self, other: "View") -> float:
        """Metres between two views of one camera or floor; by box height where uncalibrated."""
        if self.floor_m is not None and other.floor_m is not None:
            return hypot(self.floor_m[0] - other.floor_m[0], self.floor_m[1] - other.floor_m[1])
        heights = (self.box[3] - self.box[1] + other.box[3] - other.box[1]) / 2
        feet, others = self._foot_px(), other._foot_px()
        return float(hypot(*(feet - others)) / max(heights, 1.0) * PERSON_HEIGHT_M)

    def head_px(self) -> tuple[float, float]:
        """Middle of the box's upper edge, pixels."""
        return float(self.box[0] + self.box[2]) / 2, float(self.box[1])

    def _foot_px(self) -> Float64Array:
        return np.array([(self.box[0] + self.box[2]) / 2, self.box[3]])


@dataclass(slots=True)
class Tracklet:
    """One track of one camera, and the visitor it belongs to.

    Attributes:
        key: the track's name.
        floor_id: the camera's floor, or "" when not calibrated.
        visitor: id of the visitor it belongs to.
        first, last: its first and latest view.
        distinct: how many observations showed it apart from every older track.
        distinct_ns: for how long it was seen so.
        shadowed: whether an older track's box all but covers it now.
        score: highest detection score so far.
        travelled: farthest its smoothed head has been from where it began, in box heights.
        motion: floor filter; None until a floor point is known.
        appearance: what it looks like.
        head_px: that smoothed head, pixels.
        ended: whether it will never be seen again.
    """

    key: TrackKey
    floor_id: str
    visitor: int
    first: View
    last: View
    distinct: int = 0
    distinct_ns: int = 0
    shadowed: bool = False
    score: float = 0.0
    travelled: float = 0.0
    head_px: tuple[float, float] | None = None
    motion: FloorMotion | None = None
    appearance: Appearance = field(default_factory=Appearance)
    ended: bool = False

    def see(self, view: View, score: float, *, shadowed: bool) -> None:
        """Take in one more view."""
        if not shadowed:
            self.distinct += 1
            if not self.shadowed:
                self.distinct_ns += view.mono_ns - self.last.mono_ns
        self._travel(view)
        self.last, self.shadowed = view, shadowed
        self.score = max(self.score, score)
        if view.floor_m is None:
            return
        if self.motion is None:
            self.motion = FloorMotion(*view.floor_m, view.mono_ns)
        else:
            self.motion.update(*view.floor_m, view.mono_ns)

    def _travel(self, view: View) -> None:
        """Follow the head smoothly: somebody passing in front moves a box for a moment only."""
        x, y = view.head_px()
        if self.head_px is None:
            self.head_px = (x, y)
        step_s = s_from_ns(max(0, view.mono_ns - self.last.mono_ns))
        share = 1 - exp(-step_s / HEAD_SMOOTHING_S)
        hx, hy = self.head_px
        self.head_px = (hx + share * (x - hx), hy + share * (y - hy))
        x0, y0 = self.first.head_px()
        distance_px = hypot(self.head_px[0] - x0, self.head_px[1] - y0)
        self.travelled = max(self.travelled, distance_px / max(view.box[3] - view.box[1], 1.0))


def view_of(observation: Observation, index: int) -> View:
    """The index-th track of an observation as a view."""
    x, y = observation.floor_m[index].tolist()
    floor_m = (x, y) if isfinite(x) and isfinite(y) else None
    box = observation.xyxy_px[index].astype(np.float64)
    return View(observation.mono_ns, box, observation.size_px, floor_m)


def shadowed_by_older(observation: Observation) -> BoolArray:
    """Bool (N,): which tracks lie so much on an older one that they may be its double (ours).

    A detector at times draws two boxes round one person, and each gets a track. Ids rise, so
    the lower one is the older.
    """
    boxes = observation.xyxy_px.astype(np.float64)
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    overlap = shared / np.maximum(area[:, None] + area[None] - shared, 1e-9)
    older = observation.track_id[None] < observation.track_id[:, None]
    shadowed: BoolArray = ((overlap >= DOUBLE_IOU) & older).any(axis=1)
    return shadowed
