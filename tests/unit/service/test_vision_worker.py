"""Who looks at which camera, and when its next frame is asked for."""

import numpy as np
import pytest

from edge_core.config import SiteConfig, StorageConfig, parse_site
from edge_core.runtime.ring import FrameRing, FrameStamps
from edge_core.service import rows, vision_worker
from edge_core.service.engine import log_files
from edge_core.service.rows import vision_workers


def site_of(cameras: int, extra: str = "", models: str = "") -> SiteConfig:
    told = "".join(
        f'[[cameras]]\nid = "c{number}"\nsource = "usb:{number}"\n{extra}\n'
        for number in range(cameras)
    )
    return parse_site(f'[site]\nid = "a"\nname = "A"\n[models]\n{models}\n{told}')


@pytest.fixture
def four_cores(monkeypatch):
    monkeypatch.setattr(rows.os, "cpu_count", lambda: 4)


@pytest.mark.parametrize(("cameras", "processes"), [(1, 1), (4, 1), (5, 2), (12, 3), (64, 4)])
def test_four_cameras_have_a_vision_process_of_their_own_while_there_are_cores(
    four_cores, cameras, processes
):
    workers = vision_workers(site_of(cameras))
    assert list(workers) == ["vision", "vision-2", "vision-3", "vision-4"][:processes]
    seen = [camera for ids in workers.values() for camera in ids]
    assert sorted(seen) == sorted(f"c{number}" for number in range(cameras))
    counts = [len(ids) for ids in workers.values()]
    assert max(counts) - min(counts) <= 1


def test_the_number_of_processes_is_taken_from_the_settings_but_never_beyond_the_cameras(
    four_cores,
):
    assert len(vision_workers(site_of(4, models="processes = 3"))) == 3
    assert len(vision_workers(site_of(2, models="processes = 3"))) == 2
    assert len(vision_workers(site_of(16, models="processes = 1"))) == 1


def test_files_read_as_fast_as_can_be_and_graphics_cards_have_one_process(four_cores):
    site = site_of(16)
    fast = site.cameras[0].model_copy(update={"source": "a.mp4", "pace": "fast"})
    assert len(vision_workers(site.model_copy(update={"cameras": (*site.cameras[1:], fast)}))) == 1
    assert len(vision_workers(site_of(16, models='provider = "cuda"'))) == 1


def test_all_log_files_together_stay_within_what_they_may_take(four_cores, tmp_path):
    site = site_of(12).model_copy(update={"storage": StorageConfig(logs="logs", log_mb=36)})
    assert len(vision_workers(site)) == 3
    share = log_files(site, tmp_path).most_bytes
    assert share * (12 + 3 + 3) <= 36_000_000  # captures, vision; supervisor, core, readers


def test_in_a_busy_round_frames_are_asked_for_shortly_before_their_turn_and_not_before(monkeypatch):
    rings = [FrameRing(f"c{number}", (16, 16)) for number in range(8)]
    writers = [ring.writer() for ring in rings]

    class Station:
        def __init__(self, ring):
            self.reader = ring.reader()

    stations = [Station(ring) for ring in rings]
    image, wanted = np.zeros((16, 16, 3), np.uint8), []

    def look(station, _sender):
        wanted.append([writer.wanted() for writer in writers])
        for writer in writers:  # cameras send whenever they may
            if writer.wanted():
                writer.write(image, FrameStamps(0, 0, 0))
        return station.reader.take() is not None

    monkeypatch.setattr(vision_worker, "look", look)
    vision_worker.go_round(stations, None)
    wanted.clear()
    assert vision_worker.go_round(stations, None)
    ahead = vision_worker.ASKED_AHEAD
    for turn, asked in enumerate(wanted):
        assert [number for number, is_asked in enumerate(asked) if is_asked] == [(turn + ahead) % 8]
