"""Follows simulated tracks with the product's own `Handover`, and judges what it makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.bench.tracklet_mall import Track
from edge_core.identity.gallery import Gallery
from edge_core.identity.handover import Decision, Handover
from edge_core.identity.likelihood import AppearanceLikelihood
from edge_core.identity.site_graph import SiteGraph
from edge_core.identity.site_model import SiteModel
from edge_core.types import Float32Array, Float64Array, Int64Array
from edge_core.units import NS_PER_S

Way = Literal["appearance", "time", "fused"]
HORIZON_S: Final = 1800.0
REMEMBERED: Final = 6
"""Looks kept of a person, as the product's visitors keep them."""
USUAL_S: Final = 120.0
"""For linking by looks alone: of 60, 120 and 300, on another seed."""
NIGHT_S: Final = 1800.0
"""A day is made so short that one night falls before what is judged."""


class NoTimes(SiteModel):
    """Knows nothing of when and where: anybody may come to any camera, within some minutes."""

    def log_move(
        self, here: Int64Array, there: Int64Array, transit_s: Float64Array
    ) -> Float64Array:
        """See `SiteModel`."""
        return np.full(len(here), -np.log(USUAL_S * len(self.graph.cameras)))

    def log_still_away(self, here: Int64Array, age_s: Float64Array) -> Float64Array:
        """See `SiteModel`."""
        return np.zeros(len(here))


@dataclass(slots=True)
class Query:
    """An arrival of somebody seen before, against everybody who is out of sight.

    Attributes:
        person: who.
        at_s: when.
        right: whether the first of the ranking is that person.
        among: how many were ranked.
        move: the cameras it came from and to.
        log_move: ln A p(t) of that move, as the model has it then; 1/s.
    """

    person: int
    at_s: float
    right: bool
    among: int
    move: tuple[int, int]
    log_move: float


@dataclass(slots=True)
class Followed:
    """What came of a day.

    Attributes:
        queries: arrivals in the judged time.
        true, told: int64 (N,), true person and told visitor of every track judged.
        model: what was learnt.
    """

    queries: list[Query]
    true: Int64Array
    told: Int64Array
    model: SiteModel
    looks: AppearanceLikelihood

    def rank1(self) -> float:
        """Share of queries whose first answer is right."""
        return float(np.mean([query.right for query in self.queries]))

    def idf1(self) -> float:
        """IDF1 over tracks (Ristani et al. 2016, each track counting one)."""
        return idf1(self.true, self.told)

    def visitors_ratio(self) -> float:
        """Visitors told for every person there was."""
        return len(np.unique(self.told)) / len(np.unique(self.true))


