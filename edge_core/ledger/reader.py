"""Read-only queries of the ledger, for other threads and processes than the writer's."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, Self

from edge_core.ledger import long_sums, outbox, proofs
from edge_core.ledger.items import item_minutes, item_totals, visit_totals
from edge_core.ledger.opening import check, connect, errors_named
from edge_core.ledger.outbox import OutboxCounts, OutboxRow
from edge_core.ledger.proofs import ConsentCount, Deletion
from edge_core.ledger.records import (
    ItemMinute,
    ItemTotal,
    LineBucket,
    LineTotal,
    StoredEvent,
    VisitRow,
    VisitTotals,
    ZoneTotal,
)
from edge_core.ledger.rollups import ROLLUPS
from edge_core.ledger.site_time import NS_PER_MINUTE, SiteTime, minute_of
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

_MB: Final = 1_000_000
_VISITS: Final = """
    SELECT data ->> 'staff', data ->> 'again', data ->> 'seen_in', data ->> 'duration_s',
        data ->> 'group', data ->> 'group_id'
    FROM events INDEXED BY events_by_time
    WHERE utc_ns >= ? AND utc_ns < ? AND kind = 'visit'
        AND data ->> 'entered_utc_ns' >= ? AND data ->> 'entered_utc_ns' < ?
