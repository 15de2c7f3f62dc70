"""What a store PC believes of a channel, served over TLS by whoever holds its line."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from edge_core.errors import UpdateError, UpdateRefusedError
from edge_core.updates.channel import Channel, anchor_told, keep_anchor
from edge_core.updates.release import Index, place_in_line


@pytest.fixture(scope="module")
def published(maker, bundles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    channel = maker.ChannelFolder(folder / "channel", maker.KeyRing(folder / "keys"))
    channel.begin()
    channel.add(bundles["1.0.0"], "1.0.0")
    return folder


@pytest.fixture(scope="module")
def server(published, stand_in, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    serving = stand_in.ChannelServer(folder, folder / "certificates")
    yield serving
    serving.close()


@pytest.fixture
def line(published, server, maker, tmp_path):
    """A store PC's end of the line, and whoever may change what comes over it."""
    shutil.copytree(published, tmp_path / "published")
    path = tmp_path / "published" / "channel"
    server.folder, server.cut_after = path, None
    pc = tmp_path / "pc"
    pc.mkdir()
    keep_anchor(pc, (path / "metadata" / "root.json").read_bytes())
    keys = maker.KeyRing(tmp_path / "published" / "keys")

    def index() -> Index:
        with Channel(server.url, pc, server.ca) as channel:
            return channel.index()

    def download() -> bytes:
        with Channel(server.url, pc, server.ca) as channel:
            return channel.download(channel.index().releases[0].whole()).read_bytes()

    return SimpleNamespace(
        path=path, pc=pc, keys=keys, index=index, download=download, server=server,
        maker=maker.ChannelFolder(path, keys),
        at=lambda now: maker.ChannelFolder(path, keys, now),
    )  # fmt: skip


def _archive(line):
    return next((line.path / "targets").glob("*.tar.xz"))


def test_an_altered_archive_is_refused_and_not_kept(line):
    path = _archive(line)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(UpdateRefusedError, match="not vouched for"):
        line.download()
    assert not list((line.pc / "downloads").glob("*xz*"))


def test_a_longer_archive_is_not_read_to_its_end(line):
    path = _archive(line)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"x" * 3_000_000)
    with pytest.raises(UpdateError):
        line.download()
    assert sum(it.stat().st_size for it in (line.pc / "downloads").glob("*xz*")) <= size


def test_a_part_that_somebody_altered_is_not_believed(line):
    line.server.cut_after = 20_000
    with pytest.raises(UpdateError, match="cannot be reached"):
        line.download()
    (part,) = (line.pc / "downloads").glob("*.part")
    assert part.stat().st_size > 0
    part.write_bytes(b"\0" * part.stat().st_size)
    line.server.cut_after = None
    with pytest.raises(UpdateRefusedError):
        line.download()
    assert line.download() == _archive(line).read_bytes()


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_altered_metadata_is_refused(line, role):
    (path,) = (
        [line.path / "metadata" / "timestamp.json"]
        if role == "timestamp"
        else sorted((line.path / "metadata").glob(f"*.{role}.json"))[-1:]
    )
    told = json.loads(path.read_text())
    told["signed"]["expires"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(told))
    with pytest.raises(UpdateRefusedError, match="not vouched for"):
        line.index()


def test_a_channel_signed_by_other_keys_is_refused(line, maker, bundles, tmp_path):
    other = maker.ChannelFolder(tmp_path / "other", maker.KeyRing(tmp_path / "other-keys"))
    other.begin()
    line.server.folder = tmp_path / "other"
    with pytest.raises(UpdateRefusedError, match="not vouched for"):
        line.index()


def test_an_older_state_of_the_channel_is_refused(line, tmp_path):
    shutil.copytree(line.path, tmp_path / "before")
    line.maker.change("1.0.0", withdrawn=True)
    assert line.index().releases[0].withdrawn
    line.server.folder = tmp_path / "before"
    with pytest.raises(UpdateRefusedError):
        line.index()


def test_news_held_back_longer_than_signatures_are_good_is_noticed(line):
    line.at(datetime.now(UTC) - timedelta(days=8)).publish(force=True)
    with pytest.raises(UpdateRefusedError, match="too old to be believed") as told:
        line.index()
    assert "clock" in told.value.remedy
    line.maker.publish(force=True)
    assert line.index().releases


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp"])
def test_a_store_pc_follows_when_a_key_is_replaced_and_the_old_one_counts_no_more(
    line, role, tmp_path
):
    shutil.copytree(line.keys.folder, tmp_path / "stolen")
    line.index()
    line.maker.rotate(role)
    line.maker.rotate(role)
    assert line.index().releases
    assert anchor_told((line.pc / "root.json").read_bytes())
    if role != "root":
        thief = type(line.maker)(line.path, type(line.keys)(tmp_path / "stolen"))
        thief.keep_index(Index()) if role == "targets" else thief.publish(force=True)
        with pytest.raises(UpdateRefusedError):
            line.index()


def test_only_the_online_keys_are_needed_to_sign_anew(line):
    shutil.rmtree(line.keys.folder / "offline")
    before = line.maker.timestamp().version
    line.maker.publish(force=True)
    assert line.maker.timestamp().version == before + 1
    assert line.index().releases
    with pytest.raises(UpdateError, match="not at hand"):
        line.maker.change("1.0.0", share_percent=100)


def test_without_an_anchor_nobody_is_believed_and_nonsense_is_none(line):
    with pytest.raises(UpdateError, match=r"no root\.json"):
        keep_anchor(line.pc, (line.path / "metadata" / "timestamp.json").read_bytes())
    root = json.loads((line.pc / "root.json").read_text())
    root["signed"]["version"] = 7
    with pytest.raises(UpdateError, match=r"no root\.json"):
        keep_anchor(line.pc, json.dumps(root).encode())
    (line.pc / "root.json").unlink()
    with pytest.raises(UpdateError, match="nobody's signature counts"):
        line.index()


def test_another_authoritys_server_is_not_talked_to(line, stand_in, tmp_path):
    tmp_path.joinpath("other").mkdir()
    stranger = stand_in.ChannelServer(line.path, tmp_path / "certificates")
    try:
        with (
            pytest.raises(UpdateError, match="cannot be reached"),
            Channel(stranger.url, line.pc, line.server.ca) as channel,
        ):
            channel.index()
    finally:
        stranger.close()


def test_a_stage_holds_its_share_of_a_thousand_store_pcs_and_all_of_the_stage_before(line):
    devices = [f"{number:032x}" for number in range(1000)]
    before: set[str] = set()
    for share in (5, 25, 100):
        release = line.maker.change("1.0.0", share_percent=share)
        chosen = {it for it in devices if release.is_for(it)}
        assert abs(len(chosen) - 10 * share) < 45
        assert before <= chosen
        before = chosen
    assert len(before) == 1000
    first = {v: {d for d in devices if place_in_line(v, d) < 5} for v in ("1.0.0", "1.1.0")}
    assert len(first["1.0.0"] & first["1.1.0"]) < 15  # others go first the next time
    for stopped in ({"paused": True}, {"withdrawn": True}):
        assert not any(release.model_copy(update=stopped).is_for(it) for it in devices)
