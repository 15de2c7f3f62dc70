"""The recipe of tag-motion.json: logistic regressions on recordings of a real reader.

One classifier serves every read rate and number of antennas: recordings are also thinned and
stripped of antennas, and joined so that tags start and stop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.interaction.hop_tables import FCC_R420, HopTable
from edge_core.interaction.motion_model import Logistic, MotionModel
from edge_core.interaction.windows import WindowPolicy
from edge_core.training.tags.logistic import balanced_weights, fit_logistic
from edge_core.training.tags.motion_data import (
    Recording,
    Windows,
    change_windows,
    load_recordings,
    motion_windows,
    place_windows,
)

MOVING_FEATURES: Final = (
    "rssi_sd",
    "same_channel_phase",
    "same_channel_rssi",
    "doppler",
    "count_change",
    "coherence",
    "coherence_joint",
    "prediction",
    "pair_phase",
    "pair_phase_joint",
    "pair_rssi",
    "pair_rssi_joint",
    "js_rssi",
    "js_phase",
    "rssi_shift",
)
PLACE_FEATURES: Final = (
    "coherence_joint",
    "prediction",
    "pair_phase_cross",
    "pair_rssi_cross",
    "js_rssi",
    "js_phase",
    "rssi_shift",
)
_NEEDS_TABLE: Final = ("coherence", "coherence_joint", "prediction", "js_phase")
"""Tell nothing unless the carrier frequencies are known."""
SHORT: Final = WindowPolicy(2.0, 2.0, 0.0)
LONG: Final = WindowPolicy(5.0, 5.0, 0.0)
_WEIGHT: Final = 500.0
"""Each condition weighs as much as this many windows: they overlap and are no 500 facts."""


def usable(names: tuple[str, ...], table: HopTable | None) -> tuple[str, ...]:
    """The features that tell something with this hop table, or without one."""
    return names if table else tuple(name for name in names if name not in _NEEDS_TABLE)


@dataclass(frozen=True, slots=True)
class Condition:
    """How recordings are made to look: windows, reads a second and antenna, antennas."""

    policy: WindowPolicy
    rate_hz: float | None = None
    antennas: int | None = None


CONDITIONS: Final = (
    Condition(SHORT),
    Condition(SHORT, antennas=2),
    Condition(SHORT, antennas=1),
    Condition(SHORT, rate_hz=4.0),
    Condition(LONG, rate_hz=2.0),
    Condition(LONG, rate_hz=2.0, antennas=1),
    Condition(LONG, rate_hz=1.0),
    Condition(LONG, rate_hz=0.5),
    Condition(LONG, rate_hz=0.25),
)


def training_sets(
    recordings: Sequence[Recording], table: HopTable | None, seed: int = 0
) -> list[Windows]:
    """The windows the moving classifier learns from, one set a condition."""
    sets = [
        motion_windows(
            recordings,
            condition.policy,
            table,
            rate_hz=condition.rate_hz,
            antennas=condition.antennas,
            seed=seed + index,
        )
        for index, condition in enumerate(CONDITIONS)
    ]
    return [*sets, change_windows(recordings, SHORT, table, seed=seed)]


def place_sets(
    recordings: Sequence[Recording], table: HopTable | None, seed: int = 0
) -> list[Windows]:
    """The windows the resting-place classifier learns from."""
    return [
        place_windows(recordings, table, seed=seed),
        place_windows(recordings, table, rate_hz=2.0, window_s=5.0, seed=seed + 1),
        place_windows(recordings, table, rate_hz=1.0, window_s=5.0, seed=seed + 2),
    ]


def fit_windows(names: tuple[str, ...], sets: Sequence[Windows]) -> Logistic:
    """Fit one classifier on several sets, each of the same weight."""
    used = [windows for windows in sets if len(windows)]
    return fit_logistic(
        names,
        np.concatenate([windows.features for windows in used]),
        np.concatenate([windows.label for windows in used]),
        np.concatenate([balanced_weights(windows.label, _WEIGHT) for windows in used]),
    )


def train_tag_motion(data: Path, out: Path, seed: int = 0) -> MotionModel:
    """Train all classifiers and write them to `out`; takes about a minute.

    Args:
        data: folder with `static` and `moving`.
        out: JSON file to write.
        seed: of thinning and joining.

    Raises:
        SourceError: no recordings there.
    """
    recordings = load_recordings(data)
    moving, elsewhere = (
        [
            fit_windows(usable(names, table), make(recordings, table, seed))
            for table in (FCC_R420, None)
        ]
        for names, make in ((MOVING_FEATURES, training_sets), (PLACE_FEATURES, place_sets))
    )
    model = MotionModel(moving[0], moving[1], elsewhere[0], elsewhere[1])
    model.save(out)
    return model
