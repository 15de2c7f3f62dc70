"""The restart policy; everything else about the supervisor is tested on real processes."""

from hypothesis import given
from hypothesis import strategies as st

from edge_core.runtime.supervisor import RestartPolicy


def test_the_first_restart_is_immediate_and_later_ones_wait_longer() -> None:
    policy = RestartPolicy(first_delay_s=0.25, cap_s=5.0)
    assert [policy.delay_s(count) for count in range(1, 8)] == [0, 0.25, 0.5, 1, 2, 4, 5]


@given(st.integers(1, 10**9))
def test_no_pause_exceeds_the_cap_however_often_a_worker_fails(failures: int) -> None:
    policy = RestartPolicy()
    assert policy.delay_s(failures) <= policy.delay_s(failures + 1) <= policy.cap_s
