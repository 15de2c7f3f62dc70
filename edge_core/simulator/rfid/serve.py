"""Running an emulated reader: in a thread of its own, or as a program."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from edge_core.simulator.rfid.emulator import ReaderEmulator
from edge_core.simulator.rfid.world import TagWorld, rail_world


class ReaderThread:
    """A `ReaderEmulator` with its own event loop in its own thread; a context manager.

    Args:
        world: tags and people. While it runs, add ways by `call` only, and in the future.
        options: see `ReaderEmulator`.

    Raises:
        SourceError: on entering, when the port is taken.
    """

    def __init__(self, world: TagWorld | None = None, **options: Any) -> None:
        self.emulator = ReaderEmulator(world, **options)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="rfid-emulator", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.emulator.port

    def call(self, action: Callable[[], None]) -> None:
        """Do something in its thread, e.g. `emulator.drop_client`, and wait until it is done.

        Nothing else may touch emulator or world while it runs.
        """

        async def act() -> None:
            action()

        asyncio.run_coroutine_threadsafe(act(), self._loop).result()

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.emulator.start(), self._loop).result()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self.emulator.stop(), self._loop).result()
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def serve_reader(
    host: str = "127.0.0.1",
    port: int = 5084,
    *,
    tags: int = 24,
    seed: int = 1,
    busy_s: float = 3600.0,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve an emulated reader until interrupted; the body of a command or a process.

    Args:
        host: address to listen on.
        port: 0 = any free one.
        tags: garments on the rails.
        seed: same seed, same shop.
        busy_s: for so long people take garments from the rails.
        on_ready: is told the port once the reader answers.

    Raises:
        SourceError: the port is taken.
    """
    world = rail_world(tags, seed=seed, busy_s=busy_s)
    asyncio.run(_serve(ReaderEmulator(world, host=host, port=port, seed=seed), on_ready))


async def _serve(emulator: ReaderEmulator, on_ready: Callable[[int], None] | None) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no handlers in the loop; there an interrupt ends `asyncio.run` itself.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, told.set)
    await emulator.start()
    try:
        if on_ready is not None:
            on_ready(emulator.port)
        await told.wait()
    finally:
        await emulator.stop()
