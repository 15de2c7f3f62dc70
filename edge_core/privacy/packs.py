"""Policy packs: what a law is taken to forbid, as limits the program keeps. No legal advice.

A pack switches functions off and bounds how much may be told and kept. A site may be stricter than
its pack, never looser; see `edge_core.config.privacy`.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

PACKS_FOLDER: Final = Path(__file__).resolve().parents[2] / "assets" / "privacy"

PackName = Literal[
    "strict", "eu", "uk", "china", "illinois", "quebec", "australia", "none"
]  # fmt: skip
Function = Literal[
    "face-attributes",
    "body-attributes",
    "returning-visitors",
    "across-cameras",
    "personal-suggestions",
]
FUNCTIONS: Final[tuple[Function, ...]] = get_args(Function)
"""What can be switched off.

face-attributes: age and gender told from faces. body-attributes: clothing told from bodies.
returning-visitors: somebody who left is recognised by their looks. across-cameras: somebody whom
another camera sees next is recognised by looks and time; that two cameras see one spot at one
moment is no recognition and stays. personal-suggestions: what is seen is used for suggestions, by
choice.
"""


class Source(BaseModel):
    """What a pack was read from.

    Attributes:
        law: its name, or that of a guideline.
        article: which part.
        url: where it was looked at.
        looked_at: when.
        seen: whether the text itself was read there or what somebody wrote of it.
        about: what was taken from it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    law: str
    article: str
    url: str = ""
    looked_at: date
    seen: Literal["text", "summary", "not looked at again"]
    about: str


class Pack(BaseModel):
    """One policy pack.

    Attributes:
        id: what site.toml calls it.
        title, title_zh: what people call it.
        off: functions that are not there.
        minimum_group_least: the smallest group that may be told.
        event_days_most: events are kept no longer, days.
        embedding_ttl_s_most: what somebody looks like is forgotten so long after they left, at the
            latest, seconds.
        why: how the limits follow from the sources, and which are the house's own.
        sources: what was read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PackName
    title: str
    title_zh: str
    off: tuple[Function, ...]
    minimum_group_least: int = Field(ge=2, le=50)
    event_days_most: int = Field(ge=1, le=3650)
    embedding_ttl_s_most: int = Field(ge=60, le=43_200)
    why: str
    sources: tuple[Source, ...] = ()


@cache
def load_pack(name: PackName) -> Pack:
    """A pack that ships.

    Raises:
        OSError, ValueError: the installation is damaged.
    """
    text = (PACKS_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return Pack.model_validate(tomllib.loads(text))
