"""Shared memory on real file systems: nothing is left behind, and a full one is said plainly."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's shared memory")

SERVICE = Path(__file__).with_name("small_service.py")


def private_tmpfs(size: str) -> list[str]:
    """Command line that runs another one with a tiny shared-memory file system of its own."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-rm"]
    probe = [*unshare, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/dev/shm"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("neither root nor user namespaces may mount a file system here")
    mount = f'mount -t tmpfs -o size={size} tmpfs /dev/shm && exec "$@"'
    return [*unshare, "sh", "-c", mount, "sh"]


@pytest.fixture
def memory_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the test's own in the shared-memory file system."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        monkeypatch.setenv("PROMENADE_SHM_DIR", folder)
        yield Path(folder)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of a test; whichever still run at its end are killed."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def holds_anything(process: psutil.Process) -> bool:
    """Whether a process lives; one not yet collected by init holds nothing any more."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_killing_the_parent_leaves_no_child_and_no_shared_memory(
    make_clip, until, started, memory_folder: Path
) -> None:
    command = [sys.executable, str(SERVICE), str(make_clip())]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    started.append(parent)
    assert parent.stdout is not None
    pids = json.loads(parent.stdout.readline())["pids"]
    family = psutil.Process(parent.pid).children(recursive=True)
    assert {child.pid for child in family} >= set(pids)
    assert list(memory_folder.iterdir()) == []
    parent.kill()
    parent.wait()
    until(lambda: not any(map(holds_anything, family)), within_s=5)
    assert list(memory_folder.iterdir()) == []


@pytest.mark.parametrize("to_all", [False, True], ids=["SIGTERM", "Ctrl-C"])
def test_a_service_told_to_end_ends_its_children_in_order_and_cleanly(
    make_clip, started, to_all: bool
) -> None:
    command = [sys.executable, str(SERVICE), str(make_clip())]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    started.append(parent)
    assert parent.stdout is not None
    pids = json.loads(parent.stdout.readline())["pids"]
    if to_all:  # a terminal sends Ctrl-C to every process in it
        os.killpg(parent.pid, signal.SIGINT)
    else:
        parent.terminate()
    assert parent.wait(15) == 0
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_killing_everything_at_once_leaves_no_shared_memory(
    make_clip, started, memory_folder: Path
) -> None:
    command = [sys.executable, str(SERVICE), str(make_clip())]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    started.append(parent)
    assert parent.stdout is not None
    parent.stdout.readline()
    for process in [*psutil.Process(parent.pid).children(recursive=True), parent]:
        process.kill()
    parent.wait()
    assert list(memory_folder.iterdir()) == []


def test_a_full_shared_memory_file_system_is_said_at_start_with_a_remedy(make_clip) -> None:
    command = [*private_tmpfs("1m"), sys.executable, str(SERVICE), str(make_clip())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 75, done.stderr
    said = json.loads(done.stdout)
    assert said["error"] == "SharedMemoryFullError"
    assert "frame ring of camera door needs 3.7 MB and 1.0 MB are free" in said["text"]
    assert "remount" in said["text"]


def test_memory_once_reserved_is_safe_from_whoever_fills_the_file_system_later(tmp_path) -> None:
    program = """
import errno, os, numpy as np
from edge_core.runtime.ring import FrameRing, FrameStamps
ring = FrameRing("door", (640, 480))
hog = os.open("/dev/shm/hog", os.O_CREAT | os.O_WRONLY)
try:
    while True:
        os.write(hog, bytes(4096))
except OSError as error:
    assert error.errno == errno.ENOSPC
writer = ring.writer()
for number in range(8):
    writer.write(np.full((480, 640, 3), number, np.uint8), FrameStamps(0, 0, 0))
print("written", ring.counters().published)
"""
    command = [*private_tmpfs("5m"), sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == "written 8\n", done.stderr
