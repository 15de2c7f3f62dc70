import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edge_core.hub.own_ca import own_certificate

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def load(path: Path) -> Any:
    """A module of this folder; tests are no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def faulty_network():
    """Makes a `FaultyNetwork`, closed at the end."""
    made = []

    def make(*args: Any) -> Any:
        made.append(load(HERE / "faults.py").FaultyNetwork(*args))
        return made[-1]

    yield make
    for network in made:
        network.close()


class HubProcess:
    """A real hub over TLS, in a process of its own.

    Args:
        folder: its folder; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.certificate, self.key = own_certificate(folder, ["127.0.0.1"], datetime.now(UTC))
        self.ca = folder / "ca.pem"
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self, *, wait: bool = True) -> None:
        """Start it; by default, wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "edge_core", "hub"),
                *("--folder", str(self.folder), "--port", str(self.port)),
                *("--certificate", str(self.certificate), "--key", str(self.key)),
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Until it answers."""
        assert self._process is not None
        assert self._process.stderr is not None
        told = []
        for line in self._process.stderr:
            told.append(line)
            if "startup complete" in line:
                return
        raise AssertionError("".join(told))

    def kill(self) -> None:
        """As a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As a person does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(30)
        assert self._process.stderr is not None
        self._process.stderr.close()
        self._process = None


@pytest.fixture(scope="module")
def hub_processes() -> Iterator[Any]:
    """Makes hubs in folders, ended at the end."""
    made: list[HubProcess] = []

    def make(folder: Path) -> HubProcess:
        made.append(HubProcess(folder))
        return made[-1]

    yield make
    for hub in made:
        hub.kill()


@pytest.fixture
def hub(hub_processes: Any, tmp_path: Path) -> HubProcess:
    """One that answers."""
    process: HubProcess = hub_processes(tmp_path / "hub")
    process.start()
    return process


@pytest.fixture(scope="module")
def browsers() -> Iterator[Any]:
    """Makes Chromium windows, closed at the end; they take the test authority's word."""
    module = load(HERE.parent / "dashboard" / "browser.py")
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    module.FLAGS = (*module.FLAGS, "--ignore-certificate-errors")
    made: list[Any] = []

    def make(*args: Any, **more: Any) -> Any:
        made.append(module.Browser(*args, **more))
        return made[-1]

    yield make
    for browser in made:
        browser.close()


def _postgres(program: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return shutil.which(program) or (str(found[-1]) if found else None)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of the test's own on loopback, empty."""
    initdb, pg_ctl = _postgres("initdb"), _postgres("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("NO POSTGRESQL HERE: half of the hub's database tests did not run; "
                    "`apt-get install postgresql`")  # fmt: skip
    folder = Path(tempfile.mkdtemp(prefix="promenade-pg-"))
    who: list[str] = []
    if os.geteuid() == 0:  # the server refuses to be run by root
        shutil.chown(folder, "postgres")
        who = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*who, initdb, "-D", data, "-A", "trust", "-U", "hub", "--no-sync"], **quiet)
    options = f"-F -p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control = [*who, pg_ctl, "-D", str(data), "-w"]
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], **quiet)
    yield f"postgresql://hub@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    url = request.getfixturevalue("postgresql_url")
    yield url
    from sqlalchemy import create_engine

    from edge_core.hub.tables import metadata

    engine = create_engine(url.replace("postgresql://", "postgresql+pg8000://"))
    metadata.drop_all(engine)
    engine.dispose()
