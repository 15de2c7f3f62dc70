"""The mirror's list as an address at the hub: signed here, opened there, kept by neither."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.clock import Clock
from edge_core.config import Products, SiteConfig
from edge_core.service.views import utc_from_ns
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.list_link import (
    MOST_ITEMS,
    NO_ROUTE,
    NONCE_BYTES,
    PATH,
    ListCoupon,
    Listed,
    ShopList,
    list_token,
)
from edge_core.suggest.signing_key import signing_key
from edge_core.suggest.take_home import (
    CouponOffer,
    TakeHome,
    key_id,
    raw_nonce,
    shortened,
    sign,
    signature_of,
)

_TITLE_BYTES: Final = 60


def lists_key(config: SiteConfig, folder: Path) -> bytes | None:
    """What signs lists, made where there is none yet; None where phones reach no hub.

    Args:
        config: of the site.
        folder: of its file.

    Raises:
        SourceError: the key cannot be used.
    """
    if not config.hub.lists:
        return None
    return signing_key(folder / config.hub.list_key).private_bytes_raw()


def public_key_of_lists(secret: bytes | None) -> str:
    """What the hub knows lists by, hexadecimal; "" without a key."""
    if secret is None:
        return ""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


class ListMaker:
    """Makes addresses of lists; keeps none.

    Args:
        config: of the site.
        products: the shop's; another table may be adopted by it later.
        secret: of `lists_key`.
        clock: the clocks.
    """

    def __init__(
        self, config: SiteConfig, products: Products, secret: bytes | None, clock: Clock
    ) -> None:
        self._config = config
        self._products = products
        self._key = None if secret is None else Ed25519PrivateKey.from_private_bytes(secret)
        self._clock = clock

    def address(
        self,
        tried: Sequence[str],
        looked_at: Sequence[str],
        coupon: Callable[[], ListCoupon | None],
    ) -> tuple[str, datetime] | None:
        """Where a phone finds the list, and until when; None where nothing can be made.

        Args:
            tried: SKUs of garments that were with the shopper.
            looked_at: of those that were put on the list otherwise.
            coupon: asked only when there is a list to carry it.
        """
        items = [*self._items(tried, tried=True), *self._items(looked_at, tried=False)]
        if self._key is None or not items:
            return None
        now = utc_from_ns(self._clock.utc_ns())
        expires = (now + timedelta(days=self._config.hub.list_days)).replace(
            second=0, microsecond=0
        )
        nonce = secrets.token_bytes(NONCE_BYTES)
        content = ShopList(tuple(items[:MOST_ITEMS]), expires, nonce, coupon())
        base = self._config.hub.lists.rstrip("/")
        return f"{base}{PATH}{list_token(content, self._key)}", expires

    def _items(self, skus: Sequence[str], *, tried: bool) -> list[Listed]:
        known = [self._products.of_sku(sku) for sku in dict.fromkeys(skus)]
        return [Listed(it.gtin, tried) for it in known if it is not None]


def list_coupon(
    site: str,
    coupon: Coupon,
    value: str,
    title: str,
    expires_utc: datetime,
    nonce: str,
    key: Ed25519PrivateKey,
) -> ListCoupon:
    """A coupon for a list: the till gets the text of `take_home`, put together from its parts.

    Args:
        site: id of the site.
        coupon: which.
        value: as tills read it.
        title: for the shopper.
        expires_utc: until when it is taken.
        nonce: makes it unique.
        key: that signs coupons.
    """
    title = shortened(title, _TITLE_BYTES)
    content = TakeHome(site, title, NO_ROUTE, CouponOffer(coupon.id, value, expires_utc, nonce))
    signature = signature_of(sign(content, key))
    named, raw = key_id(key.public_key()), raw_nonce(nonce)
    return ListCoupon(coupon.id, value, title, named, expires_utc, raw, signature)
