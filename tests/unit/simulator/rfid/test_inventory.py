"""Simulated inventories have the rates, carriers and gaps of real ones."""

import numpy as np
import pytest

from edge_core.simulator.rfid import CORNER_ANTENNAS, AntennaPort, Inventory, TagWorld, rail_world
from edge_core.simulator.rfid.airtime import HOP_S, channel_at, fcc_hop_table, round_s
from edge_core.simulator.rfid.world import sgtin_epc

PORTS = tuple(AntennaPort(number, 30.0) for number in (1, 2, 3, 4))


def shop(tags, ports=PORTS, seconds=6.0, seed=0):
    """Reads of so many tags in the middle of the room, none carried."""
    chance = np.random.default_rng(seed)
    rest_m = np.stack([*chance.uniform(2, 3, (2, tags)), np.ones(tags)], axis=1)
    inventory = Inventory(TagWorld([sgtin_epc(1, n) for n in range(tags)], rest_m), CORNER_ANTENNAS)
    inventory.start(ports, 0.0)
    return inventory.advance(seconds)


def test_one_tag_is_read_as_often_as_by_a_real_r420():
    assert len(shop(1, PORTS[:1])) / 6 == pytest.approx(69.7 * 0.95, rel=0.1)
    assert len(shop(1)) / 6 / 4 == pytest.approx(6.8 * 0.95, rel=0.1)


def test_more_tags_are_read_less_often_each():
    rates = [len(shop(tags, PORTS[:1])) / 6 / tags for tags in (1, 20, 100)]
    assert rates[0] > 2 * rates[1] > 4 * rates[2]
    assert round_s(100, 1) == pytest.approx(0.24, abs=0.01)


def test_carriers_are_hopped_in_order_of_their_index():
    reads = shop(1)
    times_s = reads.time_ns / 1e9
    hop = np.floor(times_s / HOP_S)
    advance = np.diff(reads.channel) % 50
    assert set(advance[np.diff(hop) < 1].tolist()) <= {0, 1}
    assert channel_at(np.array([0.0, HOP_S * 50.5]), 50).tolist() == [1, 1]


def test_the_hop_table_holds_each_fcc_carrier_once():
    table = fcc_hop_table()
    assert sorted(table.tolist()) == [902_750 + 500 * step for step in range(50)]


def test_time_never_falls_and_no_read_is_lost_between_calls():
    at_once = shop(12, seconds=3.0)
    chance = np.random.default_rng(0)
    rest_m = np.stack([*chance.uniform(2, 3, (2, 12)), np.ones(12)], axis=1)
    inventory = Inventory(TagWorld([sgtin_epc(1, n) for n in range(12)], rest_m), CORNER_ANTENNAS)
    inventory.start(PORTS, 0.0)
    pieces = [inventory.advance(until_s) for until_s in np.arange(0.05, 3.01, 0.05)]
    times_ns = np.concatenate([piece.time_ns for piece in pieces])
    assert np.all(np.diff(times_ns) >= 0)
    assert times_ns.tolist() == at_once.time_ns.tolist()


def test_without_power_nothing_is_read():
    assert len(shop(5, (AntennaPort(1, 5.0),))) == 0


def test_a_stopped_inventory_is_silent():
    inventory = Inventory(rail_world(4), CORNER_ANTENNAS)
    inventory.start(PORTS, 0.0)
    assert len(inventory.advance(1.0))
    inventory.stop()
    assert len(inventory.advance(2.0)) == 0


def test_an_antenna_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="antennas 1 to 4"):
        Inventory(rail_world(1), CORNER_ANTENNAS).start((AntennaPort(5, 30.0),), 0.0)


def test_a_carried_tag_is_told_from_one_at_rest():
    world = TagWorld(["aa" * 12], np.array([[2.0, 2.0, 1.2]]))
    world.carry("aa" * 12, [10.0, 20.0], [(2.0, 2.0, 1.2), (3.5, 3.0, 1.2)])
    inventory = Inventory(world, CORNER_ANTENNAS)
    inventory.start(PORTS, 0.0)
    reads = inventory.advance(20.0)

    def spread(chosen):
        return np.mean(
            [np.std(reads.rssi_dbm[chosen & (reads.antenna == number)]) for number in (1, 2, 3, 4)]
        )

    moved = reads.time_ns > 10_500_000_000
    assert spread(moved) > 1.5 * spread(~moved)


class TestWorld:
    def test_a_tag_stays_where_it_was_put(self):
        world = TagWorld(["aa" * 12], np.array([[1.0, 1.0, 1.0]]))
        world.carry("aa" * 12, [5.0, 6.0], [(1.0, 1.0, 1.0), (2.0, 1.0, 1.0)])
        places = world.tags_m(np.zeros(3, np.int64), np.array([0.0, 4.9, 99.0]))
        assert places.tolist() == [[1, 1, 1], [1, 1, 1], [2, 1, 1]]
        assert world.held(np.zeros(2, np.int64), np.array([4.0, 5.5])).tolist() == [False, True]

    def test_a_hand_sways_by_centimetres(self):
        world = TagWorld(["aa" * 12], np.array([[1.0, 1.0, 1.0]]))
        world.carry("aa" * 12, [0.0, 10.0], [(1.0, 1.0, 1.0), (1.0, 1.0, 1.0)])
        places = world.tags_m(np.zeros(400, np.int64), np.linspace(0.1, 9.9, 400))
        sway_m = np.abs(places - 1.0).max(axis=0)
        assert np.all((sway_m > 0.015) & (sway_m < 0.055))

    def test_ways_of_one_tag_cannot_overlap(self):
        world = TagWorld(["aa" * 12], np.array([[1.0, 1.0, 1.0]]))
        world.carry("aa" * 12, [0.0, 10.0], [(1, 1, 1), (2, 1, 1)])
        with pytest.raises(ValueError, match="still on its way"):
            world.carry("aa" * 12, [9.0, 12.0], [(2, 1, 1), (1, 1, 1)])

    def test_walkers_are_nowhere_before_and_after(self):
        world = rail_world(2)
        world.walk([1.0, 3.0], [(0.0, 0.0), (2.0, 0.0)])
        people_m, gains = world.people(np.array([0.0, 2.0, 4.0]))
        assert len(gains) == 1
        assert people_m[1, 0].tolist() == [1.0, 0.0]
        assert np.all(people_m[[0, 2]] > 1000)

    def test_same_seed_same_shop(self):
        first, second = (rail_world(6, seed=3, busy_s=60) for _ in range(2))
        times_s = np.linspace(0, 60, 50)
        for tag in range(6):
            number = np.full(50, tag)
            assert np.array_equal(first.tags_m(number, times_s), second.tags_m(number, times_s))
