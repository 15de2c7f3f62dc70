"""What a shopper takes home in a QR code: a route and a coupon, signed, complete by itself.

Plain text, so that any phone's camera shows it without an app, and a till needs no network::

    PROMENADE1 linden-court a1b2c3d4
    10 % at Willowgait Shoes
    Ground floor, 2 min: past the fountain, second door on the left
    shoes-10 10% 2026-05-01T20:00Z 4fKq0m1xS5q9WcyY2nB1Jw
    <signature>

First the format, the mall and the key; what the shopper reads in two lines; the coupon's id, value,
expiry and nonce. The signature (Ed25519, RFC 8032) covers the bytes of the first four lines, so
nothing of them can be changed. A route without a coupon has `-` for the fourth line.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_core.errors import PromenadeError

FORMAT: Final = "PROMENADE1"
MOST_BYTES: Final = 412
"""What QR version 15 holds with error correction M: 77 modules a side."""
MOST_LINE_BYTES: Final = 83
"""What each of the shopper's two lines may take, so that all fits with the longest ids."""
NONCE_BYTES: Final = 16
_NO_COUPON: Final = "-"
_HEAD: Final = re.compile(rf"^{FORMAT} ([a-z0-9][a-z0-9-]{{0,39}}) ([0-9a-f]{{8}})$")
_OFFER: Final = re.compile(
    r"^([a-z0-9][a-z0-9-]{0,39}) (\d{1,2}(?:\.\d+)?%|\d{1,7}\.\d\d [A-Z]{3})"
    r" (\d{4}-\d\d-\d\dT\d\d:\d\dZ) ([A-Za-z0-9_-]{22})$"
)
_EXPIRY: Final = "%Y-%m-%dT%H:%MZ"


