from random import Random

from hypothesis import given
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.sync.pace import LONGEST_S, BackOff, ByteBudget
from edge_core.units import NS_PER_S


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_pauses_grow_to_a_ceiling_and_differ_between_stores(seed, failures):
    back_off, other = BackOff(Random(seed)), BackOff(Random(seed + 1))
    pauses = [back_off.failed() for _ in range(failures)]
    assert all(0 <= pause <= min(LONGEST_S, 2.0**n) for n, pause in enumerate(pauses))
    assert pauses != [other.failed() for _ in range(failures)]
    back_off.succeeded()
    assert back_off.failed() <= 1


def test_the_hub_may_ask_for_a_longer_pause_but_not_for_ever():
    assert BackOff(Random(1)).failed(at_least_s=60) == 60
    assert BackOff(Random(1)).failed(at_least_s=1e9) == LONGEST_S


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=60))
def test_no_stretch_of_time_carries_more_than_the_rate_and_one_burst(pieces):
    clock, rate = ManualClock(), 1000.0
    budget = ByteBudget(rate, clock, lambda s: clock.advance_ns(round(s * NS_PER_S)))
    begun = clock.monotonic_ns()
    for piece in pieces:
        budget.spend(piece)
    passed_s = (clock.monotonic_ns() - begun) / NS_PER_S
    assert sum(pieces) <= rate * (passed_s + 1) + 1


def test_without_a_cap_nothing_waits():
    ByteBudget(None, ManualClock(), lambda _: 1 / 0).spend(10**9)
