"""Who came from another camera, decided with delay (ours).

Somebody who begins to be seen (an arrival) is a newcomer or one of those who are out of sight
(departures). Arrival a and departure d are one person with the log weight

    ln p(s | same) / p(s | different) + ln A_ij p(t | ij) - ln b_j - ln (d still away)

against a being a newcomer and d staying away; see `site_model` and `likelihood`. Arrivals wait a
minute, so that whoever comes a little later may be the better match. When one's time has come, or
it is beyond doubt before, the likeliest matching of all that wait decides about it, and the site's
model, like what similarities mean, learns from how likely every match is, not from the decision
alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.identity.assignment import best_matching, responsibilities
from edge_core.identity.likelihood import (
    KEPT,
    LARGEST,
    PAIRS_MORE,
    YESTERDAY,
    AppearanceLikelihood,
    ScoreTally,
)
from edge_core.identity.site_model import SiteModel
from edge_core.identity.transit import LAG_S
from edge_core.types import Float64Array, Int64Array
from edge_core.units import NS_PER_S, ns_from_s, s_from_ns

WINDOW_NS: Final = ns_from_s(60)
"""How long an arrival waits for its decision."""
SETTLED: Final = 0.995
"""An arrival whose likeliest origin is this likely waits no longer than `SOON_NS`."""
SOON_NS: Final = ns_from_s(12)
"""By then the track it came from has been given up, and it has been looked at some times."""
LOOK_EVERY_NS: Final = ns_from_s(4)
GONE: Final = 0.9
"""Somebody unseen who has left this likely is learnt to have left."""
HARDLY: Final = 0.03
"""Responsibilities below it teach nothing."""

HOPELESS: Final = -LARGEST - 5.0
"""Pairs that no look can save are not looked at."""

_NEVER_NS: Final = -(2**63)

Likeness = Callable[[Int64Array, Int64Array], Float64Array]
"""Similarities of people (A,) with others (N,), float64 (A, N); NaN where nothing is known."""


@dataclass(slots=True)
class _Arrival:
    camera: int
    mono_ns: int


@dataclass(slots=True)
class _Departure:
    camera: int
    first_ns: int
    last_ns: int
    learnt: float = 0.0
    exit_learnt: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an arrival.

    Attributes:
        who: the arrival.
        origin: who they are, or None for a newcomer.
    """

    who: int
    origin: int | None


