"""A reader's clock is put on ours by its least delayed message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.sensing.rfid.clock_offset import ClockOffset
from edge_core.units import NS_PER_MS, NS_PER_S, NS_PER_US

AHEAD_US = 1_700_000_000_000_000


def feed(clock, reader_us, delay_ms, ahead_us=AHEAD_US):
    """A message stamped by the reader that arrives so much later."""
    clock.add(reader_us + ahead_us, reader_us * NS_PER_US + delay_ms * NS_PER_MS)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=50))
def test_the_error_is_the_smallest_delay(delays_ms):
    clock = ClockOffset()
    for step, delay_ms in enumerate(delays_ms):
        feed(clock, 10_000_000 + step * 50_000, delay_ms)
    stamp_us = 11_000_000
    error_ns = clock.mono_ns(stamp_us + AHEAD_US) - stamp_us * NS_PER_US
    assert error_ns == min(delays_ms) * NS_PER_MS


def test_a_drifting_clock_is_followed():
    clock = ClockOffset()
    for second in range(3600):
        drift_us = second * 100  # 100 ppm
        feed(clock, second * 1_000_000, 5, AHEAD_US - drift_us)
    now_us = 3599 * 1_000_000
    error_ns = clock.mono_ns(now_us + AHEAD_US - 3599 * 100) - now_us * NS_PER_US
    assert abs(error_ns) < 11 * NS_PER_MS


@pytest.mark.parametrize("step_s", [-3600, -5, 5, 3600])
def test_a_clock_that_was_set_is_followed_at_once(step_s):
    clock = ClockOffset()
    for second in range(30):
        feed(clock, second * 1_000_000, 5)
    feed(clock, 30_000_000, 5, AHEAD_US + step_s * 1_000_000)
    mono_ns = clock.mono_ns(30_000_000 + AHEAD_US + step_s * 1_000_000)
    assert mono_ns == 30 * NS_PER_S + 5 * NS_PER_MS


def test_nothing_is_known_before_the_first_stamp():
    clock = ClockOffset()
    assert not clock.known
    with pytest.raises(ValueError, match="empty"):
        clock.mono_ns(1)
