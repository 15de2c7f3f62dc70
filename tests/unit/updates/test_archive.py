"""Archives: what is unpacked is what the manifest tells, and nothing else, wherever it wants to."""

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.errors import UpdateError, UpdateRefusedError
from edge_core.updates import archive as archives
from edge_core.updates.archive import FileEntry, Manifest

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _tar(path, manifest: bytes, *members: tuple[tarfile.TarInfo, bytes]):
    with tarfile.open(path, "w:xz", preset=0) as tar:
        for info, data in ((tarfile.TarInfo("manifest.json"), manifest), *members):
            info.size = len(data) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(data))
    return path


def _told(*names: str) -> bytes:
    files = {name: FileEntry(sha256=EMPTY, size=0) for name in names}
    return Manifest(version="1.0.0", files=files).model_dump_json().encode()


def _member(name: str, kind: bytes = tarfile.REGTYPE, mode: int = 0o644, leads_to: str = ""):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname = kind, mode, leads_to
    return info


@pytest.mark.parametrize(
    "member",
    [
        _member("../outside"),
        _member("/etc/cron.d/promenade"),
        _member("b"),
        _member("a", tarfile.SYMTYPE, leads_to="/etc/passwd"),
        _member("a", tarfile.LNKTYPE, leads_to="../../etc/passwd"),
        _member("a", tarfile.CHRTYPE),
        _member("a", tarfile.FIFOTYPE),
        _member("a", tarfile.DIRTYPE),
    ],
    ids=["above", "absolute", "untold", "link", "hard-link", "device", "pipe", "folder"],
)
def test_what_the_manifest_does_not_tell_is_refused(member, tmp_path):
    path = _tar(tmp_path / "a.tar.xz", _told("a"), (member, b""))
    with pytest.raises(UpdateRefusedError):
        archives.unpack(path, tmp_path / "out", "1.0.0", 100, None)
    assert not (tmp_path / "outside").exists()


def test_modes_are_the_updaters_never_setuid(tmp_path):
    path = _tar(tmp_path / "a.tar.xz", _told("a"), (_member("a", mode=0o6777), b""))
    archives.unpack(path, tmp_path / "out", "1.0.0", 100, None)
    assert (tmp_path / "out" / "a").stat().st_mode & 0o7777 == 0o644


def test_a_member_given_twice_is_refused(tmp_path):
    twice = ((_member("a"), b""), (_member("a"), b""))
    path = _tar(tmp_path / "a.tar.xz", _told("a"), *twice)
    with pytest.raises(UpdateRefusedError):
        archives.unpack(path, tmp_path / "out", "1.0.0", 100, None)


@pytest.mark.parametrize(
    "links",
    [
        {"l": "/etc/passwd"}, {"l": "../out"}, {"d/l": "../../x"}, {"l": "nothing"},
        {"a": "a"}, {"a/b": "../a"}, {"../l": "a"},
    ],
    ids=str,
)  # fmt: skip
def test_links_lead_to_something_of_the_release_only(links):
    told = {"version": "1.0.0", "files": {"a": {"sha256": EMPTY, "size": 0}}, "links": links}
    with pytest.raises(ValueError, match=r"link|path|folder|name"):
        Manifest.model_validate(told)


def test_other_versions_larger_ones_and_wrong_bytes_are_refused(tmp_path):
    path = _tar(tmp_path / "a.tar.xz", _told("a"), (_member("a"), b""))
    with pytest.raises(UpdateRefusedError, match="not of version"):
        archives.unpack(path, tmp_path / "one", "2.0.0", 100, None)
    large = Manifest(version="1.0.0", files={"a": FileEntry(sha256=EMPTY, size=10**9)})
    path = _tar(tmp_path / "b.tar.xz", large.model_dump_json().encode())
    with pytest.raises(UpdateRefusedError, match="not of version"):
        archives.unpack(path, tmp_path / "two", "1.0.0", 100, None)
    wrong = Manifest(version="1.0.0", files={"a": FileEntry(sha256=EMPTY, size=1)})
    path = _tar(tmp_path / "c.tar.xz", wrong.model_dump_json().encode(), (_member("a"), b"x"))
    with pytest.raises(UpdateRefusedError, match="not what the manifest tells"):
        archives.unpack(path, tmp_path / "three", "1.0.0", 100, None)


def test_a_patch_without_its_base_is_an_error_that_the_whole_mends(tmp_path):
    path = _tar(tmp_path / "a.tar.xz", _told("a"))
    with pytest.raises(UpdateError, match="lacks a"):
        archives.unpack(path, tmp_path / "out", "1.0.0", 100, None)


def test_the_same_bundle_packs_to_the_same_bytes(bundles, tmp_path):
    manifest = archives.manifest_of(bundles["1.0.0"], "1.0.0")
    for name in ("one", "two"):
        archives.pack(bundles["1.0.0"], manifest, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_bundle_with_a_link_out_of_it_or_a_pipe_is_not_packed(tmp_path):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "passwords").symlink_to("/etc/passwd")
    with pytest.raises(UpdateError, match="cannot be packed"):
        archives.manifest_of(bundle, "1.0.0")


@given(st.binary(max_size=2000), st.integers(0, 3000), st.binary(min_size=1, max_size=20))
@settings(max_examples=25)
def test_any_bytes_are_unpacked_as_told_or_refused(tmp_path_factory, noise, at, put):
    """Noise, and a sound archive with some bytes put elsewhere: signed, but by a wrong hand."""
    folder = tmp_path_factory.mktemp("any")
    sound = _tar(folder / "sound", _told("a", "d/b"), (_member("a"), b""), (_member("d/b"), b""))
    data = bytearray(sound.read_bytes())
    data[at % len(data) : at % len(data) + len(put)] = put
    for number, text in enumerate((noise, bytes(data))):
        (folder / "x").write_bytes(text)
        out = folder / f"out{number}"
        try:
            archives.unpack(folder / "x", out, "1.0.0", 100, None)
        except UpdateError:
            continue
        found = {it.relative_to(out).as_posix() for it in out.rglob("*") if it.is_file()}
        assert found == {"a", "d/b", archives.KEPT_MANIFEST}


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_any_manifest_is_read_or_refused(text):
    with pytest.raises(UpdateRefusedError):
        Manifest.parse(text)
