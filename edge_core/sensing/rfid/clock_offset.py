"""Where a reader's clock lies on ours, by the least delayed of its messages."""

from collections import deque
from typing import Final

from edge_core.units import NS_PER_S, NS_PER_US

_BUCKET_NS: Final = 10 * NS_PER_S
_BUCKETS: Final = 6
_STEP_NS: Final = 2 * NS_PER_S


class ClockOffset:
    """Turns a reader's time stamps into monotonic time.

    A message stamped t by the reader and received at r says that the offset is at most r - t, as
    no message arrives before it is sent. The smallest of the last minute is nearest the truth
    (the minimum filter of NTP, RFC 5905 section 10), and a minute is short enough for the drift
    of the two clocks to stay below 10 ms at 100 ppm. A stamp more than two seconds later than
    the offset explains means that the reader's clock was set back: the old samples are forgotten.
    Should it only have been a slow network, the next message mends it.
    """

    def __init__(self) -> None:
        # (start of the bucket, smallest offset in it), both in ns of the monotonic clock.
        self._buckets: deque[tuple[int, int]] = deque(maxlen=_BUCKETS)

    @property
    def known(self) -> bool:
        """Whether any stamp has been seen."""
        return bool(self._buckets)

    @property
    def offset_ns(self) -> int:
        """Monotonic time minus the reader's; ValueError before the first stamp."""
        return min(offset_ns for _, offset_ns in self._buckets)

    def add(self, reader_us: int, received_mono_ns: int) -> None:
        """Take in a stamp and when it arrived."""
        sample_ns = received_mono_ns - reader_us * NS_PER_US
        if self._buckets and sample_ns - self.offset_ns > _STEP_NS:
            self._buckets.clear()
        while self._buckets and received_mono_ns - self._buckets[0][0] >= _BUCKETS * _BUCKET_NS:
            self._buckets.popleft()
        if self._buckets and received_mono_ns - self._buckets[-1][0] < _BUCKET_NS:
            start_ns, least_ns = self._buckets[-1]
            self._buckets[-1] = (start_ns, min(least_ns, sample_ns))
        else:
            self._buckets.append((received_mono_ns, sample_ns))

    def mono_ns(self, reader_us: int) -> int:
        """A reader's stamp on the monotonic clock; ValueError before the first `add`."""
        return reader_us * NS_PER_US + self.offset_ns
