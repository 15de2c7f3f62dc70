"""`promenade doctor --chaos` and `--soak`: what they print."""

import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import typer
from rich.table import Table

from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.chaos.soak import soak
from edge_core.chaos.trials import FULL, NAMES, SMALL, run_trials
from edge_core.terminal import ERR, EXIT_REFUSED, OUT

_COLOURS = {Verdict.KEPT: "green", Verdict.BROKEN: "red", Verdict.SKIPPED: "yellow"}


def run_chaos(only: list[str], *, small: bool, seed: int, as_json: bool) -> None:
    """Run the trials and print their table; exit code 1 when a promise was broken.

    Args:
        only: names of trials; all when empty.
        small: do little of each.
        seed: draws moments and places.
        as_json: print JSON for a machine.
    """
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise typer.BadParameter(f"no fault `{unknown[0]}`; there are: {', '.join(NAMES)}")
    names, outcomes = tuple(only) or NAMES, list[Outcome]()
    # Told to end, it takes the private service and its disk away first, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    ERR.print("A private copy of the service is started; this site is not touched.", markup=False)
    for outcome in run_trials(names, SMALL if small else FULL, seed):
        outcomes.append(outcome)
        ERR.print(f"{outcome.verdict.value:7}  {outcome.name}: {outcome.measured}", markup=False,
                  style=_COLOURS[outcome.verdict])  # fmt: skip
    _tell(outcomes, as_json=as_json)


def run_soak(hours: float, rate: float, *, seed: int, as_json: bool, log: Path | None) -> None:
    """Play hours of trade and tell the memory of each process; see `run_chaos`."""
    _tell([soak(hours=hours, rate=rate, seed=seed, checkpoint=log)], as_json=as_json)


def _tell(outcomes: list[Outcome], *, as_json: bool) -> None:
    kept = all(it.verdict is not Verdict.BROKEN for it in outcomes)
    if as_json:
        rows = [asdict(it) for it in outcomes]
        typer.echo(json.dumps({"ok": kept, "trials": rows}, ensure_ascii=False))
    else:
        table = Table(show_lines=True)
        for column in ("fault", "promise", "measured", "", "s"):
            table.add_column(column)
        for it in outcomes:
            verdict = f"[{_COLOURS[it.verdict]}]{it.verdict.value}[/]"
            table.add_row(it.fault, it.promise, it.measured, verdict, f"{it.seconds:.0f}")
        OUT.print(table)
    if not kept:
        raise typer.Exit(EXIT_REFUSED)
