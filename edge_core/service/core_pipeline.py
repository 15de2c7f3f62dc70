"""What the core process does with observations and tag reads, from top to bottom."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from edge_core.analytics import Crossing, DwellMeter, LineCounter, Present, VisitMeter, ZoneMap
from edge_core.analytics.badges import BadgeCarriers
from edge_core.config.site import SiteConfig
from edge_core.identity import Linked, LivePeople, VisitorLinker
from edge_core.identity.site_graph import site_graph
from edge_core.service.floor_paths import STEP_NS, Standing
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.presence import FloorPlans, PresencePipeline
from edge_core.service.site_learning import SiteLearning
from edge_core.tag_reads import ReaderBatch
from edge_core.types import Event, LivePerson, LiveSnapshot, Observation, TrackKey, Traits

_FORGOTTEN_TRACKS: Final = 256


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted.

    Attributes:
        people: who were known.
        tracks: of theirs, ended ones too.
        appearances: descriptions of what they look like.
        visits: open ones.
        live: their tracks that vision still follows.
        ended: those that it may still have records of.
    """

    people: int = 0
    tracks: int = 0
    appearances: int = 0
    visits: int = 0
    live: tuple[TrackKey, ...] = ()
    ended: tuple[TrackKey, ...] = ()

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            self.people + other.people,
            self.tracks + other.tracks,
            self.appearances + other.appearances,
            self.visits + other.visits,
            self.live + other.live,
            self.ended + other.ended,
        )


