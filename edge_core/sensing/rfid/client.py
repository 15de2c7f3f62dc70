"""Keeps one reader running: connects, hands over its reads, connects again when it is lost."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from edge_core.clock import Clock, SystemClock
from edge_core.config import ReaderConfig
from edge_core.errors import ReaderError
from edge_core.sensing.reconnect import CameraState, ReconnectMachine
from edge_core.sensing.rfid.capabilities import ReaderCapabilities
from edge_core.sensing.rfid.reports import ReadCollector
from edge_core.sensing.rfid.session import ReaderSession, SessionFacts
from edge_core.tag_reads import TagReads
from edge_core.units import s_from_ns

logger = logging.getLogger(__name__)

_FLUSH_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """How a reader fares.

    Attributes:
        state: as of a camera: connecting, streaming or lost.
        reason: why it is lost, in plain words; "" when it is not.
        remedy: what to do about it.
        model: the maker's number of the model, 0 while unknown.
        firmware: "" while unknown.
        antennas: numbers of the configured antennas that are plugged in; None while unknown.
        reports: report messages so far.
        reads: reads in them.
        malformed: messages refused because they were no valid LLRP.
        dropped: reads nobody took in time.
        reconnects: how often the reader came back.
    """

    state: CameraState
    reason: str = ""
    remedy: str = ""
    model: int = 0
    firmware: str = ""
    antennas: frozenset[int] | None = None
    reports: int = 0
    reads: int = 0
    malformed: int = 0
    dropped: int = 0
    reconnects: int = 0


class ReaderClient:
    """One reader for as long as `run` runs.

    Args:
        config: which reader, and how it is to read.
        on_reads: is given each batch of reads in the event loop, at most every 200 ms; stamps are
            on this machine's monotonic clock and never fall, over batches either. It must return
            at once.
        folder: what paths in the config are relative to.
        clock: source of now.
        chance: jitter of the pauses between attempts.
        first_s: pause after the first failure.
        cap_s: longest pause between two attempts, before jitter.
    """

    def __init__(
        self,
        config: ReaderConfig,
        on_reads: Callable[[TagReads], None],
        *,
        folder: Path = Path(),
        clock: Clock | None = None,
        chance: random.Random | None = None,
        first_s: float = 0.5,
        cap_s: float = 15.0,
    ) -> None:
        self._config = config
        self._on_reads = on_reads
        self._folder = folder
        self._clock = clock or SystemClock()
        self._machine = ReconnectMachine(chance or random.Random(), first_s=first_s, cap_s=cap_s)
        self._collector = ReadCollector()
        self._facts = SessionFacts()
        self._past = SessionFacts()
        self._trouble: ReaderError | None = None
        self._flush: asyncio.TimerHandle | None = None

    @property
    def status(self) -> ReaderStatus:
        """How the reader fares now."""
        can, facts = self._facts.capabilities, self._facts
        wanted = {antenna.number for antenna in self._config.antennas}
        return ReaderStatus(
            state=self._machine.state,
            reason=self._trouble.message if self._trouble else "",
            remedy=self._trouble.remedy if self._trouble else "",
            model=can.model if can else 0,
            firmware=can.firmware if can else "",
            antennas=None if facts.antennas is None else frozenset(wanted & facts.antennas),
            reports=self._past.reports + facts.reports,
            reads=self._past.reads + facts.reads,
            malformed=self._past.malformed + facts.malformed,
            dropped=self._collector.dropped,
            reconnects=self._machine.reconnects,
        )

    @property
    def capabilities(self) -> ReaderCapabilities | None:
        """What the reader can do, its carriers by channel index among it; None while unknown."""
        return self._facts.capabilities

    async def run(self) -> None:
        """Keep the reader running until cancelled; then it is stopped and left clean."""
        try:
            while True:
                await self._one_session()
                await self._pause()
        finally:
            self._hand_over()

    async def _one_session(self) -> None:
        """From connecting to losing the reader."""
        self._past = replace(
            self._past,
            reports=self._past.reports + self._facts.reports,
            reads=self._past.reads + self._facts.reads,
            malformed=self._past.malformed + self._facts.malformed,
        )
        self._facts = SessionFacts()
        session = ReaderSession(
            self._config,
            self._folder,
            self._clock,
            self._collector,
            on_reads=self._have_reads,
            facts=self._facts,
        )
        try:
            await session.run(self._started)
        except ReaderError as error:
            # Said once, not at every attempt of a night.
            if self._trouble is None or self._trouble.message != error.message:
                logger.warning("reader %s: %s %s", self._config.id, error.message, error.remedy)
            self._trouble = error
            self._machine.lost(self._clock.monotonic_ns())

    async def _pause(self) -> None:
        while not self._machine.retry(self._clock.monotonic_ns()):
            left_ns = self._machine.due_ns - self._clock.monotonic_ns()
            await asyncio.sleep(max(s_from_ns(left_ns), 0.001))

    def _started(self) -> None:
        can = self._facts.capabilities
        self._trouble = None
        self._machine.opened()
        logger.info(
            "reader %s: inventory runs on %d antennas (firmware %s, LLRP %s)",
            self._config.id,
            len(self._config.antennas),
            can.firmware if can else "unknown",
            self._facts.version,
        )

    def _have_reads(self) -> None:
        if self._flush is None and len(self._collector):
            self._flush = asyncio.get_running_loop().call_later(_FLUSH_S, self._hand_over)

    def _hand_over(self) -> None:
        if self._flush is not None:
            self._flush.cancel()
        self._flush = None
        if len(self._collector):
            self._on_reads(self._collector.take())
