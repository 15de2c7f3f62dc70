"""How much a crowd slows a walk down.

Speed falls with density as in Weidmann, "Transporttechnik der Fussgänger" (1993):
v / v0 = 1 - exp(-1.913 (1 / density - 1 / 5.4)).
"""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Final

import numpy as np
import shapely
from shapely import LineString

from edge_core.config import PointM
from edge_core.suggest.routes_network import RouteNetwork, Slowness

_BESIDE_M: Final = 1.5
_JAM_M2: Final = 5.4
_SHAPE_M2: Final = 1.913
_SLOWEST: Final = 0.2


def speed_share(people_m2: float) -> float:
    """Share of the free walking speed at a density, from 1 down to `_SLOWEST`."""
    if people_m2 <= 0:
        return 1.0
    share = 1 - exp(-_SHAPE_M2 * (1 / people_m2 - 1 / _JAM_M2))
    return max(_SLOWEST, min(1.0, share))


class CrowdedWays:
    """The walks of a network, ready to be asked who stands on them.

    Args:
        network: the ways.
    """

    def __init__(self, network: RouteNetwork) -> None:
        self._by_floor: dict[str, tuple[list[tuple[int, int]], shapely.STRtree, list[float]]] = {}
        for floor in {spot.floor for spot in network.spots}:
            pairs = [(a, b) for a, b in network.walks() if network.spots[a].floor == floor]
            ends = [[network.spots[a].at_m, network.spots[b].at_m] for a, b in pairs]
            lines = [LineString(end) for end in ends]
            beside = [line.length * 2 * _BESIDE_M + np.pi * _BESIDE_M**2 for line in lines]
            self._by_floor[floor] = (pairs, shapely.STRtree(lines), beside)

    def slowness(self, people_m: Mapping[str, Sequence[PointM]]) -> Slowness:
        """How much longer each walk takes.

        Args:
            people_m: places of people by floor, metres.
        """
        factors: dict[tuple[int, int], float] = {}
        for floor, places in people_m.items():
            if floor not in self._by_floor or not places:
                continue
            pairs, tree, areas = self._by_floor[floor]
            points = shapely.points(np.array(places, np.float64))
            _, hits = tree.query(points, predicate="dwithin", distance=_BESIDE_M)
            for row, count in zip(*np.unique(hits, return_counts=True), strict=True):
                one, other = pairs[row]
                factor = 1 / speed_share(float(count) / areas[row])
                factors[one, other] = factors[other, one] = factor
        return lambda one, other: factors.get((one, other), 1.0)
