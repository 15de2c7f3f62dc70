"""Keeps the data within its budget: what matters least goes first, the event ledger last.

In this order, each only as far as needed: rotated log files; damaged ledgers that were set aside
and copies from before an update; backups but the newest; heat by the hour, oldest first (the months
stay); last, whole days of events with their sums, the oldest first, never of the newest week. What
went, and that nothing more may go, is told on the health page and so to the hub.
"""

import logging
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from edge_core.clock import Clock
from edge_core.config import SiteConfig
from edge_core.config.storage import StorageConfig
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.ledger import Ledger, LedgerReader
from edge_core.ledger.backups import backups
from edge_core.service.schema import StorageHealth
from edge_core.service.views import utc_from_ns
from edge_core.units import NS_PER_S, ns_from_s

KEPT_DAYS: Final = 7
"""Events of so many days never go for want of room."""
_FIRST_NS: Final = ns_from_s(60)
_EVERY_NS: Final = ns_from_s(600)
_DAY_NS: Final = 86_400 * NS_PER_S
_MB: Final = 1_000_000
_TOLD: Final = 8
_HEAT_STEP_DAYS: Final = 28

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a store PC's data lie.

    Attributes:
        ledger: the ledger's file.
        logs: folder of log files; None where there are none.
    """

    ledger: Path
    logs: Path | None

    def files(self) -> Iterator[Path]:
        """All files beside the ledger, and the log files."""
        for folder in {self.ledger.parent, *([] if self.logs is None else [self.logs])}:
            if folder.is_dir():
                yield from (path for path in folder.iterdir() if path.is_file())

    def spare_files(self) -> Iterator[tuple[str, Path]]:
        """What may go without harm, what matters least first: what it is, and the file."""
        if self.logs is not None:
            for path in sorted(self.logs.glob("*.log.*"), key=_age):
                yield "an old log file", path
        name = self.ledger.name
        for pattern in (f"{name}.damaged-*", f"{name}.v*.backup"):
            for path in sorted(self.ledger.parent.glob(pattern), key=_age):
                yield "a ledger that was set aside", path
        for path in reversed(backups(self.ledger)[1:]):
            yield "an older backup", path


def _age(path: Path) -> float:
    return path.stat().st_mtime


def places_of(site: SiteConfig, folder: Path) -> Places:
    """Where a site's data lie, its settings being in a folder."""
    logs = site.storage.logs
    return Places(folder / site.service.ledger, None if logs is None else folder / logs)


def make_room(places: Places, wanted_bytes: int) -> list[str]:
    """Delete spare files until so much is free on the disk, or none is left.

    Returns:
        What went.
    """
    went = []
    for what, path in list(places.spare_files()):
        if shutil.disk_usage(places.ledger.parent).free >= wanted_bytes:
            break
        if _delete(path):
            went.append(f"{what} ({path.name})")
    return went


