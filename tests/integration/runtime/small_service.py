"""A small service of its own for tests that kill a whole one, or start one without memory.

Usage: python small_service.py FILE. Prints one JSON line: pids once everything runs, or the error
that kept it from starting.
"""

import json
import sys
import threading
import time
from pathlib import Path

import runtime_workers as workers

from edge_core.config import CameraConfig
from edge_core.errors import PromenadeError
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.supervisor import Supervisor
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerSpec
from edge_core.sensing.capture import CAPTURE_COUNTERS, capture_spec, make_ring


def main(path: Path) -> None:
    camera = CameraConfig(id="door", source=str(path), loop=True, max_resolution_px=(640, 480))
    wake = WakeSignal()
    ring = make_ring(camera)
    board = HealthBoard({"capture:door": CAPTURE_COUNTERS, "vision": workers.CONSUMER_COUNTERS})
    vision = WorkerSpec("vision", workers.consume, (ring, wake))
    supervisor = Supervisor([vision, capture_spec(camera, ring, wake, Path(), stage=1)], board)
    threading.Thread(target=report, args=(board,), daemon=True).start()
    supervisor.run()


def report(board: HealthBoard) -> None:
    """Print the pids once frames flow."""
    capture, consumer = board.row("capture:door"), board.row("vision")
    while WorkerState.STARTING in (capture.state, consumer.state) or not consumer.get("taken"):
        time.sleep(0.02)
    print(json.dumps({"pids": [capture.pid, consumer.pid]}), flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except PromenadeError as error:
        print(json.dumps({"error": type(error).__name__, "text": str(error)}))  # noqa: T201
        sys.exit(75)
