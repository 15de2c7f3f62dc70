"""A process that appends to a ledger until it is killed: what the power cut's trial cuts.

`python -m edge_core.chaos.power_writer FOLDER JOURNAL SEED` with the ledger in FOLDER. It is the
real ledger in an unchanged process, but for `WriteJournal`, which notes what reaches the disk.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from edge_core.chaos.facts import FIRST_NS, fact
from edge_core.chaos.write_journal import WriteJournal
from edge_core.ledger import Ledger
from edge_core.units import NS_PER_S

LEDGER: Final = "promenade.db"
_BACKUP_EVERY: Final = 60
_DELETE_EVERY: Final = 45


def write_until_killed(folder: Path, journal_path: Path, seed: int) -> None:
    """Append, back up and delete old events; acknowledge after each has returned."""
    journal = WriteJournal(folder, journal_path)
    rng, number, turns = Random(seed), 0, 0
    at = datetime(2026, 5, 1, tzinfo=UTC)
    with Ledger(folder / LEDGER) as ledger:
        while True:
            size = rng.choice((1, 1, 2, 5, 40))
            ledger.append([fact(number + ahead) for ahead in range(size)])
            number += size
            journal.acknowledge(f"kept {number}")
            turns += 1
            if turns % _BACKUP_EVERY == 0:
                ledger.back_up(at + timedelta(seconds=turns))
            if turns % _DELETE_EVERY == 0:
                gone_s = number // 8
                ledger.delete_older_than(FIRST_NS + gone_s * NS_PER_S)
                journal.acknowledge(f"gone {gone_s // 60 * 60}")


if __name__ == "__main__":
    write_until_killed(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
