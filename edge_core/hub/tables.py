"""The hub's tables, in SQLite or PostgreSQL through SQLAlchemy Core."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from edge_core.errors import PromenadeError

VERSION: Final = 1
CHAIN: Final = ""
"""In place of a site: a record for all sites."""

metadata = MetaData()

facts = Table(
    "hub_facts",
    metadata,
    Column("name", String(40), primary_key=True),  # version, name, simulated, revision
    Column("value", Text, nullable=False),
)
sites = Table(
    "sites",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("currency", String(3), nullable=False),
)
codes = Table(
    "codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("expires_utc_ns", BigInteger, nullable=False),
    Column("device", String(40), nullable=False),  # "" = not used yet
)
devices = Table(
    "devices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("key_sha256", String(64), nullable=False),  # the key itself is at the store PC only
    Column("enrolled_utc_ns", BigInteger, nullable=False),
    Column("revoked", Integer, nullable=False),
    Column("seen_utc_ns", BigInteger, nullable=False),  # 0 = never
    Column("batch", BigInteger, nullable=False),  # of the health kept
    Column("health", Text, nullable=False),  # JSON; "" before any
)
records = Table(
    "records",
    metadata,
    Column("site", String(40), primary_key=True),  # "" = the chain
    Column("section", String(20), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),  # another for every record and change
    Column("body", Text),  # canonical JSON; null = it is no more
    Index("records_by_revision", "revision"),
)
received = Table(
    "received",
    metadata,
    Column("site", String(40), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("came_day", Integer, nullable=False, index=True),  # by the hub's clock
)
cells = Table(
    "cells",
    metadata,
    Column("site", String(40), primary_key=True),
    Column("day", Integer, primary_key=True),  # the site's date, in days since 1970-01-01
    Column("metric", String(20), primary_key=True),
    Column("hour", Integer, primary_key=True),  # -1 = the day
    Column("place", String(80), primary_key=True),
    Column("label", String(80), primary_key=True),
    Column("value", BigInteger),  # null = too few to be told
)
item_days = Table(
    "item_days",
    metadata,
    Column("site", String(40), primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("sku", String(80), primary_key=True),
    Column("action", String(20), primary_key=True),
    Column("rack", String(80), primary_key=True),
    Column("quantity", BigInteger, nullable=False),
)
orders = Table(
    "orders",
    metadata,
    Column("site", String(40), primary_key=True),  # whose trade area they came from
    Column("sku", String(80), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
redemption_days = Table(
    "redemption_days",
    metadata,
    Column("site", String(40), primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("coupon", String(80), primary_key=True),
    Column("count", BigInteger, nullable=False),
)


# After the visit; see `edge_core.hub.after_visit`

list_keys = Table(
    "list_keys",
    metadata,
    Column("device", String(40), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("key_id", String(8), nullable=False, index=True),
    Column("public_key", String(64), nullable=False),  # Ed25519, hexadecimal
)
list_days = Table(
    "list_days",
    metadata,
    Column("site", String(40), primary_key=True),
    Column("day", Integer, primary_key=True),  # by the hub's clock, in days since 1970-01-01
    Column("what", String(20), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
opt_ins = Table(
    "opt_ins",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("list", String(64), nullable=False, index=True),  # hash of the list's nonce
    Column("token", Text, nullable=False),  # the list itself; "" once nothing is to be sent
    Column("sealed", Text, nullable=False),  # the contact, encrypted; "" likewise
    Column("fingerprint", String(64), nullable=False, index=True),  # keyed hash of the contact
    Column("channel", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("consent", String(20), nullable=False),  # version of the text agreed to
    Column("asked_utc_ns", BigInteger, nullable=False),
    Column("confirmed_utc_ns", BigInteger, nullable=False),  # 0 = not yet
    Column("state", String(8), nullable=False),  # asked, waiting, done
    Column("trial", String(22), nullable=False),  # "" before it is confirmed
    Column("ends_utc_ns", BigInteger, nullable=False),  # the row is deleted then
)
messages = Table(
    "messages",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("opt_in", String(22), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # confirm, reminder
    Column("next_utc_ns", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("leased_utc_ns", BigInteger, nullable=False),  # somebody sends it until then
    Column("expires_utc_ns", BigInteger, nullable=False),
)
trials = Table(
    "trials",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("arm", String(10), nullable=False),  # reminded, held-out
    Column("holdout_permille", Integer, nullable=False),  # probability of being held out
    Column("fingerprint", String(64), nullable=False, index=True),  # "" once it is forgotten
    Column("started_utc_ns", BigInteger, nullable=False),
    Column("ends_utc_ns", BigInteger, nullable=False),  # purchases count until then
    Column("by_code", Integer, nullable=False),  # purchases told with the list's code
    Column("by_contact", Integer, nullable=False),  # purchases told with the contact
)
trial_codes = Table(
    "trial_codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("trial", String(22), nullable=False),
)
sendings = Table(
    "sendings",
    metadata,
    Column("id", String(22), primary_key=True),  # of the message
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("sent_utc_ns", BigInteger, nullable=False),
)


def open_database(url: str) -> Engine:
    """Open a database and make its tables where there are none.

    Args:
        url: as SQLAlchemy has it, e.g. `sqlite:////var/lib/hub.db` or
            `postgresql://user:password@host/hub`.

    Raises:
        PromenadeError: it cannot be opened, or a newer Promenade made it.
    """
    if url.startswith("postgresql://"):
        url = f"postgresql+pg8000://{url.removeprefix('postgresql://')}"
    try:
        if (kind := make_url(url).get_backend_name()) not in ("sqlite", "postgresql"):
            raise ArgumentError(f"{kind} is not known to the hub")
        engine = create_engine(url, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        fresh = not inspect(engine).has_table(facts.name)
        metadata.create_all(engine)
        with engine.begin() as connection:
            if fresh:
                values = [{"name": "version", "value": str(VERSION)}]
                connection.execute(insert(facts), [*values, {"name": "revision", "value": "0"}])
            query = select(facts.c.value).where(facts.c.name == "version")
            version = int(connection.execute(query).scalar_one())
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise PromenadeError(
            f"The hub's database cannot be opened: {reason}.",
            "Give a URL like sqlite:///hub.db or postgresql://user:password@host/hub, and see that"
            " the server runs.",
        ) from None
    if version > VERSION:
        engine.dispose()
        raise PromenadeError(
            f"The hub's database has version {version}; this Promenade knows {VERSION}.",
            "Install the Promenade that made it, or a newer one.",
        )
    return engine


def sqlite_url(path: Path) -> str:
    """The URL of a file."""
    return f"sqlite:///{path.resolve()}"


def upsert(engine: Engine, table: Table) -> Any:
    """INSERT with `on_conflict_do_…`, which both databases have under the same name."""
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection whose queries all see the same state."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            connection.exec_driver_sql("BEGIN")
        yield connection


def _prepare_sqlite(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}")
