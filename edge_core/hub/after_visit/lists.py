"""Which store PC's keys sign lists, and what a scanned address says."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from edge_core.hub import tables as t
from edge_core.hub.store import Device, HubStore
from edge_core.suggest.list_link import (
    ListRefusedError,
    ListTrouble,
    ShopList,
    key_id_of,
    read_list,
)
from edge_core.units import NS_PER_S


@dataclass(frozen=True, slots=True)
class Opened:
    """A list that a store PC of the chain signed.

    Attributes:
        site: where.
        content: what it says.
        token: the same, as the address ends.
    """

    site: str
    content: ShopList
    token: str


def tell_key(store: HubStore, device: Device, public_key: str) -> None:
    """A store PC signs with this key from now on, and with its earlier one no more.

    Args:
        store: where it is kept.
        device: whose; that it is really its own was proved by its token.
        public_key: Ed25519, hexadecimal.
    """
    row = {"site": device.site, "key_id": public_key[:8], "public_key": public_key}
    statement = t.upsert(store.engine, t.list_keys).values(row | {"device": device.id})
    changed = t.list_keys.c.public_key != public_key
    with store.engine.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["device"], set_=row, where=changed)
        )


def open_list(store: HubStore, token: str) -> Opened:
    """What an address says. A revoked store PC's lists are not opened.

    Raises:
        ListRefusedError: it is none of this chain's lists, was altered, or has expired.
    """
    k, d = t.list_keys.c, t.devices.c
    query = (
        select(k.site, k.public_key)
        .join(t.devices, d.id == k.device)
        .where(k.key_id == key_id_of(token), d.revoked == 0)
    )
    with store.engine.connect() as connection:
        keys = connection.execute(query).all()
    now = datetime.fromtimestamp(store.clock.utc_ns() / NS_PER_S, UTC)
    for row in keys:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public_key))
        try:
            return Opened(row.site, read_list(token, [key], now), token)
        except ListRefusedError as error:
            if error.trouble is not ListTrouble.UNKNOWN:
                raise
    raise ListRefusedError(ListTrouble.UNKNOWN)
