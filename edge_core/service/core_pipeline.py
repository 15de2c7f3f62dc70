"""What the core process does with observations and tag reads, from top to bottom."""

from collections.abc import Iterator
from random import Random

from edge_core.analytics import DwellMeter, LineCounter, ZoneMap
from edge_core.config.site import SiteConfig
from edge_core.identity import LivePeople, VisitorLinker
from edge_core.identity.site_graph import site_graph
from edge_core.service.floor_paths import STEP_NS, Standing
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.site_learning import SiteLearning
from edge_core.types import Event, LiveSnapshot, Observation, ReaderBatch


class CorePipeline:
    """Turns observations and tag reads into visitors, durable events and live people.

    Pure: no I/O and no clock. Observations of one camera come in order; those of different
    cameras are compared by their times, so they should come roughly in order too.

    Args:
        site: cameras, lines, zones and privacy policy.
        rng: source of the numbers that name people on screens.
        items: follows the garments; None where there are no readers.

    Attributes:
        zones: where the zones are.
        learning: what identity learns of the site, to be kept over restarts.
    """

    def __init__(self, site: SiteConfig, rng: Random, items: ItemPipeline | None = None) -> None:
        floors = {
            camera.id: camera.floor
            for camera in site.cameras
            if camera.floor is not None and camera.calibration
        }
        self.zones = ZoneMap(site.zones)
        self._linker = VisitorLinker(floors, rng, site.privacy.embedding_ttl_s, site_graph(site))
        self.learning = SiteLearning(self._linker.handover, site.site.timezone)
        self._live = LivePeople(self._linker, self.zones.zones_at)
        self._lines = tuple(LineCounter(line) for line in site.lines)
        self._dwell = DwellMeter(self.zones, floors)
        self._received_mono_ns = 0
        self._items = items
        self._placed_ns = 0

    def ingest(self, observation: Observation) -> list[Event]:
        """Take in one observation; returns the events it completes."""
        self._received_mono_ns = max(self._received_mono_ns, observation.received_mono_ns)
        self.learning.see(observation)
        linked = self._linker.ingest(observation)
        events = [event for line in self._lines for event in line.ingest(observation)]
        for earlier, later in linked.continued:
            events += [event for line in self._lines for event in line.join(earlier, later)]
        self._merge(linked.merged)
        self._place(observation.mono_ns)
        return events + self._dwell.ingest(observation, linked.visitor)

    def ingest_tags(self, batch: ReaderBatch, ahead_ns: int) -> list[Event]:
        """Take in a reader's reads; see `ItemPipeline.ingest`. Nothing without item pipeline."""
        return self._items.ingest(batch, ahead_ns) if self._items is not None else []

    def finish(self) -> list[Event]:
        """End what is open, at the end of a recording or of the service."""
        self._merge(self._linker.finish())
        items = self._items.finish() if self._items is not None else []
        return items + self._dwell.finish()

    def snapshot(self, mono_ns: int, utc_ns: int) -> LiveSnapshot:
        """Everybody in view at a moment, each once; appearances too old by then are dropped."""
        self._linker.forget(mono_ns)
        return self._live.snapshot(mono_ns, utc_ns, self._received_mono_ns)

    def occupancy(self, snapshot: LiveSnapshot) -> dict[str, int]:
        """People in each zone of a snapshot."""
        return self.zones.occupancy(snapshot.people)

    def _merge(self, merged: tuple[tuple[int, int], ...]) -> None:
        """Tell everybody who counts by visitors which of them turned out to be one."""
        for kept, gone in merged:
            self._dwell.merge(kept, gone)
            if self._items is not None:
                self._items.join(kept, gone)

    def _place(self, mono_ns: int) -> None:
        """Tell the item pipeline where everybody is, four times a second."""
        if self._items is None or mono_ns - self._placed_ns < STEP_NS:
            return
        self._placed_ns = mono_ns
        self._items.see(self._standing(mono_ns), mono_ns)

    def _standing(self, mono_ns: int) -> Iterator[Standing]:
        for visitor, person in self._live.present(mono_ns).items():
            if person.floor_m is not None:
                yield Standing(visitor, person.number, person.floor_id, person.floor_m)

    def people_count(self) -> int:
        """Distinct visitors so far."""
        return self._linker.people

    def tracks_count(self) -> int:
        """Distinct tracks so far."""
        return self._linker.tracks
