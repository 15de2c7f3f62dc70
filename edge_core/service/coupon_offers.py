"""Coupons of one site: which of them a session is offered, and what is logged of that."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.config import SiteConfig
from edge_core.ledger import LedgerReader
from edge_core.service.parts import Parts
from edge_core.service.sessions import Session
from edge_core.service.store_facts import StoreGuide, coupon_of
from edge_core.service.views import utc_from_ns
from edge_core.suggest.coupon_book import CouponBook, Offered
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.profiles import Behaviour
from edge_core.suggest.take_home import NONCE_BYTES, nonce_from
from edge_core.types import Event, EventKind

Log = Callable[[EventKind, str, str, dict[str, Any]], int]
"""Makes an event durable, by its kind, key, place and data; returns how many were new."""


class CouponOffers:
    """Decides about coupons. One thread at a time may call what changes the book.

    Args:
        site: the site's settings.
        parts: the coupons and the key.
        stores: the stores that give them.
        log: makes decisions durable.
        rng: source of chance for decisions; never of secrets.

    Attributes:
        book: what was promised and learnt.
        key: signs what is taken home; None where the site has no directory.
    """

    def __init__(
        self, site: SiteConfig, parts: Parts, stores: StoreGuide, log: Log, rng: Random
    ) -> None:
        self._site, self._stores, self._log, self._rng = site, stores, log, rng
        self._zone = ZoneInfo(site.site.timezone)
        secret = parts.coupon_key
        self.key = Ed25519PrivateKey.from_private_bytes(secret) if secret else None
        offers = parts.offers
        self._titles = {it.id: (it.title, it.title_zh) for it in offers.coupons}
        self.book = CouponBook(
            [coupon_of(it, stores.stores[it.store].category) for it in offers.coupons],
            exploration=offers.exploration,
            holdout=offers.holdout,
        )

    @property
    def has_any(self) -> bool:
        """Whether the site has any coupon."""
        return bool(self._titles)

    def value(self, coupon: Coupon) -> str:
        """What a coupon is worth, as tills read it: `10%` or `5.00 EUR`."""
        return coupon.text if coupon.percent else f"{coupon.text} {self._site.site.currency}"

    def title(self, coupon_id: str, language: str) -> str:
        """A coupon's title."""
        english, chinese = self._titles[coupon_id]
        return chinese if language == "zh" else english

    def decide(self, session: Session, behaviour: Behaviour, now: datetime) -> Offered:
        """Decide what a session is offered; once for each.

        Args:
            session: takes note of it.
            behaviour: what somebody chose and did; no attribute can be in it.
            now: local time of the site.
        """
        offered = self.book.choose(
            behaviour,
            now,
            self._stores.open_stores(now),
            self._stores.day_passed(now),
            self._rng,
            session.corrections.rejected,
        )
        session.nonce = nonce_from(secrets.token_bytes(NONCE_BYTES))
        # Logged before it is promised: what the disk refuses is offered to nobody.
        self._log(
            EventKind.OFFER, session.nonce, session.screen, _offer_data(session.nonce, offered)
        )
        self.book.promise(session.nonce, offered, now)
        session.offered = offered
        return offered

    def go_on_from(self, history: LedgerReader, most: int, now: datetime) -> None:
        """Learn anew from the log what was known before a restart.

        Args:
            history: the log.
            most: so many offers and so many redemptions, the newest.
            now: local time of the site.
        """
        for stored in reversed(history.newest_of(EventKind.OFFER, most)):
            self._remember(stored.event)
        for stored in reversed(history.newest_of(EventKind.REDEMPTION, most)):
            self.book.redeem(str(stored.event.data["nonce"]))
        self.book.settle(now)

    def _remember(self, event: Event) -> None:
        data: Mapping[str, Any] = event.data
        if data["coupon"] and data["coupon"] in data["x"]:
            self.book.remember(
                str(data["nonce"]),
                str(data["coupon"]),
                data["x"][data["coupon"]],
                bool(data["interested"]),
                utc_from_ns(event.utc_ns).astimezone(self._zone),
                utc_from_ns(int(data["expires_utc_ns"])).astimezone(self._zone),
            )


def _offer_data(nonce: str, offered: Offered) -> dict[str, Any]:
    """A decision as it is logged: enough to judge any policy from, and nothing about anybody."""
    decision = offered.decision
    expires = offered.expires_utc
    return {
        "coupon": decision.arm,
        "decision": str(decision.kind),
        "propensity": decision.propensity,
        "propensities": dict(decision.propensities),
        "x": {arm: [round(value, 6) for value in row] for arm, row in offered.x.items()},
        "interested": offered.interested,
        "nonce": nonce,
        "expires_utc_ns": None if expires is None else int(expires.timestamp()) * 10**9,
    }
