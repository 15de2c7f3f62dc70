"""What a site's settings say of how its cameras hang together (ours).

Walks run between the middles of what cameras see, less half of what each sees. Two cameras are
neighbours when no third one lies on the way. Views that share floor are told apart by distance
on the floor instead, in `overlap`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from edge_core.config import CameraConfig, SiteConfig
from edge_core.identity.walkable import walking_m
from edge_core.types import BoolArray, Float64Array

UNKNOWN_M: Final = 30.0
"""Length of a way of which nothing is known."""
NEAREST_M: Final = 2.0
ON_THE_WAY: Final = 1.2
"""A camera lies on the way when going by it makes the way no longer than this many times."""


@dataclass(frozen=True, slots=True)
class SiteGraph:
    """Cameras and the ways between them.

    Attributes:
        cameras: ids.
        walk_m: float64 (C, C), metres on foot from view to view; finite and above zero.
        neighbours: bool (C, C), who can be next; everybody is their own neighbour.
        entrances: bool (C,), where people come in and leave.
    """

    cameras: tuple[str, ...]
    walk_m: Float64Array
    neighbours: BoolArray
    entrances: BoolArray

    def __post_init__(self) -> None:
        count = len(self.cameras)
        for name, array, shape in (
            ("walk_m", self.walk_m, (count, count)),
            ("neighbours", self.neighbours, (count, count)),
            ("entrances", self.entrances, (count,)),
        ):
            if array.shape != shape:
                raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
        if not (np.isfinite(self.walk_m).all() and (self.walk_m > 0).all()):
            raise ValueError("walk_m must be finite and above zero")


def site_graph(site: SiteConfig) -> SiteGraph:
    """The graph of a site's cameras, from plan, calibrations, entrance zones and lines, links."""
    cameras = site.cameras
    walk = _walks(site)
    blocked = np.zeros(walk.shape, np.bool_)
    number = {camera.id: index for index, camera in enumerate(cameras)}
    told: list[tuple[int, int]] = []
    for link in site.links:
        one, other = (number[camera] for camera in link.cameras)
        blocked[[one, other], [other, one]] = link.closed
        if link.walk_m is not None:
            walk[[one, other], [other, one]] = link.walk_m
            told.append((one, other))
    neighbours = _neighbours(walk)
    for one, other in told:
        neighbours[[one, other], [other, one]] = True
    neighbours &= ~blocked
    np.fill_diagonal(neighbours, val=True)
    known = np.where(np.isfinite(walk), np.maximum(walk, NEAREST_M), UNKNOWN_M)
    entrances = np.array([_is_entrance(camera, site) for camera in cameras])
    if not entrances.any():
        entrances[:] = True
    return SiteGraph(tuple(camera.id for camera in cameras), known, neighbours, entrances)


def _walks(site: SiteConfig) -> Float64Array:
    """Metres from view to view, float64 (C, C); NaN where nothing is known, inf for no way."""
    count = len(site.cameras)
    walk = np.full((count, count), np.nan)
    middles = [_middle_m(camera) for camera in site.cameras]
    radius = np.array([_radius_m(camera) for camera in site.cameras])
    for floor in site.floors:
        here = [
            index
            for index, camera in enumerate(site.cameras)
            if camera.floor == floor.id and middles[index] is not None
        ]
        places = [middle for index in here if (middle := middles[index]) is not None]
        found = walking_m(floor, places) - radius[here][:, None] - radius[here][None]
        walk[np.ix_(here, here)] = np.maximum(found, NEAREST_M)
    np.fill_diagonal(walk, NEAREST_M)
    return walk


def _neighbours(walk: Float64Array) -> BoolArray:
    """Pairs without a third camera on the way; unknown pairs of one floor are none."""
    count = len(walk)
    known = np.where(np.isfinite(walk), walk, np.inf)
    near = np.isfinite(known)
    for other in range(count):
        by = known[:, other, None] + known[None, other, :]
        shorter = by <= ON_THE_WAY * known
        shorter[other, :] = shorter[:, other] = False
        near &= ~shorter
    if not near.any(axis=1, where=~np.eye(count, dtype=np.bool_)).any():
        near[:] = True  # nothing is known at all: anybody may come from anywhere
    return near


def _middle_m(camera: CameraConfig) -> tuple[float, float] | None:
    if camera.calibration:
        x, y = np.mean([pair.m for pair in camera.calibration], axis=0).tolist()
        return x, y
    return camera.position_m


def _radius_m(camera: CameraConfig) -> float:
    """Half the width of what a camera sees of the floor; 0 when unknown."""
    if not camera.calibration:
        return 0.0
    points = np.array([pair.m for pair in camera.calibration])
    return float(np.hypot(*(points - points.mean(axis=0)).T).mean())


def _is_entrance(camera: CameraConfig, site: SiteConfig) -> bool:
    """Whether a line of entrance is drawn in its picture, or it sees an entrance zone."""
    if any(line.entrance and line.camera == camera.id for line in site.lines):
        return True
    seen = _seen(camera)
    return seen is not None and any(
        zone.kind == "entrance"
        and zone.floor == camera.floor
        and seen.intersects(shapely.Polygon(zone.polygon_m))
        for zone in site.zones
    )


def _seen(camera: CameraConfig) -> shapely.geometry.base.BaseGeometry | None:
    points: Sequence[tuple[float, float]] = [pair.m for pair in camera.calibration]
    return shapely.MultiPoint(points).convex_hull if points else None
