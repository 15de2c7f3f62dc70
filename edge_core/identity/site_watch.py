"""Tells `Handover` who appears and disappears among the visitors, and what it needs of looks."""

from collections.abc import Iterable
from typing import Final

from edge_core.identity.appearance import similarity
from edge_core.identity.gallery import Gallery
from edge_core.identity.handover import Decision, Handover
from edge_core.identity.likelihood import AppearanceLikelihood
from edge_core.identity.site_graph import SiteGraph
from edge_core.identity.site_model import SiteModel
from edge_core.identity.tracklet import Tracklet
from edge_core.identity.visitor import Visitor
from edge_core.types import Float32Array
from edge_core.units import ns_from_s

COMPARED_AFTER_NS: Final = ns_from_s(3)
"""A look at a track so much later than its first shows whether one person looks alike."""
BESIDE_NS: Final = ns_from_s(1)
_MOST_BESIDE: Final = 3


class SiteWatch:
    """Watches visitors come into sight and go out of it.

    Args:
        graph: the site's cameras.
        horizon_s: somebody unseen for longer has left.
        gallery: templates by track, owned by visitors.
    """

    def __init__(self, graph: SiteGraph, horizon_s: float, gallery: Gallery) -> None:
        self._camera = {camera: index for index, camera in enumerate(graph.cameras)}
        self._known: set[int] = set()
        self._compared: set[int] = set()
        looks = AppearanceLikelihood.uncalibrated()
        self.handover = Handover(SiteModel(graph, horizon_s), looks, gallery.means)

    def see(self, visitors: Iterable[Visitor]) -> None:
        """Take note of those who are in sight, once they are believed."""
        for visitor in visitors:
            who = visitor.visitor_id
            if visitor.clear and who not in self._known:
                self._known.add(who)
                first = min(visitor.tracks, key=lambda track: track.first.mono_ns)
                self.handover.arrive(who, self._camera[first.key.camera_id], first.first.mono_ns)

    def lose(self, visitor: Visitor) -> None:
        """A visitor is out of sight."""
        if visitor.visitor_id not in self._known:
            return
        if visitor.statue:
            self.handover.forget(visitor.visitor_id)
            return
        last = max(visitor.tracks, key=lambda track: track.last.mono_ns)
        camera = self._camera[last.key.camera_id]
        self.handover.leave(visitor.visitor_id, camera, last.first.mono_ns, last.last.mono_ns)

    def join(self, kept: Visitor, gone: int, *, in_sight: bool) -> None:
        """Two visitors turned out to be one, who is in sight or not."""
        known = kept.visitor_id in self._known
        self.handover.join(kept.visitor_id, gone, known=known)
        if gone in self._known:
            self._known.discard(gone)
            self._known.add(kept.visitor_id)
        self._compared.discard(gone)
        if in_sight:
            self.handover.come_back(kept.visitor_id)

    def forget(self, who: int) -> None:
        """A visitor is remembered no longer."""
        self._known.discard(who)
        self._compared.discard(who)
        self.handover.forget(who)

    def compare(
        self, track: Tracklet, look: Float32Array, others: Iterable[Tracklet], now_ns: int
    ) -> None:
        """Learn what similarities mean, once a visitor: a later look, and whoever stands beside.

        Args:
            track: just looked at, before its template took the look in.
            look: the embedding, float32 (D,).
            others: live tracks.
            now_ns: the moment.
        """
        template = track.appearance.template
        late = now_ns - track.first.mono_ns >= COMPARED_AFTER_NS
        if template is None or not late or track.visitor in self._compared:
            return
        if track.visitor not in self._known:
            return
        self._compared.add(track.visitor)
        self.handover.tally.add_track(similarity(look, [template]))
        beside = 0
        for other in others:
            theirs = other.appearance.template
            apart = other.visitor != track.visitor and other.visitor in self._known
            apart &= other.key.camera_id == track.key.camera_id
            if theirs is None or not apart or now_ns - other.last.mono_ns > BESIDE_NS:
                continue
            self.handover.tally.add_beside(similarity(look, [theirs]))
            beside += 1
            if beside == _MOST_BESIDE:
                break

    def advance(self, now_ns: int) -> list[Decision]:
        """See `Handover.advance`."""
        return self.handover.advance(now_ns)
