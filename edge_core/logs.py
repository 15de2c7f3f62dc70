"""Structured logs: one JSON object a line, secrets scrubbed, no pictures or appearances.

They go to standard error, which the journal keeps and bounds; or into files that rotate, where a
folder is named. A crash's dump is a few lines of code places, never memory.
"""

import faulthandler
import json
import logging
import re
import sys
import time
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

# Up to the last @ of the word: people write passwords with @ and / in them as they are, and
# mistype `rtsp://` as `rtsp:/`. Hiding too much of an address harms less than too little.
# The lengths are bounded because the search begins anew at every word of a hostile text.
_CREDENTIALS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{0,40}:/{1,3})[^\s\"]{1,2000}@", re.I)
_BARE_CREDENTIALS = re.compile(r"(?P<before>[\s/\"'=(]|^)[^\s/:@\"'=(]{1,400}:[^\s/\"]{1,2000}@")
# Cameras write `user=admin_password=…` in paths, so an underscore ends a word here.
_SECRET_PAIR = re.compile(
    r"(?P<key>(?<![a-z])(?:pass(?:word|wd)?|pwd|loginpas|token|secret|api[_-]?key|authorization)"
    r"['\"]?\s*[=:]\s*)(?:(?:bearer|basic|digest)\s+)?['\"]?[^\s&'\",}]+",
    re.I,
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


ROTATED: Final = 3
"""Older files kept beside each log file."""
_MOST_CHARS: Final = 16_000
_NO_WORDS: Final = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class LogFiles:
    """Where log files go.

    Attributes:
        folder: is made if missing.
        most_bytes: of one process's files together.
    """

    folder: Path
    most_bytes: int

    def path(self, worker: str) -> Path:
        """The newest file of a process."""
        return self.folder / f"{_NO_WORDS.sub('-', worker.lower())}.log"


def scrub(text: str) -> str:
    """Hide user names and passwords in addresses, and values of secret-sounding keys."""
    text = _CREDENTIALS.sub(r"\g<scheme>***@", text)
    text = _BARE_CREDENTIALS.sub(r"\g<before>***@", text)
    return _SECRET_PAIR.sub(r"\g<key>***", text)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line; `extra` fields stand beside the message."""

    def __init__(self, worker: str) -> None:
        super().__init__()
        self._worker = worker

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object without line breaks."""
        without_data(record)
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "worker": self._worker,
            "area": record.name,
            "message": record.getMessage(),
        }
        fields |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        line = scrub(json.dumps(fields, ensure_ascii=False, default=str))
        return line if len(line) <= _MOST_CHARS else _shortened(fields)


class TextFormatter(logging.Formatter):
    """Formats a record for a person at a terminal."""

    def __init__(self, worker: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)-7s {worker}: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One readable line, followed by the traceback if there is one."""
        without_data(record)
        return scrub(super().format(record))[:_MOST_CHARS]


def _shortened(fields: dict[str, Any]) -> str:
    """A line that would be too long: the end of what is longest, a traceback, tells most."""
    most = _MOST_CHARS // 4
    told = {key: it if len(text := str(it)) <= most else f"…{text[-most:]}"
            for key, it in fields.items()}  # fmt: skip
    return scrub(json.dumps(told, ensure_ascii=False, default=str))[: 2 * _MOST_CHARS]


def without_data(record: logging.LogRecord) -> None:
    """Put the kind of a thing in the place of arrays and bytes: they may be somebody's picture."""
    if isinstance(record.args, tuple):
        record.args = tuple(_told(it) for it in record.args)
    for key, value in vars(record).items():
        if key not in _STANDARD:
            setattr(record, key, _told(value))


def _told(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)) or hasattr(value, "__array_interface__"):
        return f"<{type(value).__name__} not logged>"
    if isinstance(value, (list, tuple)) and len(value) > 64:
        return f"<{len(value)} values not logged>"
    return value


class _Rotating(RotatingFileHandler):
    """A full disk must not end, or slow down, whoever logs; standard error has warnings too."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Pass over."""


def start_logging(
    worker: str, *, level: str = "INFO", style: str = "json", files: LogFiles | None = None
) -> None:
    """Send this process's log records where they belong.

    Args:
        worker: the process's name, e.g. `capture:door`.
        level: smallest level kept.
        style: `json` for machines, `text` for a terminal.
        files: rotating files get all of it, and standard error warnings and errors only; None =
            standard error gets all.
    """
    formatter = JsonFormatter(worker) if style == "json" else TextFormatter(worker)
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if files is not None and (kept := _file_handler(worker, files)) is not None:
        handlers[0].setLevel(logging.WARNING)
        handlers.append(kept)
    for handler in handlers:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level)
    if sys.stderr is not None and hasattr(sys.stderr, "fileno"):
        _tell_crashes()


def _file_handler(worker: str, files: LogFiles) -> logging.Handler | None:
    try:
        files.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        return _Rotating(
            files.path(worker),
            maxBytes=max(64_000, files.most_bytes // (ROTATED + 1)),
            backupCount=ROTATED,
            encoding="utf-8",
        )
    except OSError as error:
        sys.stderr.write(f"no log file can be kept in {files.folder}: {error.strerror}\n")
        return None


def _tell_crashes() -> None:
    """A crash of native code leaves the places of the code on standard error, nothing else."""
    try:
        faulthandler.enable(sys.stderr, all_threads=False)
    except (OSError, ValueError, RuntimeError):
        return  # standard error is no file here
