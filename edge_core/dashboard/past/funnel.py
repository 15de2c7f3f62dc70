"""From passing by to buying; how long people stay; what the windows do."""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Final

from nicegui import run, ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.choice import Days, choice, places
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.service.history_goods import funnel_view, windows_view
from edge_core.service.history_schema import (
    DwellView,
    FunnelView,
    QuantileView,
    ShareView,
    StepView,
    WindowsView,
    ZoneDwellView,
)
from edge_core.service.history_views import dwell_view
from edge_core.service.views import ServiceState

_STEPS: Final = {
    "pass": ("Pass", "路过"),
    "stop": ("Stop", "驻足"),
    "touch": ("Touch", "触摸"),
    "visit": ("Visit", "进入"),
    "pick": ("Pick up", "拿起"),
    "try": ("Try on", "试穿"),
    "buy": ("Buy", "购买"),
}
_UNITS: Final = {
    "stays": ("stays", "次停留"),
    "people": ("people", "人"),
    "garments": ("garments", "件"),
}
_WIDE: Final = 0.12
"""Bars at least so wide, as a share, hold their number."""
_PLACES: Final = ("store", "department", "window", "till", "corridor", "entrance")


def build_funnel(state: ServiceState) -> None:
    """Everything inside the frame."""
    say, site, past = viewer().say, state.site(), state.past
    ui.add_css(PAST_STYLE)
    names = places(state, say)

    async def show() -> None:
        span = days.span()
        found = await run.io_bound(partial(funnel_view, past, site, place.value, span))
        windows = await run.io_bound(partial(windows_view, past, site, span))
        stays = await run.io_bound(partial(dwell_view, past.history, site, span))
        if found is None or windows is None or stays is None:  # the service is closing
            return
        steps.set_content(funnel_html(found, say))
        captured.set_content(windows_html(windows, names, say))
        lengths.set_content(dwell_html(stays, names, say))

    with ui.element("div").classes("pr-bar-top"):
        days = Days(state, say, show, "week")
        of = {"": names[""], **places(state, say, *_PLACES)}
        place = choice(of, "", say("Place", "地点"), show)
    with ui.element("section").classes("pr-card"):
        _title(say("From passing by to buying", "从路过到购买"))
        steps = ui.html(sanitize=False)
    with ui.element("section").classes("pr-card pr-scroll"):
        _title(say("How long people stay", "停留时间"))
        lengths = ui.html(sanitize=False)
    with ui.element("section").classes("pr-card pr-scroll") as shop_windows:
        _title(say("Shop windows", "橱窗"))
        captured = ui.html(sanitize=False)
    shop_windows.set_visibility(any(zone.kind == "window" for zone in site.zones))
    ui.timer(0, show, once=True)
    ui.timer(60, show)


def _title(text: str) -> None:
    ui.html(f'<div class="pr-title"><b>{escape(text)}</b></div>', sanitize=False)


def funnel_html(funnel: FunnelView, say: Say) -> str:
    """One bar a step; people and garments have a scale each, for they are not the same thing."""
    most: dict[str, int] = {}
    for step in funnel.steps:
        kind = _kind(step)
        most[kind] = max(most.get(kind, 1), step.count or 0)
    lines = "".join(_step(step, most[_kind(step)], say) for step in funnel.steps)
    note = say(
        "Steps of garments count every time one is handled, by anybody; their bars have a scale"
        " of their own. In brackets: where the true rate lies with 95 % certainty.",
        "商品类步骤按每次操作计数，不区分顾客；其条形使用单独的比例尺。括号内为 95 % 置信区间。",
    )
    return f'<div class="pr-steps-down">{lines}</div><p class="pr-note">{note}</p>'


def _kind(step: StepView) -> str:
    return "garments" if step.unit == "garments" else "people"