"""


class LedgerReader:
    """Answers questions while the writer goes on; never changes the file.

    Methods may be called from any thread; they take turns on one connection.

    Args:
        path: a ledger that a `Ledger` has opened at least once.

    Raises:
        LedgerError: there is no readable ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with errors_named(path):
            self._connection = connect(path, writable=False)
        self._turn = threading.Lock()
        self._site_time: SiteTime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            self._connection.close()

    def newest_id(self) -> int:
        """Row id of the newest event ever appended; 0 before the first."""
        rows = self.rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
        return int(rows[0][0]) if rows else 0

    def unused_bytes(self) -> int:
        """Room within the file that new content fills before the file grows."""
        free, size = (
            int(self.rows(f"PRAGMA {it}")[0][0]) for it in ("freelist_count", "page_size")
        )
        return free * size

    def oldest_event_utc_ns(self) -> int | None:
        """When the oldest event happened; None without any."""
        found = self.rows("SELECT min(utc_ns) FROM events")[0][0]
        return None if found is None else int(found)

    def oldest_heat_utc_ns(self) -> int | None:
        """Begin of the oldest hour of which heat is kept; None without any."""
        found = self.rows("SELECT min(hour) FROM heat_hours")[0][0]
        return None if found is None else int(found) * NS_PER_MINUTE

    def events_after(self, event_id: int, limit: int = 500) -> list[StoredEvent]:
        """Events with a row id above `event_id`, oldest first, at most `limit`."""
        rows = self.rows(
            "SELECT id, key, kind, utc_ns, mono_ns, camera_id, place_id, data FROM events"
            " WHERE id > ? ORDER BY id LIMIT ?",
            (event_id, limit),
        )
        return [_stored(row) for row in rows]

    def deletions(self) -> list[Deletion]:
        """Proof of everything that was ever deleted, oldest first; see `proofs`."""
        return proofs.deletions(
            self.rows(
                "SELECT utc_ns, older_than_utc_ns, counts, left_over, overwritten, folded,"
                " in_backups, previous, digest FROM deletions ORDER BY id"
            )
        )

    def consents(self) -> list[ConsentCount]:
        """What was chosen on screens, by hour, oldest first."""
        rows = self.rows(
            "SELECT hour, screen, text, choice, people FROM consents ORDER BY 1, 2, 3, 4"
        )
        return [ConsentCount(*row) for row in rows]

    def newest_of(self, kind: EventKind, limit: int = 50) -> list[StoredEvent]:
        """The newest events of one kind, newest first, at most `limit`."""
        rows = self.rows(
            "SELECT id, key, kind, utc_ns, mono_ns, camera_id, place_id, data FROM events"
            " WHERE kind = ? ORDER BY id DESC LIMIT ?",
            (str(kind), limit),
        )
        return [_stored(row) for row in rows]

    def events_between(
        self, kind: EventKind, start_utc_ns: int, end_utc_ns: int
    ) -> list[StoredEvent]:
        """All events of one kind from `start` up to, without, `end`, in order of time.

        It reads every event of the span: for days, not for years.
        """
        rows = self.rows(
            "SELECT id, key, kind, utc_ns, mono_ns, camera_id, place_id, data"
            " FROM events INDEXED BY events_by_time"
            " WHERE utc_ns >= ? AND utc_ns < ? AND kind = ? ORDER BY utc_ns, id",
            (start_utc_ns, end_utc_ns, str(kind)),
        )
        return [_stored(row) for row in rows]

    def visits_begun(self, start_utc_ns: int, end_utc_ns: int, latest_ns: int) -> list[VisitRow]:
        """Visits that began in a span, without what is not needed to count them.

        Args:
            start_utc_ns: of the span.
            end_utc_ns: of the span, which is not in it.
            latest_ns: no visit ends longer than this after the span.
        """
        rows = self.rows(_VISITS, (start_utc_ns, end_utc_ns + latest_ns, start_utc_ns, end_utc_ns))
        return [VisitRow(*row) for row in rows]

    def waiting_out(self, limit: int) -> list[OutboxRow]:
        """The oldest facts that wait for the hub, at most `limit`."""
        with self.reading() as connection:
            return outbox.waiting(connection, limit)

    def out_counts(self) -> OutboxCounts:
        """How many facts wait for the hub, and how many it refused."""
        with self.reading() as connection:
            return outbox.counts(connection)

    def out_marks(self) -> dict[str, int]:
        """How far the hub's facts tell; see `edge_core.ledger.outbox`."""
        with self.reading() as connection:
            return outbox.marks(connection)

    def sale_lines(self, key_prefix: str) -> list[tuple[str, int]]:
        """SKU and quantity of the sale events whose key begins so, in order of their keys."""
        rows = self.rows(
            "SELECT json_extract(data, '$.sku'), json_extract(data, '$.quantity') FROM events"
            " WHERE kind = 'sale' AND key >= ?1 AND key < ?1 || char(0x10ffff) ORDER BY id",
            (key_prefix,),
        )
        return [(str(sku), int(quantity)) for sku, quantity in rows]

    def item_totals(self, start_utc_ns: int, end_utc_ns: int) -> dict[str, ItemTotal]:
        """What happened to items, by SKU, in whole minutes from `start` up to, without, `end`."""
        with self.reading() as connection:
            return item_totals(connection, minute_of(start_utc_ns), minute_of(end_utc_ns))

    def visit_totals(self, start_utc_ns: int, end_utc_ns: int) -> VisitTotals:
        """Items by visit in the same span."""
        with self.reading() as connection:
            return visit_totals(connection, minute_of(start_utc_ns), minute_of(end_utc_ns))

    def item_minutes(self, start_utc_ns: int, end_utc_ns: int) -> dict[str, list[ItemMinute]]:
        """What leads to sales and the sales, by SKU, minute by minute, in the same span."""
        with self.reading() as connection:
            return item_minutes(connection, minute_of(start_utc_ns), minute_of(end_utc_ns))

    def line_totals(self, start_utc_ns: int, end_utc_ns: int) -> dict[str, LineTotal]:
        """Crossings by line in the whole minutes from `start` up to, without, `end`."""
        rows = self.rows(
            'SELECT line_id, sum(entered), sum("left") FROM line_minutes'
            " WHERE minute >= ? AND minute < ? GROUP BY line_id",
            (minute_of(start_utc_ns), minute_of(end_utc_ns)),
        )
        return {line_id: LineTotal(entered, left) for line_id, entered, left in rows}

    def line_totals_of_day(self, day: date, timezone: tzinfo) -> dict[str, LineTotal]:
        """Crossings by line between two local midnights (23 or 25 hours at clock changes)."""
        return self.line_totals(*day_bounds_utc_ns(day, timezone))

    def zone_totals(self, start_utc_ns: int, end_utc_ns: int) -> dict[str, ZoneTotal]:
        """Stays by zone that ended in the whole minutes from `start` up to, without, `end`."""
        rows = self.rows(
            "SELECT zone_id, sum(stays), sum(dwell_ms) FROM zone_minutes"
            " WHERE minute >= ? AND minute < ? GROUP BY zone_id",
            (minute_of(start_utc_ns), minute_of(end_utc_ns)),
        )
        return {zone_id: ZoneTotal(stays, dwell_ms / 1000) for zone_id, stays, dwell_ms in rows}

    def watched_s(self, start_utc_ns: int, end_utc_ns: int) -> dict[str, float]:
        """Seconds each camera was watched, whole minutes from `start` up to, without, `end`."""
        rows = self.rows(
            "SELECT camera_id, sum(watched_ms) FROM camera_minutes"
            " WHERE minute >= ? AND minute < ? GROUP BY camera_id",
            (minute_of(start_utc_ns), minute_of(end_utc_ns)),
        )
        return {camera_id: watched_ms / 1000 for camera_id, watched_ms in rows}

    def line_buckets(
        self,
        start_utc_ns: int,
        end_utc_ns: int,
        bucket_s: int,
        camera_by_line: Mapping[str, str],
        now_utc_ns: int,
    ) -> list[LineBucket]:
        """Crossings in equal spans, each with the share of it that was watched.

        Args:
            start_utc_ns: begin of the first span; cut down to its minute.
            end_utc_ns: the last span reaches to it or beyond.
            bucket_s: length of a span, a multiple of 60.
            camera_by_line: the lines asked for, each with the camera that watches it.
            now_utc_ns: spans are judged only as far as they have passed by then.

        Returns:
            Every span of every line, by start, then in the order of `camera_by_line`.
        """
        if bucket_s <= 0 or bucket_s % 60:
            raise ValueError(f"bucket_s must be a multiple of 60, not {bucket_s}")
        first, width = minute_of(start_utc_ns), bucket_s // 60
        buckets = max(0, -(-(minute_of(end_utc_ns - 1) + 1 - first) // width))
        counts = self._counts_by_bucket(first, width, buckets)
        watched_ms = self._watched_ms_by_bucket(first, width, buckets)
        found = []
        for index in range(buckets):
            start_ns = (first + index * width) * NS_PER_MINUTE
            passed_s = min(bucket_s, (now_utc_ns - start_ns) / NS_PER_S)
            for line_id, camera_id in camera_by_line.items():
                entered, left = counts.get((index, line_id), (0, 0))
                watched_s = watched_ms.get((index, camera_id), 0) / 1000
                share = min(1.0, watched_s / passed_s) if passed_s > 0 else 0.0
                found.append(LineBucket(start_ns, line_id, entered, left, share))
        return found

    def event_count(self) -> int:
        """Events kept now."""
        return int(self.rows("SELECT coalesce(sum(events), 0) FROM kind_totals")[0][0])

    def schema_version(self) -> int:
        """Version of the file's schema."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def size_mb(self) -> float:
        """Megabytes on the disk, write-ahead log included."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return sum(part.stat().st_size for part in (self.path, log) if part.exists()) / _MB

    def restored(self) -> tuple[datetime, str] | None:
        """When the ledger was last found damaged, and what was done; None if it never was."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT value FROM settings WHERE name = 'restored'"
            ).fetchone()
        if row is None:
            return None
        at_ns, told = json.loads(row[0])
        return datetime.fromtimestamp(at_ns / NS_PER_S, UTC), str(told)

    def quick_check(self) -> list[str]:
        """Complaints about the file's structure; empty when sound. Reads the whole file."""
        with self._turn, errors_named(self.path):
            return check(self._connection, "quick_check")

    def integrity_check(self) -> list[str]:
        """As `quick_check`, and indexes against tables; slower."""
        with self._turn, errors_named(self.path):
            return check(self._connection, "integrity_check")

    def rollup_differences(self) -> list[str]:
        """Rows of sums that differ from what the events say; empty when all agree.

        Holds while no `delete_older_than` is under way.
        """
        site_time = self.site_time()
        with self.reading() as connection:
            site_time.register(connection)
            of_events = [
                f"{rollup.table}: {row}"
                for rollup in ROLLUPS
                for row in connection.execute(rollup.difference_sql())
            ]
            return of_events + list(long_sums.differences(connection, site_time))

    def site_time(self) -> SiteTime:
        """The clock that the sums by hour and day are counted by."""
        if self._site_time is None:
            rows = self.rows("SELECT value FROM settings WHERE name = 'timezone'")
            self._site_time = SiteTime(str(rows[0][0]))
        return self._site_time

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """What a SELECT answers; for the queries of this package."""
        with self.reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    def _counts_by_bucket(
        self, first: int, width: int, buckets: int
    ) -> dict[tuple[int, str], tuple[int, int]]:
        rows = self.rows(
            'SELECT (minute - ?1) / ?2, line_id, sum(entered), sum("left") FROM line_minutes'
            " WHERE minute >= ?1 AND minute < ?1 + ?2 * ?3 GROUP BY 1, 2",
            (first, width, buckets),
        )
        return {(index, line_id): (entered, left) for index, line_id, entered, left in rows}

    def _watched_ms_by_bucket(
        self, first: int, width: int, buckets: int
    ) -> dict[tuple[int, str], int]:
        rows = self.rows(
            "SELECT (minute - ?1) / ?2, camera_id, sum(watched_ms) FROM camera_minutes"
            " WHERE minute >= ?1 AND minute < ?1 + ?2 * ?3 GROUP BY 1, 2",
            (first, width, buckets),
        )
        return {(index, camera_id): watched for index, camera_id, watched in rows}

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for the queries of this package; nobody else uses it meanwhile."""
        with self._turn, errors_named(self.path):
            yield self._connection


def _stored(row: Sequence[Any]) -> StoredEvent:
    event_id, key, kind, utc_ns, mono_ns, camera_id, place_id, data = row
    return StoredEvent(
        event_id,
        Event(key, EventKind(kind), utc_ns, mono_ns, camera_id, place_id, json.loads(data)),
    )


def day_bounds_utc_ns(day: date, timezone: tzinfo) -> tuple[int, int]:
    """A local day's two midnights in UTC nanoseconds."""
    midnights = (
        datetime.combine(day + timedelta(days=ahead), time(), timezone) for ahead in (0, 1)
    )
    start, end = (round(midnight.timestamp()) * NS_PER_S for midnight in midnights)
    return start, end
