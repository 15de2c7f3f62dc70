"""What the operator's set-up page may do to the running service."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.config import SiteConfig, load_site
from edge_core.errors import ConfigError, SourceError
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.stills import StillBox
from edge_core.sensing.rfid.worker import RFID_WORKER
from edge_core.service.rows import (
    READY,
    SET_UP_ASKED,
    SET_UP_REFUSED,
    SET_UP_ROW,
    is_vision,
    vision_workers,
)
from edge_core.tag_reads import ReaderBatch
from edge_core.units import NS_PER_S

STILL_S: Final = 6.0
"""How long a still is waited for."""
_POLL_S: Final = 0.05
_RATE_S: Final = 4


@dataclass(frozen=True, slots=True)
class DeskWiring:
    """What the core process needs for the set-up page.

    Attributes:
        site_file: the file the service runs by.
        stills: where stills are asked for.
    """

    site_file: Path
    stills: StillBox


@dataclass(frozen=True, slots=True)
class SetUpState:
    """Whether the service runs by what the site file says.

    Attributes:
        running: it does, and all its processes are up.
        refused: why the file's set-up was not taken, or "".
        waiting_for: processes that are still starting.
    """

    running: bool
    refused: str
    waiting_for: tuple[str, ...]


class OperatorDesk:
    """The set-up page's side of the service; methods may be called from any thread.

    Args:
        wiring: see there.
        config: what this process runs by.
        board: health of every process.
        rates: reads a second by reader and antenna.

    Attributes:
        site_file, config: see the arguments.
    """

    def __init__(
        self,
        wiring: DeskWiring,
        config: SiteConfig,
        board: HealthBoard,
        rates: Callable[[], dict[tuple[str, int], float]],
    ) -> None:
        self.site_file = wiring.site_file
        self.config = config
        self._stills = wiring.stills.asker()
        self._board = board
        self._row = board.row(SET_UP_ROW)
        self.antenna_rates = rates

    def still(self, camera_id: str) -> bytes:
        """A still of a camera as JPEG, without people; it is kept nowhere.

        Raises:
            SourceError: the camera sends no pictures now.
            ValueError: there is no such camera.
        """
        with self._stills.turn:
            number = self._stills.ask(camera_id)
            deadline = time.monotonic() + STILL_S
            while time.monotonic() < deadline:
                if (still := self._stills.take(number)) is not None:
                    return still
                time.sleep(_POLL_S)
            self._stills.withdraw()
            if (still := self._stills.take(number)) is not None:
                return still
        raise SourceError(
            f"Camera {camera_id} gave no picture within {STILL_S:g} s.",
            "See on the page Health whether it streams, and try again.",
        )

    def apply(self) -> None:
        """Ask for the processes that the site file's changes concern to be started anew."""
        self._row.add(SET_UP_ASKED)

    def state(self) -> SetUpState:
        """Whether the service runs by what the site file says."""
        try:
            agrees = load_site(self.site_file) == self.config
        except ConfigError as error:
            return SetUpState(False, str(error), ())
        asked = self._row.get(SET_UP_ASKED)
        refused = self._row.get(SET_UP_REFUSED) == asked and asked > 0
        affected = ("core", *vision_workers(self.config), RFID_WORKER)
        starting = tuple(name for name in affected if not self._is_up(name))
        return SetUpState(
            agrees and not starting, self._row.reason if refused and not agrees else "", starting
        )

    def _is_up(self, name: str) -> bool:
        if name not in self._board.names():
            return True
        row = self._board.row(name)
        if name == "core":
            return not row.stop
        if row.state is not WorkerState.RUNNING:
            return False
        return not is_vision(name) or row.get(READY) > 0


class AntennaRates:
    """Reads a second of every antenna, over the last few seconds; for one writing thread."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, dict[tuple[str, int], int]]] = deque(maxlen=_RATE_S + 1)

    def ingest(self, batch: ReaderBatch, now_mono_ns: int) -> None:
        """Count a reader's reads."""
        second = now_mono_ns // NS_PER_S
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append((second, {}))
        counts = self._seconds[-1][1]
        antennas, reads = np.unique(batch.reads.antenna, return_counts=True)
        for antenna, count in zip(antennas, reads, strict=True):
            key = (batch.reader_id, int(antenna))
            counts[key] = counts.get(key, 0) + int(count)

    def per_s(self, now_mono_ns: int) -> dict[tuple[str, int], float]:
        """Mean over the whole seconds just passed, by reader and antenna number."""
        newest = now_mono_ns // NS_PER_S
        total: dict[tuple[str, int], int] = {}
        for second, counts in list(self._seconds):
            if newest - _RATE_S <= second < newest:
                for key, count in list(counts.items()):
                    total[key] = total.get(key, 0) + count
        return {key: count / _RATE_S for key, count in total.items()}
