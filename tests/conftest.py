"""Rules for every test: no record at ERROR that a test does not ask for, no thread left behind.

No test is timed either: property tests look for wrong answers, on however busy a machine.
"""

import gc
import logging
import threading

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_LASTING = (
    *("AnyIO", "asyncio_", "asyncio-portal", "ThreadPoolExecutor", "pytest_timeout", "QThread"),
    "Dummy-",
)


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith(_LASTING):
            thread.join(5.0)
            assert not thread.is_alive(), f"the test left thread {thread.name} running"


@pytest.fixture(autouse=True)
def no_unexpected_error_is_logged(request, caplog):
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not loud, f"unexpected log: {loud[0].getMessage()}"


@pytest.fixture(autouse=True)
def no_timer_outlives_its_test(request):
    """PySide crashes when a timer fires while what it belongs to is being collected."""
    yield
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        return
    import shiboken6
    from PySide6.QtCore import QTimer

    for it in gc.get_objects():
        if type(it) is QTimer and shiboken6.isValid(it):
            it.stop()
