"""What a shopper's hands do besides walking and standing: at a rail, at a garment, at nothing."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from edge_core.simulator.posture import Posture

Deed = Literal["reach", "look", "hold", "cross", "hair"]
"""Reach into a rail; look at a garment in hand; hold it by the way; cross the arms; touch the
hair. The first two are handling goods."""
HANDLING: Final[tuple[Deed, ...]] = ("reach", "look")
_REACH_RAD: Final = (0.72, 1.02, 1.35)
_LOOK_RAD: Final = (0.35, 0.6, 0.95)
_ASIDE_RAD: Final = 0.45


@dataclass(frozen=True, slots=True)
class Hands:
    """A gesture, in coarse steps, so that few pictures of it need be drawn.

    Attributes:
        deed: what the hands do.
        side: 1 = the right hand leads, -1 = the left.
        level: 0 low, 1 middle, 2 high.
        aside: -1, 0 or 1: to the left, ahead, to the right.
        both: the other hand helps.
        garment: of what is in hand, a number that tells colour and cut; None with nothing in hand.
    """

    deed: Deed
    side: int = 1
    level: int = 1
    aside: int = 0
    both: bool = False
    garment: int | None = None

    @property
    def handling(self) -> bool:
        """Whether the hands are at goods."""
        return self.deed in HANDLING

    @property
    def joints(self) -> "Hands":
        """The same gesture without the garment, which bends no joint."""
        return replace(self, garment=None)


def with_hands(base: Posture, phase: float, hands: Hands) -> Posture:
    """A posture whose arms follow a gesture.

    Args:
        base: of the legs, and of whatever the gesture leaves alone.
        phase: 0..1, place in a slow to and fro.
        hands: the gesture; angles are ours, chosen to look right.
    """
    sway = float(np.sin(2 * np.pi * phase))
    match hands.deed:
        case "reach":
            lead = (_REACH_RAD[hands.level] + 0.12 * sway, 0.3 - 0.22 * sway, 0.06)
            other = (lead[0] - 0.2, lead[1] + 0.3, 0.1)
            nod, lean, twist = 0.22, 0.09, _ASIDE_RAD * hands.aside
        case "look":
            lead = (_LOOK_RAD[hands.level] + 0.06 * sway, 1.2 - 0.1 * sway, 0.12)
            other = (lead[0] + 0.1 * sway, lead[1] + 0.15, 0.05)
            nod, lean, twist = 0.38 - 0.12 * hands.level, 0.02, 0.5 * _ASIDE_RAD * hands.aside
        case "hold":
            lead = (0.08, 1.35, 0.1)
            other = (base.shoulder[hands.side > 0], base.elbow[hands.side > 0], 0.1)
            nod, lean, twist = base.nod, base.lean, base.twist
        case "cross":
            lead, other = (0.42, 1.75, -0.18), (0.38, 1.85, -0.16)
            nod, lean, twist = 0.08, 0.0, base.twist
        case "hair":
            lead, other = (1.0 + 0.1 * sway, 2.35, 0.35), (0.06, 0.25, 0.1)
            nod, lean, twist = 0.1, 0.0, base.twist
    if not hands.both and hands.deed in HANDLING:
        other = (0.1, 0.35, 0.1)
    pairs = [(a, b) if hands.side > 0 else (b, a) for a, b in zip(lead, other, strict=True)]
    return replace(
        base,
        shoulder=pairs[0], elbow=pairs[1], spread=pairs[2], nod=nod, lean=lean, twist=-twist,
        look_aside=base.look_aside if hands.deed not in HANDLING else -0.3 * hands.aside,
    )  # fmt: skip
