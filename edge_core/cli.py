"""The `promenade` command. Each command is thin: it reads options and calls one function."""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from edge_core import __version__
from edge_core.config import load_site
from edge_core.errors import ConfigError, PromenadeError
from edge_core.logs import scrub, start_logging

app = typer.Typer(
    help="Live, anonymous knowledge of how people use a shop or a mall.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The models that are shipped.", no_args_is_help=True)
app.add_typer(models_app, name="models")

_out = Console()
_err = Console(stderr=True, soft_wrap=True, highlight=False)

EXIT_CONFIG = 2
EXIT_ENVIRONMENT = 3

SiteOption = Annotated[Path, typer.Option("--site", help="The site file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
LogOption = Annotated[
    Literal["json", "text"], typer.Option("--log", help="`json` for machines, `text` for people.")
]


def main() -> None:
    """Entry point: turns the environment's faults into a clear line and an exit code."""
    try:
        app()
    except ConfigError as error:
        _complain(str(error))
        sys.exit(EXIT_CONFIG)
    except PromenadeError as error:
        _complain(f"{error.message} {error.remedy}")
        sys.exit(EXIT_ENVIRONMENT)
    except OSError as error:
        if error.filename is None:  # no file a person named: a bug
            raise
        _complain(f"{error.filename}: {error.strerror}. Name another place, or free this one.")
        sys.exit(EXIT_ENVIRONMENT)


def _complain(text: str) -> None:
    _err.print(scrub(text), style="red", markup=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"promenade {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    pass


@app.command()
def edge(site: SiteOption = Path("site.toml"), log: LogOption = "json") -> None:
    """Run the edge service of a store PC until it is stopped.

    Example: [bold]promenade edge --site shop/site.toml[/bold]
    """
    from edge_core.dashboard import mount_dashboard
    from edge_core.service.engine import EdgeService

    config = load_site(site)
    start_logging("supervisor", style=log)
    folder = site.resolve().parent
    EdgeService(config, folder, log_style=log, add_pages=mount_dashboard).run()


def _screen(module: str, options: list[str]) -> None:
    """Run a screen as its own program: this process must not load Qt."""
    import subprocess

    sys.exit(subprocess.call([sys.executable, "-m", module, *options]))


_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_PASS_ON)
def kiosk(context: typer.Context) -> None:
    """Open the kiosk screen; `promenade kiosk --help` lists its options.

    Example: [bold]promenade kiosk --url http://127.0.0.1:8460 --fullscreen[/bold]
    """
    _screen("kiosk", context.args)


@app.command(context_settings=_PASS_ON)
def mirror(context: typer.Context) -> None:
    """Open the smart mirror; `promenade mirror --help` lists its options.

    Example: [bold]promenade mirror --url http://127.0.0.1:8460 --fullscreen[/bold]
    """
    _screen("mirror", context.args)


@app.command()
def demo(
    mall: Annotated[str, typer.Option(help="`mall` or `shop`.")] = "mall",
    headless: Annotated[bool, typer.Option("--headless", help="No windows; offscreen.")] = False,
    seconds: Annotated[float | None, typer.Option(min=10, help="Stop after this long.")] = None,
    out: Annotated[Path, typer.Option(help="Where summary.json and screenshots go.")] = Path(
        "demo-output"
    ),
    seed: Annotated[int, typer.Option(help="Same seed, same shoppers.")] = 1,
) -> None:
    """Run a simulated mall, the edge service and both screens with one command.

    Without a display it turns headless by itself.

    Example: [bold]promenade demo --headless --seconds 60 --out /tmp/demo[/bold]
    """
    from edge_core.service.demo import run_demo

    code = run_demo(
        mall_name=mall, headless=headless, seconds=seconds, out=out, seed=seed, console=_out
    )
    raise typer.Exit(code)


@app.command("check-config")
def check_config(site: SiteOption = Path("site.toml"), as_json: JsonOption = False) -> None:
    """Check a site file, tell every mistake in it, and show what it describes.

    Example: [bold]promenade check-config --site shop/site.toml[/bold]
    """
    from edge_core.service.check import site_summary

    try:
        config = load_site(site)
        summary = site_summary(config)
    except ConfigError as error:
        if not as_json:
            raise
        problems = [
            {"line": p.line, "key": p.key, "value": p.value, "reason": p.reason, "remedy": p.remedy}
            for p in error.problems
        ]
        typer.echo(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False))
        raise typer.Exit(EXIT_CONFIG) from None
    if as_json:
        typer.echo(json.dumps({"ok": True, **summary}, ensure_ascii=False))
        return
    table = Table(title=f"{config.site.name}: {site} is right", show_header=False, box=None)
    for name, value in summary.items():
        lines = value if isinstance(value, list) else [value]
        for index, line in enumerate(lines):
            table.add_row(name.replace("_", " ") if index == 0 else "", str(line))
    _out.print(table)


@app.command()
def replay(
    video: Annotated[list[Path], typer.Option(help="A video file; give it again for more.")],
    site: Annotated[
        Path | None, typer.Option(help="Site whose zones, lines and settings apply.")
    ] = None,
    mot: Annotated[Path | None, typer.Option(help="Write MOTChallenge tracks here.")] = None,
    as_json: JsonOption = False,
    log: LogOption = "text",
) -> None:
    """Run the whole pipeline on video files as fast as it goes and print what it counted.

    With --site, the n-th video stands for the site's n-th camera.

    Example: [bold]promenade replay --video door.mp4 --mot tracks.txt --json[/bold]
    """
    from edge_core.service.replay import replay_videos

    start_logging("replay", level="WARNING", style=log)
    config = load_site(site) if site else None
    with _progress() as bar:
        task = bar.add_task("frames", total=None)
        result = replay_videos(
            video, config, mot, on_progress=lambda done: bar.update(task, completed=done)
        )
    _print_result(result, as_json)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder for the videos and the truth.")],
    mall: Annotated[str, typer.Option(help="`mall` or `shop`, or a folder of your own.")] = "shop",
    seconds: Annotated[float, typer.Option(min=1, help="Length of the recording.")] = 60.0,
    fps: Annotated[float, typer.Option(min=1, max=30, help="Frames per second.")] = 10.0,
    seed: Annotated[int, typer.Option(help="Same seed, same shoppers.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Film simulated shoppers with simulated cameras; writes videos and ground truth.

    Example: [bold]promenade simulate --mall shop --seconds 120 --out /tmp/shop[/bold]
    """
    from edge_core.service.demo import mall_folder
    from edge_core.simulator import write_recording

    with _progress() as bar:
        task = bar.add_task("filming", total=1.0)
        recording = write_recording(
            mall_folder(mall),
            out,
            seconds,
            fps=fps,
            seed=seed,
            progress=lambda share: bar.update(task, completed=share),
        )
    result = {
        "site": str(recording.site),
        "videos": {camera: str(path) for camera, path in recording.videos.items()},
        "mot": {camera: str(path) for camera, path in recording.mot.items()},
        "truth": str(recording.truth),
        "frames": recording.frames,
    }
    _print_result(result, as_json)


@models_app.command("list")
def models_list(as_json: JsonOption = False) -> None:
    """List the models, what they need and under which licence they come.

    Example: [bold]promenade models list[/bold]
    """
    from edge_core.vision.models import list_models

    columns = ("name", "kind", "precision", "input_size_px", "licence", "data_terms", "card")
    rows = [spec.model_dump(mode="json") for spec in list_models()]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    _print_table(columns, rows)


@models_app.command("verify")
def models_verify(as_json: JsonOption = False) -> None:
    """Check every model file against its manifest and run each once.

    Example: [bold]promenade models verify[/bold]
    """
    from edge_core.service.check import verify_models

    rows = verify_models()
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        _print_table(("name", "state", "provider"), rows)
    if any(row["state"] != "ok" for row in rows):
        raise typer.Exit(EXIT_ENVIRONMENT)


DataOption = Annotated[Path, typer.Option("--data", help="Folder with the pictures and labels.")]


@models_app.command("train")
def models_train(
    model: Annotated[str, typer.Argument(help="`detector`.")],
    data: DataOption,
    out: Annotated[Path, typer.Option(help="Checkpoints, curve and models go here.")] = Path(
        "training-run"
    ),
    network: Annotated[str, typer.Option(help="`person-s` or `person-m`.")] = "person-s",
    start: Annotated[
        Path | None, typer.Option(help="FP32 ONNX file of the same network to start from.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint.")] = False,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Train a model from data; needs the extra `train`.

    Example: [bold]promenade models train detector --data data --out run[/bold]
    """
    from edge_core.training import require_extra
    from edge_core.training.progress import shown

    if model != "detector":
        raise typer.BadParameter("only `detector` has a recipe so far", param_hint="MODEL")
    require_extra("torch", "onnx", "openvino")
    from edge_core.training.detector import train_detector

    with shown(_err) as say:
        result = train_detector(
            data,
            out,
            name=network,
            start=start,
            resume=resume,
            threads=threads,
            say=say,
        )
    _print_result(result, as_json)


@models_app.command("eval")
def models_eval(
    name: Annotated[str, typer.Argument(help="A shipped detector, an ONNX file, or `teachers`.")],
    data: DataOption,
    size_px: Annotated[int | None, typer.Option("--size", help="Long side of the input.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Score a detector on held-out pictures, surveillance frames and simulated frames.

    Example: [bold]promenade models eval person-s-int8 --data data --json[/bold]
    """
    from edge_core.training.judging import evaluate_detector
    from edge_core.training.progress import shown

    with shown(_err) as say:
        result = evaluate_detector(name, data, size_px=size_px, say=say)
    _print_result(result, as_json)


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which; all when none is named.")
    ] = None,
    as_json: JsonOption = False,
    listing: Annotated[bool, typer.Option("--list", help="Only say what there is.")] = False,
) -> None:
    """Measure speed and memory; ratios come from the same run on the same machine.

    Example: [bold]promenade bench transport detector --json[/bold]
    """
    from edge_core.bench import BENCHMARKS, run_benchmarks

    if listing:
        for name, benchmark in BENCHMARKS.items():
            _out.print(f"{name}: {benchmark.about}")
        return
    unknown = [name for name in names or () if name not in BENCHMARKS]
    if unknown:
        known = ", ".join(BENCHMARKS)
        raise typer.BadParameter(f"no benchmark `{unknown[0]}`; there are: {known}")
    logging.disable(logging.WARNING)
    rows = run_benchmarks(names or list(BENCHMARKS))
    if as_json:
        typer.echo(json.dumps(rows))
        return
    _print_table(("name", "value", "unit", "baseline", "ratio", "n"), rows)
    if rows:
        _out.print(f"machine: {rows[0]['machine']}")


def _print_table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(box=None)
    for column in columns:
        number = column in ("value", "ratio", "n")
        table.add_column(column, justify="right" if number else "left", no_wrap=number)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    _out.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.6g}"))
    return Progress(*columns, TimeRemainingColumn(), console=_err, transient=True)


def _print_result(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result))
        return
    for name, value in result.items():
        _out.print(f"{name.replace('_', ' '):>20}  {value}")
