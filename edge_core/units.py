"""Time units. Durations and stamps are integer nanoseconds inside Promenade."""

from typing import Final

NS_PER_US: Final = 1_000
NS_PER_MS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000


def ns_from_s(seconds: float) -> int:
    """Seconds to nanoseconds, rounded."""
    return round(seconds * NS_PER_S)


def s_from_ns(nanoseconds: int) -> float:
    """Nanoseconds to seconds."""
    return nanoseconds / NS_PER_S


def ms_from_ns(nanoseconds: int) -> float:
    """Nanoseconds to milliseconds."""
    return nanoseconds / NS_PER_MS