class Refusal(StrEnum):
    """Why a coupon is not taken."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"
    OTHER_MALL = "other-mall"
    NO_COUPON = "no-coupon"
    EXPIRED = "expired"
    USED = "used"


class CouponRefusedError(PromenadeError):
    """A coupon is not to be taken; the text says why in plain words."""

    def __init__(self, refusal: Refusal, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class CouponOffer:
    """A coupon in somebody's hand.

    Attributes:
        coupon: id of the coupon.
        value: `10%`, or an amount like `5.00 EUR`.
        expires_utc: it is taken up to this minute.
        nonce: 22 characters (base64url of 16 random bytes) that make it unique.
    """

    coupon: str
    value: str
    expires_utc: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class TakeHome:
    """What one QR code says.

    Attributes:
        mall: id of the site.
        title: what the offer is, in the shopper's language.
        route: the way, in a line.
        offer: None for a route alone.
    """

    mall: str
    title: str
    route: str
    offer: CouponOffer | None


def key_id(key: Ed25519PublicKey) -> str:
    """Eight hexadecimal digits that tell keys apart; no secret, no proof."""
    return key.public_bytes_raw()[:4].hex()


def sign(content: TakeHome, key: Ed25519PrivateKey) -> str:
    """The text of the QR code.

    Raises:
        ValueError: a part cannot be written in a line, or all of it is more than `MOST_BYTES`.
    """
    named = key_id(key.public_key())
    return signed_text(content, named, key.sign(_signed(content, named).encode()))


def signed_text(content: TakeHome, signed_by: str, signature: bytes) -> str:
    """The same text again, from its parts and the signature made before.

    Args:
        content: what was signed.
        signed_by: the key's `key_id`.
        signature: 64 bytes; whoever reads the text finds out whether it is right.

    Raises:
        ValueError: as `sign`.
    """
    text = f"{_signed(content, signed_by)}\n{_base64url(signature)}"
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"the QR code would hold {len(text.encode())} bytes; {MOST_BYTES} at most")
    return text


def signature_of(text: str) -> bytes:
    """The 64 bytes of signature of a text that `sign` made."""
    return base64.urlsafe_b64decode(text.rpartition("\n")[2] + "==")


def _signed(content: TakeHome, signed_by: str) -> str:
    """What a signature covers."""
    head = f"{FORMAT} {content.mall} {signed_by}"
    lines = [head, content.title, content.route, _offer_line(content.offer)]
    for line in lines:
        if "\n" in line or "\r" in line:
            raise ValueError(f"a part of a coupon must stand in one line: {line!r}")
    return "\n".join(lines)


def shortened(line: str, most_bytes: int = MOST_LINE_BYTES) -> str:
    """A line that fits into the QR code, cut at a character with an ellipsis."""
    flat = " ".join(line.split())
    if len(flat.encode()) <= most_bytes:
        return flat
    kept = flat.encode()[: most_bytes - 3].decode(errors="ignore")
    return f"{kept.rstrip()}…"


def read(text: str, mall: str, key: Ed25519PublicKey) -> TakeHome:
    """What a scanned text says, if the mall's key signed it.

    Args:
        text: as scanned; line ends and space around it do not matter.
        mall: the site's id.
        key: the mall's.

    Raises:
        CouponRefusedError: it is unreadable, altered, or another mall's.
    """
    lines = [line.rstrip("\r") for line in text.strip().split("\n")]
    head = _HEAD.match(lines[0])
    if len(lines) != 5 or head is None:
        raise CouponRefusedError(
            Refusal.UNREADABLE,
            "This is no coupon of Promenade, or only a part of one was read.",
            "Scan the whole code again.",
        )
    if head[1] != mall:
        raise CouponRefusedError(
            Refusal.OTHER_MALL,
            f"This coupon is of another mall ({head[1]}).",
            "It can be redeemed only there.",
        )
    _check_signature("\n".join(lines[:4]), lines[4], key)
    return TakeHome(head[1], lines[1], lines[2], _read_offer(lines[3]))


def valid_offer(content: TakeHome, now_utc: datetime) -> CouponOffer:
    """The coupon, if there is one and its time is not over.

    Raises:
        CouponRefusedError: there is none, or it has expired.
    """
    offer = content.offer
    if offer is None:
        raise CouponRefusedError(
            Refusal.NO_COUPON, "This code shows a way and holds no coupon.", "Nothing to redeem."
        )
    if now_utc > offer.expires_utc:
        raise CouponRefusedError(
            Refusal.EXPIRED,
            f"This coupon expired at {offer.expires_utc:%Y-%m-%d %H:%M} UTC.",
            "Nothing was redeemed; the kiosk may have a new one.",
        )
    return offer


def _check_signature(signed: str, signature: str, key: Ed25519PublicKey) -> None:
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if _base64url(raw) != signature:  # other spellings of the same bytes are no copies
            raise ValueError
        key.verify(raw, signed.encode())
    except (InvalidSignature, ValueError, binascii.Error):
        raise CouponRefusedError(
            Refusal.ALTERED,
            "This coupon was altered, or was not made by this mall's kiosk.",
            "Do not take it. If the kiosk's key was replaced today, export it anew for the tills.",
        ) from None


def _offer_line(offer: CouponOffer | None) -> str:
    if offer is None:
        return _NO_COUPON
    expires = offer.expires_utc.astimezone(UTC).strftime(_EXPIRY)
    line = f"{offer.coupon} {offer.value} {expires} {offer.nonce}"
    if not _OFFER.match(line):
        raise ValueError(f"no such coupon can be written: {line!r}")
    return line


def _read_offer(line: str) -> CouponOffer | None:
    if line == _NO_COUPON:
        return None
    found = _OFFER.match(line)
    if found is None:  # signed by our key, so a newer version wrote it
        raise CouponRefusedError(
            Refusal.UNREADABLE, "This coupon is of a newer version.", "Update Promenade here."
        )
    coupon, value, expires, nonce = found.groups()
    return CouponOffer(
        coupon, value, datetime.strptime(expires, _EXPIRY).replace(tzinfo=UTC), nonce
    )


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw_nonce(nonce: str) -> bytes:
    """The 16 random bytes of a nonce's text."""
    return base64.urlsafe_b64decode(nonce + "==")


def nonce_from(raw: bytes) -> str:
    """The nonce's text of 16 random bytes."""
    if len(raw) != NONCE_BYTES:
        raise ValueError(f"a nonce is of {NONCE_BYTES} bytes, not {len(raw)}")
    return _base64url(raw)
