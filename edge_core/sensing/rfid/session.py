"""One life of a connection to a reader, from the greeting to the last report."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from edge_core.clock import Clock
from edge_core.config import ReaderConfig
from edge_core.errors import LlrpError, ReaderError
from edge_core.llrp import ConnectionStatus, Element, Message, message
from edge_core.sensing.rfid import requests
from edge_core.sensing.rfid.capabilities import ReaderCapabilities
from edge_core.sensing.rfid.connection import (
    REQUEST_LIMIT_S,
    LlrpConnection,
    open_streams,
)
from edge_core.sensing.rfid.reports import ReadCollector

logger = logging.getLogger(__name__)

_LLRP_1_1 = 2
_FAREWELL_LIMIT_S = 3.0


@dataclass(slots=True)
class SessionFacts:
    """What one session has seen so far.

    Attributes:
        capabilities: what the reader can do, once it has said so.
        antennas: numbers of the antennas it says are plugged in; None before it says.
        reports: report messages.
        reads: reads in them.
        malformed: messages refused.
        version: LLRP version spoken.
    """

    capabilities: ReaderCapabilities | None = None
    antennas: set[int] | None = None
    reports: int = 0
    reads: int = 0
    malformed: int = 0
    version: str = "1.0.1"


@dataclass(slots=True)
class ReaderSession:
    """Runs a reader until the connection ends.

    Args:
        config: which reader and how.
        folder: what its files are relative to.
        clock: source of now.
        collector: takes the reads.
        on_reads: called after reads have been put into the collector.
        facts: filled while it runs.
    """

    config: ReaderConfig
    folder: Path
    clock: Clock
    collector: ReadCollector
    on_reads: Callable[[], None]
    facts: SessionFacts = field(default_factory=SessionFacts)

    async def run(self, on_started: Callable[[], None]) -> None:
        """Connect, set up and read until the connection ends.

        A cancelled session stops the reader and leaves nothing behind on it.

        Args:
            on_started: called once the inventory runs.

        Raises:
            ReaderError: the connection could not be made, or has ended.
        """
        connection, receiving = await self._connect()
        try:
            await self._introduce(connection)
            await self._set_up(connection)
            on_started()
            # Waited for, not awaited: cancelling this session must not stop the receiving
            # before the goodbyes are said.
            await asyncio.wait({receiving})
            receiving.result()
        finally:
            await self._leave(connection, receiving, requests.end_rospec())

    async def look(self) -> SessionFacts:
        """Connect, ask what the reader is and which antennas it has, and leave.

        Raises:
            ReaderError: it could not be connected to or does not answer.
        """
        connection, receiving = await self._connect()
        try:
            await self._introduce(connection)
        finally:
            await self._leave(connection, receiving, (message("CLOSE_CONNECTION"),))
        return self.facts

    async def _connect(self) -> tuple[LlrpConnection, asyncio.Task[None]]:
        streams = await open_streams(self.config, self.folder)
        silent_s = max(requests.MISSED_KEEPALIVES * self.config.keepalive_s, REQUEST_LIMIT_S)
        connection = LlrpConnection(streams, self._take, silent_s)
        return connection, asyncio.create_task(connection.run(), name=f"llrp:{self.config.id}")

    async def _introduce(self, connection: LlrpConnection) -> None:
        """Agree on the version and learn what the reader is."""
        await connection.greeted()
        if self.config.llrp_version == "1.1":
            await self._agree_on_version(connection)
        can = ReaderCapabilities.from_message(await connection.request(requests.get_capabilities()))
        self.facts.capabilities = can
        ports = []
        # Nice to know only: a reader that answers oddly can still be read.
        with contextlib.suppress(LlrpError):
            answer = await connection.ask(requests.get_antennas())
            ports = answer.body.all("AntennaProperties")
        if ports:
            self.facts.antennas = {port["AntennaID"] for port in ports if port["AntennaConnected"]}

    async def _agree_on_version(self, connection: LlrpConnection) -> None:
        """Speak LLRP 1.1 if the reader does (LLRP 1.1, section 5); else 1.0.1 stays."""
        connection.version = _LLRP_1_1
        answer = await connection.ask(message("GET_SUPPORTED_VERSION"))
        if answer.name != "GET_SUPPORTED_VERSION_RESPONSE" or (
            answer.body["SupportedVersion"] < _LLRP_1_1
        ):
            connection.version = 1
            return
        await connection.request(message("SET_PROTOCOL_VERSION", ProtocolVersion=_LLRP_1_1))
        self.facts.version = "1.1"

    async def _set_up(self, connection: LlrpConnection) -> None:
        can = self.facts.capabilities
        assert can is not None, "asked for before"
        requests.require_settings(self.config, can)
        if can.is_impinj:
            await connection.request(requests.enable_impinj_extensions())
        await connection.request(requests.set_config(self.config, can))
        for request in requests.clear():
            await connection.request(request)
        await connection.request(requests.add_rospec(self.config, can))
        for request in requests.run_rospec():
            await connection.request(request)

    async def _leave(
        self,
        connection: LlrpConnection,
        receiving: asyncio.Task[None],
        goodbyes: tuple[Message, ...],
    ) -> None:
        """Say goodbye if anybody still listens, and close."""
        try:
            with contextlib.suppress(ReaderError, TimeoutError):
                async with asyncio.timeout(_FAREWELL_LIMIT_S):
                    for goodbye in goodbyes if not receiving.done() else ():
                        await connection.ask(goodbye)
        finally:
            # Closed before anything is waited for: this may be cancelled at any wait.
            receiving.cancel()
            connection.close()
            self.facts.malformed += connection.malformed
            (outcome,) = await asyncio.gather(receiving, return_exceptions=True)
            await connection.closed()
        if isinstance(outcome, Exception) and not isinstance(outcome, ReaderError):
            raise outcome  # a mistake of the program, not of the reader

    def _take(self, received: Message) -> None:
        """A message that answers no request."""
        now_ns = self.clock.monotonic_ns()
        if received.name == "RO_ACCESS_REPORT":
            self.facts.reports += 1
            self.facts.reads += self.collector.add(received, now_ns)
            self.on_reads()
        elif received.name == "READER_EVENT_NOTIFICATION":
            self._take_event(received.body.children[0], now_ns)

    def _take_event(self, event: Element, now_ns: int) -> None:
        for kind, is_utc in (("UTCTimestamp", True), ("Uptime", False)):
            stamp_us = event.value(kind, "Microseconds")
            if stamp_us is not None:
                self.collector.stamp(stamp_us, now_ns, is_utc=is_utc)
        antenna = event.first("AntennaEvent")
        if antenna is not None and self.facts.antennas is not None:
            change = (
                self.facts.antennas.add if antenna["EventType"] else self.facts.antennas.discard
            )
            change(antenna["AntennaID"])
        trouble = event.value("ReaderExceptionEvent", "Message")
        if trouble is not None:
            logger.warning("reader %s reports: %s", self.config.id, trouble)
        if event.first("ReportBufferOverflowErrorEvent") is not None:
            logger.warning("reader %s has lost reads: its buffer was full", self.config.id)
        status = event.value("ConnectionAttemptEvent", "Status")
        if status == ConnectionStatus.ANOTHER_ATTEMPTED:
            logger.info("reader %s: another program tried to connect", self.config.id)
