"""Everybody in view now, each once, for the screens."""

from collections.abc import Callable, Sequence
from statistics import fmean

from edge_core.identity.tracklet import Tracklet
from edge_core.identity.visitors import VisitorLinker
from edge_core.types import LivePerson, LiveSnapshot
from edge_core.units import ns_from_s

GONE_NS = ns_from_s(1.5)
"""Somebody unseen for longer than this is no longer shown."""
COAST_NS = ns_from_s(0.5)
"""A position is carried on along its velocity for no longer than this."""

ZonesAt = Callable[[str, tuple[float, float]], tuple[str, ...]]
"""Zone ids at a point of a floor, metres."""


class LivePeople:
    """Builds snapshots from the tracks that are followed now.

    Args:
        linker: knows the live tracks and their visitors.
        zones_at: tells the zones at a floor point.
    """

    def __init__(self, linker: VisitorLinker, zones_at: ZonesAt) -> None:
        self._linker = linker
        self._zones_at = zones_at

    def snapshot(self, mono_ns: int, utc_ns: int, received_mono_ns: int) -> LiveSnapshot:
        """Everybody seen within the last moments.

        Args:
            mono_ns: the moment shown, on the observations' timeline.
            utc_ns: the same in UTC.
            received_mono_ns: when the newest frame taken in was received.
        """
        people = tuple(self.present(mono_ns).values())
        return LiveSnapshot(utc_ns, mono_ns, received_mono_ns, people)

    def present(self, mono_ns: int) -> dict[int, LivePerson]:
        """Everybody seen within the last moments, by visitor, as `snapshot` tells them."""
        views: dict[int, list[Tracklet]] = {}
        for track in self._linker.live():
            if mono_ns - track.last.mono_ns <= GONE_NS and self._is_person(track):
                views.setdefault(track.visitor, []).append(track)
        return {
            visitor: self._person(visitor, tracks, mono_ns)
            for visitor, tracks in sorted(views.items())
        }

    def _is_person(self, track: Tracklet) -> bool:
        """Newcomers are shown at once, unless they look like a double or a statue."""
        visitor = self._linker.visitor(track.visitor)
        return visitor.believed or not (track.shadowed or visitor.statue)

    def _person(self, visitor: int, tracks: list[Tracklet], mono_ns: int) -> LivePerson:
        best = max(tracks, key=_view_height_share)
        placed = [track for track in tracks if track.motion and track.floor_id == best.floor_id]
        number, camera = self._linker.visitor(visitor).number, best.key.camera_id
        if best.motion is None or not placed:
            return LivePerson(number, best.floor_id, None, None, camera, _share_box(best), ())
        spots, velocities = [], []
        for track in placed:
            if track.motion:
                until_ns = min(mono_ns, track.last.mono_ns + COAST_NS)
                spots.append(track.motion.position_at(until_ns))
                velocities.append(track.motion.velocity_m_s)
        x, y = _mean(spots)
        vx, vy = _mean(velocities)
        zones = self._zones_at(best.floor_id, (x, y))
        box = _share_box(best)
        return LivePerson(number, best.floor_id, (x, y), (vx, vy), camera, box, zones)


def _view_height_share(track: Tracklet) -> float:
    return float(track.last.box[3] - track.last.box[1]) / track.last.size_px[1]


def _share_box(track: Tracklet) -> tuple[float, float, float, float]:
    width, height = track.last.size_px
    x1, y1, x2, y2 = track.last.box.tolist()
    return _share(x1, width), _share(y1, height), _share(x2, width), _share(y2, height)


def _share(px: float, whole_px: int) -> float:
    return min(max(px / whole_px, 0.0), 1.0)


def _mean(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return fmean(x for x, _ in points), fmean(y for _, y in points)
