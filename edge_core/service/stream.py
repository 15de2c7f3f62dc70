"""Server-sent events: the newest state to everyone, durable events to each from the ledger.

No queue holds anything for a client. Of `live`, `tags`, `garments`, `counts`, `directory` and
`health` a client is sent the newest whenever it is ready for more, so a slow one skips states.
Durable events are read from the ledger after the client's own position, so a slow or returning one
misses none.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.schema import DirectoryView, EventView, HealthView, LiveView
from edge_core.service.visits_schema import CountsToday

HEARTBEAT_S: Final = 4.0
RETRY_MS: Final = 1000

EventsAfter = Callable[[int], Sequence[EventView]]
"""Reads the next page of durable events after a row id, oldest first; empty at the end."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Newest message of one kind, encoded once for all clients."""

    version: int
    data: bytes


class StreamHub:
    """Where the service publishes, from any thread, and open streams read.

    Args:
        newest_event_id: row id of the newest event in the ledger now.
        heartbeat_s: a stream with nothing to say sends a comment this often.
    """

    def __init__(self, newest_event_id: int = 0, *, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._newest_event_id = newest_event_id
        self._heartbeat_s = heartbeat_s
        self._frames: dict[str, _Frame] = {}
        self._version = 0
        self._wakers: set[_Waker] = set()
        self._closed = False
        self._turn = threading.Lock()

    @property
    def open_streams(self) -> int:
        """How many clients are following."""
        return len(self._wakers)

    def publish_live(self, view: LiveView) -> None:
        """Everybody in view now; replaces the one before."""
        self._publish("live", view)

    def publish_tags(self, view: TagsView) -> None:
        """The tags in view now; replaces the ones before."""
        self._publish("tags", view)

    def publish_garments(self, view: GarmentsView) -> None:
        """The garments at mirrors and in fitting rooms now; replaces the ones before."""
        self._publish("garments", view)

    def publish_counts(self, view: CountsToday) -> None:
        """Today's totals; replaces the ones before."""
        self._publish("counts", view)

    def publish_directory(self, view: DirectoryView) -> None:
        """Stores, places and what is closed; replaces the one before."""
        self._publish("directory", view)

    def publish_health(self, view: HealthView) -> None:
        """How the service is; replaces the one before."""
        self._publish("health", view)

    def publish_events(self, newest_event_id: int) -> None:
        """Events up to this row id are in the ledger: call after `Ledger.append` returned."""
        with self._turn:
            self._newest_event_id = max(self._newest_event_id, newest_event_id)
        self._wake_all()

    def close(self) -> None:
        """End all streams; their clients will come back to the next service."""
        self._closed = True
        self._wake_all()

    async def follow(
        self, events_after: EventsAfter, last_event_id: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Encoded messages for one client, until `close`.

        The first tells the position only, so that a client that came and saw no event yet can
        resume too. A position beyond the ledger's end (the ledger was replaced) starts anew.

        Args:
            events_after: reads the ledger; called in a worker thread.
            last_event_id: newest event the client has; None to begin with events from now on.
        """
        if self._closed:  # a client that comes back too early must not take this for a link
            return
        with self._waker() as waker:
            position = self._newest_event_id
            if last_event_id is not None:
                position = min(position, last_event_id)
            yield format_sse_event(id=str(position), retry=RETRY_MS)
            sent = 0
            while not self._closed:
                said = False
                while position < (newest := self._newest_event_id) and not self._closed:
                    page = await run_in_threadpool(events_after, position)
                    if page:
                        yield b"".join(_encoded("event", view, view.id) for view in page)
                    position, said = (page[-1].id if page else newest), True
                for frame in self._frames_after(sent):
                    sent, said = frame.version, True
                    yield frame.data
                if not said and not await waker.wait(self._heartbeat_s):
                    yield KEEPALIVE_COMMENT

    def _publish(self, kind: str, view: BaseModel) -> None:
        data = _encoded(kind, view)
        with self._turn:
            self._version += 1
            self._frames[kind] = _Frame(self._version, data)
        self._wake_all()

    def _frames_after(self, version: int) -> list[_Frame]:
        """Newest messages not yet sent, oldest first, taken together: none is older than sent."""
        with self._turn:
            frames = [frame for frame in self._frames.values() if frame.version > version]
        return sorted(frames, key=lambda frame: frame.version)

    def _wake_all(self) -> None:
        with self._turn:
            wakers = list(self._wakers)
        for waker in wakers:
            waker.wake()

    @contextmanager
    def _waker(self) -> Iterator["_Waker"]:
        waker = _Waker()
        with self._turn:
            self._wakers.add(waker)
        try:
            yield waker
        finally:
            with self._turn:
                self._wakers.discard(waker)


class _Waker:
    """Wakes one stream's task from any thread; made inside the task's event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        with suppress(RuntimeError):  # the loop has closed, and the stream with it
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, timeout_s: float) -> bool:
        """Whether something was published before the time was up."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout_s)
        except TimeoutError:
            return False
        self._event.clear()
        return True


def _encoded(kind: str, view: BaseModel, event_id: int | None = None) -> bytes:
    return format_sse_event(
        event=kind,
        data_str=view.model_dump_json(),
        id=None if event_id is None else str(event_id),
    )
