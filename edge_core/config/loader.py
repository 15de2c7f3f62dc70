"""Reading site.toml and the files beside it, and telling a person every mistake at once."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from edge_core.config.directory import DirectoryConfig, directory_problems
from edge_core.config.locate import line_of
from edge_core.config.offers import OffersConfig, unknown_stores
from edge_core.config.site import SiteConfig
from edge_core.errors import ConfigError, Problem
from edge_core.logs import scrub

_File = TypeVar("_File", bound=BaseModel)
_REMEDIES = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it, or correct its spelling.",
    "too_short": "Give more entries.",
    "too_long": "Give fewer entries.",
    "literal_error": "Write one of the values named.",
    "string_pattern_mismatch": "Use lower-case letters, digits and dashes, e.g. `main-door`.",
}


def load_site(path: Path) -> SiteConfig:
    """Read and check a site file.

    Raises:
        ConfigError: the file is missing, is no TOML, or says something wrong; every mistake is
            listed with its line, key, value and remedy.
    """
    return parse_site(_read(path, "Give another with --site."), str(path))


def parse_site(text: str, path: str = "site.toml") -> SiteConfig:
    """Check the text of a site file; `path` is only for messages. Raises as `load_site`."""
    return parse_file(SiteConfig, text, path)


def load_directory(path: Path, site: SiteConfig) -> DirectoryConfig:
    """Read and check a directory of stores; it must fit the site's plan. Raises as `load_site`."""
    text = _read(path, "Correct `directory` in site.toml.")
    return parse_directory(text, site, str(path))


def parse_directory(text: str, site: SiteConfig, path: str = "directory.toml") -> DirectoryConfig:
    """Check the text of a directory; `path` is only for messages. Raises as `load_site`."""
    directory = parse_file(DirectoryConfig, text, path)
    problems = directory_problems(directory, site)
    if problems:
        raise ConfigError(path, [replace(it, line=_line(text, it.key)) for it in problems])
    return directory


def load_offers(path: Path, directory: DirectoryConfig) -> OffersConfig:
    """Read and check what a hub tells; its stores are the directory's. Raises as `load_site`."""
    text = _read(path, "Correct `offers` in site.toml.")
    offers = parse_file(OffersConfig, text, str(path))
    remedy = "Correct it, or add the store to directory.toml."
    reason = "the directory has no store of this id"
    known = {store.id for store in directory.stores}
    problems = [
        Problem(_line(text, key), key, store, reason, remedy)
        for key, store in unknown_stores(offers, known)
    ]
    if problems:
        raise ConfigError(str(path), problems)
    return offers


def _line(text: str, key: str) -> int | None:
    """Line of a dotted key with its list places, e.g. `stores[3].zone`."""
    parts = re.findall(r"[^.\[\]]+", key)
    return line_of(text, tuple(int(part) if part.isdecimal() else part for part in parts))


def _read(path: Path, remedy_if_missing: str) -> str:
    try:
        # Windows editors may put a byte order mark first.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem(None, str(path), "", "there is no such file", remedy_if_missing)
        raise ConfigError(str(path), [problem]) from None
    except UnicodeDecodeError as error:
        problem = Problem(None, str(path), "", f"is no text: {error}", "Save it as UTF-8 text.")
        raise ConfigError(str(path), [problem]) from None
    except OSError as error:
        remedy = "Give the file itself, e.g. `site.toml`, and let this user read it."
        problem = Problem(None, str(path), "", f"cannot be read: {error.strerror}", remedy)
        raise ConfigError(str(path), [problem]) from None


def parse_file(kind: type[_File], text: str, path: str) -> _File:
    """Check the text of a TOML file; `path` is only for messages. Raises as `load_site`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        reason = re.sub(r" \(at .*\)$", "", str(error))
        problem = Problem(line, "TOML", _line_text(text, line), reason, "Correct the syntax.")
        raise ConfigError(path, [problem]) from None
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        items = _without_consequences([dict(item) for item in error.errors()])
        problems = [_problem(text, data, item) for item in items]
        problems.sort(key=lambda problem: (problem.line or 0, problem.key))
        raise ConfigError(path, problems) from None


def _without_consequences(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop "too short" complaints about lists that are short only because an entry is wrong."""
    places = [item["loc"] for item in items]

    def follows_from_another(item: dict[str, Any]) -> bool:
        place = item["loc"]
        return item["type"] == "too_short" and any(
            len(other) > len(place) and other[: len(place)] == place for other in places
        )

    return [item for item in items if not follows_from_another(item)]


def _problem(text: str, data: dict[str, Any], item: dict[str, Any]) -> Problem:
    location = tuple(item["loc"])
    reason = item["msg"].removeprefix("Value error, ").rstrip(".")
    shown = "" if item["type"] == "missing" else _shown(item["input"])
    remedy = _REMEDIES.get(item["type"], "Correct the value.")
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return Problem(
        line_of(text, _known_part(data, location)), key.lstrip("."), shown, reason, remedy
    )


def _known_part(data: Any, location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The longest leading part of a validation path that exists in the file's data."""
    here, known = data, []
    for part in location:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        known.append(part)
    return tuple(known)


def _shown(value: Any) -> str:
    text = scrub(repr(value))
    return text if len(text) <= 60 else f"{text[:57]}..."


def _line_text(text: str, line: int | None) -> str:
    lines = text.split("\n")
    return scrub(lines[line - 1].strip())[:60] if line is not None and line <= len(lines) else ""
