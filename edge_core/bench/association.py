"""Who did it, in simulated busy shops: matching against the nearest person and against time.

The crowd and what it does to garments are the simulator's; the sensors are modelled: item events
that are late, missed, confused or false, as the tag motion's own figures say, and tracks that
drift, break off and tell little of the hands. All of it is simulated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.interaction.association import Action, Match, Path, Reach, associate
from edge_core.simulator import Scene, World, load_scene
from edge_core.simulator.handling import Handled, Handling, hang
from edge_core.types import Float64Array
from edge_core.units import ns_from_s
from edge_core.vision.models import MODELS_FOLDER

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
SEEDS: Final = (41, 42, 43)
"""Neither the weights nor anything else was chosen on these."""
MINUTES: Final = 8.0
TICK_S: Final = 0.25
RATE_HZ: Final = 2.0
BATCH_S: Final = 5.0
TOLERANCE_S: Final = 2.0
KINDS: Final = ("touch", "pick", "put-back")
_NONE: Final = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Sensors:
    """How well item events and tracks are seen.

    Attributes:
        found: share of item actions noticed.
        confused: share of those given another kind.
        late_sd_s: standard deviation of an event's start and end.
        false_per_min: events that nobody caused.
        place_sd_m: of the item's place, its rail's.
        drift_sd_m: of a track; it wanders with `drift_s`.
        drift_s: time constant of the drift.
        broken: share of the time a track is lost, in gaps of some seconds.
        hands_true: probability the hands are told busy when they are.
        hands_false: probability they are told so when they are not.
        hand_noise: standard deviation of the hands' motion, which is 1 on average at a garment.
        tag_noise: the same of the tag's.
    """

    found: float = 0.94
    confused: float = 0.04
    late_sd_s: float = 0.5
    false_per_min: float = 0.5
    place_sd_m: float = 0.3
    drift_sd_m: float = 0.25
    drift_s: float = 2.0
    broken: float = 0.06
    hands_true: float = 0.85
    hands_false: float = 0.08
    hand_noise: float = 0.6
    tag_noise: float = 0.4


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of (person, item, kind) within two seconds.

    Attributes:
        right: matches that are right.
        said: matches that name a person.
        true: actions that happened.
    """

    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """Of what is said, the share that is right."""
        return self.right / max(self.said, 1)

    @property
    def recall(self) -> float:
        """Of what happened, the share that is said right."""
        return self.right / max(self.true, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / max(self.said + self.true, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A simulated stretch of trade: the truth, and what sensors make of it."""

    truth: tuple[Handled, ...]
    actions: tuple[Action, ...]
    kinds: tuple[str, ...]
    paths: tuple[Path, ...]


def measure() -> list[Figure]:
    """F1 of (person, item, kind) over three simulated stretches of trade, all ways alike."""
    scene = load_scene(SHOP)
    ways: dict[str, Callable[[Day], list[Match]]] = {
        "nearest person": nearest, "time only": in_time, "matching": matched
    }  # fmt: skip
    found: dict[str, list[Scores]] = {name: [] for name in ways}
    for seed in SEEDS:
        day = simulate_day(scene, seed, MINUTES, Sensors())
        for name, way in ways.items():
            found[name].append(scored(day, way(day)))
    figures = []
    for name, scores in found.items():
        right, said, true = (
            sum(part) for part in zip(*((s.right, s.said, s.true) for s in scores), strict=True)
        )
        total = Scores(right, said, true)
        for what in ("precision", "recall", "f1"):
            label = f"who did it, simulated, {name}: {what}"
            figures.append(Figure(label, getattr(total, what), "", None, None, true))
    return figures


def simulate_day(scene: Scene, seed: int, minutes: float, sensors: Sensors) -> Day:
    """Let people handle garments, and model what cameras and readers tell of it."""
    rng = np.random.default_rng(seed)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    handling = Handling(hang(floor, [f"{n:024x}" for n in range(4000)]), seed)
    world = World(scene, seed)
    rows: dict[int, list[tuple[float, float, float, float]]] = {}
    for tick in range(1, round(minutes * 60 / TICK_S) + 1):
        people = world.advance_to(tick * TICK_S)
        handling.advance(people, world.time_s)
        for person in people:
            busy = float(handling.busy(person.number))
            rows.setdefault(person.number, []).append((world.time_s, *person.position_m, busy))
    truth = tuple(_as_told(h) for h in handling.log if h.kind != "buy")
    # Hand and garment swing together: one course of energy for both, by chance.
    swings = {id(h): rng.gamma(2, 0.5, _samples(h.start_s, h.end_s)) for h in truth}
    paths = tuple(
        _path(np.array(seen), [(h, swings[id(h)]) for h in truth if h.person == n], n, sensors, rng)
        for n, seen in rows.items()
    )
    actions, kinds = _noticed(truth, swings, minutes, list(handling.garments), sensors, rng)
    return Day(truth, actions, kinds, paths)


def _as_told(handled: Handled) -> Handled:
    kind = "put-back" if handled.kind == "misplace" else handled.kind
    return Handled(
        handled.person, handled.epc, kind, handled.start_s, handled.end_s, handled.place_m
    )


def _samples(start_s: float, end_s: float) -> int:
    return max(1, round((end_s - start_s) * RATE_HZ))


def _noticed(
    truth: Sequence[Handled],
    swings: Mapping[int, Float64Array],
    minutes: float,
    epcs: list[str],
    sensors: Sensors,
    rng: np.random.Generator,
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    found = []
    for handled in truth:
        if rng.random() > sensors.found:
            continue
        kind = handled.kind
        if rng.random() < sensors.confused:
            kind = str(rng.choice([k for k in KINDS if k != kind]))
        place = np.array(handled.place_m) + rng.normal(0, sensors.place_sd_m, 2)
        start_s = max(0.0, handled.start_s + rng.normal(0, sensors.late_sd_s))
        end_s = max(start_s + 0.5, handled.end_s + rng.normal(0, sensors.late_sd_s))
        at_s = start_s + np.arange(_samples(start_s, end_s)) / RATE_HZ
        motion = _energy(handled, swings[id(handled)], at_s)
        motion += rng.normal(0, sensors.tag_noise, len(motion))
        found.append((start_s, end_s, handled.epc, kind, place, motion))
    for _ in range(rng.poisson(sensors.false_per_min * minutes)):
        start_s = rng.uniform(0, minutes * 60)
        at = truth[int(rng.integers(len(truth)))].place_m if truth else (0.0, 0.0)
        epc = epcs[int(rng.integers(len(epcs)))]
        found.append((start_s, start_s + 2, epc, str(rng.choice(KINDS)), np.array(at), _NONE))
    found.sort(key=lambda item: item[0])
    actions = tuple(
        Action(
            str(n), epc, ns_from_s(start), ns_from_s(end), (float(at[0]), float(at[1])), 0.9, motion
        )
        for n, (start, end, epc, _, at, motion) in enumerate(found)
    )
    return actions, tuple(item[3] for item in found)


def _energy(handled: Handled, swing: Float64Array, at_s: Float64Array) -> Float64Array:
    """How much a garment moves at each time; nothing before and after."""
    own_s = handled.start_s + np.arange(len(swing)) / RATE_HZ
    inside = (at_s >= handled.start_s) & (at_s <= handled.end_s)
    return np.asarray(np.interp(at_s, own_s, swing) * inside)


def _path(
    seen: Float64Array,
    done: Sequence[tuple[Handled, Float64Array]],
    number: int,
    sensors: Sensors,
    rng: np.random.Generator,
) -> Path:
    count = len(seen)
    keep = np.exp(-TICK_S / sensors.drift_s)
    drift = np.zeros((count, 2))
    step = rng.normal(0, sensors.drift_sd_m, (count, 2))
    drift[0] = step[0]
    for row in range(1, count):
        drift[row] = keep * drift[row - 1] + np.sqrt(1 - keep**2) * step[row]
    busy = seen[:, 3] > 0
    told = rng.random(count) < np.where(busy, sensors.hands_true, sensors.hands_false)
    handling = np.where(told, rng.uniform(0.6, 0.95, count), rng.uniform(0.05, 0.4, count))
    motion = rng.normal(0, sensors.hand_noise, count)
    for handled, swing in done:
        motion += _energy(handled, swing, seen[:, 0])
    lost = np.zeros(count, np.bool_)
    gap = round(5 / TICK_S)
    for start in np.flatnonzero(rng.random(count) < sensors.broken / gap):
        lost[start : start + gap] = True
    kept = ~lost if (~lost).any() else np.ones(count, np.bool_)
    time_ns = np.array([ns_from_s(float(t)) for t in seen[kept, 0]], np.int64)
    return Path(
        number, time_ns, seen[kept, 1:3] + drift[kept], sensors.drift_sd_m,
        handling[kept], motion[kept],
    )  # fmt: skip


def matched(day: Day) -> list[Match]:
    """The product's way: batches of five seconds, who holds what carried along."""
    holders: dict[str, int] = {}
    found: list[Match] = []
    for start in range(0, len(day.actions)):
        if start < len(found):
            continue
        first = day.actions[start]
        batch = [
            action for action in day.actions[start:]
            if action.start_ns < first.start_ns + ns_from_s(BATCH_S)
        ]  # fmt: skip
        # An item's second action in a batch waits for what its first one says of the holder.
        ends = next((n for n in range(1, len(batch)) if _repeats(batch, n)), len(batch))
        for match, action in zip(
            associate(batch[:ends], day.paths, holders=holders), batch[:ends], strict=True
        ):
            kind = day.kinds[len(found)]
            if match.person is not None and kind == "pick":
                holders[action.epc] = match.person
            elif kind == "put-back":
                holders.pop(action.epc, None)
            found.append(match)
    return found


def _repeats(batch: Sequence[Action], place: int) -> bool:
    return any(batch[place].epc == earlier.epc for earlier in batch[:place])


def nearest(day: Day) -> list[Match]:
    """Whoever was nearest at the middle of the action, if within reach."""
    return [_best(action, day.paths, by_time=False) for action in day.actions]


def in_time(day: Day) -> list[Match]:
    """Whoever was within reach for the largest part of the action, the longest there first."""
    return [_best(action, day.paths, by_time=True) for action in day.actions]


def _best(action: Action, paths: Sequence[Path], *, by_time: bool) -> Match:
    reach = Reach()
    best, who, count = np.inf, None, 0
    for path in paths:
        near = (path.time_ns >= action.start_ns - ns_from_s(reach.time_s)) & (
            path.time_ns <= action.end_ns + ns_from_s(reach.time_s)
        )
        if not near.any():
            continue
        apart = np.hypot(*(path.floor_m[near] - np.array(action.floor_m)).T)
        if apart.min() > reach.distance_m:
            continue
        count += 1
        middle = int(np.argmin(np.abs(path.time_ns[near] - (action.start_ns + action.end_ns) // 2)))
        cost = -float((apart <= reach.distance_m).sum()) if by_time else float(apart[middle])
        if cost < best:
            best, who = cost, path.person
    return Match(action.key, who, 1.0 if who is not None else 0.0, count)


def scored(day: Day, matches: Sequence[Match]) -> Scores:
    """Each truth is found at most once."""
    right = _right(day, matches)
    return Scores(sum(right), sum(m.person is not None for m in matches), len(day.truth))


def _right(day: Day, matches: Sequence[Match]) -> list[bool]:
    left = list(day.truth)
    right = []
    for match, action, kind in zip(matches, day.actions, day.kinds, strict=True):
        hit = next(
            (
                truth for truth in left
                if match.person == truth.person and truth.epc == action.epc and truth.kind == kind
                and abs(truth.start_s - action.start_ns / 1e9) <= TOLERANCE_S
            ),
            None,
        )  # fmt: skip
        if hit is not None:
            left.remove(hit)
        right.append(hit is not None)
    return right
