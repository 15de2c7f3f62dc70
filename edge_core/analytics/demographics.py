"""Shares of visitors by gender presentation, age or what they wear; sums only, never a person.

What was seen of somebody stays in memory until their hour is over, and leaves as one more in a
count. Shares are corrected by what an audit says of the estimator's mistakes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import nnls

from edge_core.config.attributes import LABELS
from edge_core.types import Float64Array, Int64Array, TraitCount, Traits
from edge_core.units import ns_from_s

AGE_FROM: Final = (0, 18, 35, 55)
"""Years from which the labels of `age` count."""
GENDER: Final = "gender"
AGE: Final = "age"
UNKNOWN: Final = ""
ABSENT_NS: Final = ns_from_s(30)
BOOTSTRAPS: Final = 400
CONFIDENCE: Final = 0.95
_FIRM: Final = 1e4


def labels_of(attribute: str) -> tuple[str, ...]:
    """What can be told of an attribute, in the order of tables."""
    return LABELS.get(attribute, LABELS[""])


@dataclass(slots=True)
class _Person:
    last_ns: int
    places: set[str] = field(default_factory=set)
    probability: dict[str, list[float]] = field(default_factory=dict)
    ages: list[float] = field(default_factory=list)


class DemographicsMeter:
    """Counts people by label, place and hour; each once an hour at each place.

    Args:
        attributes: those that are switched on, `gender` and `age` among them where faces are
            looked at.
    """

    def __init__(self, attributes: Sequence[str]) -> None:
        self._attributes = tuple(attributes)
        self._people: dict[int, _Person] = {}
        self._counts: dict[tuple[str, str, str], int] = {}
        self._hour: tuple[int, int] | None = None

    def see(self, visitor: int, places: Iterable[str], mono_ns: int) -> None:
        """Somebody, staff left out, is at places; "" for the whole site is one of them always."""
        person = self._people.setdefault(visitor, _Person(mono_ns))
        person.last_ns = mono_ns
        person.places |= {"", *places}

    def learn(self, visitor: int, traits: Traits) -> None:
        """A track of somebody ended, and this was told of it."""
        person = self._people.get(visitor)
        if person is None:
            return
        for name, probability in traits.probability.items():
            person.probability.setdefault(name, []).append(probability)
        if traits.age_years is not None:
            person.ages.append(traits.age_years)

    def join(self, kept: int, gone: int) -> None:
        """Two visitors turned out to be one."""
        other = self._people.pop(gone, None)
        if other is None:
            return
        person = self._people.setdefault(kept, other)
        if person is other:
            return
        person.last_ns = max(person.last_ns, other.last_ns)
        person.places |= other.places
        person.ages += other.ages
        for name, told in other.probability.items():
            person.probability.setdefault(name, []).extend(told)

    def forget(self, visitor: int) -> None:
        """Drop what was told of somebody; they are counted nowhere."""
        self._people.pop(visitor, None)

    def take(
        self, hour: int, mono_ns: int, utc_ns: int, *, ending: bool = False
    ) -> list[TraitCount]:
        """The counts of an hour that is over; nothing before.

        Args:
            hour: number of the site's hour now.
            mono_ns: now on the monotonic clock.
            utc_ns: now.
            ending: the service stops: tell what there is.
        """
        before, self._hour = self._hour, (hour, utc_ns)
        if before is not None and before[0] == hour:
            self._hour = before
        over = before is not None and before[0] != hour
        gone = [it for it, who in self._people.items() if mono_ns - who.last_ns >= ABSENT_NS]
        for visitor in list(self._people) if ending else gone:
            self._count(self._people.pop(visitor))
        if before is None or not (over or ending):
            return []
        counts, self._counts = self._counts, {}
        return [
            TraitCount(before[1], place, attribute, label, people)
            for (place, attribute, label), people in counts.items()
        ]

    def _count(self, person: _Person) -> None:
        for attribute in self._attributes:
            label = _label(person, attribute)
            for place in person.places:
                key = (place, attribute, label)
                self._counts[key] = self._counts.get(key, 0) + 1


def _label(person: _Person, attribute: str) -> str:
    if attribute == AGE:
        if not person.ages:
            return UNKNOWN
        years = float(np.median(person.ages))
        return labels_of(AGE)[max(0, bisect_right(AGE_FROM, years) - 1)]
    told = person.probability.get("female" if attribute == GENDER else attribute)
    if not told:
        return UNKNOWN
    yes, no = labels_of(attribute)
    return yes if float(np.mean(told)) >= 0.5 else no


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the labels among the people of a place.

    Attributes:
        share: float64 (L,), adds up to 1.
        low, high: float64 (L,), 95 % interval; NaN without anybody.
        corrected: whether an audit's confusion matrix was at hand.
        coverage: share of the people that anything was told of.
        people: how many they are, told or not.
    """

    share: Float64Array
    low: Float64Array
    high: Float64Array
    corrected: bool
    coverage: float
    people: int


def corrected_shares(measured: Float64Array, confusion: Float64Array) -> Float64Array:
    """Pi = argmin over the simplex of ||C^T pi - m||, by non-negative least squares.

    Args:
        measured: m, float64 (L,), shares told by the estimator, adds up to 1.
        confusion: C, float64 (L, L), row: true label, column: told label; rows add up to 1.
    """
    stacked = np.vstack([confusion.T, np.full(len(measured), _FIRM)])
    shares, _ = nnls(stacked, np.append(measured, _FIRM))
    return np.asarray(shares / shares.sum())


def shares(
    counts: Int64Array,
    untold: int,
    audit: Int64Array | None,
    rng: np.random.Generator,
    bootstraps: int = BOOTSTRAPS,
) -> Shares:
    """Shares with an interval that holds both chances: who came, and whom the audit looked at.

    Args:
        counts: int64 (L,), people told of by label.
        untold: people nothing was told of; they are taken to be like the others.
        audit: int64 (L, L), people by true label (row) and told label (column), each row with
            somebody; None where there was no audit, and shares are as they were told.
        rng: of the bootstrap.
        bootstraps: how often to draw.
    """
    told = int(counts.sum())
    people = told + untold
    if not told:
        nothing = np.full(len(counts), np.nan)
        return Shares(nothing, nothing, nothing, audit is not None, 0.0, people)
    measured = counts / told
    drawn = rng.multinomial(told, measured, bootstraps) / told
    if audit is None:
        share = measured
    else:
        rows = audit.sum(axis=1)
        confusion = audit / rows[:, None]
        share = corrected_shares(measured, confusion)
        # One more in each cell: an audit that saw no mistake has not shown that there is none.
        loose = (audit + 1 / len(counts)) / (rows + 1)[:, None]
        matrices = np.stack(
            [rng.multinomial(n, p, bootstraps) / n for n, p in zip(rows, loose, strict=True)], 1
        )
        drawn = np.array([corrected_shares(m, c) for m, c in zip(drawn, matrices, strict=True)])
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return Shares(share, low, high, audit is not None, told / people, people)


def audit_matrix(attribute: str, rows: Mapping[str, Mapping[str, int]]) -> Int64Array:
    """An audit's counts as int64 (L, L), in the order of `labels_of`."""
    names = labels_of(attribute)
    return np.array([[rows.get(t, {}).get(s, 0) for s in names] for t in names], np.int64)
