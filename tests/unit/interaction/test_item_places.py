import numpy as np
import pytest

from edge_core.interaction.item_places import ItemPlaces, Spot
from edge_core.interaction.scores import COLUMNS, HALVES, WindowScores

RAIL = ((0.0, 0.0), (1.6, 0.0), (1.6, 0.6), (0.0, 0.6))
SPOTS = {1: Spot("rail", (0.4, 0.3)), 2: Spot("rail", (1.2, 0.3))}


def heard(levels, *, p_moving=0.01, elsewhere=0.02):
    """One window of a garment, with its level at each antenna."""
    return WindowScores(
        epcs=("aa",),
        tag=np.zeros(1, np.int32),
        t0_s=np.zeros(1),
        t1_s=np.full(1, 2.0),
        p_moving=np.full(1, p_moving, np.float32),
        reads=np.full(1, 9, np.int32),
        moved_from_rest=np.full(1, elsewhere, np.float32),
        antenna=np.ones(1, np.int32),
        antennas=np.array([1, 2], np.int32),
        rssi_dbm=np.array([levels], np.float32),
        excess=np.zeros(1, np.float32),
        off=np.zeros((1, HALVES, len(COLUMNS)), np.float32),
    )


def place_after(*windows):
    places = ItemPlaces({"rail": RAIL}, SPOTS)
    for window in windows:
        places.learn(window)
    return places.place("aa", 1)


def test_a_garment_hangs_towards_the_antenna_that_hears_it_better():
    (left, _), _ = place_after(heard((-45, -55)))
    (middle, _), _ = place_after(heard((-48, -48)))
    (right, _), _ = place_after(heard((-55, -45)))
    assert left < middle - 0.2 < right - 0.4
    assert middle == pytest.approx(0.8, abs=0.1)


def test_the_rest_alone_tells_the_place():
    """In a hand or elsewhere its levels say nothing of where it belongs."""
    rests, moves = heard((-45, -55)), heard((-60, -45), p_moving=0.9)
    lies = heard((-60, -45), elsewhere=0.9)
    assert place_after(rests, moves, lies) == place_after(rests)


def test_without_antenna_places_it_is_somewhere_on_its_rack():
    places = ItemPlaces({"rail": RAIL}, {1: Spot("rail", None)})
    places.learn(heard((-45, np.nan)))
    (x, y), sd_m = places.place("aa")
    assert (x, y) == pytest.approx((0.8, 0.3), abs=0.05)
    assert sd_m > 0.25


def test_an_antenna_over_no_rack_tells_no_place():
    assert ItemPlaces({"rail": RAIL}, SPOTS).place("aa", 7) is None


def test_a_garment_in_a_hand_is_where_its_levels_say_now():
    """It hangs left, and is held on the right."""
    places = ItemPlaces({"rail": RAIL}, SPOTS)
    places.learn(heard((-45, -55)))
    for _ in range(4):
        places.learn(heard((-68, -55), p_moving=0.9))
    (x, _), (sd_x, sd_y) = places.held("aa", 0.0, 2.0)
    assert x > 0.9
    assert 0.3 < sd_x < 1.0
    assert 0.3 < sd_y < 1.5
    assert places.held("aa", 10.0, 12.0) is None
    assert places.held("bb", 0.0, 2.0) is None
