import shutil
from pathlib import Path

import pytest

from edge_core.config import parse_site
from edge_core.errors import ConfigError
from edge_core.simulator.scene import Scene, load_scene
from edge_core.simulator.siteout import site_with_sources


@pytest.fixture
def copied(shop: Scene, tmp_path: Path) -> Path:
    for name in ("site.toml", "scene.toml"):
        shutil.copy(shop.folder / name, tmp_path / name)
    return tmp_path


def test_a_written_site_reads_back_the_same_but_for_its_sources(scene: Scene):
    sources = {camera.id: f"{camera.id}.mp4" for camera in scene.site.cameras}
    read = parse_site(site_with_sources(scene.site, sources, pace="fast"))
    assert [camera.source for camera in read.cameras] == list(sources.values())
    assert all(camera.pace == "fast" for camera in read.cameras)
    back = {camera.id: camera.source for camera in scene.site.cameras}
    garments = {"readers": (), "service": read.service, "screens": read.screens}
    expected = scene.site.model_copy(update=garments)
    assert parse_site(site_with_sources(read, back, pace="real-time")) == expected


def test_a_site_without_tag_reads_says_nothing_of_garments(scene: Scene):
    read = parse_site(site_with_sources(scene.site, {}))
    assert read.readers == ()
    assert read.service.products is None
    assert all(screen.zone is None for screen in read.screens)


def test_readers_are_pointed_at_this_machine(scene: Scene):
    ports = {reader.id: 5000 + place for place, reader in enumerate(scene.site.readers)}
    read = parse_site(site_with_sources(scene.site, {}, readers=ports))
    assert {reader.id: (reader.host, reader.port) for reader in read.readers} == {
        reader_id: ("127.0.0.1", port) for reader_id, port in ports.items()
    }
    assert read.screens == scene.site.screens


def test_a_name_that_only_one_file_knows_is_told(copied: Path):
    path = copied / "scene.toml"
    path.write_text(path.read_text().replace('zone = "women"', 'zone = "womens"'))
    with pytest.raises(ConfigError, match="no zone womens"):
        load_scene(copied)


def test_a_missing_scene_file_is_told(copied: Path):
    (copied / "scene.toml").unlink()
    with pytest.raises(ConfigError, match=r"scene\.toml"):
        load_scene(copied)


def test_an_unknown_key_is_refused(copied: Path):
    path = copied / "scene.toml"
    path.write_text("sunshine = 1\n" + path.read_text())
    with pytest.raises(ConfigError, match="sunshine"):
        load_scene(copied)
