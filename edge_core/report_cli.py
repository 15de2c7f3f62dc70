"""`promenade report …`: what the figures are worth."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from edge_core.errors import PromenadeError
from edge_core.terminal import OUT, JsonOption, print_table

report_app = typer.Typer(
    help="Reports on what was counted.", no_args_is_help=True, rich_markup_mode="rich"
)


@report_app.callback()
def _root() -> None:
    pass


@report_app.command()
def audit(
    site: Annotated[Path, typer.Option("--site", help="The site file.")] = Path("site.toml"),
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the site; today.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=31, help="So many days up to it.")] = 1,
    tolerance_s: Annotated[
        float, typer.Option("--tolerance", min=0.5, max=30, help="Seconds between two times.")
    ] = 3.0,
    simulated: Annotated[
        int | None, typer.Option(help="Judge a simulated day with this seed instead.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Let the running service correct by these rates.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """How good the counts are, by tallies of two people at the door; no video is needed.

    Tally on phones at the service's page /audit: everybody who crosses, or walks of your own,
    which tell how often one person is taken for two or two for one. F1 tells events, "total" the
    netted count; the observers' agreement says how far either can be trusted.

    Example: [bold]promenade report audit --site shop/site.toml --days 2 --json[/bold]
    """
    from edge_core.service.audit_report import AuditReport, audit_ledger

    report: AuditReport
    if simulated is not None:
        from edge_core.bench.counts import audit_simulated

        if keep:
            raise typer.BadParameter("rates of a simulation correct nothing", param_hint="--keep")
        report = audit_simulated(simulated, tolerance_s)
    else:
        last = day.date() if day is not None else None
        report = audit_ledger(site, last, timedelta(days=days), tolerance_s)
    if keep:
        _keep(report, site)
    if as_json:
        typer.echo(json.dumps(_plain(report), ensure_ascii=False))
        return
    _print(report)


def _keep(report: Any, site: Path) -> None:
    from edge_core.service.client import EdgeClient, address_of_service
    from edge_core.service.visits_schema import RatesView

    if not report.rates:
        raise PromenadeError(
            "There are no rates to keep.",
            "Tally at /audit first: an hour by two people, and thirty test walks or more.",
        )
    names = ("duplicates", "clusters", "absorbed", "persons", "source")
    with EdgeClient(address_of_service(site)) as client:
        for of, rates in report.rates.items():
            told = {name: getattr(rates, name) for name in names}
            client.keep_rates(RatesView(of=of, **told))


def _plain(report: Any) -> dict[str, Any]:
    told: dict[str, Any] = asdict(report)
    for of, rates in report.rates.items():
        told["rates"][of] |= {"split": round(rates.split, 4), "merged": round(rates.merged, 4)}
    for judged, row in zip(report.lines, told["lines"], strict=True):
        row["events"] |= {"f1": judged.events.f1}
    dates = {name: it.isoformat() for name, it in told.items() if isinstance(it, date)}
    return told | dates


def _print(report: Any) -> None:
    if not report.lines and not report.rates:
        OUT.print("Nothing was tallied. Open /audit on two phones, and tally at the same line.")
        return
    print_table(
        ("line", "way", "min", "tallied", "counted", "F1", "total", "recall", "precision",
         "observers agree", "disputed"),
        [_row(it) for it in report.lines],
    )  # fmt: skip
    for of, it in report.rates.items():
        false, missed = _WORDS[of]
        OUT.print(
            f"{of}: {it.duplicates} of {it.clusters} {false} ({it.split:.1%}),"
            f" {it.absorbed} of {it.persons} {missed} ({it.merged:.1%}); by {it.source}"
        )
    OUT.print(report.note)


_WORDS: Final = {
    "entries": ("counted never happened", "were missed"),
    "exits": ("counted never happened", "were missed"),
    "identity": ("clusters duplicate somebody", "people have none of their own"),
}


def _row(it: Any) -> dict[str, Any]:
    return {
        "line": it.line_id,
        "way": it.direction,
        "min": round(it.minutes),
        "tallied": " / ".join(f"{name} {n}" for name, n in zip(it.observers, it.tallied,
                                                               strict=True)),
        "counted": it.counted,
        "F1": _interval(it.f1),
        "total": _interval(it.netted),
        "recall": _interval(it.recall),
        "precision": _interval(it.precision),
        "observers agree": "-" if it.agreement is None else f"{it.agreement:.1%}",
        "disputed": it.disputed,
    }  # fmt: skip


def _interval(told: tuple[float, float, float] | None) -> str:
    return "-" if told is None else f"{told[0]:.1%} ({told[1]:.1%}-{told[2]:.1%})"
