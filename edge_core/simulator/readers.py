"""The emulated readers of a simulated shop, in a process of their own.

Reading a hundred tags takes a good part of a core, and in the process that draws the cameras'
pictures it would be taken from those. The shop tells where everything is ten times a second.
"""

import asyncio
import multiprocessing
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from edge_core.errors import SourceError
from edge_core.simulator.rfid import Antenna, ReaderEmulator, Room
from edge_core.simulator.rfid.played import PlayedClock, PlayedWorld, Shot
from edge_core.simulator.scene import Scene
from edge_core.types import Float64Array

_START_LIMIT_S: Final = 180.0
_STOP_LIMIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class ReaderSite:
    """What the process needs to know of a shop.

    Attributes:
        epcs: the tags.
        rest_m: float64 (T, 3), where they are at first.
        tilt_rad: float64 (T,), their angles.
        antennas: by reader; port n is the n-th.
        room: surroundings.
        seed: of all chance.
    """

    epcs: tuple[str, ...]
    rest_m: Float64Array
    tilt_rad: Float64Array
    antennas: Mapping[str, tuple[Antenna, ...]]
    room: Room
    seed: int


def antennas_of(scene: Scene) -> dict[str, tuple[Antenna, ...]]:
    """Where the antennas of a scene's readers truly hang, by reader."""
    poses = {(pose.reader, pose.number): pose for pose in scene.config.antennas}
    found = {}
    for reader in scene.site.readers:
        last = max(antenna.number for antenna in reader.antennas)
        own = [poses[reader.id, number] for number in range(1, last + 1)]
        found[reader.id] = tuple(Antenna(pose.position_m, pose.faces_m) for pose in own)
    return found


class ReadersProcess:
    """Emulated readers over one played world; a context manager.

    Args:
        site: tags and antennas.
        first: where everything is when it begins.

    Attributes:
        ports: reader id -> port on this machine; once entered.

    Raises:
        SourceError: on entering, when the readers do not start.
    """

    def __init__(self, site: ReaderSite, first: Shot) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, self._theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(site, first, self._theirs), name="readers", daemon=True
        )
        self.ports: dict[str, int] = {}
        self._newest: Shot | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._teller = threading.Thread(target=self._tell, name="readers-shop", daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        # Only the child may hold its end, or its death would go unnoticed.
        self._theirs.close()
        try:
            said = self._ours.recv() if self._ours.poll(_START_LIMIT_S) else None
        except EOFError:
            said = None
        if not isinstance(said, dict):
            self.stop()
            raise SourceError("The emulated readers did not start.", "See their messages above.")
        self.ports = said
        self._teller.start()
        return self

    def show(self, shot: Shot) -> None:
        """Tell where everything is; never waits: what the readers are too slow for is left out."""
        with self._changed:
            self._newest = shot
            self._changed.notify()

    def _tell(self) -> None:
        with suppress(OSError):
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._newest is not None or self._closing)
                    shot, self._newest = self._newest, None
                if shot is None:
                    return
                self._ours.send(shot)

    def stop(self) -> None:
        """End the process; kill it if it does not follow."""
        with self._changed:
            self._closing, self._newest = True, None
            self._changed.notify()
        self._ours.close()
        self._process.join(_STOP_LIMIT_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _serve(site: ReaderSite, first: Shot, shop: Connection) -> None:
    """Body of the process: serve until the shop hangs up."""
    world = PlayedWorld(site.epcs, site.rest_m, tilt_rad=site.tilt_rad, seed=site.seed)
    world.show(replace(first, time_s=0.0))
    asyncio.run(_run(site, world, first.time_s, shop))


async def _run(site: ReaderSite, world: PlayedWorld, begin_s: float, shop: Connection) -> None:
    clock = PlayedClock(world)
    emulators = {
        reader_id: ReaderEmulator(
            world, antennas=antennas, room=site.room, seed=site.seed + index, clock=clock
        )
        for index, (reader_id, antennas) in enumerate(site.antennas.items())
    }
    for emulator in emulators.values():
        await emulator.start()
    shop.send({reader_id: emulator.port for reader_id, emulator in emulators.items()})
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    follower = threading.Thread(
        target=_follow, args=(world, begin_s, shop, loop, ended), name="shop", daemon=True
    )
    follower.start()
    await ended.wait()
    for emulator in emulators.values():
        await emulator.stop()


def _follow(
    world: PlayedWorld,
    begin_s: float,
    shop: Connection,
    loop: asyncio.AbstractEventLoop,
    ended: asyncio.Event,
) -> None:
    """Take in what the shop tells; readers count time from when they began."""
    with suppress(EOFError, OSError):
        while True:
            shot: Shot = shop.recv()
            world.show(replace(shot, time_s=shot.time_s - begin_s))
    loop.call_soon_threadsafe(ended.set)
