"""What item states tell."""

from dataclasses import dataclass
from enum import StrEnum


class ItemEventKind(StrEnum):
    """What can happen to a garment."""

    TOUCHED = "touched"
    FLIPPED = "flipped"
    IN_HAND = "in-hand"
    FITTING_ROOM = "fitting-room"
    PUT_BACK = "put-back"
    MISPLACED = "misplaced"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """One thing that happened to one garment.

    Attributes:
        epc: its tag.
        kind: what.
        start_s, end_s: when, on the reads' clock; equal for put-back, misplaced and gone.
        confidence: 0..1, mean chance of the states behind it.
        antenna: that saw it best at its start.
        room: the fitting room, or "".
        lost: it was in a hand when it was heard for the last time.
    """

    epc: str
    kind: ItemEventKind
    start_s: float
    end_s: float
    confidence: float
    antenna: int
    room: str = ""
    lost: bool = False
