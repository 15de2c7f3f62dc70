"""One shopper: what the crowd moves, and what the cameras see."""

from dataclasses import dataclass, field

import numpy as np

from edge_core.simulator.gestures import Hands
from edge_core.simulator.itinerary import Stop
from edge_core.simulator.looks import Look
from edge_core.simulator.scene import Attraction
from edge_core.types import Float64Array


@dataclass
class Shopper:
    """One person in the scene; angles in radians clockwise from up the plan."""

    number: int
    group: int
    look: Look
    position_m: Float64Array
    velocity_m_s: Float64Array
    heading: float
    walk_speed_m_s: float
    entered: str | None
    plan: list[Attraction]
    leader: "Shopper | None" = None
    stop: Stop | None = None
    path: list[Float64Array] = field(default_factory=list)
    dwell_until_s: float | None = None
    gait_phase: float = 0.0
    gait_speed_m_s: float = 0.0
    best_m: float = np.inf
    progress_at_s: float = 0.0
    walking_since_s: float = 0.0
    gone: bool = False

    @property
    def activity(self) -> str:
        """What the body is doing: `walk`, or the activity of the stop."""
        if self.dwell_until_s is None or self.stop is None:
            return "walk"
        return self.stop.activity


@dataclass(frozen=True)
class PersonState:
    """A shopper at one instant, as cameras see them.

    Attributes:
        number: identity, never reused.
        look: appearance.
        position_m: x, y of the body's axis on the floor.
        heading: radians clockwise from up the plan.
        gait_phase: 0..1 within a stride (two steps), 0 = right heel strikes.
        speed_m_s: smoothed walking speed.
        activity: walk, browse, stand, phone or pay.
        hands: what they do, where it is known; None leaves the arms to the activity.
    """

    number: int
    look: Look
    position_m: tuple[float, float]
    heading: float
    gait_phase: float
    speed_m_s: float
    activity: str
    hands: Hands | None = None


def stride_length_m(speed_m_s: float, height_m: float) -> float:
    """Length of two steps; grows with the root of speed (Grieve and Gear, Ergonomics 9, 1966)."""
    return 1.35 * (height_m / 1.72) * float(np.sqrt(max(speed_m_s, 0.25) / 1.3))
