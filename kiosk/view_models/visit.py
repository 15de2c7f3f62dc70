"""The service's session of whoever uses this kiosk now."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from edge_core.errors import ServiceUnavailableError
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.service.suggestion_schema import Choice, EndedView, SessionView
from edge_core.service.suggestions_client import SuggestionCalls

_LOOK_MS: Final = 1000
"""How often the service is asked what it uses of the person; it also keeps the session."""
_AWAY: Final = ServiceUnavailableError("There is no service.", "Wait.")

SessionQuestion = Callable[[SuggestionCalls, str], object]
"""Asks something of a session, by its id."""
Taker = Callable[[object], None]


class Visit(QObject):
    """Begins a session when it is first needed, keeps it while the visitor is here, and ends it.

    Without a choice of the visitor the session uses nothing of anybody.
    """

    changed = Signal()
    lost = Signal()
    """The service has ended the session by itself."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._view: SessionView | None = None
        self._begun = 0
        self._beginning = False
        self._waiting: list[tuple[SessionQuestion, Taker]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def choice(self) -> str:
        """`seen`, `interests`, `no-thanks`, or "" before a session."""
        return self._view.choice if self._view else ""

    @property
    def why_not(self) -> str:
        """Why what the screen sees is not used, though that was chosen; "" else."""
        return (self._view.why_not or "") if self._view and self.choice == "seen" else ""

    @property
    def view(self) -> SessionView | None:
        """What the service last said of the session."""
        return self._view

    def begin(self, choice: Choice, interests: Sequence[str], taker: Taker, text: str = "") -> None:
        """Begin anew with a choice; `taker` gets the SessionView or the error.

        Args:
            choice: the visitor's, or that of nobody who was asked.
            interests: ids of categories.
            taker: see above.
            text: version of the question that was shown; "" where none was.
        """
        self._drop()
        self._beginning = True
        questions, own = self._screen.questions, self._screen.own_id
        take = partial(self._take_begun, self._begun, taker)
        if questions is None or not own:
            take(_AWAY)
            return

        def ask(client: EdgeClient) -> SessionView:
            return client.suggestions.begin(own, choice, interests, text)

        questions.ask(ask, take)

    def ask(self, question: SessionQuestion, taker: Taker) -> None:
        """Ask something of the session; one without any choice is begun where there is none."""
        if self._view is None:
            self._waiting.append((question, taker))
            if not self._beginning:
                self.begin("no-thanks", (), _nobody)
        elif self._screen.questions is not None:
            session = self._view.session
            self._screen.questions.ask(
                lambda client: question(client.suggestions, session),
                partial(self._take, self._begun, taker),
            )

    def forget(self, taker: Taker) -> None:
        """Let the service forget whoever stands here; `taker` gets the EndedView or the error."""

        def end(calls: SuggestionCalls, session: str) -> EndedView:
            return calls.end(session, forget=True)

        self.ask(end, partial(self._take_end, taker))

    @Slot()
    def end(self) -> None:
        """The visitor is done, or gone: nothing of the session stays."""
        self._waiting.clear()
        self._drop()
        self.changed.emit()

    @Slot()
    def look(self) -> None:
        """Ask what is used now."""
        if self._view is not None:
            self.ask(_show, self._take_look)

    def _drop(self) -> None:
        view, self._view = self._view, None
        self._begun += 1
        self._beginning = False
        self._timer.stop()
        if view is not None:
            self._wipe(view.session)

    def _wipe(self, session: str) -> None:
        if self._screen.questions is not None:
            self._screen.questions.ask(lambda client: client.suggestions.end(session), _nobody)

    def _take_begun(self, begun: int, taker: Taker, answer: object) -> None:
        if begun != self._begun:  # the visitor has gone, or has chosen anew
            if isinstance(answer, SessionView):
                self._wipe(answer.session)
            return
        self._beginning = False
        if isinstance(answer, SessionView):
            self._view = answer
            self._timer.start()
        self.changed.emit()
        taker(answer)
        waiting, self._waiting = self._waiting, []
        for question, waits in waiting:
            if isinstance(answer, SessionView):
                self.ask(question, waits)
            else:
                waits(answer)

    def _take(self, begun: int, taker: Taker, answer: object) -> None:
        """Answers of an earlier session reach nobody."""
        if begun == self._begun:
            taker(answer)

    def _take_end(self, taker: Taker, answer: object) -> None:
        if isinstance(answer, EndedView):
            self._lose()
        taker(answer)

    def _lose(self) -> None:
        """The service has wiped the session."""
        self._view = None
        self._drop()
        self.changed.emit()

    def _take_look(self, answer: object) -> None:
        if isinstance(answer, SessionView):
            if answer != self._view:
                self._view = answer
                self.changed.emit()
        elif not isinstance(answer, ServiceUnavailableError):
            self._lose()
            self.lost.emit()


def _show(calls: SuggestionCalls, session: str) -> SessionView:
    return calls.show(session)


def _nobody(_answer: object) -> None:
    """Nobody waits for this answer."""
