"""Where a key stands in a TOML text; the standard parser does not tell."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_\-."' ]+?)\s*=""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.S
)


def line_of(text: str, path: Path) -> int | None:
    """1-based line of the key at `path`, or of its nearest enclosing key or table.

    Args:
        text: a syntactically valid TOML document.
        path: keys and list indices, e.g. ("cameras", 1, "fps").

    Returns:
        The line, or None when not even the path's first key is in the document.
    """
    lines = dict(_lines_by_path(text))
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _lines_by_path(text: str) -> Iterator[tuple[Path, int]]:
    """Every table, key and element of a multi-line list with its line."""
    table: Path = ()
    counts: dict[tuple[str, ...], int] = {}
    value: _Value | None = None
    for number, line in enumerate(_without_strings(text), 1):
        code = line.split("#", 1)[0]
        if value is None and (header := _HEADER.match(line)):
            names = _split(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _with_indices(names, counts)
            yield table, number
            continue
        if value is None and (key := _KEY.match(line)):
            value = _Value((*table, *_split(key[1])))
            yield value.path, number
            code = code[key.end() :]
        if value is not None:
            yield from ((path, number) for path in value.elements(code))
            value = value if value.depth > 0 else None


class _Value:
    """A value being read, perhaps a list over several lines.

    Attributes:
        path: its key.
        depth: brackets open so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.depth = 0
        self._index = 0
        self._begun = False

    def elements(self, code: str) -> Iterator[Path]:
        """Paths of the list's elements that begin in one more line of it, without comment."""
        for sign in code:
            if sign in "]}":
                self.depth -= 1
            elif sign == "," and self.depth == 1:
                self._index, self._begun = self._index + 1, False
            elif self.depth == 1 and not self._begun and not sign.isspace():
                self._begun = True
                yield (*self.path, self._index)
            if sign in "[{":
                self.depth += 1


def _without_strings(text: str) -> list[str]:
    """Lines of the text with the inside of every value string blanked, line breaks kept."""
    return _STRING.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text).split("\n")


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _with_indices(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> Path:
    path: list[str | int] = []
    for length in range(1, len(names) + 1):
        path.append(names[length - 1])
        if names[:length] in counts:
            path.append(counts[names[:length]])
    return tuple(path)
