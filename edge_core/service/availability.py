"""How much of each minute each camera was watched, so that a gap is never drawn as zero."""

from collections.abc import Iterator, Mapping
from typing import Final

from edge_core.ledger import minute_of
from edge_core.types import Observation
from edge_core.units import NS_PER_S, s_from_ns

_LONGEST_GAP_NS: Final = 2 * NS_PER_S
_SEEN_AGAIN_NS: Final = 120 * NS_PER_S


class AvailabilityMeter:
    """Adds up the time between a camera's observations, by camera and minute.

    Two observations further apart than two seconds have a gap between them that nobody watched.
    Observations that are sent again after a restart count once.

    Args:
        kept_until_mono_ns: by camera, how far an earlier life of the process has kept its sums.
    """

    def __init__(self, kept_until_mono_ns: Mapping[str, int] | None = None) -> None:
        self._last_mono_ns = dict(kept_until_mono_ns or {})
        self._watched_s: dict[tuple[str, int], float] = {}

    def ingest(self, observation: Observation) -> None:
        """Count the time since the camera's previous observation."""
        camera_id = observation.camera_id
        before_ns = self._last_mono_ns.get(camera_id, observation.mono_ns)
        passed_ns = observation.mono_ns - before_ns
        if -_SEEN_AGAIN_NS < passed_ns < 0:
            return
        self._last_mono_ns[camera_id] = observation.mono_ns
        if 0 < passed_ns <= _LONGEST_GAP_NS:
            key = (camera_id, minute_of(observation.utc_ns))
            self._watched_s[key] = self._watched_s.get(key, 0.0) + s_from_ns(passed_ns)

    def take(self) -> Iterator[tuple[str, int, float]]:
        """Camera id, minute since 1970 UTC and seconds watched since the last call."""
        watched, self._watched_s = self._watched_s, {}
        for (camera_id, minute), seconds in watched.items():
            yield camera_id, minute, min(60.0, seconds)

    def until_mono_ns(self) -> dict[str, int]:
        """By camera, the newest observation taken in; what `take` told reaches to it."""
        return dict(self._last_mono_ns)
