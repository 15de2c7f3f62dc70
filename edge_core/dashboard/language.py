"""The two languages of the operator's pages: what is said stands in both, side by side."""

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import HTTPConnection

Language = Literal["en", "zh"]
COOKIE: Final = "promenade_language"


@dataclass(frozen=True, slots=True)
class Say:
    """Says things in one language: `say("Sign in", "登录")`."""

    language: Language = "en"

    def __call__(self, english: str, chinese: str) -> str:
        """The text in the language chosen."""
        return chinese if self.language == "zh" and chinese else english


def language_of(connection: HTTPConnection) -> Language:
    """What was chosen before, else what the browser asks for first."""
    chosen = connection.cookies.get(COOKIE)
    if chosen in ("en", "zh"):
        return "zh" if chosen == "zh" else "en"
    for part in connection.headers.get("accept-language", "").split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted.startswith("zh"):
            return "zh"
        if wanted.startswith("en"):
            return "en"
    return "en"
