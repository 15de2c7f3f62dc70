"""The life of one worker process, from its first line to its exit code."""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from types import FrameType
from typing import Any, Concatenate, Final

import psutil

from edge_core.errors import PromenadeError
from edge_core.logs import LogFiles, scrub, start_logging
from edge_core.runtime.board import HealthBoard, HealthRow
from edge_core.runtime.parcel import opened

EXIT_ENVIRONMENT: Final = 75
"""Exit code of a worker ended by a `PromenadeError` (EX_TEMPFAIL of sysexits.h)."""
EXIT_BUG: Final = 70
"""Exit code of a worker ended by any other exception (EX_SOFTWARE of sysexits.h)."""
EXIT_TERMINATED: Final = 143
"""Exit code of a worker ended by a SIGTERM that the supervisor did not send."""
_EXIT_ORPHAN: Final = 71
_NICE: Final = 5
_PR_SET_PDEATHSIG: Final = 1

Target = Callable[Concatenate["WorkerContext", ...], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What the supervisor needs to know to run a worker.

    Attributes:
        name: row on the health board and name of the process, e.g. `capture:door`.
        target: module-level function called in the new process as `target(context, *args)`.
        args: its further arguments; frame rings, boards and wake signals may be among them.
        stage: workers are started from the lowest stage up and stopped from the highest down.
        essential: the service cannot go on without it.
        stall_limit_s: a heartbeat older than this means that it hangs.
        startup_grace_s: how long it may take to its first heartbeat.
        gives_way: others have the processor first when all want it.
    """

    name: str
    target: Target
    args: tuple[Any, ...] = ()
    stage: int = 0
    essential: bool = True
    stall_limit_s: float = 10.0
    startup_grace_s: float = 30.0
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How workers log; see `edge_core.logs.start_logging`."""

    level: str = "INFO"
    style: str = "json"
    files: LogFiles | None = None


class WorkerContext:
    """What a worker is handed: its name, its row, and whether it shall end."""

    def __init__(self, name: str, board: HealthBoard) -> None:
        self.name = name
        self.board = board
        self.row: HealthRow = board.row(name)
        self._terminated = False

    @property
    def ended_by_others(self) -> bool:
        """Whether somebody else than the supervisor sent SIGTERM: its work shall go on."""
        return self._terminated and not self.row.stop

    @property
    def stopping(self) -> bool:
        """Whether the worker shall finish what it is doing and return."""
        return self._terminated or self.row.stop

    def beat(self) -> None:
        """Tell the supervisor that the worker is alive; call at least every second."""
        self.row.beat(time.monotonic_ns())

    def terminate(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Handler of SIGTERM: from now on `stopping`."""
        self._terminated = True


def run_worker(spec: WorkerSpec, board: HealthBoard, parent_pid: int, logs: LogSettings) -> None:
    """Body of every worker process; ends it with an exit code.

    0: finished or told to end. `EXIT_ENVIRONMENT`: something outside is wrong, the row's note
    tells what. `EXIT_BUG`: an exception nobody expected. `EXIT_TERMINATED`: see there.
    """
    _die_with_parent(parent_pid)
    start_logging(spec.name, level=logs.level, style=logs.style, files=logs.files)
    leave_no_memory_behind()
    if spec.gives_way:
        give_way()
    worker = WorkerContext(spec.name, board)
    worker.row.note = ""
    signal.signal(signal.SIGTERM, worker.terminate)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the supervisor decides
    try:
        spec.target(worker, *opened(spec.args))
    except PromenadeError as error:
        worker.row.note = scrub(str(error))
        log.error("%s", error)
        sys.exit(EXIT_ENVIRONMENT)
    except Exception as error:
        worker.row.note = scrub(f"{type(error).__name__}: {error}")
        log.exception("the worker failed")
        sys.exit(EXIT_BUG)
    if worker.ended_by_others:  # an operator or a memory watchdog: it must come back
        worker.row.note = "somebody sent it SIGTERM"
        sys.exit(EXIT_TERMINATED)


def give_way() -> None:
    """Let other processes have the processor first from now on."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        psutil.Process().nice(_NICE)


def leave_no_memory_behind() -> None:
    """No core dump of this process or its children: it would hold pictures and appearances."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _die_with_parent(parent_pid: int) -> None:
    """End this process as soon as its parent is gone, however that happened."""
    parent = parent_process()
    if parent is None:
        raise RuntimeError("a worker runs in a child process")
    threading.Thread(
        target=_exit_after, args=(parent.sentinel,), name="parent-watch", daemon=True
    ).start()
    if sys.platform == "linux":
        # The watching thread needs the interpreter; the kernel's signal does not.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:
            os._exit(_EXIT_ORPHAN)


def _exit_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(_EXIT_ORPHAN)
