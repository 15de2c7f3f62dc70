"""The single writer of the ledger."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from sqlite_utils import Database

from edge_core.errors import LedgerError
from edge_core.ledger import heat, long_sums, outbox, proofs
from edge_core.ledger.lock import WriterLock
from edge_core.ledger.migrations import MIGRATIONS, Migration, migrate
from edge_core.ledger.opening import connect, errors_named, inspect
from edge_core.ledger.outbox import OutboxRow
from edge_core.ledger.reader import LedgerReader
from edge_core.ledger.rollups import MINUTE_TABLES, MS_PER_MINUTE, ROLLUPS
from edge_core.ledger.site_time import NS_PER_MINUTE, SiteTime, minute_of
from edge_core.types import Event, EventKind, ItemAction, PresenceSums, SeenIn, TraitCount

_INSERT: Final = (
    "INSERT INTO events (key, kind, utc_ns, mono_ns, camera_id, place_id, data)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
)
_FOLDS: Final = tuple(rollup.fold_sql() for rollup in ROLLUPS)
_DELETE_BATCH: Final = 5_000
_NONE: Final[Mapping[int, Mapping[str, int]]] = {}
_NO_SEQ: Final[Mapping[int, str]] = {}


class Ledger:
    """Durable events and their sums by minute. One process has it open at a time.

    What `append` and `mark_available` have returned from is on the disk. Methods may be called
    from any thread.

    Args:
        path: the file; it is made if missing, its folder is not.
        timezone: the site's, by its IANA name; when it is another than before, the sums by hour
            and day are counted anew.
        migrations: steps to today's schema.

    Attributes:
        backups: files made because the schema was older.

    Raises:
        LedgerError: another process writes it, the disk refuses, or the file is damaged or
            somebody else's.
        NewerLedgerError: a newer Promenade wrote it; it is left untouched.
    """

    def __init__(
        self,
        path: Path,
        *,
        timezone: str = "UTC",
        migrations: Sequence[Migration] = MIGRATIONS,
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
            if self.path.exists():
                inspect(self.path, migrations[-1].version)
            with errors_named(self.path):
                self._connection = connect(self.path, writable=True)
                undo.callback(self._connection.close)
                self._db = Database(self._connection, execute_plugins=False)
                self._site_time.register(self._connection)
                self.backups = migrate(self._db, self.path, migrations)
                with self._db.atomic():
                    long_sums.settle(self._connection, self._site_time)
                self._newest_id = self._read_newest_id()
            undo.pop_all()
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file and let the next writer in."""
        with self._turn:
            self._connection.close()
            self._lock_file.close()

    def reader(self) -> LedgerReader:
        """A read-only view of the same file for another thread; the caller closes it."""
        return LedgerReader(self.path)

    @property
    def newest_id(self) -> int:
        """Row id of the newest event ever appended; 0 before the first."""
        return self._newest_id

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
        rows = [_row(event) for event in events]
        if not rows:
            return []
        # The number is taken over before the next thread's turn: events are folded in once.
        with self._turn:
            with errors_named(self.path), self._db.atomic():
                ids = self._insert(rows)
            if ids:
                self._newest_id = ids[-1]
        return ids

    def _insert(self, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Insert rows and fold the new ones into the sums; returns their ids."""
        before = self._newest_id
        self._connection.executemany(_INSERT, rows)
        found = self._connection.execute(
            "SELECT id FROM events WHERE id > ? ORDER BY id", (before,)
        )
        ids = [int(row[0]) for row in found]
        for fold in _FOLDS if ids else ():
            self._connection.execute(fold, (before,))
        return ids

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
        with self._writing():
            long_sums.mark_watched(self._connection, self._site_time, camera_id, minute, watched_ms)

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
        with self._writing():
            for each in sums:
                heat.add_presence(self._connection, self._site_time, each)
            for utc_ns, by_zone in present.items():
                long_sums.keep_present(self._connection, self._site_time.hour(utc_ns), by_zone)

    def add_traits(self, counts: Sequence[TraitCount]) -> None:
        """Add people of each label to their hours and days. Raises LedgerError."""
        with self._writing():
            long_sums.add_traits(self._connection, self._site_time, counts)

    def put_out(self, rows: Iterable[OutboxRow], marks: Mapping[str, int]) -> None:
        """Let facts wait for the hub, and mark how far they tell; both or neither.

        Raises:
            LedgerError: the disk refuses.
        """
        with self._writing():
            outbox.put(self._connection, rows, marks)

    def settle_out(self, delivered: Iterable[int], refused: Mapping[int, str] = _NO_SEQ) -> None:
        """Forget what the hub keeps, set aside what it refused, by `seq`. Raises LedgerError."""
        with self._writing():
            outbox.settle(self._connection, delivered, refused)

    def delete_older_than(self, utc_ns: int) -> int:
        """Forget whole minutes before an instant: events, their sums and availability.

        Of the hour and the day they lie in, what is left of the events is summed anew; what was
        kept by the hour alone goes by whole hours. What was deleted is looked up again, overwritten
        in the file and in its write-ahead log, and told in the chain of `proofs`.

        Returns:
            How many events were deleted.
        """
        first_kept = minute_of(utc_ns)
        oldest_ns = first_kept * NS_PER_MINUTE
        counts: Counter[str] = Counter()
        while batch := self._delete_events_before(oldest_ns):
            counts.update(batch)
        deleted = counts.total()
        with self._writing():
            for table in MINUTE_TABLES:
                gone = self._connection.execute(
                    f"DELETE FROM {table} WHERE minute < ?", (first_kept,)
                )
                counts[table] += gone.rowcount
            gone = self._connection.execute(
                "DELETE FROM consents WHERE hour < ?", (oldest_ns // proofs.NS_PER_HOUR,)
            )
            counts["consents"] += gone.rowcount
            long_sums.forget(self._connection, self._site_time, first_kept)
        if counts.total():
            self._prove_deletion(oldest_ns, {kind: it for kind, it in counts.items() if it})
        return deleted

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
        with self._writing():
            proofs.count_consent(self._connection, utc_ns, screen, text, choice)

    def _prove_deletion(self, oldest_ns: int, counts: Mapping[str, int]) -> None:
        """Look up what should be gone, empty the write-ahead log, and write both down."""
        with self._turn, errors_named(self.path):
            left = self._connection.execute(
                "SELECT count(*) FROM events WHERE utc_ns < ?", (oldest_ns,)
            ).fetchone()[0]
            minute = oldest_ns // NS_PER_MINUTE
            for table in MINUTE_TABLES:
                query = f"SELECT count(*) FROM {table} WHERE minute < ?"
                left += self._connection.execute(query, (minute,)).fetchone()[0]
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            with self._db.atomic():
                proofs.keep_deletion(
                    self._connection, time.time_ns(), oldest_ns, counts, left, folded=not busy
                )

    def _delete_events_before(self, utc_ns: int) -> Mapping[str, int]:
        """Delete a batch, so that appending never waits long; its sums go when all are gone."""
        with self._writing():
            kinds: dict[str, int] = {}
            for (kind,) in self._connection.execute(
                "DELETE FROM events WHERE id IN"
                " (SELECT id FROM events WHERE utc_ns < ? LIMIT ?) RETURNING kind",
                (utc_ns, _DELETE_BATCH),
            ).fetchall():
                kinds[kind] = kinds.get(kind, 0) + 1
            self._connection.executemany(
                "UPDATE kind_totals SET events = events - ? WHERE kind = ?",
                [(count, kind) for kind, count in kinds.items()],
            )
            self._connection.execute("DELETE FROM kind_totals WHERE events = 0")
        return kinds

    def _read_newest_id(self) -> int:
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn, errors_named(self.path), self._db.atomic():
            yield


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
