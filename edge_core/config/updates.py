"""The channel that new versions of Promenade come by, where the site has one."""

from datetime import time
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from edge_core.config.base import LocalTime, Section

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UpdatesConfig(Section):
    """Where new versions come from, when they are installed and how long they are watched.

    Without `url` no update is ever looked for. What is trusted is not set here, where the pages
    may write, but by `promenade updates trust`.
    """

    url: str = Field(default="", max_length=300, description="e.g. https://updates.example/stable")
    ca: Path | None = Field(
        default=None,
        description="certificate (PEM) of the channel's own authority, relative to the folder of"
        " site.toml; else the system's authorities count",
    )
    begin: LocalTime = Field(default=time(2, 0), description="installed by itself from this time")
    end: LocalTime = Field(
        default=time(5, 0), description="until this one, by the site's clock; both the same: always"
    )
    start_s: float = Field(
        default=180.0, ge=1, le=3600, description="a new version is healthy within this time"
    )
    hold_s: float = Field(
        default=300.0, ge=1, le=86_400, description="and stays so for this long, or is taken back"
    )

    @model_validator(mode="after")
    def _an_address(self) -> Self:
        if self.url:
            parts = urlsplit(self.url)
            known = parts.scheme in ("https", "http") and parts.hostname
            if not known or parts.query or parts.fragment or parts.username:
                raise ValueError("write an address like https://updates.example/stable")
            if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
                raise ValueError("nobody in the network may hold updates back; write https://…")
        return self

    def is_hour(self, now: time) -> bool:
        """Whether updates may be installed by themselves at a time of the site's day."""
        if self.begin == self.end:
            return True
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end
