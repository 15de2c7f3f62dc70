"""Changing a site file without losing what a person wrote into it: comments, order, spacing.

Only the parts that the set-up page edits are touched, and of them only the values that differ.
"""

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, field_validator
from tomlkit.items import AoT, Array, InlineTable, Table, Trivia

from edge_core.config.base import PointM, PointPx
from edge_core.errors import ConfigError, Problem

_ZONE_KEYS: Final = ("id", "name", "name_zh", "floor", "kind", "polygon_m")
_LINE_KEYS: Final = (
    *("id", "name", "name_zh", "camera", "entrance"),
    *("start_m", "end_m", "start_px", "end_px", "picture_px"),
)


class Draft(BaseModel):
    """What the set-up page wants the site file to say; checked by the sections' own models.

    Attributes:
        zones, lines: all of them, with the keys of `ZoneConfig` and `LineConfig`; a key that is
            None or left out is left out of the file.
        calibrations: the cameras whose calibration changes, by id.
        antennas: reader id, then antenna number: what it looks at.
    """

    model_config = ConfigDict(extra="forbid")

    zones: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    calibrations: dict[str, "CalibrationDraft"] = Field(default_factory=dict)
    antennas: dict[str, dict[int, "AntennaDraft"]] = Field(default_factory=dict)

    @field_validator("zones", "lines")
    @classmethod
    def _can_be_written(cls, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for item in items:
            if not isinstance(item.get("id"), str):
                raise ValueError("each needs an `id`, a text")
            for key, value in item.items():
                _require_toml(key)
                if value is not None:
                    _require_toml(value)
        return items


class PairDraft(BaseModel):
    """A point of the picture and the same of the plan."""

    px: PointPx
    m: PointM


class CalibrationDraft(BaseModel):
    """A camera's point pairs; none = not calibrated."""

    floor: str
    picture_px: tuple[int, int]
    pairs: list[PairDraft]


class AntennaDraft(BaseModel):
    """What an antenna looks at."""

    zone: str | None = None
    rack: str | None = None


def _require_toml(value: Any) -> None:
    """Raise ValueError for what a TOML file cannot hold."""
    if isinstance(value, dict):
        for it in value:
            _require_toml(it)
        _require_toml(list(value.values()))
    elif isinstance(value, list):
        for it in value:
            _require_toml(it)
    elif isinstance(value, str):
        value.encode()  # a lone surrogate raises, too
    elif not isinstance(value, bool | int | float) or not -(2**63) <= value < 2**63:
        raise ValueError("there is a value that a site file cannot hold")


def edited(text: str, draft: Draft) -> str:
    """The text of a site file with the draft's values.

    Raises:
        ConfigError: the file is written in a way that cannot be edited by itself.
    """
    document = tomlkit.parse(text)
    wanted = _wanted(tomllib.loads(text), draft)
    for section in ("zones", "lines"):
        _edit_list(document, section, wanted.get(section, []))
    for section in ("cameras", "readers"):
        for table, values in zip(document.get(section, ()), wanted.get(section, ()), strict=True):
            _edit_table(table, values)
    changed = tomlkit.dumps(document)
    if tomllib.loads(changed) != wanted:
        problem = Problem(
            None,
            "zones, lines, cameras, readers",
            "",
            "these sections are mixed in a way that the set-up page cannot rewrite",
            "Put all [[zones]] together, all [[lines]] together, and so on, and try again.",
        )
        raise ConfigError("site.toml", [problem])
    return changed


def _wanted(data: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """What the file shall say, as plain data."""
    wanted = deepcopy(data)
    for section, keys, items in (
        ("zones", _ZONE_KEYS, draft.zones),
        ("lines", _LINE_KEYS, draft.lines),
    ):
        before = {item.get("id"): item for item in data.get(section, [])}
        merged = [_merged(before.get(item.get("id"), {}), item, keys) for item in items]
        order = {name: place for place, name in enumerate(before)}
        merged.sort(key=lambda item: order.get(item.get("id"), len(order)))
        if merged or section in wanted:
            wanted[section] = merged
    for camera in wanted.get("cameras", []):
        if (calibration := draft.calibrations.get(camera.get("id"))) is not None:
            _calibrate(camera, calibration)
    for reader in wanted.get("readers", []):
        looks = draft.antennas.get(reader.get("id"), {})
        for antenna in reader.get("antennas", []):
            if (look := looks.get(antenna.get("number"))) is not None:
                _set_or_drop(antenna, "zone", look.zone)
                _set_or_drop(antenna, "rack", look.rack)
    return wanted


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The old entry with the new one's values, in the old order."""
    merged = dict(old)
    for key in keys:
        _set_or_drop(merged, key, new.get(key))
    for key in new.keys() - set(keys):  # an unknown one is kept for the models to complain of
        merged[key] = new[key]
    plain = {"name_zh": merged.get("name"), "entrance": True, "kind": "department"}
    for key, value in plain.items():  # what goes without saying is not added to what was written
        if key not in old and merged.get(key) == value and (old or key != "kind"):
            merged.pop(key, None)
    return merged


def _calibrate(camera: dict[str, Any], calibration: CalibrationDraft) -> None:
    pairs = [{"px": list(pair.px), "m": list(pair.m)} for pair in calibration.pairs]
    _set_or_drop(camera, "floor", calibration.floor)
    _set_or_drop(camera, "calibration_px", list(calibration.picture_px) if pairs else None)
    _set_or_drop(camera, "calibration", pairs or None)


def _set_or_drop(item: dict[str, Any], key: str, value: Any) -> None:
    if value is None or value == "":
        item.pop(key, None)
    elif item.get(key) != value:
        item[key] = value


def _edit_list(document: tomlkit.TOMLDocument, section: str, wanted: list[dict[str, Any]]) -> None:
    tables = document.get(section)
    if tables is None:
        if wanted:
            document.append(section, tomlkit.aot())
            _add_tables(document[section], wanted)
        return
    kept = {values.get("id") for values in wanted}
    for index in reversed(range(len(tables))):
        if tables[index].get("id") not in kept:
            _drop(tables, index)
    for table, values in zip(tables, wanted, strict=False):
        _edit_table(table, values)
    _add_tables(tables, wanted[len(tables) :])


def _drop(tables: Any, index: int) -> None:
    """Remove an entry, but not the comment below it: that speaks of what follows."""
    if isinstance(tables, AoT):
        below = _cut_tail(tables[index])
        if index > 0:
            _cut_tail(tables[index - 1])
            tables[index - 1].value.body.extend(below)
    del tables[index]


def _add_tables(tables: Any, wanted: list[dict[str, Any]]) -> None:
    if not isinstance(tables, AoT):
        tables.extend(_item(values) for values in wanted)
        return
    below = _cut_tail(tables[-1]) if wanted and len(tables) else [(None, tomlkit.nl())]
    for values in wanted:
        table = Table(tomlkit.container.Container(), Trivia(indent="\n"), is_aot_element=True)
        for key, value in values.items():
            table[key] = _item(value)
        tables.append(table)
    if wanted:
        tables[-1].value.body.extend(below)


def _cut_tail(table: Table) -> list[Any]:
    """Take the blank lines and comments below a table's last key off it."""
    body = table.value.body
    tail: list[Any] = []
    while body and body[-1][0] is None:
        tail.insert(0, body.pop())
    return tail


def _edit_table(table: Any, values: Mapping[str, Any]) -> None:
    """Give a table these values; those that are right already are not touched."""
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        old = table.get(key)
        if old is None:
            table[key] = _item(value)
        elif _plain(old) != value:
            if _is_list_of_tables(old) and len(old) == len(value):
                _edit_entries(old, value)
            else:
                table[key] = _item(value)


def _edit_entries(tables: Any, wanted: Sequence[Mapping[str, Any]]) -> None:
    for index, values in enumerate(wanted):
        if isinstance(tables[index], Table):
            _edit_table(tables[index], values)
        elif _plain(tables[index]) != values:
            tables[index] = _item(values)


def _is_list_of_tables(item: Any) -> bool:
    return isinstance(item, (AoT, Array)) and all(
        isinstance(inner, (Table, InlineTable)) for inner in item
    )


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _item(value: Any) -> Any:
    """A value as it is written by hand: points in one line, entries one a line."""
    return tomlkit.parse(f"value = {_written(value)}\n")["value"]


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(
            f"{tomlkit.key(key).as_string()} = {_written(it)}" for key, it in value.items()
        )
        return f"{{ {pairs} }}"
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], Mapping):
            return "[\n" + "".join(f"  {_written(inner)},\n" for inner in value) + "]"
        return f"[{', '.join(_written(inner) for inner in value)}]"
    return str(tomlkit.item(value).as_string())
