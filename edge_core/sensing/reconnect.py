"""How a camera's connection lives: a state machine without clock or I/O."""

import random
from enum import IntEnum
from typing import Final

from edge_core.units import ns_from_s


class CameraState(IntEnum):
    """State of one camera; names as in the health view.

    connecting: being opened.
    streaming: frames arrive.
    stalled: the connection stands but frames have stopped coming.
    lost: could not be opened, or the connection broke; tried again later.
    ended: a file is at its end.
    refused: it can never work as configured (no video in it, or frames too large).
    """

    CONNECTING = 0
    STREAMING = 1
    STALLED = 2
    LOST = 3
    ENDED = 4
    REFUSED = 5


_S = CameraState
TRANSITIONS: Final[dict[CameraState, frozenset[CameraState]]] = {
    _S.CONNECTING: frozenset({_S.STREAMING, _S.LOST, _S.REFUSED}),
    _S.STREAMING: frozenset({_S.STALLED, _S.LOST, _S.ENDED, _S.REFUSED, _S.CONNECTING}),
    _S.STALLED: frozenset({_S.STREAMING, _S.CONNECTING, _S.LOST}),
    _S.LOST: frozenset({_S.CONNECTING}),
    _S.ENDED: frozenset(),
    # Frames that are too large are refused one by one; the camera may be set right meanwhile.
    _S.REFUSED: frozenset({_S.STREAMING, _S.STALLED, _S.LOST, _S.ENDED, _S.CONNECTING}),
}


class ReconnectMachine:
    """Decides when a camera is to be opened again.

    The pause after the n-th failure in a row is `first_s * 2**(n-1)`, at most `cap_s`, times a
    random factor from 0.75 to 1.25, so that cameras behind one switch do not all come back in
    the same moment.

    Attributes:
        state: see `CameraState`.
        reconnects: how often the camera came back.
        due_ns: when to open next, on the monotonic clock.

    Args:
        chance: source of the jitter.
        first_s: pause after the first failure.
        cap_s: longest pause before jitter.
    """

    def __init__(self, chance: random.Random, *, first_s: float = 0.5, cap_s: float = 8.0) -> None:
        self.state = CameraState.CONNECTING
        self.reconnects = 0
        self.due_ns = 0
        self._chance = chance
        self._first_s = first_s
        self._cap_s = cap_s
        self._failures = 0
        self._was_open = False

    def opened(self) -> None:
        """A usable frame has arrived."""
        if self.state is CameraState.CONNECTING:
            self.reconnects += self._was_open
            self._was_open = True
        self._failures = 0
        self._go(CameraState.STREAMING)

    def stalled(self, now_mono_ns: int) -> None:
        """Frames have stopped coming; open again at once, as the camera itself seems to be up."""
        self._go(CameraState.STALLED)
        self.due_ns = now_mono_ns

    def lost(self, now_mono_ns: int) -> None:
        """Opening failed or the connection broke; open again after the pause."""
        self._failures += 1
        self._go(CameraState.LOST)
        pause_s = min(self._cap_s, self._first_s * 2.0 ** min(self._failures - 1, 32))
        self.due_ns = now_mono_ns + ns_from_s(pause_s * self._chance.uniform(0.75, 1.25))

    def retry(self, now_mono_ns: int) -> bool:
        """Whether to open now; if so the camera is connecting again."""
        if self.state not in (CameraState.LOST, CameraState.STALLED) or now_mono_ns < self.due_ns:
            return False
        self._go(CameraState.CONNECTING)
        return True

    def ended(self) -> None:
        """The file is at its end."""
        self._go(CameraState.ENDED)

    def refused(self) -> None:
        """What arrives cannot be used."""
        self._go(CameraState.REFUSED)

    def _go(self, state: CameraState) -> None:
        if state is self.state:
            return
        if state not in TRANSITIONS[self.state]:
            raise ValueError(f"a camera cannot go from {self.state.name} to {state.name}")
        self.state = state
