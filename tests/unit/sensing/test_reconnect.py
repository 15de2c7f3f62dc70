"""The reconnect state machine never makes a move it has no name for, and never gives up."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.sensing.reconnect import TRANSITIONS, CameraState, ReconnectMachine

CAP_S = 8.0


@given(st.lists(st.sampled_from(["first frame", "silence", "break", "too large"])), st.randoms())
def test_whatever_a_live_camera_does_the_machine_stays_on_its_named_transitions(
    happenings: list[str], chance: random.Random
) -> None:
    machine = ReconnectMachine(chance, cap_s=CAP_S)
    now_ns = 0
    for happening in happenings:
        before = machine.state
        if before in (CameraState.LOST, CameraState.STALLED):
            now_ns = machine.due_ns
            assert machine.retry(now_ns)
            assert machine.state is CameraState.CONNECTING
        elif happening == "break":
            machine.lost(now_ns)
            assert 0 < machine.due_ns - now_ns <= CAP_S * 1.25e9
        elif happening == "silence" and before is not CameraState.CONNECTING:
            machine.stalled(now_ns)
        elif happening == "too large":
            machine.refused()
        else:
            machine.opened()
        after = machine.state
        assert after is before or after in TRANSITIONS[before]


def test_pauses_double_up_to_the_cap_and_start_over_once_a_frame_has_come() -> None:
    machine = ReconnectMachine(random.Random(1), first_s=0.5, cap_s=CAP_S)
    for expected_s in (0.5, 1, 2, 4, 8, 8):
        machine.lost(0)
        assert 0.75 * expected_s <= machine.due_ns / 1e9 <= 1.25 * expected_s
        assert not machine.retry(machine.due_ns - 1)
        assert machine.retry(machine.due_ns)
    machine.opened()
    machine.lost(0)
    assert machine.due_ns <= 0.625e9


def test_only_coming_back_counts_as_a_reconnect() -> None:
    machine = ReconnectMachine(random.Random(1))
    machine.lost(0)
    machine.retry(machine.due_ns)
    machine.opened()
    assert machine.reconnects == 0
    machine.stalled(5)
    assert machine.retry(5)
    machine.opened()
    assert machine.reconnects == 1


def test_cameras_behind_one_switch_come_back_at_different_moments() -> None:
    due = set()
    for seed in range(20):
        machine = ReconnectMachine(random.Random(seed))
        machine.lost(0)
        due.add(machine.due_ns)
    assert len(due) == 20


def test_a_file_at_its_end_stays_there() -> None:
    machine = ReconnectMachine(random.Random(1))
    machine.opened()
    machine.ended()
    assert not machine.retry(10**12)
    with pytest.raises(ValueError, match="ENDED"):
        machine.opened()
