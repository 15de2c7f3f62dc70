"""The command line both screens share."""

import logging
import re
import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from edge_core.errors import PromenadeError
from edge_core.logs import start_logging
from edge_core.qt.app import TROUBLE_EXIT_CODE, ScreenOptions, ScreenProgram, run_screen

DEFAULT_URL: Final = "http://127.0.0.1:8460"


def screen_command(program: ScreenProgram) -> typer.Typer:
    """The command that opens this screen."""
    app = typer.Typer(add_completion=False, rich_markup_mode="rich")

    @app.command(
        help=f"Open the {program.kind} screen: a full-screen client of the edge service.\n\n"
        f"Example: [bold]promenade {program.kind} --screen {program.kind}-1 --fullscreen[/bold]"
    )
    def open_screen(
        url: Annotated[str, typer.Option(help="Address of the edge service.")] = DEFAULT_URL,
        screen: Annotated[
            str | None, typer.Option(help="Id in site.toml; else the first of its kind.")
        ] = None,
        size: Annotated[
            str, typer.Option(help="Size of the window in pixels.", metavar="WxH")
        ] = "1080x1920",
        position: Annotated[
            str | None, typer.Option(help="Where on the desktop the window opens.", metavar="X,Y")
        ] = None,
        fullscreen: Annotated[
            bool, typer.Option("--fullscreen", help="Cover the display, hide the pointer.")
        ] = False,
        language: Annotated[
            Literal["en", "zh"] | None, typer.Option(help="Else what site.toml says.")
        ] = None,
        zone: Annotated[
            str | None,
            typer.Option(
                help="Mirrors: the fitting room, or the place before it, whose garments it shows;"
                " else what site.toml says."
            ),
        ] = None,
        grab: Annotated[
            Path | None, typer.Option(help="Save a picture once live content shows, then end.")
        ] = None,
        after: Annotated[
            float, typer.Option(min=0, help="Seconds after which --grab waits no longer.")
        ] = 15.0,
        trial: Annotated[
            Literal["watched", "touched"] | None,
            typer.Option(hidden=True, help="Tell what `promenade bench screens` measures."),
        ] = None,
    ) -> None:
        options = ScreenOptions(
            url,
            screen,
            _size(size),
            fullscreen,
            language,
            grab,
            after,
            _position(position),
            zone,
            trial,
        )
        style = "text" if sys.stderr.isatty() or grab else "json"
        start_logging(program.kind, style=style)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request helps nobody
        try:
            code = run_screen(program, options)
        except PromenadeError as error:
            typer.echo(f"{error.message}\n{error.remedy}", err=True)
            code = TROUBLE_EXIT_CODE
        raise typer.Exit(code)

    return app


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})[xX×](\d{3,5})", text)
    if found is None:
        raise typer.BadParameter("write width x height, e.g. 1920x1080", param_hint="--size")
    return int(found[1]), int(found[2])


def _position(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(-?\d{1,5}),(-?\d{1,5})", text)
    if found is None:
        raise typer.BadParameter("write x,y in pixels, e.g. 600,40", param_hint="--position")
    return int(found[1]), int(found[2])
