"""What tag motion is worth on recordings: cross-validated, nothing tried on what it learned from.

Folds leave out whole recordings (never windows of one recording on both sides), and again whole
sessions. Intervals come from drawing recordings anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.interaction.hop_tables import FCC_R420, HopTable
from edge_core.interaction.windows import WindowPolicy
from edge_core.training.tags.logistic import area_under_curve, balanced_accuracy, calibration_error
from edge_core.training.tags.motion import (
    MOVING_FEATURES,
    PLACE_FEATURES,
    SHORT,
    fit_windows,
    place_sets,
    training_sets,
    usable,
)
from edge_core.training.tags.motion_data import Windows, load_recordings, motion_windows
from edge_core.types import BoolArray, Float64Array

FEATURE_SETS: Final = {
    "raw statistics": ("rssi_sd", "rssi_range", "phase_sd", "same_channel_phase"),
    "naive JS": ("js_rssi_naive", "js_phase_naive"),
    "channel-conditioned JS": ("js_rssi", "js_phase", "same_channel_phase"),
    "phase over frequency": (
        "coherence",
        "coherence_joint",
        "prediction",
        "pair_phase",
        "pair_phase_joint",
        "pair_rssi",
        "pair_rssi_joint",
    ),
    "all": MOVING_FEATURES,
}
"""Each trained and tried at the one rate; `all` is the list of the shipped classifier."""
_FOLDS: Final = 10
_RESAMPLES: Final = 500
_FOUR: Final = WindowPolicy(4.0, 4.0, 0.0)
Names = np.ndarray[tuple[int], np.dtype[np.str_]]


@dataclass(frozen=True, slots=True)
class Trial:
    """Scores that nobody trained on, with what they should have been."""

    label: BoolArray
    score: Float64Array
    name: Names

    def figures(self, seed: int = 0) -> dict[str, Any]:
        """Balanced accuracy and AUC with 95 % intervals over recordings, and calibration."""
        rng = np.random.default_rng(seed)
        names = np.unique(self.name)
        rows = {name: np.flatnonzero(self.name == name) for name in names}
        draws = []
        for _ in range(_RESAMPLES):
            chosen = np.concatenate([rows[name] for name in rng.choice(names, len(names))])
            label, score = self.label[chosen], self.score[chosen]
            if label.any() and not label.all():
                draws.append((balanced_accuracy(label, score), area_under_curve(label, score)))
        low, high = np.percentile(np.array(draws), [2.5, 97.5], axis=0)
        return {
            "windows": len(self.label),
            "recordings": len(names),
            "balanced_accuracy": _short(balanced_accuracy(self.label, self.score)),
            "balanced_accuracy_95": [_short(low[0]), _short(high[0])],
            "auc": _short(area_under_curve(self.label, self.score)),
            "auc_95": [_short(low[1]), _short(high[1])],
            "calibration_error": _short(calibration_error(self.label, self.score)),
        }


def _short(value: float) -> float:
    return round(float(value), 4)


def cross_validated(
    names: tuple[str, ...],
    train: Sequence[Windows],
    test: Windows,
    group: Callable[[Windows], Names],
    seed: int = 0,
) -> Trial:
    """Scores of every test window by a classifier that saw nothing of its group.

    Args:
        names: features it may use.
        train: sets to learn from; recordings joined of several names ("a|b") count as all.
        test: windows to score.
        group: each window's group: its recording, or its session.
        seed: deals groups to folds.
    """
    rng = np.random.default_rng(seed)
    groups = np.unique(group(test))
    fold = dict(zip(rng.permutation(groups), np.arange(len(groups)) % _FOLDS, strict=True))
    of_test = np.array([fold[name] for name in group(test)])
    score = np.zeros(len(test))
    for number in np.unique(of_test):
        held = {name for name in groups if fold[name] == number}
        seen = [_without(windows, held, group) for windows in train]
        model = fit_windows(names, seen)
        score[of_test == number] = model.probability(test.features[of_test == number])
    return Trial(test.label, score, test.name)


def _without(windows: Windows, held: set[str], group: Callable[[Windows], Names]) -> Windows:
    keep = np.array([held.isdisjoint(str(name).split("|")) for name in group(windows)], bool)
    return Windows(
        windows.features[keep], windows.label[keep], windows.name[keep], windows.session[keep]
    )


def _by_recording(windows: Windows) -> Names:
    return windows.name


def _by_session(windows: Windows) -> Names:
    return windows.session


def evaluate_tag_motion(data: Path, seed: int = 0) -> dict[str, Any]:
    """Everything the card tells about tag motion; takes about two minutes.

    Args:
        data: folder with `static` and `moving`.
        seed: of thinning and folds.

    Returns:
        Figures by task: feature sets at full rate (2 s windows) and thinned to 2 reads a second
        and antenna (4 s), folds by recording; the shipped recipe at several rates, folds by
        recording and by session; resting places.

    Raises:
        SourceError: no recordings there.
    """
    recordings = load_recordings(data)
    full = motion_windows(recordings, SHORT, FCC_R420, seed=seed + 100)
    thin = motion_windows(recordings, _FOUR, FCC_R420, rate_hz=2.0, seed=seed + 101)
    one_rate = {
        rate: {
            name: cross_validated(features, [windows], windows, _by_recording, seed).figures()
            for name, features in FEATURE_SETS.items()
        }
        for rate, windows in (("full rate, 2 s", full), ("2 reads/s/antenna, 4 s", thin))
    }
    return {
        "feature sets": one_rate,
        "shipped recipe": _recipe(data, FCC_R420, seed),
        "shipped recipe, hop table unknown": _recipe(data, None, seed),
        "resting place": _places(data, seed),
    }


def _recipe(data: Path, table: HopTable | None, seed: int) -> dict[str, Any]:
    """The shipped recipe tried with the product's own windows, by recording and by session."""
    recordings = load_recordings(data)
    train, names = training_sets(recordings, table, seed), usable(MOVING_FEATURES, table)
    found: dict[str, Any] = {}
    for rate_hz, antennas in ((None, None), (2.0, None), (1.0, None), (0.5, None), (None, 1)):
        test = motion_windows(
            recordings,
            WindowPolicy(),
            table,
            rate_hz=rate_hz,
            antennas=antennas,
            seed=seed + 200,
        )
        name = "full rate" if rate_hz is None else f"{rate_hz:g} reads/s/antenna"
        found[name + (", one antenna" if antennas else "")] = {
            kind: cross_validated(names, train, test, group, seed).figures()
            for kind, group in (("by recording", _by_recording), ("by session", _by_session))
        }
    return found


def _places(data: Path, seed: int) -> dict[str, Any]:
    """Resting place against another, by session."""
    recordings = load_recordings(data)
    found = {}
    for kind, table in (("hop table known", FCC_R420), ("hop table unknown", None)):
        train = place_sets(recordings, table, seed)
        test = place_sets(recordings, table, seed + 50)[0]
        names = usable(PLACE_FEATURES, table)
        found[kind] = cross_validated(names, train, test, _by_session, seed).figures()
    return found