def _step(step: StepView, most: int, say: Say) -> str:
    name, unit = say(*_STEPS[step.step]), say(*_UNITS[step.unit])
    if step.count is None:
        track = f"<b>{say('not known, or too few to tell', '未知或人数太少')}</b>"
    else:
        share = max(0, step.count) / most
        on = 'class="on"' if share > _WIDE else f'style="left: calc({share:.1%} + 12px)"'
        track = f'<i style="width:{share:.1%}"></i><b {on}>{step.count:,}</b>'
    rate = "" if step.rate is None or step.of is None else _rate(step.rate, step.of, say)
    return (
        f'<div class="pr-stepline {_kind(step)}" title="{escape(step.meaning)}">'
        f'<div class="name"><b>{name}</b><span>{unit}</span></div>'
        f'<div class="track">{track}</div><div class="rate">{rate}</div></div>'
    )


def _rate(rate: ShareView, of: str, say: Say) -> str:
    if rate.share > 1:  # not a part of it, where cameras do not see the whole of it
        return ""
    told = say(f"of “{_STEPS[of][0]}”", f"占“{_STEPS[of][1]}”")
    return f"<b>{rate.share:.0%}</b> {told}<br>{_between(rate)}"


def _between(rate: ShareView) -> str:
    if rate.low is None or rate.high is None:
        return ""
    return f"({rate.low:.0%} – {rate.high:.0%})"


def dwell_html(dwell: DwellView, names: Mapping[str, str], say: Say) -> str:
    """Half of the stays are longer than the median; stays that were cut count as longer."""
    told = [it for it in dwell.zones if it.stays or it.hidden_days]
    if not told:
        return f'<div class="pr-none">{say("No stays in that time.", "该时段没有停留。")}</div>'
    told.sort(key=lambda it: -(it.stays or 0))
    heads = (
        say("Zone", "区域"), say("Stays", "停留次数"), say("Median", "中位数"),
        say("Longest tenth, from", "最长十分之一"), say("Stand for over 5 s", "驻足超过 5 秒"),
        say("Cut short", "未看全"),
    )  # fmt: skip
    head = "".join(f"<th>{it}</th>" for it in heads)
    body = "".join(_stay(it, names.get(it.zone, it.zone), say) for it in told)
    return f'<table class="pr-told"><tr>{head}</tr>{body}</table>'


def _stay(zone: ZoneDwellView, name: str, say: Say) -> str:
    few = say("few", "少")
    engaged = "–" if zone.engaged is None else f"{zone.engaged.share:.0%}"
    cut = "–" if zone.cut is None else f"{zone.cut:.0%}"
    stays = few if zone.stays is None else f"{zone.stays:,}"
    return (
        f"<tr><td>{escape(name)}</td><td>{stays}</td><td>{_length(zone.median)}</td>"
        f"<td>{_length(zone.p90)}</td><td>{engaged}</td><td>{cut}</td></tr>"
    )


def _length(found: QuantileView | None) -> str:
    if found is None or found.seconds is None:
        return "–"
    told = _time(found.seconds)
    if found.low is not None and found.high is not None:
        told += f"<small>{_time(found.low)} – {_time(found.high)}</small>"
    return told


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds // 60:.0f}:{seconds % 60:02.0f} min"


def windows_html(windows: WindowsView, names: Mapping[str, str], say: Say) -> str:
    """Of those who pass a window, how many stop, and how many come in."""
    if not windows.windows:
        return ""
    heads = (say("Window", "橱窗"), say("Passed", "路过"), say("Stopped", "驻足"),
             say("Came in within a minute", "一分钟内进店"))  # fmt: skip
    head = "".join(f"<th>{it}</th>" for it in heads)
    few: Callable[[int | None], str] = lambda it: "–" if it is None else f"{it:,}"  # noqa: E731
    body = "".join(
        f"<tr><td>{escape(names.get(it.zone, it.zone))}</td><td>{few(it.passed)}</td>"
        f"<td>{few(it.stopped)}{_share(it.stop_rate)}</td>"
        f"<td>{few(it.entered)}{_share(it.capture_rate)}</td></tr>"
        for it in windows.windows
    )
    return f'<table class="pr-told"><tr>{head}</tr>{body}</table>'


def _share(rate: ShareView | None) -> str:
    return "" if rate is None else f"<small>{rate.share:.0%} {_between(rate)}</small>"


FUNNEL: Final = Page("/funnel", "Funnel", build_funnel, title_zh="转化漏斗", icon="funnel")
