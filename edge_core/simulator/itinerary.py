"""Where a shopper wants to go: zones to visit, a free spot in each, how long to stay, the exit."""

from dataclasses import dataclass, field

import numpy as np

from edge_core.simulator.scene import Attraction, Entrance, Scene
from edge_core.simulator.walkways import Walkways
from edge_core.types import Float64Array

Spot = tuple[float, float, float]
"""x, y in metres and the way to face, degrees clockwise from up the plan."""


@dataclass(frozen=True)
class Stop:
    """One thing to do: walk to the spot, then stay. An exit is a stop without a zone."""

    spot: Spot
    dwell_s: float
    activity: str
    zone: str | None

    @property
    def point_m(self) -> Float64Array:
        """Where to stand, float64 (2,)."""
        return np.array(self.spot[:2])


@dataclass
class Itineraries:
    """Draws itineraries for one scene and keeps track of the spots in use."""

    scene: Scene
    walkways: Walkways
    rng: np.random.Generator
    _spots: dict[str, list[Spot]] = field(init=False)
    _taken: set[Spot] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        floor_id = self.scene.config.floor
        floor = next(floor for floor in self.scene.site.floors if floor.id == floor_id)
        self._spots = {
            attraction.zone: list(attraction.spots)
            or self.walkways.browsing_spots(floor, self.scene.zone_polygon(attraction.zone))
            for attraction in self.scene.config.attractions
        }

    def choose_zones(self) -> list[Attraction]:
        """Zones one shopper or group will visit, in order; empty for those who walk through."""
        habits, rng = self.scene.config.shoppers, self.rng
        options = [item for item in self.scene.config.attractions if item.weight > 0]
        if not options or rng.random() < habits.pass_share:
            return []
        weights = np.array([item.weight for item in options])
        count = min(len(options), max(1, int(rng.poisson(habits.visits_mean))))
        chosen = rng.choice(len(options), size=count, replace=False, p=weights / weights.sum())
        plan = [options[index] for index in chosen]
        tills = [item for item in self.scene.config.attractions if item.role == "till"]
        if tills and rng.random() < habits.buy_share:
            plan.append(tills[int(rng.integers(len(tills)))])
        return plan

    def stop_at(self, attraction: Attraction, near_m: Float64Array | None = None) -> Stop | None:
        """A free spot of the zone, nearest to `near_m` if given; None when all are taken."""
        free = [spot for spot in self._spots[attraction.zone] if self._is_free(spot)]
        if not free:
            return None
        if near_m is None:
            spot = free[int(self.rng.integers(len(free)))]
        else:
            spot = min(free, key=lambda item: float(np.hypot(*(np.array(item[:2]) - near_m))))
        self._taken.add(spot)
        spread = attraction.dwell_sigma
        dwell_s = attraction.dwell_median_s * float(np.exp(self.rng.normal(0, spread)))
        return Stop(spot, dwell_s, attraction.activity, attraction.zone)

    def exit_stop(self, entered: str | None) -> Stop:
        """A way out; leaving where one came in is as likely as its weight."""
        doors = self.scene.config.entrances
        weights = np.array([door.exit_weight for door in doors])
        if entered is not None and len(doors) > 1:
            weights = weights * np.where([door.id == entered for door in doors], 0.6, 1.0)
        door = doors[int(self.rng.choice(len(doors), p=weights / weights.sum()))]
        x, y = self.point_in(door)
        return Stop((x, y, 0.0), 0.0, "stand", None)

    def point_in(self, door: Entrance) -> Float64Array:
        """A random point (2,) of an entrance."""
        start, end = np.array(door.from_m), np.array(door.to_m)
        return np.asarray(start + self.rng.uniform(0, 1) * (end - start))

    def release(self, stop: Stop) -> None:
        """Give a stop's spot back."""
        self._taken.discard(stop.spot)

    def _is_free(self, spot: Spot) -> bool:
        """Whether nobody holds a spot within arm's reach of this one."""
        return all((spot[0] - x) ** 2 + (spot[1] - y) ** 2 > 0.4 for x, y, _ in self._taken)
