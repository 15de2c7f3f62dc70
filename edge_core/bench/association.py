"""Who did it, in simulated busy shops: matching against the nearest person and against time.

Told apart: moments with 2 to 12 people about the rails, and with more, as crowded as the shop gets.

The crowd and what it does to garments are simulated, garments' tags are read by emulated readers
and go through the product's own tag motion and item states, and cameras err as measured on
rendered pictures; see `busy_shop`. All of it is simulated. An answer is right when person, item
and kind are, within two seconds. Takes half an hour of one core.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.busy_shop import Sensors, Trade, tracks, trade, with_arrivals
from edge_core.bench.played_states import script_figures
from edge_core.bench.rail_readers import Told, actions_of, item_events, rail_readers
from edge_core.interaction.association import (
    Action,
    ActionKind,
    Done,
    Match,
    Path,
    Reach,
    associate,
    deeds,
)
from edge_core.simulator import load_scene
from edge_core.simulator.handling import Handled
from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import NS_PER_S, ns_from_s
from edge_core.vision.models import MODELS_FOLDER

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
CROWDED: Final = (41, 42, 43)
"""Neither the weights nor anything else was chosen on these,"""
BUSY: Final = (44, 45, 46)
"""nor on these, in which fewer people come in."""
BUSY_ARRIVALS: Final = 0.4
"""Of the shop's usual ones."""
BUSY_PEOPLE: Final = (2, 12)
"""Within four metres of the rails at once."""
MINUTES: Final = 2.0
"""Of each seed; more narrows the intervals and takes as much longer."""
TOLERANCE_S: Final = 2.0
AROUND_S: Final = 2.0
"""The two baselines look for people from so long before to so long after an action."""
BATCH_S: Final = 5.0
BLOCK_S: Final = 20.0
"""Intervals come from drawing stretches of so long anew: actions of one moment hang together."""
NEAR_RAIL_M: Final = 4.0
BESIDE_M: Final = 1.5
_RESAMPLES: Final = 2000
_TRUE_KIND: Final[dict[str, ActionKind]] = {
    "touch": "touch", "pick": "take", "put-back": "return", "misplace": "return"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a shopper did: an item's moment is when it was taken, or hangs again."""

    person: int
    epc: str
    kind: ActionKind
    moment_s: float
    place_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Day:
    """A simulated stretch of trade: the truth, and what sensors make of it.

    `people_near` is int64 (B,), the most people near a rail at once in each block of time.
    """

    seed: int
    minutes: float
    truth: tuple[Deed, ...]
    actions: tuple[Action, ...]
    paths: tuple[Path, ...]
    people_near: Int64Array


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a way of choosing, by block of time: float64 (B,) each.

    Attributes:
        right: answers that are right.
        said: answers that name a person.
        true: actions that happened.
    """

    right: Float64Array
    said: Float64Array
    true: Float64Array

    def of(self, blocks: BoolArray) -> "Judged":
        """Of some blocks only."""
        return Judged(self.right[blocks], self.said[blocks], self.true[blocks])

    def f1(self, drawn: np.ndarray | None = None) -> Float64Array:
        """Harmonic mean of precision and recall, of blocks drawn (R, B) or of all."""
        right, said, true = (
            part.sum() if drawn is None else part[drawn].sum(axis=1)
            for part in (self.right, self.said, self.true)
        )
        return np.asarray(2 * right / np.maximum(said + true, 1))


def measure() -> list[Figure]:
    """Item events, persons and both together over simulated stretches of trade."""
    days = simulate_days(BUSY, MINUTES, Sensors(), arrivals=BUSY_ARRIVALS)
    days += simulate_days(CROWDED, MINUTES, Sensors())
    return [*report(days), *script_figures()]


def report(days: Sequence[Day]) -> list[Figure]:
    """Figures of stretches of trade."""
    ways: dict[str, Callable[[Day], list[Match]]] = {
        "nearest person": nearest, "time only": in_time, "matching": matched
    }  # fmt: skip
    found = {name: [way(day) for day in days] for name, way in ways.items()}
    judged = {
        name: _together([_judge(*pair) for pair in zip(days, matches, strict=True)])
        for name, matches in found.items()
    }
    near = np.concatenate([day.people_near for day in days])
    most, fewest = float(near.max()), float(near.min())
    figures = [
        _figure("people within 4 m of a rail, most", most, len(days)),
        _figure("people within 4 m of a rail, fewest", fewest, len(days)),
        *item_figures(days),
    ]
    low, high = BUSY_PEOPLE
    busy = (near >= low) & (near <= high)
    for crowd, blocks in (
        (f"{low} to {high} people", busy),
        (f"over {high} people", near > high),
        ("all", np.ones(len(near), np.bool_)),
    ):
        part = {name: one.of(blocks) for name, one in judged.items()}
        total = int(part["matching"].true.sum())
        if total:
            for name, one in part.items():
                figures += _way_figures(f"{crowd}, {name}", one, total)
            figures += _paired(crowd, part)
    return figures + person_figures(days, found)


def _figure(label: str, value: float, count: int, unit: str = "") -> Figure:
    return Figure(f"who did it, simulated, {label}", value, unit, None, None, count)


def simulate_days(
    seeds: Sequence[int],
    minutes: float,
    sensors: Sensors,
    *,
    arrivals: float = 1.0,
    workers: int = 2,
) -> list[Day]:
    """Stretches of trade, one a seed; readers are emulated side by side.

    Args:
        seeds: of everything.
        minutes: of each stretch.
        sensors: how wrong cameras are.
        arrivals: share of the shop's usual ones.
        workers: processes.
    """
    scene = with_arrivals(load_scene(SHOP), arrivals)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    days = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for seed in seeds:
            told = trade(scene, seed, minutes)
            rails, readers = rail_readers(floor, list(told.garments.values()))
            count = len(readers)
            parts = pool.map(
                item_events,
                [told] * count,
                [rails] * count,
                [readers] * count,
                range(count),
                [seed * 100 + number for number in range(count)],
            )
            events = [event for part in parts for event in part]
            days.append(make_day(told, events, sensors, seed))
    return days


def make_day(told: Trade, events: Sequence[Told], sensors: Sensors, seed: int) -> Day:
    """What the sensors tell beside what is true; both only of the time that is judged."""
    return day_of(told, actions_of(events), sensors, seed)


def day_of(told: Trade, every: Sequence[Action], sensors: Sensors, seed: int) -> Day:
    """The truth, these actions and what cameras tell, of the time that is judged."""
    until_s = told.minutes * 60
    truth = tuple(done for done in map(_as_done, told.log) if done.moment_s < until_s)
    actions = tuple(action for action in every if action.start_ns / NS_PER_S < until_s)
    homes = np.array([garment.home_m[:2] for garment in told.garments.values()])
    return Day(seed, told.minutes, truth, actions, tracks(told, sensors, seed), _near(told, homes))


def _as_done(handled: Handled) -> Deed:
    kind = _TRUE_KIND[handled.kind]
    moment_s = handled.end_s if kind == "return" else handled.start_s
    return Deed(handled.person, handled.epc, kind, moment_s, handled.place_m)


def _near(told: Trade, homes: Float64Array) -> Int64Array:
    """Most people near a rail at once in each block, int64 (B,); looked at every five seconds."""
    rows = np.concatenate(list(told.rows.values()))
    counts = np.zeros(_blocks(told.minutes), np.int64)
    for now_s in np.arange(0.0, told.minutes * 60 + BLOCK_S, 5.0):
        there = rows[np.abs(rows[:, 0] - now_s) < 0.1, 1:3]
        apart = np.hypot(*(there[:, None] - homes[None]).transpose(2, 0, 1)).min(axis=1, initial=99)
        block = int(now_s // BLOCK_S)
        counts[block] = max(counts[block], int((apart <= NEAR_RAIL_M).sum()))
    return counts


def _blocks(minutes: float) -> int:
    return int(np.ceil(minutes * 60 / BLOCK_S)) + 1


def matched(day: Day) -> list[Match]:
    """The product's way: batches by time, who holds what carried along."""
    holders: dict[str, int] = {}
    found: dict[str, Match] = {}
    done: list[Done] = []
    for batch in batches(day.actions):
        matches = associate(batch, day.paths, holders=holders, done=done)
        for match, action in zip(matches, batch, strict=True):
            found[match.key] = match
            if match.person is not None:
                done.append(Done(action, match.person, match.probability))
            if action.kind == "take" and match.person is not None:
                holders[action.epc] = match.person
            elif action.kind == "return":
                holders.pop(action.epc, None)
    return [found[action.key] for action in day.actions]


def batches(actions: Sequence[Action]) -> list[list[Action]]:
    """Some five seconds each; a return stays with the taking that it ends."""
    ends = {bringing: taking for taking, bringing in deeds(actions)}
    found: list[list[Action]] = []
    start_ns = 0
    for place, action in enumerate(actions):
        if place in ends:
            continue
        if not found or action.start_ns >= start_ns + ns_from_s(BATCH_S):
            found.append([])
            start_ns = action.start_ns
        found[-1].append(action)
        found[-1] += [actions[bringing] for bringing, taking in ends.items() if taking == place]
    return found


def nearest(day: Day) -> list[Match]:
    """Whoever was nearest to the item's place at the moment, if within reach."""
    return [_best(action, day.paths, by_time=False) for action in day.actions]


def in_time(day: Day) -> list[Match]:
    """Whoever was within reach for the largest part of the action, the longest there first."""
    return [_best(action, day.paths, by_time=True) for action in day.actions]


def _best(action: Action, paths: Sequence[Path], *, by_time: bool) -> Match:
    reach = Reach()
    best, who, count = np.inf, None, 0
    moment_ns = {"take": action.start_ns, "return": action.end_ns}.get(
        action.kind, (action.start_ns + action.end_ns) // 2
    )
    for path in paths:
        near = (path.time_ns >= action.start_ns - ns_from_s(AROUND_S)) & (
            path.time_ns <= action.end_ns + ns_from_s(AROUND_S)
        )
        if not near.any():
            continue
        apart = np.hypot(*(path.floor_m[near] - np.array(action.floor_m)).T)
        if apart.min() > reach.distance_m:
            continue
        count += 1
        middle = int(np.argmin(np.abs(path.time_ns[near] - moment_ns)))
        cost = -float((apart <= reach.distance_m).sum()) if by_time else float(apart[middle])
        if cost < best:
            best, who = cost, path.person
    return Match(action.key, who, 1.0 if who is not None else 0.0, count)


def moment_s(action: Action) -> float:
    """When an action counts as done."""
    return (action.end_ns if action.kind == "return" else action.start_ns) / NS_PER_S


def pairs(day: Day) -> dict[int, int]:
    """For places of actions, the true deed they tell of: item and kind right, in time."""
    left = set(range(len(day.truth)))
    found = {}
    for place, action in enumerate(day.actions):
        close = [
            number
            for number in left
            if day.truth[number].epc == action.epc
            and day.truth[number].kind == action.kind
            and abs(day.truth[number].moment_s - moment_s(action)) <= TOLERANCE_S
        ]
        if close:
            best = min(close, key=lambda n: abs(day.truth[n].moment_s - moment_s(action)))
            found[place] = best
            left.remove(best)
    return found


def _judge(day: Day, matches: Sequence[Match]) -> Judged:
    blocks = _blocks(day.minutes)
    right, said, true = np.zeros(blocks), np.zeros(blocks), np.zeros(blocks)
    for done in day.truth:
        true[int(done.moment_s // BLOCK_S)] += 1
    told = pairs(day)
    for place, (action, match) in enumerate(zip(day.actions, matches, strict=True)):
        block = min(int(moment_s(action) // BLOCK_S), blocks - 1)
        said[block] += match.person is not None
        if place in told and day.truth[told[place]].person == match.person:
            right[block] += 1
    return Judged(right, said, true)


def _together(parts: Sequence[Judged]) -> Judged:
    return Judged(
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.said for part in parts]),
        np.concatenate([part.true for part in parts]),
    )


def _drawn(blocks: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, blocks, (_RESAMPLES, blocks))


def _way_figures(name: str, judged: Judged, total: int) -> list[Figure]:
    right, said, true = (float(part.sum()) for part in (judged.right, judged.said, judged.true))
    low, high = np.quantile(judged.f1(_drawn(len(judged.true))), (0.025, 0.975))
    return [
        _figure(f"{name}: precision", right / max(said, 1), total),
        _figure(f"{name}: recall", right / max(true, 1), total),
        _figure(f"{name}: f1", float(judged.f1()), total),
        _figure(f"{name}: f1, 95 % from", float(low), total),
        _figure(f"{name}: f1, 95 % to", float(high), total),
    ]


def _paired(crowd: str, judged: Mapping[str, Judged]) -> list[Figure]:
    """How far matching is ahead, with paired bootstrap intervals."""
    ours = judged["matching"]
    drawn, total, figures = _drawn(len(ours.true)), int(ours.true.sum()), []
    for name in ("nearest person", "time only"):
        ahead = ours.f1(drawn) - judged[name].f1(drawn)
        low, high = np.quantile(ahead, (0.025, 0.975))
        label = f"{crowd}, matching ahead of {name}: f1"
        figures += [
            _figure(label, float(ours.f1() - judged[name].f1()), total),
            _figure(f"{label}, 95 % from", float(low), total),
            _figure(f"{label}, 95 % to", float(high), total),
        ]
    return figures


def item_figures(days: Sequence[Day]) -> list[Figure]:
    """How well item events alone are told, whoever did them."""
    figures = []
    for kind in ("touch", "take", "return"):
        hits, late = 0, []
        for day in days:
            for place, number in pairs(day).items():
                if day.actions[place].kind == kind:
                    hits += 1
                    late.append(moment_s(day.actions[place]) - day.truth[number].moment_s)
        told = sum(action.kind == kind for day in days for action in day.actions)
        true = sum(done.kind == kind for day in days for done in day.truth)
        figures += [
            _figure(f"items, {kind}: precision", hits / max(told, 1), told),
            _figure(f"items, {kind}: recall", hits / max(true, 1), true),
            _figure(f"items, {kind}: late by", float(np.mean(late)) if late else 0.0, hits, "s"),
            _figure(f"items, {kind}: spread", float(np.std(late)) if late else 0.0, hits, "s"),
        ]
    hits = sum(len(pairs(day)) for day in days)
    told, true = sum(len(d.actions) for d in days), sum(len(d.truth) for d in days)
    return [*figures, _figure("items, all: f1", 2 * hits / max(told + true, 1), true)]


def person_figures(
    days: Sequence[Day], found: Mapping[str, Sequence[Sequence[Match]]]
) -> list[Figure]:
    """Of item events told right: person right, wrong or left open, by how many were beside."""
    figures = []
    for name, ways in found.items():
        rows = []
        for day, matches in zip(days, ways, strict=True):
            for place, number in pairs(day).items():
                done, match = day.truth[number], matches[place]
                rows.append((_beside(day, done), match.person == done.person, match.person is None))
        table = np.array(rows, np.float64).reshape(-1, 3)
        for label, chosen in (
            ("one person beside", table[:, 0] <= 1),
            ("two beside", table[:, 0] == 2),
            ("three or more beside", table[:, 0] >= 3),
            ("all", table[:, 0] >= 0),
        ):
            part = table[chosen]
            if len(part):
                say = f"{name}, item right, {label}"
                figures.append(_figure(f"{say}: person right", part[:, 1].mean(), len(part)))
                figures.append(_figure(f"{say}: someone", part[:, 2].mean(), len(part)))
    return figures


def _beside(day: Day, done: Deed) -> int:
    """How many were told to be within a metre and a half of the item at its moment."""
    count, moment_ns = 0, ns_from_s(done.moment_s)
    for path in day.paths:
        place = int(np.argmin(np.abs(path.time_ns - moment_ns)))
        if abs(int(path.time_ns[place]) - moment_ns) > NS_PER_S:
            continue
        count += float(np.hypot(*(path.floor_m[place] - np.array(done.place_m)))) <= BESIDE_M
    return count
