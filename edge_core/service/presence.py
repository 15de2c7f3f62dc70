"""What is summed up of everybody's place: heat, moves, engagement, traits."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from edge_core.analytics import (
    Crossing,
    DemographicsMeter,
    DwellMeter,
    FlowMeter,
    HeatMeter,
    PaceMeter,
)
from edge_core.analytics.flows import CERTAIN_NS, ends_of
from edge_core.analytics.heatmap import grid_of
from edge_core.analytics.pace import Present
from edge_core.analytics.visible import height_map, visible_cells, walkable_cells
from edge_core.config import SiteConfig
from edge_core.floor_view import FloorView
from edge_core.ledger import SiteTime
from edge_core.ledger.site_time import NS_PER_MINUTE
from edge_core.types import (
    BoolArray,
    Event,
    FloorGrid,
    Int64Array,
    Observation,
    PresenceSums,
    TrackKey,
    TraitCount,
)
from edge_core.units import ns_from_s
from edge_core.vision.floor import calibrate

WATCHING_NS: Final = ns_from_s(2)
"""A camera silent for longer watches no more."""

IsStaff = Callable[[int], bool]


class FloorPlans:
    """The cells of every floor, and which of them the site's cameras see.

    Args:
        site: floors, fixtures and calibrated cameras.

    Attributes:
        grids: by floor.
        seen_by: bool (cells,) by floor and camera: somebody who stands there is seen.
        walkable: bool (cells,) by floor.
    """

    def __init__(self, site: SiteConfig) -> None:
        self.grids: dict[str, FloorGrid] = {}
        self.seen_by: dict[str, dict[str, BoolArray]] = {}
        self.walkable: dict[str, BoolArray] = {}
        for floor in site.floors:
            grid = self.grids[floor.id] = grid_of(floor.id, floor.outline_m)
            heights = height_map(grid, floor.fixtures)
            walkable = walkable_cells(grid, floor.outline_m, floor.fixtures)
            self.walkable[floor.id] = walkable
            self.seen_by[floor.id] = {}
            for camera in site.cameras:
                lens = calibrate(camera) if camera.floor == floor.id else None
                if lens is None:
                    continue
                view = FloorView(
                    lens.to_floor, lens.picture_px, lens.least_depth, camera.position_m
                )
                seen = visible_cells(grid, view, heights)
                self.seen_by[floor.id][camera.id] = seen & walkable

    def visible(self) -> dict[str, BoolArray]:
        """Bool (cells,) by floor: seen by any camera."""
        return {
            floor: np.asarray(
                np.any([np.zeros(grid.cells, np.bool_), *self.seen_by[floor].values()], axis=0),
                np.bool_,
            )
            for floor, grid in self.grids.items()
        }


class PresencePipeline:
    """Feeds the meters that look at everybody at once.

    Args:
        site: floors, zones, lines and cameras.
        plans: of the same site.
        dwell: told who is engaged.
        is_staff: whether a visitor works here; such are left out of everything.
        resumed_ns: how far an earlier life of the process has kept its sums; 0 = there was none.
    """

    def __init__(
        self,
        site: SiteConfig,
        plans: FloorPlans,
        dwell: DwellMeter,
        is_staff: IsStaff = lambda _: False,
        resumed_ns: int = 0,
    ) -> None:
        floors = {
            camera.id: camera.floor
            for camera in site.cameras
            if camera.floor is not None and camera.calibration
        }
        lines = [
            (floor, line)
            for line in site.lines
            if line.entrance and (floor := floors.get(line.camera)) is not None
        ]
        self._dwell = dwell
        self._is_staff = is_staff
        self._pace = PaceMeter()
        self._heat = HeatMeter(plans.grids, resumed_ns)
        end_at = ends_of(plans.grids, plans.visible(), lines, site.zones)
        self._flows = FlowMeter(site.zones, floors, end_at, resumed_ns)
        self._traits = DemographicsMeter(site.attributes.told)
        self._traits_on = bool(site.attributes.told)
        self._time = SiteTime(site.site.timezone)
        self._floors = floors
        self._camera_ns: dict[str, int] = {}
        self._visitor_of: dict[TrackKey, int] = {}
        self._hour: int | None = None
        self._look_ns: int | None = None
        self._present: dict[int, dict[str, int]] = {}
        self._counts: list[TraitCount] = []
        self._now = (0, 0)

    def ingest(
        self, observation: Observation, visitor: Int64Array, crossings: Sequence[Crossing]
    ) -> list[Event]:
        """Take in one observation; returns the moves that are certain now.

        Args:
            observation: of one camera.
            visitor: int64 (N,), the visitor of each of its tracks; 0 for nobody.
            crossings: that it completes.
        """
        self._camera_ns[observation.camera_id] = observation.mono_ns
        if self._traits_on:
            self._learn(observation, visitor, crossings)
        staff = [self._is_staff(who) for who in visitor.tolist()]
        return self._flows.ingest(observation, np.where(staff, 0, visitor))

    def _learn(
        self, observation: Observation, visitor: Int64Array, crossings: Sequence[Crossing]
    ) -> None:
        """Who came in, and of tracks that ended, what was seen of the people."""
        for index, who in enumerate(visitor.tolist()):
            self._visitor_of[observation.key(index)] = who
        for crossing in crossings:
            who = self._visitor_of.get(crossing.track, 0)
            if crossing.event.data["direction"] == "in" and who and not self._is_staff(who):
                self._traits.see(who, (crossing.event.place_id,), observation.mono_ns)
        told = {traits.track_id: traits for traits in observation.traits}
        for track in observation.ended.tolist():
            key = TrackKey(observation.camera_id, observation.epoch, track)
            who = self._visitor_of.pop(key, 0)
            if who and track in told:
                self._traits.learn(who, told[track])

    def see(self, everybody: Iterable[Present], mono_ns: int, utc_ns: int) -> None:
        """Take in everybody in view, some four times a second."""
        self._now = (mono_ns, utc_ns)
        people = [person for person in everybody if not self._is_staff(person.visitor)]
        self._pace.see(people, mono_ns)
        self._dwell.engage(self._pace.slow_since_ns, mono_ns)
        self._heat.see(people, self._pace.speeds_m_s(), self._watching(mono_ns), mono_ns, utc_ns)
        hour = self._time.hour(utc_ns)
        if self._hour is not None and hour != self._hour:
            self._look_ns = hour * NS_PER_MINUTE
        if self._look_ns is not None and utc_ns >= self._look_ns + CERTAIN_NS:
            self._present[self._look_ns] = self._flows.present_at(self._look_ns)
            self._look_ns = None
        if self._traits_on:
            for person in people:
                self._traits.see(person.visitor, person.zone_ids, mono_ns)
            self._counts += self._traits.take(hour, mono_ns, utc_ns)
        self._hour = hour

    def join(self, kept: int, gone: int) -> list[Event]:
        """Two visitors turned out to be one; returns the moves that this ends."""
        self._pace.join(kept, gone)
        self._heat.join(kept, gone)
        self._traits.join(kept, gone)
        for key, who in self._visitor_of.items():
            if who == gone:
                self._visitor_of[key] = kept
        return self._flows.join(kept, gone)

    def forget(self, visitor: int) -> list[Event]:
        """Somebody is known no more; returns the moves that this ends."""
        self._traits.forget(visitor)
        self._visitor_of = {key: who for key, who in self._visitor_of.items() if who != visitor}
        return self._flows.forget(visitor)

    def finish(self) -> list[Event]:
        """End what is open."""
        mono_ns, utc_ns = self._now
        if self._traits_on and self._hour is not None:
            self._counts += self._traits.take(self._hour, mono_ns, utc_ns, ending=True)
        return self._flows.finish()

    def take(self) -> tuple[list[PresenceSums], dict[int, dict[str, int]], list[TraitCount]]:
        """What was summed up since the last call: see `Ledger.add_presence` and `add_traits`."""
        present, self._present = self._present, {}
        counts, self._counts = self._counts, []
        return self._heat.take(), present, counts

    def _watching(self, mono_ns: int) -> dict[str, tuple[str, ...]]:
        """By floor, the cameras that were heard of lately."""
        found: dict[str, tuple[str, ...]] = {}
        for camera, last_ns in sorted(self._camera_ns.items()):
            floor = self._floors.get(camera)
            if floor is not None and mono_ns - last_ns <= WATCHING_NS:
                found[floor] = (*found.get(floor, ()), camera)
        return found
