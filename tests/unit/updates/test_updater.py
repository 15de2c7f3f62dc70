"""Updates from a real channel over TLS to real programs that are restarted."""

import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from edge_core.errors import UpdateError, UpdateReturnedError
from edge_core.ledger import Ledger
from edge_core.updates import archive as archives
from edge_core.updates.channel import Channel, keep_anchor
from edge_core.updates.layout import Layout
from edge_core.updates.ledger_return import LedgerKeeper
from edge_core.updates.probation import ask_health
from edge_core.updates.updater import Patience, Updater

QUICK = Patience(start_s=60.0, hold_s=0.2, every_s=0.02)
IMPATIENT = Patience(start_s=1.0, hold_s=0.5, every_s=0.02)


@pytest.fixture(scope="module")
def published(maker, bundles, tmp_path_factory):
    """A channel with all versions, listed for nobody yet."""
    folder = tmp_path_factory.mktemp("published")
    channel = maker.ChannelFolder(folder / "channel", maker.KeyRing(folder / "keys"))
    channel.begin()
    for version, bundle in bundles.items():
        channel.add(bundle, version)
    return folder


@pytest.fixture
def closing():
    with ExitStack() as stack:
        yield stack.callback


@pytest.fixture
def shop(published, maker, stand_in, tmp_path, closing):
    """One store PC with version 1.0.0 running, its channel, and the channel's maker."""
    shutil.copytree(published, tmp_path / "published")
    published = tmp_path / "published"
    layout = Layout(tmp_path / "opt")
    layout.releases.mkdir(parents=True)
    layout.folder.mkdir()
    path = published / "channel"
    server = stand_in.ChannelServer(path, tmp_path / "certificates")
    closing(server.close)
    services = stand_in.ProcessServices(layout.root)
    closing(services.stop)
    ledger = tmp_path / "ledger.db"
    Ledger(ledger).close()
    updater = Updater(
        layout, services, LedgerKeeper(ledger, "UTC"),
        lambda: ask_health(services.url, 0.3), QUICK, spare_bytes=0,
    )  # fmt: skip
    keep_anchor(layout.folder, (path / "metadata" / "root.json").read_bytes())
    made = maker.ChannelFolder(path, maker.KeyRing(published / "keys"))
    whole = made.index().find("1.0.0").whole()
    archives.unpack(
        made._file(made.targets().targets[whole.target]), layout.path("1.0.0"), "1.0.0", 10**9, None
    )
    layout.switch("1.0.0")
    services.start()
    stand_in.wait_for(lambda: ask_health(services.url, 0.3))
    return SimpleNamespace(
        layout=layout, server=server, services=services, updater=updater, maker=made, path=path,
        channel=lambda: Channel(server.url, layout.folder, server.ca), ledger=ledger,
        version=lambda: (it := ask_health(services.url, 0.3)) and it.version,
    )  # fmt: skip


def _update(shop, version: str) -> None:
    shop.maker.change(version, share_percent=100)
    with shop.channel() as channel:
        found = shop.updater.check(channel)
        assert found is not None
        assert found.version == version
        shop.updater.apply(channel, found)


def test_a_good_update_comes_as_a_patch_holds_and_can_be_left_by_hand(shop, bundles):
    _update(shop, "1.1.0")
    assert shop.version() == "1.1.0"
    assert shop.layout.current() == shop.layout.good() == "1.1.0"
    assert any("from-1.0.0" in name for name, _ in shop.server.asked)
    assert not any("1.1.0.tar.xz" in name for name, _ in shop.server.asked)
    archives.verify(shop.layout.path("1.1.0"))
    link = shop.layout.path("1.1.0") / "_internal" / "libshared.so"
    assert link.read_bytes() == (bundles["1.1.0"] / "_internal" / "libshared.so.1").read_bytes()
    assert [it.name for it in (shop.layout.folder / "downloads").iterdir()] == ["releases.json"]

    assert shop.updater.back() == "1.0.0"
    assert shop.version() == "1.0.0"
    with shop.channel() as channel:
        assert shop.updater.check(channel) is None  # not tried again by itself
        shop.updater.forgive("1.1.0")
    with shop.channel() as channel:
        assert shop.updater.check(channel).version == "1.1.0"


