"""The list as an address at the hub, where the site has one for phones."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from edge_core.errors import PromenadeError
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.service.suggestion_schema import ListView
from mirror.view_models.asking import ask

_Asked = tuple[tuple[str, ...], tuple[str, ...], str]
_NOTHING: Final[_Asked] = ((), (), "")


class ListLink(QObject):
    """Asks the service for the address of a list; one session's coupon goes along.

    Args:
        screen: asks the service.

    Attributes:
        url: of the list asked for last; "" while it is not known, and where there is none.
    """

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._asked = _NOTHING
        self._session = ""
        self.url = ""

    def open(self, tried: Sequence[str], looked_at: Sequence[str], language: str) -> None:
        """Ask for a list, unless it is the one asked for last."""
        asked = (tuple(tried), tuple(looked_at), language)
        if asked == self._asked:
            return
        self._asked, self.url = asked, ""
        self.changed.emit()
        own, session = self._screen.own_id, self._session

        def work(client: EdgeClient) -> tuple[_Asked, str, ListView]:
            return asked, *_list(client, asked, own, session)

        ask(self._screen, work, self._take)

    def forget(self) -> None:
        """The visit is over, and so is its session."""
        session, self._session = self._session, ""
        self._asked, self.url = _NOTHING, ""
        if session:
            ask(self._screen, lambda client: client.suggestions.end(session), lambda _: None)

    def _take(self, found: tuple[_Asked, str, ListView]) -> None:
        asked, session, view = found
        if asked != self._asked:  # another list, or nobody is there any more
            if session and session != self._session:
                ask(self._screen, lambda client: client.suggestions.end(session), lambda _: None)
            return
        self._session = session
        self.url = view.url or ""
        self.changed.emit()


def _list(client: EdgeClient, asked: _Asked, own: str, session: str) -> tuple[str, ListView]:
    """Runs on the questions' thread. A session that is over costs its coupon, not the list."""
    tried, looked_at, language = asked
    calls = client.suggestions
    try:
        if own and not session:
            session = calls.begin(own, "no-thanks").session
        view = calls.list_address(tried, looked_at, session=session or None, language=language)
    except PromenadeError:
        session, view = "", calls.list_address(tried, looked_at, language=language)
    return session, view
