"""What an installed Promenade is made of: its programs, its files, and what stays out.

`promenade.spec` builds by it. Places are as in the bundle, with forward slashes, on Linux and on
Windows; nothing here needs PyInstaller.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath
from typing import Final

CONTENTS: Final = "lib"
"""Folder beside the executables that holds what they share."""


@dataclass(frozen=True, slots=True)
class Program:
    """One executable of the bundle.

    Attributes:
        name: of the executable, without `.exe`.
        script: its start, in `packaging/programs`.
        windowed: on Windows, whether it opens no console.
    """

    name: str
    script: str
    windowed: bool = False


PROGRAMS: Final = (
    Program("promenade", "start_promenade.py"),
    Program("promenade-hub", "start_hub.py"),
    Program("promenade-kiosk", "start_kiosk.py", windowed=True),
    Program("promenade-mirror", "start_mirror.py", windowed=True),
)

HIDDEN_IMPORTS: Final = (
    # uvicorn names these in settings, SQLAlchemy its databases in addresses.
    *("uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"),
    *("uvicorn.lifespan.on", "uvicorn.lifespan.off", "uvicorn.logging"),
    *("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.pg8000"),
)
DATA_PACKAGES: Final = ("nicegui", "tzdata", "pypinyin", "epcpy", "reportlab")
"""Packages whose files that are no modules are needed."""
WHOLE_PACKAGES: Final = ("nicegui",)
"""Packages that import their modules by name."""

NEVER_MODULES: Final = ("torch", "openvino", "onnx", "pytest")
"""What an untrimmed bundle has not either: nothing that is no dependency of the product."""

LEFT_OUT_MODULES: Final = (
    # Absent from a clean environment, named so that a developer's builds the same.
    *NEVER_MODULES,
    *("sympy", "matplotlib", "IPython", "pandas", "plotly"),
    *("_pytest", "hypothesis", "mypy", "sllurp", "setuptools", "pip", "pkg_resources"),
    "readline",  # would link a library under the GPL
    *("tkinter", "turtledemo", "idlelib", "lib2to3", "pydoc_data", "webview", "watchfiles"),
    *("edge_core.training", "edge_core.bench", "edge_core.qt.trial", "PySide6.QtTest"),
    *("PySide6.QtWidgets", "PySide6.QtQuickWidgets", "PySide6.QtOpenGLWidgets"),
    *("PySide6.QtSql", "PySide6.QtPrintSupport", "PySide6.QtDesigner", "PySide6.QtHelp"),
    *("onnxruntime.tools", "onnxruntime.transformers", "onnxruntime.quantization"),
    *("scipy.datasets", "scipy.misc"),
    *("nicegui.testing", "nicegui.scripts"),
    *("PIL.ImageQt", "PIL.ImageTk", "PIL.AvifImagePlugin", "rich.diagnose"),
)

OWN_FILES: Final = (
    "assets/**/*",
    "edge_core/**/*",
    "kiosk/**/*",
    "mirror/**/*",
    "LICENSE",
)
_NOT_SHIPPED: Final = re.compile(
    r"(^|/)(__pycache__|training|bench)/|\.pyc?$|^assets/(readme|docs)/|^assets/i18n/.*\.ts$|README\.md$"
)

QT_PLUGINS: Final = frozenset(
    # As lib…, or ….dll: screens open by X11, Wayland or into memory, and draw SVG and WebP.
    "platforms/qxcb platforms/qwayland platforms/qoffscreen platforms/qwindows"
    " imageformats/qsvg imageformats/qwebp imageformats/qjpeg"
    " xcbglintegrations/qxcb-egl-integration xcbglintegrations/qxcb-glx-integration"
    " wayland-shell-integration/xdg-shell wayland-graphics-integration-client/qt-plugin-wayland-egl"
    " platforminputcontexts/composeplatforminputcontextplugin"
    " generic/qevdevtouchplugin".split()
)
QML_MODULES: Final = (
    "QtQml",
    "QtQml/Base",
    "QtQml/Models",
    "QtQml/WorkerScript",
    "QtQuick",
    "QtQuick/Controls",
    "QtQuick/Controls/Basic",
    "QtQuick/Controls/Basic/impl",
    "QtQuick/Controls/impl",
    "QtQuick/Layouts",
    "QtQuick/Templates",
    "QtQuick/Window",
)
"""What the screens import and what that imports; other styles of controls stay out."""

_UNWANTED_WEB: Final = (
    # Elements of NiceGUI that no page has: 3D scenes, diagrams, editors, maps …
    *("aggrid", "altair", "anywidget", "codemirror", "joystick", "json_editor", "leaflet"),
    *("mermaid", "plotly", "scene", "xterm"),
)
_LICENCE: Final = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|ThirdParty)", re.IGNORECASE)
_CUDA: Final = re.compile(r"onnxruntime_providers_(cuda|tensorrt)")


def own_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Files of the source tree that an installation needs beside its modules.

    Args:
        root: the source tree.

    Yields:
        The file and the folder of the bundle it goes into.
    """
    for pattern in OWN_FILES:
        for path in sorted(root.glob(pattern)):
            place = path.relative_to(root).as_posix()
            if path.is_file() and not _NOT_SHIPPED.search(place):
                yield path, PurePosixPath(place).parent.as_posix()


