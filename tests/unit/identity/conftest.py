"""Observations of people with a place and a look."""

from collections.abc import Callable, Mapping, Sequence
from math import nan

import numpy as np
import pytest

from edge_core.identity.site_graph import SiteGraph
from edge_core.types import Float32Array, Observation
from edge_core.units import NS_PER_S

Look = Callable[..., Float32Array]
Observe = Callable[..., Observation]


@pytest.fixture(scope="session")
def graph() -> SiteGraph:
    """Three cameras on one corridor, 20 m apart; people come in at the first."""
    walk = 20.0 * np.abs(np.subtract.outer(np.arange(3), np.arange(3))) + 2.0
    near = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) <= 1
    return SiteGraph(("door", "hall", "side"), walk, near, np.array([True, False, False]))


@pytest.fixture(scope="session")
def look() -> Look:
    """A person's embedding: unit blocks; `likeness` is its cosine with the same person's own."""

    def block(seed: int) -> Float32Array:
        rows = np.random.default_rng(seed).normal(size=(4, 256))
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def build(person: int, likeness: float = 1.0, pose: int = 0) -> Float32Array:
        own, other = block(person), block(10_000 + 100 * person + pose)
        other -= (own * other).sum(axis=1, keepdims=True) * own
        other /= np.linalg.norm(other, axis=1, keepdims=True)
        mixed = likeness * own + np.sqrt(1 - likeness**2) * other
        return (mixed / 2).reshape(-1).astype(np.float32)

    return build


@pytest.fixture(scope="session")
def observe() -> Observe:
    """Builds one observation; `foot_px` says where each track's 40x100 px box stands."""

    def build(
        time_s: float,
        foot_px: Mapping[int, tuple[float, float]],
        *,
        floor_m: Mapping[int, tuple[float, float]] | None = None,
        looks: Mapping[int, Float32Array] | None = None,
        quality: float = 0.9,
        score: float = 0.9,
        ended: Sequence[int] = (),
        camera_id: str = "door",
        epoch: int = 7,
    ) -> Observation:
        ids, looks = list(foot_px), looks or {}
        feet = np.array(list(foot_px.values()), np.float32).reshape(-1, 2)
        boxes = np.column_stack([feet[:, 0] - 20, feet[:, 1] - 100, feet[:, 0] + 20, feet[:, 1]])
        places = [(floor_m or {}).get(track, (nan, nan)) for track in ids]
        now_ns = round(time_s * NS_PER_S)
        return Observation(
            camera_id=camera_id,
            epoch=epoch,
            sequence=round(time_s * 10),
            mono_ns=now_ns,
            utc_ns=1_767_225_600 * NS_PER_S + now_ns,
            received_mono_ns=now_ns,
            size_px=(640, 360),
            track_id=np.array(ids, np.int64),
            xyxy_px=boxes.astype(np.float32),
            score=np.full(len(ids), score, np.float32),
            floor_m=np.array(places, np.float32).reshape(-1, 2),
            ended=np.array(ended, np.int64),
            embedded=np.array(list(looks), np.int64),
            embedding=np.array(list(looks.values()), np.float32).reshape(len(looks), 1024),
            quality=np.full(len(looks), quality, np.float32),
        )

    return build