@pytest.mark.parametrize(
    ("version", "patience", "why"),
    [
        ("1.2.0", QUICK, "it ended too often"),
        ("1.3.0", IMPATIENT, "not healthy after"),
        ("1.4.0", IMPATIENT, "not healthy after"),
        ("1.5.0", Patience(60.0, 30.0, 0.02), "it started again 2 times|it ended too often"),
    ],
    ids=["does-not-start", "unhealthy", "hangs", "crashes"],
)
def test_a_broken_update_is_taken_back_by_itself(shop, stand_in, version, patience, why):
    shop.updater._patience = patience
    with pytest.raises(UpdateReturnedError, match=why):
        _update(shop, version)
    stand_in.wait_for(lambda: shop.version() == "1.0.0")
    state = shop.updater.state
    assert shop.layout.current() == "1.0.0"
    assert shop.layout.good() in (None, "1.0.0")
    assert re.search(why, state.bad[version])
    assert state.phase == "idle"
    with shop.channel() as channel:
        assert shop.updater.check(channel) is None
    assert any("taken back" in note.told for note in state.notes)
    Ledger(shop.ledger).close()


def test_a_patch_whose_base_was_altered_is_given_up_for_the_whole(shop):
    library = shop.layout.path("1.0.0") / "_internal" / "noise.bin"
    library.write_bytes(b"x" * 40_000)
    _update(shop, "1.1.0")
    archives.verify(shop.layout.path("1.1.0"))
    assert any(name.endswith("1.1.0.tar.xz") for name, _ in shop.server.asked)


def test_a_download_goes_on_where_the_line_broke(shop):
    shop.maker.change("1.1.0", share_percent=100)
    shop.server.cut_after = 30_000
    (shop.layout.path("1.0.0") / archives.KEPT_MANIFEST).unlink()  # so the whole is fetched
    for _ in range(20):
        with shop.channel() as channel:
            found = shop.updater.check(channel)
            try:
                shop.updater.apply(channel, found)
            except UpdateError as error:
                assert "cannot be reached" in str(error)  # noqa: PT017
                continue
        break
    ranges = [wanted for name, wanted in shop.server.asked if name.endswith("1.1.0.tar.xz")]
    assert ranges[0] == ""
    assert re.fullmatch(r"bytes=[1-9]\d*-", ranges[1])
    assert shop.version() == "1.1.0"


def test_without_room_nothing_is_fetched(shop):
    shop.updater._spare_bytes = 2**50
    with pytest.raises(UpdateError, match="no room"):
        _update(shop, "1.1.0")
    assert not any("1.1.0" in name for name, _ in shop.server.asked)
    assert shop.version() == "1.0.0"


def test_a_pin_holds_and_old_versions_go(shop, maker, stand_in, tmp_path):
    shop.maker.change("1.1.0", share_percent=100)
    shop.updater.pin("1.0.0")
    with shop.channel() as channel:
        assert shop.updater.check(channel) is None
    shop.updater.pin("")
    _update(shop, "1.1.0")
    for version in ("2.0.0", "2.0.1"):
        shop.maker.add(stand_in.make_bundle(tmp_path / version, version), version)
        _update(shop, version)
    assert shop.layout.installed() == ["2.0.1", "2.0.0", "1.1.0"]


def test_who_may_read_what_of_the_makers_and_the_devices_files(shop, published: Path, stand_in):
    keys = stand_in.modes(published / "keys")
    assert keys["offline/root.pem"] == keys["online/timestamp.pem"] == 0o600
    assert keys["offline"] == keys["online"] == 0o700
    _update(shop, "1.1.0")
    modes = stand_in.modes(shop.layout.path("1.1.0"))
    assert modes["promenade"] == 0o755
    assert modes["_internal/version"] == 0o644
    assert not any(
        mode & 0o7022 for name, mode in modes.items() if name != "_internal/libshared.so"
    )
