"""The day and the memory of what identity learns of the site."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.clock import Clock
from edge_core.errors import SourceError
from edge_core.identity.handover import Handover
from edge_core.identity.site_state import SiteState, load_state, save_state
from edge_core.types import Observation
from edge_core.units import NS_PER_S

NIGHT_ENDS: Final = timedelta(hours=4)
"""A day of trade ends then, local time."""
_KEEP_NS: Final = 300 * NS_PER_S

log = logging.getLogger(__name__)


class SiteLearning:
    """Calibrates at night what similarities say, and tells and takes what has been learnt.

    Args:
        handover: learns.
        timezone: the site's.
    """

    def __init__(self, handover: Handover, timezone: str) -> None:
        self._handover = handover
        self._zone = ZoneInfo(timezone)
        self._day = ""
        self._ahead_ns: int | None = None
        self._until_utc_ns: int | None = None

    def restore(self, state: SiteState) -> None:
        """Go on from an earlier life; before the first observation.

        Raises:
            ValueError: the state makes no sense.
        """
        graph = self._handover.model.graph
        state = state.of_cameras(graph.cameras)
        self._handover.model.restore(state.learnt)
        self._handover.looks, self._handover.tally = state.looks, state.tally
        self._day, self._until_utc_ns = state.day, state.until_utc_ns

    def state(self) -> SiteState | None:
        """What has been learnt; None before the first observation."""
        if self._ahead_ns is None:
            return None
        handover = self._handover
        return SiteState(
            handover.model.graph.cameras,
            handover.model.learnt(),
            handover.looks,
            handover.tally,
            max(self._until_utc_ns or 0, handover.learnt_until_ns + self._ahead_ns, 0),
            self._day,
        )

    def see(self, observation: Observation) -> None:
        """Follow the time of observations."""
        if self._ahead_ns is None:
            self._ahead_ns = observation.utc_ns - observation.mono_ns
            if self._until_utc_ns is not None:
                self._handover.teach_after(self._until_utc_ns - self._ahead_ns)
        now = datetime.fromtimestamp(observation.utc_ns / NS_PER_S, UTC).astimezone(self._zone)
        day = (now - NIGHT_ENDS).date().isoformat()
        if day == self._day:
            return
        if self._day:
            self._handover.calibrate()
        self._day = day


class LearntFile:
    """Keeps what is learnt, every five minutes; what a crash loses of it is learnt again.

    Args:
        path: of the file.
        learning: learns.
        clock: the clocks.
    """

    def __init__(self, path: Path, learning: SiteLearning, clock: Clock) -> None:
        self._path, self._learning, self._clock = path, learning, clock
        self._due_ns = clock.monotonic_ns() + _KEEP_NS

    def restore(self) -> None:
        """Go on from what earlier lives learnt of the site.

        A file of no use is told in the log and replaced: everything in it can be learnt anew.
        """
        try:
            state = load_state(self._path)
            if state is not None:
                self._learning.restore(state)
        except (SourceError, ValueError) as error:
            log.warning("the site is learnt anew: %s", error)

    def keep(self, *, at_once: bool = False) -> None:
        """Write the file if it is time to."""
        now_ns = self._clock.monotonic_ns()
        if now_ns < self._due_ns and not at_once:
            return
        self._due_ns = now_ns + _KEEP_NS
        state = self._learning.state()
        if state is None:
            return
        try:
            save_state(self._path, state)
        except SourceError as error:
            log.warning("%s", error)
