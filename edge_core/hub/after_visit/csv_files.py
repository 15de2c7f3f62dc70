"""Records as tables: files in a folder, or what somebody takes on the chain's page."""

import os
from datetime import UTC, datetime
from pathlib import Path

from edge_core.clock import Clock
from edge_core.dashboard.exports.csv_text import csv_text
from edge_core.errors import PromenadeError
from edge_core.hub.after_visit.records import COLUMNS, MessageRecord
from edge_core.hub.after_visit.webhook import Outcome
from edge_core.units import NS_PER_S


def records_csv(records: list[MessageRecord]) -> str:
    """A table with a head; ids are unique, so a row that comes twice is known by its id."""
    return csv_text([COLUMNS, *(record.as_row() for record in records)])


class CsvFolder:
    """Lays each record into a folder, as a file of its own that is whole once its name is there.

    Args:
        folder: made if missing, for its owner alone.
        clock: names the files.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def deliver(self, record: MessageRecord) -> Outcome:
        """See `Connector`. Raises PromenadeError when the folder cannot be written."""
        at = datetime.fromtimestamp(self._clock.utc_ns() / NS_PER_S, UTC)
        path = self._folder / f"{record.kind}-{at:%Y%m%dT%H%M%SZ}-{record.id}.csv"
        draft = path.with_name(f".{path.name}.draft")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(records_csv([record]))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise PromenadeError(
                f"Messages cannot be laid into {self._folder}: {error.strerror}.",
                "Let the hub's user write there.",
            ) from None
        return Outcome.DELIVERED

    def close(self) -> None:
        """Nothing is held."""
