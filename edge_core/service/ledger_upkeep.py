"""What keeps the ledger safe while the service runs: a backup a day, and telling how it stands."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from edge_core.clock import Clock
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.ledger import Ledger, LedgerReader
from edge_core.ledger.backups import backed_up_at
from edge_core.service.schema import LedgerHealth
from edge_core.service.views import ledger_health, utc_from_ns
from edge_core.units import ns_from_s

EVERY: Final = timedelta(days=1)
REDO_MOST_BYTES: Final = 256_000_000
"""So large a redo log is a reason for a backup before its day."""
TOLD_FOR: Final = timedelta(days=7)
"""How long it is told that a ledger was restored."""
_FIRST_NS: Final = ns_from_s(600)
_AGAIN_NS: Final = ns_from_s(3600)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: LedgerError


class LedgerUpkeep:
    """Backs the ledger up in a thread of its own; the core's loop only looks in.

    Args:
        ledger: open for writing.
        reader: of the same file.
        clock: the clocks.
    """

    def __init__(self, ledger: Ledger, reader: LedgerReader, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._sound = not reader.quick_check()
        self._due_ns = clock.monotonic_ns() + _FIRST_NS
        self._thread: threading.Thread | None = None
        self._failure: _Failure | None = None

    def look(self) -> None:
        """Begin a backup if one is due.

        Raises:
            DamagedLedgerError: the last one found a torn page: the ledger has to be opened anew,
                which restores it.
        """
        if self._failure is not None and isinstance(self._failure.error, DamagedLedgerError):
            raise self._failure.error
        now_ns = self._clock.monotonic_ns()
        if now_ns < self._due_ns or (self._thread is not None and self._thread.is_alive()):
            return
        self._due_ns = now_ns + _AGAIN_NS
        if self._wanted():
            self._thread = threading.Thread(target=self._back_up, name="ledger-backup", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Until the backup that is being made is whole; before the ledger is closed."""
        if self._thread is not None:
            self._thread.join()

    def health(self, reader: LedgerReader) -> LedgerHealth:
        """The ledger's state."""
        failure = self._failure
        restored = reader.restored()
        lately = restored is not None and self._now() - restored[0] < TOLD_FOR
        told = {
            "backup_at": backed_up_at(self._ledger.path),
            "backup_failed": "" if failure is None else str(failure.error),
            "restored": restored[1] if restored is not None and lately else "",
        }
        return ledger_health(reader, sound=self._sound).model_copy(update=told)

    def _now(self) -> datetime:
        return utc_from_ns(self._clock.utc_ns())

    def _wanted(self) -> bool:
        newest = backed_up_at(self._ledger.path)
        # A clock that was set back must not put the next backup off for ever.
        fresh = newest is not None and abs(self._now() - newest) < EVERY
        return not fresh or self._ledger.redo_bytes > REDO_MOST_BYTES

    def _back_up(self) -> None:
        try:
            made = self._ledger.back_up(self._now())
        except LedgerError as error:
            log.warning("the ledger could not be backed up: %s", error)
            self._failure = _Failure(error)
        else:
            log.info("ledger backed up", extra={"backup": made.name})
            self._failure = None
