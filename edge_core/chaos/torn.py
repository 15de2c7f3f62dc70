"""A ledger torn at random bytes: found when it is opened, restored, and compared event by event."""

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from edge_core.chaos.facts import contents, fact, told_of
from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.errors import LedgerError
from edge_core.ledger import Ledger

LEDGER: Final = "promenade.db"
BEFORE_BACKUP: Final = 1500
AFTER_BACKUP: Final = 700
PROMISE: Final = (
    "found when the ledger is opened, restored from the newest sound backup and the redo log;"
    " nothing acknowledged is lost or altered"
)
_HOW: Final = ("a few bytes", "a block of 512 bytes", "a page of zeros", "the end cut off", "many")


@dataclass(slots=True)
class TornTally:
    """What all trials showed."""

    trials: int = 0
    noticed: int = 0
    lost: int = 0
    altered: int = 0
    unopened: int = 0
    harmless: int = 0
    silent: int = 0


def database_torn(*, trials: int, seed: int) -> Outcome:
    """The trial."""
    began, rng, tally = time.monotonic(), Random(seed), TornTally()
    with TemporaryDirectory(prefix="promenade-torn-") as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        _make(whole)
        for number in range(trials):
            copy = Path(folder) / "copy"
            shutil.copytree(whole, copy)
            tear(copy / LEDGER, _HOW[number % len(_HOW)], rng)
            look_at(copy, tally)
            shutil.rmtree(copy)
    each = BEFORE_BACKUP + AFTER_BACKUP
    measured = (
        f"{tally.noticed} of {trials} found and restored, {tally.harmless} had no effect;"
        f" {tally.lost} lost, {tally.altered} altered of {each * trials:,} acknowledged"
    )
    if tally.silent:
        measured += f" ({tally.silent} trials changed something without being found)"
    kept = not (tally.lost or tally.altered or tally.unopened)
    return Outcome(
        "database-torn",
        "database torn: the ledger's file overwritten with random bytes, blocks or zeros at random"
        " places, or cut short",
        PROMISE,
        measured,
        Verdict.KEPT if kept else Verdict.BROKEN,
        round(time.monotonic() - began, 1),
        {"trials": trials, "restored": tally.noticed, "lost": tally.lost, "altered": tally.altered,
         "silent": tally.silent, "unopened": tally.unopened},
    )  # fmt: skip


def _make(folder: Path) -> None:
    """A ledger with a backup in the middle of its life, closed in good order."""
    with Ledger(folder / LEDGER) as ledger:
        for first in range(0, BEFORE_BACKUP, 50):
            ledger.append([fact(number) for number in range(first, first + 50)])
        ledger.back_up(datetime(2026, 1, 2, tzinfo=UTC))
        for first in range(BEFORE_BACKUP, BEFORE_BACKUP + AFTER_BACKUP, 7):
            ledger.append([fact(number) for number in range(first, first + 7)])


def tear(path: Path, how: str, rng: Random) -> None:
    """Damage a file as `_HOW` tells."""
    size = path.stat().st_size
    content = bytearray(path.read_bytes())
    for _ in range(rng.randrange(8, 40) if how == "many" else 1):
        if how == "the end cut off":
            del content[rng.randrange(1, size) :]
            break
        length = {"a few bytes": rng.randrange(1, 9), "a page of zeros": 4096}.get(how, 512)
        at = rng.randrange(size) // length * length
        block = bytes(length) if how == "a page of zeros" else rng.randbytes(length)
        content[at : at + length] = block[: size - at]
    path.write_bytes(content)


def look_at(folder: Path, tally: TornTally) -> None:
    """Open the torn ledger and compare every event."""
    tally.trials += 1
    every = range(BEFORE_BACKUP + AFTER_BACKUP)
    try:
        with Ledger(folder / LEDGER) as ledger, ledger.reader() as reader:
            found, noticed = contents(reader), ledger.recovery is not None
            sums = not reader.rollup_differences()
    except LedgerError:
        tally.unopened += 1
        tally.lost += len(every)
        return
    lost = sum(number not in found for number in every)
    altered = sum(found[number] != told_of(number) for number in every if number in found)
    tally.lost += lost
    tally.altered += altered
    tally.noticed += noticed
    unharmed = not (lost or altered) and sums
    tally.harmless += not noticed and unharmed
    tally.silent += not noticed and not unharmed