def licence_files() -> Iterator[tuple[str, str]]:
    """Licence texts of Python and the libraries, and the folder of the bundle each goes into."""
    own = Path(os.__file__).with_name("LICENSE.txt")
    if own.is_file():
        yield str(own), "licences/Python"
    for distribution in sorted(distributions(), key=lambda it: it.name.lower()):
        for file in distribution.files or ():
            if _LICENCE.match(file.name) and not file.name.endswith((".py", ".pyc")):
                found = Path(str(distribution.locate_file(file)))
                if found.is_file():
                    yield str(found), f"licences/{distribution.name}"


def is_kept(place: str, *, cuda: bool) -> bool:
    """Whether a file that was found belongs into a trimmed bundle.

    Args:
        place: in the bundle's folder of contents.
        cuda: whether the provider for NVIDIA GPUs is wanted.
    """
    place = place.replace("\\", "/")
    if _CUDA.search(place):
        return cuda
    if place.startswith("nicegui/"):
        return _is_wanted_web(place)
    if re.search(r"(^|/)tests?/|\.(pyi|pxd|h|hpp|c|a|lib|map|md)$", place):
        return place.startswith(("assets/", "licences/"))
    if re.match(r"PySide6/(Qt/)?(translations|resources|metatypes)/", place):
        return False
    if found := re.match(r"PySide6/(?:Qt/)?plugins/(.+)", place):
        return _plugin(found[1]) in QT_PLUGINS
    if found := re.match(r"PySide6/(?:Qt/)?qml/(.+)", place):
        module = PurePosixPath(found[1]).parent.as_posix()
        return module in QML_MODULES and not place.endswith((".qmltypes", ".metainfo"))
    return not (place.startswith("numpy/") and "/_core/lib/" in place)


def _plugin(place: str) -> str:
    """`platforms/libqxcb.so` and `platforms/qxcb.dll` as `platforms/qxcb`."""
    kind, _, file = place.rpartition("/")
    return f"{kind}/{re.sub(r'[.](so|dll)$', '', file.removeprefix('lib'))}"


def _is_wanted_web(place: str) -> bool:
    parts = place.split("/")
    if parts[1:2] == ["elements"] and len(parts) > 3 and parts[2] in _UNWANTED_WEB:
        return place.endswith((".py", ".pyc"))
    return not place.endswith((".map", ".md", ".d.ts", "/LICENSE"))


def file_name(place: str) -> str:
    """The last part of a path of either system."""
    return re.split(r"[\\/]", place)[-1]


def is_qt_library(place: str) -> bool:
    """Whether a file is one of the libraries that come with PySide6, not a plugin or module."""
    file = place.replace("\\", "/")
    return bool(
        re.fullmatch(r"PySide6/Qt/lib/[^/]+", file)
        or re.fullmatch(
            r"PySide6/(Qt6|pyside6|avcodec|avformat|avutil|sw|opengl32)[^/]*[.]dll", file
        )
    )


def reachable(
    libraries: Mapping[str, str], roots: Iterable[str], needs: Callable[[str], Iterable[str]]
) -> set[str]:
    """Libraries that something kept needs, directly or through another.

    Args:
        libraries: path of each by its file name.
        roots: paths of what is kept anyhow.
        needs: names of the libraries that a file is linked with.

    Returns:
        File names.
    """
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        for name in needs(waiting.pop()):
            if name in libraries and name not in found:
                found.add(name)
                waiting.append(libraries[name])
    return found


def is_of_the_system(source: str) -> bool:
    """Whether a library belongs to the Linux distribution, whose package is depended on instead."""
    return bool(re.match(r"(/usr)?/lib(32|64)?/", source))
