"""Why something is suggested, as codes with parameters; screens put them into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class ReasonCode(StrEnum):
    """Every reason there is, with its parameters."""

    LOOKING_FOR = "looking-for"
    """category"""
    INTEREST = "interest"
    """category: chosen on the screen"""
    LIKE_VISITED = "like-visited"
    """store: one of this visit, whose visitors like this too or which is of the same category"""
    LIKE_YOU = "like-you"
    """Liked by visitors of the same estimated age band and style."""
    POPULAR_NOW = "popular-now"
    """hour: popular at this hour of the day"""
    NEAR = "near"
    """walk_s: walking time"""
    QUIET = "quiet"
    """Not crowded now."""
    CLOSING_SOON = "closing-soon"
    """minutes: until it closes; said as a warning"""
    TRIED_TOGETHER = "tried-together"
    """sku: often in hand together with this one"""
    GOES_WITH = "goes-with"
    """sku: another part of the same outfit, of fitting formality"""
    COLOURS = "colours"
    """sku: the colours go together"""
    POPULAR = "popular"
    """Handled much."""
    IN_STOCK = "in-stock"
    """rack: where it hangs; "" when unknown"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        code: which.
        params: what the words need, see `ReasonCode`.
    """

    code: ReasonCode
    params: Mapping[str, str | int] = field(default_factory=dict)


def strongest(weighed: Sequence[tuple[Reason, float]], most: int = 3) -> tuple[Reason, ...]:
    """The reasons that added most to a score, strongest first; none that added nothing."""
    helping = sorted((pair for pair in weighed if pair[1] > 0), key=lambda pair: -pair[1])
    return tuple(reason for reason, _ in helping[:most])
