"""A day of the site on one page, to be hung up in the back office."""

from datetime import date
from typing import Final

from edge_core.dashboard.exports.day import Day
from edge_core.dashboard.exports.paper import (
    ACCENT,
    DARK,
    FAINT,
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    ON_DARK,
    PALE,
    SECOND,
    SOFT,
    WIDTH,
    Paper,
    ticks,
    width_of,
)
from edge_core.dashboard.hours import Hour
from edge_core.dashboard.language import Say
from edge_core.service.site_schema import SiteView

_INNER: Final = WIDTH - 2 * MARGIN
_HEAD: Final = 112.0
_ROWS: Final = 8
_DAYS: Final = (
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期日"),
)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def daily_report(site: SiteView, day: Day, say: Say) -> bytes:
    """The PDF of a day.

    Args:
        site: whose.
        day: its figures.
        say: its language.
    """
    name = say(site.name, site.name_zh)
    paper = Paper(f"{name} · {day.day.isoformat()}", name)
    _head(paper, name, day, say)
    _figures(paper, HEIGHT - _HEAD - 104, day, say)
    _chart(paper, HEIGHT - _HEAD - 322, 172, day, say)
    half = (_INNER - 26) / 2
    top = HEIGHT - _HEAD - 366
    _zones(paper, MARGIN, top, half, day, say)
    _items(paper, MARGIN + half + 26, top, half, day, say)
    _watched(paper, 104, day, say)
    _foot(paper, site, say)
    return paper.done()


def date_told(day: date, say: Say) -> str:
    """A date as people write it."""
    english = f"{_DAYS[day.weekday()][0]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return say(english, f"{day.year}年{day.month}月{day.day}日 {_DAYS[day.weekday()][1]}")


def _head(paper: Paper, name: str, day: Day, say: Say) -> None:
    paper.box(0, HEIGHT - _HEAD, WIDTH, _HEAD, colour=DARK)
    paper.box(0, HEIGHT - _HEAD - 3, WIDTH, 3, colour=ACCENT)
    paper.text(
        MARGIN, HEIGHT - 62, name, size=27, weight="light", colour=ON_DARK, width=_INNER - 120
    )
    told = date_told(day.day, say)
    if day.until is not None:
        told += say(f", until {day.until:%H:%M}", f"，截至 {day.until:%H:%M}")
    paper.text(MARGIN, HEIGHT - 86, told, size=12.5, colour="#c9cfd8")
    paper.text(
        WIDTH - MARGIN,
        HEIGHT - 60,
        say("Daily report", "日报"),
        size=12.5,
        weight="medium",
        side="right",
        colour="#ffb35c",
    )


def _figures(paper: Paper, y: float, day: Day, say: Say) -> None:
    unknown = "–"
    busiest, told_busiest = unknown, ""
    if day.busiest is not None and day.busiest.entered:
        busiest = f"{day.busiest.start.astimezone(day.timezone):%H:%M}"
        told_busiest = say(f"{day.busiest.entered:,} came in", f"{day.busiest.entered:,} 人进入")
    tiles = (
        (say("Came in", "进入"), _number(day.entered), _compared(day, say), ACCENT),
        (say("Went out", "离开"), _number(day.left), "", INK),
        (say("Busiest hour", "最繁忙时段"), busiest, told_busiest, INK),
        (
            say("Time watched", "有效观测时间"),
            f"{day.watched:.0%}",
            say("of the opening hours", "占营业时间"),
            INK,
        ),
    )
    width = (_INNER - 3 * 12) / 4
    for index, (title, figure, about, colour) in enumerate(tiles):
        x = MARGIN + index * (width + 12)
        paper.box(x, y, width, 82, colour=PALE, round_by=9)
        paper.text(x + 14, y + 62, title, size=9.5, colour=SOFT)
        paper.text(x + 14, y + 28, figure, size=29, weight="light", colour=colour)
        paper.text(x + 14, y + 12, about, size=8.5, colour=SOFT, width=width - 22)


