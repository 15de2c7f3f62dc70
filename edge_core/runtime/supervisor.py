"""Keeps the worker processes alive, and ends them in order.

No threads: one loop waits for a process to end or for the next thing to become due.
"""

import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Final

from edge_core.errors import WorkerFailedError
from edge_core.runtime.board import HealthBoard, HealthRow, WorkerState
from edge_core.runtime.worker import LogSettings, WorkerSpec, run_worker
from edge_core.units import NS_PER_S, ns_from_s, s_from_ns

_TICK_S: Final = 0.2
_RENEW_S: Final = 6.0
"""How long a worker may take to end before it is started anew with other arguments."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """When a dead worker is started again and when it is given up.

    Attributes:
        first_delay_s: pause before the second restart in a row; the first is immediate, later
            ones double it.
        cap_s: longest pause.
        stable_s: a life longer than this counts as healthy and forgets earlier failures.
        budget: an essential worker failing this often ...
        budget_window_s: ... within this time ends the service.
    """

    first_delay_s: float = 0.25
    cap_s: float = 3.0
    stable_s: float = 5.0
    budget: int = 8
    budget_window_s: float = 60.0

    def delay_s(self, failures: int) -> float:
        """Pause after the given number of failures in a row (1 = the first)."""
        if failures <= 1:
            return 0.0
        # The exponent is bounded so that a year of failures cannot overflow a float.
        return min(self.cap_s, self.first_delay_s * 2.0 ** min(failures - 2, 32))


@dataclass(slots=True)
class _Life:
    """A worker and its present process."""

    spec: WorkerSpec
    row: HealthRow
    process: SpawnProcess | None = None
    started_ns: int = 0
    due_ns: int | None = None
    renew_by_ns: int | None = None
    failures_in_a_row: int = 0
    failed_at_ns: deque[int] = field(default_factory=deque)


class Supervisor:
    """Starts workers, watches their heartbeats, restarts them, and stops them in order.

    Start it from the thread that will live longest: on Linux workers die with the thread that
    started them.

    Args:
        workers: what to run.
        board: must have a row for each.
        logs: how they log.
        restarts: restart policy.
    """

    def __init__(
        self,
        workers: Sequence[WorkerSpec],
        board: HealthBoard,
        *,
        logs: LogSettings | None = None,
        restarts: RestartPolicy | None = None,
    ) -> None:
        ordered = sorted(workers, key=lambda spec: spec.stage)
        self._lives = [_Life(spec, board.row(spec.name)) for spec in ordered]
        self._board = board
        self._logs = logs or LogSettings()
        self._restarts = restarts or RestartPolicy()
        self._stopping = False
        self._context = get_context("spawn")

    def run(
        self, *, stop_deadline_s: float = 10.0, each_step: Callable[[], None] | None = None
    ) -> None:
        """Run until told to stop (SIGTERM, SIGINT, `request_stop`) or every worker has finished.

        Args:
            stop_deadline_s: see `stop`.
            each_step: called after every step.

        Raises:
            WorkerFailedError: an essential worker could not be kept alive; the others have been
                stopped.
        """
        previous = {
            number: signal.signal(number, self.request_stop)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            self.start()
            while not self._stopping and not self.finished:
                self.step(_TICK_S)
                if each_step is not None:
                    each_step()
        finally:
            self.stop(stop_deadline_s)
            for number, handler in previous.items():
                signal.signal(number, handler)

    def start(self) -> None:
        """Start every worker; `run` does this itself."""
        for life in self._lives:
            life.row.stop = False
            self._spawn(life)

    def request_stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Make `run` return soon; usable as a signal handler."""
        self._stopping = True

    def renew(self, spec: WorkerSpec) -> None:
        """End the worker of that name in good order, and start it as `spec` says.

        It is no failure and spends nothing of the restart budget.

        Raises:
            KeyError: there is no such worker.
        """
        life = next((it for it in self._lives if it.spec.name == spec.name), None)
        if life is None:
            raise KeyError(spec.name)
        life.spec = spec
        if life.process is None:  # given up by itself, or about to be started again
            life.row.stop = False
            life.due_ns = time.monotonic_ns()
            return
        life.renew_by_ns = time.monotonic_ns() + ns_from_s(_RENEW_S)
        life.row.stop = True
        if os.name == "posix":
            life.process.terminate()

    @property
    def finished(self) -> bool:
        """Whether every worker has ended by itself with exit code 0."""
        return all(life.process is None and life.due_ns is None for life in self._lives)

    def step(self, timeout_s: float) -> None:
        """Wait for something to happen, at most so long, and deal with it.

        Raises:
            WorkerFailedError: an essential worker is past its restart budget.
        """
        now_ns = time.monotonic_ns()
        due = [s_from_ns(life.due_ns - now_ns) for life in self._lives if life.due_ns is not None]
        pause_s = max(0.0, min([timeout_s, *due]))
        sentinels = [life.process.sentinel for life in self._lives if life.process is not None]
        if sentinels:
            connection.wait(sentinels, pause_s)
        else:
            time.sleep(pause_s)
        for life in self._lives:
            self._look_after(life, time.monotonic_ns())

    def stop(self, deadline_s: float = 10.0) -> None:
        """End all workers, the highest stage first; whoever outlasts the deadline is killed."""
        self._stopping = True
        deadline_ns = time.monotonic_ns() + ns_from_s(deadline_s)
        stages = [list(lives) for _, lives in groupby(self._lives, lambda life: life.spec.stage)]
        while stages:
            # A stage that hangs may use up its share of the time, not that of the stages below.
            now_ns = time.monotonic_ns()
            self._stop_stage(stages[-1], now_ns + max(0, deadline_ns - now_ns) // len(stages))
            stages.pop()

    def _stop_stage(self, lives: Sequence[_Life], deadline_ns: int) -> None:
        running = list(_alive(lives))
        for life, process in running:
            life.row.stop = True
            if os.name == "posix":
                process.terminate()
        for life, process in running:
            process.join(max(0.0, s_from_ns(deadline_ns - time.monotonic_ns())))
            if process.is_alive():
                log.warning("%s did not end in time and is killed", life.spec.name)
                process.kill()
            self._bury(life, WorkerState.STOPPED)
        for life in lives:
            life.due_ns = None
            if life.row.state is not WorkerState.FAILED:
                life.row.state = WorkerState.STOPPED

    def _spawn(self, life: _Life) -> None:
        spec = life.spec
        life.due_ns = None
        life.started_ns = time.monotonic_ns()
        life.row.state = WorkerState.STARTING
        process = self._context.Process(
            target=run_worker,
            name=spec.name,
            args=(spec, self._board, os.getpid(), self._logs),
        )
        try:
            with _interrupts_held_back():
                process.start()
        except BrokenPipeError:
            # Killed before it had read what to do.
            self._failed(life, "died while being started", time.monotonic_ns())
            return
        life.process = process
        life.row.pid = process.pid or 0
        log.info("%s started", spec.name, extra={"pid": process.pid})

    def _look_after(self, life: _Life, now_ns: int) -> None:
        process = life.process
        if process is not None and life.renew_by_ns is not None:
            self._look_after_renewal(life, process, now_ns)
        elif process is None:
            if life.due_ns is not None and now_ns >= life.due_ns and not self._stopping:
                life.row.restarts += 1
                self._spawn(life)
        elif process.exitcode is not None:
            self._mourn(life, process.exitcode, now_ns)
        elif stalled := self._stalled(life, now_ns):
            process.kill()
            process.join()
            self._failed(life, stalled, now_ns)
        elif life.row.heartbeat_ns >= life.started_ns:
            life.row.state = WorkerState.RUNNING

    def _look_after_renewal(self, life: _Life, process: SpawnProcess, now_ns: int) -> None:
        if process.exitcode is None:
            if life.renew_by_ns is not None and now_ns > life.renew_by_ns:
                log.warning("%s did not end in time and is killed", life.spec.name)
                process.kill()
                life.renew_by_ns = now_ns + ns_from_s(_RENEW_S)
            return
        life.renew_by_ns = None
        life.row.stop = False
        self._bury(life, WorkerState.RESTARTING)
        if not self._stopping:
            self._spawn(life)

    def _stalled(self, life: _Life, now_ns: int) -> str | None:
        """Why the worker counts as hanging, or None."""
        beaten = life.row.heartbeat_ns >= life.started_ns
        since_ns = life.row.heartbeat_ns if beaten else life.started_ns
        limit_s = life.spec.stall_limit_s if beaten else life.spec.startup_grace_s
        age_s = s_from_ns(now_ns - since_ns)
        if age_s <= limit_s:
            return None
        what = "no heartbeat" if beaten else "not started"
        return f"{what} for {age_s:.1f} s (limit {limit_s:g} s)"

    def _mourn(self, life: _Life, exit_code: int, now_ns: int) -> None:
        if exit_code == 0:
            log.info("%s finished", life.spec.name)
            self._bury(life, WorkerState.STOPPED)
        elif exit_code < 0:
            self._failed(life, f"killed by {_signal_name(-exit_code)}", now_ns)
        else:
            note = life.row.note
            self._failed(life, f"exit code {exit_code}{': ' if note else ''}{note}", now_ns)

    def _failed(self, life: _Life, reason: str, now_ns: int) -> None:
        """Keep the reason and plan the restart."""
        policy = self._restarts
        healthy = now_ns - life.started_ns > ns_from_s(policy.stable_s)
        life.failures_in_a_row = 1 if healthy else life.failures_in_a_row + 1
        life.row.reason = reason
        life.failed_at_ns.append(now_ns)
        while now_ns - life.failed_at_ns[0] > policy.budget_window_s * NS_PER_S:
            life.failed_at_ns.popleft()
        if life.spec.essential and len(life.failed_at_ns) >= policy.budget:
            self._bury(life, WorkerState.FAILED)
            raise WorkerFailedError(
                f"{life.spec.name} failed {policy.budget} times within"
                f" {policy.budget_window_s:g} s, last: {reason.rstrip('.')}.",
                "Mend what that says, or read the log lines above, and start again.",
            )
        delay_s = policy.delay_s(life.failures_in_a_row)
        self._bury(life, WorkerState.RESTARTING)
        life.due_ns = now_ns + ns_from_s(delay_s)
        log.warning("%s ended (%s); starting it again in %.2g s", life.spec.name, reason, delay_s)

    @staticmethod
    def _bury(life: _Life, state: WorkerState) -> None:
        if life.process is not None:
            life.process.join()
            life.process.close()
            life.process = None
        life.row.state = state


def _alive(lives: Sequence[_Life]) -> Iterator[tuple[_Life, SpawnProcess]]:
    for life in lives:
        if life.process is not None:
            yield life, life.process


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start a child with SIGINT blocked, so that Ctrl-C cannot end it half-started."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
