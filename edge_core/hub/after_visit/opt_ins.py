"""Who asked for reminders: as little as it takes, for as long as it takes.

A contact is kept encrypted from the moment it is typed until its reminder has gone out, or it is
clear that none will: whoever is held out by chance, bought, unsubscribed or never confirmed is
forgotten at once. What stays until a trial's window is over is a keyed fingerprint, to count
purchases by; what stays of a trial after that names nobody.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from edge_core.hub import tables as t
from edge_core.hub.after_visit.deciding import arm_of, send_at
from edge_core.hub.after_visit.keys import ContactKeys, hashed, plain_code
from edge_core.hub.after_visit.settings import AfterVisitConfig, Channel
from edge_core.hub.store import HubStore
from edge_core.suggest.list_link import ShopList
from edge_core.units import NS_PER_S

CONSENT: Final = "2026-11"
"""Version of the text people agree to; change it with the text."""
MOST_PER_LIST: Final = 3
"""People who may ask for a reminder of one list."""
_CONFIRM_NS: Final = 48 * 3600 * NS_PER_S
_PAUSE_NS: Final = 24 * 3600 * NS_PER_S
"""Between two requests to confirm, however often somebody types an address."""
_LATE_NS: Final = 3 * 24 * 3600 * NS_PER_S
"""A shop's system may report a purchase so much later."""
_NS_PER_DAY: Final = 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks to be reminded.

    Attributes:
        site: where the list was made.
        content: the list.
        token: the same as in its address.
        contact: in one spelling.
        channel: what the contact is.
        language: `en` or `zh`.
    """

    site: str
    content: ShopList
    token: str
    contact: str
    channel: Channel
    language: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase that a shop's system reports.

    Attributes:
        id: its own number; the same again changes nothing.
        at_utc: when.
        code: of the list, as the till scanned it, or "".
        contact: in one spelling, or ""; only its fingerprint is looked at.
    """

    id: str
    at_utc: datetime
    code: str = ""
    contact: str = ""


