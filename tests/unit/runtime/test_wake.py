"""The wake signal counts tokens and blocks nobody who gives one."""

import threading
import time

from edge_core.runtime.wake import WakeSignal


def test_tokens_given_before_the_wait_are_not_lost() -> None:
    wake = WakeSignal()
    for _ in range(3):
        wake.notify()
    assert wake.wait(0.0) == 3
    assert wake.wait(0.0) == 0


def test_giving_tokens_nobody_takes_never_blocks() -> None:
    wake = WakeSignal()
    for _ in range(100_000):
        wake.notify()
    assert wake.wait(0.0) == 100_000


def test_a_waiting_process_is_woken_long_before_its_timeout() -> None:
    wake = WakeSignal()
    giver = threading.Timer(0.02, wake.notify)
    giver.start()
    began = time.monotonic()
    assert wake.wait(30.0) == 1
    assert time.monotonic() - began < 10.0
    giver.join()