class CorePipeline:
    """Turns observations and tag reads into visitors, durable events and live people.

    Pure: no I/O and no clock. Observations of one camera come in order; those of different
    cameras are compared by their times, so they should come roughly in order too.

    Args:
        site: cameras, lines, zones and privacy policy.
        rng: source of the numbers that name people on screens.
        items: follows the garments; None where there are no readers.
        plans: the site's floors and what is seen of them, where they are at hand already.
        resumed_ns: see `PresencePipeline`.

    Attributes:
        zones: where the zones are.
        learning: what identity learns of the site, to be kept over restarts.
        presence: sums up where everybody is.
    """

    def __init__(
        self,
        site: SiteConfig,
        rng: Random,
        items: ItemPipeline | None = None,
        plans: FloorPlans | None = None,
        resumed_ns: int = 0,
    ) -> None:
        floors = {
            camera.id: camera.floor
            for camera in site.cameras
            if camera.floor is not None and camera.calibration
        }
        self.zones = ZoneMap(site.zones)
        privacy = site.privacy
        self._linker = VisitorLinker(
            floors,
            rng,
            privacy.embedding_ttl_s,
            site_graph(site),
            returning=privacy.allows("returning-visitors"),
            across=privacy.allows("across-cameras"),
        )
        self.learning = SiteLearning(self._linker.handover, site.site.timezone)
        self._live = LivePeople(self._linker, self.zones.zones_at)
        self._lines = tuple(LineCounter(line) for line in site.lines)
        self._dwell = DwellMeter(self.zones, floors)
        self._visits = VisitMeter(
            self.zones,
            floors,
            site.lines,
            rules=site.visits,
            staff=site.staff,
            timezone=ZoneInfo(site.site.timezone),
            rng=rng,
            remember_s=privacy.embedding_ttl_s,
        )
        self.presence = PresencePipeline(
            site, plans or FloorPlans(site), self._dwell, self._visits.is_staff, resumed_ns
        )
        self._badge_epcs = frozenset(site.staff.badges)
        self._badges = BadgeCarriers()
        self._received_mono_ns = 0
        self._newest_ns = 0
        self._items = items
        self._placed_ns = 0
        self._told: list[tuple[int, Traits]] = []
        self._forgotten: deque[TrackKey] = deque(maxlen=_FORGOTTEN_TRACKS)

    def ingest(self, observation: Observation) -> list[Event]:
        """Take in one observation; returns the events it completes."""
        observation = self._without_forgotten(observation)
        self._received_mono_ns = max(self._received_mono_ns, observation.received_mono_ns)
        self._newest_ns = max(self._newest_ns, observation.mono_ns)
        self.learning.see(observation)
        linked = self._linker.ingest(observation)
        crossings = [it for line in self._lines for it in line.ingest(observation)]
        for earlier, later in linked.continued:
            crossings += [it for line in self._lines for it in line.join(earlier, later)]
        events = [crossing.event for crossing in crossings]
        events += self._merge(linked.merged)
        self._place(observation.mono_ns, observation.utc_ns)
        self._told += self._so_far(observation, linked)
        self._look_at_hands(observation, linked)
        events += self.presence.ingest(observation, linked.visitor, crossings)
        events += self._dwell.ingest(observation, linked.visitor)
        return events + self._visit(observation, linked, crossings)

    def take_told(self) -> list[tuple[int, Traits]]:
        """Numbers of people in view and what vision knows of them by now, since the last call."""
        told, self._told = self._told, []
        return told

    def _so_far(self, observation: Observation, linked: Linked) -> Iterator[tuple[int, Traits]]:
        visitors = dict(zip(observation.track_id.tolist(), linked.visitor.tolist(), strict=True))
        for traits in observation.traits_so_far:
            visitor = visitors.get(traits.track_id, 0)
            if visitor:
                yield self._linker.visitor(visitor).number, traits

    def _look_at_hands(self, observation: Observation, linked: Linked) -> None:
        """Tell who follows garments what the camera saw of hands."""
        hands = observation.hands
        if self._items is None or not len(hands.track_id):
            return
        visitors = dict(zip(observation.track_id.tolist(), linked.visitor.tolist(), strict=True))
        for track, handling in zip(hands.track_id.tolist(), hands.handling.tolist(), strict=True):
            visitor = visitors.get(track, 0)
            if visitor:
                self._items.look(visitor, observation.mono_ns, handling)

    def _visit(
        self, observation: Observation, linked: Linked, crossings: list[Crossing]
    ) -> list[Event]:
        known = set(linked.visitor.tolist()) - {0}
        numbers = {who: self._linker.visitor(who).number for who in known}
        return self._visits.ingest(observation, linked.visitor, numbers, crossings)

    def ingest_tags(self, batch: ReaderBatch, ahead_ns: int) -> list[Event]:
        """Take in a reader's reads; see `ItemPipeline.ingest`. Nothing without item pipeline.

        Staff badges tell who works here, and go no further.
        """
        if self._items is None:
            return []
        if self._badge_epcs.intersection(batch.reads.epcs):
            batch = self._without_badges(batch)
        return self._items.ingest(batch, ahead_ns)

    def mark_staff(self, number: int) -> bool:
        """Somebody whom the screens name so works here; whether they are known."""
        return self._visits.mark_staff(number)

    def staff_inside(self) -> int:
        """Staff who are inside now."""
        return self._visits.staff_inside()

    def seen_inside(self, since_ns: int) -> int:
        """Different people seen inside since a moment of the observations' timeline."""
        return self._visits.seen_inside(since_ns)

    def forget(self, number: int) -> tuple[Forgotten, list[Event]]:
        """Delete everything that is known of somebody, by the number that names them on screens.

        Their tracks are taken for ended from now on, whatever else vision still says of them: who
        stands there is seen again only under a new track, as somebody new.

        Returns:
            What was deleted, and events that this ends; those name nobody.
        """
        gone = self._linker.dismiss(number)
        if gone is None:
            return Forgotten(), []
        self._forgotten.extend(gone.live)
        self._told.clear()  # of others it is told again in half a second
        self._dwell.forget(gone.visitor_id)
        visited = self._visits.forget(gone.visitor_id)
        if self._items is not None:
            self._items.forget(gone.visitor_id)
        events = self.presence.forget(gone.visitor_id)
        what = (gone.tracks, gone.appearances, int(visited), gone.live, gone.ended)
        return Forgotten(1, *what), events

    def _without_forgotten(self, observation: Observation) -> Observation:
        here = (observation.camera_id, observation.epoch)
        ids = {it.track_id for it in self._forgotten if (it.camera_id, it.epoch) == here}
        return observation.ending(ids) if ids else observation

    def finish(self) -> list[Event]:
        """End what is open, at the end of a recording or of the service."""
        merged = self._merge(self._linker.finish())
        items = self._items.finish() if self._items is not None else []
        ended = self._dwell.finish() + self.presence.finish()
        return merged + items + ended + self._visits.finish()

    def snapshot(self, mono_ns: int, utc_ns: int) -> LiveSnapshot:
        """Everybody in view at a moment, each once; appearances too old by then are dropped."""
        self._linker.forget(mono_ns)
        return self._live.snapshot(mono_ns, utc_ns, self._received_mono_ns)

    def occupancy(self, snapshot: LiveSnapshot) -> dict[str, int]:
        """People in each zone of a snapshot."""
        return self.zones.occupancy(snapshot.people)

    def _merge(self, merged: tuple[tuple[int, int], ...]) -> list[Event]:
        """Tell everybody who counts by visitors which of them turned out to be one."""
        events: list[Event] = []
        for kept, gone in merged:
            self._dwell.merge(kept, gone)
            self._badges.merge(kept, gone)
            events += self._visits.merge(kept, gone)
            events += self.presence.join(kept, gone)
            if self._items is not None:
                self._items.join(kept, gone)
        return events

    def _place(self, mono_ns: int, utc_ns: int) -> None:
        """Tell everybody's place to those who look at all at once, four times a second."""
        if mono_ns - self._placed_ns < STEP_NS:
            return
        self._placed_ns = mono_ns
        people = self._live.present(mono_ns)
        if self._items is not None:
            self._items.see(_standing(people), mono_ns)
        self.presence.see(_present(people), mono_ns, utc_ns)

    def _without_badges(self, batch: ReaderBatch) -> ReaderBatch:
        """Ask whose the badges in a batch are; returns the other reads."""
        assert self._items is not None
        reads = batch.reads
        badge = np.isin(
            reads.tag, [n for n, epc in enumerate(reads.epcs) if epc in self._badge_epcs]
        )
        port = self._items.antennas.numbers(batch.reader_id, reads.antenna)
        present = self._live.present(self._newest_ns)
        for number, tag in {(int(port[row]), int(reads.tag[row])) for row in np.flatnonzero(badge)}:
            antenna = self._items.antennas.port(number)
            if antenna is None or not isfinite(antenna.place_m[0]):
                continue
            places = {
                who: person.floor_m
                for who, person in present.items()
                if person.floor_m is not None and antenna.floor_id in ("", person.floor_id)
            }
            wearer = self._badges.read(
                reads.epcs[tag], antenna.place_m, places, int(reads.time_ns[-1])
            )
            if wearer is not None:
                self._visits.mark_carrier(wearer)
        self._badges.forget(self._visits.known())
        return replace(batch, reads=reads.take(~badge))

    def people_count(self) -> int:
        """Distinct visitors so far."""
        return self._linker.people

    def tracks_count(self) -> int:
        """Distinct tracks so far."""
        return self._linker.tracks


def _standing(people: Mapping[int, LivePerson]) -> Iterator[Standing]:
    for visitor, person in people.items():
        if person.floor_m is not None:
            yield Standing(visitor, person.number, person.floor_id, person.floor_m)


def _present(people: Mapping[int, LivePerson]) -> Iterator[Present]:
    for visitor, person in people.items():
        if person.floor_m is not None and person.floor_id:
            yield Present(visitor, person.floor_id, person.floor_m, person.zone_ids)
