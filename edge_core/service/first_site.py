"""The first site file of a store PC, made from a few answers."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import tomlkit
from pydantic import Field, SecretStr, field_validator, model_validator

from edge_core.config import CameraConfig, ReaderConfig, SiteConfig, parse_site
from edge_core.config.base import Identifier, LocalTime, Section
from edge_core.config.hub import check_hub_url
from edge_core.config.loader import parse_file
from edge_core.config.site_file import SiteFile
from edge_core.errors import ConfigError, Problem, PromenadeError
from edge_core.privacy.packs import PackName
from edge_core.private_files import is_loose, write_private

INSTALLED_FOLDER: Final = Path("/etc/promenade")
INSTALLED_DATA: Final = Path("/var/lib/promenade")
_HEAD: Final = (
    "Made by `promenade setup`. `promenade check-config` checks every change by hand; floor plan,\n"
    "zones, lines and calibration are drawn on the operator's page Set-up, which keeps comments."
)
_DATA_FILES: Final = {
    "service": {"ledger": "promenade.db", "coupon_key": "coupons.key", "redeemed": "redeemed.db"},
    "hub": {"key": "hub.key", "content": "hub-content.json", "list_key": "lists.key"},
}
"""Keys of site.toml whose files do not belong beside the settings."""


class CameraAnswer(Section):
    """A camera: what it is called and where its pictures come from."""

    id: Identifier
    source: str = Field(min_length=1)


class ReaderAnswer(Section):
    """An RFID reader, and how many antennas it has."""

    id: Identifier
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=0, ge=0, le=65535)
    antennas: int = Field(default=4, ge=1, le=64)


class HubAnswer(Section):
    """The hub, with the one-time code that it gave."""

    url: str
    code: str = Field(min_length=1, max_length=40)
    ca: Path | None = None

    @field_validator("url")
    @classmethod
    def _may_have_a_key(cls, url: str) -> str:
        check_hub_url(url)
        return url


class SetUpAnswers(Section):
    """What a first site file needs; the rest has defaults or is drawn later.

    `kind` says which screen the place has: a mall a kiosk, a shop a mirror.
    """

    name: str = Field(min_length=1, max_length=60)
    id: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,39})?$")] = ""
    kind: Literal["shop", "mall"] = "shop"
    timezone: str = "UTC"
    opens: LocalTime = time(10, 0)
    closes: LocalTime = time(22, 0)
    currency: str = "EUR"
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    pack: PackName = "strict"
    operator: str = ""
    contact: str = ""
    cameras: tuple[CameraAnswer, ...] = Field(min_length=1)
    readers: tuple[ReaderAnswer, ...] = ()
    hub: HubAnswer | None = None
    password: SecretStr | None = None
    pin: SecretStr | None = None

    @field_validator("password", "pin", mode="before")
    @classmethod
    def _digits_without_quotes(cls, value: Any) -> Any:
        return None if value is None else str(value)

    @model_validator(mode="after")
    def _id_from_name(self) -> Self:
        if not self.id:
            object.__setattr__(self, "id", id_from(self.name) or "site")
        return self

    @property
    def has_secrets(self) -> bool:
        """Whether a password, PIN or code is among them."""
        return bool(self.password or self.pin or self.hub)


def id_from(name: str) -> str:
    """A name's letters and digits as an id: `Corner shop` is `corner-shop`; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")


def read_answers(text: str, told: str) -> SetUpAnswers:
    """Answers written as TOML.

    Args:
        text: the TOML.
        told: what messages call it.

    Raises:
        ConfigError: names every mistake.
    """
    return parse_file(SetUpAnswers, text, told)


