"""What the core process does with tags, from top to bottom.

reads -> windows (`TagTable`) -> item states -> who was it -> durable events; and, quicker, which
garments are at a mirror (`Nearby`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

from edge_core.config import Product, Products, SiteConfig
from edge_core.interaction import ItemEvent, ItemEventKind, ItemStates
from edge_core.interaction.association import Action, ActionKind, Done, Match, associate
from edge_core.interaction.item_places import ItemPlaces, Spot
from edge_core.interaction.nearby import Near, Nearby
from edge_core.privacy.daily_salt import DailySalt
from edge_core.sensing.rfid import decode_epc
from edge_core.service.antennas import Antennas, Port
from edge_core.service.floor_paths import FloorPaths, Standing
from edge_core.service.tag_table import TagInView, TagTable
from edge_core.tag_reads import ReaderBatch
from edge_core.types import Event, EventKind, ItemAction
from edge_core.units import NS_PER_S, ns_from_s

BATCH_NS: Final = ns_from_s(5.0)
"""Actions of so long are matched to people as a whole."""
PORT_SD_M: Final = 0.5
"""Of a garment's place when it hangs at no rack but somewhere before an antenna."""
_REMEMBERED_NS: Final = ns_from_s(60.0)
"""What somebody did until so long ago may still speak against another action of theirs."""
_MOST_HOLDERS: Final = 10_000
_DEAF_NS: Final = ns_from_s(10.0)
_ACTIONS: Final = {
    ItemEventKind.TOUCHED: ItemAction.TOUCHED,
    ItemEventKind.FLIPPED: ItemAction.LOOKED_AT,
    ItemEventKind.IN_HAND: ItemAction.PICKED_UP,
    ItemEventKind.FITTING_ROOM: ItemAction.TRIED_ON,
    ItemEventKind.PUT_BACK: ItemAction.PUT_BACK,
    ItemEventKind.MISPLACED: ItemAction.MISPLACED,
    ItemEventKind.GONE: ItemAction.GONE,
}
_HANDLED: Final = (ItemEventKind.TOUCHED, ItemEventKind.FLIPPED, ItemEventKind.IN_HAND)
_PUT: Final = (ItemEventKind.PUT_BACK, ItemEventKind.MISPLACED)
_DEEDS: Final[dict[ItemEventKind, ActionKind]] = {
    ItemEventKind.IN_HAND: "take",
    **dict.fromkeys(_PUT, "return"),
}
"""What the others are is a touch."""
_HOLDERS_DO: Final = (ItemEventKind.FITTING_ROOM, ItemEventKind.GONE)
"""What no camera sees: whoever held the garment did it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An item event that waits for its batch."""

    event: ItemEvent
    ahead_ns: int


