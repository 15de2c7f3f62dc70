"""What the vision tests share."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from edge_core.types import Detections
from edge_core.vision.track import Tracker

WIDTH, HEIGHT = 640, 480


@st.composite
def boxes(draw, least=0, most=12, size=400):
    """float32 (N, 4) boxes of at least 2x2 pixels."""
    count = draw(st.integers(least, most))
    side = st.integers(2, size // 2)
    corner = st.integers(0, size // 2)
    rows = [
        (x, y, x + w, y + h)
        for x, y, w, h in draw(
            st.lists(st.tuples(corner, corner, side, side), min_size=count, max_size=count)
        )
    ]
    return np.array(rows, np.float32).reshape(-1, 4)


class Scene:
    """Feeds a tracker with made-up people and remembers what it put out."""

    def __init__(self, fps=10.0, settings=None):
        self.tracker = Tracker(settings)
        self.fps = fps
        self.frame = 0
        self.out = []

    def show(self, *people, score=0.8):
        """One frame with people at (centre x, foot y) and 40x100 pixels."""
        rows = [(x - 20, y - 100, x + 20, y) for x, y in people]
        found = Detections(
            np.array(rows, np.float32).reshape(-1, 4), np.full(len(rows), score, np.float32)
        )
        return self._keep(self.tracker.update(found, self._now_ns(), (WIDTH, HEIGHT)))

    def hold(self):
        """One frame without motion."""
        return self._keep(self.tracker.hold(self._now_ns(), (WIDTH, HEIGHT)))

    def ids(self):
        """Every id put out so far."""
        return sorted({int(i) for tracks in self.out for i in tracks.track_id})

    def id_at(self, x):
        """The id whose box in the latest frame is centred nearest to x."""
        tracks = self.out[-1]
        centre = (tracks.xyxy_px[:, 0] + tracks.xyxy_px[:, 2]) / 2
        return int(tracks.track_id[np.argmin(abs(centre - x))])

    def _now_ns(self):
        self.frame += 1
        return 10**9 + round(self.frame * 1e9 / self.fps)

    def _keep(self, tracks):
        self.out.append(tracks)
        return tracks


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def data_folder():
    """Folder of the evaluation data, which is not part of the project."""
    folder = os.environ.get("PROMENADE_DATA")
    if not folder:
        pytest.skip("set PROMENADE_DATA to the folder of the evaluation data to run this test")
    return Path(folder)
