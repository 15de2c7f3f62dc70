"""The bars of the last hours: who came and went, and which hours nobody watched."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from edge_core.dashboard import theme
from edge_core.dashboard.language import Say
from edge_core.service.visits_schema import CountBucket

HOURS: Final = 12
_WATCHED_ENOUGH: Final = 0.98


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the whole site.

    Attributes:
        start: its begin.
        entered, left: crossings, None when nothing was watched: that is not zero.
        available: mean share (0..1) of the hour in which the entrances were watched.
    """

    start: datetime
    entered: int | None
    left: int | None
    available: float


def last_hours(now: datetime, timezone: tzinfo, hours: int = HOURS) -> tuple[datetime, datetime]:
    """Begin of the oldest and end of the running hour, by the site's clock."""
    running = now.astimezone(timezone).replace(minute=0, second=0, microsecond=0)
    return running - timedelta(hours=hours - 1), running + timedelta(hours=1)


def by_hour(buckets: Sequence[CountBucket]) -> list[Hour]:
    """Join the entrances' buckets hour by hour."""
    starts = sorted({bucket.start for bucket in buckets})
    return [_joined(start, [it for it in buckets if it.start == start]) for start in starts]


def _joined(start: datetime, lines: Sequence[CountBucket]) -> Hour:
    watched = [line for line in lines if line.available > 0]
    if not watched:
        return Hour(start, None, None, 0.0)
    return Hour(
        start,
        sum(line.entered for line in watched),
        sum(line.left for line in watched),
        sum(line.available for line in lines) / len(lines),
    )


def chart_options(hours: Sequence[Hour], timezone: tzinfo, say: Say) -> dict[str, Any]:
    """ECharts options; unwatched time is hatched over the full height, more the more it was."""
    unwatched = [
        round(1 - hour.available, 3) if hour.available < _WATCHED_ENOUGH else None for hour in hours
    ]
    entered, left, gap = (
        say("Came in", "进店"),
        say("Went out", "离店"),
        say("Not watched", "未观测"),
    )
    labels = [hour.start.astimezone(timezone).strftime("%H:%M") for hour in hours]
    return {
        "animationDuration": 250,
        "aria": {"enabled": True, "decal": {"show": True}},
        "grid": {"left": 44, "right": 8, "top": 16, "bottom": 26},
        "textStyle": {"fontFamily": theme.FONTS},
        "tooltip": _tooltip(say),
        "xAxis": [
            {
                "type": "category",
                "data": labels,
                "axisLine": {"lineStyle": {"color": theme.HAIRLINE}},
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
                "splitLine": {"lineStyle": {"color": theme.HAIRLINE, "width": 1}},
                "axisLabel": {"color": theme.INK_SOFT, "fontSize": 13},
            },
            {"type": "value", "min": 0, "max": 1, "show": False},
        ],
        "series": [
            _bars(entered, [hour.entered for hour in hours], theme.ACCENT),
            _bars(left, [hour.left for hour in hours], theme.PLAN_WALL),
            _gaps(gap, unwatched),
        ],
    }


def _bars(name: str, values: list[int | None], colour: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "bar",
        "data": values,
        "barWidth": "26%",
        "barGap": "18%",
        "itemStyle": {"color": colour, "borderRadius": [4, 4, 0, 0], "decal": {"symbol": "none"}},
        "emphasis": {"disabled": True},
    }


def _gaps(name: str, unwatched: list[float | None]) -> dict[str, Any]:
    """A full-height band an hour, the fainter the more of the hour was watched.

    It has axes of its own, so that it stands behind the bars and not beside them.
    """
    return {
        "name": name,
        "type": "bar",
        "yAxisIndex": 1,
        "xAxisIndex": 1,
        "barWidth": "84%",
        "z": 1,
        "data": [
            None
            if share is None
            else {
                "value": 1,
                "share": share,
                "itemStyle": {"opacity": round(0.35 + 0.65 * share, 3)},
            }
            for share in unwatched
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
        "emphasis": {"disabled": True},
    }


def _tooltip(say: Say) -> dict[str, Any]:
    words = [say("not known", "未知"), say("% of it not watched", "% 的时间未观测")]
    return {
        "trigger": "axis",
        "axisPointer": {"type": "none"},
        "backgroundColor": theme.GROUND,
        "borderColor": theme.HAIRLINE,
        "textStyle": {"color": theme.INK},
        ":formatter": f"(items) => ({_TOOLTIP})(items, {json.dumps(words)})",
    }


_TOOLTIP: Final = """
(items, [unknown, unwatched]) => {
  const of = (index) => items.find((item) => item.seriesIndex === index);
  const gap = of(2);
  const missing = gap && gap.data && gap.data.share ? gap.data.share : 0;
  const line = (index) => {
    const item = of(index);
    const known = item && item.value !== undefined && item.value !== null && item.value !== "-";
    return item ? `${item.seriesName}: <b>${known ? item.value : unknown}</b>` : "";
  };
  const told = [`${items[0].name}`, line(0), line(1)];
  if (missing > 0) told.push(`${Math.max(1, Math.round(missing * 100))} ${unwatched}`);
  return told.join("<br>");
}
"""
