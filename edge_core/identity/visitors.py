"""Joining tracks into visitors, so that everybody is counted once.

Four kinds of evidence: two cameras see somebody at one place at one time (`overlap`); a track
goes on where another broke off; somebody who looks just the same comes back (`evidence`); the site
is known well enough to tell who came from another camera (`handover`, decided with delay). Against
all of them stands one certainty: two tracks visible at once in one camera are two people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from random import Random

import numpy as np

from edge_core.identity.evidence import (
    FRAGMENT_RISE,
    FRAGMENT_SIMILARITY,
    HANDOVER_NS,
    HANDOVER_SIMILARITY,
    REENTRY_LEAD,
    REENTRY_SIMILARITY,
    required_similarity,
)
from edge_core.identity.gallery import Gallery
from edge_core.identity.handover import Decision, Handover
from edge_core.identity.overlap import OverlapEvidence
from edge_core.identity.site_graph import SiteGraph
from edge_core.identity.site_watch import SiteWatch
from edge_core.identity.tracklet import Tracklet, shadowed_by_older, view_of
from edge_core.identity.visitor import Visitor
from edge_core.types import Int64Array, Observation, TrackKey
from edge_core.units import ns_from_s

DECISION_NS = ns_from_s(4)
"""A visitor may be recognised as an earlier one for this long after first being seen."""
MAXIMUM_VISITORS = 2000
"""Upper bound of the gallery; the longest unseen are forgotten first."""
LOST_NS = ns_from_s(10)
"""A track unseen for this long has ended, whether or not its end was reported."""
LATE_NS = max(HANDOVER_NS, ns_from_s((REENTRY_SIMILARITY - FRAGMENT_SIMILARITY) / FRAGMENT_RISE))
"""After so long only a re-entry is left."""
LEAST_SIMILARITY = min(FRAGMENT_SIMILARITY, HANDOVER_SIMILARITY)
"""Whoever looks less alike is nobody's continuation, whenever and wherever."""
TIDY_NS = ns_from_s(1)
"""How often the gallery is looked through for what has expired."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What one observation meant.

    Attributes:
        visitor: int64 (N,), the visitor of each track of the observation; 0 for whatever stands
            like a statue and is taken for no person.
        merged: pairs (kept, gone) of visitors that turned out to be one.
        continued: pairs (earlier, later) of tracks of one camera, the later going on where the
            earlier broke off.
    """

    visitor: Int64Array
    merged: tuple[tuple[int, int], ...]
    continued: tuple[tuple[TrackKey, TrackKey], ...]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A visitor who is known no more.

    Attributes:
        visitor_id: who it was.
        live: their tracks that had not ended.
        tracks: how many tracks were remembered.
        appearances: how many descriptions of what they look like were.
        ended: those of the remembered tracks that had ended in the present life of vision.
    """

    visitor_id: int
    live: tuple[TrackKey, ...]
    tracks: int
    appearances: int
    ended: tuple[TrackKey, ...] = ()


class VisitorLinker:
    """Gives every track a visitor.

    Args:
        floors: floor id by camera id, for calibrated cameras.
        rng: source of the visitors' numbers.
        ttl_s: appearances of people unseen for longer than this are forgotten.
        graph: how the cameras hang together.
        returning: whether somebody who left is recognised when they come back; else a track is only
            taken for one that goes on where another broke off.
        across: whether somebody is recognised in another camera; else only what two cameras see of
            one spot at one moment is one person.
    """

    def __init__(
        self,
        floors: Mapping[str, str],
        rng: Random,
        ttl_s: float,
        graph: SiteGraph,
        *,
        returning: bool = True,
        across: bool = True,
    ) -> None:
        self._returning, self._across = returning, across
        self._floors = floors
        self._rng = rng
        self._ttl_ns = ns_from_s(ttl_s)
        self._ids = count(1)
        self._visitors: dict[int, Visitor] = {}
        self._live: dict[TrackKey, Tracklet] = {}
        self._epoch: dict[str, int] = {}
        self._overlap = OverlapEvidence()
        self._gallery = Gallery()
        self._watch = SiteWatch(graph, ttl_s, self._gallery)
        self._newest_ns = 0
        self._tidied_ns = 0
        self._forgotten_people = 0
        self._tracks = 0

    @property
    def people(self) -> int:
        """Distinct visitors believed in so far."""
        return self._forgotten_people + sum(v.believed for v in self._visitors.values())

    @property
    def tracks(self) -> int:
        """Distinct tracks so far."""
        return self._tracks

    @property
    def handover(self) -> Handover:
        """Who came from which camera, and the model of the site behind it."""
        return self._watch.handover

    def live(self) -> Iterator[Tracklet]:
        """Tracks that have not ended."""
        return iter(self._live.values())

    def visitor(self, visitor_id: int) -> Visitor:
        """A visitor in the gallery; everybody with a live track is."""
        return self._visitors[visitor_id]

    def ingest(self, observation: Observation) -> Linked:
        """Take in one observation and say which visitors its tracks are."""
        self._newest_ns = max(self._newest_ns, observation.mono_ns)
        self._epoch[observation.camera_id] = observation.epoch
        shadowed = shadowed_by_older(observation).tolist()
        present = [
            self._see(observation, index, shadowed=shadowed[index])
            for index in range(len(observation.track_id))
        ]
        self._separate(present)
        merged = [*self._join_overlapping(present, observation.mono_ns)]
        continued = []
        for track, known in self._look_alikes(observation):
            continued += _continued(known, track)
            merged.append(self._merge(known, self._visitors[track.visitor]))
        visitors = [self._visitors[track.visitor] for track in present]
        for visitor in visitors:
            visitor.judge()
        if self._across:
            self._watch.see(visitors)
        self._end_tracks(observation)
        merged += self._committed(self._watch.advance(self._newest_ns))
        visitors = [self._visitors[track.visitor] for track in present]
        self.forget(self._newest_ns)
        people = [0 if visitor.statue else visitor.visitor_id for visitor in visitors]
        return Linked(np.array(people, np.int64), tuple(merged), tuple(continued))

    def finish(self) -> tuple[tuple[int, int], ...]:
        """Decide what is still open, at the end of a recording or of the service; see `Linked`."""
        return tuple(self._committed(self._watch.handover.finish(self._newest_ns)))

    def _committed(self, decisions: list[Decision]) -> list[tuple[int, int]]:
        """Merge arrivals with who they were, unless a camera saw both at once."""
        became: dict[int, int] = {}
        merged = []
        for decision in decisions:
            if decision.origin is None:
                continue
            ids = [became.get(who, who) for who in (decision.origin, decision.who)]
            one, other = (self._visitors.get(who) for who in ids)
            if one is None or other is None or one is other or one.seen_beside(other):
                continue
            if not self._returning and _last_camera(one) == _first_camera(other):
                continue
            kept, gone = self._merge(one, other)
            became = {who: kept if now == gone else now for who, now in became.items()}
            became[gone] = kept
            merged.append((kept, gone))
        return merged

    def _see(self, observation: Observation, index: int, *, shadowed: bool) -> Tracklet:
        key, view = observation.key(index), view_of(observation, index)
        track = self._live.get(key)
        if track is None:
            floor = self._floors.get(key.camera_id, "")
            track = self._live[key] = Tracklet(key, floor, 0, view, view)
            self._new_visitor().add(track)
            self._tracks += 1
        track.see(view, float(observation.score[index]), shadowed=shadowed)
        self._visitors[track.visitor].seen_ns = view.mono_ns
        return track

    def _new_visitor(self) -> Visitor:
        visitor = Visitor(next(self._ids), self._rng.getrandbits(31))
        self._visitors[visitor.visitor_id] = visitor
        return visitor

    def _separate(self, present: list[Tracklet]) -> None:
        """Undo a join when a lost track comes back beside the one that continued it."""
        seen: dict[int, Tracklet] = {}
        for track in sorted(present, key=lambda candidate: candidate.first.mono_ns):
            if track.visitor in seen:
                self._part(track)
            seen[track.visitor] = track

    def _part(self, track: Tracklet) -> None:
        """Make a track a visitor of its own."""
        former = self._visitors[track.visitor]
        former.tracks.remove(track)
        self._give(track, self._new_visitor())
        if not former.tracks:
            self._drop(former)

    def _join_overlapping(self, present: list[Tracklet], now_ns: int) -> Iterator[tuple[int, int]]:
        same, parted = self._overlap.ingest(present, self.live(), now_ns)
        for mine, theirs in parted:
            if mine.visitor == theirs.visitor:
                self._part(max(mine, theirs, key=lambda track: track.first.mono_ns))
        for mine, theirs in same:
            one, other = self._visitors[mine.visitor], self._visitors[theirs.visitor]
            if one is not other and not one.seen_beside(other):
                yield self._merge(one, other)

    def _look_alikes(self, observation: Observation) -> Iterator[tuple[Tracklet, Visitor]]:
        """Tracks of newcomers that an embedding shows to be an earlier visitor."""
        rows = zip(
            observation.embedded.tolist(), observation.embedding, observation.quality, strict=True
        )
        for track_id, embedding, quality in rows:
            key = TrackKey(observation.camera_id, observation.epoch, track_id)
            track = self._live.get(key)
            if track is None:
                continue
            self._watch.compare(track, embedding, self.live(), observation.mono_ns)
            if not track.appearance.add(embedding, float(quality)):
                continue
            template = track.appearance.template
            if template is not None:
                self._gallery.put(key, track.visitor, template)
            visitor = self._visitors[track.visitor]
            if observation.mono_ns - visitor.since_ns > DECISION_NS:
                continue
            known = self._recognise(track, visitor)
            if known is not None:
                yield track, known

    def _recognise(self, track: Tracklet, visitor: Visitor) -> Visitor | None:
        """The earlier visitor whose likeness exceeds what is required by most, if any.

        Only those are looked at closely who look alike enough to be it, or to be a rival.
        """
        template = track.appearance.template
        if template is None:
            return None
        ids = np.fromiter(self._visitors, np.int64, len(self._visitors))
        likenesses = self._gallery.best(template, ids)
        scored: list[tuple[float, float, Visitor]] = []
        for place in np.flatnonzero(likenesses >= LEAST_SIMILARITY).tolist():
            known, likeness = self._visitors[int(ids[place])], float(likenesses[place])
            if known is visitor or self._too_late(known, track, likeness):
                continue
            required = self._required(known, track)
            if required is None or known.seen_beside(visitor):
                continue
            scored.append((likeness, required, known))
        if not scored:
            return None
        likeness, required, best = max(scored, key=lambda item: item[0] - item[1])
        if likeness < required:
            return None
        rivals = [item[0] for item in scored if item[2] is not best]
        lead = likeness - max(rivals, default=-1.0)
        return None if required >= REENTRY_SIMILARITY and lead < REENTRY_LEAD else best

    def _too_late(self, known: Visitor, track: Tracklet, likeness: float) -> bool:
        """Whether somebody unseen for long looks too little alike even for a rival."""
        gap_ns = track.first.mono_ns - known.seen_ns
        return gap_ns > LATE_NS and likeness < REENTRY_SIMILARITY - REENTRY_LEAD

    def _required(self, known: Visitor, track: Tracklet) -> float | None:
        found = (
            required_similarity(earlier, track)
            for earlier in known.tracks
            if self._across or earlier.key.camera_id == track.key.camera_id
        )
        if not self._returning:
            found = (it if it is not None and it < REENTRY_SIMILARITY else None for it in found)
        return min((required for required in found if required is not None), default=None)

    def _merge(self, one: Visitor, other: Visitor) -> tuple[int, int]:
        """Move all tracks to the visitor known for longer; returns (kept, gone)."""
        kept, gone = sorted((one, other), key=lambda visitor: visitor.visitor_id)
        for track in gone.tracks:
            self._give(track, kept)
        kept.clear, kept.moved = kept.clear or gone.clear, kept.moved or gone.moved
        kept.watched_ns += gone.watched_ns
        del self._visitors[gone.visitor_id]
        in_sight = any(not track.ended for track in kept.tracks)
        self._watch.join(kept, gone.visitor_id, in_sight=in_sight)
        return kept.visitor_id, gone.visitor_id

    def _give(self, track: Tracklet, visitor: Visitor) -> None:
        """Let a track be another visitor's, and its look too."""
        self._gallery.give(track.key, visitor.visitor_id)
        forgotten = visitor.add(track)
        if forgotten is not None:
            self._gallery.drop(forgotten.key)

    def _end_tracks(self, observation: Observation) -> None:
        camera, epoch = observation.camera_id, observation.epoch
        ended = {TrackKey(camera, epoch, track_id) for track_id in observation.ended.tolist()}
        for key, track in list(self._live.items()):
            if key.camera_id != camera:
                continue
            lost = observation.mono_ns - track.last.mono_ns > LOST_NS
            if key in ended or key.epoch != epoch or lost:
                track.ended = True
                del self._live[key]
                visitor = self._visitors[track.visitor]
                if all(other.ended for other in visitor.tracks):
                    self._watch.lose(visitor)

    def forget(self, now_ns: int) -> None:
        """Drop appearances past their time to live, and the oldest beyond the bound.

        To be called as time passes, so that nobody is remembered because the cameras fell silent.
        """
        self._newest_ns = max(self._newest_ns, now_ns)
        if self._newest_ns - self._tidied_ns < TIDY_NS:
            return
        self._tidied_ns = self._newest_ns
        for key, track in list(self._live.items()):
            if self._newest_ns - track.last.mono_ns > self._ttl_ns:
                track.ended = True
                del self._live[key]
        following = {track.visitor for track in self._live.values()}
        idle = [v for v in self._visitors.values() if v.visitor_id not in following]
        expired = [v for v in idle if self._newest_ns - v.seen_ns > self._ttl_ns]
        surplus = len(self._visitors) - len(expired) - MAXIMUM_VISITORS
        if surplus > 0:
            fresh = [v for v in idle if self._newest_ns - v.seen_ns <= self._ttl_ns]
            expired += sorted(fresh, key=lambda v: v.seen_ns)[:surplus]
        for visitor in expired:
            self._drop(visitor)

    def dismiss(self, number: int) -> Dismissed | None:
        """Forget a visitor at once, by the number that names them on screens; None for nobody.

        Whatever is seen of them afterwards is of somebody new, who is counted in their stead.
        """
        visitor = next((it for it in self._visitors.values() if it.number == number), None)
        if visitor is None:
            return None
        live = tuple(track.key for track in visitor.tracks if track.key in self._live)
        ended = tuple(
            key
            for key in (track.key for track in visitor.tracks)
            if key not in live and key.epoch == self._epoch.get(key.camera_id)
        )
        for key in live:
            del self._live[key]
        appearances = self._drop(visitor)
        self._forgotten_people -= visitor.believed
        return Dismissed(visitor.visitor_id, live, len(visitor.tracks), appearances, ended)

    def _drop(self, visitor: Visitor) -> int:
        """Forget a visitor; returns how many templates went."""
        self._forgotten_people += visitor.believed
        dropped = sum(self._gallery.drop(track.key) for track in visitor.tracks)
        self._watch.forget(visitor.visitor_id)
        del self._visitors[visitor.visitor_id]
        return dropped


def _first_camera(visitor: Visitor) -> str:
    return min(visitor.tracks, key=lambda track: track.first.mono_ns).key.camera_id


def _last_camera(visitor: Visitor) -> str:
    return max(visitor.tracks, key=lambda track: track.last.mono_ns).key.camera_id


def _continued(known: Visitor, track: Tracklet) -> list[tuple[TrackKey, TrackKey]]:
    """The visitor's latest earlier track of the same camera, paired with the one that goes on."""
    camera = track.key.camera_id
    earlier = [other for other in known.tracks if other.key.camera_id == camera]
    latest = max(earlier, key=lambda other: other.last.mono_ns, default=None)
    return [] if latest is None else [(latest.key, track.key)]
