"""What the hub keeps: sites and their store PCs, and everything these told, each fact once."""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from edge_core.clock import Clock
from edge_core.errors import PromenadeError
from edge_core.hub import tables as t
from edge_core.ledger.site_time import day_number
from edge_core.sync.device_key import hash_of
from edge_core.sync.protocol import (
    Batch,
    DayBody,
    Enrolment,
    HealthReport,
    ItemBody,
    RedemptionBody,
    Row,
)
from edge_core.units import NS_PER_S

_CODE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 12
CODE_HOURS: Final = 24
KEYS_DAYS: Final = 400
"""Keys are known this long; only a fact that comes again later than that would count twice."""


class RefusedError(PromenadeError):
    """A store PC asks for what it may not have."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site of the chain."""

    id: str
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class Device:
    """A store PC.

    Attributes:
        health: what it told last; None before it told any.
        seen_utc_ns: when that was, by the hub's clock; 0 before.
    """

    id: str
    site: str
    name: str
    enrolled_utc_ns: int
    revoked: bool
    seen_utc_ns: int
    health: HealthReport | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch's rows."""

    kept: int
    known: int
    refused: dict[str, str]


class HubStore:
    """Methods may be called from any thread.

    Args:
        engine: see `open_database`; closed with this.
        clock: the clocks.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self._forgot_day = 0

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    # The hub itself

    def fact(self, name: str, default: str = "") -> str:
        """Something about the hub: `name`, `simulated`, `revision`."""
        with self.engine.connect() as connection:
            query = select(t.facts.c.value).where(t.facts.c.name == name)
            return connection.execute(query).scalar_one_or_none() or default

    def set_fact(self, name: str, value: str) -> None:
        """Change it."""
        statement = t.upsert(self.engine, t.facts).values(name=name, value=value)
        with self.engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )

    # Sites and store PCs

    def add_site(self, site: Site) -> None:
        """Add a site or rename it."""
        statement = t.upsert(self.engine, t.sites).values(
            id=site.id, name=site.name, currency=site.currency
        )
        told = {"name": site.name, "currency": site.currency}
        with self.engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told))

    def sites(self) -> list[Site]:
        """All of them, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(t.sites).order_by(t.sites.c.name, t.sites.c.id))
            return [Site(row.id, row.name, row.currency) for row in rows]

    def devices(self) -> list[Device]:
        """All store PCs, the newest first."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(t.devices).order_by(t.devices.c.enrolled_utc_ns.desc(), t.devices.c.id)
            ).all()
        return [_device(row) for row in rows]

    def new_code(self, site: str) -> str:
        """A code that makes one store PC of a site known, once, within `CODE_HOURS`.

        Raises:
            PromenadeError: there is no such site.
        """
        code = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
        now_ns = self.clock.utc_ns()
        with self.engine.begin() as connection:
            connection.execute(delete(t.codes).where(t.codes.c.expires_utc_ns < now_ns))
            if connection.execute(select(t.sites.c.id).where(t.sites.c.id == site)).first() is None:
                raise PromenadeError(f"There is no site {site}.", "Add it: `promenade hub site`.")
            expires = now_ns + CODE_HOURS * 3600 * NS_PER_S
            row = {"code_sha256": _code_hash(code), "site": site, "expires_utc_ns": expires}
            connection.execute(insert(t.codes), [row | {"device": ""}])
        return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))

    def enrol(self, enrolment: Enrolment) -> Device:
        """Make a store PC known; the same code with the same key again finds the same one.

        Raises:
            RefusedError: the code is wrong, used, expired or of another site.
        """
        digest, now_ns = _code_hash(enrolment.code), self.clock.utc_ns()
        device = f"{enrolment.site[:30]}-{secrets.token_hex(3)}"
        code = t.codes.c
        with self.engine.begin() as connection:
            used = connection.execute(  # first of all, so that of two at once one wins
                update(t.codes)
                .where(
                    code.code_sha256 == digest,
                    code.site == enrolment.site,
                    code.expires_utc_ns >= now_ns,
                    code.device == "",
                )
                .values(device=device)
            )
            if used.rowcount != 1:
                return self._enrolled_before(connection, digest, enrolment)
            row = {
                "id": device,
                "site": enrolment.site,
                "name": enrolment.name,
                "key_sha256": enrolment.key_sha256,
                "enrolled_utc_ns": now_ns,
            }
            empty = {"revoked": 0, "seen_utc_ns": 0, "batch": 0, "health": ""}
            connection.execute(insert(t.devices), [row | empty])
        return Device(device, enrolment.site, enrolment.name, now_ns, False, 0, None)

    def _enrolled_before(self, connection: Connection, digest: str, enrolment: Enrolment) -> Device:
        row = connection.execute(
            select(t.devices, t.codes.c.site.label("of_site"))
            .select_from(t.codes.outerjoin(t.devices, t.devices.c.id == t.codes.c.device))
            .where(t.codes.c.code_sha256 == digest)
        ).first()
        if row is not None and row.key_sha256 is not None:
            if hmac.compare_digest(row.key_sha256, enrolment.key_sha256):
                return _device(row)
        elif row is not None and row.of_site != enrolment.site:
            raise RefusedError(
                f"The code is for the site {row.of_site}, not for {enrolment.site}.",
                "Take the code of this site, or correct `id` under [site] in site.toml.",
            )
        raise RefusedError(
            "The code is wrong, used or too old.", "Ask the hub's operator for a new one."
        )

    def device_of(self, token: str) -> Device:
        """Whose a token is.

        Raises:
            RefusedError: nobody's, or a revoked store PC's.
        """
        name, _, secret = token.rpartition(".")
        with self.engine.connect() as connection:
            row = connection.execute(select(t.devices).where(t.devices.c.id == name)).first()
        right = hmac.compare_digest(hash_of(secret), row.key_sha256 if row else "0" * 64)
        if row is None or not right or row.revoked:
            raise RefusedError(
                "The hub does not know this store PC's key.",
                "Enrol it with a new code: `promenade enrol URL CODE`.",
            )
        return _device(row)

    def revoke(self, device: str) -> bool:
        """Take no more from a store PC; returns whether there is such."""
        with self.engine.begin() as connection:
            found = connection.execute(
                update(t.devices).where(t.devices.c.id == device).values(revoked=1)
            )
            return found.rowcount == 1

    # What store PCs tell

    def take(self, device: Device, batch: Batch, *, seen_ago_ns: int = 0) -> Taken:
        """Keep a batch, all of it or nothing; a row whose key is known changes nothing.

        Rows that make no sense are refused one by one.

        Args:
            device: whose.
            batch: what it told.
            seen_ago_ns: how long ago that was; simulated chains have a past.
        """
        good, refused = _read(batch.rows)
        with self.engine.begin() as connection:
            self._keep_health(connection, device, batch, seen_ago_ns)
            new = self._new_keys(connection, device.site, list(good))
            bodies = [good[key] for key in new]
            self._add_cells(connection, device.site, bodies)
            self._add_items(connection, device.site, bodies)
            self._add_redemptions(connection, device.site, bodies)
        return Taken(len(new), len(good) - len(new), refused)

    def _keep_health(
        self, connection: Connection, device: Device, batch: Batch, ago_ns: int
    ) -> None:
        told = {} if batch.health is None else {"health": batch.health.model_dump_json()}
        connection.execute(
            update(t.devices)
            .where(and_(t.devices.c.id == device.id, t.devices.c.batch < batch.number))
            .values(batch=batch.number, seen_utc_ns=self.clock.utc_ns() - ago_ns, **told)
        )

    def _new_keys(self, connection: Connection, site: str, keys: list[str]) -> list[str]:
        if not keys:
            return []
        statement = t.upsert(self.engine, t.received).on_conflict_do_nothing()
        today = self.clock.utc_ns() // (86_400 * NS_PER_S)
        # In order, so that two batches cannot block each other.
        rows = [{"site": site, "key": key, "came_day": today} for key in sorted(keys)]
        if today != self._forgot_day:
            self._forgot_day = today
            old = t.received.c.came_day < today - KEYS_DAYS
            connection.execute(delete(t.received).where(old))
        return list(connection.execute(statement.returning(t.received.c.key), rows).scalars())

    def _add_cells(self, connection: Connection, site: str, bodies: Iterable[Any]) -> None:
        rows = [
            {"site": site, "day": day_number(body.day), **cell.model_dump()}
            for body in bodies
            if isinstance(body, DayBody)
            for cell in body.cells
        ]
        if rows:
            connection.execute(t.upsert(self.engine, t.cells).on_conflict_do_nothing(), rows)

    def _add_items(self, connection: Connection, site: str, bodies: Iterable[Any]) -> None:
        sums: Counter[tuple[int, str, str, str]] = Counter()
        for body in bodies:
            if isinstance(body, ItemBody):
                key = (day_number(body.day), body.sku, str(body.action), body.rack)
                sums[key] += body.quantity
        names = ("day", "sku", "action", "rack")
        rows = [
            {"site": site, **dict(zip(names, key, strict=True)), "quantity": sums[key]}
            for key in sorted(sums)
        ]
        self._add(connection, t.item_days, ("site", *names), "quantity", rows)

    def _add_redemptions(self, connection: Connection, site: str, bodies: Iterable[Any]) -> None:
        sums = Counter(
            (day_number(body.day), body.coupon)
            for body in bodies
            if isinstance(body, RedemptionBody)
        )
        rows = [
            {"site": site, "day": day, "coupon": coupon, "count": sums[day, coupon]}
            for day, coupon in sorted(sums)
        ]
        self._add(connection, t.redemption_days, ("site", "day", "coupon"), "count", rows)

    def _add(
        self,
        connection: Connection,
        table: Any,
        keys: Sequence[str],
        column: str,
        rows: list[dict[str, Any]],
    ) -> None:
        """Add to sums; rows in the order of their keys, so that two batches cannot block."""
        if not rows:
            return
        statement = t.upsert(self.engine, table)
        total = table.c[column] + statement.excluded[column]
        connection.execute(
            statement.on_conflict_do_update(index_elements=list(keys), set_={column: total}), rows
        )

    def counts(self) -> dict[str, int]:
        """Rows by table, for whoever wants to know how much is kept."""
        with self.engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                )
                for table in (t.received, t.cells, t.item_days, t.redemption_days, t.records)
            }


def _read(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, str]]:
    """Bodies by key, and why the others cannot be taken."""
    kinds: dict[str, type[DayBody] | type[ItemBody] | type[RedemptionBody]] = {
        "day": DayBody,
        "item": ItemBody,
        "redemption": RedemptionBody,
    }
    good: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for row in rows:
        if row.kind not in kinds:
            refused[row.key] = f"this hub knows no facts of the kind {row.kind}"
            continue
        try:
            body = kinds[row.kind].model_validate(row.body)
            _require_year(body.day)
            good[row.key] = body
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            refused[row.key] = f"{place}: {first['msg']}"[:200]
        except ValueError as error:
            refused[row.key] = str(error)
    return good, refused


def _require_year(day: date) -> None:
    if not 2020 <= day.year < 2200:
        raise ValueError(f"{day} is no day a store PC can tell of; set its clock")


def _device(row: Any) -> Device:
    health = HealthReport.model_validate_json(row.health) if row.health else None
    return Device(
        row.id, row.site, row.name, row.enrolled_utc_ns, bool(row.revoked), row.seen_utc_ns, health
    )


def _code_hash(code: str) -> str:
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
