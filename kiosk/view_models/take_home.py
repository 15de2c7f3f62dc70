"""What a visitor takes along on a phone: the way and a coupon, complete in one QR code."""

from functools import partial
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.errors import ServiceUnavailableError
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.service.schema import RouteView
from edge_core.service.suggestion_schema import OfferView, TakeHomeView
from edge_core.service.suggestions_client import SuggestionCalls
from kiosk.view_models.stores import whole_minutes
from kiosk.view_models.visit import Visit

_MOST_CHARACTERS: Final = 400
"""Of the way that the service is asked to sign; it cuts to what fits into a code."""


class TakeHome(QObject):
    """Asks for the way, then lets the service sign it together with the session's coupon."""

    changed = Signal()

    def __init__(self, screen: Screen, visit: Visit) -> None:
        super().__init__()
        self._screen, self._visit = screen, visit
        self._goal, self._mode, self._state = "", "walking", "none"
        self._asked = 0
        self._route: RouteView | None = None
        self._text = ""
        self._coupon: OfferView | None = None
        screen.tongue.changed.connect(self._sign)

    @Property(str, notify=changed)
    def state(self) -> str:
        """`none`, `asking`, `ready`, or `away`: the service did not answer."""
        return self._state

    @Property(str, notify=changed)
    def text(self) -> str:
        """What the code holds; "" before it is signed."""
        return self._text

    @Property(str, notify=changed)
    def goalName(self) -> str:  # noqa: N802
        """Where the way leads."""
        return self._screen.name_of(self._goal)

    @Property(int, notify=changed)
    def minutes(self) -> int:
        """Whole minutes that are enough; 0 while unknown."""
        return whole_minutes(self._route.seconds) if self._route else 0

    @Property(list, notify=changed)
    def steps(self) -> list[str]:
        """The way in words."""
        steps = self._route.steps if self._route else []
        return [self._screen.tongue.pick(step.text, step.text_zh) for step in steps]

    @Property(str, notify=changed)
    def couponTitle(self) -> str:  # noqa: N802
        """What the coupon is, "" for none."""
        coupon = self._coupon
        return self._screen.tongue.pick(coupon.title, coupon.title_zh) if coupon else ""

    @Property(str, notify=changed)
    def couponStoreName(self) -> str:  # noqa: N802
        """Name of the store it is for."""
        return self._screen.name_of(self._coupon.store) if self._coupon else ""

    @Property(str, notify=changed)
    def couponUntil(self) -> str:  # noqa: N802
        """Local time until which it is taken, e.g. `17:05`."""
        return self._screen.wall_clock.local(self._coupon.expires_at) if self._coupon else ""

    def prepare(self, goal: str, mode: str) -> None:
        """Make the code for the way to something.

        Args:
            goal: id of a store or place.
            mode: how one goes, see `WayThere.mode`.
        """
        self.reset()
        self._goal, self._mode, self._state = goal, mode, "asking"
        questions, start = self._screen.questions, self._screen.own_id
        if questions is None or not start:
            self._fail()
            return
        ask = partial(EdgeClient.route, start=start, goal=goal, mode=mode)
        questions.ask(ask, partial(self._take_route, self._asked))
        self.changed.emit()

    @Slot()
    def reset(self) -> None:
        """Forget the code."""
        self._asked += 1
        self._goal, self._state, self._text = "", "none", ""
        self._route = self._coupon = None
        self.changed.emit()

    def _take_route(self, number: int, answer: object) -> None:
        if number != self._asked:
            return
        if isinstance(answer, RouteView):
            self._route = answer
        elif isinstance(answer, ServiceUnavailableError):
            self._fail()
            return
        self._sign()  # a coupon is worth taking along even where no way is open now

    @Slot()
    def _sign(self) -> None:
        """Let the service sign, also anew in another language; the coupon stays the same one."""
        if self._state == "none":
            return
        self._asked += 1
        number, line, language = self._asked, self._line(), self._screen.tongue.current

        def ask(calls: SuggestionCalls, session: str) -> TakeHomeView:
            return calls.take_home(session, line, language=language)

        self._visit.ask(ask, partial(self._take_text, number))
        self.changed.emit()

    def _take_text(self, number: int, answer: object) -> None:
        if number != self._asked:
            return
        if not isinstance(answer, TakeHomeView):
            self._fail()
            return
        self._text, self._coupon, self._state = answer.text, answer.coupon, "ready"
        self.changed.emit()

    def _fail(self) -> None:
        self._text, self._state = "", "away"
        self.changed.emit()

    def _line(self) -> str:
        """The way in one line; the goal and where it is come first, for the end may be cut."""
        name, pick = self._screen.name_of(self._goal), self._screen.tongue.pick
        if self._route is None:
            return name
        steps = self._route.steps
        floor = self._screen.floor_plan.floor_name(steps[-1].floor_to)
        minutes = pick(f"{self.minutes} min", f"{self.minutes} 分钟")
        words = " > ".join(pick(step.text, step.text_zh) for step in steps)
        return f"{name}, {floor}, {minutes}: {words}"[:_MOST_CHARACTERS]
