"""Releases as archives: packed by who makes them, unpacked with suspicion by who installs them.

An archive is a compressed tar whose first member, `manifest.json`, tells every file of the release
with its SHA-256; a patch holds only the files that its base has not, the others are taken from
there. No member may be anything but a plain file that the manifest names: links are told by the
manifest and made last.
"""

import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge_core.errors import UpdateError, UpdateRefusedError
from edge_core.ledger.redo import sync_folder

MANIFEST: Final = "manifest.json"
KEPT_MANIFEST: Final = ".promenade-release.json"
"""In an unpacked release: says what belongs there, and that the updater brought it."""
MOST_MANIFEST_BYTES: Final = 16_000_000
MOST_FILES: Final = 50_000
_CHUNK_BYTES: Final = 1 << 20
_PRESET: Final = 2
"""Of xz: three times as fast as the usual 6 on a bundle, for some percent more."""
_BROKEN: Final = "Tell who publishes it; nothing was installed."


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    plain = parts and not path.startswith("/") and "/".join(parts) == path
    if not plain or ".." in parts or "\\" in path or any(ord(it) < 32 for it in path):
        raise ValueError("a path must stay within the release")
    if path == KEPT_MANIFEST:
        raise ValueError("this name is the updater's own")
    return path


InsidePath = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_inside)]


class FileEntry(BaseModel):
    """One file of a release."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0, le=2**40)
    runs: bool = Field(default=False, description="may be executed")


class Manifest(BaseModel):
    """All files and links of a release."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    files: dict[InsidePath, FileEntry] = Field(max_length=MOST_FILES)
    links: dict[InsidePath, str] = Field(default={}, max_length=MOST_FILES)

    @model_validator(mode="after")
    def _links_stay_inside(self) -> Self:
        for path, target in self.links.items():
            leads_to = os.path.normpath((PurePosixPath(path).parent / target).as_posix())
            _inside(leads_to)
            if target.startswith("/") or leads_to not in self._places():
                raise ValueError(f"the link {path} leads to nothing of the release")
        for path in (*self.files, *self.links):
            above = {it.as_posix() for it in PurePosixPath(path).parents}
            if above & (self.files.keys() | self.links.keys()):
                raise ValueError(f"{path} lies below what is no folder")
        if self.files.keys() & self.links.keys():
            raise ValueError("a file and a link have the same name")
        return self

    def _places(self) -> set[str]:
        folders = {it.as_posix() for file in self.files for it in PurePosixPath(file).parents}
        return (folders | self.files.keys() | self.links.keys()) - {"."}

    @property
    def total_bytes(self) -> int:
        """Of all files."""
        return sum(entry.size for entry in self.files.values())

    @classmethod
    def parse(cls, text: bytes) -> "Manifest":
        """Read one. Raises UpdateRefusedError for nonsense."""
        try:
            return cls.model_validate_json(text)
        except (ValidationError, RecursionError) as error:
            told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "too deep"
            raise UpdateRefusedError(f"The archive's manifest is wrong: {told}.", _BROKEN) from None


