"""Instructions in words, English and Chinese, as screens, phones and paper show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from edge_core.suggest.routes_steps import Step

Names = Mapping[str, tuple[str, str]]
"""Id -> English and Chinese name."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same in two languages."""

    en: str
    zh: str


_TURNS: Final = {
    "ahead": ("Walk", "直行"),
    "left": ("Turn left and walk", "左转，步行"),
    "right": ("Turn right and walk", "右转，步行"),
    "round": ("Turn round and walk", "向后转，步行"),
}
_SIDES: Final = {
    "ahead": ("is straight ahead", "就在前方"),
    "left": ("is on your left", "在您左侧"),
    "right": ("is on your right", "在您右侧"),
    "round": ("is behind you", "在您身后"),
}


def step_words(step: Step, names: Names, floors: Names, levels: Mapping[str, int]) -> Words:
    """One instruction.

    Args:
        step: what to do.
        names: of stores, places, connectors and screens.
        floors: of floors.
        levels: of floors.
    """
    name_en, name_zh = names.get(step.landmark, ("", ""))
    if step.kind == "arrive" and step.turn == "here":
        return Words(f"You are there: {name_en}", f"您已到达：{name_zh}")
    if step.kind == "arrive":
        side_en, side_zh = _SIDES[step.turn]
        return Words(f"{name_en} {side_en}", f"{name_zh}{side_zh}")
    if step.kind != "walk":
        return _ride(step, (name_en, name_zh), floors[step.floor_to], levels)
    turn_en, turn_zh = _TURNS[step.turn]
    metres = told_metres(step.metres)
    english, chinese = f"{turn_en} {metres} m", f"{turn_zh}约 {metres} 米"
    if step.landmark and step.to_landmark:
        return Words(f"{english} to the {name_en}", f"{chinese}，到{name_zh}")
    if step.landmark:
        return Words(f"{english}, past {name_en}", f"{chinese}，经过{name_zh}")
    return Words(english, chinese)


def _ride(
    step: Step, name: tuple[str, str], floor: tuple[str, str], levels: Mapping[str, int]
) -> Words:
    up = levels[step.floor_to] > levels[step.floor]
    way_en, way_zh = ("up", "上") if up else ("down", "下")
    what_en, what_zh = name
    if step.kind == "escalator":
        what_en, what_zh = "escalator", "扶梯"
    verb_zh = "走" if step.kind == "stairs" else "乘"
    return Words(
        f"Take the {what_en} {way_en} to the {_inside(floor[0])}",
        f"{verb_zh}{what_zh}{way_zh}到{floor[1]}",
    )


def told_metres(metres: float) -> int:
    """Metres as people say them: to the next 5, never none."""
    return max(5, round(metres / 5) * 5)


def told_minutes(seconds: float) -> int:
    """Whole minutes that are enough, at least one."""
    return max(1, -int(-seconds // 60))


def _inside(floor: str) -> str:
    """A floor's name inside a sentence: `First floor` becomes `first floor`, `Level 2` stays."""
    return floor[0].lower() + floor[1:] if floor.endswith(" floor") else floor
