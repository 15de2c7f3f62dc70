"""When to take which track's appearance."""

from typing import Final

import numpy as np

from edge_core.types import Float32Array, Int64Array, Tracks
from edge_core.units import ns_from_s

REFRESH_NS: Final = ns_from_s(2.0)
PER_FRAME: Final = 2
WORTH_A_LOOK: Final = 0.5


class AppearanceSchedule:
    """Chooses a few tracks per frame: new ones first, then those not looked at for longest.

    Embedding costs as much as a third of a detection, and a person looks the same for seconds, so
    each track is embedded when confirmed and again every two seconds.

    Args:
        refresh_ns: how soon a track is due again.
        per_frame: most tracks of one frame.
    """

    def __init__(self, refresh_ns: int = REFRESH_NS, per_frame: int = PER_FRAME) -> None:
        self._refresh_ns = refresh_ns
        self._per_frame = per_frame
        self._taken_ns: dict[int, int] = {}

    def due(self, tracks: Tracks, visible: Float32Array, now_ns: int) -> Int64Array:
        """Rows of the tracks to embed now; they count as taken.

        Args:
            tracks: the frame's tracks.
            visible: float32 (N,), share of each person that is seen.
            now_ns: the frame's monotonic time.

        Returns:
            int64 (K,), K at most `per_frame`.
        """
        for track_id in tracks.ended.tolist():
            self._taken_ns.pop(track_id, None)
        rows = [
            (self._taken_ns.get(track_id, -1), -visible[row], row)
            for row, track_id in enumerate(tracks.track_id.tolist())
            if self._is_due(track_id, float(visible[row]), now_ns)
        ]
        chosen = [row for _, _, row in sorted(rows)[: self._per_frame]]
        for row in chosen:
            self._taken_ns[int(tracks.track_id[row])] = now_ns
        return np.array(chosen, np.int64)

    def forget(self, track_id: int) -> None:
        """A track is known no more."""
        self._taken_ns.pop(track_id, None)

    def _is_due(self, track_id: int, visible: float, now_ns: int) -> bool:
        taken_ns = self._taken_ns.get(track_id)
        if taken_ns is None:
            return True
        # Somebody half hidden would be remembered as whoever hides them.
        return now_ns - taken_ns >= self._refresh_ns and visible >= WORTH_A_LOOK
