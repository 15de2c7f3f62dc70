"""Observations of people who walk where a test wants them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from edge_core.types import Observation
from edge_core.units import NS_PER_S

Point = tuple[float, float]
Observe = Callable[..., Observation]


@pytest.fixture(scope="session")
def observe() -> Observe:
    """Builds one observation: floor points by track id; boxes stand on the picture at px."""

    def build(
        time_s: float,
        floor_m: Mapping[int, Point],
        *,
        sequence: int | None = None,
        px: Mapping[int, Point] | None = None,
        ended: Sequence[int] = (),
        camera_id: str = "door",
        epoch: int = 7,
        size_px: tuple[int, int] = (640, 360),
    ) -> Observation:
        ids = list(floor_m)
        feet = np.array([(px or {}).get(track, (320.0, 300.0)) for track in ids]).reshape(-1, 2)
        boxes = np.column_stack([feet[:, 0] - 20, feet[:, 1] - 102, feet[:, 0] + 20, feet[:, 1]])
        now_ns = round(time_s * NS_PER_S)
        return Observation(
            camera_id=camera_id,
            epoch=epoch,
            sequence=round(time_s * 10) if sequence is None else sequence,
            mono_ns=now_ns,
            utc_ns=1_767_225_600 * NS_PER_S + now_ns,
            received_mono_ns=now_ns,
            size_px=size_px,
            track_id=np.array(ids, np.int64),
            xyxy_px=boxes.astype(np.float32),
            score=np.full(len(ids), 0.9, np.float32),
            floor_m=np.array(list(floor_m.values()), np.float32).reshape(-1, 2),
            ended=np.array(ended, np.int64),
            embedded=np.zeros(0, np.int64),
            embedding=np.zeros((0, 1024), np.float32),
            quality=np.zeros(0, np.float32),
        )

    return build
