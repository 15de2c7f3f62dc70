"""One world: the shop's people, its garments, and what its readers read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge_core.config import Products
from edge_core.sensing.rfid import decode_epc
from edge_core.simulator import World, load_scene
from edge_core.simulator.rfid.played import PlayedClock, PlayedWorld, Shot
from edge_core.simulator.rfid.world import FAR_AWAY_M
from edge_core.simulator.stock import epc_of, read_stock, tilts

SHOP = Path(__file__).parents[3] / "assets" / "malls" / "shop"


@pytest.fixture(scope="module")
def scene():
    return load_scene(SHOP)


@pytest.fixture(scope="module")
def stock(scene):
    return read_stock(scene, SHOP)


@pytest.fixture(scope="module")
def traded(scene, stock):
    """Four minutes of trade."""
    shots = []
    world = World(scene, 4, 20.0, stock, shots.append)
    world.advance_to(240.0)
    return world, shots


def test_garments_hang_on_the_racks_of_the_site_with_tags_of_their_products(scene, stock):
    assert len(stock) == 112
    assert len({garment.epc for garment in stock}) == len(stock)
    assert decode_epc(epc_of("04012345011005", 7)).gtin == "04012345011005"
    racks = [np.array(rack.polygon_m) for rack in scene.site.racks]
    for garment in stock:
        x, y = garment.home_m[:2]
        assert any(
            low[0] <= x <= high[0] and low[1] <= y <= high[1]
            for low, high in ((rack.min(axis=0), rack.max(axis=0)) for rack in racks)
        )


def test_a_place_without_products_has_no_garments(scene):
    bare = replace(scene, config=scene.config.model_copy(update={"pieces_each": 0}))
    assert read_stock(bare, SHOP) == []


def test_many_styles_hang_in_the_shop_and_only_where_an_antenna_looks(scene, stock):
    products = Products.from_csv(SHOP / "products.csv")
    hung = [products.of_gtin(decode_epc(garment.epc).gtin) for garment in stock]
    assert len({product.style for product in hung}) > 40
    read = {antenna.rack for reader in scene.site.readers for antenna in reader.antennas}
    assert {product.rack for product in hung} == read - {None}


def test_people_take_garments_to_fitting_rooms_and_the_till(traded):
    world, _ = traded
    said = world.trade.as_json()
    kinds = {handled["kind"] for handled in said["handled"]}
    assert {"touch", "pick", "buy"} <= kinds
    zones = {tried["zone"] for tried in said["tried"]} | set(said["now"].values())
    assert any(zone.startswith("fitting-room-") for zone in zones)


def test_shots_come_ten_times_a_second_and_follow_the_garments(traded, stock):
    _, shots = traded
    times = np.array([shot.time_s for shot in shots])
    assert np.diff(times) == pytest.approx(0.1, abs=1e-6)
    homes = np.array([garment.home_m for garment in stock])
    off = np.linalg.norm(shots[-1].places_m - homes, axis=1)
    moved = [bool(garment.way) for garment in stock]
    assert (off[~np.array(moved)] == 0).all()
    sold = np.array([garment.sold for garment in stock])
    assert sold.any()
    assert (shots[-1].places_m[sold, 0] == FAR_AWAY_M).all()


def test_without_garments_the_same_seed_gives_the_same_crowd(scene):
    one, other = World(scene, 9, 5.0), World(scene, 9, 5.0)
    assert [p.position_m for p in one.advance_to(5)] == [p.position_m for p in other.advance_to(5)]


class TestPlayed:
    def make(self):
        world = PlayedWorld(["aa", "bb"], np.zeros((2, 3)), tilt_rad=tilts(2, 0))
        for step in range(5):
            places = np.array([[0.1 * step, 0.0, 1.2], [5.0, 5.0, 1.2]])
            people = {7: (0.1 * step, 1.0)} if step < 4 else {}
            world.show(Shot(0.1 * step, places, np.array([False, True]), people))
        return world

    def test_tags_move_straight_between_snapshots(self):
        world = self.make()
        tag, at = np.zeros(3, np.int64), np.array([0.0, 0.15, 0.4])
        assert world.tags_m(tag, at)[:, 0] == pytest.approx([0.0, 0.15, 0.4])

    def test_what_is_held_sways_and_what_hangs_does_not(self):
        world = self.make()
        at = np.linspace(0.05, 0.35, 7)
        swaying = world.tags_m(np.ones(7, np.int64), at)
        assert 0.001 < np.ptp(swaying[:, 1]) < 0.2
        assert world.held(np.array([0, 1]), np.array([0.1, 0.1])).tolist() == [False, True]

    def test_people_come_and_go_with_the_snapshots(self):
        world = self.make()
        places, gains = world.people(np.array([0.05, 0.25]))
        assert places.shape == (2, 1, 2)
        assert places[:, 0, 0] == pytest.approx([0.05, 0.25])
        assert 0.02 <= gains[0] <= 0.4
        assert world.people(np.array([0.4]))[0].shape[1] <= 1

    def test_its_clock_stands_at_the_newest_snapshot(self):
        world = self.make()
        clock = PlayedClock(world)
        before = clock.monotonic_ns()
        world.show(Shot(1.4, np.zeros((2, 3)), np.zeros(2, np.bool_), {}))
        assert clock.monotonic_ns() - before == 1_000_000_000

    def test_only_what_is_in_reach_is_looked_at(self):
        assert self.make().near((0.0, 0.0, 2.4), 3.0).tolist() == [0]
