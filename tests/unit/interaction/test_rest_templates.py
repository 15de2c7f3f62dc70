import numpy as np
import pytest

from edge_core.interaction import FOR_ITEMS, TagMotion
from edge_core.interaction.scores import WindowScores
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc

TOUCHED, FROM_S, TO_S = 5, 20.0, 21.0


@pytest.fixture(scope="module")
def scores():
    """Twelve garments on a rail of two antennas; one is touched for a second."""
    epcs = [sgtin_epc(1, number) for number in range(1, 13)]
    rest_m = np.array([[1.8 + 0.1 * number, 2.5, 1.2] for number in range(12)])
    world = TagWorld(epcs, rest_m, seed=3)
    x, y, z = rest_m[TOUCHED].tolist()
    out = (x, y + 0.2, z)
    world.carry(epcs[TOUCHED], [FROM_S, FROM_S + 0.5, TO_S], [(x, y, z), out, (x, y, z)])
    antennas = tuple(Antenna((x, 2.5, 2.4), (x, 2.5, 1.0)) for x in (2.0, 2.8))
    reader = Inventory(world, antennas, Room((5.0, 5.0)), 3)
    reader.start((AntennaPort(1, 24.0), AntennaPort(2, 24.0)), 0.0)
    motion = TagMotion(policy=FOR_ITEMS)
    return WindowScores.joined([motion.push(reader.advance(float(t))) for t in range(1, 30)])


def misfit(scores, tag, from_s, to_s):
    """Mean phase off the template, of half seconds that lie between two moments."""
    epc = sgtin_epc(1, tag + 1)
    found = []
    for row in range(len(scores)):
        if scores.epcs[scores.tag[row]] != epc:
            continue
        for half, end_s in ((0, scores.t1_s[row] - 0.5), (1, scores.t1_s[row])):
            if from_s <= end_s - 0.5 and end_s <= to_s and scores.off[row, half, 0]:
                found.append(float(scores.off[row, half, 1]))
    return found


def test_half_a_second_of_a_touch_is_unlike_the_rest(scores):
    before, during = misfit(scores, TOUCHED, 14, 19), misfit(scores, TOUCHED, FROM_S, TO_S)
    assert during, "read while touched"
    assert max(before) < 0.3 < max(during)


def test_it_is_as_before_at_once_when_it_hangs_again(scores):
    assert max(misfit(scores, TOUCHED, TO_S + 0.5, TO_S + 3)) < 0.3


def test_its_neighbours_stay_as_they_were(scores):
    for tag in (TOUCHED - 3, TOUCHED + 3):
        assert max(misfit(scores, tag, FROM_S, TO_S)) < 0.3
