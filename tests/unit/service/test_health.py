from edge_core.config import parse_site
from edge_core.runtime.board import WorkerState
from edge_core.sensing.reconnect import CameraState
from edge_core.service.engine import Wiring
from edge_core.service.health import FrameRates, health_view
from edge_core.service.rows import capture_row, vision_row
from edge_core.service.schema import LedgerHealth
from edge_core.units import NS_PER_S

SITE = parse_site(
    """
[site]
id = "a"
name = "A"
[[cameras]]
id = "door"
source = "usb:0"
max_resolution_px = [320, 240]
"""
)


def view_of(board, rates, now_s=100.0, ledger_ok=True):
    return health_view(
        SITE,
        board,
        now_mono_ns=round(now_s * NS_PER_S),
        started_mono_ns=0,
        latency_ms_p95=None,
        visitors=0,
        ledger=LedgerHealth(schema_version=1, events=0, size_mb=0.1, ok=ledger_ok),
        rates=rates,
    )


def running_board():
    board = Wiring.of(SITE).board
    for name in (capture_row("door"), "vision", "core"):
        board.row(name).state = WorkerState.RUNNING
    board.row(capture_row("door")).set("camera_state", CameraState.STREAMING)
    return board


def test_all_well_is_ok():
    health = view_of(running_board(), FrameRates(["door"]))
    assert (health.status, health.reasons) == ("ok", [])


def test_a_camera_without_pictures_a_dead_worker_and_a_faulty_ledger_are_named():
    board = running_board()
    board.row(capture_row("door")).set("camera_state", CameraState.CONNECTING)
    board.row("vision").state = WorkerState.RESTARTING
    health = view_of(board, FrameRates(["door"]), ledger_ok=False)
    assert health.status == "degraded"
    assert health.reasons == [
        "vision is restarting",
        "camera door is connecting",
        "the ledger's check found faults",
    ]


def test_without_any_camera_the_service_is_down():
    board = running_board()
    board.row(capture_row("door")).set("camera_state", CameraState.LOST)
    health = view_of(board, FrameRates(["door"]))
    assert (health.status, health.reasons) == ("down", ["camera door is lost"])


def test_rates_are_of_the_last_seconds_not_of_the_whole_run():
    board, rates = running_board(), FrameRates(["door"])
    row = board.row(vision_row("door"))
    row.set("processed", 100_000)
    for second in range(30):
        row.add("processed", 7)
        health = view_of(board, rates, now_s=100.0 + second)
    assert health.cameras[0].processed_fps == 7.0


def test_a_camera_without_frames_yet_has_no_age_and_no_size():
    (camera,) = view_of(running_board(), FrameRates(["door"])).cameras
    assert (camera.frame_age_s, camera.size_px) == (None, None)
