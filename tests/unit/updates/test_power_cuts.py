"""An update cut off before any of its changes to the disk leaves a version that starts.

The updater runs in a process of its own that dies, without any clean-up, just before its n-th
change: a file opened to be written, renamed, linked, removed. Then the machine starts anew.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from edge_core.errors import NewerLedgerError, UpdateReturnedError
from edge_core.ledger import Ledger
from edge_core.ledger.migrations import MIGRATIONS, Migration
from edge_core.types import Event, EventKind
from edge_core.updates import archive as archives
from edge_core.updates.layout import Layout
from edge_core.updates.ledger_return import LedgerKeeper
from edge_core.updates.probation import Health
from edge_core.updates.updater import Patience, Updater

EVERY = "PROMENADE_EVERY_CUT"
"""Environment variable: try every change, not each eleventh."""
NEWER = (*MIGRATIONS, Migration(99, "a table", lambda db: db.execute("CREATE TABLE later (x)")))
AT_ONCE = Patience(start_s=0.0, hold_s=0.0, every_s=0.0)
_CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.truncate",
}  # fmt: skip


def _event(number: int) -> Event:
    return Event(
        kind=EventKind.CROSSING, utc_ns=10**18 + number, mono_ns=number, camera_id="door",
        place_id="entrance", data={"direction": "in"}, key=f"crossing-{number}",
    )  # fmt: skip


class Programs:
    """What the installed versions do with the ledger when they run: 1.1.0 has a newer schema."""

    def __init__(self, layout: Layout, ledger: Path) -> None:
        self._layout, self._ledger, self._runs = layout, ledger, ""

    def start(self) -> None:
        version = self._layout.current()
        program = (self._layout.root / "current" / "promenade").read_text()
        assert program.endswith("body.encode())\n"), "half a program"
        with Ledger(self._ledger, migrations=NEWER if version == "1.1.0" else MIGRATIONS) as opened:
            opened.append([_event(100 if version == "1.1.0" else 1)])
        self._runs = version

    def stop(self) -> None:
        self._runs = ""

    def gave_up(self) -> str:
        return ""

    def health(self) -> Health | None:
        if not self._runs:
            return None
        told = (self._layout.path(self._runs) / "_internal" / "version").read_text().split("\n")
        status = "ok" if told[1] == "works" else "down"
        return Health(status=status, version=self._runs, uptime_s=1.0)


def _updater(folder: Path) -> tuple[Updater, Layout, Programs]:
    layout, ledger = Layout(folder / "opt"), folder / "ledger.db"
    programs = Programs(layout, ledger)
    keeper = LedgerKeeper(ledger, "UTC")
    return Updater(layout, programs, keeper, programs.health, AT_ONCE), layout, programs


def _update(folder: Path) -> None:
    updater, _, programs = _updater(folder)
    programs.start()
    updater.install(folder / "archive", "1.1.0", 10**9)
    updater.switch("1.1.0")


def _die_before_change(number: int, work, *arguments) -> bool:
    """Run in a process that ends before its n-th change of the disk; whether it ended so."""
    child = os.fork()
    if child == 0:
        left = number

        def count(event: str, told: tuple) -> None:
            nonlocal left
            writes = event == "open" and isinstance(told[2], int) and told[2] & (
                os.O_WRONLY | os.O_RDWR
            )  # fmt: skip
            if event in _CHANGES or writes:
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(count)
        code = 1
        try:
            work(*arguments)
            code = 0
        except UpdateReturnedError:
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


@pytest.fixture(scope="module", params=["works", "unhealthy"])
def before(request, stand_in, tmp_path_factory):
    """A store PC as it was when the update began."""
    folder = tmp_path_factory.mktemp("before")
    for version, way in (("1.0.0", "works"), ("1.1.0", request.param)):
        bundle = stand_in.make_bundle(folder / "built" / version, version, way)
        archives.pack(bundle, archives.manifest_of(bundle, version), folder / "archive")
        if version == "1.0.0":
            (folder / "opt" / "releases").mkdir(parents=True)
            (folder / "opt" / "updates").mkdir()
            out = folder / "opt" / "releases" / version
            archives.unpack(folder / "archive", out, version, 10**9, None)
    Layout(folder / "opt").switch("1.0.0")
    with Ledger(folder / "ledger.db") as ledger:
        ledger.append([_event(0)])
    shutil.rmtree(folder / "built")
    return folder, request.param


def _starts_anew(folder: Path) -> str:
    """The machine after the cut: `recover`, then the service; returns the version that runs."""
    updater, layout, programs = _updater(folder)
    updater.recover(at_boot=True)
    current = layout.current()
    archives.verify(layout.path(current))
    assert updater.state.phase == "idle"
    assert not list(layout.releases.glob(".unfinished*"))
    programs.start()
    assert programs.health().status == "ok"
    with Ledger(folder / "ledger.db", migrations=NEWER if current == "1.1.0" else MIGRATIONS) as it:
        reader = it.reader()
        keys = {event.event.key for event in reader.events_after(0, 100)}
        reader.close()
    assert {"crossing-0", "crossing-1"} <= keys  # what was acknowledged is there
    return current


def test_a_cut_before_any_change_leaves_a_version_that_starts(before, tmp_path):
    template, way = before
    step = 1 if os.environ.get(EVERY) else 11
    seen, number = set(), 0
    while True:
        folder = tmp_path / str(number)
        shutil.copytree(template, folder, symlinks=True)
        was_cut = _die_before_change(number, _update, folder)
        # The second cut falls into the recovery, the third start is left alone.
        again = number % 11
        _die_before_change(again, lambda at=folder: _updater(at)[0].recover(at_boot=True))
        seen.add(_starts_anew(folder))
        shutil.rmtree(folder)
        if not was_cut:
            break
        number += step
    sys.stdout.write(f"{number} changes where the version {way}\n")
    assert seen == ({"1.0.0", "1.1.0"} if way == "works" else {"1.0.0"})
    assert number > 40


def test_a_version_whose_trial_is_cut_off_twice_is_not_tried_again(before, tmp_path):
    shutil.copytree(before[0], tmp_path / "pc", symlinks=True)
    updater, layout, _ = _updater(tmp_path / "pc")
    updater.install(tmp_path / "pc" / "archive", "1.1.0", 10**9)
    for _ in range(2):
        updater._keep(phase="probation", left="1.0.0", taken="1.1.0", left_schema=0)
        layout.switch("1.1.0")
        assert "cut off" in updater.recover(at_boot=True)
        assert layout.current() == "1.0.0"
    assert "2 times" in updater.state.bad["1.1.0"]


def test_an_older_program_would_not_open_the_ledger_of_the_newer(before, tmp_path):
    shutil.copy(before[0] / "ledger.db", tmp_path / "ledger.db")
    Ledger(tmp_path / "ledger.db", migrations=NEWER).close()
    with pytest.raises(NewerLedgerError):
        Ledger(tmp_path / "ledger.db")
