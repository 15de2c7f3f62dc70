"""Whose hands are at goods: looks at one camera's people, a few times a second.

One look is weak (`assets/models/action-s.md`), and what it is wrong about one person lasts. So the
looks are told one by one, and whoever matches item events with people compares a person's looks
during an event with their others.
"""

from typing import Final

from edge_core.types import Float32Array, HandLooks, ImageArray, Tracks
from edge_core.units import ns_from_s
from edge_core.vision.action import ActionClassifier, at_even_odds, surroundings
from edge_core.vision.appearance import AppearanceSchedule

LOOK_NS: Final = ns_from_s(0.4)
"""A touch lasts a second or more and should be looked at more than once."""
PER_FRAME: Final = 4
_SEEN_LEAST: Final = 0.5


class HandsReader:
    """Looks at one camera's people in turn.

    Args:
        model: tells from a crop; may be shared by all cameras of the process.
    """

    def __init__(self, model: ActionClassifier) -> None:
        self._model = model
        self._schedule = AppearanceSchedule(LOOK_NS, PER_FRAME)

    def look(
        self, frame: ImageArray, tracks: Tracks, visible: Float32Array, now_ns: int
    ) -> HandLooks:
        """Look at whoever is due.

        Args:
            frame: BGR uint8 (H, W, 3); not kept.
            tracks: in it.
            visible: float32 (N,), share of each person that is seen.
            now_ns: the frame's monotonic time.
        """
        rows = self._schedule.due(tracks, visible, now_ns)
        rows = rows[visible[rows] >= _SEEN_LEAST]
        crops = [surroundings(frame, tracks.xyxy_px[row]) for row in rows]
        return HandLooks(tracks.track_id[rows], at_even_odds(self._model.predict(crops)))