class Handover:
    """Keeps who arrived and who departed, and decides.

    Args:
        model: of the site; learns from the decisions.
        looks: what similarities say; may be exchanged at any time.
        likeness: similarities of people known here by their numbers.

    Attributes:
        tally: the day's similarities.
        learnt_until_ns: the latest arrival that taught something.
    """

    def __init__(self, model: SiteModel, looks: AppearanceLikelihood, likeness: Likeness) -> None:
        self.model = model
        self.looks = looks
        self.tally = ScoreTally()
        self.learnt_until_ns = _NEVER_NS
        self._taught_until_ns = _NEVER_NS
        self._pairs_told = 0.0
        self._likeness = likeness
        self._arrivals: dict[int, _Arrival] = {}
        self._departures: dict[int, _Departure] = {}
        self._looked_ns = 0

    def teach_after(self, mono_ns: int) -> None:
        """Arrivals up to a moment were learnt from in an earlier life and teach nothing again."""
        self._taught_until_ns = mono_ns

    def calibrate(self) -> None:
        """Let the day's similarities say what similarities mean, at night; begin a new day."""
        self.looks = self.tally.calibrated() or self.looks
        self.tally.fade(YESTERDAY)
        self._pairs_told = self.tally.pairs

    def _calibrate_soon(self) -> None:
        """The same by day, once enough more is known: the sooner, the better it is learnt from."""
        if self.tally.pairs < self._pairs_told + PAIRS_MORE:
            return
        looks = self.tally.calibrated()
        if looks is not None:
            self.looks = looks
            self.tally.fade(KEPT)
            self._pairs_told = self.tally.pairs

    def arrive(self, who: int, camera: int, mono_ns: int) -> None:
        """Somebody unknown begins to be seen."""
        self._arrivals[who] = _Arrival(camera, mono_ns)
        if mono_ns > self._taught_until_ns:
            self.model.count_arrival(camera)

    def leave(self, who: int, camera: int, first_ns: int, last_ns: int) -> None:
        """Somebody is out of sight; `first_ns` is when the latest camera first saw them."""
        before = self._departures.get(who)
        if before is None or last_ns >= before.last_ns:
            self._departures[who] = _Departure(camera, first_ns, last_ns)

    def come_back(self, who: int) -> None:
        """Somebody is in sight again without our help."""
        self._departures.pop(who, None)

    def join(self, kept: int, gone: int, *, known: bool = True) -> None:
        """Two were found to be one in another way; `known`: whether `kept` ever arrived."""
        other = self._departures.pop(gone, None)
        if other is not None:
            self.leave(kept, other.camera, other.first_ns, other.last_ns)
        arrival = self._arrivals.pop(gone, None)
        if arrival is None:
            return
        mine = self._arrivals.get(kept)
        if not known if mine is None else arrival.mono_ns < mine.mono_ns:
            self._arrivals[kept] = arrival

    def forget(self, who: int) -> None:
        """Somebody is remembered no longer, or was no person."""
        self._arrivals.pop(who, None)
        self._departures.pop(who, None)

    def waits(self, who: int) -> bool:
        """Whether somebody's decision is still to come."""
        return who in self._arrivals

    def advance(self, now_ns: int) -> list[Decision]:
        """Decide about whose time has come, oldest first; `now_ns` never falls."""
        self.model.pass_time(now_ns)
        if now_ns - self._looked_ns < LOOK_EVERY_NS:
            return []
        self._looked_ns = now_ns
        self._give_up(now_ns)
        due = [who for who, it in self._arrivals.items() if now_ns - it.mono_ns >= SOON_NS]
        return self._decide(now_ns, now_ns - WINDOW_NS) if due else []

    def finish(self, now_ns: int) -> list[Decision]:
        """Decide about everybody, at the end of a recording or of the service."""
        return self._decide(now_ns, now_ns) if self._arrivals else []

    def log_weights(self, now_ns: int) -> tuple[list[int], list[int], Float64Array, Float64Array]:
        """Arrivals, departures, their log weights (A, D) and similarities (A, D), NaN unknown."""
        arrivals, departures = list(self._arrivals), list(self._departures)
        weight = np.full((len(arrivals), len(departures)), -np.inf)
        score = np.full(weight.shape, np.nan)
        if not weight.size:
            return arrivals, departures, weight, score
        came, left = list(self._arrivals.values()), list(self._departures.values())
        there = np.array([it.camera for it in came], np.int64)
        begun_ns = np.array([it.mono_ns for it in came], np.int64)
        here = np.array([it.camera for it in left], np.int64)
        first_ns = np.array([it.first_ns for it in left], np.int64)
        last_ns = np.array([it.last_ns for it in left], np.int64)
        possible = (first_ns[None] < begun_ns[:, None]) & (
            np.array(arrivals)[:, None] != np.array(departures)[None]
        )
        transit_s = (begun_ns[:, None] - last_ns[None]) / NS_PER_S
        possible &= (transit_s > -LAG_S) & (transit_s <= self.model.horizon_s)
        rows, columns = np.nonzero(possible)
        weight[rows, columns] = (
            self.model.log_move(here[columns], there[rows], transit_s[rows, columns])
            - self.model.log_still_away(here, (now_ns - last_ns) / NS_PER_S)[columns]
            - np.log(self.model.births_per_s())[there[rows]]
        )
        weight[weight < HOPELESS] = -np.inf
        worth = np.isfinite(weight)
        some, others = np.flatnonzero(worth.any(axis=1)), np.flatnonzero(worth.any(axis=0))
        if len(some):
            came_ids, left_ids = np.array(arrivals, np.int64), np.array(departures, np.int64)
            score[np.ix_(some, others)] = self._likeness(came_ids[some], left_ids[others])
        score[~worth] = np.nan
        weight += self.looks(score)
        return arrivals, departures, weight, score

    def _decide(self, now_ns: int, until_ns: int) -> list[Decision]:
        arrivals, departures, weight, score = self.log_weights(now_ns)
        likely = responsibilities(weight)
        chosen = dict(best_matching(weight))
        newcomer = 1 - likely.sum(axis=1)
        decisions: list[tuple[int, Decision]] = []
        for row, who in enumerate(arrivals):
            arrival = self._arrivals[who]
            column = chosen.get(row)
            sure = newcomer[row] if column is None else likely[row, column]
            soon = sure >= SETTLED and now_ns - arrival.mono_ns >= SOON_NS
            if arrival.mono_ns <= until_ns or soon:
                self._learn(arrival, departures, likely[row], score[row])
                origin = None if column is None else departures[column]
                decisions.append((arrival.mono_ns, Decision(who, origin)))
        self._calibrate_soon()
        for _, decision in decisions:
            self._arrivals.pop(decision.who)
            if decision.origin is not None:
                self._departures.pop(decision.origin, None)
        return [decision for _, decision in sorted(decisions, key=lambda it: it[0])]

    def _learn(
        self,
        arrival: _Arrival,
        departures: Sequence[int],
        likely: Float64Array,
        score: Float64Array,
    ) -> None:
        if arrival.mono_ns <= self._taught_until_ns:
            return
        self.learnt_until_ns = max(self.learnt_until_ns, arrival.mono_ns)
        self.model.learn_newcomer(arrival.camera, float(max(0.0, 1 - likely.sum())))
        told: Int64Array = np.flatnonzero(likely >= HARDLY)
        for column in told.tolist():
            departure = self._departures[departures[column]]
            transit_s = s_from_ns(arrival.mono_ns - departure.last_ns)
            weight = float(likely[column])
            self.model.learn_move(departure.camera, arrival.camera, transit_s, weight)
            departure.learnt += weight
        self.tally.add_pairs(score, likely)

    def _give_up(self, now_ns: int) -> None:
        """Learn of exits once they are all but sure; forget whoever is beyond the horizon.

        Until an exit is learnt the rows of the model know the moves only, and would tell too many.
        """
        waiting = [it for it in self._departures.values() if not it.exit_learnt]
        if waiting:
            here = np.array([it.camera for it in waiting], np.int64)
            age_s = (now_ns - np.array([it.last_ns for it in waiting], np.int64)) / NS_PER_S
            gone = self.model.left_share(here, age_s)
            for index in np.flatnonzero(gone >= GONE).tolist():
                departure = waiting[index]
                departure.exit_learnt = True
                if departure.last_ns > self._taught_until_ns:
                    self.model.learn_exit(departure.camera, max(0.0, 1 - departure.learnt))
        for who, departure in list(self._departures.items()):
            if s_from_ns(now_ns - departure.last_ns) > self.model.horizon_s:
                del self._departures[who]
