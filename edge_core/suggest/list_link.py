"""The mirror's list as a web address: signed, expiring, complete by itself.

The QR code leads a phone to a page that the hub serves, and carries all that the page needs to know
of the visit, so the store PC and the hub need not reach each other at that moment, and the hub
keeps nothing of a list that nobody opens. After `…/l/` stands, in base64url without padding::

    version  1 byte, 1
    key      4 bytes, which store PC's key signed it
    expires  4 bytes, minutes since 1970
    nonce    8 bytes at random: nobody guesses another list
    count    1 byte, then 6 bytes each: the GTIN; the highest bit tells a garment that was tried
             from one that was only looked at on the mirror
    coupon   1 byte, 0 or 1; then three texts with a length byte each (id, value, title), 4 bytes of
             key, 4 of expiry, 16 of nonce and 64 of signature of `take_home`
    signature  64 bytes (Ed25519, RFC 8032) over a constant prefix and all before

The format is ours. All numbers are big-endian.
"""

import base64
import binascii
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_core.errors import PromenadeError

VERSION: Final = 1
PATH: Final = "/l/"
MOST_ITEMS: Final = 12
NONCE_BYTES: Final = 8
MOST_TOKEN: Final = 600
"""Characters; nothing longer is looked at."""
NO_ROUTE: Final = "-"
"""In the coupon's line for the way: whoever holds a list knows the shop."""
_PREFIX: Final = b"promenade list\n"
_SIGNATURE: Final = 64
_HEAD: Final = struct.Struct(">B4sI8sB")
_COUPON: Final = struct.Struct(">4sI16s64s")
_TRIED: Final = 1 << 47
"""Above every GTIN: 10^14 is less than 2^47."""


class ListTrouble(StrEnum):
    """Why a list is not shown."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


class ListRefusedError(PromenadeError):
    """An address that is no list of ours, or none any more."""

    def __init__(self, trouble: ListTrouble) -> None:
        super().__init__(f"The list is {trouble}.", "Scan the code on the mirror again.")
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Listed:
    """One garment of a list.

    Attributes:
        gtin: fourteen digits.
        tried: it was with the shopper at the mirror; else only looked at there.
    """

    gtin: str
    tried: bool


@dataclass(frozen=True, slots=True)
class ListCoupon:
    """The coupon of `take_home` that goes with a list.

    Attributes:
        coupon: its id.
        value: as tills read it.
        title: for the shopper; at most 60 bytes in UTF-8.
        key_id: of the key that signed it, eight hexadecimal digits.
        expires_utc: it is taken up to this minute.
        nonce: 16 bytes.
        signature: 64 bytes, over `take_home`'s four lines.
    """

    coupon: str
    value: str
    title: str
    key_id: str
    expires_utc: datetime
    nonce: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class ShopList:
    """What a shopper takes home.

    Attributes:
        items: at most `MOST_ITEMS`.
        expires_utc: the page opens up to this minute.
        nonce: `NONCE_BYTES` at random.
        coupon: None without one.
    """

    items: tuple[Listed, ...]
    expires_utc: datetime
    nonce: bytes
    coupon: ListCoupon | None = None


def list_token(content: ShopList, key: Ed25519PrivateKey) -> str:
    """The signed text that an address ends with.

    Raises:
        ValueError: something of it cannot be written.
    """
    if len(content.nonce) != NONCE_BYTES or not 0 < len(content.items) <= MOST_ITEMS:
        raise ValueError(f"a list has 1 to {MOST_ITEMS} garments and {NONCE_BYTES} random bytes")
    public = key.public_key().public_bytes_raw()
    minutes = _minutes(content.expires_utc)
    parts = [_HEAD.pack(VERSION, public[:4], minutes, content.nonce, len(content.items))]
    for item in content.items:
        if len(item.gtin) != 14 or not item.gtin.isdigit():
            raise ValueError(f"no GTIN of fourteen digits: {item.gtin!r}")
        parts.append((int(item.gtin) | (_TRIED if item.tried else 0)).to_bytes(6, "big"))
    parts.append(b"\0" if content.coupon is None else b"\1" + _coupon_bytes(content.coupon))
    body = b"".join(parts)
    signed = body + key.sign(_PREFIX + body)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def key_id_of(token: str) -> str:
    """Which key is said to have signed it: eight hexadecimal digits. Raises ListRefusedError."""
    return _bytes(token)[1:5].hex()


def read_list(token: str, keys: Iterable[Ed25519PublicKey], now_utc: datetime) -> ShopList:
    """What an address says, if one of the keys signed it and its time is not over.

    Raises:
        ListRefusedError: it is unreadable, of an unknown key or altered, or expired.
    """
    raw = _bytes(token)
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if not any(_verifies(key, body, signature) for key in keys):
        raise ListRefusedError(ListTrouble.UNKNOWN)
    try:
        content = _content(body)
    except (ValueError, struct.error, IndexError, OverflowError):
        raise ListRefusedError(ListTrouble.UNREADABLE) from None
    if now_utc > content.expires_utc:
        raise ListRefusedError(ListTrouble.EXPIRED)
    return content


def _bytes(token: str) -> bytes:
    try:
        if len(token) > MOST_TOKEN or not token.isascii():
            raise ValueError
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise ListRefusedError(ListTrouble.UNREADABLE) from None
    again = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    if again != token or len(raw) < _HEAD.size + 1 + _SIGNATURE or raw[0] != VERSION:
        raise ListRefusedError(ListTrouble.UNREADABLE)
    return raw


def _verifies(key: Ed25519PublicKey, body: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, _PREFIX + body)
    except InvalidSignature:
        return False
    return True


def _content(body: bytes) -> ShopList:
    _, _, minutes, nonce, count = _HEAD.unpack_from(body)
    at = _HEAD.size
    items = []
    for _ in range(count):
        number = int.from_bytes(body[at : at + 6], "big")
        items.append(Listed(f"{number & (_TRIED - 1):014}", bool(number & _TRIED)))
        at += 6
    coupon, at = (None, at + 1) if body[at] == 0 else _read_coupon(body, at + 1)
    if at != len(body) or not 0 < count <= MOST_ITEMS:
        raise ValueError("too long or too short")
    return ShopList(tuple(items), _instant(minutes), nonce, coupon)


def _coupon_bytes(coupon: ListCoupon) -> bytes:
    texts = [it.encode() for it in (coupon.coupon, coupon.value, coupon.title)]
    if any(len(text) > 60 for text in texts):
        raise ValueError("a coupon's id, value and title take at most 60 bytes each")
    told = b"".join(bytes([len(text)]) + text for text in texts)
    minutes = _minutes(coupon.expires_utc)
    return told + _COUPON.pack(
        bytes.fromhex(coupon.key_id), minutes, coupon.nonce, coupon.signature
    )


def _read_coupon(body: bytes, at: int) -> tuple[ListCoupon, int]:
    texts = []
    for _ in range(3):
        length = body[at]
        texts.append(body[at + 1 : at + 1 + length].decode())
        at += 1 + length
    key, minutes, nonce, signature = _COUPON.unpack_from(body, at)
    name, value, title = texts
    coupon = ListCoupon(name, value, title, key.hex(), _instant(minutes), nonce, signature)
    return coupon, at + _COUPON.size


def _minutes(at_utc: datetime) -> int:
    return int(at_utc.timestamp() // 60)


def _instant(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)
