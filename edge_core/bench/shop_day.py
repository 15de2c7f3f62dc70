"""A whole simulated day of a store with three doors: who came, with whom, and where they went.

Nothing is rendered. People come alone and in groups, some come back, staff come and go all day,
and others pass by outside or turn back on the doorstep. All chance comes from the seed.
"""

from dataclasses import dataclass, field
from math import log
from typing import Final

import numpy as np

from edge_core.config.zones import LineConfig, ZoneConfig

DAY_S: Final = 24 * 3600.0
OPENS_S: Final = 10 * 3600.0
CLOSES_S: Final = 20 * 3600.0
FLOOR: Final = "ground"
SIZE_M: Final = (40.0, 25.0)
DOORS: Final = (
    # id, start, end: the right hand of somebody who walks from start to end is inside.
    ("south", (22.5, 25.0), (17.5, 25.0)),
    ("west", (0.0, 14.0), (0.0, 10.0)),
    ("north", (28.0, 0.0), (32.0, 0.0)),
)
DOOR_SHARE: Final = (0.55, 0.3, 0.15)
INWARD: Final = {"south": (0.0, -1.0), "west": (1.0, 0.0), "north": (0.0, 1.0)}
ZONES: Final = (
    ("women", (3, 14, 14, 22), True),
    ("men", (26, 14, 37, 22), True),
    ("kids", (15, 12, 25, 20), False),
    ("shoes", (3, 3, 14, 11), True),
    ("home", (15, 3, 25, 11), False),
    ("sport", (26, 3, 37, 11), True),
    ("back", (37.5, 3, 39.8, 9), True),
)
"""Zone, its box, and whether a camera looks at it. Only staff stand in the last one."""
STAFF_ZONE: Final = "back"
GROUP_SIZES: Final = ((1, 0.62), (2, 0.26), (3, 0.08), (4, 0.04))
VISIT_MEDIAN_S: Final = 15 * 60.0
VISIT_SIGMA: Final = 0.7
RETURN_SHARE: Final = 0.06
SAME_DOOR: Final = 0.7
TURN_BACK_SHARE: Final = 0.01
PASSING_PER_VISITOR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Leg:
    """Time in one zone."""

    zone_id: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class TrueVisit:
    """One visit, from crossing to crossing; seconds of the day."""

    person: int
    entrance: str
    exit: str
    enter_s: float
    leave_s: float
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class TrueCrossing:
    """One crossing of one door."""

    time_s: float
    line_id: str
    direction: str
    person: int
    beside_m: float


@dataclass(slots=True)
class ShopDay:
    """The truth of one day.

    Attributes:
        visits: all, of visitors and staff.
        crossings: of those, and of people who turned back on the doorstep.
        passers: (time, door, person) of people who pass by outside.
        group_of: size of the group each visitor came with, by person.
        staff: persons who work here.
    """

    visits: list[TrueVisit] = field(default_factory=list)
    crossings: list[TrueCrossing] = field(default_factory=list)
    passers: list[tuple[float, str, int]] = field(default_factory=list)
    group_of: dict[int, int] = field(default_factory=dict)
    staff: set[int] = field(default_factory=set)

    @property
    def visitors(self) -> set[int]:
        """Different people who visited, staff left out."""
        return {visit.person for visit in self.visits} - self.staff

    def occupancy(self, at_s: np.ndarray) -> np.ndarray:
        """People inside at rising moments, staff included."""
        enter = np.sort([c.time_s for c in self.crossings if c.direction == "in"])
        leave = np.sort([c.time_s for c in self.crossings if c.direction == "out"])
        return np.searchsorted(enter, at_s, "right") - np.searchsorted(leave, at_s, "right")


def lines() -> tuple[LineConfig, ...]:
    """The doors as counting lines, one camera each."""
    return tuple(
        LineConfig(id=door, name=door, camera=f"{door}-door", start_m=start, end_m=end)
        for door, start, end in DOORS
    )


def zones() -> tuple[ZoneConfig, ...]:
    """The departments."""
    return tuple(
        ZoneConfig(
            id=zone,
            name=zone,
            floor=FLOOR,
            polygon_m=((x1, y1), (x2, y1), (x2, y2), (x1, y2)),
        )
        for zone, (x1, y1, x2, y2), _ in ZONES
    )


def simulate_day(seed: int, visitors: int = 1200, staff: int = 8) -> ShopDay:
    """One day.

    Args:
        seed: the only source of chance.
        visitors: expected number of different people.
        staff: how many work here.
    """
    day, rng = ShopDay(), np.random.default_rng((seed, 11))
    sizes, shares = zip(*GROUP_SIZES, strict=True)
    groups = rng.poisson(visitors / np.dot(sizes, shares))
    person = 0
    for start_s in np.sort(_arrival_s(rng, groups)).tolist():
        size = int(rng.choice(sizes, p=shares))
        members = list(range(person + 1, person + size + 1))
        person += size
        _group_visit(day, rng, members, start_s)
        day.group_of |= dict.fromkeys(members, size)
    for _ in range(staff):
        person += 1
        day.staff.add(person)
        _shift(day, rng, person)
    person = _passers(day, rng, person, round(visitors * PASSING_PER_VISITOR))
    day.crossings.sort(key=lambda it: it.time_s)
    return day


