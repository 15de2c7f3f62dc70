"""Asking the edge service something beside its live feed, without ever holding up the screen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal, Slot

from edge_core.errors import PromenadeError
from edge_core.service.client import EdgeClient

Question = Callable[[EdgeClient], object]
Taker = Callable[[object], None]
"""Gets the answer, or the PromenadeError that came instead, on the GUI thread."""


class Questions(QObject):
    """Questions are asked one after the other on a thread of their own.

    Args:
        url: address of the edge service.
    """

    _arrived = Signal(int, object)

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = EdgeClient(url)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="questions")
        self._takers: dict[int, Taker] = {}
        self._asked = 0
        self._stopped = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, question: Question, taker: Taker) -> None:
        """Ask; `taker` gets what comes of it later, or nothing once the screen is being ended."""
        if self._stopped:
            return
        self._asked += 1
        self._takers[self._asked] = taker
        self._pool.submit(self._run, self._asked, question)

    def stop(self) -> None:
        """End the thread; answers still to come reach nobody."""
        self._stopped = True
        self._takers.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def _run(self, number: int, question: Question) -> None:
        try:
            answer: object = question(self._client)
        except PromenadeError as error:
            answer = error
        with suppress(RuntimeError):  # the screen has ended meanwhile
            self._arrived.emit(number, answer)

    @Slot(int, object)
    def _deliver(self, number: int, answer: object) -> None:
        taker = self._takers.pop(number, None)
        if taker is not None:
            taker(answer)
