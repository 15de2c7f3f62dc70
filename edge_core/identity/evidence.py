"""When a new track is somebody seen before: how alike they must look, given when and where.

Figures are mean block cosines of templates, measured with the first `reid-s`; `vision.embed` brings
every embedder's cosines to its scale. On three clips of store and concourse cameras, one person's
first and second half of a track: median 0.94 close up (6 people), 0.75 in a grey, crowded far view
(34); two people seen by one camera: median 0.38 and 0.48, 99th percentile 0.77 (two men in black)
and 0.75. Of the joins a constant 0.5 allowed in the crowd, one of five was right: at 1.3 s and
0.5 m with 0.75; the wrong ones lay beyond 2.5 s and 2 m with at most 0.67. Hence a demand that
rises with time and distance. The handover between cameras was chosen among nine on three simulated
recordings. All on the footage named. Weighing parts by how well they are seen came later; it
changed the count of people on none of five clips.
"""

from math import hypot

from edge_core.identity.tracklet import Tracklet
from edge_core.units import ns_from_s, s_from_ns

FRAGMENT_SIMILARITY = 0.5
"""For a track that starts at once where another of the same camera broke off."""
FRAGMENT_RISE = 0.05
"""More per second and per metre of the gap."""
EDGE_SIMILARITY = 0.15
"""More, at the picture's edge: somebody may as well have left and somebody else come."""
HANDOVER_SIMILARITY = 0.45
"""For a track in another camera of the floor, which sees people from another side."""
HANDOVER_RISE = 0.03
HANDOVER_NS = ns_from_s(8)
HANDOVER_OVERLAP_NS = ns_from_s(1.5)
"""One camera may lose somebody only after the next has found them."""
REENTRY_SIMILARITY = 0.86
"""Enough after any time and anywhere in the picture of the same camera."""
REENTRY_LEAD = 0.06
"""A re-entry must look this much more like one visitor than like any other."""


def required_similarity(earlier: Tracklet, later: Tracklet) -> float | None:
    """How alike two tracks must look to be one person, or None when they cannot be (ours)."""
    if earlier.key.camera_id == later.key.camera_id:
        return _same_camera(earlier, later)
    if earlier.floor_id and earlier.floor_id == later.floor_id:
        return _same_floor(earlier, later)
    return None


def _same_camera(earlier: Tracklet, later: Tracklet) -> float | None:
    gap_ns = later.first.mono_ns - earlier.last.mono_ns
    if gap_ns <= 0:
        return None
    edge = earlier.last.at_edge() or later.first.at_edge()
    required = FRAGMENT_SIMILARITY + (EDGE_SIMILARITY if edge else 0.0)
    required += FRAGMENT_RISE * _gap(earlier, later, gap_ns)
    return min(required, REENTRY_SIMILARITY)


def _same_floor(earlier: Tracklet, later: Tracklet) -> float | None:
    gap_ns = later.first.mono_ns - earlier.last.mono_ns
    if not -HANDOVER_OVERLAP_NS <= gap_ns <= HANDOVER_NS:
        return None
    if earlier.first.mono_ns >= later.first.mono_ns:
        return None
    return HANDOVER_SIMILARITY + HANDOVER_RISE * _gap(earlier, later, max(0, gap_ns))


def _gap(earlier: Tracklet, later: Tracklet, gap_ns: int) -> float:
    """Seconds plus metres between two tracks; metres from where it was, or where it was going."""
    distance_m = earlier.last.distance_m(later.first)
    if earlier.motion is not None and later.first.floor_m is not None:
        x, y = earlier.motion.position_at(later.first.mono_ns)
        to_x, to_y = later.first.floor_m
        distance_m = min(distance_m, hypot(to_x - x, to_y - y))
    return s_from_ns(gap_ns) + distance_m
