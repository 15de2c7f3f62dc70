"""A simulated busy shop as its sensors tell it: item events from emulated reads, tracks, hands.

The crowd and what it does to garments are the simulator's, and so is the truth. Every rail has
antennas overhead and every four antennas a reader; the readers are emulated, and what they read
goes through the product's own tag motion and item states. Only what cameras tell is modelled, by
errors measured on rendered pictures (`Sensors`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.special import expit

from edge_core.config import FloorConfig
from edge_core.interaction import FOR_ITEMS, ItemEvent, ItemEventKind, ItemStates, TagMotion
from edge_core.interaction.association import Action, ActionKind, Path
from edge_core.simulator import Scene, World
from edge_core.simulator.handling import RAILS, Garment, Handled, Handling, hang
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.types import Float64Array
from edge_core.units import ns_from_s

TICK_S: Final = 0.25
TAIL_S: Final = 66.0
"""The truth runs on so long after what is judged: a garment carried off is gone a minute later."""
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


@dataclass(frozen=True, slots=True)
class Sensors:
    """How wrong cameras are about people at rails, as `camera_errors` measures it.

    Measured with a camera at every rail, 1,228 moments of 20 people, and rounded. A place errs
    alike for as long as somebody stands (feet are hidden by fixtures), and the classifier's
    logits differ little between hands at goods and not. Who is not seen is so for longer in the
    pictures than here: some people are hidden all the time.

    Attributes:
        bias_sd_m: standard deviation, along each axis, of what is wrong about a place for long.
        drift_sd_m: of what changes quickly.
        drift_s: how quickly.
        bias_s: how long "for long" is.
        seen: share of the time a person is seen.
        gap_s: mean length of the times in between.
        hands_mean: of the classifier's logit, hands at goods and not.
        hands_sd: of the same.
        hands_s: how long its errors last.
        hands_share: classifier's logit at which both are equally likely.
        place_sd_m: of a garment's place as the shop's plan tells it, along each axis.
    """

    bias_sd_m: float = 0.24
    drift_sd_m: float = 0.15
    drift_s: float = 0.6
    bias_s: float = 15.0
    seen: float = 0.68
    gap_s: float = 2.7
    hands_mean: tuple[float, float] = (-3.22, -3.86)
    hands_sd: tuple[float, float] = (0.79, 0.74)
    hands_s: float = 6.0
    hands_share: float = -3.35
    place_sd_m: float = 0.3


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader over the rails.

    Attributes:
        middle_m: of its antennas on the plan.
        antennas: in the shop's coordinates.
        epcs: garments that hang nearest to them.
    """

    middle_m: tuple[float, float]
    antennas: tuple[Antenna, ...]
    epcs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """What truly happened in a stretch of trade.

    Attributes:
        minutes: how long is judged; everything runs on for `TAIL_S`.
        log: what was done to garments, without what was bought.
        garments: with their ways, by tag.
        rows: float64 (N, 4) by person: time, x, y, and 1 while the hands are at a garment.
    """

    minutes: float
    log: tuple[Handled, ...]
    garments: dict[str, Garment]
    rows: dict[int, Float64Array]


def trade(scene: Scene, seed: int, minutes: float) -> Trade:
    """Let people handle garments."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    handling = Handling(hang(floor, [f"{n:024x}" for n in range(4000)]), seed)
    world = World(scene, seed)
    rows: dict[int, list[tuple[float, float, float, float]]] = {}
    for tick in range(1, round((minutes * 60 + TAIL_S) / TICK_S) + 1):
        people = world.advance_to(tick * TICK_S)
        handling.advance(people, world.time_s)
        for shown in handling.shown(people, world.time_s):
            busy = shown.hands is not None and shown.hands.handling
            row = (world.time_s, *shown.position_m, float(busy))
            rows.setdefault(shown.number, []).append(row)
    log = tuple(handled for handled in handling.log if handled.kind != "buy")
    return Trade(minutes, log, handling.garments, {n: np.array(seen) for n, seen in rows.items()})


def tracks(told: Trade, sensors: Sensors, seed: int) -> tuple[Path, ...]:
    """Everybody's path as cameras would tell it."""
    rng = np.random.default_rng((seed, 2))
    return tuple(_path(rows, number, sensors, rng) for number, rows in told.rows.items())


def _path(rows: Float64Array, number: int, sensors: Sensors, rng: np.random.Generator) -> Path:
    count = len(rows)
    bias = sensors.bias_sd_m * _wander(rng.normal(size=(count, 2)), sensors.bias_s)
    drift = sensors.drift_sd_m * _wander(rng.normal(size=(count, 2)), sensors.drift_s)
    noise = _wander(rng.normal(size=(count, 1)), sensors.hands_s)[:, 0]
    busy = rows[:, 3] > 0
    mean, sd = (np.where(busy, *pair) for pair in (sensors.hands_mean, sensors.hands_sd))
    # The classifier's odds hold at the share of handling it was calibrated at.
    logit = mean + sd * noise - sensors.hands_share
    seen = np.zeros(count, np.bool_)
    leave = TICK_S / sensors.gap_s * (1 - sensors.seen) / sensors.seen
    now = bool(rng.random() < sensors.seen)
    for row in range(count):
        now = rng.random() >= leave if now else rng.random() < TICK_S / sensors.gap_s
        seen[row] = now
    kept = seen if seen.any() else np.ones(count, np.bool_)
    return Path(
        number,
        np.array([ns_from_s(float(t)) for t in rows[kept, 0]], np.int64),
        (rows[:, 1:3] + bias + drift)[kept],
        float(np.hypot(sensors.bias_sd_m, sensors.drift_sd_m)),
        expit(logit[kept]),
        np.full(int(kept.sum()), np.nan),
    )


