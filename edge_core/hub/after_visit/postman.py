"""Takes messages out when their time has come: outside quiet hours, never too often, each once.

What waits stands in the database, so a hub that dies goes on where it was. A message is leased
while somebody sends it: of two hubs on one database one does. Between the hand-over and its note
the hub may die; then the record goes out again under the same id.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from edge_core.errors import PromenadeError
from edge_core.hub import tables as t
from edge_core.hub.after_visit.deciding import send_at
from edge_core.hub.after_visit.lists import open_list
from edge_core.hub.after_visit.opt_ins import OptIns
from edge_core.hub.after_visit.records import MessageRecord, Writer
from edge_core.hub.after_visit.webhook import Connector, Outcome
from edge_core.hub.store import HubStore
from edge_core.suggest.list_link import ListRefusedError
from edge_core.units import NS_PER_S

_AT_ONCE: Final = 50
_LEASE_NS: Final = 60 * NS_PER_S
_FIRST_S: Final = 30.0
_LONGEST_S: Final = 6 * 3600.0
_STEP_S: Final = 2.0
_SWEEP_NS: Final = 600 * NS_PER_S
_ENDS_WITHIN_S: Final = 15.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is leased and written.

    Attributes:
        message, opt_in: the rows.
        record: what is handed over.
    """

    message: Any
    opt_in: Any
    record: MessageRecord


