"""A semi-Markov model of what happens to one garment, for many garments at once.

Handling has explicit durations: the chain HANDLED_1 .. HANDLED_4 lasts some seconds, so that a
touch, a look at the price tag and a garment taken along differ by how long they last; the other
states last geometrically. Time runs in steps of half a second. The decision about a moment waits
for LAG looks more, which lets what follows correct it (fixed-lag smoothing).
"""

import itertools
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from edge_core.types import Float64Array, Int64Array


class State(IntEnum):
    """Where a garment is in its story."""

    REST = 0
    HANDLED_1 = 1
    HANDLED_2 = 2
    HANDLED_3 = 3
    HANDLED_4 = 4
    IN_HAND = 5
    FITTING = 6
    ELSEWHERE = 7


STATES: Final = len(State)
HANDLED: Final = (State.HANDLED_1, State.HANDLED_2, State.HANDLED_3, State.HANDLED_4)
STEP_S: Final = 0.5
LAG: Final = 4
"""Looks that a decision waits: half seconds, or windows of garments that are read seldom."""
_MOST_STEPS: Final = 40


def transition_matrix() -> Float64Array:
    """Chance of each next state half a second later, float64 (S, S), rows from, columns to.

    Ours: touches of 1-4 s, looks in hand of some fifteen seconds, half a minute and more in a
    fitting room; at a busy rail a garment is handled every few minutes.
    """
    a = np.zeros((STATES, STATES))
    a[State.REST, [State.REST, State.HANDLED_1]] = 0.998, 0.002
    chain = (*HANDLED, State.IN_HAND)
    for here, following in itertools.pairwise(chain):
        a[here, [here, following, State.REST, State.ELSEWHERE]] = 0.5, 0.36, 0.125, 0.015
    a[State.IN_HAND, [State.IN_HAND, State.REST, State.ELSEWHERE]] = 0.96, 0.015, 0.015
    a[State.IN_HAND, State.FITTING] = 0.01
    a[State.FITTING, [State.FITTING, State.IN_HAND]] = 0.985, 0.015
    a[State.ELSEWHERE, [State.ELSEWHERE, State.HANDLED_1, State.REST]] = 0.998, 0.0015, 0.0005
    return a


@dataclass(frozen=True, slots=True)
class Evidence:
    """What looks at B garments say: log-likelihood ratios against hanging still.

    Attributes:
        moving: float64 (B,), of being handled.
        elsewhere: float64 (B,), of lying still elsewhere; 0 when unknown.
        in_room: float64 (B,), log odds that it is in a fitting room.
    """

    moving: Float64Array
    elsewhere: Float64Array
    in_room: Float64Array

    def log_likelihood(self) -> Float64Array:
        """Log likelihood up to a constant, float64 (B, S)."""
        out = np.zeros((len(self.moving), STATES))
        out[:, (*HANDLED, State.IN_HAND)] += self.moving[:, None]
        out[:, State.ELSEWHERE] += self.elsewhere
        # In a fitting room a garment is worn or hangs: motion tells nothing.
        out[:, State.FITTING] += np.maximum(self.moving, 0.0) + self.in_room
        return out


class StateFilter:
    """Follows the states of many garments; rows are garments, given out by the caller."""

    def __init__(self) -> None:
        step = transition_matrix()
        powers = [np.eye(STATES)]
        for _ in range(_MOST_STEPS):
            powers.append(powers[-1] @ step)
        self._powers = np.stack(powers)
        self._belief = np.zeros((0, LAG + 1, STATES))
        self._likelihood = np.zeros((0, LAG + 1, STATES))
        self._steps = np.zeros((0, LAG + 1), np.int64)

    def _grow(self, rows: int) -> None:
        missing = rows - len(self._belief)
        if missing <= 0:
            return
        missing = max(missing, len(self._belief))
        first = np.zeros((missing, LAG + 1, STATES))
        first[:, :, State.REST] = 1.0
        self._belief = np.concatenate([self._belief, first])
        self._likelihood = np.concatenate([self._likelihood, np.ones_like(first)])
        self._steps = np.concatenate([self._steps, np.zeros((missing, LAG + 1), np.int64)])

    def forget(self, row: int) -> None:
        """Make a row ready for another garment."""
        self._belief[row] = 0.0
        self._belief[row, :, State.REST] = 1.0
        self._likelihood[row] = 1.0
        self._steps[row] = 0

    def update(self, rows: Int64Array, steps: Int64Array, evidence: Evidence) -> Float64Array:
        """Take in one look at each garment.

        Args:
            rows: int64 (B,), the garments, each once.
            steps: int64 (B,), half seconds since the last look.
            evidence: what the looks say.

        Returns:
            float64 (B, S), the smoothed chance of each state LAG looks ago.
        """
        self._grow(int(rows.max(initial=-1)) + 1)
        steps = np.clip(steps, 0, _MOST_STEPS)
        log_likelihood = evidence.log_likelihood()
        likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
        ahead = np.einsum("bs,bst->bt", self._belief[rows, -1], self._powers[steps])
        belief = ahead * likelihood
        belief /= belief.sum(axis=1, keepdims=True)
        for kept, newest in (
            (self._belief, belief),
            (self._likelihood, likelihood),
            (self._steps, steps),
        ):
            kept[rows, :-1] = kept[rows, 1:]
            kept[rows, -1] = newest
        message = np.ones((len(rows), STATES))
        for index in range(LAG, 0, -1):
            message = np.einsum(
                "bst,bt->bs",
                self._powers[self._steps[rows, index]],
                message * self._likelihood[rows, index],
            )
            message /= message.max(axis=1, keepdims=True)
        smoothed = self._belief[rows, 0] * message
        return np.asarray(smoothed / smoothed.sum(axis=1, keepdims=True), np.float64)
