"""How coupons do: offered, taken at tills, what they cost, and what of their budget is used."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any, Final

from nicegui import run, ui

from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.hub.figures import CouponFigures, coupons
from edge_core.hub.pages.parts import Span, chosen_span, number, open_page, share, table_html
from edge_core.hub.state import HubHouse


def _build(house: HubHouse) -> None:
    say = open_page(house)
    span = chosen_span(house, say)
    with ui.element("section").classes("pr-card pr-scroll"):
        table = ui.html(sanitize=False)
    note = say(
        "Offered: people who took the coupon home, as far as a day's number was not too small to be"
        " told. Kept without: people of the same days who were offered nothing, so that the site"
        " can tell what coupons change. Budget used counts the full discount of each coupon taken.",
        "“领取”为带走优惠券的人数（过小的单日数值不计）；“对照”为同期未获优惠的人数；"
        "预算按每张核销券的全额折扣计算。",
    )
    ui.html(f'<p class="pr-note">{note}</p>', sanitize=False)

    async def show() -> None:
        told = await run.io_bound(partial(_asked, house, span, say))
        if told is not None:
            table.set_content(told)

    ui.timer(0, show, once=True)


def _asked(house: HubHouse, span: Span, say: Say) -> str:
    rows = coupons(house.store, span.first, span.last)
    sites = {site.id: site for site in house.store.sites()}
    known = {site: house.shelf.bodies(site, "coupons") for site in {row.site for row in rows}}
    names = {site: it.name for site, it in sites.items()}
    return coupons_html(rows, known, names, len(span.days), say)


def cost_of(coupon: Mapping[str, Any], redeemed: int) -> Decimal | None:
    """What a coupon's discount cost the store, in its currency; None when nothing is known."""
    if not coupon:
        return None
    if coupon.get("amount") is not None:
        return Decimal(str(coupon["amount"])) * redeemed
    percent, basket = Decimal(str(coupon["percent"])), Decimal(str(coupon["basket"]))
    return percent / 100 * basket * redeemed


def coupons_html(
    rows: Sequence[CouponFigures],
    known: Mapping[str, Mapping[str, Mapping[str, Any]]],
    names: Mapping[str, str],
    days: int,
    say: Say,
) -> str:
    """The table; `known` tells of coupons by site and id."""
    if not rows:
        told = say("No coupon was offered or taken in these days.", "此期间没有优惠券活动。")
        return f'<div class="pr-none">{told}</div>'
    heads = (
        ("", say("Coupon", "优惠券")),
        ("", say("Offered", "领取")),
        ("", say("Taken", "核销")),
        ("", say("Share", "核销率")),
        ("wide", say("Kept without", "对照")),
        ("wide", say("Cost", "成本")),
        ("wide", say("Budget used", "预算使用")),
    )
    cells = []
    for row in rows:
        coupon = known.get(row.site, {}).get(row.coupon, {})
        cost = cost_of(coupon, row.redeemed)
        budget = Decimal(str(coupon["daily_budget"])) * days if coupon else None
        name = str(say(coupon.get("title", ""), coupon.get("title_zh", "")) or row.coupon)
        where = f"<small>{escape(names.get(row.site, row.site))}</small>"
        used = float(cost / budget) if cost is not None and budget else None
        cells.append(
            (
                f"{escape(name)}{where}",
                number(row.offered),
                number(row.redeemed),
                share(row.rate, 1),
                number(row.held_back),
                number(None if cost is None else float(cost)),
                share(used),
            )
        )
    return table_html(heads, cells)


COUPONS: Final = Page("/coupons", "Coupons", _build, title_zh="优惠券", icon="exports")
