"""Asking the service for the mirror's pages."""

from collections.abc import Callable
from typing import TypeVar, cast

from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient

Answer = TypeVar("Answer")


def ask(
    screen: Screen,
    work: Callable[[EdgeClient], Answer],
    then: Callable[[Answer], None],
    failed: Callable[[PromenadeError], None] | None = None,
) -> None:
    """Ask the service something without making a finger wait.

    Args:
        screen: follows the service.
        work: asks; runs on another thread and must touch nothing of the screen.
        then: gets the answer, on the GUI thread.
        failed: gets the reason there is none, on the GUI thread.
    """

    def take(answer: object) -> None:
        if not isinstance(answer, PromenadeError):
            then(cast(Answer, answer))
        elif failed is not None:
            failed(answer)

    if screen.questions is not None:
        screen.questions.ask(work, take)
    elif failed is not None:
        failed(ServiceUnavailableError("No service is followed.", "Start it, and this screen."))
