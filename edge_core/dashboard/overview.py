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
from edge_core.dashboard.plan import PEOPLE_SCRIPT, floor_svg, people_call
from edge_core.service.schema import CountsToday
from edge_core.service.views import (
    ServiceState,
    count_buckets,
    counts_today,
    ns_from_utc,
    utc_from_ns,
)

LIVE_S: Final = 0.25
HOURS_S: Final = 15.0
_ZONES: Final = 8
_KEY: Final = " &ensp; ".join(
    f'<span class="pr-key"><i class="{name}"></i>{text}</span>'
    for name, text in (("entered", "came in"), ("left", "went out"), ("gap", "not watched"))
)


def build_overview(state: ServiceState) -> None:
    """Everything inside the frame."""
    manages = viewer().may(Role.OPERATOR)
    with ui.element("div").classes("pr-grid" if manages else "pr-grid only"):
        _plan(state)
        if manages:
            _today(state)
            _hours(state)


def _plan(state: ServiceState) -> None:
    site = state.site()
    ui.add_head_html(f"<script>{PEOPLE_SCRIPT}</script>")
    with ui.element("section").classes("pr-card pr-plan"):
        in_view = _title("Right now")
        with ui.element("div").classes("pr-floors"):
            for floor in site.floors:
                ui.html(floor_svg(site, floor), sanitize=False)
        if not site.floors:
            ui.label("No floor plan is set up.").classes("pr-none")

    def show() -> None:
        live = state.live()
        in_view.set_content(_people(len(live.people)))
        ui.run_javascript(people_call(live))

    show()
    ui.timer(LIVE_S, show)


def _today(state: ServiceState) -> None:
    with ui.element("section").classes("pr-card pr-today pr-facts"):
        entered = _fact("Came in today", first=True)
        inside = _fact("Inside now")
        left = _fact("Went out today")
        in_view = _fact("In view now")
        with ui.element("div").classes("pr-watched"):
            ui.label("Time watched, last 12 hours")
            watched = ui.html(sanitize=False)
        with ui.element("div").classes("pr-where"):
            _title("Where people are")
            where = ui.html(sanitize=False)
    names = {zone.id: zone.name for zone in state.site().zones}

    async def refresh() -> None:
        live = state.live()
        people = len(live.people)
        where.set_content(where_html(live.by_zone, names))
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


def where_html(by_zone: Mapping[str, int], names: Mapping[str, str]) -> str:
    """The fullest zones now, each with a bar relative to the fullest."""
    fullest = sorted(((n, names[zone]) for zone, n in by_zone.items() if n), reverse=True)[:_ZONES]
    if not fullest:
        return '<div class="pr-none">Nobody is in view.</div>'
    most = fullest[0][0]
    return "".join(
        f'<div class="pr-zone"><span>{escape(name)}</span><b>{count}</b>'
        f'<i style="width:{count / most:.0%}"></i></div>'
        for count, name in fullest
    )


def _hours(state: ServiceState) -> None:
    timezone = ZoneInfo(state.site().timezone)
    with ui.element("section").classes("pr-card pr-hours"):
        _title("The last hours", _KEY)
        chart = ui.echart(chart_options([], timezone)).style("height: 210px; width: 100%")

    async def refresh() -> None:
        hours = await run.io_bound(_last_hours, state)
        if hours is not None:
            chart.options.update(chart_options(hours, timezone))
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


def _people(count: int) -> str:
    return "nobody in view" if count == 0 else "1 person" if count == 1 else f"{count} people"


LIVE: Final = Page("/", "Live", build_overview, title_zh="实况", icon="live", role=Role.STAFF)
