"""Joint angles of a body at one moment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Posture:
    """Joint angles in radians; pairs are right, left. Forward swing and flexion are positive."""

    hip: tuple[float, float]
    knee: tuple[float, float]
    foot: tuple[float, float]
    shoulder: tuple[float, float]
    elbow: tuple[float, float]
    spread: tuple[float, float]
    lean: float
    twist: float
    nod: float
    look_aside: float