def idf1(true: Int64Array, told: Int64Array) -> float:
    """IDF1 of labels (N,): twice the tracks right under the best one-to-one naming, over 2 N."""
    people, row = np.unique(true, return_inverse=True)
    visitors, column = np.unique(told, return_inverse=True)
    table = np.zeros((len(people), len(visitors)))
    np.add.at(table, (row, column), 1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(table[rows, columns].sum() / len(true))


_NEVER_NS: Final = 2**62
_ASKER: Final = 2**40


class _Looks:
    """The product's gallery, with the newest few tracks of everybody; numbers from 0."""

    def __init__(self) -> None:
        self._gallery = Gallery()
        self._looks: dict[int, dict[int, Float32Array]] = {}
        self._count = 0

    def add(self, who: int, look: Float32Array) -> None:
        self._count += 1
        self._looks.setdefault(who, {})[self._count] = look
        self._gallery.put(self._count, who + 1, look)
        self._trim(who)

    def join(self, kept: int, gone: int) -> None:
        both = self._looks.pop(kept, {}) | self._looks.pop(gone, {})
        self._looks[kept] = dict(sorted(both.items()))
        for name in both:
            self._gallery.give(name, kept + 1)
        self._trim(kept)

    def drop(self, who: int) -> None:
        for name in self._looks.pop(who, {}):
            self._gallery.drop(name)

    def means(self, some: Int64Array, others: Int64Array) -> Float64Array:
        return self._gallery.means(some + 1, others + 1)

    def ask(self, look: Float32Array, others: Int64Array) -> Float64Array:
        self._gallery.put("asked", _ASKER, look)
        found: Float64Array = self._gallery.means(
            np.array([_ASKER]), others + 1, newest=REMEMBERED
        )[0]
        self._gallery.drop("asked")
        return found

    def _trim(self, who: int) -> None:
        looks = self._looks[who]
        while len(looks) > REMEMBERED:
            oldest = next(iter(looks))
            del looks[oldest]
            self._gallery.drop(oldest)


Score = Callable[[Int64Array, Int64Array, Float64Array, Float64Array], Float64Array]
"""How well pairs (N,) fit, by camera left, camera reached, seconds between and similarity."""


@dataclass(slots=True)
class Truth:
    """People by their latest track, as a gallery with names."""

    looks: _Looks = field(default_factory=_Looks)
    camera: dict[int, int] = field(default_factory=dict)
    end_s: dict[int, float] = field(default_factory=dict)

    def ask(self, track: Track, score: Score, moves: SiteModel | None = None) -> Query | None:
        """Rank everybody out of sight for a track; None when its person is not among them."""
        gone = [who for who, end_s in self.end_s.items() if track.start_s - end_s > HORIZON_S]
        for person in gone:
            del self.end_s[person]
            self.looks.drop(person)
        away = [person for person, end_s in self.end_s.items() if end_s < track.start_s + 1.0]
        if track.person not in away:
            return None
        here = np.array([self.camera[person] for person in away], np.int64)
        there = np.full(len(here), track.camera, np.int64)
        age_s = track.start_s - np.array([self.end_s[person] for person in away])
        similarity = self.looks.ask(track.look, np.array(away, np.int64))
        best = away[int(score(here, there, age_s, similarity).argmax())]
        true = away.index(track.person)
        pair = here[true : true + 1], there[:1], age_s[true : true + 1]
        return Query(
            track.person,
            track.start_s,
            best == track.person,
            len(away),
            (int(here[true]), track.camera),
            float(moves.log_move(*pair)[0]) if moves is not None else np.nan,
        )

    def add(self, track: Track) -> None:
        """Somebody has been seen."""
        self.looks.add(track.person, track.look)
        self.camera[track.person] = track.camera
        self.end_s[track.person] = track.end_s


def follow(
    graph: SiteGraph,
    tracks: Sequence[Track],
    way: Way,
    *,
    judged_from_s: float,
    taught_until_s: float = np.inf,
) -> Followed:
    """Link the tracks of a day in the order of time, without being told who is who.

    Args:
        graph: what the plan tells.
        tracks: by start.
        way: what decisions rest on.
        judged_from_s: before, it only learns.
        taught_until_s: after, it learns nothing more.
    """
    model = (NoTimes if way == "appearance" else SiteModel)(graph, HORIZON_S)
    told = np.arange(len(tracks))
    gallery, truth = _Looks(), Truth()
    nothing = way == "time"

    def likeness(some: Int64Array, others: Int64Array) -> Float64Array:
        if nothing:
            return np.full((len(some), len(others)), np.nan)
        return gallery.means(some, others)

    handover = Handover(model, AppearanceLikelihood.uncalibrated(), likeness)

    def score(
        here: Int64Array, there: Int64Array, seconds: Float64Array, similarity: Float64Array
    ) -> Float64Array:
        looks = 0.0 if nothing else handover.looks(similarity) + 1e-6 * similarity
        still = model.log_still_away(here, np.maximum(seconds, 0))
        return np.asarray(looks + model.log_move(here, there, seconds) - still)

    owner = _Owners()
    queries: list[Query] = []
    nights = 0
    for number, track in enumerate(tracks):
        now_ns = round(track.start_s * NS_PER_S)
        _commit(handover.advance(now_ns), handover, owner, gallery)
        if track.start_s > (nights + 1) * NIGHT_S:
            nights += 1
            handover.calibrate()
        if track.start_s >= taught_until_s:
            handover.teach_after(_NEVER_NS)
        if track.start_s >= judged_from_s:
            query = truth.ask(track, score, model)
            queries += [query] if query is not None else []
        truth.add(track)
        gallery.add(number, track.look)
        handover.arrive(number, track.camera, now_ns)
        handover.leave(number, track.camera, now_ns, round(track.end_s * NS_PER_S))
    last_ns = round(max(track.end_s for track in tracks) * NS_PER_S)
    _commit(handover.finish(last_ns), handover, owner, gallery)
    judged = np.array([track.start_s >= judged_from_s for track in tracks])
    told = np.array([owner.of(number) for number in range(len(tracks))], np.int64)
    true = np.array([track.person for track in tracks], np.int64)
    return Followed(queries, true[judged], told[judged], model, handover.looks)


class _Owners:
    """Which visitor a number has become."""

    def __init__(self) -> None:
        self._became: dict[int, int] = {}

    def of(self, number: int) -> int:
        while number in self._became:
            number = self._became[number]
        return number

    def join(self, kept: int, gone: int) -> None:
        self._became[gone] = kept


def _commit(
    decisions: Sequence[Decision], handover: Handover, owner: _Owners, gallery: _Looks
) -> None:
    for decision in decisions:
        if decision.origin is None:
            continue
        one, other = owner.of(decision.origin), owner.of(decision.who)
        if one == other:
            continue
        kept, gone = sorted((one, other))
        owner.join(kept, gone)
        gallery.join(kept, gone)
        handover.join(kept, gone)
