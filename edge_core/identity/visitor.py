"""One person as far as the cameras can tell: one or more tracks."""

from dataclasses import dataclass, field

from edge_core.identity.tracklet import Tracklet
from edge_core.types import Float32Array
from edge_core.units import ns_from_s

BELIEVABLE_NS = ns_from_s(0.7)
BELIEVABLE_SIGHTINGS = 4
BELIEVABLE_SCORE = 0.5
REMEMBERED_TRACKS = 6
"""Only the newest ended tracks of a visitor are kept for comparing."""


@dataclass(slots=True)
class Visitor:
    """A visitor and its tracks.

    Attributes:
        visitor_id: rises with every new visitor.
        number: random number that names the visitor on screens.
        tracks: its tracks, in the order they joined.
        believed: whether it has been seen long and clearly enough to be counted.
    """

    visitor_id: int
    number: int
    tracks: list[Tracklet] = field(default_factory=list)
    believed: bool = False

    @property
    def first_ns(self) -> int:
        """When it was first seen."""
        return min(track.first.mono_ns for track in self.tracks)

    @property
    def last_ns(self) -> int:
        """When it was last seen."""
        return max(track.last.mono_ns for track in self.tracks)

    def add(self, track: Tracklet) -> None:
        """Give the visitor one more track."""
        track.visitor = self.visitor_id
        self.tracks.append(track)
        ended = [known for known in self.tracks if known.ended]
        if len(ended) > REMEMBERED_TRACKS:
            self.tracks.remove(min(ended, key=lambda known: known.last.mono_ns))

    def templates(self) -> list[Float32Array]:
        """Appearance templates of its tracks, each float32 (D,)."""
        found = (track.appearance.template for track in self.tracks)
        return [template for template in found if template is not None]

    def judge(self) -> None:
        """Believe in the visitor once one of its tracks is no flicker and nobody's double.

        Never taken back: doubles in the end either vanish or walk away as a person of their own.
        """
        self.believed = self.believed or any(
            track.distinct_ns >= BELIEVABLE_NS
            and track.distinct >= BELIEVABLE_SIGHTINGS
            and track.score >= BELIEVABLE_SCORE
            for track in self.tracks
        )

    def seen_beside(self, other: "Visitor") -> bool:
        """Whether one camera saw both at the same time, so that they are two people."""
        return any(
            mine.key.camera_id == theirs.key.camera_id
            and mine.first.mono_ns <= theirs.last.mono_ns
            and theirs.first.mono_ns <= mine.last.mono_ns
            for mine in self.tracks
            for theirs in other.tracks
        )
