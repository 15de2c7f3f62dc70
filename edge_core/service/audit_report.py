"""The accuracy audit of a site's ledger, or of a simulated day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.analytics.audit import Judged, judge, shifts_of
from edge_core.analytics.matching import Events
from edge_core.analytics.unique import AuditRates, crossing_rates
from edge_core.analytics.walks import rates_from_walks, walks_of
from edge_core.config import load_site
from edge_core.errors import LedgerError
from edge_core.ledger import LedgerReader, day_bounds_utc_ns
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

_AROUND_NS: Final = 3600 * NS_PER_S
TALLIED: Final = (
    "Judged by what both observers tell; what only one of them tells is disputed and counts"
    " neither way. Intervals 95 %: F1 and total by drawing minutes anew, shares by Wilson."
)
SIMULATED: Final = (
    "A simulated day, judged by its truth; it says how the parts work together and nothing of a"
    " real door. Intervals 95 %, as for tallies."
)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found.

    Attributes:
        first, last: days of the site; None for a simulation.
        lines: the counter by line and direction.
        rates: what figures can be corrected by: of `entries` and `exits` by what was tallied at
            the entrances, of `identity` by test walks; what was not audited is missing.
        note: how it was judged.
    """

    first: date | None
    last: date | None
    lines: tuple[Judged, ...]
    rates: dict[str, AuditRates]
    note: str


def audit_ledger(
    site_path: Path, last: date | None, span: timedelta, tolerance_s: float
) -> AuditReport:
    """Judge what was tallied at a site; the service may run meanwhile.

    Args:
        site_path: site.toml.
        last: the last day; today when None.
        span: how many days up to it.
        tolerance_s: two times of one crossing are at most so far apart.

    Raises:
        ConfigError: site.toml is wrong.
        LedgerError: there is no ledger yet, or it cannot be read.
    """
    config = load_site(site_path)
    timezone = ZoneInfo(config.site.timezone)
    path = site_path.resolve().parent / config.service.ledger
    if not path.exists():
        raise LedgerError(f"There is no ledger {path} yet.", "Start the edge service once.")
    last = last or datetime.now(timezone).date()
    first = last - span + timedelta(days=1)
    start, end = day_bounds_utc_ns(first, timezone)[0], day_bounds_utc_ns(last, timezone)[1]
    with LedgerReader(path) as reader:

        def told(kind: EventKind, late_ns: int = _AROUND_NS) -> list[Event]:
            stored = reader.events_between(kind, start - _AROUND_NS, end + late_ns)
            return [it.event for it in stored]

        tallies = [it.event for it in reader.events_between(EventKind.TALLY, start, end)]
        lines = judge(shifts_of(tallies), told(EventKind.CROSSING), tolerance_s)
        walks = walks_of(tallies)
        walked = rates_from_walks(walks, told(EventKind.VISIT)) if walks else None
    entrances = {line.id for line in config.lines if line.entrance}
    rates = rates_at([it for it in lines if it.line_id in entrances], "tallies")
    rates |= {"identity": walked} if walked is not None else {}
    return AuditReport(first, last, tuple(lines), rates, TALLIED)


def rates_at(entrances: Sequence[Judged], source: str) -> dict[str, AuditRates]:
    """False and missed crossings of all entrances together, by direction."""
    found = {}
    for of, way in (("entries", "in"), ("exits", "out")):
        events = [it.events for it in entrances if it.direction == way]
        rates = crossing_rates(sum(events, Events(0, 0, 0)), source)
        if rates is not None:
            found[of] = rates
    return found
