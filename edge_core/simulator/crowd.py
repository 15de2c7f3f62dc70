"""The shoppers of a scene: arriving, walking, browsing and leaving; reproducible by seed.

Walking is a social force model (Helbing and Molnar, Physical Review E 51, 1995) along paths
found by `walkways`; a hard limit keeps every body out of fixtures whatever the forces say.
"""

from collections.abc import Sequence

import numpy as np

from edge_core.simulator.forces import social_accelerations
from edge_core.simulator.itinerary import Itineraries, Stop
from edge_core.simulator.looks import Look, random_look
from edge_core.simulator.scene import Attraction, Entrance, Scene
from edge_core.simulator.shopper import PersonState, Shopper, stride_length_m
from edge_core.simulator.walkways import BODY_RADIUS_M, Walkways
from edge_core.types import Float64Array

STEP_S = 0.05
_ARRIVED_M = 0.18
_STUCK_S = 3.0
_GIVE_UP_S = 15.0


class Crowd:
    """Everybody in one scene.

    Args:
        scene: the place.
        seed: the only source of chance; the same seed gives the same history.
    """

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene = scene
        self._rng = np.random.default_rng(seed)
        floor = next(floor for floor in scene.site.floors if floor.id == scene.config.floor)
        self.walkways = Walkways(floor)
        self._itineraries = Itineraries(scene, self.walkways, self._rng)
        self.shoppers: list[Shopper] = []
        self.time_s = 0.0
        self._steps = 0
        self._next_number = 1
        self._next_arrival_s = {door.id: self._interval_s(door) for door in scene.config.entrances}
        for _ in range(scene.config.shoppers.present_at_start):
            self._place_inside()

    def states(self) -> list[PersonState]:
        """Everybody now, in order of their numbers."""
        return [
            PersonState(
                person.number,
                person.look,
                (float(person.position_m[0]), float(person.position_m[1])),
                person.heading,
                person.gait_phase,
                person.gait_speed_m_s,
                person.activity,
            )
            for person in self.shoppers
        ]

    def step(self) -> None:
        """Move the world on by 50 ms."""
        self._steps += 1
        self.time_s = self._steps * STEP_S
        self._arrivals()
        for person in self.shoppers:
            self._decide(person)
        leaving = [person for person in self.shoppers if person.gone]
        if leaving:
            self.shoppers = [person for person in self.shoppers if not person.gone]
        if self.shoppers:
            self._move()

    def send(self, number: int, zones: Sequence[str]) -> None:
        """Let somebody who walks turn to these zones first, in this order."""
        known = {item.zone: item for item in self._scene.config.attractions}
        person = next((it for it in self.shoppers if it.number == number), None)
        if person is None or not zones or person.dwell_until_s is not None:
            return
        rest = [item for item in person.plan if item.zone not in zones]
        person.plan = [known[zone] for zone in zones] + rest
        self._head_on(person)

    def _interval_s(self, door: Entrance) -> float:
        if door.arrivals_per_min == 0:
            return np.inf
        people = float(np.dot((1, 2, 3), self._scene.config.shoppers.group_shares))
        return float(self._rng.exponential(60 / door.arrivals_per_min * people))

    def _arrivals(self) -> None:
        for door in self._scene.config.entrances:
            if self.time_s < self._next_arrival_s[door.id]:
                continue
            self._next_arrival_s[door.id] = self.time_s + self._interval_s(door)
            self._enter_group(door)

    def _enter_group(self, door: Entrance) -> None:
        habits = self._scene.config.shoppers
        shares = np.array(habits.group_shares)
        size = 1 + int(self._rng.choice(3, p=shares / shares.sum()))
        plan = self._itineraries.choose_zones()
        speed = self._draw_speed()
        leader: Shopper | None = None
        for index in range(size):
            point = self._free_point(door)
            if point is None:
                return
            child = index > 0 and self._rng.random() < habits.child_share
            person = self._new_shopper(point, random_look(self._rng, child=child), speed, plan)
            person.entered = door.id
            person.leader = leader
            person.group = leader.number if leader else person.number
            leader = leader or person
            self._head_on(person)

    def _free_point(self, door: Entrance) -> Float64Array | None:
        for _ in range(10):
            point = self._itineraries.point_in(door)
            others = [float(np.hypot(*(point - other.position_m))) for other in self.shoppers]
            if min(others, default=np.inf) > 0.55 and self.walkways.inside(point[None])[0]:
                return point
        return None

    def _draw_speed(self) -> float:
        habits = self._scene.config.shoppers
        return float(np.clip(self._rng.normal(habits.speed_m_s, habits.speed_sd_m_s), 0.6, 1.8))

    def _new_shopper(
        self, point: Float64Array, look: Look, speed: float, plan: list[Attraction]
    ) -> Shopper:
        person = Shopper(
            number=self._next_number,
            group=self._next_number,
            look=look,
            position_m=point,
            velocity_m_s=np.zeros(2),
            heading=float(self._rng.uniform(-np.pi, np.pi)),
            walk_speed_m_s=speed,
            entered=None,
            plan=list(plan),
            gait_phase=float(self._rng.uniform()),
        )
        self._next_number += 1
        self.shoppers.append(person)
        return person

    def _place_inside(self) -> None:
        """Somebody who came before the simulation began, in the middle of a stop."""
        plan = self._itineraries.choose_zones()
        if not plan:
            return
        stop = self._itineraries.stop_at(plan[0])
        if stop is None:
            return
        look = random_look(self._rng)
        person = self._new_shopper(stop.point_m, look, self._draw_speed(), plan[1:])
        person.stop = stop
        person.heading = float(np.radians(stop.spot[2]))
        person.dwell_until_s = float(self._rng.uniform(0, stop.dwell_s))

    def _decide(self, person: Shopper) -> None:
        """Begin, end or give up what the person is doing."""
        if person.dwell_until_s is not None:
            if self._may_leave(person):
                self._head_on(person)
            return
        if person.stop is None:
            return
        gap_m = float(np.hypot(*(person.position_m - person.stop.point_m)))
        waited_s = self.time_s - person.progress_at_s
        if gap_m < _ARRIVED_M or (gap_m < 0.7 and waited_s > 1.5):
            self._arrive(person)
        elif waited_s > _STUCK_S:
            self._replan(person)

    def _may_leave(self, person: Shopper) -> bool:
        assert person.dwell_until_s is not None
        leader = person.leader
        if leader is None or leader.gone:
            return self.time_s >= person.dwell_until_s
        same_place = leader.stop is not None and person.stop is not None
        waiting = same_place and leader.stop.zone == person.stop.zone  # type: ignore[union-attr]
        return not waiting

    def _arrive(self, person: Shopper) -> None:
        assert person.stop is not None
        if person.stop.zone is None:
            person.gone = True
            return
        person.dwell_until_s = self.time_s + person.stop.dwell_s
        person.path = []

    def _head_on(self, person: Shopper) -> None:
        """Choose the next stop and the way to it."""
        if person.stop is not None:
            self._itineraries.release(person.stop)
        person.dwell_until_s = None
        person.stop = self._next_stop(person)
        path = self.walkways.path(person.position_m, person.stop.point_m)
        if path is None:
            self._itineraries.release(person.stop)
            person.stop = self._itineraries.exit_stop(None)
            path = self.walkways.path(person.position_m, person.stop.point_m)
        person.path = [] if path is None else list(path)
        person.best_m, person.progress_at_s = np.inf, self.time_s
        person.walking_since_s = self.time_s

    def _next_stop(self, person: Shopper) -> Stop:
        near = None
        if person.leader is not None and person.leader.stop is not None:
            near = person.leader.stop.point_m
        while person.plan:
            stop = self._itineraries.stop_at(person.plan.pop(0), near)
            if stop is not None:
                return stop
        leads_out = person.leader is not None and person.leader.stop is not None
        if near is not None and leads_out and person.leader.stop.zone is None:  # type: ignore[union-attr]
            side = near + self._rng.uniform(-0.5, 0.5, 2)
            if self.walkways.inside(side[None])[0]:
                return Stop((float(side[0]), float(side[1]), 0.0), 0.0, "stand", None)
        return self._itineraries.exit_stop(person.entered)

    def _replan(self, person: Shopper) -> None:
        """The way is blocked: find another from here, or after a while do something else."""
        assert person.stop is not None
        if self.time_s - person.walking_since_s > 90 or (
            person.stop.zone is not None and self.time_s - person.progress_at_s > _GIVE_UP_S
        ):
            self._head_on(person)
            return
        path = self.walkways.path(person.position_m, person.stop.point_m)
        person.path = [] if path is None else list(path)
        person.best_m = np.inf

    def _move(self) -> None:
        people = self.shoppers
        position = np.array([person.position_m for person in people])
        velocity = np.array([person.velocity_m_s for person in people])
        wanted = np.array([self._wanted_velocity(person) for person in people])
        standing = np.array([person.dwell_until_s is not None for person in people])
        groups = np.array([person.group for person in people])
        patience = np.array([self.time_s - person.progress_at_s for person in people])
        push = social_accelerations(position, velocity, wanted, groups, patience)
        clearance = self.walkways.clearance_m(position)
        walls = 3.0 * np.exp((0.25 - clearance) / 0.1)[:, None] * self.walkways.away(position)
        velocity += STEP_S * ((wanted - velocity) / 0.4 + push + walls)
        limit = 1.25 * np.array([person.walk_speed_m_s for person in people])
        speed = np.hypot(*velocity.T)
        velocity *= np.minimum(1, limit / np.maximum(speed, 1e-9))[:, None]
        velocity[standing] = 0
        moved = self._kept_outside(position, position + velocity * STEP_S)
        for index, person in enumerate(people):
            self._advance(person, moved[index], standing[index])

    def _kept_outside(self, before: Float64Array, after: Float64Array) -> Float64Array:
        """Slide positions along obstacles; whoever would still touch one stays put."""
        for _ in range(2):
            short = BODY_RADIUS_M + 0.01 - self.walkways.clearance_m(after)
            after = after + np.clip(short, 0, 0.1)[:, None] * self.walkways.away(after)
        return np.where(self.walkways.inside(after)[:, None], after, before)

    def _wanted_velocity(self, person: Shopper) -> Float64Array:
        if person.dwell_until_s is not None or not person.path:
            return np.zeros(2)
        while len(person.path) > 1:
            gap = person.path[0] - person.position_m
            if np.hypot(*gap) < 0.45 and self.walkways.sees(
                person.position_m, person.path[1], BODY_RADIUS_M
            ):
                person.path.pop(0)
            else:
                break
        gap = person.path[0] - person.position_m
        distance = float(np.hypot(*gap))
        left = distance + sum(
            float(np.hypot(*(b - a))) for a, b in zip(person.path, person.path[1:], strict=False)
        )
        if left < person.best_m - 0.15:
            person.best_m, person.progress_at_s = left, self.time_s
        speed = person.walk_speed_m_s * self._pace(person) * min(1.0, 0.35 + left)
        return np.asarray(gap / max(distance, 1e-6) * speed)

    def _pace(self, person: Shopper) -> float:
        """Groups keep together: whoever is behind hurries a little, the leader dawdles."""
        if person.leader is not None:
            gap = float(np.hypot(*(person.leader.position_m - person.position_m)))
            return 1.15 if gap > 1.2 else 1.0
        return 0.92 if person.group != person.number else 1.0

    def _advance(self, person: Shopper, position: Float64Array, standing: bool) -> None:
        """Take the step: position, velocity, heading and gait."""
        person.velocity_m_s = (position - person.position_m) / STEP_S
        person.position_m = position
        speed = float(np.hypot(*person.velocity_m_s))
        person.gait_speed_m_s += 0.25 * (speed - person.gait_speed_m_s)
        target = person.heading
        if standing and person.stop is not None:
            target = float(np.radians(person.stop.spot[2]))
        elif speed > 0.15:
            target = float(np.arctan2(person.velocity_m_s[0], -person.velocity_m_s[1]))
        turn = (target - person.heading + np.pi) % (2 * np.pi) - np.pi
        person.heading += float(np.clip(turn * 0.3, -0.2, 0.2))
        stride_m = stride_length_m(person.gait_speed_m_s, person.look.height_m)
        person.gait_phase = (person.gait_phase + speed * STEP_S / stride_m) % 1.0
