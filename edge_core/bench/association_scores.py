"""How right an answer to "who did it" is: by stretches of time, with paired bootstrap intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.interaction.association import Action, ActionKind, Match, Path
from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import NS_PER_S, ns_from_s

TOLERANCE_S: Final = 2.0
BLOCK_S: Final = 20.0
"""Intervals come from drawing stretches of so long anew: actions of one moment hang together."""
BESIDE_M: Final = 1.5
_RESAMPLES: Final = 2000


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


def figure(label: str, value: float, count: int, unit: str = "") -> Figure:
    """One of this benchmark's figures."""
    return Figure(f"who did it, simulated, {label}", value, unit, None, None, count)


def blocks(minutes: float) -> int:
    """How many blocks of time a stretch has, the last for what ends after it."""
    return int(np.ceil(minutes * 60 / BLOCK_S)) + 1


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


def judge(day: Day, matches: Sequence[Match]) -> Judged:
    """What is right of one stretch's answers, one an action."""
    count = blocks(day.minutes)
    right, said, true = np.zeros(count), np.zeros(count), np.zeros(count)
    for done in day.truth:
        true[int(done.moment_s // BLOCK_S)] += 1
    told = pairs(day)
    for place, (action, match) in enumerate(zip(day.actions, matches, strict=True)):
        block = min(int(moment_s(action) // BLOCK_S), count - 1)
        said[block] += match.person is not None
        if place in told and day.truth[told[place]].person == match.person:
            right[block] += 1
    return Judged(right, said, true)


def together(parts: Sequence[Judged], stretches: Sequence[int]) -> Judged:
    """Several stretches' blocks in a row; draws of one stretch are added up, block by block.

    Draws differ in the cameras' errors alone, so that they are no stretches of their own to an
    interval.

    Args:
        parts: of each draw.
        stretches: which stretch each is of.
    """
    of_each = [
        [part for part, of in zip(parts, stretches, strict=True) if of == stretch]
        for stretch in dict.fromkeys(stretches)
    ]
    names = ("right", "said", "true")
    sums = [
        [np.sum([getattr(one, name) for one in some], axis=0) for some in of_each] for name in names
    ]
    return Judged(*(np.concatenate(blocks) for blocks in sums))


def _drawn(blocks: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, blocks, (_RESAMPLES, blocks))


def way_figures(name: str, judged: Judged, total: int) -> list[Figure]:
    """Precision, recall and F1 of one way of choosing, over so many true actions."""
    right, said, true = (float(part.sum()) for part in (judged.right, judged.said, judged.true))
    low, high = np.quantile(judged.f1(_drawn(len(judged.true))), (0.025, 0.975))
    return [
        figure(f"{name}: precision", right / max(said, 1), total),
        figure(f"{name}: recall", right / max(true, 1), total),
        figure(f"{name}: f1", float(judged.f1()), total),
        figure(f"{name}: f1, 95 % from", float(low), total),
        figure(f"{name}: f1, 95 % to", float(high), total),
    ]


def paired(crowd: str, judged: Mapping[str, Judged]) -> list[Figure]:
    """How far matching is ahead, with paired bootstrap intervals."""
    ours = judged["matching"]
    drawn, total, figures = _drawn(len(ours.true)), int(ours.true.sum()), []
    for name in ("nearest person", "time only"):
        ahead = ours.f1(drawn) - judged[name].f1(drawn)
        low, high = np.quantile(ahead, (0.025, 0.975))
        label = f"{crowd}, matching ahead of {name}: f1"
        figures += [
            figure(label, float(ours.f1() - judged[name].f1()), total),
            figure(f"{label}, 95 % from", float(low), total),
            figure(f"{label}, 95 % to", float(high), total),
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
            figure(f"items, {kind}: precision", hits / max(told, 1), told),
            figure(f"items, {kind}: recall", hits / max(true, 1), true),
            figure(f"items, {kind}: late by", float(np.mean(late)) if late else 0.0, hits, "s"),
            figure(f"items, {kind}: spread", float(np.std(late)) if late else 0.0, hits, "s"),
        ]
    hits = sum(len(pairs(day)) for day in days)
    told, true = sum(len(d.actions) for d in days), sum(len(d.truth) for d in days)
    return [*figures, figure("items, all: f1", 2 * hits / max(told + true, 1), true)]


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
                figures.append(figure(f"{say}: person right", part[:, 1].mean(), len(part)))
                figures.append(figure(f"{say}: someone", part[:, 2].mean(), len(part)))
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
