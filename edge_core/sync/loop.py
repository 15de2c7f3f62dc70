"""The store PC's side of the hub: tells what waits, takes what is new, tries again later."""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any, Final

from edge_core.clock import Clock
from edge_core.config import SiteConfig
from edge_core.errors import ConfigError, HubError, HubRefusedError, PromenadeError
from edge_core.ledger import History, Ledger, LedgerReader, OutboxRow
from edge_core.sync.client import HubClient, TooLargeError
from edge_core.sync.content import Content, ContentFile, Draft
from edge_core.sync.device_key import DeviceKey
from edge_core.sync.leaving import day_row, event_rows
from edge_core.sync.pace import BackOff
from edge_core.sync.protocol import Batch, HealthReport, Row
from edge_core.units import NS_PER_S

_EVENTS: Final = 500
_FIRST_ROWS: Final = 200
_BATCH_BYTES: Final = 400_000
_GRACE_NS: Final = 3600 * NS_PER_S
"""After a day's end, before its sums are told: a visit over midnight is still being joined."""

log = logging.getLogger(__name__)


class SyncState(StrEnum):
    """How it stands with the hub."""

    STARTING = "starting"
    WELL = "well"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the operator may know of it.

    Attributes:
        state: in one word.
        told: what is wrong, "" when all is well.
        last_utc_ns: when the hub answered last; None before.
        waiting, refused: facts in the outbox.
        sent: facts the hub took since the start.
        clock_ahead_s: of the hub's clock; None before it answered.
        revision: of the content in use; 0 = none, the store PC's own files are used.
        content_refused: why newer content is not used, or "".
    """

    state: SyncState = SyncState.STARTING
    told: str = ""
    last_utc_ns: int | None = None
    waiting: int = 0
    refused: int = 0
    sent: int = 0
    clock_ahead_s: float | None = None
    revision: int = 0
    content_refused: str = ""


class Sync:
    """One round with the hub at every `step`; keeps no time of its own.

    Args:
        site: with the policy that counts.
        key: this store PC's.
        client: of the hub.
        ledger: for the outbox; events are only read.
        reader: of the same, for this thread.
        files: where content is kept.
        judge: raises ConfigError for content that does not fit this site.
        changed: called with content that has been put in its place.
        health: how the store PC is, without what is known here.
        clock: the clocks.
        list_key: public key that signs lists for phones; "" where there are none.
    """

    def __init__(
        self,
        site: SiteConfig,
        key: DeviceKey,
        client: HubClient,
        ledger: Ledger,
        reader: LedgerReader,
        files: ContentFile,
        *,
        judge: Callable[[Content], None],
        changed: Callable[[Content], None],
        health: Callable[[], HealthReport],
        clock: Clock,
        list_key: str = "",
    ) -> None:
        self._site = site
        self._key = key
        self._client = client
        self._ledger = ledger
        self._reader = reader
        self._history = History(reader)
        self._files = files
        self._judge = judge
        self._changed = changed
        self._health = health
        self._clock = clock
        self._list_key = list_key
        self._content = files.load() or Content(site.site.id)
        self._draft = Draft(self._content)
        self._refused_etag = ""
        self._rows = _FIRST_ROWS
        self.status = SyncStatus(revision=self._content.revision)
        self._begin()

    @property
    def content(self) -> Content:
        """What is in use; without records before the hub told any."""
        return self._content

    def step(self) -> None:
        """Tell everything that waits, then ask for what is new.

        Raises:
            HubError: the hub did not answer as it should; what was told stays told.
            LedgerError: the ledger cannot be written.
        """
        try:
            self._fill_events()
            self._send_all()
            if self._fill_days():  # only now is it known how far the clocks are apart
                self._send_all()
            self._take_content()
        except HubRefusedError as error:
            self._note(SyncState.REFUSED, f"{error.message} {error.remedy}")
            raise
        except PromenadeError as error:
            self._note(SyncState.WAITING, error.message)
            raise
        self._note(SyncState.WELL, "")

    def _begin(self) -> None:
        """What was before the enrolment stays in the store."""
        if "event" not in self._reader.out_marks():
            today = self._history.time.day(self._clock.utc_ns())
            self._ledger.put_out((), {"event": self._ledger.newest_id, "day": today - 1})

    def _fill_events(self) -> None:
        mark = self._reader.out_marks()["event"]
        while events := self._reader.events_after(mark, _EVENTS):
            mark = events[-1].id
            told = (it.event for it in events)
            rows = event_rows(told, self._history.time, bytes.fromhex(self._key.secret))
            self._ledger.put_out(rows, {"event": mark})

    def _fill_days(self) -> bool:
        """Put out days that are over by this clock and by the hub's; whether there were any."""
        ahead_ns = round((self._client.clock_ahead_s or 0.0) * NS_PER_S)
        now_ns = self._clock.utc_ns() - max(0, ahead_ns) - _GRACE_NS
        today = self._history.time.day(now_ns)
        first = self._reader.out_marks()["day"] + 1
        for day in range(first, today):
            row = day_row(day, self._reader, self._history, self._site)
            self._ledger.put_out((row,), {"day": day})
        return today > first

    def _send_all(self) -> None:
        """At least one batch, for it tells the health; until nothing waits."""
        while True:
            waiting = self._reader.waiting_out(self._rows)
            rows = _within(waiting, _BATCH_BYTES)
            # Beyond all earlier ones even when the ledger is a new one or the clock was set back.
            number = max(
                self._reader.out_marks().get("batch", 0) + 1, self._clock.utc_ns() // NS_PER_S
            )
            self._ledger.put_out((), {"batch": number})
            batch = Batch(
                number=number,
                health=self._report(),
                list_key=self._list_key,
                rows=tuple(_row(row) for row in rows),
            )
            try:
                receipt = self._client.send(batch)
            except TooLargeError:
                if len(rows) > 1:
                    self._rows = max(1, len(rows) // 2)
                    continue
                self._ledger.settle_out((), {rows[0].seq: "larger than the hub takes"})
                continue
            self._settle(rows, receipt.refused)
            if len(rows) == len(waiting) < self._rows:
                return

    def _settle(self, rows: Sequence[OutboxRow], refused: dict[str, str]) -> None:
        seqs = {row.seq: refused[row.key] for row in rows if row.key in refused}
        delivered = [row.seq for row in rows if row.seq not in seqs]
        self._ledger.settle_out(delivered, seqs)
        self.status = replace(
            self.status, last_utc_ns=self._clock.utc_ns(), sent=self.status.sent + len(delivered)
        )
        if seqs:
            log.warning("the hub refused %d facts: %s", len(seqs), next(iter(seqs.values())))

    def _report(self) -> HealthReport:
        counts = self._reader.out_counts()
        return self._health().model_copy(
            update={
                "waiting": counts.waiting,
                "refused": counts.refused,
                "clock_ahead_s": self._client.clock_ahead_s,
                "content_revision": self._content.revision,
                "content_refused": self.status.content_refused,
            }
        )

    def _take_content(self) -> None:
        """Page by page, going on where the last try broke off; then all of it at once."""
        etag = self._refused_etag or (self._content.etag if self._content.digest else "")
        while True:
            page = self._client.content(self._draft.since, etag)
            if page is None:
                return
            try:
                content = self._draft.add(page)
                if content is not None:
                    content.verify(self._key.signer)
                    break
            except HubError:
                self._draft = Draft(Content(self._site.site.id))  # all of it, next time
                raise
            etag = ""
        self._draft = Draft(content)
        try:
            self._judge(content)
        except ConfigError as error:
            self._refused_etag = content.etag
            self.status = replace(self.status, content_refused=_why(error))
            log.warning("the hub's content is not used: %s", error)
            return
        self._refused_etag = ""
        self._files.swap(content)
        self._content = content
        self.status = replace(self.status, content_refused="", revision=content.revision)
        self._changed(content)

    def _note(self, state: SyncState, told: str) -> None:
        counts = self._reader.out_counts()
        self.status = replace(
            self.status,
            state=state,
            told=told,
            waiting=counts.waiting,
            refused=counts.refused,
            clock_ahead_s=self._client.clock_ahead_s,
        )


class SyncThread:
    """Steps until it is told to stop.

    Args:
        sync: what steps.
        stopping: set to end; waits end with it.
        every_s: pause after a round that went well.
    """

    def __init__(self, sync: Sync, stopping: threading.Event, every_s: float) -> None:
        self._sync = sync
        self._stopping = stopping
        self._every_s = every_s
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 40.0) -> None:
        """End after what is under way."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        back_off = BackOff(Random())
        while not self._stopping.is_set():
            try:
                self._sync.step()
                back_off.succeeded()
                pause_s = self._every_s
            except PromenadeError as error:
                pause_s = back_off.failed(getattr(error, "wait_s", 0.0))
                if back_off.failures == 1:
                    log.warning("%s", error)
            except Exception:
                if self._stopping.is_set():  # what it works with may be closed by now
                    return
                raise
            self._stopping.wait(pause_s)


def _row(row: OutboxRow) -> Row:
    body: dict[str, Any] = json.loads(row.body)
    return Row.model_validate({"key": row.key, "kind": row.kind, "body": body})


def _within(rows: Sequence[OutboxRow], most_bytes: int) -> list[OutboxRow]:
    """The first rows that together stay below a size; at least one."""
    kept: list[OutboxRow] = []
    size = 0
    for row in rows:
        size += len(row.body) + len(row.key) + 40
        if kept and size > most_bytes:
            break
        kept.append(row)
    return kept


def _why(error: ConfigError) -> str:
    first = error.problems[0]
    return f"{first.key}: {first.reason}. {first.remedy}"[:400]
