from edge_core.config import parse_site
from edge_core.runtime.board import WorkerState
from edge_core.sensing.reconnect import CameraState
from edge_core.sensing.rfid.worker import reader_row
from edge_core.service.engine import Wiring, reader_workers
from edge_core.service.health import Rates, health_view
from edge_core.service.rows import KINDS, MODELS, capture_row, vision_row
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


def view_of(board, rates, now_s=100.0, ledger_ok=True, site=SITE, tags=None):
    return health_view(
        site,
        board,
        now_mono_ns=round(now_s * NS_PER_S),
        started_mono_ns=0,
        latency_ms_p95=None,
        visitors=0,
        ledger=LedgerHealth(schema_version=1, events=0, size_mb=0.1, ok=ledger_ok),
        rates=rates,
        tags=tags,
    )


def running_board():
    board = Wiring.of(SITE).board
    for name in (capture_row("door"), "vision", "core"):
        board.row(name).state = WorkerState.RUNNING
    board.row(capture_row("door")).set("camera_state", CameraState.STREAMING)
    return board


def test_all_well_is_ok():
    health = view_of(running_board(), Rates(["door"]))
    assert (health.status, health.reasons) == ("ok", [])


def test_a_camera_without_pictures_a_dead_worker_and_a_faulty_ledger_are_named():
    board = running_board()
    board.row(capture_row("door")).set("camera_state", CameraState.CONNECTING)
    board.row("vision").state = WorkerState.RESTARTING
    health = view_of(board, Rates(["door"]), ledger_ok=False)
    assert health.status == "degraded"
    assert health.reasons == [
        "vision is restarting",
        "camera door is connecting",
        "the ledger's check found faults",
    ]


def test_without_any_camera_the_service_is_down():
    board = running_board()
    board.row(capture_row("door")).set("camera_state", CameraState.LOST)
    health = view_of(board, Rates(["door"]))
    assert (health.status, health.reasons) == ("down", ["camera door is lost"])


def test_rates_are_of_the_last_seconds_not_of_the_whole_run():
    board, rates = running_board(), Rates(["door"])
    row = board.row(vision_row("door"))
    row.set("processed", 100_000)
    for second in range(30):
        row.add("processed", 7)
        health = view_of(board, rates, now_s=100.0 + second)
    assert health.cameras[0].processed_fps == 7.0


def test_a_camera_looked_at_less_than_half_as_often_as_asked_is_named_after_a_minute_of_it():
    board, rates = running_board(), Rates(["door"])
    capture, vision = board.row(capture_row("door")), board.row(vision_row("door"))
    told = []
    for second in range(140):
        capture.add("received", 25)
        vision.add("processed", 2 if second < 90 else 8)  # asked for 10
        health = view_of(board, rates, now_s=100.0 + second)
        told.append(any("at its limit" in reason for reason in health.reasons))
    assert not any(told[:60])
    assert all(told[64:90])
    assert not any(told[95:])


def test_a_camera_that_sends_less_than_asked_is_not_behind_when_all_of_it_is_looked_at():
    board, rates = running_board(), Rates(["door"])
    for second in range(90):
        board.row(capture_row("door")).add("received", 3)
        board.row(vision_row("door")).add("processed", 3)
        health = view_of(board, rates, now_s=100.0 + second)
    assert not health.cameras[0].behind


def test_a_camera_without_frames_yet_has_no_age_and_no_size():
    (camera,) = view_of(running_board(), Rates(["door"])).cameras
    assert (camera.frame_age_s, camera.size_px) == (None, None)


WITH_READER = parse_site(
    """
[site]
id = "a"
name = "A"
[[cameras]]
id = "door"
source = "usb:0"
max_resolution_px = [320, 240]
[[readers]]
id = "rail"
host = "192.0.2.1"
antennas = [{ number = 1 }, { number = 2 }]
"""
)


def test_a_lost_reader_is_named_with_its_reason_and_read_rate():
    board = Wiring.of(WITH_READER).board
    for name in (capture_row("door"), "vision", "rfid", "core"):
        board.row(name).state = WorkerState.RUNNING
    board.row(capture_row("door")).set("camera_state", CameraState.STREAMING)
    row, rates = board.row(reader_row("rail")), Rates(["door"], ["rail"])
    for second in range(20):
        row.add("reads", 50)
        health = view_of(board, rates, now_s=100.0 + second, site=WITH_READER, tags={"rail": 7})
    (reader,) = health.readers
    assert (reader.state, reader.reads_per_s, reader.tags) == ("connecting", 50.0, 7)
    row.set("reader_state", CameraState.LOST)
    row.set("antennas", -1)
    row.note = "Nothing answers. Check its power."
    health = view_of(board, rates, now_s=130.0, site=WITH_READER)
    assert health.status == "degraded"
    assert health.reasons == ["reader rail is lost"]
    assert health.readers[0].detail == "Nothing answers. Check its power."
    assert health.readers[0].antennas is None


def test_a_site_without_readers_has_no_reader_process(tmp_path):
    wiring = Wiring.of(SITE)
    assert reader_workers(SITE, tmp_path, wiring) == []
    assert "rfid" not in wiring.board.names()
    (spec,) = reader_workers(WITH_READER, tmp_path, Wiring.of(WITH_READER))
    assert (spec.name, spec.essential) == ("rfid", False)


def test_what_is_switched_off_and_what_is_loaded_is_told():
    board = running_board()
    board.row("vision").set(MODELS, 1 << KINDS.index("detector"))
    privacy = view_of(board, Rates(["door"])).privacy
    assert (privacy.pack, privacy.models) == ("strict", ["detector"])
    assert "across-cameras" in privacy.off
