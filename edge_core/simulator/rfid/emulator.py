"""The emulated reader on the network: one client at a time, as the real one serves."""

import asyncio
import contextlib
import logging
import ssl
from dataclasses import dataclass
from typing import Final

from edge_core.clock import Clock, SystemClock
from edge_core.errors import LlrpError, SourceError
from edge_core.llrp import (
    ConnectionStatus,
    Element,
    Message,
    decode_header,
    decode_message,
    message,
    parameter,
    read_frame,
    write_message,
)
from edge_core.simulator.rfid.inventory import AntennaPort, Inventory
from edge_core.simulator.rfid.propagation import Antenna, Room
from edge_core.simulator.rfid.protocol import ReaderProtocol, refusal
from edge_core.simulator.rfid.reporting import ReportBuffer
from edge_core.simulator.rfid.world import TagWorld, rail_world
from edge_core.units import NS_PER_MS, NS_PER_US, s_from_ns

logger = logging.getLogger(__name__)

_TICK_S: Final = 0.02
_BEHIND_S: Final = 1.0
_MAX_REQUEST_BYTES: Final = 1 << 16
_ROSPEC_EVENT: Final = 2
_ANTENNA_EVENT: Final = 8
_ROSPEC_STARTED, _ROSPEC_ENDED = 0, 1

CORNER_ANTENNAS: Final = tuple(
    Antenna((x, y, 2.2), (2.5, 2.5, 1.0)) for x, y in ((0, 0), (5, 0), (0, 5), (5, 5))
)
"""Four antennas in the corners of a room of 5 x 5 m, under the ceiling, looking at its middle."""


@dataclass(slots=True)
class _Client:
    """The connection being served."""

    writer: asyncio.StreamWriter
    unanswered: int = 0
    keepalive_due_ns: int = 0
    version: int = 1


