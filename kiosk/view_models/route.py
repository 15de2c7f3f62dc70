"""The way from this screen to what a visitor chose."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.errors import ServiceUnavailableError
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.service.schema import RouteView, StepView
from kiosk.view_models.stores import whole_minutes


@dataclass(frozen=True, slots=True)
class StepRow:
    """One instruction.

    Attributes:
        number: from 1.
        icon_: `walk`, `lift`, `escalator`, `stairs` or `arrive`.
        words: in the current language.
        floor: id of the floor to look at.
        seconds: how long it takes.
    """

    number: int
    icon_: str
    words: str
    floor: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What may spoil the walk."""

    key: str
    kind: str
    text: str


class WayThere(QObject):
    """Asks the service for the way, and tells it floor by floor."""

    changed = Signal()
    arrived = Signal()
    """A way came in: draw it."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._goal, self._mode, self._state = "", "walking", "none"
        self._asked = 0
        self._route: RouteView | None = None
        self._steps = RecordListModel(StepRow, "number", self)
        self._notices = RecordListModel(Notice, "key", self)
        screen.tongue.changed.connect(self._refresh)
        screen.floor_plan.changed.connect(self.changed)
        screen.directoryChanged.connect(self._ask_again)

    @Property(QObject, constant=True)
    def steps(self) -> RecordListModel[StepRow]:
        """List model of `StepRow`."""
        return self._steps

    @Property(QObject, constant=True)
    def notices(self) -> RecordListModel[Notice]:
        """List model of `Notice`."""
        return self._notices

    @Property(str, notify=changed)
    def state(self) -> str:
        """`none`, `asking`, `found`, `closed` (no way of this kind now) or `away`."""
        return self._state

    @Property(str, notify=changed)
    def mode(self) -> str:
        """`walking`, `step-free` or `stroller`."""
        return self._mode

    @Property(str, notify=changed)
    def goal(self) -> str:
        """Id of where it leads, "" for nowhere."""
        return self._goal

    @Property(str, notify=changed)
    def goalName(self) -> str:  # noqa: N802
        """Where it leads."""
        return self._screen.name_of(self._goal)

    @Property(int, notify=changed)
    def minutes(self) -> int:
        """Whole minutes that are enough."""
        return whole_minutes(self._route.seconds) if self._route else 0

    @Property(int, notify=changed)
    def metres(self) -> int:
        """Walked, to the next 5."""
        return round(self._route.metres / 5) * 5 if self._route else 0

    @Property(list, notify=changed)
    def floors(self) -> list[str]:
        """Ids of the floors the way leads over, in its order."""
        steps = self._route.steps if self._route else []
        return list(dict.fromkeys(floor for step in steps for floor in (step.floor, step.floor_to)))

    @Property(list, notify=changed)
    def points(self) -> list[list[float]]:
        """The line on the floor looked at, metres."""
        floor = self._floor_shown()
        points: list[list[float]] = []
        for step in self._route.steps if self._route else []:
            if step.floor == step.floor_to == floor:
                points += [[x, y] for x, y in step.points_m]
        return points

    @Property(str, notify=changed)
    def ride(self) -> str:
        """Name of the floor that a ride from the floor looked at leads to, "" for none."""
        step = self._ride()
        return self._screen.floor_plan.floor_name(step.floor_to) if step else ""

    @Property(bool, notify=changed)
    def rideUp(self) -> bool:  # noqa: N802
        """Whether that ride climbs."""
        step, site = self._ride(), self._screen.facts.site
        levels = {floor.id: floor.level for floor in site.floors} if site else {}
        return step is not None and levels.get(step.floor_to, 0) > levels.get(step.floor, 0)

    @Property(bool, notify=changed)
    def warned(self) -> bool:
        """Whether anything may spoil the walk."""
        return bool(self._route and self._route.warnings)

    @Property(float, notify=changed)
    def rideXM(self) -> float:  # noqa: N802
        """Where that ride is boarded, metres."""
        step = self._ride()
        return step.points_m[0][0] if step else 0.0

    @Property(float, notify=changed)
    def rideYM(self) -> float:  # noqa: N802
        """Where that ride is boarded, metres."""
        step = self._ride()
        return step.points_m[0][1] if step else 0.0

    def _ride(self) -> StepView | None:
        floor = self._floor_shown()
        steps = self._route.steps if self._route else []
        return next((it for it in steps if it.floor == floor != it.floor_to), None)

    @Property(bool, notify=changed)
    def ends(self) -> bool:
        """Whether the goal is on the floor looked at."""
        steps = self._route.steps if self._route else []
        return bool(steps) and steps[-1].floor == self._floor_shown()

    @Property(list, notify=changed)
    def room(self) -> list[list[float]]:
        """Corners of the goal's room, when it is on the floor looked at."""
        floor = self._floor_shown()
        for store in self._screen.stores.stores:
            if store.id == self._goal and store.floor == floor:
                return [list(point) for point in store.polygon_m]
        return []

    @property
    def chosen_mode(self) -> str:
        """See `mode`."""
        return self._mode

    def _floor_shown(self) -> str:
        floor = self._screen.floor_plan.floor
        return floor.id if floor else ""

    @Slot(str)
    def go(self, goal: str) -> None:
        """Ask for the way to something."""
        self._goal, self._route = goal, None
        self._ask()

    @Slot(str)
    def choose(self, mode: str) -> None:
        """Go in another way; it stays chosen until the session ends."""
        if mode != self._mode:
            self._mode = mode
            self._ask()

    @Slot()
    def reset(self) -> None:
        """Forget the goal and how the visitor goes."""
        self._goal, self._mode, self._route, self._state = "", "walking", None, "none"
        self._asked += 1
        self._refresh()

    @Slot()
    def _ask_again(self) -> None:
        """What is closed has changed."""
        if self._goal:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        self._state = "asking" if self._route is None else self._state
        questions, start = self._screen.questions, self._screen.own_id
        if questions is None or not start:
            self._take(self._asked, ServiceUnavailableError("There is no service.", "Wait."))
            return
        ask = partial(EdgeClient.route, start=start, goal=self._goal, mode=self._mode)
        questions.ask(ask, partial(self._take, self._asked))
        self._refresh()

    def _take(self, number: int, answer: object) -> None:
        if number != self._asked:
            return
        if isinstance(answer, RouteView):
            self._route, self._state = answer, "found"
            self._screen.floor_plan.choose(answer.steps[0].floor)
        else:
            away = isinstance(answer, ServiceUnavailableError)
            self._route, self._state = None, "away" if away else "closed"
        self._refresh()
        self.arrived.emit()

    @Slot()
    def _refresh(self) -> None:
        route, pick = self._route, self._screen.tongue.pick
        steps = route.steps if route else []
        self._steps.show(
            [_row(n, step, pick(step.text, step.text_zh)) for n, step in enumerate(steps, 1)]
        )
        warnings = route.warnings if route else []
        self._notices.show(
            [
                Notice(f"{n}{it.kind}", it.kind, pick(it.text, it.text_zh))
                for n, it in enumerate(warnings)
            ]
        )
        self.changed.emit()


def _row(number: int, step: StepView, text: str) -> StepRow:
    """After a ride the floor it leads to is the one to look at."""
    return StepRow(number, step.kind, text, step.floor_to, round(step.seconds))
