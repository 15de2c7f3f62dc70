"""Forgetting people at once: asked by the API's threads, done by the core's own, told to vision."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from queue import Empty, SimpleQueue
from typing import Final

from edge_core.errors import ServiceUnavailableError
from edge_core.runtime.board import HealthRow
from edge_core.service.core_pipeline import CorePipeline, Forgotten
from edge_core.service.rows import FORGET_ASKED, FORGET_TRACK, FORGOT
from edge_core.types import Event

_LONGEST_S: Final = 3.0

Forget = Callable[[Iterable[int]], Forgotten]
"""Deletes all that is known of people, by the numbers that name them on screens."""


class Forgetting:
    """Runs in the core process; `forget` may be called by any other thread.

    Args:
        pipeline: knows people.
        asks: by camera, the row in which vision is asked.
        answers: by camera, the row in which vision answers.
        tell: shows everybody who is in view now, without who was forgotten.
    """

    def __init__(
        self,
        pipeline: CorePipeline,
        asks: Mapping[str, HealthRow],
        answers: Mapping[str, HealthRow],
        tell: Callable[[], None],
    ) -> None:
        self._pipeline, self._asks, self._answers = pipeline, asks, answers
        self._tell = tell
        self._asked: SimpleQueue[tuple[tuple[int, ...], Future[Forgotten]]] = SimpleQueue()
        self._tracks: dict[str, deque[int]] = {camera: deque() for camera in asks}

    def forget(self, numbers: Iterable[int]) -> Forgotten:
        """Delete everything that is known of some people; returns when the core has.

        Raises:
            ServiceUnavailableError: the core is too busy; it does so later.
        """
        answer: Future[Forgotten] = Future()
        self._asked.put((tuple(numbers), answer))
        try:
            return answer.result(_LONGEST_S)
        except TooLateError:
            raise ServiceUnavailableError(
                "What is known of this visitor is still being deleted.", "Ask again in a moment."
            ) from None

    def advance(self) -> list[Event]:
        """To be called often by the core's thread; returns events that this ends."""
        events: list[Event] = []
        done: list[tuple[Forgotten, Future[Forgotten]]] = []
        while True:
            try:
                numbers, answer = self._asked.get_nowait()
            except Empty:
                break
            deleted = Forgotten()
            for number in dict.fromkeys(numbers):
                more, ended = self._pipeline.forget(number)
                deleted, events = deleted + more, events + ended
            for key in (*deleted.live, *deleted.ended):
                self._tracks[key.camera_id].append(key.track_id)
            done.append((deleted, answer))
        if done:
            self._tell()
        for deleted, answer in done:
            answer.set_result(deleted)
        self._tell_vision()
        return events

    def _tell_vision(self) -> None:
        for camera, tracks in self._tracks.items():
            row = self._asks[camera]
            if tracks and row.get(FORGET_ASKED) == self._answers[camera].get(FORGOT):
                row.set(FORGET_TRACK, tracks.popleft())
                row.add(FORGET_ASKED)
