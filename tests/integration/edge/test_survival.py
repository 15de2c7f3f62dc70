"""The service as a whole survives what shops do to it. Real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from service import until

pytestmark = pytest.mark.timeout(180)


def still_running(processes, seconds):
    """Those that have not ended; one that only waits to be reaped has."""
    _, left = psutil.wait_procs(processes, timeout=seconds)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def test_any_killed_child_is_back_soon(service):
    edge = service().start().watching()
    camera = edge.health().cameras[0].id
    for name in (f"capture:{camera}", "vision", "core"):
        old = edge.kill(name)

        def works_again(name=name, old=old):
            worker = edge.worker(name)
            health = edge.health()
            return (
                worker is not None
                and worker.pid != old
                and worker.state == "running"
                and health.cameras[0].frame_age_s is not None
                and health.cameras[0].frame_age_s < 1
            )

        until(works_again, 15, f"{name} works again")
        assert edge.worker(name).restarts == 1
        assert "SIGKILL" in edge.worker(name).last_reason
        edge.watching()
    assert edge.stop() == 0
    assert edge.ledger_is_sound()


def test_nothing_is_left_when_the_supervisor_is_killed(service):
    edge = service().start().watching()
    children = edge.children()
    assert len(children) >= 4
    edge.kill_all()
    assert not still_running(children, 5)
    assert not list(Path("/dev/shm").glob("promenade*"))
    with socket.socket() as probe:  # the port is free again
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(edge.url.rsplit(":", 1)[1])))
    assert edge.ledger_is_sound()


def test_a_bad_camera_never_stops_the_others(service, recording, tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("this is no video")
    ids = [path.stem for path in sorted(recording.glob("*.mp4"))]
    edge = service(**{ids[0]: {"source": str(text)}}).start().watching()
    cameras = {it.id: it for it in edge.health().cameras}
    assert cameras[ids[0]].state == "refused"
    assert "no video" in cameras[ids[0]].detail
    assert edge.health().status == "degraded"
    assert all(cameras[it].state == "streaming" for it in ids[1:])


def test_full_shared_memory_is_told_before_anything_starts(service, tmp_path):
    tiny = tmp_path / "shm"
    tiny.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tiny], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        edge = service(environment={"PROMENADE_SHM_DIR": str(tiny)}).start()
        assert edge.process.wait(20) == 3
    finally:
        subprocess.run(["umount", tiny], check=True)
    log = edge.log.read_text()
    assert "too full" in log
    assert "Traceback" not in log
    assert not edge.site.with_name("promenade.db").exists()


def test_a_wrong_site_file_starts_nothing(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[site]\nid='a'\nname='A'\n[[cameras]]\nid='c'\nsource='usb:0'\nfps='fast'\n")
    command = [sys.executable, "-m", "edge_core", "edge", "--site", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "line 7: cameras[0].fps" in done.stderr
    assert list(tmp_path.iterdir()) == [site]


def test_a_taken_port_is_told_with_its_remedy(service):
    edge = service()
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(edge.url.rsplit(":", 1)[1])))
        other.listen()
        edge.start()
        assert edge.process.wait(20) == 3
    assert "set another port" in " ".join(edge.log.read_text().split())


def test_ctrl_c_ends_everything_in_order(service):
    edge = service().start().watching()
    children = edge.children()
    os.kill(edge.process.pid, signal.SIGINT)
    assert edge.process.wait(20) == 0
    assert not still_running(children, 1)