def read_answers_file(path: Path) -> SetUpAnswers:
    """Answers in a file, which may hold secrets if nobody else can read it.

    Raises:
        ConfigError: names every mistake.
        PromenadeError: it holds secrets that others may read, or cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PromenadeError(f"{path} cannot be read: {error.strerror}.", "Name another.") from None
    answers = read_answers(text, str(path))
    if answers.has_secrets and is_loose(path):
        raise PromenadeError(
            f"{path} holds a password, PIN or code, and others may read it.",
            f"Run `chmod 600 {path}`, or pass the answers through standard input: --answers -",
        )
    return answers


def data_folder(site_file: Path) -> Path | None:
    """Where the ledger and keys go: None for beside the site file."""
    return INSTALLED_DATA if site_file.resolve().parent == INSTALLED_FOLDER else None


def site_text(answers: SetUpAnswers, data: Path | None = None) -> str:
    """The site file that the answers describe.

    Args:
        answers: what was told.
        data: folder of the ledger and keys; None for beside the site file.

    Raises:
        ConfigError: what they describe is no site.
    """
    document = tomlkit.document()
    for line in _HEAD.splitlines():
        document.add(tomlkit.comment(line))
    document["site"] = {
        "id": answers.id,
        "name": answers.name,
        "timezone": answers.timezone,
        "opens": f"{answers.opens:%H:%M}",
        "closes": f"{answers.closes:%H:%M}",
        "languages": list(answers.languages),
        "currency": answers.currency,
    }
    document["privacy"] = {
        "pack": answers.pack,
        **({"operator": answers.operator} if answers.operator else {}),
        **({"contact": answers.contact} if answers.contact else {}),
    }
    document["cameras"] = _tables([camera.model_dump() for camera in answers.cameras])
    if answers.readers:
        document["readers"] = _tables([_reader(it) for it in answers.readers])
    screen = "kiosk" if answers.kind == "mall" else "mirror"
    document["screens"] = _tables([{"id": f"{screen}-1", "kind": screen}])
    if data is not None:
        for section, files in _DATA_FILES.items():
            document[section] = {key: (data / name).as_posix() for key, name in files.items()}
    text = tomlkit.dumps(document)
    parse_site(text, "the new site file")
    return text


def _reader(answer: ReaderAnswer) -> dict[str, Any]:
    port = {"port": answer.port} if answer.port else {}
    antennas = tomlkit.array()
    for number in range(1, answer.antennas + 1):
        antenna = tomlkit.inline_table()
        antenna["number"] = number
        antennas.append(antenna)
    return {"id": answer.id, "host": answer.host, **port, "antennas": antennas}


def _tables(rows: list[dict[str, Any]]) -> Any:
    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        table.update(row)
        tables.append(table)
    return tables


def camera_of(answer: CameraAnswer) -> CameraConfig:
    """The camera as the site will have it. Raises ConfigError."""
    return parse_file(CameraConfig, tomlkit.dumps(answer.model_dump()), f"camera {answer.id}")


def reader_of(answer: ReaderAnswer) -> ReaderConfig:
    """The reader as the site will have it. Raises ConfigError."""
    return parse_file(ReaderConfig, tomlkit.dumps(_reader(answer)), f"reader {answer.id}")


def write_site(path: Path, text: str, *, replace: bool) -> SiteConfig:
    """Write a site file for its owner alone, and the folder it is in.

    Args:
        path: the file.
        text: see `site_text`.
        replace: whether one that is there may go; a copy of it is kept beside it.

    Returns:
        What the file says.

    Raises:
        ConfigError: there is one already, and `replace` was not said.
        PromenadeError: it cannot be written.
    """
    if path.exists() and not replace:
        remedy = "Add --replace to keep a copy of it and write a new one, or name another --site."
        raise ConfigError(str(path), [Problem(None, str(path), "", "is there already", remedy)])
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        if path.exists():
            file = SiteFile(path)
            file.save(text, file.read()[1])
            path.chmod(0o600)
        else:
            write_private(path, text.encode())
    except OSError as error:
        raise PromenadeError(
            f"{path} cannot be written: {error.strerror}.", "Run this as root, or name --site."
        ) from None
    return parse_site(text, str(path))
