"""Asking the edge service without making a finger wait."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from edge_core.errors import PromenadeError
from edge_core.service.client import EdgeClient

Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class Errands(QObject):
    """Runs questions one after the other on a thread of its own; answers come to the GUI thread.

    The thread begins with the first errand.

    Args:
        url: address of the edge service.
    """

    _finished = Signal(object)

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._waiting: SimpleQueue[tuple[Callable[[EdgeClient], Any], Any, Any] | None]
        self._waiting = SimpleQueue()
        self._thread: Thread | None = None
        self._finished.connect(self._deliver)

    def run(
        self,
        work: Callable[[EdgeClient], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[PromenadeError], None] | None = None,
    ) -> None:
        """Ask the service something.

        Args:
            work: asks; runs on the errands' thread and must touch nothing of the screen.
            then: gets the answer, on the GUI thread.
            failed: gets the reason there is none, on the GUI thread; without it it is logged only.
        """
        if self._thread is None:
            self._thread = Thread(target=self._go, name="errands", daemon=True)
            self._thread.start()
        self._waiting.put((work, then, failed))

    def stop(self, timeout_s: float = 6.0) -> None:
        """End the thread after the errand it is on; no answer comes afterwards."""
        self._finished.disconnect(self._deliver)
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout_s)

    def _go(self) -> None:
        with EdgeClient(self._url) as client:
            while (errand := self._waiting.get()) is not None:
                work, then, failed = errand
                try:
                    answer = work(client)
                except PromenadeError as error:
                    _log.warning("the service did not answer: %s", error)
                    self._finished.emit((failed, error))
                else:
                    self._finished.emit((then, answer))

    @Slot(object)
    def _deliver(self, said: tuple[Callable[[Any], None] | None, Any]) -> None:
        receiver, answer = said
        if receiver is not None:
            receiver(answer)
