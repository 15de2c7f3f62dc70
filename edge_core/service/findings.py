"""What the self-test finds, line by line."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edge_core.errors import PromenadeError
from edge_core.logs import scrub


class Verdict(StrEnum):
    """How a part of the store PC is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-test.

    Attributes:
        part: what kind of thing, e.g. `camera`.
        name: which, or "".
        verdict: how it is.
        told: what was found, in plain words.
        remedy: what to do about it, "" when all is well.
        facts: figures for a machine, JSON values.
    """

    part: str
    name: str
    verdict: Verdict
    told: str
    remedy: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        what = f"{self.part} {self.name}".rstrip()
        return f"{self.verdict.value:7}  {what}: {self.told} {self.remedy}".rstrip()

    @classmethod
    def failed(cls, part: str, name: str, error: PromenadeError) -> "Finding":
        """What an error of the environment says."""
        return cls(part, name, Verdict.FAILED, scrub(error.message), scrub(error.remedy))
