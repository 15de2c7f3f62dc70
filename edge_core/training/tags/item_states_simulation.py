"""How well item states hold up in a simulated shop: all figures here are simulated.

Two rails and two fitting rooms side by side, an antenna for each; people walk past, touch, turn
over, take, put back, misplace and try on garments at random. The truth is what the script had them
do. Real garments handled by real people were never recorded, so these figures tell whether a
change broke something, not what a shop will see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from edge_core.interaction.fitting_rooms import FittingRooms
from edge_core.interaction.item_states import ItemEvent, ItemEventKind, ItemStates
from edge_core.interaction.motion import TagMotion
from edge_core.interaction.windows import FOR_ITEMS
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc

ROOMS_APART_M: Final = 1.5
TOLERANCE_S: Final = 2.0
_ROOM_X_M: Final = 7.0
_ROOM_Y_M: Final = 1.0
_RAILS_Y_M: Final = (1.8, 3.2)
_HANGING_M: Final = 1.2
_ROOM_OF: Final = {3: "room-1", 4: "room-2"}
_POWER_DBM: Final = {1: 30.0, 2: 30.0, 3: 24.0, 4: 24.0}
Place = tuple[float, float, float]
Kind = ItemEventKind
BRIEF: Final = (Kind.TOUCHED, Kind.FLIPPED)
_BRIEF: Final = "touched or flipped"


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """What a simulated shopper did."""

    epc: str
    kind: ItemEventKind
    start_s: float
    end_s: float
    room: str = ""


def antennas() -> tuple[Antenna, ...]:
    """One over each rail, one over each fitting room."""
    rails = tuple(Antenna((2.5, y, 2.4), (2.5, y, 1.0)) for y in _RAILS_Y_M)
    rooms = tuple(
        Antenna((_ROOM_X_M, y, 2.4), (_ROOM_X_M, y, 1.0))
        for y in (_ROOM_Y_M, _ROOM_Y_M + ROOMS_APART_M)
    )
    return rails + rooms


class Script:
    """Gives a world's garments their adventures, one at a time, and keeps the truth."""

    def __init__(self, garments: int, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        place = np.arange(garments)
        rest_m = np.stack(
            [
                1.2 + 0.12 * (place // 2),
                np.array(_RAILS_Y_M)[place % 2],
                np.full(garments, _HANGING_M),
            ],
            axis=1,
        )
        epcs = [sgtin_epc(200 + number // 4, 1 + number) for number in range(garments)]
        tilt = self._rng.uniform(0, np.pi / 4, garments)
        self.world = TagWorld(epcs, rest_m, tilt_rad=tilt, seed=seed)
        self.truth: list[TrueEvent] = []
        self._rest = [(float(x), float(y), float(z)) for x, y, z in rest_m]

    def play(self, seconds: float) -> None:
        """Fill this time with walks past and handling."""
        order = self._rng.permutation(self.world.tag_count)
        now, turn = 20.0, 0
        acts = (self._touch, self._flip, self._take, self._misplace, self._try_on, self._pass_by)
        while now < seconds - 90:
            act = acts[turn % len(acts)]
            now = act(int(order[turn % len(order)]), now) + float(self._rng.uniform(3, 8))
            turn += 1

    def _add(self, number: int, kind: Kind, start_s: float, end_s: float, room: str = "") -> None:
        self.truth.append(TrueEvent(self.world.epcs[number], kind, start_s, end_s, room))

    def _visitor(self, number: int, start_s: float, end_s: float) -> None:
        x, y, _ = self._rest[number]
        self.world.walk(
            [start_s - 3, start_s, end_s, end_s + 3],
            [(0.0, y + 0.5), (x, y + 0.5), (x + 0.2, y + 0.5), (5.5, y + 0.6)],
        )

    def _sway(self, number: int, start_s: float, seconds: float, reach_m: float) -> float:
        x, y, z = self._rest[number]
        end_s = start_s + seconds
        out: Place = (x + 0.3 * reach_m, y + reach_m, z + 0.2 * reach_m)
        self.world.carry(
            self.world.epcs[number],
            [start_s, start_s + seconds / 2, end_s],
            [self._rest[number], out, self._rest[number]],
        )
        self._visitor(number, start_s - 0.5, end_s + 0.5)
        return end_s

    def _touch(self, number: int, now: float) -> float:
        end_s = self._sway(number, now, float(self._rng.uniform(1.0, 1.8)), 0.2)
        self._add(number, Kind.TOUCHED, now, end_s)
        return end_s

    def _flip(self, number: int, now: float) -> float:
        end_s = self._sway(number, now, float(self._rng.uniform(2.4, 3.6)), 0.35)
        self._add(number, Kind.FLIPPED, now, end_s)
        return end_s

    def _held(self, number: int, now: float, back_m: Place, kind: Kind) -> float:
        seconds = float(self._rng.uniform(7, 18))
        x, y, z = self._rest[number]
        times, places = [now, now + 1.0], [self._rest[number], (x + 0.1, y + 0.4, z + 0.1)]
        for at in np.arange(now + 2.5, now + seconds - 1.5, 1.5):
            dx, dy = self._rng.uniform(-0.4, 0.4, 2)
            times.append(float(at))
            places.append((x + float(dx), y + 0.5 + float(dy), z + 0.1))
        end_s = now + seconds
        self.world.carry(self.world.epcs[number], [*times, end_s], [*places, back_m])
        self._visitor(number, now, end_s)
        self._add(number, Kind.IN_HAND, now, end_s)
        self._add(number, kind, end_s, end_s)
        return end_s

    def _take(self, number: int, now: float) -> float:
        return self._held(number, now, self._rest[number], Kind.PUT_BACK)

    def _misplace(self, number: int, now: float) -> float:
        y = _RAILS_Y_M[1] if self._rest[number][1] == _RAILS_Y_M[0] else _RAILS_Y_M[0]
        place = (float(self._rng.uniform(3.6, 4.4)), y, _HANGING_M)
        return self._held(number, now, place, Kind.MISPLACED)

    def _try_on(self, number: int, now: float) -> float:
        room = int(self._rng.integers(2))
        spot = self._rng.uniform(-0.35, 0.35, 2)
        there = (
            _ROOM_X_M + float(spot[0]),
            _ROOM_Y_M + room * ROOMS_APART_M + float(spot[1]),
            1.3,
        )
        door = (5.5, 2.0, 1.2)
        epc, inside_s = self.world.epcs[number], now + 8.0
        stay_s = float(self._rng.uniform(40, 60))
        self.world.carry(
            epc,
            [now, now + 1, now + 6, inside_s],
            [
                self._rest[number],
                (self._rest[number][0], 2.4, 1.2),
                door,
                there,
            ],
        )
        leave_s = inside_s + stay_s
        worn = [inside_s + 4, leave_s - 4]
        near = (there[0] + 0.1, there[1], there[2])
        self.world.carry(epc, worn, [there, near])
        back_s = leave_s + 8.0
        self.world.carry(
            epc,
            [leave_s, leave_s + 2, leave_s + 7, back_s],
            [near, door, (self._rest[number][0], 2.4, 1.2), self._rest[number]],
        )
        self._add(number, Kind.IN_HAND, now, inside_s)
        self._add(number, Kind.FITTING_ROOM, inside_s, leave_s, f"room-{room + 1}")
        self._add(number, Kind.IN_HAND, leave_s, back_s)
        self._add(number, Kind.PUT_BACK, back_s, back_s)
        return back_s

    def _pass_by(self, number: int, now: float) -> float:
        y = _RAILS_Y_M[number % 2]
        self.world.walk([now, now + 5], [(0.0, y + 0.4), (5.5, y + 0.4)])
        return now + 5


def simulate(seed: int, *, garments: int = 24, seconds: float = 400.0) -> dict[str, Any]:
    """One simulated stretch of shop life: events found beside those that happened."""
    script = Script(garments, seed)
    script.play(seconds)
    reader = Inventory(script.world, antennas(), Room((8.0, 5.0)), seed)
    reader.start(tuple(AntennaPort(port, power) for port, power in _POWER_DBM.items()), 0.0)
    motion = TagMotion(policy=FOR_ITEMS, passing=_ROOM_OF)
    states = ItemStates(_ROOM_OF)
    found: list[ItemEvent] = []
    for until_s in np.arange(1.0, seconds, 1.0):
        found += states.push(motion.push(reader.advance(float(until_s))))
    hours = garments * seconds / 3600
    return {"truth": script.truth, "found": found, "tag_hours": hours}


def evaluate_item_states(
    seeds: Sequence[int] = (0, 1, 2), seconds: float = 400.0
) -> dict[str, Any]:
    """Precision and recall by kind, false events per tag-hour, fitting rooms told apart.

    An event counts as found when one of its kind and garment starts within TOLERANCE_S; put-backs
    by their moment; `late_s` is how late it starts on average and how much that varies. Touched
    and flipped differ by their length alone: `touched or flipped` takes them as one. Rooms: share
    of try-ons found that name the right room.
    """
    runs = [simulate(seed, seconds=seconds) for seed in seeds]
    counts = {kind: [0, 0, 0] for kind in (*(kind.value for kind in Kind), _BRIEF)}
    late: dict[str, list[float]] = {kind: [] for kind in counts}
    rooms = [0, 0]
    for run in runs:
        for names in (lambda kind: kind.value, lambda kind: _BRIEF if kind in BRIEF else ""):
            free = [event for event in run["found"] if names(event.kind)]
            for true in run["truth"]:
                name = names(true.kind)
                if not name:
                    continue
                counts[name][0] += 1
                match = next((event for event in free if _is(event, true, names)), None)
                if match is not None:
                    free.remove(match)
                    counts[name][1] += 1
                    late[name].append(match.start_s - true.start_s)
                    if name == Kind.FITTING_ROOM.value:
                        rooms[0] += 1
                        rooms[1] += match.room == true.room
            for event in free:
                counts[names(event.kind)][2] += 1
    false = sum(row[2] for kind, row in counts.items() if kind != _BRIEF)
    return {
        "simulated": True,
        "kinds": {
            kind: {
                "true": true,
                "found": hit,
                "false": wrong,
                "late_s": [float(np.mean(late[kind])), float(np.std(late[kind]))] if hit else None,
            }
            for kind, (true, hit, wrong) in counts.items()
        },
        "false_per_tag_hour": false / sum(run["tag_hours"] for run in runs),
        "tag_hours": sum(run["tag_hours"] for run in runs),
        "rooms": {"try-ons found": rooms[0], "right room": rooms[1]},
    }


def _is(event: ItemEvent, true: TrueEvent, names: Callable[[ItemEventKind], str]) -> bool:
    return (
        event.epc == true.epc
        and names(event.kind) == names(true.kind)
        and abs(event.start_s - true.start_s) <= TOLERANCE_S
    )


def evaluate_fitting_rooms(
    seeds: Sequence[int] = (0, 1, 2, 3, 4), garments: int = 20, seconds: float = 30.0
) -> dict[str, Any]:
    """Garments hung or worn at random in two rooms side by side: how many are told right.

    Half of them move as worn clothes do. A garment of no stated room counts as wrong.
    """
    right, silent, total = 0, 0, 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        room = np.arange(garments) % 2
        spot = rng.uniform(-0.4, 0.4, (garments, 2))
        place = np.stack(
            [_ROOM_X_M + spot[:, 0], _ROOM_Y_M + ROOMS_APART_M * room + spot[:, 1], 0 * room + 1.2],
            axis=1,
        )
        epcs = [sgtin_epc(300, 1 + number) for number in range(garments)]
        tilt = rng.uniform(0, np.pi / 3, garments)
        world = TagWorld(epcs, place, tilt_rad=tilt, seed=seed)
        for number in range(0, garments, 2 + seed % 2):
            x, y, z = (float(value) for value in place[number])
            world.carry(epcs[number], [1.0, seconds], [(x, y, z), (x + 0.1, y, z)])
        for middle in (_ROOM_Y_M, _ROOM_Y_M + ROOMS_APART_M):
            world.walk([0.0, seconds], [(_ROOM_X_M, middle), (_ROOM_X_M + 0.2, middle)])
        reader = Inventory(world, antennas(), Room((8.0, 5.0)), seed)
        reader.start(tuple(AntennaPort(port, power) for port, power in _POWER_DBM.items()), 0.0)
        rooms, motion = FittingRooms(_ROOM_OF), TagMotion(passing=_ROOM_OF)
        for until_s in np.arange(1.0, seconds, 1.0):
            rooms.take_in(motion.push(reader.advance(float(until_s))))
        for number, epc in enumerate(epcs):
            told, _ = rooms.room(epc)
            right += told == f"room-{room[number] + 1}"
            silent += not told
            total += 1
    return {"simulated": True, "garments": total, "right": right, "no room stated": silent}
