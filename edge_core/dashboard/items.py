"""The items page: what is touched, picked, tried, left and bought, and what just happened."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from edge_core.config.pictures import drawing
from edge_core.dashboard.frame import STATUS_S, Page
from edge_core.ledger import day_bounds_utc_ns
from edge_core.service.item_views import items_view
from edge_core.service.schema import EventView, ItemsView, ItemView, VisitsView
from edge_core.service.views import ServiceState, event_view, local_day
from edge_core.types import EventKind, ItemAction

_SHOWN: Final = 60
_NEWEST: Final = 14
_STEPS: Final = (
    ("touched", "Touched"),
    ("picked", "Picked"),
    ("tried", "Tried on"),
    ("left", "Left"),
    ("bought", "Bought"),
)
_ACTIONS: Final = {
    ItemAction.TOUCHED: "touched",
    ItemAction.LOOKED_AT: "looked at",
    ItemAction.PICKED_UP: "picked up",
    ItemAction.CARRIED: "carried on",
    ItemAction.TRIED_ON: "tried on",
    ItemAction.PUT_BACK: "put back",
    ItemAction.MISPLACED: "left elsewhere",
    ItemAction.GONE: "gone",
}


def build_items(state: ServiceState) -> None:
    """Everything inside the frame."""
    with ui.element("div").classes("pr-items"):
        with ui.element("section").classes("pr-card pr-facts pr-steps"):
            totals = ui.html(sanitize=False).classes("pr-funnel")
        with ui.element("section").classes("pr-card pr-table"):
            table = ui.html(sanitize=False)
        with ui.element("section").classes("pr-card pr-newest"):
            ui.html('<div class="pr-title"><b>What just happened</b></div>', sanitize=False)
            newest = ui.html(sanitize=False).classes("pr-rows")
    names = {product.sku: product.name or product.sku for product in state.products}
    places = _places(state)
    zone = ZoneInfo(state.site().timezone)

    async def refresh() -> None:
        found = await run.io_bound(_today, state)
        if found is None:  # the service is closing
            return
        items, events = found
        totals.set_content(funnel_html(items))
        table.set_content(table_html(items.items[:_SHOWN]))
        newest.set_content(events_html(events, names, places, zone))

    ui.timer(STATUS_S, refresh)


def _today(state: ServiceState) -> tuple[ItemsView, list[EventView]]:
    site = state.site()
    day = local_day(site, state.clock.utc_ns())
    start, end = day_bounds_utc_ns(day, ZoneInfo(site.timezone))
    items = items_view(state.ledger, state.products, start, end, site.minimum_group)
    stored = state.ledger.newest_of(EventKind.ITEM, _NEWEST)
    return items, [event_view(it) for it in stored]


def _places(state: ServiceState) -> dict[str, str]:
    """Names of racks and zones by id."""
    site = state.site()
    return {zone.id: zone.name for zone in site.zones} | {it.id: it.name for it in site.racks}


def funnel_html(items: ItemsView) -> str:
    """Today's steps from touching to buying, each with its share of the one before it."""
    totals = {name: sum(getattr(it, name) for it in items.items) for name, _ in _STEPS}
    parts = []
    for place, (name, title) in enumerate(_STEPS):
        first = " first" if place == 0 else ""
        parts.append(
            f'<div class="pr-fact{first}"><span>{title} today</span>'
            f'<div class="figure">{totals[name]:,}</div></div>'
        )
    return "".join(parts) + _visits(items.per_visit)


def _visits(per_visit: VisitsView) -> str:
    if per_visit.visits is None:
        told = "too few visits to tell"
    else:
        told = (
            f"<b>{per_visit.touched:.1f}</b> touched, <b>{per_visit.picked:.1f}</b> picked,"
            f" <b>{per_visit.tried:.1f}</b> tried on; of {per_visit.visits:,} visits"
        )
    return (
        '<div class="pr-watched"><span>A visit that handles anything</span>'
        f"<span>{told}</span></div>"
    )


def table_html(items: Sequence[ItemView]) -> str:
    """One row a product, the busiest first, with bars relative to the busiest."""
    if not items:
        return (
            '<div class="pr-none">Nothing has been handled or sold today. What is said here comes'
            " from RFID readers and the till.</div>"
        )
    most = max(1, *(it.touched for it in items), *(it.bought for it in items))
    head = "".join(f"<th>{title}</th>" for _, title in _STEPS)
    rows = "".join(_row(it, most) for it in items)
    return (
        f'<table class="pr-products"><thead><tr><th colspan="2">Product</th>{head}'
        f"<th>After a pick</th><th>Visits</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(item: ItemView, most: int) -> str:
    about = ", ".join(part for part in (item.colour, item.size) if part) or item.sku
    cells = "".join(_cell(name, getattr(item, name), most) for name, _ in _STEPS)
    joined = f"{item.bought_after_pick} of {item.bought}" if item.bought > 0 else "–"
    visits = "–" if item.visits is None else f"{item.visits:,}"
    title = f' title="{item.misplaced} left elsewhere"' if item.misplaced else ""
    return (
        f'<tr{title}><td class="picture">{_picture(item)}</td>'
        f'<td class="product"><b>{escape(item.name or item.sku)}</b>'
        f"<span>{escape(about)}</span></td>"
        f'{cells}<td class="soft">{joined}</td><td class="soft">{visits}</td></tr>'
    )


def _picture(item: ItemView) -> str:
    """As a picture of its own: drawings in one document would share their colours' names."""
    data = b64encode(drawing(item.picture, item.tint).encode()).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{data}">'


def _cell(name: str, count: int, most: int) -> str:
    share = max(0, count) / most
    quiet = "" if count else ' class="zero"'
    return (
        f'<td{quiet}><div class="bar {name}" style="width:{share:.1%}"></div>'
        f"<span>{count:,}</span></td>"
    )


def events_html(
    events: Sequence[EventView],
    names: Mapping[str, str],
    places: Mapping[str, str],
    timezone: ZoneInfo,
) -> str:
    """The newest item events, newest first."""
    if not events:
        return '<div class="pr-none">Nothing yet.</div>'
    return "".join(_event(event, names, places, timezone) for event in events)


def _event(
    event: EventView,
    names: Mapping[str, str],
    places: Mapping[str, str],
    timezone: ZoneInfo,
) -> str:
    sku = str(event.data["sku"] or event.data["gtin"])
    who = "someone" if event.data["visit"] is None else f"visit {event.data['visit']}"
    action = _ACTIONS[ItemAction(event.data["action"])]
    place = places.get(event.place, event.place)
    return (
        f'<div class="pr-row"><span class="dot {_dot(event)}"></span>'
        f'<span class="name">{escape(names.get(sku, sku))} {action}</span>'
        f'<span class="figure">{event.at.astimezone(timezone):%H:%M:%S}</span>'
        f'<span class="told">{escape(place)} &middot; {who}</span></div>'
    )


def _dot(event: EventView) -> str:
    action = event.data["action"]
    if action in (ItemAction.PICKED_UP, ItemAction.TRIED_ON):
        return "busy"
    return (
        "bad" if action == ItemAction.MISPLACED else "well" if action == ItemAction.PUT_BACK else ""
    )


ITEMS: Final = Page("/items", "Items", build_items, title_zh="商品", icon="items")
