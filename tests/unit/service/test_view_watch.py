from edge_core.clock import ManualClock
from edge_core.runtime.board import HealthBoard
from edge_core.sensing.view import View
from edge_core.service.rows import capture_row
from edge_core.service.view_watch import ViewWatch
from edge_core.types import EventKind


def test_a_hurt_view_and_its_mending_are_events_and_nothing_else_is():
    board = HealthBoard({capture_row("door"): ("view",)})
    row = board.row(capture_row("door"))
    watch = ViewWatch(["door"], board, ManualClock())
    told = []
    for view in (View.LEARNING, View.WELL, View.WELL, View.BLOCKED, View.BLOCKED, View.WELL):
        row.set("view", view)
        told += watch.advance()
    assert [(it.kind, it.camera_id, it.data["view"]) for it in told] == [
        (EventKind.CAMERA, "door", "blocked"),
        (EventKind.CAMERA, "door", "well"),
    ]