class Postman:
    """One round at every `step`; keeps no time of its own.

    Args:
        store: where messages wait.
        opt_ins: whose they are.
        writer: writes them.
        connector: takes them; None where somebody takes them on the page.
        rng: source of chance for pauses.

    Attributes:
        trouble: why messages do not go out, or "".
    """

    def __init__(
        self,
        store: HubStore,
        opt_ins: OptIns,
        writer: Writer,
        connector: Connector | None,
        rng: Random,
    ) -> None:
        self._store = store
        self._opt_ins = opt_ins
        self._writer = writer
        self._connector = connector
        self._rng = rng
        self._swept_ns = 0
        self.trouble = ""

    def close(self) -> None:
        """End what the connector holds."""
        if self._connector is not None:
            self._connector.close()

    def step(self) -> int:
        """Hand over what is due; returns how many messages went out."""
        now_ns = self._store.clock.utc_ns()
        if now_ns - self._swept_ns > _SWEEP_NS:
            self._swept_ns = now_ns
            self._opt_ins.sweep()
        if self._connector is None:
            return 0
        sent = 0
        for ready in self._ready():
            try:
                outcome = self._connector.deliver(ready.record)
            except PromenadeError as error:
                if error.message != self.trouble:
                    log.warning("a message waits: %s", error)
                self.trouble = error.message
                self._later(ready.message)
            else:
                self.trouble = ""
                self._done(ready, outcome)
                sent += outcome is Outcome.DELIVERED
        return sent

    def take_all(self) -> list[MessageRecord]:
        """Everything that is due, for somebody who takes it as a table; it counts as sent."""
        taken = []
        for ready in self._ready():
            self._done(ready, Outcome.DELIVERED)
            taken.append(ready.record)
        return taken

    def waiting(self) -> int:
        """Messages that are due and have not gone out."""
        now_ns = self._store.clock.utc_ns()
        query = select(t.messages.c.id).where(t.messages.c.next_utc_ns <= now_ns)
        with self._store.engine.connect() as connection:
            return len(connection.execute(query).all())

    def _ready(self) -> list[Ready]:
        """Due messages, leased; what nobody should get any more is dropped on the way."""
        now_ns = self._store.clock.utc_ns()
        c = t.messages.c
        query = (
            select(t.messages)
            .where(c.next_utc_ns <= now_ns, c.leased_utc_ns <= now_ns, c.expires_utc_ns > now_ns)
            .order_by(c.next_utc_ns, c.id)
            .limit(_AT_ONCE)
        )
        with self._store.engine.connect() as connection:
            due = connection.execute(query).all()
        ready = (self._prepared(message, now_ns) for message in due)
        return [it for it in ready if it is not None]

    def _prepared(self, message: Any, now_ns: int) -> Ready | None:
        c = t.messages.c
        with self._store.engine.begin() as connection:
            leased = connection.execute(
                update(t.messages)
                .where(c.id == message.id, c.leased_utc_ns <= now_ns)
                .values(leased_utc_ns=now_ns + _LEASE_NS, tries=c.tries + 1)
            )
        opt_in = self._opt_ins.opt_in(message.opt_in) if leased.rowcount == 1 else None
        if opt_in is None or not opt_in.sealed:
            return None
        if message.kind == "reminder" and (later_ns := self._not_before(opt_in, now_ns)) > now_ns:
            self._put_off(message, later_ns)
            return None
        try:
            opened = open_list(self._store, opt_in.token)
            record = self._writer.write(message, opt_in, opened.content, now_ns)
        except ListRefusedError:
            record = None  # it has expired, or its store PC is not trusted any more
        if record is None:
            self._drop(message, opt_in, "nothing-left")
            return None
        return Ready(message, opt_in, record)

    def _not_before(self, opt_in: Any, now_ns: int) -> int:
        """When this person may be reminded: not in quiet hours, not soon after another reminder."""
        config = self._opt_ins.config
        query = select(t.sendings.c.sent_utc_ns).where(
            t.sendings.c.fingerprint == opt_in.fingerprint
        )
        with self._store.engine.connect() as connection:
            sent = list(connection.execute(query).scalars())
        pause_ns = config.within_days * 86_400 * NS_PER_S
        first_ns = max([now_ns, *(it + pause_ns for it in sent)])
        first = datetime.fromtimestamp(first_ns // NS_PER_S, UTC)
        zone = config.zone_of(opt_in.site)
        at = send_at(first, timedelta(0), zone, config.quiet_from, config.quiet_until)
        return first_ns if at == first else int(at.timestamp()) * NS_PER_S

    def _put_off(self, message: Any, next_ns: int) -> None:
        c = t.messages.c
        statement = update(t.messages).where(c.id == message.id)
        with self._store.engine.begin() as connection:
            connection.execute(statement.values(next_utc_ns=next_ns, leased_utc_ns=0))

    def _later(self, message: Any) -> None:
        """Exponential back-off with jitter, from half a minute to six hours."""
        ceiling = min(_LONGEST_S, _FIRST_S * 2 ** min(message.tries, 16))
        pause_s = ceiling * self._rng.uniform(0.5, 1.0)
        self._put_off(message, self._store.clock.utc_ns() + round(pause_s * NS_PER_S))

    def _done(self, ready: Ready, outcome: Outcome) -> None:
        message, opt_in = ready.message, ready.opt_in
        if outcome is Outcome.GONE:
            self._drop(message, opt_in, "undelivered")
            return
        with self._store.engine.begin() as connection:
            connection.execute(delete(t.messages).where(t.messages.c.id == message.id))
            if message.kind == "confirm":
                return
            sending = {"id": message.id, "fingerprint": opt_in.fingerprint}
            now_ns = self._store.clock.utc_ns()
            connection.execute(insert(t.sendings), [sending | {"sent_utc_ns": now_ns}])
            _forget(connection, opt_in.id)
            self._opt_ins.note(connection, opt_in.site, "reminded")

    def _drop(self, message: Any, opt_in: Any, why: str) -> None:
        with self._store.engine.begin() as connection:
            connection.execute(delete(t.messages).where(t.messages.c.id == message.id))
            _forget(connection, opt_in.id)
            self._opt_ins.note(connection, opt_in.site, why)


def _forget(connection: Any, opt_in: str) -> None:
    """The contact has served, so it goes."""
    statement = update(t.opt_ins).where(t.opt_ins.c.id == opt_in)
    connection.execute(statement.values(sealed="", token="", state="done"))


class PostmanThread:
    """Lets a postman go his rounds until told to stop.

    Args:
        postman: who.
    """

    def __init__(self, postman: Postman) -> None:
        self._postman = postman
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the message in hand."""
        self._stopping.set()
        self._thread.join(_ENDS_WITHIN_S)
        self._postman.close()

    def _run(self) -> None:
        while not self._stopping.wait(_STEP_S):
            try:
                self._postman.step()
            except Exception:  # the hub's pages go on; the next round tries again
                log.exception("messages were not taken out")
