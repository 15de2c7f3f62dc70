"""Where people go next, how long that takes and where they come in: learnt online, without labels.

From camera i somebody goes to camera j with probability A_ij or leaves the site unseen (the last
column); rows have Dirichlet priors of 5 where the plan makes two cameras neighbours and 0.1
elsewhere. Arrivals come at camera j at the density r_j, of which newcomers are the share that
makes b_j. With the transit times of `transit`, a track that begins at j is the person who left i a
time t ago with the weight A_ij p(t | ij) / r_j and a newcomer with the weight b_j / r_j; where the
two are compared, r_j cancels. What is learnt is weighed by how likely it was (responsibilities of
the EM algorithm, Dempster, Laird and Rubin 1977, one step at a time) and forgotten exponentially.
The model is that of Javed, Shafique and Shah, ICCV 2003, made online; priors and rates are ours.
"""

from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np

from edge_core.identity.site_graph import SiteGraph
from edge_core.identity.transit import FORGETTING, LAG_S, TransitTimes
from edge_core.types import Float64Array, Int64Array
from edge_core.units import s_from_ns

NEIGHBOUR: Final = 5.0
ELSEWHERE: Final = 0.1
EXIT_AT_ENTRANCE: Final = 5.0
EXIT_ELSEWHERE: Final = 0.1
WALKING_M_S: Final = 1.0
SPREAD: Final = 0.6
"""Prior deviation of log transit time."""
RETURN_S: Final = 60.0
RETURN_SPREAD: Final = 1.2
"""The same for coming back into the view one has left."""
RETURNS: Final = 1.0
"""Dirichlet prior of coming back into the view one has left."""
NEWCOMERS: Final = 0.5
"""Prior share of newcomers among the arrivals at an entrance."""
NEWCOMERS_ELSEWHERE: Final = 0.02
NEWCOMER_WEIGHT: Final = 100.0
NEWCOMER_WEIGHT_ELSEWHERE: Final = 1000.0
"""How many arrivals these priors are worth. A plan seldom forgets an entrance, and newcomers
everywhere are what a model that knows too little makes of people it has lost."""
INSIDE_S: Final = 120.0
"""People who were inside before anybody watched turn up anywhere, for about so long: half of the
arrivals of the first moment are taken for them."""
ARRIVALS_PER_S: Final = 1 / 30
ARRIVAL_PRIOR_S: Final = 60.0
ARRIVAL_MEMORY_S: Final = 1800.0
"""Densities of arrivals follow the time of day within about so long."""
_LEAST_RATE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the model has learnt: numbers about the site, none about a person.

    Attributes:
        moves: float64 (C, C + 1), transitions and exits with forgetting.
        transits: float64 (C, C, BINS), see `TransitTimes.histogram`.
        arrivals: float64 (C,), arrivals with forgetting.
        watched_s: the time these were counted in, with forgetting.
        newcomers: float64 (C, 2), newcomers and others among the arrivals, with forgetting.
    """

    moves: Float64Array
    transits: Float64Array
    arrivals: Float64Array
    watched_s: float
    newcomers: Float64Array


class SiteModel:
    """The spatio-temporal model of one site.

    Args:
        graph: its cameras, in the order of all indices here.
        horizon_s: somebody unseen for longer has left.
    """

    def __init__(self, graph: SiteGraph, horizon_s: float) -> None:
        count = len(graph.cameras)
        self.graph = graph
        self._prior = np.full((count, count + 1), ELSEWHERE)
        self._prior[:, :count][graph.neighbours] = NEIGHBOUR
        np.fill_diagonal(self._prior, RETURNS)
        self._prior[:, count] = np.where(graph.entrances, EXIT_AT_ENTRANCE, EXIT_ELSEWHERE)
        self._moves = np.zeros((count, count + 1))
        share = np.where(graph.entrances, NEWCOMERS, NEWCOMERS_ELSEWHERE)
        weight = np.where(graph.entrances, NEWCOMER_WEIGHT, NEWCOMER_WEIGHT_ELSEWHERE)
        self._newcomer_prior = weight[:, None] * np.column_stack([share, 1 - share])
        self._newcomers = np.zeros((count, 2))
        self._arrivals = np.zeros(count)
        self._watched_s = 0.0
        self._began_ns: int | None = None
        self._now_ns: int | None = None
        mean_log = np.log(graph.walk_m / WALKING_M_S + LAG_S)
        sd_log = np.full((count, count), SPREAD)
        np.fill_diagonal(mean_log, np.log(RETURN_S + LAG_S))
        np.fill_diagonal(sd_log, RETURN_SPREAD)
        self.transits = TransitTimes(mean_log, sd_log, horizon_s)

    @property
    def horizon_s(self) -> float:
        """See the constructor."""
        return self.transits.horizon_s

    def rows(self) -> Float64Array:
        """Float64 (C, C + 1): where people go next from each camera; the last column leaves."""
        total = self._prior + self._moves
        return np.asarray(total / total.sum(axis=1, keepdims=True))

    def arrivals_per_s(self) -> Float64Array:
        """Density of arrivals at each camera, float64 (C,), 1/s."""
        total = ARRIVAL_PRIOR_S * ARRIVALS_PER_S + self._arrivals
        return np.maximum(total / (ARRIVAL_PRIOR_S + self._watched_s), _LEAST_RATE)

    def births_per_s(self) -> Float64Array:
        """Density of people not seen before at each camera, float64 (C,), 1/s."""
        counts = self._newcomer_prior + self._newcomers
        share = counts[:, 0] / counts.sum(axis=1)
        inside = NEWCOMERS * self._inside()
        return np.asarray(self.arrivals_per_s() * (share + (1 - share) * inside))

    def log_move(
        self, here: Int64Array, there: Int64Array, transit_s: Float64Array
    ) -> Float64Array:
        """Log of A_ij p(t | ij), elementwise over (N,), t in seconds; -inf where impossible."""
        return np.asarray(
            np.log(self.rows()[here, there]) + self.transits.log_density(here, there, transit_s)
        )

    def log_still_away(self, here: Int64Array, age_s: Float64Array) -> Float64Array:
        """Log of how likely somebody who left so long ago has not been seen since, (N,)."""
        rows = self.rows()[here]
        still = rows[:, -1] + (rows[:, :-1] * self.transits.survival(here, age_s)).sum(axis=1)
        return np.asarray(np.log(np.maximum(still, _LEAST_RATE)))

    def left_share(self, here: Int64Array, age_s: Float64Array) -> Float64Array:
        """How likely somebody unseen for so long since camera `here` has left the site, (N,)."""
        left = self.rows()[here, -1]
        still = np.exp(self.log_still_away(here, age_s))
        return np.where(age_s >= self.horizon_s, 1.0, left / still)

    def learn_move(self, here: int, there: int, transit_s: float, weight: float) -> None:
        """Somebody went from one camera to another, believed with `weight` (0..1)."""
        self._leave(here, there, weight)
        self.transits.learn(here, there, transit_s, weight)

    def learn_exit(self, here: int, weight: float) -> None:
        """Somebody was never seen again."""
        self._leave(here, len(self._arrivals), weight)

    def count_arrival(self, there: int) -> None:
        """Somebody begins to be seen by a camera, whoever it is."""
        self._arrivals[there] += 1

    def learn_newcomer(self, there: int, weight: float) -> None:
        """An arrival was a newcomer as likely as `weight` (0..1) says.

        What arrives soon after the start says little of newcomers, and teaches as little.
        """
        counts = 1 - self._inside()
        self._newcomers[there] *= FORGETTING**counts
        self._newcomers[there] += (counts * weight, counts * (1 - weight))

    def pass_time(self, mono_ns: int) -> None:
        """Let the clock of the rates go on to a moment; earlier moments change nothing."""
        if self._began_ns is None:
            self._began_ns = mono_ns
        if self._now_ns is not None and mono_ns > self._now_ns:
            step_s = s_from_ns(mono_ns - self._now_ns)
            kept = exp(-step_s / ARRIVAL_MEMORY_S)
            self._arrivals *= kept
            self._watched_s = self._watched_s * kept + step_s
        self._now_ns = mono_ns if self._now_ns is None else max(self._now_ns, mono_ns)

    def learnt(self) -> Learnt:
        """A copy of what has been learnt."""
        return Learnt(
            self._moves.copy(),
            self.transits.histogram.copy(),
            self._arrivals.copy(),
            self._watched_s,
            self._newcomers.copy(),
        )

    def restore(self, learnt: Learnt) -> None:
        """Go on from what was learnt before.

        Raises:
            ValueError: it is of another number of cameras, or holds what is no count.
        """
        for given, own in (
            (learnt.moves, self._moves),
            (learnt.transits, self.transits.histogram),
            (learnt.arrivals, self._arrivals),
            (learnt.newcomers, self._newcomers),
        ):
            if given.shape != own.shape:
                raise ValueError(f"learnt of shape {given.shape}, wanted {own.shape}")
            if not (np.isfinite(given).all() and (given >= 0).all()):
                raise ValueError("what was learnt has negative or unknown counts")
        if not 0 <= learnt.watched_s < np.inf:
            raise ValueError("what was learnt took no sensible time")
        self._moves, self._arrivals = learnt.moves.copy(), learnt.arrivals.copy()
        self._watched_s, self._newcomers = learnt.watched_s, learnt.newcomers.copy()
        self.transits.restore(learnt.transits)

    def _inside(self) -> float:
        """How much of those who were inside at the start is still to be reckoned with, 0..1."""
        if self._began_ns is None or self._now_ns is None:
            return 1.0
        return exp(-s_from_ns(self._now_ns - self._began_ns) / INSIDE_S)

    def _leave(self, here: int, column: int, weight: float) -> None:
        self._moves[here] *= FORGETTING**weight
        self._moves[here, column] += weight
