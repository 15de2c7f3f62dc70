"""Taking a coupon at a counter: read, checked, redeemed once."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_core.suggest.redeemed import Redeemed, Redemption
from edge_core.suggest.take_home import CouponRefusedError, Refusal, TakeHome, read, valid_offer


def redeem(
    text: str,
    *,
    mall: str,
    key: Ed25519PublicKey,
    redeemed: Redeemed,
    now_utc: datetime,
    till: str = "",
) -> TakeHome:
    """Take a coupon, once.

    Args:
        text: as scanned.
        mall: the site's id.
        key: the mall's public key.
        redeemed: what was taken before.
        now_utc: now.
        till: where; told when it is shown again.

    Returns:
        What the code says; the coupon is redeemed, and that is on the disk.

    Raises:
        CouponRefusedError: it is unreadable, altered, another mall's, expired or used before.
        SourceError: the disk refuses; nothing was redeemed.
    """
    content = read(text, mall, key)
    offer = valid_offer(content, now_utc)
    before = redeemed.use(Redemption(offer.nonce, offer.coupon, now_utc, till, text.strip()))
    if before is not None:
        where = f" at {before.till}" if before.till else ""
        raise CouponRefusedError(
            Refusal.USED,
            f"This coupon was used{where} on {before.used_at:%Y-%m-%d at %H:%M} UTC.",
            "It counts once.",
        )
    return content
