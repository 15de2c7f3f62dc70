"""Emulated readers over the rails of a simulated shop, and what the product makes of their reads.

Every rail has antennas overhead and every two antennas a reader. What they read goes through the
product's own tag motion and item states, and where a garment hangs is told by how strongly they
hear it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from edge_core.bench.busy_shop import TAIL_S, Trade
from edge_core.config import FloorConfig
from edge_core.interaction import FOR_ITEMS, ItemEvent, ItemEventKind, ItemStates, TagMotion
from edge_core.interaction.association import Action, ActionKind
from edge_core.interaction.item_places import ItemPlaces, Spot
from edge_core.simulator.handling import RAILS, Garment, Handled
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.types import Float64Array
from edge_core.units import ns_from_s

KIND_OF: Final[dict[ItemEventKind, ActionKind]] = {
    ItemEventKind.TOUCHED: "touch",
    ItemEventKind.FLIPPED: "touch",
    ItemEventKind.IN_HAND: "take",
    ItemEventKind.PUT_BACK: "return",
    ItemEventKind.MISPLACED: "return",
}
LEAD_S: Final = 20.0
"""The readers run so long before the truth begins, to learn where garments rest."""
_ANTENNA_EVERY_M: Final = 0.9
_ANTENNAS: Final = 2
_ANTENNA_UP_M: Final = 2.4
_REACH_M: Final = 1.2
"""Antennas of one reader hang so near to its first one."""
_POWER_DBM: Final = 24.0
_ROOM_M: Final = 5.0
_LET_GO_S: Final = 0.01
_FELT_M: Final = 4.0
"""People farther from a reader's middle do not disturb it."""
_TILT_RAD: Final = np.pi / 4
_UNKNOWN: Final = (np.nan, np.nan)
_OTHERS: Final = 100
"""Numbers of antennas from here on are another reader's."""
Rails = Mapping[str, Sequence[tuple[float, float]]]
"""Outline of each rail by name."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader over the rails.

    Attributes:
        middle_m: of its antennas on the plan.
        antennas: in the shop's coordinates.
        epcs: garments that hang nearest to them.
        rails: the rail each antenna hangs over.
    """

    middle_m: tuple[float, float]
    antennas: tuple[Antenna, ...]
    epcs: tuple[str, ...]
    rails: tuple[str, ...]

    def spots(self) -> list[Spot]:
        """Its antennas as an installer enters them."""
        return [
            Spot(rail, antenna.place_m[:2])
            for rail, antenna in zip(self.rails, self.antennas, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Told:
    """An item event, and where the garment hung and was held by what was known then."""

    event: ItemEvent
    place_m: tuple[float, float]
    place_sd_m: float
    hand_m: tuple[float, float] = _UNKNOWN
    hand_sd_m: tuple[float, float] = _UNKNOWN


def actions_of(told: Sequence[Told]) -> tuple[Action, ...]:
    """Item events as association takes them, in order of time."""
    wanted = sorted(
        (one for one in told if one.event.kind in KIND_OF),
        key=lambda one: (one.event.start_s, one.event.epc),
    )
    return tuple(
        Action(
            str(number),
            one.event.epc,
            ns_from_s(max(one.event.start_s, 0.0)),
            ns_from_s(max(one.event.end_s, 0.0)),
            one.place_m,
            one.event.confidence,
            KIND_OF[one.event.kind],
            one.place_sd_m,
            one.hand_m,
            one.hand_sd_m,
            one.event.lost,
        )
        for number, one in enumerate(wanted)
    )


def rail_readers(floor: FloorConfig, garments: Sequence[Garment]) -> tuple[Rails, list[Reader]]:
    """Antennas over the middle line of every rail, and garments to the nearest one's reader."""
    places: list[tuple[float, float]] = []
    over: list[str] = []
    rails = {f"rail {n}": f.polygon_m for n, f in enumerate(floor.fixtures) if f.kind in RAILS}
    for name, outline in rails.items():
        places += _along(shapely.Polygon(outline))
        over += [name] * (len(places) - len(over))
    homes = np.array([garment.home_m[:2] for garment in garments])
    spots = np.array(places)
    nearest = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1)).argmin(axis=1)
    left, readers = list(range(len(spots))), []
    while left:
        # The first one left and those nearest to it.
        order = np.argsort(np.hypot(*(spots[left] - spots[left[0]]).T), kind="stable")
        some = [left[i] for i in order[:_ANTENNAS] if _close(spots[left[i]], spots[left[0]])]
        left = [place for place in left if place not in some]
        middle = spots[some].mean(axis=0)
        antennas = tuple(Antenna((x, y, _ANTENNA_UP_M), (x, y, 1.0)) for x, y in spots[some])
        epcs = tuple(
            garment.epc for garment, spot in zip(garments, nearest, strict=True) if spot in some
        )
        names = tuple(over[place] for place in some)
        readers.append(Reader((float(middle[0]), float(middle[1])), antennas, epcs, names))
    return rails, readers


def _close(place_m: Float64Array, other_m: Float64Array) -> bool:
    return float(np.hypot(*(place_m - other_m))) < _REACH_M


def _along(rail: shapely.Polygon) -> list[tuple[float, float]]:
    """Places for antennas along the longer middle line of a rail."""
    x1, y1, x2, y2 = rail.bounds
    long_m = max(x2 - x1, y2 - y1)
    count = max(1, round(long_m / _ANTENNA_EVERY_M))
    shares = (np.arange(count) + 0.5) / count
    if x2 - x1 >= y2 - y1:
        return [(float(x1 + share * (x2 - x1)), (y1 + y2) / 2) for share in shares]
    return [((x1 + x2) / 2, float(y1 + share * (y2 - y1))) for share in shares]


