"""What a fault's trial says."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Whether the promise was kept."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the table.

    Attributes:
        name: what `--only` calls it.
        fault: what was done, and how.
        promise: what should hold.
        measured: what was seen.
        verdict: whether it held; skipped where this machine cannot do it to itself.
        seconds: the trial took.
        facts: figures for a machine, JSON values.
    """

    name: str
    fault: str
    promise: str
    measured: str
    verdict: Verdict
    seconds: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
