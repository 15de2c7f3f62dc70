"""Writing a site back as TOML, with its cameras pointed elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge_core.config import SiteConfig


def site_with_sources(
    site: SiteConfig, sources: Mapping[str, str], *, pace: str | None = None
) -> str:
    """The text of a site file like `site` whose cameras read from other sources.

    Args:
        site: the site to copy.
        sources: camera id -> new `source`; cameras not named keep theirs.
        pace: `fast` or `real-time` for all cameras, or None to leave it.
    """
    data = site.model_dump(mode="json", exclude_unset=True)
    for camera in data["cameras"]:
        camera["source"] = sources.get(camera["id"], camera["source"])
        if pace is not None:
            camera["pace"] = pace
    return toml_text(data)


def write_site(path: Path, text: str) -> Path:
    """Save a site file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def toml_text(data: Mapping[str, Any]) -> str:
    """TOML of nested plain values: tables, lists of tables, strings, numbers, booleans.

    Long lists of tables inside a table are written one inline table a line, so that a plan
    with a hundred fixtures stays readable.
    """
    blocks = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            blocks.append(f"[{key}]\n{_body(value)}")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            blocks.extend(f"[[{key}]]\n{_body(item)}" for item in value)
    top = {
        key: value
        for key, value in data.items()
        if not isinstance(value, Mapping)
        and not (isinstance(value, list) and value and isinstance(value[0], Mapping))
    }
    return "\n".join([*([_body(top)] if top else []), *blocks])


def _body(table: Mapping[str, Any]) -> str:
    lines = []
    for key, value in table.items():
        if value is None:
            continue
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            rows = "".join(f"  {_value(item)},\n" for item in value)
            lines.append(f"{key} = [\n{rows}]")
        else:
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = (f"{key} = {_value(item)}" for key, item in value.items() if item is not None)
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
