"""The small classifiers behind tag motion: logistic regressions kept in one JSON file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.special import expit

from edge_core.errors import ModelError
from edge_core.interaction.motion_features import FEATURES
from edge_core.types import Float64Array, checked

MODEL_FILE: Final = Path(__file__).resolve().parents[2] / "assets" / "models" / "tag-motion.json"
_LIMIT: Final = 4.0
"""Standardised features beyond this are cut: no single reading decides alone."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression over some of FEATURES; an unknown feature counts as average.

    Attributes:
        features: which of FEATURES.
        mean, scale, weight: float64 (K,), to standardise a feature and weigh it.
        bias: log odds of an average window.
    """

    features: tuple[str, ...]
    mean: Float64Array
    scale: Float64Array
    weight: Float64Array
    bias: float

    def __post_init__(self) -> None:
        unknown = set(self.features) - set(FEATURES)
        if unknown:
            raise ValueError(f"unknown features {sorted(unknown)}")
        for name in ("mean", "scale", "weight"):
            checked(getattr(self, name), name, (len(self.features),), np.float64)

    def standardised(self, features: Float64Array) -> Float64Array:
        """The features used here, float64 (B, K), in cut standard deviations."""
        columns = [FEATURES.index(name) for name in self.features]
        scaled = (features[:, columns] - self.mean) / self.scale
        return np.asarray(np.clip(np.nan_to_num(scaled), -_LIMIT, _LIMIT), np.float64)

    def log_odds(self, features: Float64Array) -> Float64Array:
        """Log odds, float64 (B,), of rows of `window_features`."""
        return np.asarray(self.standardised(features) @ self.weight + self.bias, np.float64)

    def probability(self, features: Float64Array) -> Float64Array:
        """Probability, float64 (B,)."""
        return np.asarray(expit(self.log_odds(features)), np.float64)

    def as_json(self) -> dict[str, Any]:
        """Plain values for `from_json`."""
        return {
            "features": list(self.features),
            "mean": [float(f"{value:.6g}") for value in self.mean],
            "scale": [float(f"{value:.6g}") for value in self.scale],
            "weight": [float(f"{value:.6g}") for value in self.weight],
            "bias": float(f"{self.bias:.6g}"),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Logistic":
        """Inverse of `as_json`; raises KeyError, TypeError or ValueError for anything else."""
        mean, scale, weight = (
            np.array(data[name], np.float64) for name in ("mean", "scale", "weight")
        )
        return cls(tuple(data["features"]), mean, scale, weight, float(data["bias"]))


@dataclass(frozen=True, slots=True)
class MotionModel:
    """Classifiers with the reader's hop table known, and without.

    Attributes:
        moving, moving_plain: does the tag move by itself in the window.
        elsewhere, elsewhere_plain: is it in another place than where it rested; window against
            resting place instead of the window before.
    """

    moving: Logistic
    moving_plain: Logistic
    elsewhere: Logistic
    elsewhere_plain: Logistic

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> "MotionModel":
        """The shipped classifiers.

        Raises:
            ModelError: the file is missing or not such a model.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{name: Logistic.from_json(data[name]) for name in cls.__slots__})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"The tag motion model {path} cannot be used: {error}.",
                "Reinstall Promenade, or restore the file from the release.",
            ) from None

    def save(self, path: Path) -> None:
        """Write the file `load` reads."""
        data = {name: getattr(self, name).as_json() for name in self.__slots__}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
