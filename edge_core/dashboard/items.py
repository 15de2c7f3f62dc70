"""The items page: what is touched, picked, tried, left and bought, and what just happened."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import STATUS_S, Page
from edge_core.dashboard.language import Say
from edge_core.ledger import day_bounds_utc_ns
from edge_core.pictures import listed_drawing
from edge_core.service.item_schema import ItemsView, ItemView, VisitsView
from edge_core.service.item_views import items_view
from edge_core.service.schema import EventView
from edge_core.service.views import ServiceState, event_view, local_day
from edge_core.types import EventKind, ItemAction

_SHOWN: Final = 60
_NEWEST: Final = 14
_STEPS: Final = (
    ("touched", "Touched", "被触摸"),
    ("picked", "Picked", "被拿起"),
    ("tried", "Tried on", "被试穿"),
    ("left", "Left", "被放下"),
    ("bought", "Bought", "售出"),
)
_ACTIONS: Final = {
    ItemAction.TOUCHED: ("touched", "被触摸"),
    ItemAction.LOOKED_AT: ("looked at", "被翻看"),
    ItemAction.PICKED_UP: ("picked up", "被拿起"),
    ItemAction.CARRIED: ("carried on", "被带走继续逛"),
    ItemAction.TRIED_ON: ("tried on", "被试穿"),
    ItemAction.PUT_BACK: ("put back", "已放回"),
    ItemAction.MISPLACED: ("left elsewhere", "被放错位置"),
    ItemAction.GONE: ("gone", "已离开"),
}


def build_items(state: ServiceState) -> None:
    """Everything inside the frame."""
    say = viewer().say
    with ui.element("div").classes("pr-items"):
        with ui.element("section").classes("pr-card pr-facts pr-steps"):
            totals = ui.html(sanitize=False).classes("pr-funnel")
        with ui.element("section").classes("pr-card pr-table"):
            table = ui.html(sanitize=False)
        with ui.element("section").classes("pr-card pr-newest"):
            title = say("What just happened", "刚刚发生")
            ui.html(f'<div class="pr-title"><b>{title}</b></div>', sanitize=False)
            newest = ui.html(sanitize=False).classes("pr-rows")
    names = {it.sku: say(it.name, it.name_zh) or it.sku for it in state.products}
    places = _places(state, say)
    zone = ZoneInfo(state.site().timezone)

    async def refresh() -> None:
        found = await run.io_bound(_today, state)
        if found is None:  # the service is closing
            return
        items, events = found
        totals.set_content(funnel_html(items, say))
        table.set_content(table_html(items.items[:_SHOWN], say))
        newest.set_content(events_html(events, names, places, zone, say))

    ui.timer(STATUS_S, refresh)


def _today(state: ServiceState) -> tuple[ItemsView, list[EventView]]:
    site = state.site()
    day = local_day(site, state.clock.utc_ns())
    start, end = day_bounds_utc_ns(day, ZoneInfo(site.timezone))
    items = items_view(state.ledger, state.products, start, end, site.minimum_group)
    stored = state.ledger.newest_of(EventKind.ITEM, _NEWEST)
    return items, [event_view(it) for it in stored]


def _places(state: ServiceState, say: Say) -> dict[str, str]:
    """Names of racks and zones by id."""
    site = state.site()
    zones = {zone.id: say(zone.name, zone.name_zh) for zone in site.zones}
    return zones | {rack.id: say(rack.name, rack.name_zh) for rack in site.racks}


def funnel_html(items: ItemsView, say: Say) -> str:
    """Today's steps from touching to buying, each with its share of the one before it."""
    totals = {name: sum(getattr(it, name) for it in items.items) for name, *_ in _STEPS}
    parts = []
    for place, (name, english, chinese) in enumerate(_STEPS):
        title = say(f"{english} today", f"今日{chinese}")
        first = " first" if place == 0 else ""
        parts.append(
            f'<div class="pr-fact{first}"><span>{title}</span>'
            f'<div class="figure">{totals[name]:,}</div></div>'
        )
    return "".join(parts) + _visits(items.per_visit, say)


def _visits(per_visit: VisitsView, say: Say) -> str:
    if per_visit.visits is None:
        told = say("too few visits to tell", "访问太少，无法说明")
    else:
        means = [
            f"<b>{it:.1f}</b>" for it in (per_visit.touched, per_visit.picked, per_visit.tried)
        ]
        told = say(
            "{} touched, {} picked, {} tried on; of {:,} visits",
            "触摸 {} 件，拿起 {} 件，试穿 {} 件；共 {:,} 次访问",
        ).format(*means, per_visit.visits)
    about = say("A visit that handles anything", "有商品互动的每次访问")
    return f'<div class="pr-watched"><span>{about}</span><span>{told}</span></div>'


def table_html(items: Sequence[ItemView], say: Say) -> str:
    """One row a product, the busiest first, with bars relative to the busiest."""
    if not items:
        nothing = say(
            "Nothing has been handled or sold today. What is said here comes"
            " from RFID readers and the till.",
            "今天还没有商品被拿取或售出。这里的数据来自 RFID 读写器和收银台。",
        )
        return f'<div class="pr-none">{nothing}</div>'
    most = max(1, *(it.touched for it in items), *(it.bought for it in items))
    head = "".join(f"<th>{say(english, chinese)}</th>" for _, english, chinese in _STEPS)
    rows = "".join(_row(it, most, say) for it in items)
    return (
        f'<table class="pr-products"><thead><tr><th colspan="2">{say("Product", "商品")}</th>{head}'
        f"<th>{say('After a pick', '拿起后售出')}</th><th>{say('Visits', '访问次数')}</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(item: ItemView, most: int, say: Say) -> str:
    parts = (say(item.colour, item.colour_zh), item.size)
    about = say(", ", "，").join(part for part in parts if part) or item.sku
    cells = "".join(_cell(name, getattr(item, name), most) for name, *_ in _STEPS)
    few, all_of_them = item.bought_after_pick, item.bought
    joined = say(f"{few} of {all_of_them}", f"{all_of_them} 件中 {few} 件")
    joined = joined if all_of_them > 0 else "–"
    visits = "–" if item.visits is None else f"{item.visits:,}"
    misplaced = say(f"{item.misplaced} left elsewhere", f"{item.misplaced} 件被放错位置")
    title = f' title="{misplaced}"' if item.misplaced else ""
    return (
        f'<tr{title}><td class="picture">{_picture(item)}</td>'
        f'<td class="product"><b>{escape(say(item.name, item.name_zh) or item.sku)}</b>'
        f"<span>{escape(about)}</span></td>"
        f'{cells}<td class="soft">{joined}</td><td class="soft">{visits}</td></tr>'
    )


def _picture(item: ItemView) -> str:
    """As a picture of its own: drawings in one document would share their colours' names."""
    data = b64encode(listed_drawing(item.picture, item.tint).encode()).decode()
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
    say: Say,
) -> str:
    """The newest item events, newest first."""
    if not events:
        return f'<div class="pr-none">{say("Nothing yet.", "暂无。")}</div>'
    return "".join(_event(event, names, places, timezone, say) for event in events)


def _event(
    event: EventView,
    names: Mapping[str, str],
    places: Mapping[str, str],
    timezone: ZoneInfo,
    say: Say,
) -> str:
    sku, visit = str(event.data["sku"] or event.data["gtin"]), event.data["visit"]
    who = say("someone", "某位顾客") if visit is None else say(f"visit {visit}", f"访问 {visit}")
    action = say(*_ACTIONS[ItemAction(event.data["action"])])
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
