"""Today against what is usual and against a week ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from edge_core.dashboard import theme
from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.service.history_schema import BucketView, SeriesView
from edge_core.service.history_series import SeriesBuilder
from edge_core.service.views import ServiceState, local_day, utc_from_ns
from edge_core.service.visit_views import visit_counts
from edge_core.service.visits_schema import VisitCountsView

_REFRESH_S: Final = 20.0
_WATCHED_ENOUGH: Final = 0.98
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows.

    Attributes:
        now: by the site's clock.
        today, before: people who came in, hour by hour, today and a week ago.
        days: the last four weeks, day by day.
        visits: of today.
    """

    now: datetime
    today: SeriesView
    before: SeriesView
    days: SeriesView
    visits: VisitCountsView


def build_today(state: ServiceState) -> None:
    """Everything inside the frame."""
    say = viewer().say
    timezone = ZoneInfo(state.site().timezone)
    ui.add_css(PAST_STYLE)
    with ui.element("section").classes("pr-card pr-facts pr-funnel"):
        facts = ui.html(sanitize=False).style("display: contents")
    with ui.element("section").classes("pr-card"):
        _title(say("People who came in, hour by hour", "每小时进店人数"))
        hours = ui.echart({}).style("width: 100%; height: 320px")
    with ui.element("section").classes("pr-card"):
        _title(say("The last four weeks", "最近四周"))
        weeks = ui.echart({}).style("width: 100%; height: 240px")

    async def show() -> None:
        day = await run.io_bound(partial(_asked, state))
        if day is None:  # the service is closing
            return
        facts.set_content(facts_html(day, say))
        for chart, options in (
            (hours, hours_options(day, timezone, say)),
            (weeks, days_options(day.days, timezone, say)),
        ):
            chart.options.clear()
            chart.options.update(options)
            chart.update()

    ui.timer(0, show, once=True)
    ui.timer(_REFRESH_S, show)


def _title(text: str) -> None:
    ui.html(f'<div class="pr-title"><b>{escape(text)}</b></div>', sanitize=False)


def _asked(state: ServiceState) -> Day:
    site, past, now_ns = state.site(), state.past, state.clock.utc_ns()
    today: date = local_day(site, now_ns)
    series = SeriesBuilder(past.history, site, past.watches, now_ns)
    return Day(
        utc_from_ns(now_ns).astimezone(ZoneInfo(site.timezone)),
        series.hours("entered", "", today, today, usual=True),
        series.hours("entered", "", today - _WEEK, today - _WEEK, usual=False),
        series.days("entered", "", today - 4 * _WEEK, today),
        visit_counts(state.ledger, site, today),
    )


def until_hour(series: SeriesView, clock: int, timezone: tzinfo) -> float | None:
    """Sum over the hours that begin before an hour of the day; None where nothing was watched."""
    values = [
        bucket.value
        for bucket in series.buckets
        if bucket.start.astimezone(timezone).hour < clock and bucket.value is not None
    ]
    return sum(values) if values else None


def facts_html(day: Day, say: Say) -> str:
    """Whole hours are compared: half of one would always look bad."""
    clock, timezone = day.now.hour, day.now.tzinfo
    assert timezone is not None
    so_far, before = (until_hour(it, clock, timezone) for it in (day.today, day.before))
    usual = [
        bucket.expected
        for bucket in day.today.buckets
        if bucket.start.astimezone(timezone).hour < clock and bucket.expected is not None
    ]
    until = f"{clock:02d}:00"
    unique = day.visits.unique
    people = unique.estimate if unique.estimate is not None else unique.uncorrected
    told = (
        say("Different people, corrected", "不同访客（已校正）")
        if unique.estimate is not None
        else say("Different people, uncorrected", "不同访客（未校正）")
    )
    stay = day.visits.median_s
    return "".join(
        (
            _fact(say("Came in today", "今日进店"), _number(day.today.total), "", first=True),
            _fact(
                say(f"A week ago until {until}", f"一周前至 {until}"),
                _number(before),
                _change(so_far, before, say),
            ),
            _fact(
                say(f"Usual until {until}", f"通常至 {until}"),
                _number(sum(usual) if usual else None),
                _change(so_far, sum(usual) if usual else None, say)
                or say("known after three weeks", "三周后可知"),
            ),
            _fact(told, _number(people), _interval(unique.low, unique.high)),
            _fact(
                say("Visits last, half of them longer", "访问时长中位数"),
                "–" if stay is None else f"{stay / 60:.0f} min",
                "",
            ),
        )
    )