class ReaderEmulator:
    """An R420 of its own on a TCP port; `start` and `stop` it in an event loop.

    Simulated time runs with real time and begins when the emulator is made. What a client set up
    stays when it vanishes, as in a real reader, and is there for the next one to delete.

    Attributes:
        protocol: the reader's state; change `plugged` to pull an antenna's cable.

    Args:
        world: tags and people; None = a rail of garments.
        antennas: up to four.
        room: surroundings.
        host: address to listen on.
        port: 0 = any free one.
        seed: of all chance.
        clock: source of now.
        clock_ahead_s: how far the reader's clock is ahead of this machine's.
        utc: whether it has a UTC clock; otherwise stamps count from its start.
        speaks_1_1: whether it knows LLRP 1.1 too.
        tls: how to serve TLS; None = plain.
    """

    def __init__(
        self,
        world: TagWorld | None = None,
        *,
        antennas: tuple[Antenna, ...] = CORNER_ANTENNAS,
        room: Room | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        clock: Clock | None = None,
        clock_ahead_s: float = 0.0,
        utc: bool = True,
        speaks_1_1: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.world = world or rail_world(seed=seed)
        self.protocol = ReaderProtocol(
            speaks_1_1=speaks_1_1, plugged=frozenset(range(1, len(antennas) + 1))
        )
        self._inventory = Inventory(self.world, antennas, room, seed)
        self._host, self._port, self._tls = host, port, tls
        self._clock = clock or SystemClock()
        self._utc = utc
        self._born_mono_ns = self._clock.monotonic_ns()
        born_us = self._clock.utc_ns() // NS_PER_US if utc else 0
        self._born_us = born_us + round(clock_ahead_s * 1e6)
        self._server: asyncio.Server | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._client: _Client | None = None
        self._buffer: ReportBuffer | None = None
        self._running: Element | None = None
        self._ends_s: float | None = None
        self._number = 0
        self._plugged = self.protocol.plugged

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def time_s(self) -> float:
        """Simulated time."""
        return s_from_ns(self._clock.monotonic_ns() - self._born_mono_ns)

    @property
    def has_client(self) -> bool:
        """Whether somebody is connected."""
        return self._client is not None

    async def start(self) -> None:
        """Listen. Raises SourceError when the port is taken."""
        try:
            self._server = await asyncio.start_server(
                self._serve, self._host, self._port, ssl=self._tls
            )
        except OSError as error:
            raise SourceError(
                f"The reader emulator cannot listen on {self._host}:{self._port}: {error}.",
                "Stop what uses the port, or let it choose one with port 0.",
            ) from None
        self._port = self._server.sockets[0].getsockname()[1]
        self._ticker = asyncio.create_task(self._tick(), name="rfid-emulator")

    async def stop(self) -> None:
        """Drop the client and listen no more."""
        if self._ticker is not None:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
        self.drop_client()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def drop_client(self) -> None:
        """Break the connection as a pulled cable would, at once and without goodbye."""
        if self._client is not None:
            self._client.writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self._client is not None:
                await self._turn_away(writer)
            else:
                await self._attend(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _turn_away(self, writer: asyncio.StreamWriter) -> None:
        """Refuse a second client, and tell the first that it knocked."""
        taken = parameter("ConnectionAttemptEvent", Status=ConnectionStatus.TAKEN_BY_CLIENT)
        await write_message(writer, self._event(taken))
        knocked = parameter("ConnectionAttemptEvent", Status=ConnectionStatus.ANOTHER_ATTEMPTED)
        await self._send(self._event(knocked))

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._client = client = _Client(writer)
        self.protocol.connected()
        try:
            welcome = parameter("ConnectionAttemptEvent", Status=ConnectionStatus.SUCCESS)
            await self._send(self._event(welcome))
            while not self.protocol.closing:
                await self._handle(await read_frame(reader, _MAX_REQUEST_BYTES), client)
        except LlrpError as error:
            # Where the next message begins is unknown: nothing more can be understood.
            await self._send(refusal(error.status, error.message, 0))
        finally:
            self._client = None

    async def _handle(self, frame: bytes, client: _Client) -> None:
        try:
            request = decode_message(frame)
        except LlrpError as error:
            await self._send(refusal(error.status, error.message, decode_header(frame).number))
            return
        if request.name == "KEEPALIVE_ACK":
            client.unanswered = 0
        if request.name == "GET_REPORT" and self._buffer is not None:
            await self._send(*self._buffer.due(all_of_them=True))
        reply = self.protocol.answer(request)
        if reply is None:
            return
        if reply.name == "SET_PROTOCOL_VERSION_RESPONSE":
            client.version = reply.version
        # Before the answer, so that no read is missed between it and the next tick.
        events = self._follow_rospec()
        await self._send(reply, *events)

    async def _send(self, *messages: Message) -> None:
        """To the client, if there is still one."""
        for out in messages:
            if self._client is not None:
                if out.number == 0:
                    self._number += 1
                    out.number, out.version = self._number, self._client.version
                await write_message(self._client.writer, out)

    def _event(self, event: Element) -> Message:
        kind = "UTCTimestamp" if self._utc else "Uptime"
        now_us = self._born_us + round(self.time_s * 1e6)
        stamp = parameter(kind, Microseconds=max(now_us, 0))
        return message(
            "READER_EVENT_NOTIFICATION", parameter("ReaderEventNotificationData", stamp, event)
        )

    def _follow_rospec(self) -> list[Message]:
        """Start or stop the inventory as the protocol's state says; returns what to tell."""
        active = self.protocol.active
        element = active.element if active else None
        if element is self._running:
            return []
        said = []
        if self._running is not None and self._buffer is not None:
            said += list(self._buffer.due(all_of_them=True))
            said += self._rospec_event(self._running["ROSpecID"], _ROSPEC_ENDED)
        self._running, self._buffer, self._ends_s = element, None, None
        self._inventory.stop()
        if active is not None:
            self._inventory.start(self._plugged_ports(active.ports), self.time_s)
            self._buffer = ReportBuffer(active.order, active.element["ROSpecID"])
            if active.duration_s is not None:
                self._ends_s = self.time_s + active.duration_s
            said += self._rospec_event(active.element["ROSpecID"], _ROSPEC_STARTED)
        return said

    def _rospec_event(self, number: int, kind: int) -> list[Message]:
        if not self.protocol.events[_ROSPEC_EVENT]:
            return []
        event = parameter("ROSpecEvent", EventType=kind, ROSpecID=number, PreemptingROSpecID=0)
        return [self._event(event)]

    async def _tick(self) -> None:
        """Let time pass for the inventory and the keepalives."""
        while True:
            await asyncio.sleep(_TICK_S)
            with contextlib.suppress(OSError):
                await self._notice_cables()
                await self._read_tags()
                await self._keep_alive()

    def _plugged_ports(self, ports: tuple[AntennaPort, ...]) -> tuple[AntennaPort, ...]:
        return tuple(port for port in ports if port.number in self.protocol.plugged)

    async def _notice_cables(self) -> None:
        """Tell of antennas that were plugged in or pulled, and read on those that are left."""
        changed = sorted(self._plugged ^ self.protocol.plugged)
        self._plugged = self.protocol.plugged
        if changed and self.protocol.active is not None:
            ports = self._plugged_ports(self.protocol.active.ports)
            self._inventory.start(ports, self.time_s)
        for number in changed if self.protocol.events[_ANTENNA_EVENT] else ():
            here = number in self._plugged
            await self._send(
                self._event(parameter("AntennaEvent", EventType=int(here), AntennaID=number))
            )

    async def _read_tags(self) -> None:
        if self._buffer is None:
            return
        now_s = self.time_s
        # A machine that cannot keep up reads less, not ever later.
        self._inventory.skip(now_s - _BEHIND_S)
        until_s = now_s if self._ends_s is None else min(now_s, self._ends_s)
        self._buffer.add(self._inventory.advance(until_s), self._born_us, utc=self._utc)
        # A vanished client's reports are held until the buffer is full.
        if self._client is not None:
            if self._buffer.lost:
                self._buffer.lost = False
                await self._send(self._event(parameter("ReportBufferOverflowErrorEvent")))
            await self._send(*self._buffer.due())
        if self._ends_s is not None and now_s >= self._ends_s:
            self.protocol.ended()
            self._running = None if self.protocol.active else self._running
            await self._send(*self._buffer.due(all_of_them=True), *self._follow_rospec())

    async def _keep_alive(self) -> None:
        client, period_ms = self._client, self.protocol.keepalive_ms
        now_ns = self._clock.monotonic_ns()
        if client is None or period_ms == 0 or now_ns < client.keepalive_due_ns:
            return
        watch = self.protocol.link_down_after
        if watch and client.unanswered >= watch:
            logger.info("emulated reader: the client no longer answers and is dropped")
            self.drop_client()
            return
        client.keepalive_due_ns = now_ns + period_ms * NS_PER_MS
        client.unanswered += 1
        await self._send(message("KEEPALIVE"))
