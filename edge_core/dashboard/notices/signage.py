"""One page to be hung up at the entrance."""

from collections.abc import Sequence

from edge_core.config import SiteConfig
from edge_core.dashboard.exports.paper import (
    ACCENT,
    DARK,
    HEIGHT,
    INK,
    MARGIN,
    ON_DARK,
    PALE,
    SOFT,
    WIDTH,
    Paper,
    wrapped,
)
from edge_core.dashboard.language import Say
from edge_core.dashboard.notices.facts import Facts, facts_of

_INNER = WIDTH - 2 * MARGIN
_HEAD = 250.0


def signage(site: SiteConfig, say: Say) -> bytes:
    """The PDF of the sign.

    Args:
        site: whose.
        say: its language.
    """
    facts = facts_of(site, say)
    paper = Paper(say("Cameras count people here", "此处摄像机统计人数"), facts.name)
    _head(paper, facts, say)
    y = HEIGHT - _HEAD - 44
    rows = (
        (say("What for", "用途"), facts.purposes),
        (say("What is estimated", "估计内容"), facts.estimated),
        (say("How long it is kept", "保存期限"), facts.kept),
        (say("Switched off here", "此处已关闭"), _off(facts, say)),
        (say("How to say no", "如何拒绝"), facts.refuse),
        (say("Who answers", "负责方"), (facts.operator, facts.contact)),
    )
    size = _size_that_fits(rows, y - 54)
    for title, lines in rows:
        y = _row(paper, y, title, lines, size)
    cameras = say("Cameras: ", "摄像机：") + say("; ", "；").join(facts.cameras)
    for place, line in enumerate(wrapped(cameras, "regular", 8, _INNER)[:3]):
        paper.text(MARGIN, 44 - 11 * place, line, size=8, colour=SOFT)
    return paper.done()


def _off(facts: Facts, say: Say) -> Sequence[str]:
    return facts.off or (say("nothing beside what is never done", "无"),)


def _head(paper: Paper, facts: Facts, say: Say) -> None:
    paper.box(0, HEIGHT - _HEAD, WIDTH, _HEAD, colour=DARK)
    paper.box(0, HEIGHT - _HEAD - 4, WIDTH, 4, colour=ACCENT)
    x, y = MARGIN, HEIGHT - 122
    paper.box(x, y, 84, 50, colour=ON_DARK, round_by=9)  # a camera
    paper.box(x + 88, y + 12, 24, 26, colour=ON_DARK, round_by=4)
    paper.box(x + 15, y + 8, 34, 34, colour=DARK, round_by=17)
    paper.box(x + 24, y + 17, 16, 16, colour=ACCENT, round_by=8)
    title = say("Cameras count people here", "此处摄像机统计人数")
    paper.text(MARGIN, HEIGHT - 176, title, size=34, weight="light", colour=ON_DARK, width=_INNER)
    told = say(
        "No pictures are kept, nobody is named, no price depends on you.",
        "不保存图像，不识别姓名，价格与您无关。",
    )
    paper.text(MARGIN, HEIGHT - 206, told, size=15, colour="#ffb35c", width=_INNER)
    paper.text(MARGIN, HEIGHT - 230, facts.name, size=12, colour="#c9cfd8", width=_INNER)


def _size_that_fits(rows: Sequence[tuple[str, Sequence[str]]], room: float) -> float:
    for tenths in range(145, 80, -5):
        if sum(_height(lines, tenths / 10) for _, lines in rows) <= room:
            return tenths / 10
    return 8.0


def _lines(texts: Sequence[str], size: float) -> list[str]:
    return [line for text in texts for line in wrapped(text, "regular", size, _INNER - 150)]


def _height(texts: Sequence[str], size: float) -> float:
    return len(_lines(texts, size)) * size * 1.42 + 25


def _row(paper: Paper, y: float, title: str, texts: Sequence[str], size: float) -> float:
    height = _height(texts, size)
    top = y + size + 6
    paper.box(MARGIN - 12, top - height + 7, _INNER + 24, height - 7, colour=PALE, round_by=8)
    paper.text(MARGIN, y, title, size=size, weight="medium", colour=ACCENT, width=142)
    for place, line in enumerate(_lines(texts, size)):
        paper.text(MARGIN + 150, y - place * size * 1.42, line, size=size, colour=INK)
    return y - height
