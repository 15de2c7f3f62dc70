"""People who came in, day by day: the chain, and each site against its own mean."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from nicegui import run, ui

from edge_core.dashboard import theme
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.hub.figures import Daily, chain_total, watched_daily
from edge_core.hub.pages.parts import chosen_span, open_page, title
from edge_core.hub.state import HubHouse
from edge_core.ledger.site_time import date_of


def _build(house: HubHouse) -> None:
    say = open_page(house)
    span = chosen_span(house, say)
    with ui.element("section").classes("pr-card"):
        heading = say("People who came in, all sites", "全部站点客流")
        ui.html(title(heading), sanitize=False)
        chain = ui.echart({}).style("width: 100%; height: 260px")
        note = say(
            "The line breaks on days of which not every site has told yet.",
            "若当日并非所有站点均已上报，折线中断。",
        )
        ui.html(f'<p class="pr-note">{note}</p>', sanitize=False)
    with ui.element("section").classes("pr-card pr-scroll"):
        heading = say(
            "Each site and day against the site's own mean of that weekday",
            "各站点每日客流与同星期均值之比",
        )
        ui.html(title(heading), sanitize=False)
        sites = ui.echart({}).classes("pr-wide")

    async def show() -> None:
        told = await run.io_bound(partial(watched_daily, house.store, span.first, span.last))
        if told is None:
            return
        names = {site.id: site.name for site in house.store.sites()}
        sites.style(f"width: 100%; height: {90 + 34 * len(names)}px")
        for chart, options in (
            (chain, chain_options(told, span.days, say)),
            (sites, sites_options(told, names, span.days, say)),
        ):
            chart.options.clear()
            chart.options.update(options)
            chart.update()

    ui.timer(0, show, once=True)


def against_weekday(days: Mapping[int, Daily], asked: Sequence[int]) -> list[float | None]:
    """Each day over the mean of the same weekday in the span; None where nothing was told."""
    values = {day: it.value for day, it in days.items() if it.value is not None}
    by_weekday: dict[int, list[int]] = {}
    for day in asked:
        if day in values:
            by_weekday.setdefault(day % 7, []).append(values[day])
    found: list[float | None] = []
    for day in asked:
        same = by_weekday.get(day % 7, [])
        mean = sum(same) / len(same) if same else 0.0
        found.append(round(values[day] / mean, 3) if day in values and mean else None)
    return found


def _axis(days: Sequence[int]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": [f"{date_of(day):%d.%m.}" for day in days],
        "axisLabel": {"color": theme.INK_FAINT},
        "axisLine": {"lineStyle": {"color": theme.HAIRLINE}},
        "axisTick": {"show": False},
    }


def chain_options(
    by_site: Mapping[str, Mapping[int, Daily]], days: Sequence[int], say: Say
) -> dict[str, Any]:
    """A line; it breaks on days that not all sites told of."""
    return {
        "animation": False,
        "grid": {"left": 58, "right": 14, "top": 16, "bottom": 28},
        "tooltip": {"trigger": "axis", "backgroundColor": theme.GROUND,
                    "borderColor": theme.HAIRLINE, "textStyle": {"color": theme.INK}},
        "xAxis": _axis(days),
        "yAxis": {
            "type": "value",
            "axisLabel": {"color": theme.INK_FAINT},
            "splitLine": {"lineStyle": {"color": theme.HAIRLINE}},
        },
        "series": [
            {
                "name": say("Came in", "客流"),
                "type": "line",
                "data": chain_total(by_site, days),
                "symbolSize": 5,
                "lineStyle": {"color": theme.ACCENT, "width": 2},
                "itemStyle": {"color": theme.ACCENT},
                "areaStyle": {"color": theme.ACCENT, "opacity": 0.08},
            }
        ],
    }  # fmt: skip


def sites_options(
    by_site: Mapping[str, Mapping[int, Daily]],
    names: Mapping[str, str],
    days: Sequence[int],
    say: Say,
) -> dict[str, Any]:
    """Rows of cells: darker below the site's usual, brighter above; a gap where nothing is told."""
    order = sorted(names, key=lambda site: names[site], reverse=True)
    cells = [
        [x, y, value]
        for y, site in enumerate(order)
        for x, value in enumerate(against_weekday(by_site.get(site, {}), days))
        if value is not None
    ]
    return {
        "animation": False,
        "grid": {"left": 168, "right": 14, "top": 8, "bottom": 74},
        "tooltip": {"backgroundColor": theme.GROUND, "borderColor": theme.HAIRLINE,
                    "textStyle": {"color": theme.INK}},
        "xAxis": _axis(days),
        "yAxis": {
            "type": "category",
            "data": [names[site] for site in order],
            "axisLabel": {"color": theme.INK_SOFT, "width": 154, "overflow": "truncate"},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "visualMap": {
            "min": 0.6,
            "max": 1.4,
            "orient": "horizontal",
            "left": "center",
            "bottom": 4,
            "itemHeight": 160,
            "itemWidth": 12,
            "text": [say("more than usual", "高于平常"), say("fewer", "低于平常")],
            "textStyle": {"color": theme.INK_SOFT},
            "inRange": {"color": ["#35506b", "#1f2a38", theme.ACCENT]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "itemStyle": {"borderColor": theme.RAISED, "borderWidth": 2, "borderRadius": 3},
            }
        ],
    }  # fmt: skip


TRENDS: Final = Page("/trends", "Trends", _build, title_zh="趋势", icon="flow")
