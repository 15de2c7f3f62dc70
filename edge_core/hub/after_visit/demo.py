"""Simulated lists and trials for the simulated chain, and two lists to open. Nothing was measured.

The settings it writes let nothing out: messages wait until somebody takes them on the page.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from edge_core.hub import tables as t
from edge_core.hub.after_visit.lists import tell_key
from edge_core.hub.after_visit.settings import FILE
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore
from edge_core.suggest.list_link import (
    NO_ROUTE,
    NONCE_BYTES,
    PATH,
    ListCoupon,
    Listed,
    ShopList,
    list_token,
)
from edge_core.suggest.take_home import (
    CouponOffer,
    TakeHome,
    key_id,
    nonce_from,
    sign,
    signature_of,
)
from edge_core.units import NS_PER_S

SHOP: Final = "silverstitch"
_STYLES: Final = ("belted-coat", "silk-blouse", "wide-trousers", "ankle-boots")
_DAYS: Final = 100
_A_DAY: Final = 5.0
"""People a site who agree to a reminder."""
_BUY: Final = {"reminded": 0.118, "held-out": 0.086}
_HOLDOUT: Final = 0.2
_NS_PER_DAY: Final = 86_400 * NS_PER_S


def write_settings(folder: Path, address: str) -> None:
    """Settings for the simulated chain, unless the folder has some."""
    path = folder / FILE
    if not path.exists():
        path.write_text(
            f'address = "{address}"\n'
            'controller = "Silverstitch Fashion (simulated), privacy@silverstitch.example"\n'
            'channels = ["email", "sms"]\n\n[csv]\n',
            encoding="utf-8",
        )


def fill_after_visit(store: HubStore, rng: Random) -> None:
    """A hundred days of lists and trials at the chain's shops."""
    today = store.clock.utc_ns() // _NS_PER_DAY
    days, trials = [], []
    for site in store.sites():
        if site.id == "linden-court":
            continue
        busy = rng.uniform(0.6, 1.4)
        for day in range(today - _DAYS, today):
            people = max(0, round(rng.gauss(_A_DAY * busy, 1.6)))
            started = [_trial(site.id, day, today, rng) for _ in range(people)]
            trials += started
            counts = {
                "opened": people * 6 + rng.randrange(12),
                "asked": people + rng.randrange(2),
                "confirmed": people,
                "reminded": sum(
                    it["arm"] == "reminded" and rng.random() < 0.95
                    for it in started
                    if day < today - 1
                ),
                "nothing-left": rng.random() < 0.1,
                "stopped": rng.random() < 0.05 * people,
            }
            days += [
                {"site": site.id, "day": day, "what": what, "count": int(count)}
                for what, count in counts.items()
                if count
            ]
    with store.engine.begin() as connection:
        connection.execute(insert(t.list_days), days)
        connection.execute(insert(t.trials), trials)


def _trial(site: str, day: int, today: int, rng: Random) -> dict[str, object]:
    arm = "held-out" if rng.random() < _HOLDOUT else "reminded"
    started_ns = day * _NS_PER_DAY + rng.randrange(9, 20) * 3600 * NS_PER_S
    bought = rng.random() < _BUY[arm] * min(1.0, (today - day) / 14)
    by_contact = bought and rng.random() < 0.6
    return {
        "id": f"{rng.getrandbits(128):032x}"[:22],
        "site": site,
        "arm": arm,
        "holdout_permille": round(1000 * _HOLDOUT),
        "fingerprint": "",
        "started_utc_ns": started_ns,
        "ends_utc_ns": started_ns + 14 * _NS_PER_DAY,
        "by_code": int(bought and not by_contact),
        "by_contact": int(by_contact),
    }


def sample_list(store: HubStore, shelf: Shelf, address: str, note: Callable[[str], None]) -> str:
    """A list of the first shop, signed by a key that is thrown away; returns its address."""
    device = next(it for it in store.devices() if it.site == SHOP)
    key = Ed25519PrivateKey.generate()
    tell_key(store, device, key.public_key().public_bytes_raw().hex())
    first: dict[str, str] = {}
    for gtin, body in shelf.bodies(SHOP, "products").items():
        if body.get("size") not in ("XS", "34"):
            first.setdefault(str(body.get("style")), gtin)
    chosen = [first[style] for style in _STYLES if style in first] or list(first.values())[:4]
    now = datetime.fromtimestamp(store.clock.utc_ns() // NS_PER_S, UTC)
    items = tuple(Listed(gtin, tried=place < 3) for place, gtin in enumerate(chosen))
    coupon = _coupon(key, now + timedelta(hours=7))
    content = ShopList(items, now + timedelta(days=30), secrets.token_bytes(NONCE_BYTES), coupon)
    url = f"{address}{PATH}{list_token(content, key)}"
    note(f"A simulated list on a phone: {url}")
    return url


def _coupon(key: Ed25519PrivateKey, expires_utc: datetime) -> ListCoupon:
    nonce = secrets.token_bytes(16)
    expires = expires_utc.replace(second=0)
    offer = CouponOffer("coats-10", "10%", expires, nonce_from(nonce))
    text = sign(TakeHome(SHOP, "10 % off coats and jackets", NO_ROUTE, offer), key)
    return ListCoupon(
        "coats-10", "10%", "10 % off coats and jackets", key_id(key.public_key()), expires, nonce,
        signature_of(text),
    )  # fmt: skip
