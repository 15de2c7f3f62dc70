"""Content with revisions: what changed since one, and all of it under one signed digest."""

import json
import threading
from collections.abc import Iterable
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import BigInteger, Connection, cast, func, or_, select, update

from edge_core.hub import tables as t
from edge_core.hub.store import HubStore
from edge_core.sync.content import canonical, digest_of, etag_of, line_of, signed_text
from edge_core.sync.protocol import ContentPage, Record, Scope
from edge_core.sync.sections import Draft, check_record

PAGE: Final = 400


class Shelf:
    """Gives content out and takes it in.

    Args:
        store: where it is kept.
        key: signs it.
    """

    def __init__(self, store: HubStore, key: Ed25519PrivateKey) -> None:
        self._store = store
        self._key = key
        self._digests: dict[str, tuple[int, str]] = {}
        self._turn = threading.Lock()

    @property
    def public_key(self) -> str:
        """Of the signatures, hexadecimal."""
        return self._key.public_key().public_bytes_raw().hex()

    def publish(self, site: str, drafts: Iterable[Draft], sections: set[str] | None = None) -> int:
        """Make sections say this and nothing else; what stays the same keeps its revision.

        All of it appears at once.

        Args:
            site: whose; `CHAIN` for all sites.
            drafts: the records, each section's in order.
            sections: also those that shall be empty; the drafts' own if not given.

        Returns:
            How many records changed, those that are no more among them.

        Raises:
            ConfigError: a record is not what its section can have.
        """
        wanted: dict[tuple[str, str], tuple[int, str | None]] = {}
        for section, key, body in drafts:
            check_record(section, body)
            wanted[section, key] = (len(wanted), canonical(body))
        told = sections or {section for section, _ in wanted}
        with self._store.engine.begin() as connection:
            first = _lock_revision(connection)
            columns = t.records.c
            kept = connection.execute(
                select(t.records).where(columns.site == site, columns.section.in_(sorted(told)))
            ).all()
            known = {(row.section, row.key): (row.position, row.body) for row in kept}
            for name, (_, body) in known.items():
                if body is not None and name not in wanted:
                    wanted[name] = (0, None)
            changed = [name for name, now in wanted.items() if known.get(name) != now]
            rows = [
                {
                    "site": site,
                    "section": section,
                    "key": key,
                    "position": wanted[section, key][0],
                    "revision": first + place + 1,
                    "body": wanted[section, key][1],
                }
                for place, (section, key) in enumerate(changed)
            ]
            self._write(connection, rows)
            _set_revision(connection, first + len(rows))
        return len(rows)

    def _write(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = t.upsert(self._store.engine, t.records)
        new = {name: statement.excluded[name] for name in ("position", "revision", "body")}
        keys = ["site", "section", "key"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new), rows)

    def revision(self, site: str) -> int:
        """Of the newest record that concerns a site; 0 before any."""
        with self._store.engine.connect() as connection:
            return _newest(connection, site)

    def etag(self, site: str) -> str:
        """Names what a site is told now."""
        with t.snapshot(self._store.engine) as connection:
            revision = _newest(connection, site)
            return etag_of(site, revision, self._digest(connection, site, revision))

    def page(self, site: str, since: int) -> ContentPage:
        """What changed for a site after a revision, at most `PAGE` records."""
        columns = t.records.c
        with t.snapshot(self._store.engine) as connection:
            newest = _newest(connection, site)
            since = since if 0 <= since <= newest else 0
            query = select(t.records).where(_of(site), columns.revision > since)
            if since == 0:
                query = query.where(columns.body.is_not(None))
            rows = connection.execute(query.order_by(columns.revision).limit(PAGE + 1)).all()
            more = len(rows) > PAGE
            rows = rows[:PAGE]
            revision = rows[-1].revision if more else newest
            digest = "" if more else self._digest(connection, site, revision)
        text = signed_text(site, revision, digest)
        return ContentPage(
            site=site,
            since=since,
            revision=revision,
            more=more,
            records=tuple(_record(row) for row in rows),
            digest=digest,
            signature="" if more else self._key.sign(text).hex(),
            utc_ns=self._store.clock.utc_ns(),
        )

    def _digest(self, connection: Connection, site: str, revision: int) -> str:
        with self._turn:
            known = self._digests.get(site)
        if known is not None and known[0] == revision:
            return known[1]
        rows = connection.execute(
            select(t.records).where(_of(site), t.records.c.body.is_not(None))
        ).all()
        digest = digest_of(
            line_of(row.section, row.key, _scope(row.site), row.position, row.body) for row in rows
        )
        with self._turn:
            self._digests[site] = (revision, digest)
        return digest

    def bodies(self, site: str, section: str) -> dict[str, dict[str, Any]]:
        """A section's records by key, the site's before the chain's; for pages."""
        columns = t.records.c
        with self._store.engine.connect() as connection:
            rows = connection.execute(
                select(t.records)
                .where(_of(site), columns.section == section, columns.body.is_not(None))
                .order_by(columns.site, columns.position)  # the chain's first
            ).all()
        return {row.key: json.loads(row.body) for row in rows}


def _lock_revision(connection: Connection) -> int:
    """The newest revision; nobody else publishes before this transaction ends."""
    connection.execute(
        update(t.facts).where(t.facts.c.name == "revision").values(value=t.facts.c.value)
    )
    query = select(cast(t.facts.c.value, BigInteger)).where(t.facts.c.name == "revision")
    return int(connection.execute(query).scalar_one())


def _set_revision(connection: Connection, revision: int) -> None:
    connection.execute(
        update(t.facts).where(t.facts.c.name == "revision").values(value=str(revision))
    )


def _newest(connection: Connection, site: str) -> int:
    query = select(func.max(t.records.c.revision)).where(_of(site))
    return int(connection.execute(query).scalar_one_or_none() or 0)


def _of(site: str) -> Any:
    return or_(t.records.c.site == site, t.records.c.site == t.CHAIN)


def _scope(site: str) -> Scope:
    return "chain" if site == t.CHAIN else "site"


def _record(row: Any) -> Record:
    return Record(
        section=row.section,
        key=row.key,
        scope=_scope(row.site),
        position=row.position,
        revision=row.revision,
        body=None if row.body is None else json.loads(row.body),
    )