class StorageKeeper:
    """Looks every ten minutes whether the data are within the budget.

    Args:
        ledger: open for writing.
        reader: of the same file.
        places: where the data lie.
        config: the limits.
        clock: the clocks.
    """

    def __init__(
        self,
        ledger: Ledger,
        reader: LedgerReader,
        places: Places,
        config: StorageConfig,
        clock: Clock,
    ) -> None:
        self._ledger, self._reader, self._places = ledger, reader, places
        self._config, self._clock = config, clock
        self._due_ns = clock.monotonic_ns() + _FIRST_NS
        self._thread: threading.Thread | None = None
        self._went: list[str] = []
        self._stuck = ""
        self._damaged: DamagedLedgerError | None = None

    def look(self) -> None:
        """Begin to make room in a thread of its own if it is time to look.

        Raises:
            DamagedLedgerError: the last look found a torn page.
        """
        if self._damaged is not None:
            raise self._damaged
        now_ns = self._clock.monotonic_ns()
        if now_ns < self._due_ns or (self._thread is not None and self._thread.is_alive()):
            return
        self._due_ns = now_ns + _EVERY_NS
        self._thread = threading.Thread(target=self._run, name="storage", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until what is under way is done; before the ledger is closed."""
        if self._thread is not None:
            self._thread.join()

    def health(self) -> StorageHealth:
        """How much there is, and what was given up since the start."""
        return StorageHealth(
            used_mb=round(self.used_bytes() / _MB, 1),
            budget_mb=self._config.budget_mb,
            free_mb=round(shutil.disk_usage(self._places.ledger.parent).free / _MB, 1),
            gave_up=self._went[-_TOLD:],
            stuck=self._stuck,
        )

    def used_bytes(self) -> int:
        """All files; of the ledger only what is in use, for it fills its gaps before it grows."""
        used = 0
        for path in self._places.files():
            try:
                used += path.stat().st_size
            except FileNotFoundError:
                continue  # rotated or deleted just now
        return used - self._reader.unused_bytes()

    def _run(self) -> None:
        try:
            self.keep_within()
        except DamagedLedgerError as error:
            self._damaged = error
        except (LedgerError, OSError) as error:
            log.warning("no room could be made: %s", error)
            self._stuck = f"no room could be made: {error}"

    def keep_within(self) -> None:
        """Give up what is over the budget, in the order of this module's head."""
        spare = self._config.spare_mb * _MB
        went = make_room(self._places, spare)
        went += self._within(self._drop_files())
        went += self._within(self._thin_heat())
        went += self._within(self._drop_days())
        for it in went:
            log.warning("given up for want of room: %s", it)
        self._went = [*self._went, *went][-100:]
        free = shutil.disk_usage(self._places.ledger.parent).free
        self._stuck = ""
        if self._over():
            self._stuck = (
                f"the data take {self.used_bytes() / _MB:.0f} MB of {self._config.budget_mb} MB and"
                f" nothing more may go; raise budget_mb under [storage], or keep events for fewer"
                f" days (event_days)"
            )
        elif free < spare:
            self._stuck = (
                f"only {free / _MB:.0f} MB are free on the disk; something else fills it: delete"
                " what is not needed"
            )

    def _over(self) -> bool:
        return self.used_bytes() > self._config.budget_mb * _MB

    def _within(self, steps: Iterable[str]) -> list[str]:
        """Take steps as long as the data are over the budget; what they gave up."""
        went = []
        iterator = iter(steps)
        while self._over() and (step := next(iterator, None)) is not None:
            went.append(step)
        return went

    def _drop_files(self) -> Iterator[str]:
        for what, path in list(self._places.spare_files()):
            if _delete(path):
                yield f"{what} ({path.name})"

    def _thin_heat(self) -> Iterator[str]:
        for until in self._oldest_days(self._reader.oldest_heat_utc_ns(), _HEAT_STEP_DAYS):
            if gone := self._ledger.thin_heat(until):
                yield f"{gone} heat maps by the hour of months before {_date(until)}"

    def _drop_days(self) -> Iterator[str]:
        for until in self._oldest_days(self._reader.oldest_event_utc_ns(), 1):
            count = self._ledger.delete_older_than(until)
            yield f"{count} events before {_date(until)}"

    def _oldest_days(self, oldest_ns: int | None, step: int) -> Iterator[int]:
        """UTC instants up to which to delete, step by step, up to the days that stay."""
        last_ns = self._clock.utc_ns() - KEPT_DAYS * _DAY_NS
        if oldest_ns is None:
            return
        until = (oldest_ns // _DAY_NS + step) * _DAY_NS
        while until <= last_ns:
            yield until
            until += step * _DAY_NS


def _date(utc_ns: int) -> str:
    moment: datetime = utc_from_ns(utc_ns)
    return f"{moment:%Y-%m-%d}"


def _delete(path: Path) -> bool:
    try:
        path.unlink()
    except OSError as error:
        log.warning("%s cannot be deleted: %s", path, error.strerror)
        return False
    return True