def _fact(text: str, figure: str, told: str, *, first: bool = False) -> str:
    return (
        f'<div class="pr-fact{" first" if first else ""}"><span>{text}</span>'
        f'<div class="figure">{figure}</div><span>{told}</span></div>'
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _change(now: float | None, before: float | None, say: Say) -> str:
    if now is None or not before:
        return ""
    return say(f"now {now / before - 1:+.0%}", f"现在 {now / before - 1:+.0%}")


def _interval(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else f"{low:,} – {high:,}"


def hours_options(day: Day, timezone: tzinfo, say: Say) -> dict[str, Any]:
    """Bars of today over the band of what is usual, and a week ago as a line."""
    buckets = day.today.buckets
    labels = [it.start.astimezone(timezone).strftime("%H:%M") for it in buckets]
    passed = [it.start <= day.now for it in buckets]
    low = [it.low for it in buckets]
    wide = [
        None if it.low is None or it.high is None else round(it.high - it.low, 2) for it in buckets
    ]
    usual = say("usual, nine days of ten", "通常范围（九成日子）")
    return {
        **_ground(labels),
        "legend": {
            "type": "scroll",
            "pageIconColor": theme.ACCENT,
            "pageTextStyle": {"color": theme.INK_SOFT},
            "top": 0,
            "left": 0,
            "data": [
                say("today", "今天"),
                say("a week ago", "一周前"),
                usual,
                say("not watched", "未观测"),
            ],
            "textStyle": {"color": theme.INK_SOFT, "fontSize": 13},
        },
        "series": [
            {
                "name": "low",
                "type": "line",
                "stack": "usual",
                "data": low,
                "lineStyle": {"opacity": 0},
                "symbol": "none",
                "silent": True,
                "tooltip": {"show": False},
            },
            {
                "name": usual,
                "type": "line",
                "stack": "usual",
                "data": wide,
                "lineStyle": {"opacity": 0},
                "symbol": "none",
                "itemStyle": {"color": theme.PLAN_WALL},
                "areaStyle": {"color": theme.PLAN_WALL, "opacity": 0.3},
                "tooltip": {"show": False},
            },
            _bar(say("today", "今天"), [it.value for it in buckets], theme.ACCENT, 26),
            {
                "name": say("a week ago", "一周前"),
                "type": "line",
                "data": [it.value for it in day.before.buckets],
                "symbol": "circle",
                "symbolSize": 5,
                "lineStyle": {"color": theme.INK_SOFT, "width": 1.5, "type": "dashed"},
                "itemStyle": {"color": theme.INK_SOFT},
            },
            unwatched(say("not watched", "未观测"), buckets, passed),
        ],
    }


def days_options(days: SeriesView, timezone: tzinfo, say: Say) -> dict[str, Any]:
    """A bar a day; a day that was watched in part is told so."""
    labels = [it.start.astimezone(timezone).strftime("%d.%m.") for it in days.buckets]
    ground = _ground(labels)
    ground["grid"]["top"] = 16
    return {
        **ground,
        "series": [
            _bar(say("came in", "进店"), [it.value for it in days.buckets], theme.ACCENT, 18),
            unwatched(say("not watched", "未观测"), days.buckets, [True] * len(labels)),
        ],
    }


def unwatched(name: str, buckets: Sequence[BucketView], passed: Sequence[bool]) -> dict[str, Any]:
    """A hatched band over the full height where cameras were blind: a gap is never a zero."""
    return {
        "name": name,
        "type": "bar",
        "yAxisIndex": 1,
        "xAxisIndex": 1,
        "barWidth": "84%",
        "z": 1,
        "data": [
            {"value": 1, "itemStyle": {"opacity": round(0.35 + 0.65 * (1 - it.observed), 3)}}
            if over and it.observed < _WATCHED_ENOUGH
            else None
            for it, over in zip(buckets, passed, strict=True)
        ],
        "itemStyle": {
            "color": "rgba(111,123,141,0.10)",
            "borderRadius": 4,
            "decal": {
                "symbol": "rect",
                "color": "rgba(169,178,192,0.34)",
                "dashArrayX": [1, 0],
                "dashArrayY": [2, 6],
                "rotation": -0.785,
            },
        },
        "tooltip": {"show": False},
        "emphasis": {"disabled": True},
    }


def _ground(labels: list[str]) -> dict[str, Any]:
    line = {"lineStyle": {"color": theme.HAIRLINE}}
    return {
        "animationDuration": 250,
        "aria": {"enabled": True, "decal": {"show": True}},
        "grid": {"left": 48, "right": 8, "top": 44, "bottom": 26},
        "textStyle": {"fontFamily": theme.FONTS},
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "none"},
            "backgroundColor": theme.GROUND,
            "borderColor": theme.HAIRLINE,
            "textStyle": {"color": theme.INK},
        },
        "xAxis": [
            {
                "type": "category",
                "data": labels,
                "axisLine": line,
                "axisTick": {"show": False},
                "axisLabel": {"color": theme.INK_SOFT, "fontSize": 13},
            },
            {"type": "category", "data": labels, "show": False},
        ],
        "yAxis": [
            {
                "type": "value",
                "minInterval": 1,
                "splitNumber": 3,
                "splitLine": line,
                "axisLabel": {"color": theme.INK_SOFT, "fontSize": 13},
            },
            {"type": "value", "min": 0, "max": 1, "show": False},
        ],
    }


def _bar(name: str, values: list[float | None], colour: str, wide: int) -> dict[str, Any]:
    return {
        "name": name,
        "type": "bar",
        "data": values,
        "barMaxWidth": wide,
        "z": 3,
        "itemStyle": {"color": colour, "borderRadius": [4, 4, 0, 0], "decal": {"symbol": "none"}},
        "emphasis": {"disabled": True},
    }


TODAY: Final = Page("/today", "Today", build_today, title_zh="今日", icon="today")
