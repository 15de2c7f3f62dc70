"""What may spoil the walk: doors that close, ways that are shut, a crowd on the way. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from edge_core.config import ClosureConfig
from edge_core.opening import opening
from edge_core.suggest.routes_words import Words, told_minutes

SOON: Final = timedelta(minutes=30)


def hours_warning(
    names: tuple[str, str], opens: time, closes: time, now: datetime, seconds: float
) -> tuple[str, Words] | None:
    """Whether a store is worth the walk: its kind and words; None when it is.

    Args:
        names: English and Chinese name.
        opens: when it opens every day.
        closes: when it closes.
        now: local time of the site.
        seconds: the walk.
    """
    en, zh = names
    now_open, then = opening(now, opens, closes), now + timedelta(seconds=seconds)
    there = opening(then, opens, closes)
    if there.state == "closed":
        at = f"{opens:%H:%M}"
        if now_open.state != "closed":
            return "closes-before", Words(
                f"{en} closes at {closes:%H:%M}, before you get there",
                f"{zh}将在您到达前于 {closes:%H:%M} 打烊",
            )
        return "closed", Words(f"{en} is closed now and opens at {at}", f"{zh}现已打烊，{at} 开门")
    if there.state == "always":
        return None
    last = datetime.combine(then.date(), closes, then.tzinfo)
    left = (last if last > then else last + timedelta(days=1)) - then
    if left > SOON:
        return None
    minutes = max(1, int(left.total_seconds() // 60))
    return "closes-soon", Words(
        f"{en} closes at {closes:%H:%M}, {minutes} min after you get there",
        f"{zh} {closes:%H:%M} 打烊，到达后还有 {minutes} 分钟",
    )


def closed_store_warning(names: tuple[str, str], closure: ClosureConfig) -> tuple[str, Words]:
    """A goal that is closed for a reason."""
    return "closed", Words(
        f"{names[0]} is closed: {closure.text}", f"{names[1]}暂停开放：{closure.text_zh}"
    )


def detour_warning(
    closures: Sequence[ClosureConfig], names: Sequence[tuple[str, str]]
) -> tuple[str, Words]:
    """Ways that are shut and would have been quicker.

    Args:
        closures: the reasons.
        names: English and Chinese name of what is shut.
    """
    english = "; ".join(f"{n[0]}: {c.text}" for c, n in zip(closures, names, strict=True))
    chinese = "；".join(f"{n[1]}：{c.text_zh}" for c, n in zip(closures, names, strict=True))
    return "detour", Words(
        f"This way goes round what is closed. {english}", f"路线已绕开关闭之处。{chinese}"
    )


def crowd_warning(longer_s: float) -> tuple[str, Words]:
    """A crowd on the way that costs time."""
    minutes = told_minutes(longer_s)
    return "crowd", Words(
        f"It is busy on the way: about {minutes} min longer", f"途中人多，约多走 {minutes} 分钟"
    )