def item_events(
    trade: Trade, rails: Rails, readers: Sequence[Reader], number: int, seed: int
) -> list[Told]:
    """What one reader's tags say, on the truth's clock.

    Args:
        trade: what people do.
        rails: outlines of the rails.
        readers: all readers; where their antennas hang is known.
        number: which of them.
        seed: of what surrounds its antennas.
    """
    inventory = inventory_of(trade, readers[number], seed)
    motion, states = TagMotion(policy=FOR_ITEMS), ItemStates()
    places, found = item_places(rails, readers, number), []
    for until_s in np.arange(1.0, LEAD_S + trade.minutes * 60 + TAIL_S, 1.0):
        scores = motion.push(inventory.advance(float(until_s)))
        places.learn(scores)
        found += [_told(event, places) for event in states.push(scores)]
    return found


def inventory_of(trade: Trade, reader: Reader, seed: int) -> Inventory:
    """One emulated reader at work: see `item_events`; it begins `LEAD_S` before the truth."""
    antennas = tuple(_moved(antenna, reader.middle_m) for antenna in reader.antennas)
    world = _tag_world(trade, reader, seed)
    inventory = Inventory(world, antennas, Room((_ROOM_M, _ROOM_M)), seed)
    inventory.start(tuple(AntennaPort(n + 1, _POWER_DBM) for n in range(len(antennas))), 0.0)
    return inventory


def item_places(rails: Rails, readers: Sequence[Reader], number: int) -> ItemPlaces:
    """Of one reader's garments; antennas of the others have numbers that it never reads."""
    own = readers[number]
    others = [spot for reader in readers if reader is not own for spot in reader.spots()]
    spots = {n + 1: spot for n, spot in enumerate(own.spots())}
    return ItemPlaces(rails, spots | {_OTHERS + n: spot for n, spot in enumerate(others)})


def _told(event: ItemEvent, places: ItemPlaces) -> Told:
    place = places.place(event.epc, event.antenna) or ((np.nan, np.nan), 0.0)
    begun = replace(event, start_s=event.start_s - LEAD_S, end_s=event.end_s - LEAD_S)
    taken = event.kind is ItemEventKind.IN_HAND
    held = places.held(event.epc, event.start_s, event.end_s) if taken else None
    return Told(begun, *place, *(held or (_UNKNOWN, _UNKNOWN)))


def _moved(antenna: Antenna, middle_m: tuple[float, float]) -> Antenna:
    dx, dy = _ROOM_M / 2 - middle_m[0], _ROOM_M / 2 - middle_m[1]
    (x, y, z), (fx, fy, fz) = antenna.place_m, antenna.faces_m
    return Antenna((x + dx, y + dy, z), (fx + dx, fy + dy, fz), antenna.gain_dbi)


def _tag_world(trade: Trade, reader: Reader, seed: int) -> TagWorld:
    """The reader's garments and whoever comes near, in a room round the reader."""
    shift = np.array([_ROOM_M / 2 - reader.middle_m[0], _ROOM_M / 2 - reader.middle_m[1], 0.0])
    rest = np.array([trade.garments[epc].home_m for epc in reader.epcs]) + shift
    tilt = np.random.default_rng(seed).uniform(0, _TILT_RAD, len(reader.epcs))
    world = TagWorld(reader.epcs, rest, tilt_rad=tilt, seed=seed)
    for epc in reader.epcs:
        for times, places in carries(trade, epc):
            moved = [(x + shift[0], y + shift[1], z) for x, y, z in places]
            world.carry(epc, [t + LEAD_S for t in times], moved)
    for rows in trade.rows.values():
        near = np.hypot(*(rows[:, 1:3] - np.array(reader.middle_m)).T) < _FELT_M
        edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(int)))
        for begin, end in edges.reshape(-1, 2):
            if end - begin > 1:
                part = rows[begin:end]
                where = part[:, 1:3] + shift[:2]
                world.walk((part[:, 0] + LEAD_S).tolist(), [(x, y) for x, y in where.tolist()])
    return world


Way = tuple[list[float], list[tuple[float, float, float]]]


def carries(trade: Trade, epc: str) -> list[Way]:
    """The stretches in which a garment is in somebody's hand: times and places."""
    knots = trade.garments[epc].way
    done = [handled for handled in trade.log if handled.epc == epc]
    found: list[Way] = []
    taken: Handled | None = None
    for number, handled in enumerate(done):
        # Who walks off lets go early; then the next hand may come before the noted end.
        following_s = done[number + 1].start_s if number + 1 < len(done) else np.inf
        end_s = min(handled.end_s, following_s - _LET_GO_S)
        returned = handled.kind not in ("touch", "pick")
        if taken is not None:
            until_s = end_s if returned else handled.start_s - _LET_GO_S
            found.append(_between(knots, taken.start_s, until_s))
        if handled.kind == "touch":
            found.append(_between(knots, handled.start_s, end_s))
        taken = handled if handled.kind == "pick" else None
    if taken is not None:
        found.append(_between(knots, taken.start_s, np.inf))
    return [way for way in found if len(way[0]) > 1]


def _between(knots: Sequence[tuple[float, tuple[float, float, float]]], a: float, b: float) -> Way:
    some = [knot for knot in knots if a - 1e-6 <= knot[0] <= b + 1e-6]
    return [at for at, _ in some], [place for _, place in some]