def _wander(white: Float64Array, lasts_s: float) -> Float64Array:
    """Noise of unit variance, (N, K), whose correlation fades with this time constant."""
    keep = float(np.exp(-TICK_S / lasts_s))
    out = white.copy()
    for row in range(1, len(white)):
        out[row] = keep * out[row - 1] + np.sqrt(1 - keep**2) * white[row]
    return out


def actions_of(
    told: Trade, events: Sequence[ItemEvent], sensors: Sensors, seed: int
) -> tuple[Action, ...]:
    """Item events as association takes them, in order of time."""
    rng = np.random.default_rng((seed, 3))
    off = {epc: rng.normal(0, sensors.place_sd_m, 2) for epc in told.garments}
    wanted = sorted((e for e in events if e.kind in KIND_OF), key=lambda e: (e.start_s, e.epc))
    found = []
    for number, event in enumerate(wanted):
        x, y = (np.array(told.garments[event.epc].home_m[:2]) + off[event.epc]).tolist()
        found.append(
            Action(
                str(number), event.epc, ns_from_s(max(event.start_s, 0.0)),
                ns_from_s(max(event.end_s, 0.0)), (x, y), event.confidence, np.zeros(0),
                KIND_OF[event.kind],
            )
        )  # fmt: skip
    return tuple(found)


def rail_readers(floor: FloorConfig, garments: Sequence[Garment]) -> list[Reader]:
    """Antennas over the middle line of every rail, and garments to the nearest one's reader."""
    places: list[tuple[float, float]] = []
    for fixture in floor.fixtures:
        if fixture.kind in RAILS:
            places += _along(shapely.Polygon(fixture.polygon_m))
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
        readers.append(Reader((float(middle[0]), float(middle[1])), antennas, epcs))
    return readers


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


def item_events(told: Trade, reader: Reader, seed: int) -> list[ItemEvent]:
    """What one reader's tags say, on the truth's clock."""
    world = _tag_world(told, reader, seed)
    antennas = tuple(_moved(antenna, reader.middle_m) for antenna in reader.antennas)
    inventory = Inventory(world, antennas, Room((_ROOM_M, _ROOM_M)), seed)
    ports = tuple(AntennaPort(n + 1, _POWER_DBM) for n in range(len(antennas)))
    inventory.start(ports, 0.0)
    motion, states = TagMotion(policy=FOR_ITEMS), ItemStates()
    events: list[ItemEvent] = []
    for until_s in np.arange(1.0, LEAD_S + told.minutes * 60 + TAIL_S, 1.0):
        events += states.push(motion.push(inventory.advance(float(until_s))))
    return [_shifted(event, -LEAD_S) for event in events]


def _shifted(event: ItemEvent, by_s: float) -> ItemEvent:
    return ItemEvent(
        event.epc, event.kind, event.start_s + by_s, event.end_s + by_s, event.confidence,
        event.antenna, event.room,
    )  # fmt: skip


def _moved(antenna: Antenna, middle_m: tuple[float, float]) -> Antenna:
    dx, dy = _ROOM_M / 2 - middle_m[0], _ROOM_M / 2 - middle_m[1]
    (x, y, z), (fx, fy, fz) = antenna.place_m, antenna.faces_m
    return Antenna((x + dx, y + dy, z), (fx + dx, fy + dy, fz), antenna.gain_dbi)


def _tag_world(told: Trade, reader: Reader, seed: int) -> TagWorld:
    """The reader's garments and whoever comes near, in a room round the reader."""
    shift = np.array([_ROOM_M / 2 - reader.middle_m[0], _ROOM_M / 2 - reader.middle_m[1], 0.0])
    rest = np.array([told.garments[epc].home_m for epc in reader.epcs]) + shift
    tilt = np.random.default_rng(seed).uniform(0, _TILT_RAD, len(reader.epcs))
    world = TagWorld(reader.epcs, rest, tilt_rad=tilt, seed=seed)
    for epc in reader.epcs:
        for times, places in _carries(told, epc):
            moved = [(x + shift[0], y + shift[1], z) for x, y, z in places]
            world.carry(epc, [t + LEAD_S for t in times], moved)
    for rows in told.rows.values():
        near = np.hypot(*(rows[:, 1:3] - np.array(reader.middle_m)).T) < _FELT_M
        edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(int)))
        for begin, end in edges.reshape(-1, 2):
            if end - begin > 1:
                part = rows[begin:end]
                where = part[:, 1:3] + shift[:2]
                world.walk((part[:, 0] + LEAD_S).tolist(), [(x, y) for x, y in where.tolist()])
    return world


Way = tuple[list[float], list[tuple[float, float, float]]]


def _carries(told: Trade, epc: str) -> list[Way]:
    """The stretches in which a garment is in somebody's hand: times and places."""
    knots = told.garments[epc].way
    done = [handled for handled in told.log if handled.epc == epc]
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
