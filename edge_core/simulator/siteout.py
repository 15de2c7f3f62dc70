"""Writing a site back as TOML, with its cameras and readers pointed elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from edge_core.config import SiteConfig


def site_with_sources(
    site: SiteConfig,
    sources: Mapping[str, str],
    *,
    pace: str | None = None,
    readers: Mapping[str, int] | None = None,
) -> str:
    """The text of a site file like `site` whose cameras read from other sources.

    Args:
        site: the site to copy.
        sources: camera id -> new `source`; cameras not named keep theirs.
        pace: `fast` or `real-time` for all cameras, or None to leave it.
        readers: reader id -> port on this machine. None leaves out the readers, and what is said
            of garments: nothing reads any tags.
    """
    data = site.model_dump(mode="json", exclude_unset=True)
    for camera in data["cameras"]:
        camera["source"] = sources.get(camera["id"], camera["source"])
        if pace is not None:
            camera["pace"] = pace
    if readers is None:
        data.pop("readers", None)
        data.get("service", {}).pop("products", None)
        for screen in data.get("screens", []):
            screen.pop("zone", None)
    for reader in data.get("readers", []):
        reader |= {"host": "127.0.0.1", "port": (readers or {})[reader["id"]]}
    return tomli_w.dumps(_without_none(data))


def write_site(path: Path, text: str) -> Path:
    """Save a site file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _without_none(value: Any) -> Any:
    """TOML has no null: what is None is left out."""
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
