"""The hub of the mall or chain, where the store PC has one."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from edge_core.config.base import Section

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class HubConfig(Section):
    """Where the hub is and how often it is asked. `promenade enrol` writes this section.

    Without `url` nothing leaves the store PC.
    """

    url: str = Field(default="", max_length=300, description="e.g. https://hub.example:8470")
    ca: Path | None = Field(
        default=None,
        description="certificate (PEM) of the hub's own authority, relative to the folder of"
        " site.toml; else the system's authorities count",
    )
    key: Path = Field(
        default=Path("hub.key"),
        description="this store PC's key; made by `promenade enrol`, relative to the same folder",
    )
    content: Path = Field(
        default=Path("hub-content.json"),
        description="what the hub told last, relative to the same folder",
    )
    lists: str = Field(
        default="",
        max_length=120,
        description="address at which phones reach the hub, e.g. https://list.shop.example; the"
        " mirror's code then leads there, else it holds the list as plain text",
    )
    list_key: Path = Field(
        default=Path("lists.key"),
        description="signs lists; made at need, relative to the same folder",
    )
    list_days: int = Field(default=30, ge=1, le=90, description="how long a list opens")
    every_s: float = Field(default=60.0, ge=1, le=86_400, description="how often the hub is asked")
    most_kbit_s: float | None = Field(
        default=None, ge=8, description="cap on what goes over the line; none if left out"
    )

    @model_validator(mode="after")
    def _over_tls(self) -> Self:
        if self.url:
            check_hub_url(self.url)
        if self.lists:
            check_hub_url(self.lists)
            if not self.url:
                raise ValueError("`lists` needs a hub: `promenade enrol URL CODE`")
        return self


def check_hub_url(url: str) -> None:
    """Raise ValueError unless a key may be sent there."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write an address like https://hub.example:8470")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("a key must not cross a network in the clear; write https://…")
