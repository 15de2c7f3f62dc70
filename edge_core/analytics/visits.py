"""Visits: who came in where and when, where they stayed, and when they left.

A visit begins with an entrance crossing, or with being seen inside where nobody saw one, and ends
with an exit crossing or after being unseen for long. It is told some time after its end, so that
who only steps out for a moment stays one visit, and so that tracks found later to be one person
make one visit. Its event is named by the crossing or the sighting that ended it: what is replayed
after a restart gives the same key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from random import Random
from typing import Final

import numpy as np

from edge_core.analytics.counts import Crossing
from edge_core.analytics.groups import Groups
from edge_core.analytics.premises import Premises
from edge_core.analytics.visit import Moment, Visit
from edge_core.analytics.zones import ZoneMap
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.config.zones import LineConfig
from edge_core.types import Event, Int64Array, Observation, TrackKey
from edge_core.units import NS_PER_S, ns_from_s

SWEEP_NS: Final = ns_from_s(1)
LATE_NS: Final = ns_from_s(10)
"""A crossing may be told so long after the track that made it was last seen."""


@dataclass(slots=True)
class _Person:
    """What is remembered of a visitor.

    Attributes:
        number: names them in events.
        seen_ns: when they were last seen anywhere.
        visit: theirs that is not told yet.
        told_day: the site's day on which their latest visit told began.
        staff: whether they work here.
    """

    number: int
    seen_ns: int
    visit: Visit | None = None
    told_day: date | None = None
    staff: bool = False


class VisitMeter:
    """Follows visitors from entrance to exit. Pure: no I/O, no clock.

    Args:
        zones: where the zones are.
        floors: floor id by camera id; a camera without one sees crossings only.
        lines: all lines; only entrances begin and end visits.
        rules: when a visit ends, and what a group is.
        staff: which zones make somebody staff.
        timezone: of the site; a visit is another one of the same day by its calendar.
        rng: source of the groups' numbers.
        remember_s: somebody unseen for so long will not be recognised any more.
    """

    def __init__(
        self,
        zones: ZoneMap,
        floors: Mapping[str, str],
        lines: Sequence[LineConfig],
        *,
        rules: VisitsConfig,
        staff: StaffConfig,
        timezone: tzinfo,
        rng: Random,
        remember_s: float,
    ) -> None:
        self._zones = zones
        self._floors = floors
        self._premises = Premises(lines, floors)
        self._entrances = frozenset(line.id for line in lines if line.entrance)
        self._settle_ns = ns_from_s(rules.settle_s)
        self._unseen_ns = ns_from_s(rules.unseen_s)
        self._remember_ns = ns_from_s(max(remember_s, rules.unseen_s))
        self._staff_zones = frozenset(staff.zones)
        self._staff_s = float(staff.zone_s)
        self._timezone = timezone
        self._groups = Groups(rules, rng)
        self._people: dict[int, _Person] = {}
        self._owners: dict[TrackKey, tuple[int, int]] = {}
        self._newest_ns = 0
        self._swept_ns = 0

    def ingest(
        self,
        observation: Observation,
        visitor: Int64Array,
        numbers: Mapping[int, int],
        crossings: Sequence[Crossing],
    ) -> list[Event]:
        """Visits told after one observation.

        Args:
            observation: one frame of one camera.
            visitor: int64 (N,), the visitor each of its tracks belongs to; 0 for nobody.
            numbers: what names those visitors outside.
            crossings: of any line, completed by this observation.
        """
        self._owners |= {
            observation.key(index): (who, observation.mono_ns)
            for index, who in enumerate(visitor.tolist())
        }
        for who in set(visitor.tolist()) - {0}:
            person = self._people.setdefault(who, _Person(numbers[who], observation.mono_ns))
            person.number, person.seen_ns = numbers[who], observation.mono_ns
        self._see_inside(observation, visitor)
        events: list[Event] = []
        for crossing in crossings:
            who, _ = self._owners.get(crossing.track, (0, 0))
            if who in self._people and crossing.event.place_id in self._entrances:
                events += self._cross(who, crossing, observation.sequence)
        self._newest_ns = max(self._newest_ns, observation.mono_ns)
        if self._newest_ns - self._swept_ns >= SWEEP_NS:
            self._swept_ns = self._newest_ns
            events += self._sweep()
        return events

    def merge(self, kept: int, gone: int) -> list[Event]:
        """Two visitors have turned out to be one; returns visits that this ends."""
        for track, (who, seen_ns) in self._owners.items():
            if who == gone:
                self._owners[track] = (kept, seen_ns)
        theirs = self._people.pop(gone, None)
        if theirs is None:
            return []
        mine = self._people.setdefault(kept, theirs)
        if mine is theirs:
            self._groups.merge(kept, gone)
            return []
        mine.seen_ns = max(mine.seen_ns, theirs.seen_ns)
        mine.staff |= theirs.staff
        days = [day for day in (mine.told_day, theirs.told_day) if day is not None]
        mine.told_day = max(days, default=None)
        events = self._join(kept, mine, theirs.visit)
        self._groups.merge(kept, gone)
        return events

    def forget(self, visitor: int) -> bool:
        """Drop all of somebody; nothing is told of an open visit. Whether there was one."""
        self._groups.forget(visitor)
        person = self._people.pop(visitor, None)
        return person is not None and person.visit is not None

    def is_staff(self, visitor: int) -> bool:
        """Whether a visitor is known to work here."""
        person = self._people.get(visitor)
        return person is not None and person.staff

    def mark_staff(self, number: int) -> bool:
        """Somebody works here; whether they are known."""
        found = [person for person in self._people.values() if person.number == number]
        for person in found:
            person.staff = True
        return bool(found)

    def mark_carrier(self, visitor: int) -> None:
        """A visitor wears a staff badge."""
        person = self._people.get(visitor)
        if person is not None:
            person.staff = True

    def known(self) -> frozenset[int]:
        """Visitors that are remembered."""
        return frozenset(self._people)

    def staff_inside(self) -> int:
        """Staff who are inside now."""
        return sum(
            person.visit is not None and person.visit.left is None
            for person in self._people.values()
            if person.staff
        )

    def seen_inside(self, since_ns: int) -> int:
        """Different people seen inside since a moment of the monotonic clock."""
        return sum(
            person.visit is not None
            and person.visit.left is None
            and person.visit.last.mono_ns >= since_ns
            for person in self._people.values()
        )

    def finish(self) -> list[Event]:
        """Tell all visits as they are, at the end of a recording or of the service."""
        events = [event for who in list(self._people) for event in self._tell(who)]
        self._people.clear()
        return events

    def _see_inside(self, observation: Observation, visitor: Int64Array) -> None:
        floor = self._floors.get(observation.camera_id)
        if floor is None or not len(visitor):
            return
        points = observation.floor_m.astype(np.float64)
        places: dict[int, tuple[float, float]] = {}
        inside = self._premises.inside(floor, points) & (visitor > 0)
        if not inside.any():
            return
        zones = self._zones.inside(floor, points)
        for index in np.flatnonzero(inside).tolist():
            who = int(visitor[index])
            places[who] = (float(points[index, 0]), float(points[index, 1]))
            now = Moment(
                observation.key(index),
                observation.sequence,
                observation.mono_ns,
                observation.utc_ns,
            )
            names = [self._zones.zone_ids[column] for column in np.flatnonzero(zones[index])]
            self._see(self._people[who], now, names)
        self._groups.see(places, observation.mono_ns)

    def _see(self, person: _Person, now: Moment, zone_ids: list[str]) -> None:
        visit = person.visit
        if visit is None:
            visit = person.visit = Visit(now, now)
        if visit.left is None:
            visit.see(now, zone_ids)
            if self._staff_zones and not person.staff:
                person.staff = visit.seconds_in(self._staff_zones) >= self._staff_s

    def _cross(self, who: int, crossing: Crossing, sequence: int) -> list[Event]:
        if crossing.event.data["direction"] == "in":
            return self._enter(who, crossing, sequence)
        self._visit_at(who, crossing, sequence).left = crossing.event
        return []

    def _enter(self, who: int, crossing: Crossing, sequence: int) -> list[Event]:
        event, visit = crossing.event, self._people[who].visit
        events: list[Event] = []
        if visit is not None:
            if visit.left is not None and event.mono_ns - visit.left.mono_ns <= self._settle_ns:
                visit.left = None  # only stepped out
                return []
            if visit.left is None and self._just_came(visit, event):
                return []
            if visit.counts:  # they left, perhaps unseen
                events = self._tell(who)
        self._visit_at(who, crossing, sequence).entered = event
        self._groups.enter(who, event.place_id, event.mono_ns)
        return events

    def _just_came(self, visit: Visit, event: Event) -> bool:
        entered = visit.entered
        return entered is not None and event.mono_ns - entered.mono_ns <= self._settle_ns

    def _visit_at(self, who: int, crossing: Crossing, sequence: int) -> Visit:
        """The visit that goes on, or one that begins with a crossing."""
        person = self._people[who]
        if person.visit is None:
            event = crossing.event
            now = Moment(crossing.track, sequence, event.mono_ns, event.utc_ns)
            person.visit = Visit(now, now)
        return person.visit

    def _join(self, who: int, mine: _Person, other: Visit | None) -> list[Event]:
        """Make one visit of two, or two of one person."""
        if other is None or mine.visit is None:
            mine.visit = mine.visit or other
            return []
        earlier, later = sorted((mine.visit, other), key=lambda visit: visit.begin_ns)
        if self._apart(earlier, later):
            mine.visit = earlier
            events = self._tell(who)
            mine.visit = later
            return events
        if earlier.left is not None and later.begin_ns > earlier.left.mono_ns:
            earlier.left = None
        earlier.absorb(later)
        mine.visit = earlier
        return []

    def _apart(self, earlier: Visit, later: Visit) -> bool:
        """Whether two visits of one person were two indeed."""
        if earlier.left is not None:
            return later.begin_ns - earlier.left.mono_ns > self._settle_ns
        return (
            later.entered is not None
            and earlier.counts
            and later.begin_ns - earlier.begin_ns > self._settle_ns
            and earlier.last.mono_ns < later.begin_ns
        )

    def _sweep(self) -> list[Event]:
        events: list[Event] = []
        now_ns = self._newest_ns
        self._groups.settle(now_ns)
        self._owners = {
            track: (who, seen_ns)
            for track, (who, seen_ns) in self._owners.items()
            if now_ns - seen_ns <= LATE_NS
        }
        for who, person in list(self._people.items()):
            visit = person.visit
            if visit is not None:
                settled = visit.left is not None and (
                    now_ns - visit.left.mono_ns >= self._settle_ns
                )
                if settled or now_ns - visit.last.mono_ns >= self._unseen_ns:
                    events += self._tell(who)
            elif now_ns - person.seen_ns >= self._remember_ns:
                del self._people[who]
        return events

    def _tell(self, who: int) -> list[Event]:
        """End a visitor's visit; nothing where it was none."""
        person = self._people[who]
        visit, person.visit = person.visit, None
        group = self._groups.of(who)
        self._groups.forget(who)
        if visit is None or not visit.counts:
            return []
        day = self._day(visit.begin_utc_ns)
        again, person.told_day = person.told_day == day, day
        together = (1, None) if group is None else (len(group.members), group.number)
        return [visit.event(person.number, group=together, staff=person.staff, again=again)]

    def _day(self, utc_ns: int) -> date:
        return datetime.fromtimestamp(utc_ns // NS_PER_S, UTC).astimezone(self._timezone).date()
