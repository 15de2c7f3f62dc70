"""The single writer of the ledger."""

import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlite_utils import Database

from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.ledger import changes, long_sums, proofs
from edge_core.ledger.backups import back_up, backups, mark_of, read_mark
from edge_core.ledger.lock import WriterLock
from edge_core.ledger.migrations import MIGRATIONS, Migration, migrate
from edge_core.ledger.opening import (
    connect,
    errors_named,
    inspect,
    roll_back,
    sync_write_ahead_log,
)
from edge_core.ledger.outbox import OutboxRow
from edge_core.ledger.reader import LedgerReader
from edge_core.ledger.recovery import Recovery, readable_events, readable_rows, recover
from edge_core.ledger.redo import RedoLog, redo_files
from edge_core.ledger.rollups import MS_PER_MINUTE
from edge_core.ledger.site_time import NS_PER_MINUTE, SiteTime, minute_of
from edge_core.types import Event, EventKind, ItemAction, PresenceSums, SeenIn, TraitCount

_SALVAGE_BATCH: Final = 1_000
_NONE: Final[Mapping[int, Mapping[str, int]]] = {}
_NO_SEQ: Final[Mapping[int, str]] = {}


class Ledger:
    """Durable events and their sums by minute. One process has it open at a time.

    What `append` and `mark_available` have returned from is on the disk twice: in the ledger and,
    until a backup holds it, in the redo log beside it. A ledger that is found damaged when it is
    opened is moved aside and made again from those. Methods may be called from any thread.

    Args:
        path: the file; it is made if missing, its folder is not.
        timezone: the site's, by its IANA name; when it is another than before, the sums by hour
            and day are counted anew.
        migrations: steps to today's schema.
        check_seals: look at every event, which takes 4 s a million; a process that starts again
            while its service runs may leave that out.

    Attributes:
        backups: files made because the schema was older.
        recovery: what was done about a damaged ledger; None when it was sound.

    Raises:
        LedgerError: another process writes it, the disk refuses, or the file is somebody else's.
        NewerLedgerError: a newer Promenade wrote it; it is left untouched.
    """

    def __init__(
        self,
        path: Path,
        *,
        timezone: str = "UTC",
        migrations: Sequence[Migration] = MIGRATIONS,
        check_seals: bool = True,
    ) -> None:
        self.path = path.resolve()
        self._site_time = SiteTime(timezone)
        if not self.path.parent.is_dir():
            raise LedgerError(
                f"There is no folder {self.path.parent} for the ledger.",
                "Create it, or name another file as `ledger` in site.toml.",
            )
        with ExitStack() as undo:
            self._lock_file = undo.enter_context(WriterLock(self.path))
            self.recovery = self._inspected(migrations[-1].version, check_seals)
            with errors_named(self.path):
                self._connection = connect(self.path, writable=True)
                undo.callback(self._connection.close)
                self._db = Database(self._connection, execute_plugins=False)
                self._site_time.register(self._connection)
                self.backups = migrate(self._db, self.path, migrations)
                with self._db.atomic():
                    long_sums.settle(self._connection, self._site_time)
                self._redo = RedoLog(self.path)
                undo.callback(self._redo.close)
                if self.recovery is not None and self.recovery.backup is None:
                    self._salvage(self.recovery)
                self._make_again()
                self._newest_id = changes.newest_id(self._connection)
            undo.pop_all()
        self._turn = threading.Lock()

    def _inspected(self, newest_version: int, check_seals: bool) -> Recovery | None:
        """Look at the file before it is opened; a ledger that is damaged, or gone, is replaced."""
        if not self.path.exists():
            lost = bool(backups(self.path))
            return recover(self.path, "the file had gone") if lost else None
        try:
            roll_back(self.path)
            inspect(self.path, newest_version, check_seals=check_seals)
        except DamagedLedgerError as error:
            # Without either beside it, it may be anything, named by mistake: it stays untouched.
            if not (backups(self.path) or redo_files(self.path)):
                raise
            return recover(self.path, error.message)
        return None

    def _make_again(self) -> None:
        """Make the changes of the redo log that the file does not hold: after a crash, the last."""
        mark = read_mark(self._connection)
        repeated, missing = 0, False
        for change in self._redo.changes(mark):
            missing |= change.seq != mark + 1
            mark = change.seq
            with self._db.atomic():
                changes.apply(self._connection, self._site_time, change.name, change.arguments)
                self._mark(mark)
            repeated += 1
        missing |= self._redo.last_seq > mark
        self._redo.skip_to(mark)
        if self.recovery is not None:
            self.recovery = replace(
                self.recovery,
                repeated=repeated,
                spoilt=self._redo.spoilt,
                whole=self.recovery.whole and not missing,
            )
            told = json.dumps([time.time_ns(), str(self.recovery)])
            self._connection.execute(
                "INSERT OR REPLACE INTO settings VALUES ('restored', ?)", (told,)
            )

    def _salvage(self, recovery: Recovery) -> None:
        """Take over what can be read of a damaged ledger into the empty one."""
        log_is_whole = next((it.seq == 1 for it in self._redo.changes(0)), False)
        if recovery.damaged is None or log_is_whole:
            return  # the redo log tells everything from the first change on
        count, batch = 0, list[tuple[Any, ...]]()
        for row in readable_events(recovery.damaged):
            batch.append(row)
            if len(batch) == _SALVAGE_BATCH:
                count += self._take_over(batch)
                batch = []
        count += self._take_over(batch)
        with self._db.atomic():
            for table in ("outbox", "outbox_marks"):
                for row in readable_rows(recovery.damaged, table):
                    marks = ", ".join("?" * len(row))
                    self._connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
        self.recovery = replace(recovery, salvaged=count, whole=False)

    def _take_over(self, rows: Sequence[tuple[Any, ...]]) -> int:
        with self._db.atomic():
            before = changes.newest_id(self._connection)
            self._connection.executemany(
                "INSERT OR IGNORE INTO events VALUES"
                " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, event_seal(?2, ?3, ?4, ?5, ?6, ?7, ?8))",
                rows,
            )
            changes.fold(self._connection, before)
        return len(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file and let the next writer in."""
        with self._turn:
            self._connection.close()
            self._redo.close()
            self._lock_file.close()

    def reader(self) -> LedgerReader:
        """A read-only view of the same file for another thread; the caller closes it."""
        return LedgerReader(self.path)

    @property
    def newest_id(self) -> int:
        """Row id of the newest event ever appended; 0 before the first."""
        return self._newest_id

    def back_up(self, at: datetime | None = None) -> Path:
        """Make a backup while the ledger is in use, and drop what the redo log needs no more.

        Args:
            at: names it, UTC; now when None.

        Returns:
            The backup; the one before it stays, older ones go.

        Raises:
            LedgerError: there is no room, or the ledger is damaged; older backups stay.
        """
        made = back_up(self.path, at)
        with self._turn, _disk_errors_named(self.path):
            self._redo.start_anew()
            # A power cut could take the ledger itself back to before the backup, and it would be
            # sound then: nobody would look into the backup for what the redo log tells no more.
            sync_write_ahead_log(self.path)
            self._redo.drop_until(min(mark_of(backup) for backup in backups(self.path)))
        return made

    @property
    def redo_bytes(self) -> int:
        """Size of the redo log."""
        return self._redo.size_bytes

    def append(self, events: Sequence[Event]) -> list[int]:
        """Keep events, all or none; one whose key is known already is passed over.

        Args:
            events: in the order they are to be numbered.

        Returns:
            Row ids of the events that were new, rising.

        Raises:
            ValueError: an event lacks the facts of its kind.
            LedgerError: the disk refuses; nothing was kept, and appending again is safe.
        """
        return self._change("append", [_row(event) for event in events]) if events else []

    def mark_available(self, camera_id: str, minute: int, seconds_watched: float) -> None:
        """Add seconds in which a camera was watched to a minute's account, up to sixty.

        Args:
            camera_id: the camera.
            minute: minutes since 1970-01-01 UTC, see `minute_of`.
            seconds_watched: since the last call for this camera and minute.

        Raises:
            LedgerError: the disk refuses.
        """
        if not 0 <= seconds_watched <= 60:
            raise ValueError(f"a minute has 0 to 60 seconds, not {seconds_watched}")
        watched_ms = round(seconds_watched / 60 * MS_PER_MINUTE)
        self._change("watched", [camera_id, minute, watched_ms])

    def add_presence(
        self, sums: Sequence[PresenceSums], present: Mapping[int, Mapping[str, int]] = _NONE
    ) -> None:
        """Add where people were to what is kept of their hours.

        Args:
            sums: news since the last call, by floor and hour.
            present: by an instant (UTC nanoseconds) of an hour, people by zone at the hour's
                first look; what is kept of that hour already stands.

        Raises:
            LedgerError: the disk refuses; nothing was added.
        """
        self._change("presence", changes.presence_arguments(sums, present))

    def add_traits(self, counts: Sequence[TraitCount]) -> None:
        """Add people of each label to their hours and days. Raises LedgerError."""
        self._change("traits", changes.traits_arguments(counts))

    def put_out(self, rows: Iterable[OutboxRow], marks: Mapping[str, int]) -> None:
        """Let facts wait for the hub, and mark how far they tell; both or neither.

        Raises:
            LedgerError: the disk refuses.
        """
        self._change("put-out", [[[it.key, it.kind, it.body] for it in rows], dict(marks)])

    def settle_out(self, delivered: Iterable[int], refused: Mapping[int, str] = _NO_SEQ) -> None:
        """Forget what the hub keeps, set aside what it refused, by `seq`. Raises LedgerError."""
        self._change("settle-out", [list(delivered), [list(it) for it in refused.items()]])

    def delete_older_than(self, utc_ns: int) -> int:
        """Forget whole minutes before an instant: events, their sums and availability.

        Of the hour and the day they lie in, what is left of the events is summed anew; what was
        kept by the hour alone goes by whole hours. Backups hold them until two newer ones are made.
        What was deleted is looked up again, overwritten in the file and in its write-ahead log, and
        told in the chain of `proofs`.

        Returns:
            How many events were deleted.
        """
        first_kept = minute_of(utc_ns)
        deleted = 0
        # In batches, so that appending never waits long; the sums go when all events are gone.
        while batch := self._change("delete", [first_kept * NS_PER_MINUTE])[0]:
            deleted += batch
        rows = dict(zip(changes.FORGOTTEN, self._change("forget", [first_kept]), strict=True))
        counts = {name: it for name, it in {"events": deleted, **rows}.items() if it}
        if counts:
            self._prove_deletion(first_kept, counts)
        return deleted

    def thin_heat(self, utc_ns: int) -> int:
        """Forget heat by the hour of the months before an instant's; the months' sums stay.

        Returns:
            How many hours went.

        Raises:
            LedgerError: the disk refuses.
        """
        return self._change("thin-heat", [utc_ns])[0]

    def count_consent(self, utc_ns: int, screen: str, text: str, choice: str) -> None:
        """Count a choice on a screen by the hour: nobody can be told from it.

        Args:
            utc_ns: when it was made.
            screen: which screen asked.
            text: version of the question that was shown.
            choice: what was chosen.

        Raises:
            LedgerError: the disk refuses.
        """
        self._change("consent", [utc_ns, screen, text, choice])

    def _prove_deletion(self, first_kept: int, counts: Mapping[str, int]) -> None:
        """Look up what should be gone, empty the write-ahead log, and write both down."""
        with self._turn, errors_named(self.path):
            left = proofs.left_over(self._connection, first_kept)
            wiped = int(self._connection.execute("PRAGMA secure_delete").fetchone()[0]) == 1
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            in_backups = len(backups(self.path))
        told = [time.time_ns(), first_kept * NS_PER_MINUTE, dict(counts), left]
        self._change("proof", [*told, wiped, not busy, in_backups])

    def _change(self, name: str, arguments: list[Any]) -> list[int]:
        """Make a change and write it down, both or neither; see `changes.apply`."""
        with self._turn, errors_named(self.path), _disk_errors_named(self.path):
            written = False
            try:
                with self._db.atomic():
                    result = changes.apply(self._connection, self._site_time, name, arguments)
                    self._mark(self._redo.keep(name, arguments))
                    written = True
            except BaseException:
                if written:
                    self._redo.take_back()
                raise
            # Taken over before the next thread's turn.
            self._newest_id = changes.newest_id(self._connection)
        return result

    def _mark(self, seq: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES ('redo', ?)", (seq,))


@contextmanager
def _disk_errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerError(
            f"The redo log of the ledger {path} cannot be written: {error.strerror or error}.",
            "Check that the disk has room and that the folder may be written to.",
        ) from error


def _row(event: Event) -> tuple[Any, ...]:
    _check(event)
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        event.key,
        str(event.kind),
        event.utc_ns,
        event.mono_ns,
        event.camera_id,
        event.place_id,
        data,
    )


def _check(event: Event) -> None:
    """An event has the facts of its kind, which the sums are made of."""
    match event.kind:
        case EventKind.CROSSING:
            if event.data.get("direction") not in ("in", "out"):
                raise ValueError(f"a crossing goes in or out, not {event.data.get('direction')!r}")
        case EventKind.STAY:
            _check_stay(event.data)
        case EventKind.MOVE:
            if not event.place_id or not isinstance(event.data.get("from"), str):
                raise ValueError("a move goes from somewhere to somewhere")
        case EventKind.ITEM:
            _check_item(event.data)
        case EventKind.OFFER | EventKind.REDEMPTION | EventKind.CORRECTION:
            _check_suggestion(event)
        case EventKind.VISIT | EventKind.TALLY:
            _check_people(event)
        case EventKind.SALE:
            _check_sale(event.data)


def _check_stay(data: dict[str, Any]) -> None:
    duration_s = data.get("duration_s")
    if not isinstance(duration_s, (int, float)) or duration_s < 0:
        raise ValueError(f"a stay lasts 0 s or longer, not {duration_s!r}")


def _check_sale(data: dict[str, Any]) -> None:
    sku, quantity = data.get("sku"), data.get("quantity")
    if not sku or not isinstance(sku, str) or not isinstance(quantity, int):
        raise ValueError(f"a sale has a SKU and a quantity, not {sku!r} and {quantity!r}")


def _check_suggestion(event: Event) -> None:
    """What is logged of suggestions can be learnt from, and is about nobody."""
    data = event.data
    if event.kind is EventKind.OFFER:
        propensity = data.get("propensity")
        if not isinstance(propensity, (int, float)) or not 0 < propensity <= 1:
            raise ValueError(f"an offer has a propensity above 0, not {propensity!r}")
    elif event.kind is EventKind.REDEMPTION and not (data.get("coupon") and data.get("nonce")):
        raise ValueError("a redemption has a coupon and its nonce")
    elif event.kind is EventKind.CORRECTION and not data.get("correction"):
        raise ValueError("a correction says something")


def _check_people(event: Event) -> None:
    """A visit tells how it was seen; a tally is one thing."""
    if event.kind is EventKind.TALLY:
        if not {"direction", "mark", "undo"} & event.data.keys():
            raise ValueError("a tally is of a crossing, begins or ends, or takes one back")
    elif event.data.get("seen_in") not in set(SeenIn) or event.data.get("duration_s", -1) < 0:
        raise ValueError("a visit tells how it was seen and lasts 0 s or longer")


def _check_item(data: dict[str, Any]) -> None:
    """An item event tells the product, what happened, and a visit or none."""
    if data.get("action") not in set(ItemAction):
        raise ValueError(f"no such action on an item: {data.get('action')!r}")
    if not (data.get("sku") or data.get("gtin")):
        raise ValueError("an item has a SKU or a GTIN")
    if "epc" in data:
        raise ValueError("tags are not kept")
    visit = data.get("visit")
    if visit is not None and not isinstance(visit, int):
        raise ValueError(f"a visit is a number, not {visit!r}")
