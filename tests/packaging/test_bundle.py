"""What an installed Promenade has in it, under the file names of Linux and of Windows."""

import sys
import types
from pathlib import Path

import pytest

from edge_core.programs import INSTALLED, command_of

KEPT = [
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforms/libqwayland.so",
    "PySide6\\plugins\\platforms\\qwindows.dll",
    "PySide6\\plugins\\imageformats\\qsvg.dll",
    "PySide6/Qt/qml/QtQuick/Controls/Basic/Button.qml",
    "PySide6\\qml\\QtQuick\\Layouts\\qmldir",
    "nicegui/static/quasar.umd.prod.js",
    "nicegui/elements/echart/dist/index.js",
    "nicegui/elements/aggrid/__init__.pyc",
    "numpy/testing/__init__.pyc",
    "assets/models/person-s.md",
    "tzdata/zoneinfo/Europe/Berlin",
    "onnxruntime/capi/libonnxruntime_providers_shared.so",
]
LEFT_OUT = [
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
    "PySide6\\plugins\\sqldrivers\\qsqlodbc.dll",
    "PySide6/Qt/plugins/qmltooling/libqmldbg_tcp.so",
    "PySide6/Qt/qml/QtQuick/Controls/Material/Button.qml",
    "PySide6\\qml\\QtQuick\\VirtualKeyboard\\qmldir",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6\\translations\\qtbase_de.qm",
    "nicegui/elements/mermaid/dist/index.js",
    "scipy/optimize/tests/test_minimize.py",
    "numpy/_core/include/numpy/arrayobject.h",
]


def test_what_screens_and_service_need_stays(bundle):
    assert [it for it in KEPT if not bundle.is_kept(it, cuda=False)] == []


def test_what_nothing_uses_stays_out(bundle):
    assert [it for it in LEFT_OUT if bundle.is_kept(it, cuda=False)] == []


@pytest.mark.parametrize(
    "place",
    ["onnxruntime/capi/libonnxruntime_providers_cuda.so",
     "onnxruntime\\capi\\onnxruntime_providers_cuda.dll"],
)  # fmt: skip
def test_the_gpu_provider_comes_along_only_when_asked_for(bundle, place):
    assert bundle.is_kept(place, cuda=True)
    assert not bundle.is_kept(place, cuda=False)


def test_qts_libraries_stay_if_something_kept_needs_them(bundle):
    links = {
        "quick.so": ["libQt6Quick.so.6", "libc.so.6"],
        "/qt/libQt6Quick.so.6": ["libQt6Qml.so.6"],
        "/qt/libQt6Qml.so.6": ["libQt6Core.so.6"],
        "/qt/libQt6Core.so.6": [],
    }
    names = ("libQt6Quick.so.6", "libQt6Qml.so.6", "libQt6Core.so.6", "libQt6Designer.so.6")
    libraries = {name: f"/qt/{name}" for name in names}
    found = bundle.reachable(libraries, ["quick.so"], links.__getitem__)
    assert found == set(names) - {"libQt6Designer.so.6"}


def test_every_file_that_the_programs_open_is_shipped(bundle, packaging):
    places = {f"{folder}/{path.name}" for path, folder in bundle.own_files(packaging.parent)}
    wanted = {
        "assets/models/manifest.sig", "assets/models/person-s-int8.onnx",
        "assets/i18n/promenade_zh.qm", "assets/privacy/eu.toml", "assets/malls/shop/scene.toml",
        "edge_core/qt/qml/Promenade/qmldir", "kiosk/Kiosk/Main.qml", "mirror/Mirror/Main.qml",
        "edge_core/service/till.html",
    }  # fmt: skip
    assert wanted <= places
    unwanted = [it for it in places if it.endswith((".py", ".pyc", ".ts")) or "/readme/" in it]
    assert unwanted == []


def test_a_program_starts_another_by_the_name_it_has_in_the_bundle(bundle):
    assert set(INSTALLED.values()) <= {program.name for program in bundle.PROGRAMS}


@pytest.mark.parametrize(
    ("own", "kiosk"),
    [("promenade", "promenade-kiosk"), ("promenade.exe", "promenade-kiosk.exe")],
)
def test_an_installed_program_starts_those_beside_it(monkeypatch, tmp_path, own, kiosk):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / own))
    assert command_of("kiosk") == [str(tmp_path / kiosk)]


def test_in_the_source_tree_modules_are_started():
    assert command_of("mirror") == [sys.executable, "-m", "mirror"]


class Analysis:
    """What PyInstaller would find on Windows, in short."""

    def __init__(self, scripts, **_):
        self.scripts = [("rthook", "", "PYSOURCE")]
        self.scripts += [(Path(it).stem, it, "PYSOURCE") for it in scripts]
        found = [it for it in (*KEPT, *LEFT_OUT) if "\\" in it]
        libraries = ("PySide6\\Qt6Core.dll", "PySide6\\Qt6Quick.dll", "PySide6\\Qt6Sql.dll")
        self.binaries = [(it, f"C:\\site-packages\\{it}", "BINARY") for it in (*found, *libraries)]
        self.datas, self.pure = [], []


@pytest.fixture(scope="module")
def built(packaging):
    with pytest.MonkeyPatch.context() as patch:
        return evaluated(patch, packaging)


def evaluated(monkeypatch, packaging):
    """Executables and collected files of the recipe, evaluated as on Windows."""
    executables, collected = [], []
    bindepend, hooks = types.ModuleType("bindepend"), types.ModuleType("hooks")
    links = {"qwindows.dll": ["Qt6Core.dll", "KERNEL32.dll"]}
    bindepend.get_imports = lambda path: [(it, None) for it in links.get(path.split("\\")[-1], ())]
    for name in ("collect_data_files", "collect_submodules", "copy_metadata"):
        setattr(hooks, name, lambda *_: [])
    for name in ("PyInstaller", "PyInstaller.depend", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.depend.bindepend", bindepend)
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "argv", ["pyinstaller"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    names = {
        "SPECPATH": str(packaging),
        "Analysis": Analysis,
        "PYZ": lambda pure: pure,
        "EXE": lambda *given, **more: executables.append((given, more)),
        "COLLECT": lambda *tables, **_: collected.extend(
            it for table in tables if table for it in table
        ),
    }
    exec(compile((packaging / "promenade.spec").read_text(), "promenade.spec", "exec"), names)
    return executables, {it[0] for it in collected}


def test_on_windows_screens_open_no_console(built):
    executables, _ = built
    consoles = {more["name"]: more["console"] for _, more in executables}
    assert consoles == {
        "promenade": True,
        "promenade-hub": True,
        "promenade-kiosk": False,
        "promenade-mirror": False,
    }


def test_each_program_has_its_own_start_alone(built):
    executables, _ = built
    for (_, scripts), more in executables:
        name = more["name"].removeprefix("promenade-")
        assert [it[0] for it in scripts] == ["rthook", f"start_{name}"]


def test_on_windows_unneeded_files_and_libraries_stay_out(built):
    _, collected = built
    assert collected >= {"PySide6\\plugins\\platforms\\qwindows.dll", "PySide6\\Qt6Core.dll"}
    assert not collected & {*LEFT_OUT, "PySide6\\Qt6Sql.dll", "PySide6\\Qt6Quick.dll"}
