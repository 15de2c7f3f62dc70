"""Garments, items and sales as the API tells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from edge_core.analytics import joined
from edge_core.config import Product, Products
from edge_core.interaction.nearby import Near
from edge_core.ledger import ItemMinute, ItemTotal, LedgerReader, VisitTotals, minute_of
from edge_core.service.item_schema import GarmentsView, GarmentView, ItemsView, ItemView, VisitsView
from edge_core.service.views import utc_from_ns


def garments_view(
    nearby: Mapping[str, Sequence[tuple[Near, Product]]], now_mono_ns: int, now_utc_ns: int
) -> GarmentsView:
    """What is at mirrors and in fitting rooms.

    Args:
        nearby: of `ItemPipeline.nearby`.
        now_mono_ns: the moment on the monotonic clock.
        now_utc_ns: the same in UTC.
    """
    ahead_ns = now_utc_ns - now_mono_ns
    return GarmentsView(
        at=utc_from_ns(now_utc_ns),
        zones={
            zone: [
                garment_view(near.epc, product, utc_from_ns(ahead_ns + near.since_ns))
                for near, product in garments
            ]
            for zone, garments in nearby.items()
        },
    )


def garment_view(key: str, product: Product, since: datetime) -> GarmentView:
    """One garment."""
    told = product.model_dump(include=set(GarmentView.model_fields) & set(Product.model_fields))
    return GarmentView(key=key, since=since, **told)


def items_view(
    ledger: LedgerReader,
    products: Products,
    start_utc_ns: int,
    end_utc_ns: int,
    minimum_group: int,
) -> ItemsView:
    """What happened to items between two instants, product by product, busiest first.

    Args:
        ledger: where it stands.
        products: the shop's.
        start_utc_ns: from its minute on.
        end_utc_ns: up to its minute, without it.
        minimum_group: fewer visits than this are not told, nor those of other spans than one of
            the site's days: two spans that overlap would tell of the few between them.
    """
    clock = ledger.site_time()
    day = clock.day(start_utc_ns)
    bounds = clock.day_start(day), clock.day_start(day + 1)
    one_day = (minute_of(start_utc_ns), minute_of(end_utc_ns)) == bounds
    totals = ledger.item_totals(start_utc_ns, end_utc_ns)
    minutes = ledger.item_minutes(start_utc_ns, end_utc_ns)
    items = [
        _item(sku, products.of_sku(sku), totals.get(sku, ItemTotal()), minutes.get(sku, ()))
        for sku in totals.keys() | minutes.keys()
    ]
    items.sort(key=lambda it: (-it.touched, -it.bought, it.sku))
    hidden = [
        it
        if one_day and (it.visits or 0) >= minimum_group
        else it.model_copy(update={"visits": None})
        for it in items
    ]
    return ItemsView(
        start=utc_from_ns(start_utc_ns),
        end=utc_from_ns(end_utc_ns),
        items=hidden,
        per_visit=_per_visit(
            ledger.visit_totals(start_utc_ns, end_utc_ns) if one_day else VisitTotals(),
            minimum_group,
        ),
    )


def _item(
    sku: str, product: Product | None, total: ItemTotal, minutes: Sequence[ItemMinute]
) -> ItemView:
    sold = [(it.minute, it.bought) for it in minutes if it.bought]
    told = {"sku": sku}
    if product is not None:
        told = product.model_dump(
            include={"sku", "name", "name_zh", "size", "colour", "colour_zh", "picture", "tint"}
        )
    return ItemView(
        **told,
        touched=total.touched,
        picked=total.picked,
        tried=total.tried,
        left=total.put_back + total.misplaced,
        misplaced=total.misplaced,
        bought=sum(count for _, count in sold),
        bought_after_pick=joined([(it.minute, it.kept) for it in minutes], sold),
        bought_after_try=joined([(it.minute, it.tried) for it in minutes], sold),
        visits=total.visits,
    )


def _per_visit(totals: VisitTotals, minimum_group: int) -> VisitsView:
    if totals.visits < minimum_group:
        return VisitsView(visits=None, touched=None, picked=None, tried=None)
    return VisitsView(
        visits=totals.visits,
        touched=round(totals.touched / totals.visits, 2),
        picked=round(totals.picked / totals.visits, 2),
        tried=round(totals.tried / totals.visits, 2),
    )
