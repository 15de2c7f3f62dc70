"""Who did it, in simulated busy shops: matching against the nearest person and against time.

Told apart: moments with 2 to 12 people about the rails, and with more, as crowded as the shop gets.

The crowd and what it does to garments are simulated, garments' tags are read by emulated readers
and go through the product's own tag motion and item states, and cameras err as measured on
rendered pictures; see `busy_shop`. All of it is simulated. An answer is right when person, item
and kind are, within two seconds. Takes a quarter of an hour of two cores.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.association_scores import (
    BLOCK_S,
    Day,
    Deed,
    blocks,
    figure,
    item_figures,
    judge,
    paired,
    person_figures,
    together,
    way_figures,
)
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
from edge_core.types import Float64Array, Int64Array
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
DRAWS: Final = 3
"""Of the cameras' errors for each stretch; its people and its readers stay."""
MINUTES: Final = 2.0
"""Of each seed; more narrows the intervals and takes as much longer."""
AROUND_S: Final = 2.0
"""The two baselines look for people from so long before to so long after an action."""
BATCH_S: Final = 5.0
NEAR_RAIL_M: Final = 4.0
_APART: Final = 1000
"""Between the seeds of a stretch's draws; those of stretches are smaller."""
_TRUE_KIND: Final[dict[str, ActionKind]] = {
    "touch": "touch", "pick": "take", "put-back": "return", "misplace": "return"
}  # fmt: skip


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
    stretches = [day.seed % _APART for day in days]
    judged = {
        name: together([judge(*pair) for pair in zip(days, matches, strict=True)], stretches)
        for name, matches in found.items()
    }
    people = {of: day.people_near for of, day in zip(stretches, days, strict=True)}
    near = np.concatenate(list(people.values()))
    most, fewest = float(near.max()), float(near.min())
    figures = [
        figure("people within 4 m of a rail, most", most, len(days)),
        figure("people within 4 m of a rail, fewest", fewest, len(days)),
        *item_figures(days),
    ]
    low, high = BUSY_PEOPLE
    busy = (near >= low) & (near <= high)
    for crowd, chosen in (
        (f"{low} to {high} people", busy),
        (f"over {high} people", near > high),
        ("all", np.ones(len(near), np.bool_)),
    ):
        part = {name: one.of(chosen) for name, one in judged.items()}
        total = int(part["matching"].true.sum())
        if total:
            for name, one in part.items():
                figures += way_figures(f"{crowd}, {name}", one, total)
            figures += paired(crowd, part)
    return figures + person_figures(days, found)


def simulate_days(
    seeds: Sequence[int],
    minutes: float,
    sensors: Sensors,
    *,
    arrivals: float = 1.0,
    workers: int = 2,
) -> list[Day]:
    """Stretches of trade, `DRAWS` of each seed; readers are emulated side by side.

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
            days += [make_day(told, events, sensors, seed + _APART * n) for n in range(DRAWS)]
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
    counts = np.zeros(blocks(told.minutes), np.int64)
    for now_s in np.arange(0.0, told.minutes * 60 + BLOCK_S, 5.0):
        there = rows[np.abs(rows[:, 0] - now_s) < 0.1, 1:3]
        apart = np.hypot(*(there[:, None] - homes[None]).transpose(2, 0, 1)).min(axis=1, initial=99)
        block = int(now_s // BLOCK_S)
        counts[block] = max(counts[block], int((apart <= NEAR_RAIL_M).sum()))
    return counts


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
