"""Starts ledger writers that can be killed: imports once, then forks one for each line read.

A writer appends for ever and tells, after each append has returned, what it acknowledges.
"""

import os
import sys
from pathlib import Path
from random import Random

from edge_core.ledger import Ledger
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_MS, NS_PER_S

START_NS = 1_767_268_800 * NS_PER_S


def event(number: int) -> Event:
    """The number-th event of the history that all writers tell."""
    at_ns = START_NS + number * 700 * NS_PER_MS
    key = f"fact-{number}"
    if number % 5 == 0:
        data = {"duration_s": (number % 977) / 7, "censored": number % 2 == 0}
        return Event(key, EventKind.STAY, at_ns, number, "cam", f"zone-{number % 3}", data)
    data = {"direction": "in" if number % 3 else "out"}
    return Event(key, EventKind.CROSSING, at_ns, number, "cam", f"line-{number % 2}", data)


def write(path: Path, first: int, rng: Random) -> None:
    """Append from the `first` event on, which may repeat events kept already."""
    with Ledger(path) as ledger:
        number = first
        while True:
            size = rng.choice((1, 1, 2, 5, 40))
            ids = ledger.append([event(number + ahead) for ahead in range(size)])
            number += size
            told = f"{number} {','.join(map(str, ids))}\n"
            os.write(sys.stdout.fileno(), told.encode())


def main() -> None:
    """Read `<path> <first> <seed>` lines; answer `started <pid>` and, at its end, `dead`."""
    for line in sys.stdin:
        path, first, seed = line.split()
        child = os.fork()
        if child == 0:
            write(Path(path), int(first), Random(int(seed)))
        os.write(sys.stdout.fileno(), f"started {child}\n".encode())
        os.waitpid(child, 0)
        os.write(sys.stdout.fileno(), b"dead\n")


if __name__ == "__main__":
    main()
