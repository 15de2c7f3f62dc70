"""Writes down when a camera's view is hurt and when it is well again."""

from collections.abc import Sequence
from typing import Final

from edge_core.clock import Clock
from edge_core.runtime.board import HealthBoard
from edge_core.sensing.view import View
from edge_core.service.rows import capture_row
from edge_core.types import Event, EventKind


class ViewWatch:
    """Compares the health board's `view` of each camera with what it was.

    Args:
        cameras: ids.
        board: every worker's row.
        clock: the clocks.
    """

    def __init__(self, cameras: Sequence[str], board: HealthBoard, clock: Clock) -> None:
        self._board, self._clock = board, clock
        self._before = dict.fromkeys(cameras, View.LEARNING)

    def advance(self) -> list[Event]:
        """Changes since the last call; that a camera is well from the start is none."""
        events = []
        for camera, before in self._before.items():
            view = View(self._board.row(capture_row(camera)).get("view"))
            self._before[camera] = view
            if view is before or _TOLD.isdisjoint((view, before)):
                continue
            at_ns = self._clock.utc_ns()
            data = {"view": view.name.lower(), "before": before.name.lower()}
            key = f"view-{camera}-{at_ns}"
            mono_ns = self._clock.monotonic_ns()
            events.append(Event(key, EventKind.CAMERA, at_ns, mono_ns, camera, "", data))
        return events


_TOLD: Final = {View.MOVED, View.BLOCKED, View.BLURRED, View.DARK}
