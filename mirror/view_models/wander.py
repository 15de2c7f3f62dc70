"""Moving still content about, so that it never burns into the panel. Pure."""

from math import pi, sin
from typing import Final

_PERIOD_X_S: Final = 23 * 60.0
_PERIOD_Y_S: Final = 17 * 60.0


def wander(elapsed_s: float) -> tuple[float, float]:
    """Where content stands at a time, as shares -1..1 of the room it may move in.

    A Lissajous figure whose periods share no small multiple: every spot is left within minutes
    and no step is large enough to be noticed (ours).
    """
    return sin(2 * pi * elapsed_s / _PERIOD_X_S), sin(2 * pi * elapsed_s / _PERIOD_Y_S)
