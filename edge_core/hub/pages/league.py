"""Sites side by side."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

from nicegui import run, ui

from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.hub.figures import League, league
from edge_core.hub.pages.parts import (
    change_html,
    chosen_span,
    number,
    open_page,
    share,
    table_html,
)
from edge_core.hub.state import HubHouse


def _build(house: HubHouse) -> None:
    say = open_page(house)
    span = chosen_span(house, say)
    with ui.element("section").classes("pr-card pr-scroll"):
        table = ui.html(sanitize=False)
    note = say(
        "Days on which no entrance was watched are left out, not counted as zero. Sums too small"
        " to be told are left out too; their number stands with the site.",
        "无人值守的日期不计入，亦不记为零；过小的数值同样不计入，其数量列于站点旁。",
    )
    ui.html(f'<p class="pr-note">{note}</p>', sanitize=False)

    async def show() -> None:
        rows = await run.io_bound(partial(league, house.store, span.first, span.last))
        if rows is not None:
            names = {site.id: site.name for site in house.store.sites()}
            table.set_content(league_html(rows, names, len(span.days), say))

    ui.timer(0, show, once=True)


def league_html(rows: Sequence[League], names: dict[str, str], days: int, say: Say) -> str:
    """The table; bars compare people who came in."""
    heads = (
        ("", say("Site", "站点")),
        ("", say("Came in", "客流")),
        ("", say("Change", "变化")),
        ("wide", say("Minutes a visit", "停留（分钟）")),
        ("wide", say("Garments handled", "触碰")),
        ("wide", say("Tried on", "试穿率")),
        ("wide", say("Sold", "售出")),
        ("", say("Sold per 100", "每百人售出")),
    )
    most = max((row.entered for row in rows), default=0) or 1
    cells = []
    for place, row in enumerate(rows, 1):
        told = []
        if row.days < days:
            told.append(say(f"{row.days} of {days} days", f"{days} 天中 {row.days} 天"))
        if row.hidden:
            told.append(say(f"{row.hidden} sums too small", f"{row.hidden} 项过小"))
        bar = f'<i class="hub-bar" style="width: {100 * row.entered / most:.1f}%"></i>'
        small = f"<small>{' · '.join(told)}</small>" if told else ""
        cells.append(
            (
                f"{place}. {escape(names.get(row.site, row.site))}{small}{bar}",
                number(row.entered) if row.days else "–",
                change_html(row.change),
                number(row.visit_minutes, 1),
                number(row.touched) if row.touched else "–",
                share(row.tried_share),
                number(row.sold) if row.sold else "–",
                number(row.sold_per_hundred, 1),
            )
        )
    if not cells:
        return f'<div class="pr-none">{say("No site yet.", "尚无站点。")}</div>'
    return table_html(heads, cells)


LEAGUE: Final = Page("/league", "League table", _build, title_zh="排名", icon="today")
