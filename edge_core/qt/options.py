"""The command line both screens share; argparse, for typer costs a start a tenth of a second."""

import argparse
import logging
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edge_core.errors import PromenadeError
from edge_core.logs import start_logging
from edge_core.qt.app import TROUBLE_EXIT_CODE, ScreenOptions, ScreenProgram, run_screen

DEFAULT_URL: Final = "http://127.0.0.1:8460"


def screen_command(program: ScreenProgram, arguments: Sequence[str] | None = None) -> int:
    """Open this screen as a command line says, and stay until it ends.

    Args:
        program: kiosk or mirror.
        arguments: None for those of the process.

    Returns:
        Exit code, see `run_screen`.

    Raises:
        SystemExit: help was asked for, or an argument is wrong.
    """
    given = _parser(program.kind).parse_args(arguments)
    options = ScreenOptions(
        given.url, given.screen, given.size, given.fullscreen, given.language, given.grab,
        given.after, given.position, given.zone, given.trial,
    )  # fmt: skip
    start_logging(program.kind, style="text" if sys.stderr.isatty() or given.grab else "json")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request helps nobody
    try:
        return run_screen(program, options)
    except PromenadeError as error:
        sys.stderr.write(f"{error.message}\n{error.remedy}\n")
        return TROUBLE_EXIT_CODE


def _parser(kind: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"promenade {kind}",
        description=f"Open the {kind} screen: a full-screen client of the edge service.",
        epilog=f"Example: promenade {kind} --screen {kind}-1 --fullscreen",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--url", default=DEFAULT_URL, help="Address of the edge service. [%(default)s]")
    add("--screen", metavar="ID", help="Id in site.toml; else the first of its kind.")
    add("--size", type=_size, default=(1080, 1920), metavar="WxH",
        help="Size of the window in pixels. [1080x1920]")  # fmt: skip
    add("--position", type=_position, metavar="X,Y", help="Where on the desktop it opens.")
    add("--fullscreen", action="store_true", help="Cover the display, hide the pointer.")
    add("--language", choices=("en", "zh"), help="Else what site.toml says.")
    add("--zone", help="Mirrors: the fitting room, or the place before it, whose garments it"
        " shows; else what site.toml says.")  # fmt: skip
    add("--grab", type=Path, metavar="FILE",
        help="Save a picture once live content shows, then end.")  # fmt: skip
    add("--after", type=_seconds, default=15.0, metavar="SECONDS",
        help="Seconds after which --grab waits no longer. [%(default)s]")  # fmt: skip
    add("--trial", choices=("watched", "touched"), help=argparse.SUPPRESS)
    return parser


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})[xX×](\d{3,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError("write width x height, e.g. 1920x1080")
    return int(found[1]), int(found[2])


def _position(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(-?\d{1,5}),(-?\d{1,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError("write x,y in pixels, e.g. 600,40")
    return int(found[1]), int(found[2])


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d*)?", text):
        raise argparse.ArgumentTypeError("write seconds, e.g. 15")
    return float(text)
