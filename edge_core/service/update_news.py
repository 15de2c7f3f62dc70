"""What the updater left to be told of new versions."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from edge_core.config import UpdatesConfig
from edge_core.service.schema import UpdatesHealth
from edge_core.service.views import utc_from_ns
from edge_core.updates.layout import Layout, install_root
from edge_core.updates.state import StateFile

TOLD_FOR: Final = timedelta(days=7)
"""How long it is told that a version was taken back."""


def updates_health(
    settings: UpdatesConfig, now_utc_ns: int, root: Path | None = None
) -> UpdatesHealth | None:
    """How it stands with new versions on this machine; None for a site without a channel.

    Args:
        settings: the site's.
        now_utc_ns: the moment.
        root: where Promenade is installed; see `install_root`.
    """
    if not settings.url:
        return None
    state = StateFile(Layout(root or install_root()).folder).load()
    at = state.returned_at
    lately = at is not None and utc_from_ns(now_utc_ns) - at < TOLD_FOR
    return UpdatesHealth(
        phase=state.phase,
        offered=state.offered,
        checked_at=state.checked_at,
        problem=state.problem,
        refused=state.refused,
        returned=state.returned if lately else "",
        bad=sorted(state.bad),
        pinned=state.pinned,
    )