def _compared(day: Day, say: Say) -> str:
    if day.before is None or day.entered is None or day.before == 0:
        return ""
    change = day.entered / day.before - 1
    return say(f"{change:+.0%} on last week", f"较上周同日 {change:+.0%}")


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _section(paper: Paper, x: float, y: float, title: str) -> None:
    paper.text(x, y, title, size=12, weight="medium")


def _chart(paper: Paper, y: float, height: float, day: Day, say: Say) -> None:
    _section(paper, MARGIN, y + height + 22, say("Visitors by hour", "每小时客流"))
    _key(paper, y + height + 22, say)
    left, right = MARGIN + 30, WIDTH - MARGIN
    most = max((max(h.entered or 0, h.left or 0) for h in day.hours), default=0)
    marks = ticks(max(most, 1))
    scale = (height - 6) / max(marks[-1], 1)
    for mark in marks:
        paper.line(left, y + mark * scale, right, y + mark * scale)
        paper.text(left - 8, y + mark * scale - 3, f"{mark:,}", size=8, colour=SOFT, side="right")
    if not day.hours:
        told = say("Nothing is known of this day.", "当日无数据。")
        paper.text((left + right) / 2, y + height / 2, told, size=11, colour=SOFT, side="centre")
        return
    slot = (right - left) / len(day.hours)
    for index, hour in enumerate(day.hours):
        _hour(paper, left + index * slot, y, slot, height, scale, hour)
        if len(day.hours) <= 14 or index % 2 == 0:
            label = f"{hour.start.astimezone(day.timezone):%H}"
            paper.text(
                left + (index + 0.5) * slot, y - 13, label, size=8.5, colour=SOFT, side="centre"
            )


def _hour(
    paper: Paper, x: float, y: float, slot: float, height: float, scale: float, hour: Hour
) -> None:
    missing = 1 - hour.available
    if missing > 0.02:
        paper.hatch(x + slot * 0.06, y, slot * 0.88, height - 6, missing)
    if hour.entered is None or hour.left is None:
        return
    bar = min(slot * 0.32, 22)
    middle = x + slot / 2
    paper.box(middle - bar - 1, y, bar, hour.entered * scale, colour=ACCENT, round_by=2)
    paper.box(middle + 1, y, bar, hour.left * scale, colour=SECOND, round_by=2)


def _key(paper: Paper, y: float, say: Say) -> None:
    x = WIDTH - MARGIN
    for text, colour in (
        (say("not watched", "未观测"), ""),
        (say("went out", "离开"), SECOND),
        (say("came in", "进入"), ACCENT),
    ):
        x -= width_of(text, "regular", 8.5)
        paper.text(x, y, text, size=8.5, colour=SOFT)
        x -= 14
        if colour:
            paper.box(x, y - 0.5, 9, 9, colour=colour, round_by=2)
        else:
            paper.hatch(x, y - 0.5, 9, 9, 1.0)
        x -= 14


def _zones(paper: Paper, x: float, y: float, width: float, day: Day, say: Say) -> None:
    _section(paper, x, y, say("Where people stayed", "停留区域"))
    paper.text(
        x + width,
        y,
        say("stays × mean length", "人次 × 平均时长"),
        size=8.5,
        colour=SOFT,
        side="right",
    )
    if not day.zones:
        paper.text(x, y - 24, say("No stays are known.", "暂无停留数据。"), size=9.5, colour=SOFT)
    most = max((zone.stays or 0 for zone in day.zones), default=1) or 1
    for index, zone in enumerate(day.zones[:_ROWS]):
        base = y - 24 - index * 25
        paper.text(x, base, zone.name, size=9.5, width=width - 96)
        if zone.stays is None or zone.mean_s is None:
            told = say("too few to tell", "人数过少")
        else:
            told = f"{zone.stays:,} × {_duration(zone.mean_s, say)}"
            share = max(0.004, zone.stays / most)
            paper.box(x, base - 8, width, 3.2, colour=PALE, round_by=1.6)
            paper.box(x, base - 8, width * share, 3.2, colour=ACCENT, round_by=1.6)
        paper.text(x + width, base, told, size=9.5, colour=SOFT, side="right")


