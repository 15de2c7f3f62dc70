"""How things are now: the newest views of people, tags, garments and counts, told to streams."""

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np

from edge_core.clock import Clock
from edge_core.config import SiteConfig
from edge_core.ledger import LedgerReader
from edge_core.runtime.board import HealthRow
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.schema import LiveView
from edge_core.service.stream import StreamHub
from edge_core.service.views import counts_today, live_view, site_view, tags_view
from edge_core.units import NS_PER_MS

_TAGS_NS: Final = 500 * NS_PER_MS
_LATENCIES: Final = 2048


class LiveState:
    """Makes the newest views and publishes them. The core's loop alone calls; any thread may read.

    Args:
        site: the site's settings.
        pipeline: knows who is in view.
        items: knows what is in view.
        ledger: today's crossings.
        hub: where open streams are told.
        clock: the clocks.
        row: the core's, of the health board.

    Attributes:
        site: the plan and the names.
        live, tags, garments: the newest views.
        latency_ms_p95: of the newest live views; None before the first.
    """

    def __init__(
        self,
        site: SiteConfig,
        pipeline: CorePipeline,
        items: ItemPipeline,
        ledger: LedgerReader,
        hub: StreamHub,
        clock: Clock,
        row: HealthRow,
    ) -> None:
        self._pipeline, self._items, self._ledger = pipeline, items, ledger
        self._hub, self._clock, self._row = hub, clock, row
        self._zone_ids = [zone.id for zone in site.zones]
        self._has_readers = bool(site.readers)
        self._untold_since_ns: int | None = None
        self._tags_due_ns = 0
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES)
        self.latency_ms_p95: float | None = None
        self.site = site_view(site)
        self.live = self._make_live()
        self.tags = self._make_tags()
        self.garments = self._make_garments()

    @property
    def is_behind(self) -> bool:
        """Whether sightings came that no screen was told of."""
        return self._untold_since_ns is not None

    def see(self, received_mono_ns: int) -> None:
        """Sightings of frames received at this moment are in the pipeline now."""
        if self._untold_since_ns is None:
            self._untold_since_ns = received_mono_ns

    def tell_live(self) -> LiveView:
        """Tell who is in view; returns what was told."""
        self.live = self._make_live()
        self._untold_since_ns = None
        self._latencies_ms.append(self.live.latency_ms)
        self._row.set("people", len(self.live.people))
        self._hub.publish_live(self.live)
        return self.live

    def tell_things(self, now_mono_ns: int) -> None:
        """Tell which garments are where, if that is new, and twice a second the tags in view."""
        if not self._has_readers:
            return
        before, self.garments = self.garments, self._make_garments()
        if before.zones != self.garments.zones:  # mirrors are few, and mostly nobody is there
            self._hub.publish_garments(self.garments)
        if now_mono_ns >= self._tags_due_ns:
            self._tags_due_ns = now_mono_ns + _TAGS_NS
            self.tags = self._make_tags()
            self._row.set("tags", len(self.tags.tags))
            self._hub.publish_tags(self.tags)

    def tell_counts(self, inside: int | None) -> None:
        """Tell today's totals.

        Args:
            inside: how many are, by the estimate; None without one.
        """
        in_view = len(self.live.people)
        today = counts_today(self._ledger, self.site, in_view, self._clock.utc_ns(), inside)
        self._hub.publish_counts(today)

    def refresh(self) -> None:
        """What changes even when nothing arrives; to be called every second."""
        if self._latencies_ms:
            self.latency_ms_p95 = round(float(np.percentile(self._latencies_ms, 95)), 1)
            self._row.set("latency_p95_us", round(1000 * self.latency_ms_p95))
        if not self.is_behind:
            self.live = self._make_live()  # people leave the view
            self._hub.publish_live(self.live)

    def _make_live(self) -> LiveView:
        now_ns = self._clock.monotonic_ns()
        snapshot = self._pipeline.snapshot(now_ns, self._clock.utc_ns())
        oldest_ns = now_ns if self._untold_since_ns is None else self._untold_since_ns
        return live_view(replace(snapshot, received_mono_ns=oldest_ns), now_ns, self._zone_ids)

    def _make_tags(self) -> TagsView:
        now_ns = self._clock.monotonic_ns()
        zones = self._items.antennas.zones
        return tags_view(self._items.in_view(now_ns), zones, now_ns, self._clock.utc_ns())

    def _make_garments(self) -> GarmentsView:
        now_ns = self._clock.monotonic_ns()
        return garments_view(self._items.nearby(now_ns), now_ns, self._clock.utc_ns())
