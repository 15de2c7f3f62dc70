"""Counts of simulated days: entries, occupancy, unique visitors, groups, staff, against the truth.

Three days nobody tuned anything on, of a store with three doors (`shop_day`), at the level of
tracks (`day_cameras`): line counting, visits and occupancy are the product's, cameras' errors were
measured on rendered pictures, identity's errors are drawn. All of it is simulated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, time
from random import Random
from typing import Final

import numpy as np

from edge_core.analytics import LineCounter, VisitMeter, ZoneMap
from edge_core.analytics.audit import Shift, judge
from edge_core.analytics.matching import Events, match_events
from edge_core.analytics.occupancy import Occupancy
from edge_core.analytics.occupancy_meter import OccupancyMeter
from edge_core.analytics.unique import IdentityRates
from edge_core.bench.day_cameras import DoorErrors, Identity, Seen, observe
from edge_core.bench.shop_day import (
    CLOSES_S,
    DOORS,
    FLOOR,
    OPENS_S,
    STAFF_ZONE,
    ZONES,
    ShopDay,
    lines,
    simulate_day,
    zones,
)
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.service.audit_report import SIMULATED, AuditReport
from edge_core.types import Event
from edge_core.units import NS_PER_S, ns_from_s

SEEDS: Final = (71, 72, 73)
"""Nothing was chosen on these."""
AUDIT_SEED: Final = 70
AUDIT_S: Final = (12 * 3600.0, 14 * 3600.0)
"""Of another day, so long is audited for identity's rates."""
TOLERANCE_S: Final = 3.0
SPAN_S: Final = 900.0
LEAST: Final = 5
"""Spans with fewer true crossings are left out of the mean percentage error."""
_MINUTE_S: Final = 60.0
_SHOWN_S: Final = 3.0


@dataclass(slots=True)
class Counted:
    """What was counted on one day, beside its truth.

    Attributes:
        day: the truth.
        identity: who was taken for whom.
        crossings, visits: events told.
        inside: by minute, the time in seconds, the estimate, and counted in minus counted out.
    """

    day: ShopDay
    identity: Identity
    crossings: list[Event] = field(default_factory=list)
    visits: list[Event] = field(default_factory=list)
    inside: list[tuple[float, Occupancy | None, int]] = field(default_factory=list)


def count_day(
    seed: int, errors: DoorErrors, occupancy: OccupancyMeter | None = None, day_number: int = 0
) -> Counted:
    """Run the product's counting over one simulated day.

    Args:
        seed: of the day and its errors.
        errors: of the cameras and of identity.
        occupancy: goes on from earlier days.
        day_number: since 1970; days that share an occupancy meter come one after the other.
    """
    day = simulate_day(seed)
    seen, identity = observe(day, errors, seed, day_number)
    counted = Counted(day, identity)
    floors = _floors()
    counters = [LineCounter(line) for line in lines()]
    visits = VisitMeter(
        ZoneMap(zones()), floors, lines(), rules=VisitsConfig(),
        staff=StaffConfig(zones=(STAFF_ZONE,)), timezone=UTC, rng=Random(seed), remember_s=1800,
    )  # fmt: skip
    meter = occupancy or occupancy_meter()
    began_s = day_number * 86_400.0
    minute_s, net = OPENS_S - 3600, 0
    for one in seen:
        at_s = one.observation.utc_ns / NS_PER_S - began_s
        while at_s >= minute_s + _MINUTE_S:
            minute_s += _MINUTE_S
            _judge(counted, meter, visits, began_s + minute_s, net)
        events = _take(one, counters, visits, counted)
        meter.cross(events)
        net += sum(1 if event.data["direction"] == "in" else -1 for event in events)
    while minute_s < 86_400 - 2 * _MINUTE_S:
        minute_s += _MINUTE_S
        _judge(counted, meter, visits, began_s + minute_s, net)
    counted.visits += visits.finish()
    return counted