def _duration(seconds: float, say: Say) -> str:
    if seconds < 90:
        return say(f"{seconds:.0f} s", f"{seconds:.0f} 秒")
    return say(f"{seconds / 60:.1f} min", f"{seconds / 60:.1f} 分钟")


def _items(paper: Paper, x: float, y: float, width: float, day: Day, say: Say) -> None:
    _section(paper, x, y, say("Items", "商品互动"))
    columns = (
        ("touched", say("touched", "触摸")),
        ("picked", say("picked", "拿取")),
        ("tried", say("tried", "试穿")),
        ("bought", say("bought", "购买")),
    )
    step = 37.0
    if day.items:
        for place, (_, title) in enumerate(columns):
            at = x + width - (len(columns) - 1 - place) * step
            paper.text(at, y, title, size=8.5, colour=SOFT, side="right")
    else:
        told = say("Nothing was handled or sold.", "当日无商品互动或销售。")
        paper.text(x, y - 24, told, size=9.5, colour=SOFT)
    for index, item in enumerate(day.items[:_ROWS]):
        base = y - 24 - index * 25
        name = say(item.name or item.sku, item.name_zh or item.name or item.sku)
        about = ", ".join(part for part in (item.colour, item.size) if part)
        room = width - len(columns) * step + 4
        paper.text(x, base + (3 if about else 0), name, size=9.5, width=room)
        paper.text(x, base - 7, about, size=7.5, colour=SOFT, width=room)
        for place, (key, _) in enumerate(columns):
            count = getattr(item, key)
            at = x + width - (len(columns) - 1 - place) * step
            colour = (ACCENT if key == "bought" else INK) if count else FAINT
            paper.text(at, base, f"{count:,}", size=9.5, colour=colour, side="right")
        if index:
            paper.line(x, base + 14.5, x + width, base + 14.5)


def _watched(paper: Paper, y: float, day: Day, say: Say) -> None:
    """How much of the opening hours each camera was watched: what the figures stand on."""
    paper.line(MARGIN, y + 32, WIDTH - MARGIN, y + 32, colour=LINE)
    paper.text(
        MARGIN,
        y + 16,
        say("Time each camera was watched", "各摄像机有效观测时间"),
        size=8.5,
        colour=SOFT,
    )
    shown = day.cameras[:8]
    width = _INNER / max(4, len(shown))
    for index, (name, share) in enumerate(shown):
        x = MARGIN + index * width
        paper.text(x, y, name, size=8.5, width=width - 40)
        told = f"{share:.0%}"
        paper.text(x + width - 14, y, told, size=8.5, colour=SOFT, side="right")
        paper.box(x, y - 8, width - 14, 3, colour=PALE, round_by=1.5)
        colour = SECOND if share >= 0.9 else ACCENT
        paper.box(x, y - 8, max(0.0, (width - 14) * share), 3, colour=colour, round_by=1.5)


def _foot(paper: Paper, site: SiteView, say: Say) -> None:
    lines = (
        say(
            "Anonymous counts: no pictures, faces or names are kept. Groups of fewer than"
            f" {site.minimum_group} are not told.",
            f"匿名统计：不保存图像、人脸或姓名；少于 {site.minimum_group} 人的数据不予显示。",
        ),
        say(
            "Hatched hours were not watched: they are no zeros.",
            "斜线时段未观测，并非为零。",
        ),
    )
    for index, line in enumerate(lines):
        paper.text(MARGIN, 44 - 12 * index, line, size=8, colour=SOFT, width=_INNER)
    paper.text(WIDTH - MARGIN, 32, "Promenade", size=8, colour=FAINT, side="right")
