"""What to stock and where to hang it, site by site; the same as CSV."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import run, ui

from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.viewer import viewer_of
from edge_core.dashboard.exports.csv_text import csv_text
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.hub.pages.parts import number, open_page, table_html, today_number
from edge_core.hub.selection import Advice
from edge_core.hub.selection_data import WEEKS, advice_for
from edge_core.hub.state import HubHouse
from edge_core.hub.store import Site

_PATH: Final = "/products"
_SHOWN: Final = 60
_DO: Final = {
    "add": ("Bring in", "引入"),
    "more": ("More of it", "补货"),
    "keep": ("Keep", "保持"),
    "less": ("Send back", "退回"),
}
_SURE: Final = {
    "high": ("sure", "高"),
    "medium": ("fairly sure", "中"),
    "low": ("unsure", "低"),
}


def products_page(house: HubHouse, accounts: Accounts) -> Page:
    """The page and its file."""
    router = APIRouter(include_in_schema=False)

    def send(request: Request, site: str = "") -> Response:
        who = viewer_of(request)
        accounts.note(who.name, who.address, What.EXPORT, f"products of {site}"[:100])
        rows = csv_rows(*_asked(house, site), who.say)
        name = f"products-{quote(site)}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(csv_text(rows), media_type="text/csv; charset=utf-8", headers=headers)

    router.add_api_route(f"{_PATH}/csv", send, methods=["GET"])
    return Page(_PATH, "What to stock", _build, title_zh="选品建议", icon="items", router=router)


def _build(house: HubHouse) -> None:
    say = open_page(house)
    request = ui.context.client.request
    asked = request.query_params.get("site", "") if request is not None else ""
    sites = [it for it in house.store.sites() if house.shelf.bodies(it.id, "stock")]
    here = next((it for it in sites if it.id == asked), sites[0] if sites else None)
    ui.html(_choice_html(sites, here, say), sanitize=False).classes("hub-days")
    with ui.element("section").classes("pr-card pr-scroll"):
        table = ui.html(sanitize=False)
    note = say(
        "Score: orders from the trade area, times how well its department fits the people who come"
        " here, times how often its style is bought once tried on; 1 is an average product, with an"
        f" 80 % interval. Of the last {WEEKS} weeks. A small number of orders or tries is drawn"
        " towards what is usual.",
        "得分 = 商圈线上需求 × 客群匹配 × 试穿购买率；1 为平均水平，附 80% 区间；"
        f"基于最近 {WEEKS} 周。",
    )
    ui.html(f'<p class="pr-note">{note}</p>', sanitize=False)

    async def show() -> None:
        told = await run.io_bound(partial(_asked, house, here.id if here else ""))
        if told is not None:
            table.set_content(advice_html(*told, say))

    ui.timer(0, show, once=True)


def _asked(house: HubHouse, site: str) -> tuple[list[Advice], dict[str, dict[str, Any]]]:
    """Advice, and what is known of the products by SKU."""
    products = house.shelf.bodies(site, "products")
    advice = advice_for(house.store, house.shelf, site, today_number(house) - 1)
    return advice, {str(it["sku"]): it for it in products.values()}


def _choice_html(sites: Sequence[Site], here: Site | None, say: Say) -> str:
    if here is None:
        return ""
    options = "".join(
        f'<option value="{escape(it.id)}"{" selected" if it == here else ""}>'
        f"{escape(it.name)}</option>"
        for it in sites
    )
    return (
        f'<form method="get" action="{_PATH}" class="pr-field hub-pick"><select name="site"'
        f' aria-label="{say("Site", "站点")}" onchange="this.form.submit()">{options}</select>'
        "</form>"
        f'<a class="pr-plain" href="{_PATH}/csv?site={quote(here.id)}">CSV</a>'
    )


def reasons(advice: Advice, say: Say) -> list[str]:
    """Why, in words: what moves the score most."""
    offer, told = advice.offer, []
    if offer.orders is None:
        told.append(
            say("no online orders told, the chain's sales stand in", "以集团销量代替线上需求")
        )
    for value, up, down in (
        (advice.demand, say("ordered much nearby", "商圈需求高"), say("ordered little", "需求低")),
        (
            advice.match,
            say("fits who comes here", "匹配客群"),
            say("fits few who come", "不匹配客群"),
        ),
        (advice.lift, say("bought once tried", "试后常购"), say("tried, not bought", "试后少购")),
    ):
        if value > 1.15:
            told.append(f"{up} ({value:.1f}×)")
        elif value < 0.87:
            told.append(f"{down} ({value:.1f}×)")
    if advice.moved:
        told.append(say("hangs where few look", "所在货架关注少"))
    return told or [say("as usual in everything", "各项平均")]


def _worth_telling(advice: Sequence[Advice]) -> list[Advice]:
    """What there is to do, then the best of the rest."""
    doing = [it for it in advice if it.do != "keep" or it.moved]
    order = {"add": 0, "more": 1, "keep": 2, "less": 3}
    doing.sort(key=lambda it: (order[it.do], -it.score if it.do != "less" else it.score))
    by_kind: dict[str, int] = {}
    kept = []
    for it in doing:  # some of each, not all of one
        by_kind[it.do] = by_kind.get(it.do, 0) + 1
        if by_kind[it.do] <= _SHOWN // 4:
            kept.append(it)
    return kept


def advice_html(
    advice: Sequence[Advice], products: Mapping[str, Mapping[str, Any]], say: Say
) -> str:
    """The table."""
    rows = _worth_telling(advice)
    if not rows:
        told = say("Nothing to change, as far as is known.", "目前无需调整。")
        return f'<div class="pr-none">{told}</div>'
    heads = (
        ("", say("Product", "商品")),
        ("", say("Do", "建议")),
        ("wide", say("Score", "得分")),
        ("wide", say("Here", "库存")),
        ("wide", say("A week", "每周")),
        ("", say("Hang at", "货架")),
        ("wide hub-why", say("Why", "原因")),
    )
    cells = []
    for it in rows:
        body = products.get(it.offer.sku, {})
        name = str(say(body.get("name", ""), body.get("name_zh", "")) or it.offer.sku)
        kind = say(body.get("colour", ""), body.get("colour_zh", ""))
        what = f"{kind} {body.get('size', '')}".strip()
        pieces = f" <b>{it.pieces}</b>" if it.pieces else ""
        rack = f"<b>{escape(it.rack)}</b>" if it.moved else escape(it.rack or "–")
        cells.append(
            (
                f"{escape(name)}<small>{escape(what)}</small>"
                f'<small class="hub-narrow">{escape("; ".join(reasons(it, say)))}</small>',
                f"{say(*_DO[it.do])}{pieces}<small>{say(*_SURE[it.confidence])}</small>",
                f"{it.score:.1f}<small>{it.low:.1f} – {it.high:.1f}</small>",
                number(it.offer.stock),
                number(it.weekly, 1),
                rack,
                escape("; ".join(reasons(it, say))),
            )
        )
    return table_html(heads, cells)


def csv_rows(
    advice: Sequence[Advice], products: Mapping[str, Mapping[str, Any]], say: Say
) -> list[tuple[str | int | float | None, ...]]:
    """Every product, with head."""
    head = (
        "sku", "name", "colour", "size", "do", "pieces", "score", "low_80", "high_80", "confidence",
        "demand", "match", "lift", "expected_per_week", "stock", "rack_now", "rack", "why",
    )  # fmt: skip
    rows: list[tuple[str | int | float | None, ...]] = [head]
    for it in advice:
        body = products.get(it.offer.sku, {})
        rows.append(
            (
                it.offer.sku, str(body.get("name", "")), str(body.get("colour", "")),
                str(body.get("size", "")), it.do, it.pieces, round(it.score, 3), round(it.low, 3),
                round(it.high, 3), it.confidence, round(it.demand, 3), round(it.match, 3),
                round(it.lift, 3), round(it.weekly, 2), it.offer.stock, it.offer.rack, it.rack,
                "; ".join(reasons(it, say)),
            )
        )  # fmt: skip
    return rows
