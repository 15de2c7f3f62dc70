"""The heatmap: where people stand or walk, by hour, and against other days."""

from base64 import b64encode
from datetime import timedelta
from functools import partial
from typing import Final, Literal, cast

import cv2
import numpy as np
from nicegui import run, ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.choice import Days, choice
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.dashboard.plan import floor_svg
from edge_core.service.history_schema import HeatDifferenceView, HeatKind, HeatView
from edge_core.service.history_views import Span, heat_difference, heat_view
from edge_core.service.past import Past
from edge_core.service.site_schema import FloorView, SiteView
from edge_core.service.views import ServiceState
from edge_core.types import Float64Array, ImageArray

Against = Literal["", "before", "week"]
_WARM: Final = ((46, 38, 42, 130), (104, 58, 40, 170), (214, 116, 52, 215), (255, 196, 112, 240),
                (255, 248, 226, 255))  # fmt: skip
_CHANGE: Final = ((86, 160, 214, 255), (40, 84, 128, 190), (20, 26, 36, 0), (150, 78, 40, 190),
                  (255, 179, 92, 255))  # fmt: skip
"""Colours RGBA from little to much, and from less to more."""
_TIMES: Final = {
    (0, 24): ("All day", "全天"),
    (6, 12): ("Until 12:00", "12:00 前"),
    (12, 15): ("12:00 to 15:00", "12:00 至 15:00"),
    (15, 18): ("15:00 to 18:00", "15:00 至 18:00"),
    (18, 24): ("From 18:00", "18:00 后"),
}
_SMOOTH: Final = 6
"""Picture elements a cell and side: the density is smooth, and so is its picture."""


def build_heat(state: ServiceState) -> None:
    """Everything inside the frame."""
    say, site = viewer().say, state.site()
    ui.add_css(PAST_STYLE)
    if not state.past.plans.grids:
        text = say("A heatmap needs a floor plan and a calibrated camera: see Set-up.",
                   "热力图需要楼层平面图和已校准的摄像头：请见“设置”。")  # fmt: skip
        ui.html(f'<div class="pr-card pr-none">{text}</div>', sanitize=False)
        return
    floors = {floor.id: floor for floor in site.floors if floor.id in state.past.plans.grids}

    async def show() -> None:
        floor = floors[where.value]
        question = partial(
            _asked, state.past, floor.id, kind.value, days.span(), times.value, against.value,
            state.past.history.time.day(state.clock.utc_ns()),
        )  # fmt: skip
        found = await run.io_bound(question)
        if found is not None:
            card.set_content(heat_html(site, floor, found, say))

    with ui.element("div").classes("pr-bar-top"):
        days = Days(state, say, show, "week")
        kinds = {
            "dwell": say("Where people stand", "停留"),
            "paths": say("Where they walk", "行走"),
        }
        kind = choice(kinds, "dwell", say("Shown", "显示"), show)
        hours = {clocks: say(*names) for clocks, names in _TIMES.items()}
        times = choice(hours, (0, 24), say("Time of day", "时段"), show)
        names = {
            "": say("Nothing", "不比较"),
            "before": say("The days before", "之前同样天数"),
            "week": say("A week earlier", "一周前"),
        }
        against = choice(names, "", say("Against", "对比"), show)
        titles = {it.id: say(it.name, it.name_zh) for it in floors.values()}
        where = choice(titles, next(iter(floors)), say("Floor", "楼层"), show)
        where.set_visibility(len(floors) > 1)
    with ui.element("section").classes("pr-card pr-heat"):
        card = ui.html(sanitize=False).style("display: contents")
    ui.timer(0, show, once=True)
    ui.timer(60, show)


def _asked(
    past: Past, floor: str, kind: str, span: Span, clocks: tuple[int, int], against: Against,
    today: int,
) -> HeatView | HeatDifferenceView:  # fmt: skip
    shown = cast(HeatKind, kind)
    now = heat_view(past, floor, shown, span, clocks)
    if not against:
        return now
    days = (span.last - span.first).days + 1 if against == "before" else 7
    ago = timedelta(days=days)
    earlier = Span(span.first - ago, span.last - ago, today)
    return heat_difference(heat_view(past, floor, shown, earlier, clocks), now)


