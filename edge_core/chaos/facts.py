"""Events that trials append: each can be told from its number alone."""

from typing import Final

from edge_core.ledger import LedgerReader
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

FIRST_NS: Final = 1_767_268_800 * NS_PER_S
"""UTC of the first, the begin of a minute; then one a second."""


def fact(number: int) -> Event:
    """The number-th event of a made-up history."""
    at_ns = FIRST_NS + number * NS_PER_S
    if number % 5 == 0:
        stay = {"duration_s": (number % 977) / 7, "censored": number % 2 == 0}
        zone = f"zone-{number % 3}"
        return Event(f"fact-{number}", EventKind.STAY, at_ns, number, "cam", zone, stay)
    data = {"direction": "in" if number % 3 else "out"}
    line = f"line-{number % 2}"
    return Event(f"fact-{number}", EventKind.CROSSING, at_ns, number, "cam", line, data)


def number_of(key: str) -> int:
    """Which one it is."""
    told = key.removeprefix("fact-")
    return int(told) if told.isascii() and told.isdigit() else -1


def told_of(number: int) -> tuple[object, ...]:
    """What there is to keep of it, for comparing."""
    return _facts_of(fact(number))


def contents(reader: LedgerReader) -> dict[int, tuple[object, ...]]:
    """What a ledger keeps of each, by number; -1 for a key that is none of theirs."""
    found: dict[int, tuple[object, ...]] = {}
    position = 0
    while page := reader.events_after(position):
        for row in page:
            found[number_of(row.event.key)] = _facts_of(row.event)
        position = page[-1].id
    return found


def _facts_of(event: Event) -> tuple[object, ...]:
    return (event.kind, event.utc_ns, event.place_id, event.data)
