"""The stores of the directory as they are at this moment: open, near, crowded, popular."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Final

from edge_core.config import (
    AudienceConfig,
    CouponConfig,
    DirectoryConfig,
    OffersConfig,
    SiteConfig,
)
from edge_core.config.base import polygon_area_m2
from edge_core.service.guide import Guide
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.stores import StoreFacts

_FULL_M2: Final = 4.0
"""So little room for each makes a store full."""
_DAY_MIN: Final = 24 * 60


class StoreGuide:
    """Knows the stores.

    Args:
        site: floors, zones, screens and opening hours.
        directory: the stores.
        offers: their visitors.
        guide: tells what is closed now, and how far the stores are from each screen.
    """

    def __init__(
        self,
        site: SiteConfig,
        directory: DirectoryConfig,
        offers: OffersConfig,
        guide: Callable[[], Guide],
    ) -> None:
        self._site = site
        self._guide = guide
        self.stores = {store.id: store for store in directory.stores}
        self._audiences = {it.store: it for it in offers.audiences}
        areas = {zone.id: polygon_area_m2(zone.polygon_m) for zone in site.zones}
        self._area_m2 = {it.id: areas[it.zone] for it in directory.stores if it.zone is not None}
        self.store_of_zone = {it.zone: it.id for it in directory.stores if it.zone is not None}
        self.categories = frozenset(category.id for category in directory.categories)

    def facts(
        self, screen_id: str, now: datetime, people_by_zone: Mapping[str, int]
    ) -> list[StoreFacts]:
        """Every store at this moment.

        Args:
            screen_id: where walking begins.
            now: local time of the site.
            people_by_zone: people in view.
        """
        walks = self._guide().directory().walks_s.get(screen_id, {})
        found = []
        for store in self.stores.values():
            left_min = self.minutes_open(store.id, now)
            audience = self._audiences.get(store.id)
            crowd = None
            if store.zone is not None and store.zone in people_by_zone:
                crowd = min(1.0, people_by_zone[store.zone] * _FULL_M2 / self._area_m2[store.id])
            found.append(
                StoreFacts(
                    store.id,
                    (store.category,),
                    _visits(audience, now),
                    _counts(audience),
                    left_min > 0,
                    left_min if left_min > 0 else None,
                    walks.get(store.id),
                    crowd,
                )
            )
        return found

    def minutes_open(self, store_id: str, now: datetime) -> float:
        """Minutes a store stays open; 0 when it is closed."""
        store = self.stores[store_id]
        if store_id in self._guide().closed():
            return 0.0
        opens = store.opens or self._site.site.opens
        return minutes_left(opens, store.closes or self._site.site.closes, now)

    def open_stores(self, now: datetime) -> dict[str, float]:
        """Minutes each open store stays open."""
        left = {store_id: self.minutes_open(store_id, now) for store_id in self.stores}
        return {store_id: minutes for store_id, minutes in left.items() if minutes > 0}

    def day_passed(self, now: datetime) -> float:
        """Share (0..1) of the site's opening hours that has passed; 1 when it is closed."""
        opens, closes = self._site.site.opens, self._site.site.closes
        length = (_minute(closes) - _minute(opens)) % _DAY_MIN or _DAY_MIN
        left = minutes_left(opens, closes, now)
        return 1.0 - min(1.0, left / length)


def minutes_left(opens: time, closes: time, now: datetime) -> float:
    """Minutes until closing time; 0 when closed.

    Args:
        opens: daily opening time.
        closes: daily closing time; before `opens` means after midnight, equal means never.
        now: local time.
    """
    minute = now.hour * 60 + now.minute + now.second / 60
    first, last = _minute(opens), _minute(closes)
    if first == last:
        return float(_DAY_MIN)
    over_midnight = last < first
    is_open = (minute >= first or minute < last) if over_midnight else first <= minute < last
    return (last - minute) % _DAY_MIN if is_open else 0.0


def coupon_of(config: CouponConfig, category: str) -> Coupon:
    """A coupon as the stage knows it."""
    anyway = config.buys_anyway_interested
    return Coupon(
        id=config.id,
        store=config.store,
        categories=(category,),
        percent=config.percent,
        amount=config.amount,
        basket=config.basket,
        margin=config.margin,
        buys_anyway=config.buys_anyway,
        buys_anyway_interested=config.buys_anyway if anyway is None else anyway,
        first_day=config.first_day,
        last_day=config.last_day,
        from_time=config.from_time,
        until_time=config.until_time,
        daily_budget=config.daily_budget,
        valid_min=config.valid_min,
    )


def _visits(audience: AudienceConfig | None, now: datetime) -> float:
    if audience is None:
        return 0.0
    share = audience.by_hour[now.hour] if audience.by_hour else 1 / 24
    return audience.visits * share


def _counts(audience: AudienceConfig | None) -> dict[str, dict[str, int]]:
    if audience is None:
        return {}
    told: dict[str, dict[str, int]] = {
        "age": {str(band): count for band, count in audience.age.items()},
        "gender": {str(gender): count for gender, count in audience.gender.items()},
    }
    return told


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
