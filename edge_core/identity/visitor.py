"""One person as far as the cameras can tell: one or more tracks."""

from dataclasses import dataclass, field

from edge_core.identity.tracklet import Tracklet
from edge_core.units import ns_from_s

BELIEVABLE_NS = ns_from_s(0.7)
BELIEVABLE_SIGHTINGS = 4
BELIEVABLE_SCORE = 0.5
STATUE_NS = ns_from_s(30)
STATUE_TRAVEL = 0.25
"""Whatever has moved by less than this, in box heights, in all that time may be no person."""
NEVER_NS = 2**63 - 1
REMEMBERED_TRACKS = 6
"""Only the newest ended tracks of a visitor are kept for comparing."""


@dataclass(slots=True)
class Visitor:
    """A visitor and its tracks.

    Attributes:
        visitor_id: rises with every new visitor.
        number: random number that names the visitor on screens.
        tracks: its tracks, in the order they joined.
        clear: whether it has been seen long and clearly enough to be counted.
        moved: whether it has ever left the spot it was first seen at.
        since_ns: when it was first seen.
        watched_ns: for how long the tracks no longer remembered saw it.
        seen_ns: when it was last seen.
    """

    visitor_id: int
    number: int
    tracks: list[Tracklet] = field(default_factory=list)
    clear: bool = False
    moved: bool = False
    since_ns: int = NEVER_NS
    watched_ns: int = 0
    seen_ns: int = 0

    @property
    def believed(self) -> bool:
        """Whether it counts as a person."""
        return self.clear and not self.statue

    @property
    def statue(self) -> bool:
        """Whether it stands like a mannequin or a poster; a person in the end walks away."""
        if self.moved:
            return False
        watched_ns = self.watched_ns + sum(track.distinct_ns for track in self.tracks)
        return watched_ns >= STATUE_NS

    def add(self, track: Tracklet) -> Tracklet | None:
        """Give the visitor one more track; returns the one that is remembered no longer."""
        track.visitor = self.visitor_id
        self.tracks.append(track)
        self.since_ns = min(self.since_ns, track.first.mono_ns)
        self.seen_ns = max(self.seen_ns, track.last.mono_ns)
        ended = [known for known in self.tracks if known.ended]
        if len(ended) > REMEMBERED_TRACKS:
            oldest = min(ended, key=lambda known: known.last.mono_ns)
            self.watched_ns += oldest.distinct_ns
            self.tracks.remove(oldest)
            return oldest
        return None

    def judge(self) -> None:
        """Take note once one of its tracks is no flicker and nobody's double, or walks.

        Neither is taken back: doubles in the end vanish, or walk away as people of their own.
        """
        for track in self.tracks:
            self.moved = self.moved or track.travelled >= STATUE_TRAVEL
            self.clear = self.clear or (
                track.distinct_ns >= BELIEVABLE_NS
                and track.distinct >= BELIEVABLE_SIGHTINGS
                and track.score >= BELIEVABLE_SCORE
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
