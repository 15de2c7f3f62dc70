"""The first page: the live plan and, for operators, today's figures and the last hours."""

from collections.abc import Mapping
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from edge_core.dashboard.access.accounts import Role
from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import STATUS_S, Page
from edge_core.dashboard.hours import Hour, by_hour, chart_options, last_hours
from edge_core.dashboard.language import Say
from edge_core.dashboard.plan import PEOPLE_SCRIPT, floor_svg, people_call
from edge_core.service.views import (
    ServiceState,
    count_buckets,
    counts_today,
    ns_from_utc,
    utc_from_ns,
)
from edge_core.service.visits_schema import CountsToday

LIVE_S: Final = 0.25
HOURS_S: Final = 15.0
_ZONES: Final = 8
_KEY: Final = (
    ("entered", "came in", "进店"),
    ("left", "went out", "离店"),
    ("gap", "not watched", "未观测"),
)


def build_overview(state: ServiceState) -> None:
    """Everything inside the frame."""
    manages, say = viewer().may(Role.OPERATOR), viewer().say
    with ui.element("div").classes("pr-grid" if manages else "pr-grid only"):
        _plan(state, say)
        if manages:
            _today(state, say)
            _hours(state, say)


def _plan(state: ServiceState, say: Say) -> None:
    site = state.site()
    ui.add_head_html(f"<script>{PEOPLE_SCRIPT}</script>")
    with ui.element("section").classes("pr-card pr-plan"):
        in_view = _title(say("Right now", "此刻"))
        with ui.element("div").classes("pr-floors"):
            watched = {camera.floor for camera in site.cameras}
            for floor in site.floors:
                if floor.id in watched or not watched & {it.id for it in site.floors}:
                    ui.html(floor_svg(site, floor, say, ("people now", "此刻的人")), sanitize=False)
        if not site.floors:
            ui.label(say("No floor plan is set up.", "尚未设置平面图。")).classes("pr-none")

    def show() -> None:
        live = state.live()
        in_view.set_content(_people(len(live.people), say))
        ui.run_javascript(people_call(live))

    show()
    ui.timer(LIVE_S, show)


def _today(state: ServiceState, say: Say) -> None:
    with ui.element("section").classes("pr-card pr-today pr-facts"):
        entered = _fact(say("Came in today", "今日进店"), first=True)
        inside = _fact(say("Inside now", "当前在店"))
        left = _fact(say("Went out today", "今日离店"))
        in_view = _fact(say("In view now", "当前可见"))
        with ui.element("div").classes("pr-watched"):
            ui.label(say("Time watched, last 12 hours", "最近 12 小时的观测时间"))
            watched = ui.html(sanitize=False)
        with ui.element("div").classes("pr-where"):
            _title(say("Where people are", "人们在哪里"))
            where = ui.html(sanitize=False)
    names = {it.id: say(it.name, it.name_zh) for it in state.site().zones}

    async def refresh() -> None:
        live = state.live()
        people = len(live.people)
        where.set_content(where_html(live.by_zone, names, say))
        today = await run.io_bound(_counts, state, people)
        hours = await run.io_bound(_last_hours, state)
        if today is None or hours is None:  # the service is closing
            return
        for label, number in (
            (entered, today.entered),
            (inside, today.inside),
            (left, today.left),
            (in_view, people),
        ):
            label.set_text(f"{number:,}")
        share = sum(hour.available for hour in hours) / len(hours) if hours else 0.0
        watched.set_content(f"<b>{share:.0%}</b>")

    ui.timer(STATUS_S, refresh)


def where_html(by_zone: Mapping[str, int], names: Mapping[str, str], say: Say) -> str:
    """The fullest zones now, each with a bar relative to the fullest."""
    fullest = sorted(((n, names[zone]) for zone, n in by_zone.items() if n), reverse=True)[:_ZONES]
    if not fullest:
        return f'<div class="pr-none">{say("Nobody is in view.", "画面中没有人。")}</div>'
    most = fullest[0][0]
    return "".join(
        f'<div class="pr-zone"><span>{escape(name)}</span><b>{count}</b>'
        f'<i style="width:{count / most:.0%}"></i></div>'
        for count, name in fullest
    )


def _hours(state: ServiceState, say: Say) -> None:
    timezone = ZoneInfo(state.site().timezone)
    with ui.element("section").classes("pr-card pr-hours"):
        key = (
            f'<span class="pr-key"><i class="{name}"></i>{say(english, chinese)}</span>'
            for name, english, chinese in _KEY
        )
        _title(say("The last hours", "最近几小时"), " &ensp; ".join(key))
        chart = ui.echart(chart_options([], timezone, say)).style("height: 210px; width: 100%")

    async def refresh() -> None:
        hours = await run.io_bound(_last_hours, state)
        if hours is not None:
            chart.options.update(chart_options(hours, timezone, say))
            chart.update()

    ui.timer(HOURS_S, refresh)


def _counts(state: ServiceState, people: int) -> CountsToday:
    return counts_today(state.ledger, state.site(), people, state.clock.utc_ns())


def _last_hours(state: ServiceState) -> list[Hour]:
    """The last hours at the site's entrances."""
    site, now_ns = state.site(), state.clock.utc_ns()
    entrances = site.model_copy(update={"lines": [line for line in site.lines if line.entrance]})
    start, end = last_hours(utc_from_ns(now_ns), ZoneInfo(site.timezone))
    return by_hour(
        count_buckets(state.ledger, entrances, ns_from_utc(start), ns_from_utc(end), 3600, now_ns)
    )


def _title(text: str, told: str = "") -> ui.html:
    """A card's title; returns what stands beside it, in HTML."""
    with ui.element("div").classes("pr-title"):
        ui.html(escape(text), sanitize=False, tag="b")
        return ui.html(told, sanitize=False)


def _fact(text: str, *, first: bool = False) -> ui.label:
    with ui.element("div").classes("pr-fact first" if first else "pr-fact"):
        ui.html(f"<span>{text}</span>", sanitize=False)
        return ui.label("–").classes("figure")


def _people(count: int, say: Say) -> str:
    if count == 0:
        return say("nobody in view", "画面中没有人")
    return say("1 person" if count == 1 else f"{count} people", f"{count} 人")


LIVE: Final = Page("/", "Live", build_overview, title_zh="实况", icon="live", role=Role.STAFF)
