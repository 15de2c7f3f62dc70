"""What identity has learnt of the site, kept over restarts: counts by camera, nothing of anybody.

One JSON file, written beside itself and then moved into place, so that it is always whole. It has
no look, no number of a visitor and no moment of a visit.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.errors import SourceError
from edge_core.identity.likelihood import BINS as SCORE_BINS
from edge_core.identity.likelihood import AppearanceLikelihood, ScoreTally
from edge_core.identity.site_model import Learnt
from edge_core.identity.transit import BINS
from edge_core.types import Float64Array

VERSION: Final = 1
_DIGITS: Final = 5
_HELD: Final = 1e-4
"""Bins of a pair of cameras that hold less are written as nought."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """Everything learnt.

    Attributes:
        cameras: ids, in the order of the arrays of `learnt`.
        learnt: by the site's model.
        looks: what similarities say.
        tally: the day's similarities so far.
        until_utc_ns: arrivals up to then have been learnt from.
        day: the local day the tally is of, as YYYY-MM-DD.
    """

    cameras: tuple[str, ...]
    learnt: Learnt
    looks: AppearanceLikelihood
    tally: ScoreTally
    until_utc_ns: int
    day: str

    def of_cameras(self, cameras: tuple[str, ...]) -> "SiteState":
        """The same for another list of cameras: what is known of those that stayed."""
        if cameras == self.cameras:
            return self
        before = {camera: index for index, camera in enumerate(self.cameras)}
        new = [index for index, camera in enumerate(cameras) if camera in before]
        old = [before[cameras[index]] for index in new]
        count, had = len(cameras), self.learnt
        moves = np.zeros((count, count + 1))
        moves[np.ix_(new, [*new, count])] = had.moves[np.ix_(old, [*old, len(self.cameras)])]
        transits = np.zeros((count, count, BINS))
        transits[np.ix_(new, new)] = had.transits[np.ix_(old, old)]
        arrivals, newcomers = np.zeros(count), np.zeros((count, 2))
        arrivals[new], newcomers[new] = had.arrivals[old], had.newcomers[old]
        learnt = Learnt(moves, transits, arrivals, had.watched_s, newcomers)
        return SiteState(cameras, learnt, self.looks, self.tally, self.until_utc_ns, self.day)


def save_state(path: Path, state: SiteState) -> None:
    """Write a state, whole or not at all.

    Raises:
        SourceError: the disk does not take it.
    """
    learnt, tally = state.learnt, state.tally
    told: dict[str, Any] = {
        "version": VERSION,
        "cameras": list(state.cameras),
        "moves": _rounded(learnt.moves),
        "transits": _by_pair(learnt.transits),
        "arrivals": _rounded(learnt.arrivals),
        "watched_s": round(learnt.watched_s, 1),
        "newcomers": _rounded(learnt.newcomers),
        "looks": _rounded(state.looks.log_ratio),
        "tally": {
            "tracks": _rounded(tally.tracks),
            "same": _rounded(tally.same),
            "different": _rounded(tally.different),
        },
        "until_utc_ns": state.until_utc_ns,
        "day": state.day,
    }
    half = path.with_name(f"{path.name}.part")
    try:
        with half.open("w", encoding="utf-8") as file:
            json.dump(told, file, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise SourceError(
            f"What was learnt of the site cannot be written to {path}: {error}.",
            "Make room or give the service the right to write there.",
        ) from None


def load_state(path: Path) -> SiteState | None:
    """Read a state; None when there is none yet.

    Raises:
        SourceError: it cannot be read, is damaged or of another version.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["version"] != VERSION:
            raise ValueError(f"version {told['version']}, wanted {VERSION}")
        return _read(told)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(
            f"What was learnt of the site, {path}, is of no use: {error}.",
            "Move the file away; the service learns anew within some hours.",
        ) from None


def _read(told: dict[str, Any]) -> SiteState:
    cameras = tuple(str(camera) for camera in told["cameras"])
    count = len(cameras)
    transits = np.zeros((count, count, BINS))
    for here, there, first, row in told["transits"]:
        transits[here, there, first : first + len(row)] = row
    learnt = Learnt(
        _array(told["moves"], (count, count + 1)),
        transits,
        _array(told["arrivals"], (count,)),
        float(told["watched_s"]),
        _array(told["newcomers"], (count, 2)),
    )
    tally = ScoreTally()
    tally.tracks, tally.same, tally.different = (
        _array(told["tally"][name], (SCORE_BINS,)) for name in ("tracks", "same", "different")
    )
    looks = AppearanceLikelihood(np.array(told["looks"], np.float64))
    return SiteState(cameras, learnt, looks, tally, int(told["until_utc_ns"]), str(told["day"]))


def _array(values: Any, shape: tuple[int, ...]) -> Float64Array:
    array = np.array(values, np.float64)
    if array.shape != shape or not (np.isfinite(array).all() and (array >= 0).all()):
        raise ValueError(f"counts of shape {array.shape}, wanted {shape}, none below nought")
    return array


def _rounded(array: Float64Array) -> list[Any]:
    rounded: list[Any] = np.round(array, _DIGITS).tolist()
    return rounded


def _by_pair(transits: Float64Array) -> list[tuple[int, int, int, list[float]]]:
    """Only pairs and bins that hold something: here, there, first bin, counts."""
    told = []
    for here, there in np.argwhere(transits.sum(axis=2) > _HELD).tolist():
        held = np.flatnonzero(transits[here, there] > _HELD)
        if len(held):
            row = transits[here, there, held[0] : held[-1] + 1]
            told.append((here, there, int(held[0]), _rounded(row)))
    return told
