"""Counts of simulated days: entries, occupancy, unique visitors, groups, staff, against the truth.

Three days nobody tuned anything on, of a store with three doors (`shop_day`), at the level of
tracks (`day_cameras`): line counting, visits and occupancy are the product's, cameras' errors are
like those measured on rendered pictures, identity's errors are drawn. All of it is simulated.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, time
from random import Random
from typing import Any, Final

import numpy as np

from edge_core.analytics import LineCounter, VisitMeter, ZoneMap
from edge_core.analytics.audit import Shift, judge
from edge_core.analytics.matching import Events, mape, match_events
from edge_core.analytics.occupancy import Occupancy
from edge_core.analytics.occupancy_meter import OccupancyMeter
from edge_core.analytics.unique import (
    AuditRates,
    UniqueVisitors,
    clusters_of,
    crossing_rates,
    unique_visitors,
)
from edge_core.bench import Figure
from edge_core.bench.day_cameras import INSIDE_CAMERA, DoorErrors, Identity, Seen, observe
from edge_core.bench.shop_day import (
    CLOSES_S,
    DOORS,
    FLOOR,
    OPENS_S,
    STAFF_ZONE,
    ShopDay,
    lines,
    simulate_day,
    zones,
)
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.service.audit_report import SIMULATED, AuditReport, rates_at
from edge_core.types import Event
from edge_core.units import NS_PER_S, ns_from_s

SEEDS: Final = (71, 72, 73)
"""Nothing was chosen on these."""
TEACH_SEED: Final = 70
"""Of the day before all of them: it teaches the occupancy filter, and is audited."""
AUDITS_S: Final = ((39_600.0, 46_800.0), (46_800.0, 55_800.0), (57_600.0, 64_800.0))
"""Each judged day is corrected by identity's rates of other hours of that day."""
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
    return dict.fromkeys([*(line.camera for line in lines()), INSIDE_CAMERA], FLOOR)


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


def rates_of(counted: Counted, between_s: tuple[float, float]) -> AuditRates:
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
    return AuditRates(
        len(clusters) - own, len(clusters), len(persons) - own, len(persons), "simulated"
    )


def crossing_events(
    counted: Counted,
    directions: Sequence[str] = ("in", "out"),
    between_s: tuple[float, float] = (0.0, 86_400.0),
) -> Events:
    """Found, true and both, over all doors; pairs are of one door and direction."""
    total, (start, end) = Events(0, 0, 0), between_s
    for door, _, _ in DOORS:
        for way in directions:
            found, true = (
                [at for at in times if start <= at < end] for times in _times(counted, door, way)
            )
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
    found = judge(shifts, counted.crossings, tolerance_s)
    rates = rates_at(found, "simulated") | {"identity": rates_of(counted, (0.0, 86_400.0))}
    return AuditReport(None, None, tuple(found), rates, SIMULATED)


def measure() -> list[Figure]:
    """Figures of three simulated days; some minutes of one core."""
    errors, meter = DoorErrors(), occupancy_meter()
    taught = count_day(TEACH_SEED, errors, meter, day_number=1)
    days = [count_day(seed, errors, deepcopy(meter), day_number=2) for seed in SEEDS]
    rates = [rates_of(taught, between_s) for between_s in AUDITS_S]
    figures = _crossing_figures(days) + _corrected_figures(days, taught)
    figures += _span_figures(days)
    figures += _visit_figures(days)
    figures += _occupancy_figures("first day", [taught])
    figures += _occupancy_figures("second day", days)
    return figures + _unique_figures(days, rates)


def _figure(name: str, value: float | None, n: int, unit: str = "", **baseline: Any) -> Figure:
    told = baseline.get("baseline"), baseline.get("ratio")
    return Figure(f"simulated, {name}", float("nan") if value is None else value, unit, *told, n)


def _crossing_figures(days: Sequence[Counted]) -> list[Figure]:
    figures = []
    for way in ("in", "out"):
        each = [crossing_events(day, (way,)) for day in days]
        total = sum(each, Events(0, 0, 0))
        netted = [events.netted or 0.0 for events in each]
        figures += [
            _figure(f"crossings {way}: event F1, ±{TOLERANCE_S:g} s", total.f1, total.true),
            _figure(f"crossings {way}: daily total, netted, mean", np.mean(netted), len(days)),
            _figure(f"crossings {way}: daily total, netted, worst", min(netted), len(days)),
        ]
    return figures


def _corrected_figures(days: Sequence[Counted], taught: Counted) -> list[Figure]:
    """Daily totals corrected by some audited hours of the day before."""
    figures = []
    for way in ("in", "out"):
        exact, inside = [], 0
        for day, between_s in zip(days, AUDITS_S, strict=True):
            counted = crossing_events(day, (way,))
            audit = crossing_rates(crossing_events(taught, (way,), between_s), "simulated")
            told = unique_visitors(counted.found, audit)
            off = abs((told.estimate or 0) - counted.true) / counted.true
            exact.append(1 - off)
            inside += told.low is not None and told.high is not None and (
                told.low <= counted.true <= told.high
            )  # fmt: skip
        name = f"crossings {way}: daily total corrected by an audit"
        figures += [
            _figure(f"{name}, mean", float(np.mean(exact)), len(days)),
            _figure(f"{name}, worst", min(exact), len(days)),
            _figure(f"{name}: days inside the 95 % interval", inside, len(days)),
        ]
    return figures