def manifest_of(folder: Path, version: str) -> Manifest:
    """Read a built bundle.

    Raises:
        UpdateError: it holds something a release may not have.
    """
    files, links = {}, {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            links[name] = str(path.readlink())
        elif path.is_file():
            runs = bool(path.stat().st_mode & 0o111)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[name] = FileEntry(sha256=digest, size=path.stat().st_size, runs=runs)
        elif not path.is_dir():
            raise UpdateError(f"{path} is neither file, folder nor link.", "Leave it out.")
    try:
        return Manifest(version=version, files=files, links=links)
    except ValidationError as error:
        told = error.errors()[0]["msg"]
        raise UpdateError(f"{folder} cannot be packed: {told}.", "Mend the bundle.") from None


def pack(folder: Path, manifest: Manifest, archive: Path, base: Manifest | None = None) -> None:
    """Write an archive of a bundle; the same bundle gives the same bytes.

    Args:
        folder: the bundle.
        manifest: of it.
        archive: the file to write.
        base: leave out what this release holds too, byte by byte, under any name.
    """
    had = set() if base is None else {it.sha256 for it in base.files.values()}
    with tarfile.open(archive, "w:xz", format=tarfile.PAX_FORMAT, preset=_PRESET) as tar:
        text = manifest.model_dump_json().encode()
        tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
        for name, entry in manifest.files.items():
            if entry.sha256 not in had:
                with (folder / name).open("rb") as file:
                    tar.addfile(_member(name, entry.size), file)


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o644, 0
    return info


def read_manifest(archive: Path) -> Manifest:
    """The manifest of an archive. Raises UpdateRefusedError."""
    with _opened(archive) as tar:
        return _first(tar)


def unpack(archive: Path, folder: Path, version: str, most_bytes: int, base: Path | None) -> None:
    """Make a release's folder of an archive that the channel vouches for; all on the disk then.

    Args:
        archive: whole or a patch.
        folder: to make; may not be there.
        version: that the archive has to be of.
        most_bytes: of all files together.
        base: an installed release to take from what a patch leaves out.

    Raises:
        UpdateRefusedError: the archive holds what it may not.
        UpdateError: the base is not what it was, or the disk refuses.
    """
    folder.mkdir(mode=0o755)
    try:
        with _opened(archive) as tar:
            manifest = _first(tar)
            if manifest.version != version or manifest.total_bytes > most_bytes:
                raise UpdateRefusedError(f"The archive is not of version {version}.", _BROKEN)
            missing = _write_members(tar, folder, manifest)
        if missing:
            _take_over(missing, folder, manifest, base)
        for name, target in manifest.links.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(target)
        _write(folder / KEPT_MANIFEST, io.BytesIO(manifest.model_dump_json().encode()), 0o644)
        for path in (*(it for it in folder.rglob("*") if it.is_dir()), folder):
            if not path.is_symlink():
                sync_folder(path)
    except OSError as error:
        raise UpdateError(
            f"Version {version} cannot be unpacked: {error.strerror} ({error.filename}).",
            "Free some disk space and see that the folder may be written to.",
        ) from error


def verify(folder: Path) -> Manifest:
    """Check that an installed release is as it was unpacked.

    Raises:
        UpdateError: a file is missing or altered, or the updater did not bring it.
    """
    try:
        manifest = Manifest.parse((folder / KEPT_MANIFEST).read_bytes())
        for name, entry in manifest.files.items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                    raise UpdateError(f"{folder / name} was altered.", "Install it anew.")
    except OSError as error:
        raise UpdateError(f"{folder} is not whole: {error}.", "Install it anew.") from None
    return manifest


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r|xz") as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise UpdateRefusedError(f"The archive cannot be read: {error}.", _BROKEN) from None
    except OSError as error:
        if error.filename is not None or error.errno is not None:
            raise
        raise UpdateRefusedError(f"The archive cannot be read: {error}.", _BROKEN) from None


def _first(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST or not member.isreg():
        raise UpdateRefusedError("The archive does not begin with its manifest.", _BROKEN)
    if member.size > MOST_MANIFEST_BYTES:
        raise UpdateRefusedError("The archive's manifest is too long.", _BROKEN)
    return Manifest.parse(_content(tar, member).read())


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise UpdateRefusedError(f"{member.name!r} of the archive is no file.", _BROKEN)
    return file


def _write_members(tar: tarfile.TarFile, folder: Path, manifest: Manifest) -> set[str]:
    """Write what the archive holds; returns the names it leaves out."""
    missing = set(manifest.files)
    while (member := tar.next()) is not None:
        entry = manifest.files.get(member.name)
        allowed = member.isreg() and not member.issparse() and member.name in missing
        if entry is None or not allowed or member.size != entry.size:
            raise UpdateRefusedError(
                f"The archive holds {member.name!r}, which its manifest does not tell so.", _BROKEN
            )
        missing.remove(member.name)
        _place(folder, member.name, entry, _content(tar, member), UpdateRefusedError)
    return missing


def _take_over(missing: Iterable[str], folder: Path, manifest: Manifest, base: Path | None) -> None:
    """Copy what a patch leaves out, from the base or from the release itself."""
    sources: dict[str, Path] = {}
    if base is not None:
        sources |= {it.sha256: base / name for name, it in _kept_manifest(base).files.items()}
    here = set(missing)
    sources |= {it.sha256: folder / n for n, it in manifest.files.items() if n not in here}
    for name in sorted(here):
        entry = manifest.files[name]
        source = sources.get(entry.sha256)
        if source is None:
            raise UpdateError(f"The patch lacks {name}.", "The whole archive is fetched instead.")
        with source.open("rb") as file:
            _place(folder, name, entry, file, UpdateError)


def _kept_manifest(base: Path) -> Manifest:
    try:
        return Manifest.parse((base / KEPT_MANIFEST).read_bytes())
    except OSError:
        raise UpdateError(f"{base} is no base for a patch.", "The whole is fetched.") from None


def _place(
    folder: Path, name: str, entry: FileEntry, source: IO[bytes], wrong: type[UpdateError]
) -> None:
    path = folder / name
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if _write(path, source, 0o755 if entry.runs else 0o644) != entry.sha256:
        raise wrong(f"{name} is not what the manifest tells.", _BROKEN)


def _write(path: Path, source: IO[bytes], mode: int) -> str:
    """Write a new file to the disk; returns its SHA-256."""
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        if os.name == "posix":
            os.fchmod(file.fileno(), mode)  # whatever the umask
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def remove(folder: Path) -> None:
    """Delete a release or what is left of one."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
