"""Which garments are at a mirror: on the emulated reader's physics, two rooms side by side."""

import numpy as np
import pytest

from edge_core.interaction.nearby import HANGS_NS, Nearby
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc
from edge_core.units import ns_from_s

ROOM_OF = {2: "room-1", 3: "room-2"}
ANTENNAS = (
    Antenna((2.0, 2.0, 2.4), (2.0, 2.0, 1.0)),
    Antenna((6.0, 1.0, 2.4), (6.0, 1.0, 1.0)),
    Antenna((6.0, 2.5, 2.4), (6.0, 2.5, 1.0)),
)
PORTS = tuple(AntennaPort(number, 24.0) for number in (1, 2, 3))
ON_THE_RAIL = (2.0, 2.0, 1.2)


def shop(garments, seed):
    epcs = [sgtin_epc(100, 1 + number) for number in range(garments)]
    rail = np.array([[1.4 + 0.15 * n, 2.0, 1.2] for n in range(garments)])
    return epcs, TagWorld(epcs, rail, seed=seed)


def watch(world, seconds, seed, look_s=0.2):
    """What is where, every fifth of a second."""
    reader = Inventory(world, ANTENNAS, Room((8.0, 5.0)), seed)
    reader.start(PORTS, 0.0)
    nearby, seen = Nearby(ROOM_OF), []
    for until_s in np.arange(look_s, seconds, look_s):
        nearby.see(reader.advance(float(until_s)))
        at = nearby.at(ns_from_s(float(until_s)))
        seen.append((float(until_s), {room: [it.epc for it in rows] for room, rows in at.items()}))
    return seen


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("room", ["room-1", "room-2"])
def test_a_garment_carried_into_a_room_shows_there_within_two_seconds_and_nowhere_else(seed, room):
    epcs, world = shop(6, seed)
    y_m = 1.0 if room == "room-1" else 2.5
    start, door, inside = (
        (float(epcs.index(epcs[0])) * 0.15 + 1.4, 2.0, 1.2),
        (5.0, y_m, 1.2),
        (
            6.0,
            y_m,
            1.2,
        ),
    )
    world.carry(epcs[0], [5.0, 9.0, 10.0, 22.0], [start, door, inside, inside])
    seen = watch(world, 22.0, seed)
    other = "room-2" if room == "room-1" else "room-1"
    shown_s = next(at_s for at_s, rooms in seen if epcs[0] in rooms[room])
    assert shown_s <= 10.0 + 2.0
    assert all(epcs[0] in rooms[room] for at_s, rooms in seen if at_s > shown_s + 1.0)
    assert not any(rooms[other] for at_s, rooms in seen if at_s > 10.0)
    assert not any(set(rooms[room]) - {epcs[0]} for _, rooms in seen), "rail garments are kept out"


@pytest.mark.parametrize("seed", range(4))
def test_garments_next_door_stay_next_door_and_leave_when_they_leave(seed):
    epcs, world = shop(6, seed)
    for number, y_m in ((0, 1.0), (1, 2.5)):
        start = (1.4 + 0.15 * number, 2.0, 1.2)
        there = (6.0, y_m + 0.1, 1.2)
        world.carry(epcs[number], [4.0, 8.0, 20.0, 24.0], [start, there, there, start])
    seen = watch(world, 32.0, seed)
    inside = [rooms for at_s, rooms in seen if 11.0 < at_s < 19.5]
    assert all(rooms == {"room-1": [epcs[0]], "room-2": [epcs[1]]} for rooms in inside)
    assert seen[-1][1] == {"room-1": [], "room-2": []}


def test_what_hangs_at_a_mirror_for_long_is_not_what_somebody_brought():
    epcs, world = shop(1, 0)
    there = (6.0, 1.0, 1.2)
    world.carry(epcs[0], [1.0, 2.0], [(1.4, 2.0, 1.2), there])
    reader = Inventory(world, ANTENNAS, Room((8.0, 5.0)), 0)
    reader.start(PORTS, 0.0)
    follows = Nearby(ROOM_OF)
    follows.see(reader.advance(5.0))
    assert follows.at(ns_from_s(5.0))["room-1"]
    hour_s = HANGS_NS / 1e9 + 10.0
    reader.start(PORTS, hour_s - 3.0)
    follows.see(reader.advance(hour_s))
    assert not follows.at(ns_from_s(hour_s))["room-1"]


def test_without_places_nothing_is_remembered():
    _, world = shop(2, 0)
    reader = Inventory(world, ANTENNAS, Room((8.0, 5.0)), 0)
    reader.start(PORTS, 0.0)
    follows = Nearby({})
    follows.see(reader.advance(2.0))
    assert follows.at(ns_from_s(2.0)) == {}
