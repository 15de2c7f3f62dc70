"""A ledger whose writer is killed at random moments, a hundred times over."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from edge_core.ledger import Ledger, LedgerReader

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

KILLS = 100
LONGEST_LIFE_S = 0.12


class Nursery:
    """Drives nursery.py: one writer at a time, killed after a while."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=False,
            bufsize=0,
        )
        self._rest = b""

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def life(self, first: int, seed: int, life_s: float) -> list[str]:
        """Start a writer, kill it `life_s` later; returns the acknowledgements it told."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._path} {first} {seed}\n".encode())
        lines = self._lines(deadline=time.monotonic() + 20)
        told = []
        for line in lines:  # a fast writer's first words may come before the nursery's
            if line.startswith("started"):
                pid = int(line.split()[1])
                break
            told.append(line)
        else:
            pytest.fail("no writer was started")
        told += self._lines(deadline=time.monotonic() + life_s)
        os.kill(pid, signal.SIGKILL)
        for line in self._lines(deadline=time.monotonic() + 20):
            if line == "dead":
                return told
            told.append(line)
        pytest.fail("the killed writer did not die")

    def _lines(self, deadline: float) -> Iterator[str]:
        """Lines as they come, until the deadline."""
        assert self._process.stdout is not None
        while True:
            line, end, rest = self._rest.partition(b"\n")
            if end:
                self._rest = rest
                yield line.decode()
                continue
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not select.select([self._process.stdout], [], [], left_s)[0]:
                return
            chunk = os.read(self._process.stdout.fileno(), 65536)
            assert chunk, "the nursery has gone"
            self._rest += chunk


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def nursery(ledger_path: Path) -> Iterator[Nursery]:
    nursery = Nursery(ledger_path)
    yield nursery
    nursery.close()


def test_a_hundred_kills_lose_and_double_nothing(nursery, ledger_path):
    rng = Random(20260101)
    told = 0
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        resend_from = max(0, told - rng.randrange(30))
        for line in nursery.life(
            resend_from, rng.randrange(2**31), rng.uniform(0.0, LONGEST_LIFE_S)
        ):
            next_number, _, ids = line.partition(" ")
            told = max(told, int(next_number))
            acknowledged |= {int(event_id) for event_id in ids.split(",") if event_id}
    assert told > KILLS, "the writers hardly came to write"

    with LedgerReader(ledger_path) as reader:
        assert reader.integrity_check() == []
        assert reader.rollup_differences() == []
        stored = list(_all_events(reader))
        assert reader.event_count() == len(stored)
    ids = {it.id for it in stored}
    numbers = [int(it.event.key.removeprefix("fact-")) for it in stored]
    assert acknowledged <= ids, "an acknowledged event was lost"
    assert len(numbers) == len(set(numbers)), "a fact stands twice"
    assert set(range(told)) <= set(numbers), "a fact that was acknowledged is missing"
    with Ledger(ledger_path) as again:
        assert again.newest_id >= max(ids)


def test_a_second_process_may_not_write_but_may_read(nursery, ledger_path):
    with Ledger(ledger_path) as ledger:
        refused = subprocess.run(
            [sys.executable, "-c", WRITE, str(ledger_path)], capture_output=True, text=True
        )
        read = subprocess.run(
            [sys.executable, "-c", READ, str(ledger_path)], capture_output=True, text=True
        )
        assert ledger.newest_id == 0
    assert refused.stdout.strip() == "Another process is writing the ledger " + f"{ledger_path}."
    assert read.stdout.strip() == "0", read.stderr


def test_a_full_disk_refuses_whole_batches_and_the_ledger_goes_on_when_there_is_room(ledger_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(ledger_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    refused, kept = done.stdout.split()
    assert refused == "LedgerError"
    with LedgerReader(ledger_path) as reader:
        assert reader.event_count() == int(kept)
        assert reader.integrity_check() == []
        assert reader.rollup_differences() == []


def _all_events(reader):
    position = 0
    while page := reader.events_after(position):
        yield from page
        position = page[-1].id


WRITE = """
import sys
from pathlib import Path
from edge_core.errors import LedgerError
from edge_core.ledger import Ledger
try:
    Ledger(Path(sys.argv[1]))
except LedgerError as error:
    print(error.message)
"""

READ = """
import sys
from pathlib import Path
from edge_core.ledger import LedgerReader
with LedgerReader(Path(sys.argv[1])) as reader:
    print(reader.event_count())
"""

# A limit on file size stands in for a full disk: writes fail half-way, for real, in the kernel.
FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from edge_core.errors import LedgerError
from edge_core.ledger import Ledger
from edge_core.types import Event, EventKind

def batch(number):
    return [
        Event(f"{number}-{i}", EventKind.CROSSING, number * 10**9, 0, "c", "l", {"direction": "in"})
        for i in range(100)
    ]

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger(Path(sys.argv[1])) as ledger:
    kept = len(ledger.append(batch(0)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    refused = ""
    for number in range(1, 400):
        try:
            kept += len(ledger.append(batch(number)))
        except LedgerError as error:
            refused = type(error).__name__
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for again in range(number, number + 5):
        kept += len(ledger.append(batch(again)))
print(refused, kept)
"""