def _arrival_s(rng: np.random.Generator, count: int) -> np.ndarray:
    """Two peaks, at noon and before evening, over the opening hours."""
    noon = rng.normal(12.6 * 3600, 1.1 * 3600, count)
    evening = rng.normal(17.2 * 3600, 1.2 * 3600, count)
    flat = rng.uniform(OPENS_S, CLOSES_S - 600, count)
    which = rng.random(count)
    chosen = np.where(which < 0.35, noon, np.where(which < 0.75, evening, flat))
    outside = (chosen < OPENS_S + 60) | (chosen > CLOSES_S - 900)
    return np.where(outside, flat, chosen)


def _door(rng: np.random.Generator) -> str:
    return str(rng.choice([door for door, _, _ in DOORS], p=DOOR_SHARE))


def _group_visit(day: ShopDay, rng: np.random.Generator, members: list[int], at_s: float) -> None:
    stay_s = float(np.clip(rng.lognormal(log(VISIT_MEDIAN_S), VISIT_SIGMA), 60, 2.5 * 3600))
    leave_s = min(at_s + stay_s, CLOSES_S + rng.uniform(0, 600))
    entrance = _door(rng)
    last = entrance if rng.random() < SAME_DOOR else _door(rng)
    _visit(day, rng, members, entrance, last, at_s, leave_s)
    back_s = leave_s + rng.uniform(180, 1200)
    if rng.random() < RETURN_SHARE and back_s < CLOSES_S - 1200:
        again_s = back_s + float(np.clip(rng.lognormal(log(420), 0.5), 60, 1100))
        _visit(day, rng, members, last, last, back_s, again_s)


def _visit(
    day: ShopDay,
    rng: np.random.Generator,
    members: list[int],
    entrance: str,
    last: str,
    enter_s: float,
    leave_s: float,
) -> None:
    """All members of a group go through the doors side by side and from zone to zone together."""
    legs = _legs(rng, enter_s + 6, leave_s - 6)
    middle = rng.uniform(-0.8, 0.8, 2)
    for place, person in enumerate(members):
        beside = float(place - (len(members) - 1) / 2) * 0.75
        enter = enter_s + float(rng.normal(0, 0.4)) + 0.5 * (place // 2)
        leave = leave_s + float(rng.normal(0, 0.4)) + 0.5 * (place // 2)
        day.visits.append(TrueVisit(person, entrance, last, enter, leave, legs))
        day.crossings.append(TrueCrossing(enter, entrance, "in", person, middle[0] + beside))
        day.crossings.append(TrueCrossing(leave, last, "out", person, middle[1] + beside))


def _legs(rng: np.random.Generator, start_s: float, end_s: float) -> tuple[Leg, ...]:
    """From zone to zone, with walks of ten seconds in between."""
    legs, now = [], start_s
    open_zones = [zone for zone, _, _ in ZONES if zone != STAFF_ZONE]
    while end_s - now > 12:
        until = min(end_s, now + float(rng.lognormal(log(120), 0.8)))
        legs.append(Leg(str(rng.choice(open_zones)), now, until))
        now = until + 10
    return tuple(legs)


def _shift(day: ShopDay, rng: np.random.Generator, person: int) -> None:
    """Work from before opening until after closing, with breaks outside and time in the back."""
    now = OPENS_S - rng.uniform(600, 2400)
    ends = CLOSES_S + rng.uniform(700, 1500)
    day.group_of[person] = 1
    while now < ends - 3600:
        out = min(ends, now + rng.uniform(1.8, 3.2) * 3600)
        if ends - out < 3600:
            out = ends
        legs = _staff_legs(rng, now + 6, out - 6)
        day.visits.append(TrueVisit(person, "north", "north", now, out, legs))
        for at, way in ((now, "in"), (out, "out")):
            day.crossings.append(TrueCrossing(at, "north", way, person, 0.0))
        now = out + rng.uniform(900, 1800)


def _staff_legs(rng: np.random.Generator, start_s: float, end_s: float) -> tuple[Leg, ...]:
    legs, now = [], start_s
    while end_s - now > 12:
        in_back = rng.random() < 0.2
        zone = STAFF_ZONE if in_back else str(rng.choice([z for z, _, _ in ZONES[:-1]]))
        until = min(end_s, now + float(rng.lognormal(log(240), 0.7)))
        legs.append(Leg(zone, now, until))
        now = until + 10
    return tuple(legs)


def _passers(day: ShopDay, rng: np.random.Generator, person: int, count: int) -> int:
    for at_s in rng.uniform(OPENS_S - 1800, CLOSES_S + 1800, count).tolist():
        person += 1
        door = _door(rng)
        if rng.random() < TURN_BACK_SHARE / PASSING_PER_VISITOR and OPENS_S < at_s < CLOSES_S:
            beside = float(rng.uniform(-1, 1))
            for late, way in ((0.0, "in"), (float(rng.uniform(3, 9)), "out")):
                day.crossings.append(TrueCrossing(at_s + late, door, way, person, beside))
        else:
            day.passers.append((at_s, door, person))
    return person
