"""Proof of deletions and counts of choices, read from a site's ledger and checked."""

from pathlib import Path
from typing import Any

from edge_core.config import SiteConfig
from edge_core.ledger import LedgerReader, broken_at
from edge_core.ledger.proofs import NS_PER_HOUR
from edge_core.service.views import utc_from_ns


def proofs_of(site: SiteConfig, site_file: Path) -> dict[str, Any]:
    """What the ledger tells of deletions and choices; may run beside the service.

    Returns:
        `ok`, `fault` (what is wrong, or ""), `deletions` and `consents` (hours with fewer people
        than the site's smallest group do not tell how many).

    Raises:
        LedgerError: there is no readable ledger.
    """
    with LedgerReader(site_file.resolve().parent / site.service.ledger) as reader:
        chain, consents = reader.deletions(), reader.consents()
        oldest_ns = max((it.older_than_utc_ns for it in chain), default=0)
        again = reader.rows("SELECT count(*) FROM events WHERE utc_ns < ?", (oldest_ns,))[0][0]
    place = broken_at(chain)
    fault = ""
    if place is not None:
        fault = f"Entry {place + 1} was changed, or the one before it is missing."
    elif again:
        fault = f"{again} events are older than what was deleted last."
    least = site.privacy.minimum_group
    return {
        "ok": not fault,
        "fault": fault,
        "deletions": [
            {
                "at": utc_from_ns(it.utc_ns).isoformat(timespec="seconds"),
                "older than": utc_from_ns(it.older_than_utc_ns).isoformat(timespec="minutes"),
                "rows": sum(it.counts.values()),
                "left": it.left_over,
                "wiped": it.overwritten and it.folded,
                "backups": it.in_backups,
                "counts": dict(it.counts),
                "digest": it.digest,
            }
            for it in chain
        ],
        "consents": [
            {
                "hour": utc_from_ns(it.hour * NS_PER_HOUR).isoformat(timespec="minutes"),
                "screen": it.screen,
                "text": it.text,
                "choice": it.choice,
                "people": it.people if it.people >= least else f"under {least}",
            }
            for it in consents
        ],
    }
