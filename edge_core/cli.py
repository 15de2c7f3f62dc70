"""The `promenade` command. Each command is thin: it reads options and calls one function."""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from edge_core import __version__
from edge_core.config import load_site
from edge_core.coupon_cli import till_key, till_page, till_redemptions, verify_coupon
from edge_core.enrol_cli import enrol
from edge_core.errors import ConfigError, PromenadeError
from edge_core.hub_cli import hub_app
from edge_core.logs import scrub, start_logging
from edge_core.models_cli import models_app
from edge_core.password_cli import password, pin
from edge_core.privacy_cli import privacy_app
from edge_core.programs import command_of, is_installed
from edge_core.report_cli import report_app
from edge_core.setup_cli import setup
from edge_core.terminal import (
    ERR,
    EXIT_CONFIG,
    EXIT_ENVIRONMENT,
    OUT,
    JsonOption,
    print_result,
    print_table,
    progress,
)
from edge_core.till_cli import till_app
from edge_core.updates_cli import updates_app

app = typer.Typer(
    help="Live, anonymous knowledge of how people use a shop or a mall.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(models_app, name="models")
app.add_typer(till_app, name="till")
app.command("verify-coupon")(verify_coupon)
till_app.command("key")(till_key)
till_app.command("page")(till_page)
till_app.command("redemptions")(till_redemptions)
app.command()(password)
app.command()(pin)
app.add_typer(report_app, name="report")
app.add_typer(hub_app, name="hub")
app.add_typer(privacy_app, name="privacy")
app.add_typer(updates_app, name="updates")
app.command()(enrol)
app.command()(setup)

SiteOption = Annotated[Path, typer.Option("--site", help="The site file.")]
LogOption = Annotated[
    Literal["json", "text"], typer.Option("--log", help="`json` for machines, `text` for people.")
]


_FOR_DEVELOPERS = ("edge_core.bench", "edge_core.training", "torch", "onnx", "openvino")
"""Modules that stay out of installations."""


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
    except ModuleNotFoundError as error:
        if not is_installed() or not str(error.name).startswith(_FOR_DEVELOPERS):
            raise
        _complain(
            f"An installed Promenade has no {error.name}: measuring and training are for"
            " developers. Use this command in the source tree."
        )
        sys.exit(EXIT_ENVIRONMENT)
    except OSError as error:
        if error.filename is None:  # no file a person named: a bug
            raise
        _complain(f"{error.filename}: {error.strerror}. Name another place, or free this one.")
        sys.exit(EXIT_ENVIRONMENT)


def _complain(text: str) -> None:
    ERR.print(scrub(text), style="red", markup=False)


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
    from edge_core.service.engine import EdgeService, log_files

    config = load_site(site)
    start_logging("supervisor", style=log, files=log_files(config, site.resolve().parent))
    EdgeService(config, site, log_style=log, add_pages=mount_dashboard).run()


def _screen(module: Literal["kiosk", "mirror"], options: list[str]) -> None:
    """Run a screen as its own program: this process must not load Qt."""
    import subprocess

    sys.exit(subprocess.call([*command_of(module), *options]))


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
    mall: Annotated[str, typer.Option(help="`mall` or `shop`.")] = "shop",
    headless: Annotated[bool, typer.Option("--headless", help="No windows; offscreen.")] = False,
    seconds: Annotated[float | None, typer.Option(min=10, help="Stop after this long.")] = None,
    out: Annotated[Path, typer.Option(help="Where summary.json and screenshots go.")] = Path(
        "demo-output"
    ),
    seed: Annotated[int, typer.Option(help="Same seed, same shoppers.")] = 1,
) -> None:
    """Run a simulated shop or mall, the edge service and both screens with one command.

    The shop has RFID readers too: garments, who handled them, a till and what the mirror shows.

    Without a display it turns headless by itself.

    Example: [bold]promenade demo --headless --seconds 60 --out /tmp/demo[/bold]
    """
    from edge_core.service.demo import run_demo

    code = run_demo(
        mall_name=mall, headless=headless, seconds=seconds, out=out, seed=seed, console=OUT
    )
    raise typer.Exit(code)


@app.command("check-config")
def check_config(site: SiteOption = Path("site.toml"), as_json: JsonOption = False) -> None:
    """Check a site file, tell every mistake in it, and show what it describes.

    Example: [bold]promenade check-config --site shop/site.toml[/bold]
    """
    from edge_core.service.check import (
        directory_summary,
        offers_summary,
        read_products,
        site_summary,
    )

    try:
        config = load_site(site)
        summary = site_summary(config)
        folder = site.resolve().parent
        summary |= directory_summary(config, folder)
        summary |= offers_summary(config, folder)
        products = len(read_products(config, folder))
        if config.service.products is not None:
            summary["products"] = f"{products} in {config.service.products}"
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
    OUT.print(table)


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
    with progress() as bar:
        task = bar.add_task("frames", total=None)
        result = replay_videos(
            video, config, mot, on_progress=lambda done: bar.update(task, completed=done)
        )
    print_result(result, as_json)


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

    with progress() as bar:
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
    print_result(result, as_json)


