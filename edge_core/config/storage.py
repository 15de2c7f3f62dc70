"""How much of the disk the store PC may use, and where it logs."""

from pathlib import Path

from pydantic import Field

from edge_core.config.base import Section


class StorageConfig(Section):
    """Limits of the folder of the ledger, and log files where somebody wants them.

    What is over the budget goes in a fixed order, the event ledger last; see
    `edge_core.service.storage`.
    """

    budget_mb: int = Field(
        default=20_000, ge=32, description="ledger, backups, redo log and log files together"
    )
    spare_mb: int = Field(
        default=200, ge=0, description="kept free on the disk by giving up what goes first"
    )
    logs: Path | None = Field(
        default=None,
        description="folder of log files, relative to the folder of site.toml; without it the log"
        " goes to standard error alone, which the journal keeps",
    )
    log_mb: int = Field(default=50, ge=2, description="all log files together")