class OptIns:
    """Methods may be called from any thread.

    Args:
        store: where it is kept.
        keys: the hub's secret for contacts.
        config: the rules.
    """

    def __init__(self, store: HubStore, keys: ContactKeys, config: AfterVisitConfig) -> None:
        self._store = store
        self._keys = keys
        self.config = config

    # What people do

    def ask(self, asked: Asked) -> None:
        """Keep the wish and ask its owner to confirm it.

        Nothing in the answer tells whether a contact is known. An address is asked once a day at
        most, however often and on whatever list somebody types it.
        """
        now_ns = self._now_ns()
        fingerprint, of_list = self._keys.fingerprint(asked.contact), list_name(asked.content)
        c = t.opt_ins.c
        with self._store.engine.begin() as connection:
            of_this = func.count().label("n")
            rows = connection.execute(select(of_this).where(c.list == of_list)).scalar_one()
            recent = connection.execute(
                select(c.id).where(
                    c.fingerprint == fingerprint,
                    or_(
                        c.asked_utc_ns > now_ns - _PAUSE_NS,
                        (c.list == of_list) & (c.state != "asked"),
                    ),
                )
            ).first()
            if recent is not None or rows >= MOST_PER_LIST:
                return
            name = secrets.token_urlsafe(16)
            row = {
                "id": name,
                "site": asked.site,
                "list": of_list,
                "token": asked.token,
                "sealed": self._keys.seal(asked.contact, name),
                "fingerprint": fingerprint,
                "channel": asked.channel,
                "language": asked.language,
                "consent": CONSENT,
                "asked_utc_ns": now_ns,
                "confirmed_utc_ns": 0,
                "state": "asked",
                "trial": "",
                "ends_utc_ns": now_ns + _CONFIRM_NS,
            }
            connection.execute(insert(t.opt_ins), [row])
            _put_message(connection, name, "confirm", now_ns, now_ns + _CONFIRM_NS)
            self._count(connection, asked.site, "asked")

    def confirm(self, name: str, expires_utc: datetime) -> bool:
        """The owner of the contact agrees: chance says whether a reminder will come.

        Args:
            name: of the opt-in.
            expires_utc: of its list; nothing is sent later.

        Returns:
            Whether there is such a wish; confirming twice changes nothing.
        """
        now_ns, config, c = self._now_ns(), self.config, t.opt_ins.c
        window_ns = config.window_days * _NS_PER_DAY
        with self._store.engine.begin() as connection:
            won = connection.execute(
                update(t.opt_ins)
                .where(c.id == name, c.state == "asked", c.ends_utc_ns > now_ns)
                .values(
                    state="waiting",
                    confirmed_utc_ns=now_ns,
                    ends_utc_ns=now_ns + window_ns + _LATE_NS,
                )
            )
            row = connection.execute(select(t.opt_ins).where(c.id == name)).first()
            if row is None or not row.confirmed_utc_ns:
                return False
            if won.rowcount != 1:
                return True
            trial = self._trial(connection, row, now_ns, window_ns)
            connection.execute(update(t.opt_ins).where(c.id == name).values(trial=trial.id))
            self._count(connection, row.site, "confirmed")
            if trial.arm == "held-out":
                _forget_contact(connection, [name])
                return True
            due = send_at(
                datetime.fromtimestamp(now_ns / NS_PER_S, UTC),
                timedelta(hours=config.wait_h),
                config.zone_of(row.site),
                config.quiet_from,
                config.quiet_until,
            )
            expires_ns = int(expires_utc.timestamp()) * NS_PER_S
            _put_message(connection, name, "reminder", int(due.timestamp()) * NS_PER_S, expires_ns)
        return True

    def _trial(self, connection: Connection, row: Any, now_ns: int, window_ns: int) -> Any:
        """The person's running trial, or a new one; one person counts once at a time."""
        c = t.trials.c
        query = select(t.trials).where(c.fingerprint == row.fingerprint, c.ends_utc_ns > now_ns)
        running = connection.execute(query.order_by(c.started_utc_ns)).first()
        if running is None:
            chance = self._keys.chance(row.fingerprint)
            new = {
                "id": row.id,
                "site": row.site,
                "arm": arm_of(chance, self.config.holdout),
                "holdout_permille": round(1000 * self.config.holdout),
                "fingerprint": row.fingerprint,
                "started_utc_ns": now_ns,
                "ends_utc_ns": now_ns + window_ns,
                "by_code": 0,
                "by_contact": 0,
            }
            connection.execute(insert(t.trials), [new])
            running = connection.execute(select(t.trials).where(c.id == row.id)).one()
        code = {"code_sha256": hashed(self._keys.code(row.list)), "trial": running.id}
        statement = t.upsert(self._store.engine, t.trial_codes).on_conflict_do_nothing()
        connection.execute(statement, [code])
        return running

    def stop(self, name: str) -> None:
        """Forget the contact behind an opt-in, everywhere: no reminder of any list, no fingerprint.

        The trial stays, without anybody's name, among those it was drawn with: dropping who
        unsubscribes would make reminders look better than they are.
        """
        c = t.opt_ins.c
        with self._store.engine.begin() as connection:
            row = connection.execute(select(t.opt_ins).where(c.id == name)).first()
            if row is None:
                return
            of_person = connection.execute(
                select(c.id).where(c.fingerprint == row.fingerprint)
            ).scalars()
            names = list(of_person)
            connection.execute(delete(t.messages).where(t.messages.c.opt_in.in_(names)))
            connection.execute(delete(t.opt_ins).where(c.id.in_(names)))
            for table in (t.sendings, t.trials):
                mine = table.c.fingerprint == row.fingerprint
                if table is t.trials:
                    connection.execute(update(table).where(mine).values(fingerprint=""))
                else:
                    connection.execute(delete(table).where(mine))
            self._count(connection, row.site, "stopped")

    def opt_in(self, name: str) -> Any | None:
        """A row of `opt_ins`; None where there is none, or none any more."""
        with self._store.engine.connect() as connection:
            return connection.execute(select(t.opt_ins).where(t.opt_ins.c.id == name)).first()

    def code_of(self, content: ShopList) -> str:
        """What a list shows at the till; "" unless somebody confirmed a reminder of it."""
        of_list = list_name(content)
        c = t.opt_ins.c
        with self._store.engine.connect() as connection:
            query = select(c.id).where(c.list == of_list, c.confirmed_utc_ns > 0)
            known = connection.execute(query).first()
        return self._keys.code(of_list) if known is not None else ""

    # What shops' systems report

    def take_purchases(self, purchases: Iterable[Purchase]) -> int:
        """Count purchases of people in trials, each once; returns how many were of any.

        Whoever bought is not reminded any more.
        """
        matched = 0
        for purchase in purchases:
            with self._store.engine.begin() as connection:
                if self._is_new(connection, purchase.id):
                    matched += self._take_purchase(connection, purchase)
        return matched

    def _is_new(self, connection: Connection, name: str) -> bool:
        key = {"site": "", "key": f"purchase:{hashed(name)}", "came_day": self._today()}
        statement = t.upsert(self._store.engine, t.received).on_conflict_do_nothing()
        return bool(connection.execute(statement.returning(t.received.c.key), [key]).all())

    def _take_purchase(self, connection: Connection, purchase: Purchase) -> bool:
        at_ns = int(purchase.at_utc.timestamp()) * NS_PER_S
        c = t.trials.c
        whose = []
        if purchase.contact:
            whose.append((c.by_contact, c.fingerprint == self._keys.fingerprint(purchase.contact)))
        if purchase.code:
            code = t.trial_codes.c
            hashed_code = hashed(plain_code(purchase.code))
            of_code = select(code.trial).where(code.code_sha256 == hashed_code)
            whose.append((c.by_code, c.id.in_(of_code)))
        for column, who in whose:
            within = (c.started_utc_ns <= at_ns + NS_PER_S) & (c.ends_utc_ns > at_ns)
            query = select(c.id).where(who, within).order_by(c.started_utc_ns)
            trial = connection.execute(query).scalars().first()
            if trial is not None:
                more = {column.name: column + 1}
                connection.execute(update(t.trials).where(c.id == trial).values(**more))
                mine = select(t.opt_ins.c.id).where(t.opt_ins.c.trial == trial)
                _forget_contact(connection, list(connection.execute(mine).scalars()))
                return True
        return False

    # Keeping little

    def sweep(self) -> None:
        """Delete what is over: wishes, fingerprints, and what could not be sent in time."""
        now_ns = self._now_ns()
        with self._store.engine.begin() as connection:
            late = connection.execute(
                select(t.messages.c.opt_in, t.messages.c.kind, t.opt_ins.c.site)
                .join(t.opt_ins, t.opt_ins.c.id == t.messages.c.opt_in)
                .where(t.messages.c.expires_utc_ns <= now_ns)
            ).all()
            for row in late:
                self._count(connection, row.site, "undelivered")
            _forget_contact(connection, [row.opt_in for row in late])
            over = t.opt_ins.c.ends_utc_ns <= now_ns
            gone = select(t.opt_ins.c.id).where(over)
            connection.execute(delete(t.messages).where(t.messages.c.opt_in.in_(gone)))
            connection.execute(delete(t.opt_ins).where(over))
            old = t.trials.c.ends_utc_ns <= now_ns - _LATE_NS
            named = (t.trials.c.fingerprint != "") & old
            connection.execute(update(t.trials).where(named).values(fingerprint=""))
            ended = select(t.trials.c.id).where(old)
            connection.execute(delete(t.trial_codes).where(t.trial_codes.c.trial.in_(ended)))
            long_ago = now_ns - self.config.within_days * _NS_PER_DAY
            connection.execute(delete(t.sendings).where(t.sendings.c.sent_utc_ns <= long_ago))

    def opened(self, site: str) -> None:
        """Somebody looks at a list; counted by day, and nothing else of it is kept."""
        with self._store.engine.begin() as connection:
            self._count(connection, site, "opened")

    def note(self, connection: Connection, site: str, what: str) -> None:
        """One more of something today."""
        self._count(connection, site, what)

    def _count(self, connection: Connection, site: str, what: str) -> None:
        row = {"site": site, "day": self._today(), "what": what, "count": 1}
        statement = t.upsert(self._store.engine, t.list_days).values(row)
        total = t.list_days.c["count"] + 1
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["site", "day", "what"], set_={"count": total}
            )
        )

    def _today(self) -> int:
        return self._now_ns() // _NS_PER_DAY

    def _now_ns(self) -> int:
        return self._store.clock.utc_ns()


def list_name(content: ShopList) -> str:
    """A list's name at the hub, from which nobody makes its address."""
    return hashed(content.nonce.hex())


def _put_message(
    connection: Connection, opt_in: str, kind: str, next_ns: int, expires_ns: int
) -> None:
    row = {
        "id": secrets.token_urlsafe(16),
        "opt_in": opt_in,
        "kind": kind,
        "next_utc_ns": next_ns,
        "tries": 0,
        "leased_utc_ns": 0,
        "expires_utc_ns": expires_ns,
    }
    connection.execute(insert(t.messages), [row])


def _forget_contact(connection: Connection, names: list[str]) -> None:
    """Nothing is to be sent to these any more, so nothing is left to send it to."""
    connection.execute(delete(t.messages).where(t.messages.c.opt_in.in_(names)))
    connection.execute(
        update(t.opt_ins).where(t.opt_ins.c.id.in_(names)).values(sealed="", token="", state="done")
    )
