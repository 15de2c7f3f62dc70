from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_core.ledger import Ledger
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

NOON_NS = 1_767_268_800 * NS_PER_S  # 2026-01-01 12:00 UTC


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def crossing() -> Callable[..., Event]:
    def make(key: str, direction: str = "in", after_s: float = 0, line: str = "door") -> Event:
        at_ns = NOON_NS + round(after_s * NS_PER_S)
        return Event(
            key, EventKind.CROSSING, at_ns, at_ns, "door-cam", line, {"direction": direction}
        )

    return make


@pytest.fixture
def stay() -> Callable[..., Event]:
    def make(key: str, duration_s: float, after_s: float = 0, zone: str = "coats") -> Event:
        at_ns = NOON_NS + round(after_s * NS_PER_S)
        data = {"duration_s": duration_s, "censored": False}
        return Event(key, EventKind.STAY, at_ns, at_ns, "hall-cam", zone, data)

    return make


@pytest.fixture
def noon_ns() -> int:
    return NOON_NS
