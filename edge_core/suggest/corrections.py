"""What a person says about suggestions: it changes the ranking at once, for the session only."""

from dataclasses import dataclass, replace
from enum import StrEnum


class CorrectionKind(StrEnum):
    """What can be said."""

    NOT_FOR_ME = "not-for-me"
    """This one shall not come again."""
    LESS_LIKE_THIS = "less-like-this"
    """Neither shall much that is like it."""
    LOOKING_FOR = "looking-for"
    """I am looking for something of this category."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that was said in a session.

    Attributes:
        rejected: never shown again.
        less_like: what is like these comes later.
        looking_for: the category looked for now, or "".
    """

    rejected: frozenset[str] = frozenset()
    less_like: frozenset[str] = frozenset()
    looking_for: str = ""

    def add(self, kind: CorrectionKind, target: str) -> "Corrections":
        """With one more thing said; of `looking-for` the newest counts, "" takes it back."""
        match kind:
            case CorrectionKind.NOT_FOR_ME:
                return replace(self, rejected=self.rejected | {target})
            case CorrectionKind.LESS_LIKE_THIS:
                return replace(
                    self,
                    rejected=self.rejected | {target},
                    less_like=self.less_like | {target},
                )
            case CorrectionKind.LOOKING_FOR:
                return replace(self, looking_for=target)
