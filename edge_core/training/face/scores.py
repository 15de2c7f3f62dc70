"""How right ages and genders are, for whom, and how honest the probabilities.

Figures of adults are for labels of 18 to 75. Intervals are of 95 %, from drawing faces anew.
Calibration error: Guo et al. 2017, equation 3, over 15 bins of confidence.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from edge_core.training.face.data import ADULT_YEARS, Faces
from edge_core.types import BoolArray, Float64Array
from edge_core.vision.face import FaceAttributes

BINS: Final = 15
MINOR_BANDS: Final = ((0, 12), (13, 15), (16, 17))
ADULT_BANDS: Final = ((18, 29), (30, 44), (45, 59), (60, 75), (76, 120))
GAP_MOST: Final = 0.05
"""A larger difference in gender accuracy between two parts of the adults keeps the feature off."""
COUNTED_LEAST: Final = 30
"""Parts with fewer adults are shown, but no gap is taken from them."""
_RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """A mean with its 95 % interval.

    Attributes:
        value: the mean.
        low, high: the interval.
        n: faces.
    """

    value: float
    low: float
    high: float
    n: int


def share(values: BoolArray | Float64Array, seed: int = 0) -> Share | None:
    """Mean of (N,) values with a bootstrap interval; None without values."""
    if not len(values):
        return None
    each = np.asarray(values, np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(each), (_RESAMPLES, len(each)))
    low, high = np.quantile(each[drawn].mean(axis=1), (0.025, 0.975))
    return Share(float(each.mean()), float(low), float(high), len(each))


def calibration_error(p_female: Float64Array, female: BoolArray, bins: int = BINS) -> float:
    """Expected calibration error of a two-way choice.

    Args:
        p_female: float (N,).
        female: bool (N,), the truth.
        bins: equal ones over confidence 0 to 1; a two-way choice fills the upper half.
    """
    sure = np.maximum(p_female, 1 - p_female)
    right = (p_female >= 0.5) == female
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    gaps = [
        abs(float(sure[place == one].mean()) - float(right[place == one].mean()))
        * float((place == one).mean())
        for one in np.unique(place)
    ]
    return float(sum(gaps))


def score_faces(found: FaceAttributes, faces: Faces) -> dict[str, Any]:
    """All figures, JSON values.

    Args:
        found: estimates of the faces, in their order.
        faces: with labels.
    """
    female = faces.female > 0.5
    p_female = found.p_female.astype(np.float64)
    right = (p_female >= 0.5) == female
    far = np.abs(found.age_years - faces.age_years).astype(np.float64)
    adults, told = faces.adults(), found.gender_usable
    parts = {**_age_bands(faces), **_genders(female, adults), **_groups(faces, adults)}
    table = {
        name: {
            "gender": _json(share(right[mask])),
            "years": _json(share(far[mask])),
            "gender_told": _json(share(told[mask])),
            "gender_where_told": _json(share(right[mask & told])),
        }
        for name, mask in parts.items()
        if mask.any()
    }
    return {
        "adults": {
            "gender": _json(share(right[adults])),
            "years": _json(share(far[adults])),
            "calibration_error": calibration_error(p_female[adults], female[adults]),
            "coverage": _json(share(told[adults])),
            "gender_where_told": _json(share(right[adults & told])),
        },
        "all_ages": {"gender": _json(share(right)), "years": _json(share(far))},
        "minors_gender_told": _json(share(told[faces.age_years < ADULT_YEARS[0]])),
        "parts": table,
        "gaps": _gaps(table),
    }


def _age_bands(faces: Faces) -> dict[str, BoolArray]:
    return {
        f"age {low}-{high}": np.asarray((faces.age_years >= low) & (faces.age_years <= high))
        for low, high in (*MINOR_BANDS, *ADULT_BANDS)
    }


def _genders(female: BoolArray, adults: BoolArray) -> dict[str, BoolArray]:
    return {"adult women": adults & female, "adult men": adults & ~female}


def _groups(faces: Faces, adults: BoolArray) -> dict[str, BoolArray]:
    return {
        f"adults, data set's own group code {code}": np.asarray(adults & (faces.group == code))
        for code in np.unique(faces.group)
    }


def _gaps(table: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Largest differences in gender accuracy between adults of different kinds.

    Counted for ages of 18 to 75 alone, as the targets are.
    """
    kinds = {
        "age": [f"age {low}-{high}" for low, high in ADULT_BANDS if high <= ADULT_YEARS[1]],
        "gender": ["adult women", "adult men"],
        "group": [name for name in table if "group code" in name],
    }
    gaps: dict[str, Any] = {}
    for kind, names in kinds.items():
        rates = [
            table[name]["gender"]["value"]
            for name in names
            if name in table and table[name]["gender"]["n"] >= COUNTED_LEAST
        ]
        gaps[kind] = max(rates) - min(rates) if rates else 0.0
    gaps["largest"] = max(gaps.values())
    gaps["off_by_default"] = gaps["largest"] > GAP_MOST
    return gaps


def _json(one: Share | None) -> dict[str, Any] | None:
    return None if one is None else asdict(one)
