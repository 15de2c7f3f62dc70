import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_core.config import load_site
from edge_core.simulator import Recording, write_recording

MALLS = Path(__file__).parents[3] / "assets" / "malls"
SECONDS, FPS = 3.0, 5.0


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    told: list[float] = []
    out = tmp_path_factory.mktemp("recording")
    result = write_recording(
        MALLS / "shop", out, SECONDS, fps=FPS, seed=7, warm_up_s=10, progress=told.append
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    return result


def test_the_written_site_loads_and_names_the_videos(recording: Recording):
    site = load_site(recording.site)
    for camera in site.cameras:
        assert recording.site.parent / camera.source == recording.videos[camera.id]


def test_every_video_has_all_its_frames_in_the_cameras_size(recording: Recording):
    for camera in load_site(recording.site).cameras:
        capture = cv2.VideoCapture(str(recording.videos[camera.id]))
        frames = 0
        while True:
            read, picture = capture.read()
            if not read:
                break
            frames += 1
            assert picture.shape[1::-1] == camera.max_resolution_px
        assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(FPS)
        assert frames == recording.frames == round(SECONDS * FPS)


def test_mot_rows_are_sorted_boxes_within_the_picture(recording: Recording):
    rows_seen = 0
    for camera in load_site(recording.site).cameras:
        text = recording.mot[camera.id].read_text()
        rows = np.array([[float(v) for v in line.split(",")] for line in text.split()])
        if not len(rows):
            continue
        rows_seen += len(rows)
        width, height = camera.max_resolution_px
        assert rows.shape[1] == 9
        assert (np.diff(rows[:, 0]) >= 0).all()
        assert rows[:, 0].min() >= 1
        assert rows[:, 0].max() <= recording.frames
        assert (rows[:, 2:6] >= 0).all()
        assert (rows[:, 2] + rows[:, 4] <= width + 0.11).all()
        assert (rows[:, 3] + rows[:, 5] <= height + 0.11).all()
        assert ((rows[:, 8] > 0) & (rows[:, 8] <= 1)).all()
    assert rows_seen > 20


def test_truth_tells_tracks_people_and_totals(recording: Recording):
    truth = json.loads(recording.truth.read_text())
    rows = truth["floor_tracks"]["rows"]
    people = {entry["person"] for entry in truth["people"]}
    assert {row[1] for row in rows} <= people
    assert len({row[0] for row in rows}) == recording.frames
    assert set(truth["crossings_by_line"]) == {"door"}
    assert set(truth["cameras"]) == set(recording.videos)


def test_the_same_seed_writes_the_same_truth(recording: Recording, tmp_path: Path):
    again = write_recording(MALLS / "shop", tmp_path, 1.0, fps=FPS, seed=7, warm_up_s=10)
    for camera_id, path in again.mot.items():
        rows = path.read_text().splitlines()
        assert rows == recording.mot[camera_id].read_text().splitlines()[: len(rows)]
