"""What people in view did during this visit, for as long as they are followed. Memory only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from edge_core.service.schema import PersonView
from edge_core.suggest.profiles import Onlooker
from edge_core.types import Event, EventKind, ItemAction, Traits
from edge_core.units import ns_from_s

FORGET_NS: Final = ns_from_s(180)
"""Somebody unseen for so long is forgotten."""
_OVER_NS: Final = ns_from_s(1800)
"""A visit that handled nothing for so long counts as over, for what is handled together."""
_TRIED: Final = (ItemAction.TRIED_ON,)
_KEPT: Final = (ItemAction.PICKED_UP, ItemAction.CARRIED)
_LEFT: Final = (ItemAction.PUT_BACK, ItemAction.MISPLACED)


@dataclass(slots=True)
class _Notes:
    seen_ns: int
    stores: dict[str, None] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    tried: dict[str, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)
    traits: Traits | None = None


class VisitNotes:
    """Notes on people by their number.

    Args:
        store_of_zone: which zones are which stores.
    """

    def __init__(self, store_of_zone: Mapping[str, str]) -> None:
        self._store_of_zone = store_of_zone
        self._people: dict[int, _Notes] = {}
        self._handled: dict[int, tuple[int, set[str]]] = {}

    def see(self, people: Iterable[PersonView], now_ns: int) -> None:
        """Everybody in view now."""
        for person in people:
            notes = self._people.setdefault(person.number, _Notes(now_ns))
            notes.seen_ns = now_ns
            for zone in person.zones:
                if zone in self._store_of_zone:
                    store = self._store_of_zone[zone]
                    notes.stores.pop(store, None)
                    notes.stores[store] = None
        gone = [it for it, notes in self._people.items() if now_ns - notes.seen_ns > FORGET_NS]
        for number in gone:
            del self._people[number]

    def tell(self, number: int, traits: Traits) -> None:
        """What vision tells of somebody so far; passed over where they are not in view."""
        if number in self._people:
            self._people[number].traits = traits

    def handle(self, event: Event) -> None:
        """Something happened to a garment."""
        visit, sku = event.data.get("visit"), event.data.get("sku")
        if event.kind is not EventKind.ITEM or not isinstance(visit, int) or not sku:
            return
        self._note(event.data, visit, sku)
        if event.data["action"] in (*_TRIED, *_KEPT):
            _, skus = self._handled.get(visit, (0, set[str]()))
            self._handled[visit] = (event.utc_ns, skus | {sku})

    def forget(self, number: int) -> None:
        """Drop all notes on somebody."""
        self._people.pop(number, None)

    def onlooker(self, number: int) -> Onlooker:
        """Somebody before a screen, with what is known of them."""
        notes = self._people.get(number)
        if notes is None:
            return Onlooker(number)
        return Onlooker(
            number,
            notes.traits,
            tuple(notes.stores),
            tuple(notes.touched),
            tuple(notes.tried),
            tuple(notes.kept),
        )

    def over(self, now_utc_ns: int) -> Iterator[set[str]]:
        """SKUs of each visit that is over since the last call: what was tried or picked."""
        done = [it for it, (last, _) in self._handled.items() if now_utc_ns - last > _OVER_NS]
        for visit in done:
            yield self._handled.pop(visit)[1]

    def _note(self, data: Mapping[str, Any], visit: int, sku: str) -> None:
        notes = self._people.get(visit)
        if notes is None:
            return
        notes.touched[sku] = None
        if data["action"] in _TRIED:
            notes.tried[sku] = None
        if data["action"] in _KEPT:
            notes.kept[sku] = None
        if data["action"] in _LEFT:
            notes.kept.pop(sku, None)
