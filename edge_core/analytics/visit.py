"""One visit while it goes on, and what two halves of one make together."""

from dataclasses import dataclass, field
from typing import Any, Final

from edge_core.types import Event, EventKind, SeenIn, TrackKey
from edge_core.units import ns_from_s, s_from_ns

HYSTERESIS_NS: Final = ns_from_s(1)
"""Shorter stretches in a zone are none, and leaving it for less does not end one."""
GAP_NS: Final = ns_from_s(8)
"""Unseen for longer, nobody knows where somebody was."""
STEP_NS: Final = ns_from_s(3)
"""Sightings no farther apart are time seen inside."""
MINIMUM_INSIDE_NS: Final = ns_from_s(10)
"""It takes so long inside to be a visitor, unless one of the two crossings was not seen."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One sighting, by the observation that brought it."""

    track: TrackKey
    sequence: int
    mono_ns: int
    utc_ns: int


@dataclass(slots=True)
class Stretch:
    """Some time in one zone."""

    zone_id: str
    entered_ns: int
    last_ns: int


@dataclass(slots=True)
class Visit:
    """A visit that is not over, or not told yet.

    Attributes:
        first, last: when they were first and last seen inside.
        entered, left: the crossings that began and ended it; None while none was seen.
        zones: stretches in order of entering.
        open: those that may go on, by zone.
        inside_ns: for how long they were seen inside.
    """

    first: Moment
    last: Moment
    entered: Event | None = None
    left: Event | None = None
    zones: list[Stretch] = field(default_factory=list)
    open: dict[str, Stretch] = field(default_factory=dict)
    inside_ns: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is a visit at all: turning back on the doorstep is none."""
        if self.entered is not None and self.left is not None:
            return self.left.mono_ns - self.entered.mono_ns >= MINIMUM_INSIDE_NS
        crossed = self.entered is not None or self.left is not None
        return crossed or self.inside_ns >= MINIMUM_INSIDE_NS

    @property
    def begin_ns(self) -> int:
        """When it began, monotonic."""
        return self.entered.mono_ns if self.entered is not None else self.first.mono_ns

    @property
    def begin_utc_ns(self) -> int:
        """When it began, UTC."""
        return self.entered.utc_ns if self.entered is not None else self.first.utc_ns

    @property
    def seen_in(self) -> SeenIn:
        """Which of its ends were seen."""
        if self.entered is not None:
            return SeenIn.ENTRY_ONLY if self.left is None else SeenIn.COMPLETE
        return SeenIn.INSIDE_ONLY if self.left is None else SeenIn.EXIT_ONLY

    def see(self, now: Moment, zone_ids: list[str]) -> None:
        """They were seen inside."""
        step_ns = now.mono_ns - self.last.mono_ns
        if step_ns < 0:
            return
        if step_ns <= STEP_NS:
            self.inside_ns += step_ns
        self.last = now
        for zone_id, stretch in list(self.open.items()):
            away_ns = now.mono_ns - stretch.last_ns
            if away_ns > GAP_NS or (zone_id not in zone_ids and away_ns >= HYSTERESIS_NS):
                del self.open[zone_id]
        for zone_id in zone_ids:
            stretch = self.open.get(zone_id) or self._begin(zone_id, now.mono_ns)
            stretch.last_ns = now.mono_ns

    def _begin(self, zone_id: str, now_ns: int) -> Stretch:
        stretch = self.open[zone_id] = Stretch(zone_id, now_ns, now_ns)
        self.zones.append(stretch)
        return stretch

    def seconds_in(self, zone_ids: frozenset[str]) -> float:
        """Time in some zones together."""
        return sum(
            s_from_ns(it.last_ns - it.entered_ns) for it in self.zones if it.zone_id in zone_ids
        )

    def absorb(self, later: "Visit") -> None:
        """Go on with a visit that is the same one seen by another track."""
        self.entered = self.entered or later.entered
        self.left = later.left if later.left is not None else self.left
        if self.left is not None and later.last.mono_ns - self.left.mono_ns > GAP_NS:
            self.left = None  # seen inside long after: they had not left
        self.last = max(self.last, later.last, key=lambda moment: moment.mono_ns)
        self.inside_ns += later.inside_ns
        self._join_stretches([*self.zones, *later.zones], self.open | later.open)

    def _join_stretches(self, parts: list[Stretch], may_go_on: dict[str, Stretch]) -> None:
        """Stretches of one zone that touch are one."""
        self.zones, self.open = [], {}
        newest: dict[str, Stretch] = {}
        for part in sorted(parts, key=lambda it: it.entered_ns):
            before = newest.get(part.zone_id)
            if before is None or part.entered_ns - before.last_ns > HYSTERESIS_NS:
                newest[part.zone_id] = part
                self.zones.append(part)
            else:
                before.last_ns = max(before.last_ns, part.last_ns)
        for zone_id, stretch in may_go_on.items():
            if newest[zone_id].last_ns == stretch.last_ns:
                self.open[zone_id] = newest[zone_id]

    def event(
        self, number: int, *, group: tuple[int, int | None], staff: bool, again: bool
    ) -> Event:
        """The durable fact; `group` is its size and its number."""
        left, entered, last = self.left, self.entered, self.last
        end_ns = left.mono_ns if left is not None else last.mono_ns
        stretches = [it for it in self.zones if it.last_ns - it.entered_ns >= HYSTERESIS_NS]
        data: dict[str, Any] = {
            "visit": number,
            "entered_utc_ns": self.begin_utc_ns,
            "left_utc_ns": None if left is None else left.utc_ns,
            "duration_s": round(max(0.0, s_from_ns(end_ns - self.begin_ns)), 3),
            "entrance": "" if entered is None else entered.place_id,
            "exit": "" if left is None else left.place_id,
            "zones": [
                [it.zone_id, round(s_from_ns(it.last_ns - it.entered_ns), 1)] for it in stretches
            ],
            "group": group[0],
            "group_id": group[1],
            "staff": staff,
            "again": again,
            "seen_in": str(self.seen_in),
        }
        name = left.key if left is not None else f"{last.track}/{last.sequence}"
        return Event(
            key=f"visit/{name}",
            kind=EventKind.VISIT,
            utc_ns=left.utc_ns if left is not None else last.utc_ns,
            mono_ns=end_ns,
            camera_id=left.camera_id if left is not None else last.track.camera_id,
            place_id=data["exit"],
            data=data,
        )