class ItemPipeline:
    """Turns tag reads and people's places into durable item events. Pure: no I/O, no clock.

    Args:
        site: readers, racks, zones.
        products: the shop's.
        salt: key of the events' keys; the same for all lives of the core in one service, so
            that what is read again after a restart is known again; another one every day and kept
            nowhere, so that nobody can tell a tag from an event's key afterwards.

    Raises:
        ModelError: the model of tag motion is missing or altered.
    """

    def __init__(self, site: SiteConfig, products: Products, salt: DailySalt) -> None:
        self.antennas = Antennas(site)
        self.tags = TagTable(self.antennas, products)
        self._products = products
        self._states = ItemStates(self.antennas.rooms)
        self._paths = FloorPaths()
        self._places = ItemPlaces(
            {rack.id: rack.polygon_m for rack in site.racks},
            {port.number: Spot(port.rack_id, port.hangs_m) for port in self.antennas},
        )
        self._salt = salt
        self._waiting: list[_Waiting] = []
        self._holders: dict[str, int] = {}
        self._done: list[Done] = []
        self._heard_ns: dict[str, int] = {}
        shown = _mirror_zones(site, self.antennas)
        self._nearby = Nearby(
            {port.number: port.zone_id for port in self.antennas if port.zone_id in shown}
        )

    def ingest(self, batch: ReaderBatch, ahead_ns: int) -> list[Event]:
        """Take in a reader's reads; returns the events that are decided.

        Args:
            batch: the reads.
            ahead_ns: UTC minus the monotonic clock.
        """
        found = self.tags.ingest(batch)
        self._nearby.see(found.reads)
        self._places.learn(found.scores)
        now_ns = int(batch.reads.time_ns[-1]) if len(batch.reads) else 0
        self._heard_ns[batch.reader_id] = max(now_ns, self._heard_ns.get(batch.reader_id, 0))
        self._waiting += [
            _Waiting(event, ahead_ns)
            for event in self._states.push(found.scores)
            if not self._is_deaf(event, now_ns)
        ]
        return self._decide(now_ns)

    def finish(self) -> list[Event]:
        """Decide what waits, at the end of the service."""
        return self._decide(None)

    def turn_day(self, utc_ns: int) -> None:
        """Let go of salts of days that are over, also where nothing happens to garments."""
        self._salt.at(utc_ns)

    def see(self, people: Iterable[Standing], now_ns: int) -> None:
        """Take in everybody's place on the floor."""
        self._paths.see(people, now_ns)

    def look(self, visitor_id: int, at_ns: int, handling: float) -> None:
        """Take in a look at somebody's hands; see `FloorPaths.look`."""
        self._paths.look(visitor_id, at_ns, handling)

    def join(self, kept: int, gone: int) -> None:
        """Two visitors turned out to be one."""
        self._paths.join(kept, gone)
        self._done = [replace(it, person=kept) if it.person == gone else it for it in self._done]
        self._holders = {
            epc: kept if holder == gone else holder for epc, holder in self._holders.items()
        }

    def forget(self, visitor_id: int) -> None:
        """Somebody is known no more: what they hold is held by someone."""
        self._paths.forget(visitor_id)
        held = self._holders.items()
        self._holders = {epc: holder for epc, holder in held if holder != visitor_id}

    def in_view(self, now_ns: int) -> list[TagInView]:
        """The tags in view at a moment."""
        return self.tags.in_view(now_ns)

    def nearby(self, now_ns: int) -> dict[str, list[tuple[Near, Product]]]:
        """The shop's garments at each place that a mirror may show, by zone."""
        found = {}
        for zone, garments in self._nearby.at(now_ns).items():
            known = [(near, self.tags.product_of(near.epc)) for near in garments]
            found[zone] = [(near, product) for near, product in known if product is not None]
        return found

    def _is_deaf(self, event: ItemEvent, now_ns: int) -> bool:
        """Whether a garment is gone only because its reader is: then nothing is known of it."""
        heard_ns = self._heard_ns.get(self._port(event).reader_id, now_ns)
        return event.kind is ItemEventKind.GONE and now_ns - heard_ns > _DEAF_NS

    def _decide(self, now_ns: int | None) -> list[Event]:
        """Match what has waited long enough, or everything when `now_ns` is None."""
        self._waiting.sort(key=lambda it: (it.event.start_s, it.event.end_s))
        events: list[Event] = []
        while self._waiting:
            ready_ns = ns_from_s(self._waiting[0].event.end_s) + BATCH_NS
            if now_ns is not None and now_ns < ready_ns:
                break
            size = _batch_size(self._waiting)
            batch, self._waiting = self._waiting[:size], self._waiting[size:]
            begun_ns = ns_from_s(batch[0].event.start_s)
            self._done = [it for it in self._done if it.action.end_ns > begun_ns - _REMEMBERED_NS]
            events += self._matched(batch)
        return events

    def _matched(self, batch: Sequence[_Waiting]) -> list[Event]:
        """One batch, floor by floor, as durable events."""
        matches: dict[int, Match] = {}
        for floor_id in dict.fromkeys(self._port(it.event).floor_id for it in batch):
            rows = [
                (place, it.event)
                for place, it in enumerate(batch)
                if self._port(it.event).floor_id == floor_id and not self._by_holder(it.event)
            ]
            actions = [self._action(str(place), event) for place, event in rows]
            paths = list(self._paths.on(floor_id))
            found = associate(actions, paths, holders=self._holders, done=self._done)
            matches |= {int(match.key): match for match in found}
            self._done += [
                Done(action, match.person, match.probability)
                for action, match in zip(actions, found, strict=True)
                if match.person is not None
            ]
        events = []
        for place, waiting in enumerate(batch):
            carried = waiting.event.kind is ItemEventKind.IN_HAND and place not in matches
            person, sure = self._who(waiting.event, matches.get(place))
            event = self._event(waiting, person, sure, carried=carried)
            if event is not None:
                events.append(event)
        return events

    def _by_holder(self, event: ItemEvent) -> bool:
        """Whether it is clear without looking that the holder did it, or nobody known."""
        in_hand = event.kind is ItemEventKind.IN_HAND
        return event.kind in _HOLDERS_DO or (in_hand and event.epc in self._holders)

    def _action(self, key: str, event: ItemEvent) -> Action:
        port = self._port(event)
        floor_m, sd_m = port.place_m, PORT_SD_M
        found = self._places.place(event.epc, port.number)
        if found is not None:
            floor_m, sd_m = found
        taken = event.kind is ItemEventKind.IN_HAND
        held = self._places.held(event.epc, event.start_s, event.end_s) if taken else None
        return Action(
            key,
            event.epc,
            ns_from_s(event.start_s),
            ns_from_s(event.end_s),
            floor_m,
            event.confidence,
            _DEEDS.get(event.kind, "touch"),
            sd_m,
            *(held or (_NOWHERE, _NOWHERE)),
            event.lost,
        )

    def _who(self, event: ItemEvent, match: Match | None) -> tuple[int | None, float]:
        """The visitor behind an event, None for "someone", and how sure that is."""
        held = self._holders.get(event.epc)
        if match is None:
            person, sure = held, 1.0 if held is not None else 0.0
        else:
            person, sure = match.person, match.probability
        if event.kind is ItemEventKind.IN_HAND and person is not None:
            self._holders[event.epc] = person
        elif event.kind in _PUT or event.kind is ItemEventKind.GONE:
            self._holders.pop(event.epc, None)
        while len(self._holders) > _MOST_HOLDERS:
            del self._holders[next(iter(self._holders))]
        return person, sure

    def _event(
        self, waiting: _Waiting, person: int | None, sure: float, *, carried: bool
    ) -> Event | None:
        """The durable event; None for a tag that is none of the shop's.

        It tells the product and never the tag.
        """
        event, port = waiting.event, self._port(waiting.event)
        identity = decode_epc(event.epc)
        if not identity.gtin:
            return None
        product = self._products.of_gtin(identity.gtin)
        start_ns, end_ns = ns_from_s(event.start_s), ns_from_s(event.end_s)
        visit = self._paths.number(person) if person is not None else None
        data: dict[str, Any] = {
            "action": str(ItemAction.CARRIED if carried else _ACTIONS[event.kind]),
            "sku": product.sku if product else "",
            "gtin": identity.gtin,
            "start_utc_ns": start_ns + waiting.ahead_ns,
            "duration_s": round((end_ns - start_ns) / NS_PER_S, 2),
            "confidence": round(event.confidence, 3),
            "visit": visit,
            "visit_confidence": round(sure, 3),
        }
        return Event(
            key=self._key(event, end_ns + waiting.ahead_ns),
            kind=EventKind.ITEM,
            utc_ns=end_ns + waiting.ahead_ns,
            mono_ns=end_ns,
            camera_id=port.reader_id,
            place_id=event.room or port.rack_id or port.zone_id,
            data=data,
        )

    def _key(self, event: ItemEvent, end_utc_ns: int) -> str:
        """Told by what a story ends with, which a core that came in half-way finds too."""
        kind = "handled" if event.kind in _HANDLED else "put" if event.kind in _PUT else event.kind
        said = f"{event.epc}/{kind}/{round(1000 * event.end_s)}".encode()
        salt = self._salt.at(end_utc_ns)
        return "item/" + blake2b(said, key=salt, digest_size=12).hexdigest()

    def _port(self, event: ItemEvent) -> Port:
        port = self.antennas.port(event.antenna or self.tags.port_of(event.epc))
        return port if port is not None else _NO_PORT


_NOWHERE: Final = (float("nan"), float("nan"))
_NO_PORT: Final = Port(0, "", 0, "", "", "", (float("nan"), float("nan")))


def _mirror_zones(site: SiteConfig, antennas: Antennas) -> set[str]:
    """Zones whose garments a mirror may show: fitting rooms, and what mirrors name."""
    named = {screen.zone for screen in site.screens if screen.zone is not None}
    before = {zone.id for zone in site.zones if zone.kind == "reach"}
    return (named | before | set(antennas.rooms.values())) & set(antennas.zones)


def _batch_size(waiting: Sequence[_Waiting]) -> int:
    """How many from the head belong together: begun within five seconds, no item twice.

    An item's second action waits for what its first one says of the holder.
    """
    first_s = waiting[0].event.start_s
    seen: set[str] = set()
    for place, it in enumerate(waiting):
        late = it.event.start_s >= first_s + BATCH_NS / NS_PER_S
        if late or it.event.epc in seen:
            return place
        seen.add(it.event.epc)
    return len(waiting)