def _span_figures(days: Sequence[Counted]) -> list[Figure]:
    figures = []
    for way in ("in", "out"):
        pairs = [spans(day, way) for day in days]
        errors = [mape(found, true, LEAST) or 0.0 for found, true in pairs]
        count = sum(int((true >= LEAST).sum()) for _, true in pairs)
        name = f"crossings {way}: a quarter of an hour, netted"
        figures.append(_figure(f"{name}, mean", 1 - float(np.mean(errors)), count))
        figures.append(_figure(f"{name}, worst day", 1 - max(errors), len(days)))
    return figures


def _visit_figures(days: Sequence[Counted]) -> list[Figure]:
    """Entries of visitors without staff, who is staff, who came back, who came together."""
    entries, again, staff_hits, staff_told, staff_true, sizes = [], [], 0, 0, 0, []
    for day in days:
        mine = [visit for visit in day.visits if visit.data["staff"]]
        theirs = [visit for visit in day.visits if not visit.data["staff"]]
        true = [visit for visit in day.day.visits if visit.person not in day.day.staff]
        raw = sum(event.data["direction"] == "in" for event in day.crossings)
        told = raw - sum(bool(visit.data["entrance"]) for visit in mine)
        turned = _entries(day) - len(day.day.visits)
        entries.append(max(0.0, 1 - abs(told - len(true) - turned) / (len(true) + turned)))
        came_back = len(true) - len(day.day.visitors)
        again.append((sum(visit.data["again"] for visit in theirs), came_back))
        staff_hits += sum(_owner(day, visit) in day.day.staff for visit in mine)
        staff_told += len(mine)
        staff_true += len(day.day.visits) - len(true)
        sizes += [
            (visit.data["group"] > 1, day.day.group_of[_owner(day, visit)] > 1)
            for visit in theirs
            if visit.data["entrance"] and _owner(day, visit) in day.day.group_of
        ]
    together = Events(
        sum(a and b for a, b in sizes), sum(a for a, _ in sizes), sum(b for _, b in sizes)
    )
    back_told, back_true = (sum(side) for side in zip(*again, strict=True))
    return [
        _figure("entries without staff: daily total, netted, worst", min(entries), len(days)),
        _figure("staff: share of visits told as staff's that are", staff_hits / staff_told,
                staff_told),
        _figure("staff: visits told as staff's, to true ones", staff_hits / staff_true, staff_true),
        _figure("visits again on the day, told to true", back_told / back_true, back_true),
        _figure("came in a group or alone: F1 of groups", together.f1, len(sizes)),
    ]  # fmt: skip


def _entries(day: Counted) -> int:
    return sum(crossing.direction == "in" for crossing in day.day.crossings)


def _owner(day: Counted, visit: Event) -> int:
    return day.identity.owner[visit.data["visit"]]


def _occupancy_figures(name: str, days: Sequence[Counted]) -> list[Figure]:
    """While open: mean error of the filter and of counting in minus out, and at closing."""
    errors, nets, covered, mean, closing = [], [], [], [], []
    for day in days:
        at_s = np.array([at for at, _, _ in day.inside])
        opened = (at_s >= OPENS_S) & (at_s <= CLOSES_S)
        true = day.day.occupancy(at_s)
        known = np.array([told is not None for _, told, _ in day.inside])
        told = np.array([0.0 if it is None else it.inside for _, it, _ in day.inside])
        low = np.array([0 if it is None else it.low for _, it, _ in day.inside])
        high = np.array([0 if it is None else it.high for _, it, _ in day.inside])
        net = np.array([count for _, _, count in day.inside])
        rows = opened & known
        errors.append(np.abs(told - true)[rows].mean())
        nets.append(np.abs(net - true)[rows].mean())
        covered.append(((low <= true) & (true <= high))[rows].mean())
        mean.append(true[rows].mean())
        closing.append((told[-1], net[-1]))
    off, raw = float(np.mean(errors)), float(np.mean(nets))
    say = f"occupancy, {name}"
    baseline = f"simulated, {say}: mean error of in minus out"
    return [
        _figure(f"{say}: mean number inside", float(np.mean(mean)), len(days)),
        _figure(f"{say}: mean error of in minus out", raw, len(days), "people"),
        _figure(f"{say}: mean error", off, len(days), "people", baseline=baseline, ratio=raw / off),
        _figure(f"{say}: worst day's mean error", max(errors), len(days), "people"),
        _figure(f"{say}: share of minutes in the 90 % interval", np.mean(covered), len(days)),
        _figure(f"{say}: left at midnight", max(a for a, _ in closing), len(days), "people"),
        _figure(f"{say}: left by in minus out", max(b for _, b in closing), len(days), "people"),
    ]


def _unique_figures(days: Sequence[Counted], rates: Sequence[AuditRates]) -> list[Figure]:
    """Different people, corrected by some audited hours of the day before."""
    raw, off, inside, audited = [], [], 0, 0
    for day, audit in zip(days, rates, strict=True):
        true = len(day.day.visitors)
        found: UniqueVisitors = unique_visitors(clusters_of(day.visits), audit)
        raw.append(abs(found.clusters - true) / true)
        off.append(abs((found.estimate or 0) - true) / true)
        inside += found.low is not None and found.high is not None and (
            found.low <= true <= found.high
        )  # fmt: skip
        audited += audit.persons
    baseline = "simulated, unique visitors: error uncorrected, worst"
    return [
        _figure("unique visitors: people audited", audited, len(days)),
        _figure("unique visitors: error uncorrected, worst", max(raw), len(days)),
        _figure("unique visitors: error, worst", max(off), len(days), baseline=baseline,
                ratio=max(raw) / max(off)),
        _figure("unique visitors: error, mean", float(np.mean(off)), len(days)),
        _figure("unique visitors: days inside the 95 % interval", inside, len(days)),
    ]  # fmt: skip
