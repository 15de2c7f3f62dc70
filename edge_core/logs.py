"""Structured logs: one JSON object a line on standard error, secrets scrubbed."""

import json
import logging
import re
import sys
import time
from typing import Any

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
        return scrub(json.dumps(fields, ensure_ascii=False, default=str))


class TextFormatter(logging.Formatter):
    """Formats a record for a person at a terminal."""

    def __init__(self, worker: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)-7s {worker}: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One readable line, followed by the traceback if there is one."""
        return scrub(super().format(record))


def start_logging(worker: str, *, level: str = "INFO", style: str = "json") -> None:
    """Send this process's log records to standard error.

    Args:
        worker: the process's name, e.g. `capture:door`.
        level: smallest level kept.
        style: `json` for machines, `text` for a terminal.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(worker) if style == "json" else TextFormatter(worker))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