def heat_html(
    site: SiteView, floor: FloorView, found: HeatView | HeatDifferenceView, say: Say
) -> str:
    """The plan with the heat over it, its scale, and what it rests on."""
    if isinstance(found, HeatDifferenceView):
        view, values, most = found.after, found.difference, found.p99
        colours, ends = _CHANGE, (say("less than before", "比之前少"), say("more", "更多"))
        low = -(most or 0)
    else:
        view, values, most = found, found.density, found.p99
        colours, low = _WARM, 0.0
        ends = (say("little", "少"), say("much", "多"))
    if not most:
        told = say("Nothing was seen on this floor in that time.", "该时段内此楼层没有观测数据。")
        return f'<div class="pr-none">{told}</div>'
    grid = np.array(values, np.float64).reshape(view.rows, view.columns)
    data = b64encode(heat_png(grid, low, most, colours)).decode()
    image = (
        f'<image href="data:image/png;base64,{data}" x="{view.left_m}" y="{view.top_m}"'
        f' width="{view.columns * view.cell_m:.3f}" height="{view.rows * view.cell_m:.3f}"'
        ' preserveAspectRatio="none"/>'
    )
    plan = floor_svg(site, floor, say, ("heat", "热力")).replace('<g class="people"></g>', "")
    above = plan.index('<text class="label"') if '<text class="label"' in plan else -6
    plan = f"{plan[:above]}{image}{plan[above:]}"
    return f'<div class="over">{plan}</div>{_scale(view, most, colours, ends, say)}'


def _scale(
    view: HeatView,
    most: float,
    colours: tuple[tuple[int, int, int, int], ...],
    ends: tuple[str, str],
    say: Say,
) -> str:
    stops = ", ".join(f"rgb({r} {g} {b})" for r, g, b, _ in colours)
    unit = {
        "dwell": say("person-seconds a square metre and hour", "人·秒/平方米·小时"),
        "paths": say("metres walked a square metre and hour", "行走米数/平方米·小时"),
    }[view.kind]
    seen = say(
        f"Cameras see {view.seen_share:.0%} of the floor; watched for {view.hours:,.1f} hours.",
        f"摄像头覆盖 {view.seen_share:.0%} 的楼面；共观测 {view.hours:,.1f} 小时。",
    )
    return (
        f'<div class="pr-scale"><span>{ends[0]}</span>'
        f'<i style="background: linear-gradient(90deg, {stops})"></i>'
        f"<span>{ends[1]}: {most:,.3g} {unit}</span>"
        f"<span>{seen}</span></div>"
    )


def heat_png(
    grid: Float64Array, low: float, high: float, colours: tuple[tuple[int, int, int, int], ...]
) -> bytes:
    """A picture of a density; see-through where nothing is known.

    Args:
        grid: float64 (rows, columns); NaN is unknown.
        low: value of the first colour.
        high: value of the last colour.
        colours: RGBA, evenly from `low` to `high`.
    """
    known = np.isfinite(grid)
    size = (grid.shape[1] * _SMOOTH, grid.shape[0] * _SMOOTH)
    # Interpolated with the unknown left out, so that edges do not fade into it.
    weight = cv2.resize(known.astype(np.float64), size, interpolation=cv2.INTER_LINEAR)
    filled = cv2.resize(np.where(known, grid, 0.0), size, interpolation=cv2.INTER_LINEAR)
    values = filled / np.maximum(weight, 1e-9)
    place = np.clip((values - low) / (high - low), 0, 1) * (len(colours) - 1)
    table = np.array(colours, np.float64)
    rgba = np.stack(
        [np.interp(place, np.arange(len(colours)), table[:, part]) for part in range(4)], axis=2
    )
    rgba[..., 3] *= weight > 0.5
    bgra: ImageArray = rgba[..., [2, 1, 0, 3]].round().astype(np.uint8)
    done, png = cv2.imencode(".png", bgra)
    assert done
    return bytes(png)


HEATMAP: Final = Page("/heatmap", "Heatmap", build_heat, title_zh="热力图", icon="heatmap")
