"""The power cut: a writer is killed, and its ledger read from disks that a cut could have left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from edge_core.chaos.disk_image import Cut, cuts
from edge_core.chaos.facts import FIRST_NS, contents, told_of
from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.chaos.power_writer import LEDGER
from edge_core.chaos.steps import Kind, Step, read_journal
from edge_core.errors import LedgerError, PromenadeError
from edge_core.ledger import Ledger
from edge_core.units import NS_PER_S

_START_S: Final = 60.0
PROMISE: Final = (
    "whatever was acknowledged is in the ledger afterwards, once and unaltered; the ledger opens by"
    " itself and its sums agree with its events"
)


@dataclass(slots=True)
class Tally:
    """What all cuts together showed.

    Attributes:
        cuts: disks looked at.
        acknowledged: events promised before them, summed over the cuts.
        lost: of them not in the ledger.
        altered: in it with other content.
        unsound: ledgers that did not open, or whose check or sums found faults.
        restored: ledgers found damaged and restored.
        dropped_bytes: written, not synced and lost.
        whole: cuts after which nothing had been lost of what was written.
    """

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    altered: int = 0
    unsound: int = 0
    restored: int = 0
    dropped_bytes: int = 0
    whole: int = 0
    complaints: list[str] = field(default_factory=list)


def record_life(folder: Path, seed: int, life_s: float) -> list[Step]:
    """Run a writer in a process group of its own, kill it, and return what it had done.

    Args:
        folder: empty; gets the ledger's folder and the journal.
        seed: of its batches.
        life_s: from its first acknowledgement on.

    Raises:
        PromenadeError: the writer does not run here.
    """
    site, journal = folder / "site", folder / "journal"
    site.mkdir()
    command = [sys.executable, "-m", "edge_core.chaos.power_writer"]
    process = subprocess.Popen(
        [*command, str(site), str(journal), str(seed)],
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    deadline = time.monotonic() + _START_S
    with process:
        while not _has_promised(journal) and process.poll() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        time.sleep(life_s)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        told = process.stderr.read() if process.stderr is not None else ""
    steps = list(read_journal(journal)) if journal.exists() else []
    if not any(step.kind is Kind.ACKNOWLEDGE for step in steps):
        raise PromenadeError(
            f"The writer kept nothing: {(told.strip().splitlines() or ['no word'])[-1]}",
            "Run it by itself to see why.",
        )
    return steps


def _has_promised(journal: Path) -> bool:
    return journal.exists() and any(it.kind is Kind.ACKNOWLEDGE for it in read_journal(journal))


def cut_often(steps: Sequence[Step], count: int, seed: int, *, deaf: Sequence[str] = ()) -> Tally:
    """Cut the power at random steps and look at each ledger.

    Args:
        steps: of one life.
        count: how many cuts; one of them is where the process was killed.
        seed: draws where, and what is lost.
        deaf: see `disk_image.cuts`.
    """
    rng, tally = Random(seed), Tally()
    places = [len(steps), *(rng.randrange(1, len(steps)) for _ in range(count - 1))]
    for cut in cuts(steps, places, rng, deaf=deaf):
        with TemporaryDirectory(prefix="promenade-cut-") as folder:
            look_at(cut, Path(folder), tally)
    return tally


def look_at(cut: Cut, folder: Path, tally: Tally) -> None:
    """Write a disk out, open its ledger and count what is there."""
    for name, content in cut.files.items():
        (folder / name).write_bytes(content)
    kept, gone_s = 0, 0
    for text in cut.acknowledged:
        what, number = text.split()
        kept, gone_s = (int(number), gone_s) if what == "kept" else (kept, int(number))
    tally.cuts += 1
    tally.dropped_bytes += cut.lost_bytes
    tally.whole += not cut.lost_bytes
    try:
        with Ledger(folder / LEDGER) as ledger, ledger.reader() as reader:
            tally.restored += ledger.recovery is not None
            found = contents(reader)
            # A deletion that was cut off is gone on with, as the service does every hour.
            ledger.delete_older_than(FIRST_NS + min(found, default=0) * NS_PER_S)
            faults = [*reader.integrity_check(), *map(str, reader.rollup_differences())]
    except LedgerError as error:
        tally.unsound += 1
        tally.acknowledged += kept - gone_s
        tally.lost += kept - gone_s
        tally.complaints.append(error.message)
        return
    tally.unsound += bool(faults)
    tally.complaints += faults[:1]
    # A deletion that was not acknowledged may have been made all the same.
    oldest = min(found, default=0)
    promised = range(max(gone_s, oldest) if oldest <= kept // 8 else gone_s, kept)
    tally.acknowledged += len(promised)
    tally.lost += sum(number not in found for number in promised)
    tally.altered += sum(found[number] != told_of(number) for number in promised if number in found)


def power_cut(*, lives: int, cuts_each: int, life_s: float, seed: int) -> Outcome:
    """The trial."""
    tally = Tally()
    fault = (
        "power cut: a real ledger writer's process group is SIGKILLed, and the power then cut at"
        " random points of its writes (simulated disk: what was not fsynced is lost by 512-byte"
        " blocks)"
    )
    for life in range(lives):
        with TemporaryDirectory(prefix="promenade-power-") as folder:
            try:
                steps = record_life(Path(folder), seed + life, life_s)
            except PromenadeError as error:
                return Outcome("power-cut", fault, PROMISE, str(error), Verdict.SKIPPED)
        one = cut_often(steps, cuts_each, seed + life)
        for name in ("cuts", "acknowledged", "lost", "altered", "unsound", "restored",
                     "dropped_bytes", "whole", "complaints"):  # fmt: skip
            setattr(tally, name, getattr(tally, name) + getattr(one, name))
    kept = not (tally.lost or tally.altered or tally.unsound)
    told = (
        f"{tally.lost} lost, {tally.altered} altered of {tally.acknowledged:,} acknowledged over"
        f" {tally.cuts} cuts of {lives} lives; {tally.cuts - tally.whole} cuts lost written bytes"
        f" ({tally.dropped_bytes / max(1, tally.cuts) / 1000:.0f} kB each on average);"
        f" {tally.restored} ledgers were found torn and restored, {tally.unsound} unsound"
    )
    facts = {
        "cuts": tally.cuts, "lives": lives, "acknowledged": tally.acknowledged,
        "lost": tally.lost, "altered": tally.altered, "unsound": tally.unsound,
        "restored": tally.restored, "complaints": tally.complaints[:5],
    }  # fmt: skip
    verdict = Verdict.KEPT if kept else Verdict.BROKEN
    return Outcome("power-cut", fault, PROMISE, told, verdict, facts=facts)
