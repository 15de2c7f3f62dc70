"""How many people are inside, kept up by the core process from crossings and from who is seen."""

import logging
from queue import Empty, SimpleQueue
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.analytics.occupancy_meter import LONGEST_CATCH_UP_MIN, OccupancyMeter
from edge_core.clock import Clock
from edge_core.config import SiteConfig
from edge_core.ledger import LedgerReader
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.visit_views import occupancy_view
from edge_core.service.visits_schema import OccupancyView
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S, ns_from_s

_SHOWN_NS: Final = ns_from_s(3)
_MINUTE_S: Final = 60

log = logging.getLogger(__name__)


class CrowdKeeper:
    """Runs the occupancy meter in the core process. `mark_staff` may be called by any thread.

    Args:
        site: entrances and hours.
        pipeline: who is seen.
        ledger: crossings that are durable, and what an earlier life of the process knew.
        clock: the clocks.

    Attributes:
        view: the newest state.
    """

    def __init__(
        self, site: SiteConfig, pipeline: CorePipeline, ledger: LedgerReader, clock: Clock
    ) -> None:
        self._entrances = {line.id: line.camera for line in site.lines if line.entrance}
        self._sees_floor = any(camera.floor and camera.calibration for camera in site.cameras)
        self._pipeline, self._ledger, self._clock = pipeline, ledger, clock
        self._marked: SimpleQueue[int] = SimpleQueue()
        self._meter = OccupancyMeter(
            self._entrances, site.site.opens, site.site.closes, ZoneInfo(site.site.timezone)
        )
        self._restore()
        self.view: OccupancyView = self._make_view()

    def mark_staff(self, number: int) -> None:
        """Somebody in view works here; heeded within a second."""
        self._marked.put(number)

    def cross_since(self, first_id: int, count: int) -> None:
        """Take in the crossings among events that have just become durable."""
        stored = self._ledger.events_after(first_id - 1, count)
        self._meter.cross([it.event for it in stored])

    def watch(self, camera_id: str, minute: int, seconds: float) -> None:
        """A camera was watched for some seconds of a minute."""
        self._meter.watch(camera_id, minute, seconds)

    def advance(self) -> list[Event]:
        """To be called every second; returns durable events."""
        while True:
            try:
                self._pipeline.mark_staff(self._marked.get_nowait())
            except Empty:
                break
        seen = self._seen() if self._sees_floor else None
        events = self._meter.advance(self._clock.utc_ns(), seen)
        self.view = self._make_view()
        return events

    def _seen(self) -> int:
        return self._pipeline.seen_inside(self._clock.monotonic_ns() - _SHOWN_NS)

    def _make_view(self) -> OccupancyView:
        seen, staff = self._seen(), self._pipeline.staff_inside()
        return occupancy_view(self._meter.now(), seen, staff, self._clock.utc_ns())

    def _restore(self) -> None:
        """Go on where an earlier life stopped, unless that is too long ago."""
        now_ns = self._clock.utc_ns()
        for stored in self._ledger.newest_of(EventKind.OCCUPANCY, 1):
            began_ns = stored.event.utc_ns
            if not 0 <= now_ns - began_ns < LONGEST_CATCH_UP_MIN * _MINUTE_S * NS_PER_S:
                return
            counted: dict[int, tuple[int, int]] = {}
            buckets = self._ledger.line_buckets(
                began_ns, max(now_ns, began_ns + 1), _MINUTE_S, self._entrances, now_ns
            )
            for bucket in buckets:
                minute = bucket.start_utc_ns // (_MINUTE_S * NS_PER_S)
                entered, left = counted.get(minute, (0, 0))
                counted[minute] = (entered + bucket.entered, left + bucket.left)
            try:
                self._meter.restore(stored.event, counted)
            except (KeyError, TypeError, ValueError):
                log.warning("occupancy begins anew: the last state kept cannot be read")