def occupancy_meter() -> OccupancyMeter:
    """The store's."""
    cameras = {line.id: line.camera for line in lines()}
    opens, closes = (time(int(at // 3600)) for at in (OPENS_S, CLOSES_S))
    return OccupancyMeter(cameras, opens, closes, UTC)


def _floors() -> dict[str, str]:
    cameras = [f"{door}-door" for door, _, _ in DOORS]
    cameras += [f"{zone}-camera" for zone, _, watched in ZONES if watched]
    return dict.fromkeys(cameras, FLOOR)


def _take(
    one: Seen, counters: list[LineCounter], visits: VisitMeter, counted: Counted
) -> list[Event]:
    """As `CorePipeline.ingest`, with the identity that was drawn."""
    crossings = [it for counter in counters for it in counter.ingest(one.observation)]
    for earlier, later in one.continued:
        crossings += [it for counter in counters for it in counter.join(earlier, later)]
    for kept, gone in one.merged:
        counted.visits += visits.merge(kept, gone)
    numbers = {who: who for who in one.visitor.tolist()}
    counted.visits += visits.ingest(one.observation, one.visitor, numbers, crossings)
    events = [crossing.event for crossing in crossings]
    counted.crossings += events
    return events


def _judge(
    counted: Counted, meter: OccupancyMeter, visits: VisitMeter, at_s: float, net: int
) -> None:
    at_ns = ns_from_s(at_s)
    for camera in {line.camera for line in lines()}:
        meter.watch(camera, at_ns // (60 * NS_PER_S) - 1, 60.0)
    meter.advance(at_ns, visits.seen_inside(at_ns - ns_from_s(_SHOWN_S)))
    counted.inside.append((at_s % 86_400, meter.now().estimate, net))


def rates_of(counted: Counted, between_s: tuple[float, float]) -> IdentityRates:
    """What a perfect audit of some time of a day finds about splits and merges."""
    first: dict[int, float] = {}
    for visit in counted.day.visits:
        if visit.person in counted.day.visitors:
            first.setdefault(visit.person, visit.enter_s)
    start, end = between_s
    persons = {who for who, at_s in first.items() if start <= at_s < end}
    owners = [
        counted.identity.owner[visit.data["visit"]]
        for visit in counted.visits
        if not visit.data["again"] and not visit.data["staff"]
    ]
    clusters = [who for who in owners if who in persons]
    own = len(set(clusters))
    return IdentityRates(
        len(clusters) - own, len(clusters), len(persons) - own, len(persons), "simulated"
    )


def crossing_events(counted: Counted, directions: Sequence[str] = ("in", "out")) -> Events:
    """Found, true and both, over all doors; pairs are of one door and direction."""
    total = Events(0, 0, 0)
    for door, _, _ in DOORS:
        for way in directions:
            found, true = _times(counted, door, way)
            total += Events(len(match_events(found, true, TOLERANCE_S)), len(found), len(true))
    return total


def _times(counted: Counted, door: str, way: str) -> tuple[list[float], list[float]]:
    found = [
        event.utc_ns / NS_PER_S % 86_400
        for event in counted.crossings
        if event.place_id == door and event.data["direction"] == way
    ]
    true = [
        crossing.time_s
        for crossing in counted.day.crossings
        if crossing.line_id == door and crossing.direction == way
    ]
    return found, true


def spans(counted: Counted, way: str) -> tuple[np.ndarray, np.ndarray]:
    """Found and true crossings of all doors by quarter of an hour, float64 (N,)."""
    edges = np.arange(OPENS_S - 3600, CLOSES_S + 3600 + 1, SPAN_S)
    pairs = [_times(counted, door, way) for door, _, _ in DOORS]
    found, true = ([at for pair in pairs for at in pair[side]] for side in (0, 1))
    return (
        np.histogram(found, edges)[0].astype(np.float64),
        np.histogram(true, edges)[0].astype(np.float64),
    )


def audit_simulated(seed: int, tolerance_s: float) -> AuditReport:
    """The accuracy audit of one simulated day, by its truth."""
    counted = count_day(seed, DoorErrors())
    shifts = [
        Shift(
            "truth",
            door,
            OPENS_S - 3600,
            CLOSES_S + 3600,
            {way: tuple(_times(counted, door, way)[1]) for way in ("in", "out")},
        )
        for door, _, _ in DOORS
    ]
    rates = rates_of(counted, (0.0, 86_400.0))
    lines_judged = judge(shifts, counted.crossings, tolerance_s)
    return AuditReport(None, None, tuple(lines_judged), rates, SIMULATED)
