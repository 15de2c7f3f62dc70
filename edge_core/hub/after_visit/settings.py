"""after-visit.toml in the hub's folder: where phones reach lists, how reminders are sent."""

import tomllib
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator

from edge_core.config.base import Identifier, LocalTime, Section
from edge_core.errors import ConfigError, Problem

FILE: Final = "after-visit.toml"
Channel = Literal["email", "sms"]


class WebhookConfig(Section):
    """Where the retailer's own messaging takes records, one POST each."""

    url: str = Field(max_length=500, description="e.g. https://messages.example/promenade")
    secret: Path = Field(description="file with at least 32 characters, known to both sides")
    allow_private: bool = Field(
        default=False, description="let it be in the house's own network, or on this machine"
    )

    @model_validator(mode="after")
    def _over_tls(self) -> Self:
        parts = urlsplit(self.url)
        if not parts.hostname or parts.username or parts.fragment:
            raise ValueError("write `url` like https://messages.example/promenade")
        own = self.allow_private and _is_loopback(parts.hostname)
        if parts.scheme != "https" and not (parts.scheme == "http" and own):
            raise ValueError("addresses of people must not cross a network in the clear: https://…")
        return self


class CsvConfig(Section):
    """Records as files for messaging that reads tables."""

    folder: Path | None = Field(
        default=None, description="files are laid here; without it, they are taken on the page"
    )


class AfterVisitConfig(Section):
    """Everything after-visit.toml says."""

    address: str = Field(max_length=200, description="of this hub as phones reach it")
    controller: str = Field(
        min_length=3, max_length=160, description="who answers for the data, with a contact"
    )
    timezone: str = "Europe/Berlin"
    timezones: dict[Identifier, str] = Field(default={}, description="of sites elsewhere")
    channels: tuple[Channel, ...] = Field(default=("email",), min_length=1)
    wait_h: float = Field(default=22.0, ge=1, le=168, description="from asking to the reminder")
    quiet_from: LocalTime = time(20)
    quiet_until: LocalTime = time(9)
    holdout: float = Field(
        default=0.2, ge=0.05, le=0.5, description="share who are sent nothing, to compare with"
    )
    within_days: int = Field(
        default=7, ge=1, le=90, description="one reminder a person in so many days, of all sites"
    )
    window_days: int = Field(default=14, ge=3, le=60, description="a purchase counts so long")
    webhook: WebhookConfig | None = None
    csv: CsvConfig | None = None
    purchases_key: Path | None = Field(
        default=None, description="file with the key by which shop systems report purchases"
    )

    @field_validator("address")
    @classmethod
    def _an_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if not parts.hostname or parts.query or parts.fragment or parts.path not in ("", "/"):
            raise ValueError("write an address like https://list.shop.example")
        if parts.scheme != "https" and not (
            parts.scheme == "http" and _is_loopback(parts.hostname)
        ):
            raise ValueError("phones come over the internet: write https://…")
        return address.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str) -> str:
        return _zone(name)

    @field_validator("timezones")
    @classmethod
    def _zones(cls, names: dict[str, str]) -> dict[str, str]:
        return {site: _zone(name) for site, name in names.items()}

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if self.webhook is not None and self.csv is not None:
            raise ValueError("give [webhook] or [csv], one of the two: nobody is written to twice")
        return self

    @property
    def reminds(self) -> bool:
        """Whether there is a way out for reminders; without one nobody is asked."""
        return self.webhook is not None or self.csv is not None

    def zone_of(self, site: str) -> ZoneInfo:
        """A site's time zone."""
        return ZoneInfo(self.timezones.get(site, self.timezone))


def load_after_visit(folder: Path) -> AfterVisitConfig | None:
    """The settings in a hub's folder, its paths made absolute; None without the file.

    Raises:
        ConfigError: it says something wrong.
    """
    path = folder / FILE
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        config = AfterVisitConfig.model_validate(told)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = Problem(None, FILE, "", f"cannot be read: {error}", "Correct the file.")
        raise ConfigError(str(path), [problem]) from None
    except ValidationError as error:
        problems = [
            Problem(
                None,
                ".".join(str(part) for part in item["loc"]) or FILE,
                "",
                item["msg"].removeprefix("Value error, ").rstrip("."),
                "Correct it and start the hub again.",
            )
            for item in error.errors()
        ]
        raise ConfigError(str(path), problems) from None
    return _absolute(config, folder)


def _absolute(config: AfterVisitConfig, folder: Path) -> AfterVisitConfig:
    changes: dict[str, object] = {}
    if config.webhook is not None:
        secret = folder / config.webhook.secret
        changes["webhook"] = config.webhook.model_copy(update={"secret": secret})
    if config.csv is not None and config.csv.folder is not None:
        changes["csv"] = config.csv.model_copy(update={"folder": folder / config.csv.folder})
    if config.purchases_key is not None:
        changes["purchases_key"] = folder / config.purchases_key
    return config.model_copy(update=changes)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
    return name


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