@app.command()
def doctor(
    site: SiteOption = Path("site.toml"),
    as_json: JsonOption = False,
    chaos: Annotated[
        bool, typer.Option("--chaos", help="Inflict faults on a private copy of the service.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="With --chaos: this fault alone; give it again.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="With --chaos: little of each.")] = False,
    soak_hours: Annotated[
        float | None,
        typer.Option("--soak", min=0.01, help="Play so many hours of trade; watch the memory."),
    ] = None,
    rate: Annotated[float, typer.Option(min=1, max=200, help="With --soak: times as fast.")] = 20.0,
    soak_log: Annotated[
        Path | None, typer.Option(help="With --soak: a file told of the state meanwhile.")
    ] = None,
    seed: Annotated[int, typer.Option(help="With --chaos or --soak: draws what is drawn.")] = 1,
) -> None:
    """Test the settings, clock, disk, models, cameras and readers of a store PC.

    It changes nothing and may run beside the edge service. With --chaos a private copy of the
    service, on a temporary folder and simulated cameras, is hurt in every way a shop knows.

    Example: [bold]promenade doctor --site shop/site.toml[/bold]

    Example: [bold]promenade doctor --chaos --only disk-filled[/bold]
    """
    if chaos or soak_hours is not None:
        from edge_core.chaos_cli import run_chaos, run_soak

        start_logging("doctor", level="ERROR", style="text")
        if soak_hours is not None:
            run_soak(soak_hours, rate, seed=seed, as_json=as_json, log=soak_log)
        else:
            run_chaos(only or [], small=small, seed=seed, as_json=as_json)
        return
    from edge_core.service.doctor import examine
    from edge_core.service.findings import Verdict

    colours = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}
    findings = []
    for finding in examine(site):
        findings.append(finding)
        if not as_json:
            OUT.print(str(finding), style=colours[finding.verdict], markup=False, soft_wrap=True)
    well = all(finding.verdict is not Verdict.FAILED for finding in findings)
    if as_json:
        rows = [asdict(finding) for finding in findings]
        typer.echo(json.dumps({"ok": well, "findings": rows}, ensure_ascii=False))
    if not well:
        raise typer.Exit(EXIT_ENVIRONMENT)


@app.command("simulate-reader")
def simulate_reader(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 = any free one.")] = 5084,
    tags: Annotated[int, typer.Option(min=1, max=5000, help="Garments on its rails.")] = 24,
    seed: Annotated[int, typer.Option(help="Same seed, same shop.")] = 1,
) -> None:
    """Serve a simulated RFID reader, with people taking garments, until Ctrl-C.

    Example: [bold]promenade simulate-reader --port 5084 --tags 40[/bold]
    """
    from edge_core.simulator.rfid import serve_reader

    def ready(number: int) -> None:
        OUT.print(f"LLRP reader at {host}:{number} with {tags} tags. Press Ctrl-C to end.")

    serve_reader(host, port, tags=tags, seed=seed, on_ready=ready)


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which; all when none is named.")
    ] = None,
    as_json: JsonOption = False,
    listing: Annotated[bool, typer.Option("--list", help="Only say what there is.")] = False,
    data: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Folder with the teachers, for `vision`."),
    ] = None,
    soak: Annotated[
        float | None, typer.Option(min=0.5, help="Minutes of simulated use, for `screens`.")
    ] = None,
) -> None:
    """Measure speed and memory; ratios come from the same run on the same machine.

    Example: [bold]promenade bench transport vision --data data --json[/bold]
    """
    from edge_core.bench import BENCHMARKS, run_benchmarks

    if listing:
        for name, benchmark in BENCHMARKS.items():
            OUT.print(f"{name}: {benchmark.about}")
        return
    unknown = [name for name in names or () if name not in BENCHMARKS]
    if unknown:
        known = ", ".join(BENCHMARKS)
        raise typer.BadParameter(f"no benchmark `{unknown[0]}`; there are: {known}")
    logging.disable(logging.WARNING)
    rows = run_benchmarks(
        names or list(BENCHMARKS),
        data,
        note=lambda line: ERR.print(line, markup=False),
        soak_s=None if soak is None else 60 * soak,
    )
    if as_json:
        typer.echo(json.dumps(rows))
        return
    print_table(("name", "value", "unit", "baseline", "ratio", "n"), rows)
    if rows:
        OUT.print(f"machine: {rows[0]['machine']}")
