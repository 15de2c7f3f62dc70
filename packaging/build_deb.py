#!/usr/bin/env python3
"""Packs a built bundle as a Debian package.

    pyinstaller packaging/promenade.spec
    python3 packaging/build_deb.py --bundle dist/promenade --out dist

Needs dpkg-dev and binutils, and runs on the Debian release that the package is for: what the
bundle's libraries are linked with becomes exact dependencies. The same bundle and
SOURCE_DATE_EPOCH (else the last commit's time) give the same bytes.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
sys.path.insert(0, str(HERE))

import bundle  # noqa: E402

MAINTAINER: Final = "Promenade <maintainers@promenade.invalid>"
CONFFILES: Final = {
    "promenade-screens.default": "etc/default/promenade-screens",
    "promenade-hub.default": "etc/default/promenade-hub",
    "promenade-screen.pam": "etc/pam.d/promenade-screen",
}
SCRIPTS: Final = ("postinst", "prerm", "postrm")
DOCUMENTS: Final = ("installation.md", "windows.md", "third-party.md")
OTHER_DEPENDS: Final = ("adduser", "init-system-helpers (>= 1.54~)", "fontconfig-config")
RECOMMENDS: Final = (
    "cage",
    "xwayland",
    "libpam-systemd",
    "libgl1-mesa-dri",
    "systemd",
    "ca-certificates",
)
_STRIPPED_ELSEWHERE: Final = re.compile(r"[.]libs/|/PySide6/|/cv2/|/onnxruntime/|/shapely/")
"""Libraries that wheels have moved symbols about in; stripping again breaks some."""
CONTROL: Final = """\
Package: promenade
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size_kib}
Depends: {depends}
Recommends: {recommends}
Section: misc
Priority: optional
Description: live, anonymous knowledge of how people use a shop or a mall
 Turns cameras and RFID readers that are there already into counts, ways and
 stays, and shows them on a kiosk, a smart mirror and the operator's pages.
 Pictures never leave the memory of the process that looks at them.
 .
 Holds the edge service of a store PC, both screens, and the hub of a chain.
"""


def main(arguments: list[str]) -> int:
    """Build the package and print its path; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bundle", type=Path, default=ROOT / "dist" / "promenade")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--version", default=source_version(), help="[%(default)s]")
    parser.add_argument("--compression", default="xz", choices=("xz", "zstd", "none"))
    given = parser.parse_args(arguments)
    if not (given.bundle / "promenade").is_file():
        print(f"{given.bundle} is no bundle; build it first, see --help.", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="promenade-deb-") as folder:
        tree = Path(folder) / "tree"
        stage(given.bundle, tree, given.version)
        print(pack(tree, given.out, given.version, given.compression))
    return 0


def source_version() -> str:
    """The version that the source tree says."""
    text = (ROOT / "edge_core" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    if found is None:
        raise ValueError("edge_core/__init__.py names no version")
    return found[1]


def stage(built: Path, tree: Path, version: str) -> None:
    """Lay out everything as it will lie on a machine."""
    release = tree / "opt" / "promenade" / "releases" / version
    shutil.copytree(built, release, symlinks=True)
    strip(release)
    for program in bundle.PROGRAMS:
        link = tree / "usr" / "bin" / program.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/opt/promenade/current/{program.name}")
    for unit in units():
        copy(unit, tree / "lib" / "systemd" / "system" / unit.name)
    for source, place in CONFFILES.items():
        copy(HERE / "debian" / source, tree / place)
    documents = tree / "usr" / "share" / "doc" / "promenade"
    for name in DOCUMENTS:
        copy(HERE / "docs" / name, documents / name)
    for guide in sorted((ROOT / "assets" / "docs").glob("*.md")):
        copy(guide, documents / guide.name)
    copy(ROOT / "LICENSE", documents / "copyright")
    log = (ROOT / "CHANGELOG.md").read_bytes()
    (documents / "changelog.gz").write_bytes(gzip.compress(log, 9, mtime=0))


def units() -> list[Path]:
    """Everything that systemd is to know."""
    folders = (HERE / "systemd", HERE / "updates")
    return sorted(
        it for folder in folders for it in folder.iterdir() if it.suffix in (".service", ".timer")
    )


def copy(source: Path, target: Path) -> None:
    """Copy a file with the folders it goes into."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def elf_files(folder: Path) -> Iterator[Path]:
    """Programs and libraries in a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def strip(release: Path) -> None:
    """Take symbols out of libraries that came with them; PyInstaller's programs stay as they are.

    What PyInstaller appends to its programs would be lost.
    """
    for path in elf_files(release / bundle.CONTENTS):
        if not _STRIPPED_ELSEWHERE.search(path.as_posix()):
            subprocess.run(["strip", "--strip-unneeded", path], check=True)


def pack(tree: Path, out: Path, version: str, compression: str) -> Path:
    """Write the control files and build the package.

    Args:
        tree: as `stage` left it.
        out: folder of the package.
        version: of the package.
        compression: of its data.
    """
    architecture = told_by("dpkg", "--print-architecture")
    control = tree / "DEBIAN"
    control.mkdir()
    size = sum(path.lstat().st_size for path in tree.rglob("*"))
    text = CONTROL.format(
        version=version,
        architecture=architecture,
        maintainer=MAINTAINER,
        size_kib=-(-size // 1024),
        depends=", ".join(sorted({*shared_library_packages(tree), *OTHER_DEPENDS})),
        recommends=", ".join(RECOMMENDS),
    )
    (control / "control").write_text(text, encoding="utf-8")
    (control / "conffiles").write_text("".join(f"/{it}\n" for it in CONFFILES.values()))
    for name in SCRIPTS:
        script = (HERE / "debian" / name).read_text(encoding="utf-8")
        (control / name).write_text(script.replace("@VERSION@", version), encoding="utf-8")
    settle(tree)
    path = out / f"promenade_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", f"-Z{compression}", "--build", tree, path]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(commit_time())}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return path


def shared_library_packages(tree: Path) -> set[str]:
    """Debian packages, with versions, of the libraries that the bundle is linked with."""
    files = list(elf_files(tree))
    own = sorted({path.parent for path in files if ".so" in path.name})
    with tempfile.TemporaryDirectory() as folder:
        debian = Path(folder) / "debian"
        debian.mkdir()
        (debian / "control").write_text(
            "Source: promenade\n\nPackage: promenade\nArchitecture: any\n"
        )
        command = ["dpkg-shlibdeps", "-O", "--warnings=0", "--ignore-missing-info"]
        command += [f"-l{path}" for path in own] + [f"-e{path}" for path in files]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(f"dpkg-shlibdeps failed: {told.stderr}")
    line = next(it for it in told.stdout.splitlines() if it.startswith("shlibs:Depends="))
    return {it.strip() for it in line.removeprefix("shlibs:Depends=").split(",")}


def settle(tree: Path) -> None:
    """Give everything the same modes and times on every machine."""
    moment = commit_time()
    for path in [tree, *sorted(tree.rglob("*"))]:
        if not path.is_symlink():
            program = path.parent.name == "DEBIAN" and path.name in SCRIPTS
            run = path.is_dir() or program or path.parent.parent.name == "releases"
            path.chmod(0o755 if run else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def commit_time() -> int:
    """Seconds since 1970 that files are dated with."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or told_by("git", "-C", str(ROOT), "log", "-1", "--format=%ct"))


def told_by(*command: str) -> str:
    """What a program prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
