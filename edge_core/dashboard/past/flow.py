"""Ways through the site: who went from where to where, as a Sankey diagram that adds up."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from edge_core.dashboard import theme
from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.choice import Days, choice, places
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.service.history_schema import FlowsView, NextView, NodeView
from edge_core.service.history_views import Span, flows_view, next_view
from edge_core.service.site_schema import SiteView
from edge_core.service.views import ServiceState

_MOST_LINKS: Final = 40
_MOST_TARGETS: Final = 6
_ROW_PX: Final = 36
_PALETTE: Final = ("#ffb35c", "#7fa7c9", "#c98f7f", "#9fb98a", "#b39cc9", "#d8c27a")


def build_flow(state: ServiceState) -> None:
    """Everything inside the frame."""
    say, site = viewer().say, state.site()
    history = state.past.history
    ui.add_css(PAST_STYLE)

    async def show() -> None:
        span = days.span()
        flows = await run.io_bound(partial(flows_view, history, site, span))
        if flows is None:  # the service is closing
            return
        account.set_content(account_html(flows, site, say))
        sankey.set_visibility(bool(flows.links))
        nothing.set_visibility(not flows.links)
        sankey.style(f"height: {max(360, _ROW_PX * _sides(flows))}px")
        sankey.options.clear()
        sankey.options.update(sankey_options(flows, say))
        sankey.update()
        await show_next(span)

    async def show_next(span: Span | None = None) -> None:
        wanted = partial(next_view, history, site, origin.value, span or days.span())
        found = await run.io_bound(wanted)
        if found is None:
            return
        ahead.options.clear()
        ahead.options.update(next_options(found, names, say))
        ahead.update()
        ahead.set_visibility(bool(found.hours))
        few.set_visibility(not found.hours)

    names = places(state, say)
    zones = {zone: name for zone, name in names.items() if zone}
    with ui.element("div").classes("pr-bar-top"):
        days = Days(state, say, show, "week")
    with ui.element("div").classes("pr-past"):
        with ui.element("section").classes("pr-card pr-scroll"):
            _title(say("Ways people take: from the left to the right", "人流走向：从左到右"))
            sankey = ui.echart({}).style("width: 100%; height: 420px").classes("pr-wide")
            told = say("No way was taken by enough people to tell.", "没有人数足够的走向可显示。")
            nothing = ui.label(told).classes("pr-none")
        with ui.element("section").classes("pr-card"):
            _title(say("Does it add up?", "进出是否平衡？"))
            account = ui.html(sanitize=False)
    if zones:
        with ui.element("section").classes("pr-card"):
            with ui.element("div").classes("pr-bar-top"):
                _title(say("Where people go next, hour by hour", "接下来去哪里（按小时）"))
                origin = choice(zones, next(iter(zones)), say("From", "来自"), show_next)
            ahead = ui.echart({}).style("width: 100%; height: 300px")
            told = say(
                "Too few people went on from here to tell.", "离开此处的人数太少，无法显示。"
            )
            few = ui.label(told).classes("pr-none")
        ui.timer(0, show, once=True)


def _title(text: str) -> None:
    ui.html(f'<div class="pr-title"><b>{escape(text)}</b></div>', sanitize=False)


def _sides(flows: FlowsView) -> int:
    """Names on the fuller side of the diagram."""
    shown = flows.links[:_MOST_LINKS]
    return max(len({it.source for it in shown}), len({it.target for it in shown}), 1)


def sankey_options(flows: FlowsView, say: Say) -> dict[str, Any]:
    """ECharts options: where people came from on the left, where they went next on the right.

    A zone stands on both sides, for people go both ways between two zones.
    """
    shown = flows.links[:_MOST_LINKS]
    nodes = {node.id: node for node in flows.nodes}
    left = dict.fromkeys(f"from {link.source}" for link in shown)
    right = dict.fromkeys(f"to {link.target}" for link in shown)
    data = [_node(key, nodes[key.split(" ", 1)[1]], say) for key in (*left, *right)]
    people = say("people", "人")
    return {
        "animationDuration": 250,
        "aria": {"enabled": True},
        "textStyle": {"fontFamily": theme.FONTS},
        "tooltip": {
            "backgroundColor": theme.GROUND,
            "borderColor": theme.HAIRLINE,
            "textStyle": {"color": theme.INK},
            ":formatter": (
                "(it) => it.dataType === 'edge'"
                " ? `${it.data.told}: <b>${it.data.value.toLocaleString()}</b> " + people + "`"
                " : `${it.data.told}: <b>${it.value.toLocaleString()}</b> " + people + "`"
            ),
        },
        "series": [
            {
                "type": "sankey",
                "left": 8,
                "right": 170,
                "top": 8,
                "bottom": 8,
                "nodeWidth": 12,
                "nodeGap": 17,
                "draggable": False,
                "layoutIterations": 32,
                "emphasis": {"focus": "adjacency"},
                "label": {"color": theme.INK, "fontSize": 13, ":formatter": "it => it.data.told"},
                "lineStyle": {"color": "source", "opacity": 0.32, "curveness": 0.5},
                "data": data,
                "links": [
                    {
                        "source": f"from {link.source}",
                        "target": f"to {link.target}",
                        "value": link.people,
                        "told": f"{_name(nodes[link.source], say)} → "
                        f"{_name(nodes[link.target], say)}",
                    }
                    for link in shown
                ],
            }
        ],
    }


def _node(key: str, node: NodeView, say: Say) -> dict[str, Any]:
    colour = theme.ACCENT if node.kind == "zone" else theme.PLAN_WALL
    return {"name": key, "told": _name(node, say), "itemStyle": {"color": colour}}


def _name(node: NodeView, say: Say) -> str:
    return say(node.name, node.name_zh)


def account_html(flows: FlowsView, site: SiteView, say: Say) -> str:
    """Whether all who went in came out or are still there, zone by zone."""
    names = {zone.id: say(zone.name, zone.name_zh) for zone in site.zones}
    rows = [it for it in flows.balance if it.moved_in or it.moved_out]
    parts = []
    if flows.residual_share is not None and flows.balance_from and flows.balance_to:
        zone = ZoneInfo(site.timezone)
        begin, end = (it.astimezone(zone) for it in (flows.balance_from, flows.balance_to))
        told = say("of all moves do not add up", "的移动不平衡")
        parts.append(
            '<div class="pr-fact first"><div class="figure">'
            f"{flows.residual_share:.1%}</div><span>{told}<br>"
            f"{begin:%d.%m. %H:%M} – {end:%d.%m. %H:%M}</span></div>"
        )
    if rows:
        heads = (say("Zone", "区域"), say("In", "进"), say("Out", "出"), say("Left over", "差额"))
        head = "".join(f"<th>{it}</th>" for it in heads)
        body = "".join(
            f"<tr><td>{escape(names.get(it.zone, it.zone))}</td><td>{it.moved_in:,}</td>"
            f'<td>{it.moved_out:,}</td><td class="{"" if it.residual else "zero"}">'
            f"{it.residual:+,}</td></tr>"
            for it in rows
        )
        parts.append(f'<table class="pr-told"><tr>{head}</tr>{body}</table>')
    else:
        told = say("Not enough people to tell.", "人数太少，无法显示。")
        parts.append(f'<div class="pr-none">{told}</div>')
    if flows.hidden_links:
        told = say(
            f"{flows.hidden_links} ways of fewer than {site.minimum_group} people are not told.",
            f"有 {flows.hidden_links} 条少于 {site.minimum_group} 人的走向未显示。",
        )
        parts.append(f'<p class="pr-note">{told}</p>')
    return "".join(parts)


def next_options(found: NextView, names: dict[str, str], say: Say) -> dict[str, Any]:
    """Stacked shares by hour; the rarest targets are put together."""
    totals: dict[str, float] = {}
    for hour in found.hours:
        for target, share in hour.shares.items():
            totals[target] = totals.get(target, 0.0) + share
    often = sorted(totals, key=lambda it: -totals[it])[:_MOST_TARGETS]
    ends = {
        "@exit": say("Exit", "出口"),
        "@edge": say("Edge of the view", "视野边缘"),
        "@lost": say("Lost from view", "跟丢"),
    }
    series = [
        (ends.get(target) or names.get(target, target), _PALETTE[place],
         [hour.shares.get(target, 0.0) for hour in found.hours])
        for place, target in enumerate(often)
    ]  # fmt: skip
    rest = [1 - sum(hour.shares.get(target, 0.0) for target in often) for hour in found.hours]
    if max(rest, default=0.0) > 0.005:
        series.append((say("Elsewhere", "其他"), theme.PLAN_WALL, [max(0.0, it) for it in rest]))
    return {
        "animationDuration": 250,
        "aria": {"enabled": True},
        "textStyle": {"fontFamily": theme.FONTS},
        "grid": {"left": 44, "right": 8, "top": 44, "bottom": 26},
        "legend": {
            "type": "scroll",
            "top": 0,
            "left": 0,
            "pageIconColor": theme.ACCENT,
            "pageTextStyle": {"color": theme.INK_SOFT},
            "textStyle": {"color": theme.INK_SOFT, "fontSize": 13},
        },
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "none"},
            "backgroundColor": theme.GROUND,
            "borderColor": theme.HAIRLINE,
            "textStyle": {"color": theme.INK},
            ":valueFormatter": "(value) => `${Math.round(value * 100)} %`",
        },
        "xAxis": _axis([f"{hour.clock:02d}:00" for hour in found.hours]),
        "yAxis": {
            "type": "value",
            "max": 1,
            "splitNumber": 2,
            "splitLine": {"lineStyle": {"color": theme.HAIRLINE}},
            "axisLabel": {
                "color": theme.INK_SOFT,
                ":formatter": "(value) => `${Math.round(value * 100)} %`",
            },
        },
        "series": [_bars(name, colour, values) for name, colour, values in series],
    }


def _axis(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": list(labels),
        "axisLine": {"lineStyle": {"color": theme.HAIRLINE}},
        "axisTick": {"show": False},
        "axisLabel": {"color": theme.INK_SOFT, "fontSize": 13},
    }


def _bars(name: str, colour: str, values: list[float]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "bar",
        "stack": "next",
        "barMaxWidth": 46,
        "data": [round(it, 3) for it in values],
        "itemStyle": {"color": colour},
        "emphasis": {"disabled": True},
    }


FLOW: Final = Page("/flow", "Flow", build_flow, title_zh="人流走向", icon="flow")
