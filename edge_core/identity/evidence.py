"""When a new track is somebody seen before: how alike they must look, given when and where.

Figures are mean block cosines of templates, measured with the `reid-s` model on three clips of
store and concourse cameras. One person's first and second half of a track: median 0.94 close up
(6 people), 0.75 in a grey, crowded far view (34). Two people seen by one camera: median 0.38 and
0.48, 99th percentile 0.77 (two men in black) and 0.75. Of the joins a constant 0.5 allowed in the
crowd, one of five was right: at 1.3 s and 0.5 m with 0.75; the wrong ones lay beyond 2.5 s and
2 m with at most 0.67. Hence a demand that rises with time and distance. Chosen on the same clips.
"""

from edge_core.identity.tracklet import Tracklet
from edge_core.units import s_from_ns

FRAGMENT_SIMILARITY = 0.5
"""For a track that starts at once where another broke off."""
SIMILARITY_PER_S = 0.05
SIMILARITY_PER_M = 0.05
EDGE_SIMILARITY = 0.15
"""More, at the picture's edge: somebody may as well have left and somebody else come."""
REENTRY_SIMILARITY = 0.86
"""Enough after any time and anywhere in the picture."""
REENTRY_LEAD = 0.06
"""A re-entry must look this much more like one visitor than like any other."""


def required_similarity(earlier: Tracklet, later: Tracklet) -> float | None:
    """How alike two tracks must look to be one person, or None when they cannot be (ours)."""
    gap_ns = later.first.mono_ns - earlier.last.mono_ns
    if gap_ns <= 0 or earlier.key.camera_id != later.key.camera_id:
        return None
    required = (
        FRAGMENT_SIMILARITY
        + SIMILARITY_PER_S * s_from_ns(gap_ns)
        + SIMILARITY_PER_M * earlier.last.distance_m(later.first)
    )
    if earlier.last.at_edge() or later.first.at_edge():
        required += EDGE_SIMILARITY
    return min(required, REENTRY_SIMILARITY)
