"""What a window of reads tells about motion, whatever the antennas' number and distances.

Every feature compares reads of one antenna with one another, so neither a tag's place nor its
absolute signal strength matters; antennas are then averaged by their reads in the window. All
phases are doubled first, which removes the reader's ambiguity of pi.

A tag at rest has phase = a + b f along the carrier frequency f (b from distance and cables),
bent by reflections. So phases are compared after the best slope b is removed, and pairs of reads
count the more the closer their frequencies. A moving tag loses both within a few decimetres.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.interaction.divergence import RestDivergence, normal_bins
from edge_core.interaction.runs import Runs
from edge_core.types import BoolArray, Float64Array, Int64Array

FEATURES: Final = (
    "rssi_sd",
    "rssi_range",
    "phase_sd",
    "same_channel_phase",
    "same_channel_rssi",
    "doppler",
    "count_change",
    "coherence",
    "coherence_joint",
    "prediction",
    "pair_phase",
    "pair_phase_joint",
    "pair_phase_cross",
    "pair_rssi",
    "pair_rssi_joint",
    "pair_rssi_cross",
    "js_rssi_naive",
    "js_phase_naive",
    "js_rssi",
    "js_phase",
    "rssi_shift",
)
"""Columns of `window_features`."""

_SLOPES: Final = np.arange(0.0, 1.0, 0.025)
"""Turn of the doubled phase per 0.5 MHz: 0.042 for each metre of distance and cable delay."""
_CHANCE: Final = 2.3
"""Mean of n |coherence|^2 for unrelated phases: the greatest of some five independent slopes."""
_NEAR_STEPS: Final = 9.0
_APART_S: Final = 0.3
_BINS: Final = 16
_RSSI_BINS: Final = 32

ComplexArray = np.ndarray[tuple[int, ...], np.dtype[np.complex128]]


_REST_RSSI_SD_DBM: Final = 1.8
_REST_PHASE_SD_RAD: Final = 0.68
"""Of the doubled phase with its slope along frequency removed: noise and reflections."""


@dataclass(frozen=True, slots=True)
class RestNulls:
    """What divergence to expect of a tag at rest, for RSSI and for phase."""

    rssi: RestDivergence
    phase: RestDivergence

    @classmethod
    def make(cls) -> "RestNulls":
        """For the bins used here; spreads measured on recordings of tags at rest."""
        return cls(
            RestDivergence(normal_bins(_REST_RSSI_SD_DBM, 1.0, _RSSI_BINS)),
            RestDivergence(normal_bins(_REST_PHASE_SD_RAD, 2 * np.pi / _BINS, _BINS)),
        )


@dataclass(frozen=True, slots=True)
class _Turned:
    """Doubled phases with the slope along frequency removed, and how well that fits, by run."""

    z: ComplexArray
    coherence: Float64Array
    coherence_joint: Float64Array
    prediction: Float64Array


def window_features(runs: Runs, rest: RestNulls) -> Float64Array:
    """Features of each window against its reference.

    Args:
        runs: reads by window, antenna and time.
        rest: divergence to expect of a tag at rest.

    Returns:
        float64 (B, len(FEATURES)); NaN where the reads do not tell.
    """
    count = runs.count(runs.now)
    reference = runs.count(~runs.now)
    by_run = np.full((len(count), len(FEATURES)), np.nan)
    if len(count):
        columns: dict[str, Float64Array] = {}
        _statistics(runs, count, reference, columns)
        _same_channel(runs, columns)
        turned = _turned(runs, count, reference)
        columns["coherence"] = turned.coherence
        columns["coherence_joint"] = turned.coherence_joint
        columns["prediction"] = turned.prediction
        _pairs(runs, turned.z, columns)
        _divergences(runs, turned.z, rest, columns)
        by_run = np.stack([columns[name] for name in FEATURES], axis=1)
    return _by_window(runs, by_run, count)


def _by_window(runs: Runs, by_run: Float64Array, count: Int64Array) -> Float64Array:
    """Mean over a window's antennas, weighted by reads in the window, of what is known."""
    weight = np.where(np.isnan(by_run), 0.0, count[:, None].astype(np.float64))
    total = np.zeros((runs.windows, by_run.shape[1]))
    mass = np.zeros_like(total)
    np.add.at(total, runs.window, np.nan_to_num(by_run) * weight)
    np.add.at(mass, runs.window, weight)
    return np.where(mass > 0, total / np.maximum(mass, 1e-12), np.nan)


def _where(condition: BoolArray, value: Float64Array) -> Float64Array:
    return np.where(condition, value, np.nan)


def _spread(runs: Runs, values: Float64Array, chosen: BoolArray) -> Float64Array:
    """Sample standard deviation by run; NaN below three values."""
    n = runs.count(chosen)
    mean = runs.sum(values, chosen) / np.maximum(n, 1)
    squares = runs.sum((values - mean[runs.run]) ** 2, chosen)
    return _where(n >= 3, np.sqrt(squares / np.maximum(n - 1, 1)))


def _statistics(
    runs: Runs, count: Int64Array, reference: Int64Array, out: dict[str, Float64Array]
) -> None:
    """RSSI, raw phase, Doppler and read-count figures of each run."""
    now, rssi = runs.now, runs.rssi_dbm
    out["rssi_sd"] = _spread(runs, rssi, now)
    top, bottom = np.full(len(count), -np.inf), np.full(len(count), np.inf)
    np.maximum.at(top, runs.run[now], rssi[now])
    np.minimum.at(bottom, runs.run[now], rssi[now])
    out["rssi_range"] = _where(count >= 3, np.where(count > 0, top - bottom, 0.0))
    known = now & np.isfinite(runs.phase_rad)
    z = np.exp(2j * np.where(known, runs.phase_rad, 0.0))
    n = runs.count(known)
    length = np.hypot(runs.sum(z.real, known), runs.sum(z.imag, known)) / np.maximum(n, 1)
    out["phase_sd"] = _where(n >= 3, np.sqrt(-2 * np.log(np.clip(length, 1e-3, 1.0))) / 2)
    told = now & np.isfinite(runs.doppler_hz)
    out["doppler"] = np.log(_spread(runs, np.nan_to_num(runs.doppler_hz), told) + 1.25)
    both = (count > 0) & (reference > 0)
    out["count_change"] = _where(both, np.abs(np.log((count + 1) / (reference + 1))))
    means = (
        runs.sum(rssi, now) / np.maximum(count, 1),
        runs.sum(rssi, ~now) / np.maximum(reference, 1),
    )
    out["rssi_shift"] = _where(both, np.abs(means[0] - means[1]))


def _same_channel(runs: Runs, out: dict[str, Float64Array]) -> None:
    """Change between one read and the next of the same channel and antenna in the window."""
    rows = np.flatnonzero(runs.now)
    rows = rows[np.lexsort((runs.time_s[rows], runs.channel[rows], runs.run[rows]))]
    before, after = rows[:-1], rows[1:]
    same = (runs.run[before] == runs.run[after]) & (runs.channel[before] == runs.channel[after])
    before, after = before[same], after[same]
    size = len(runs.window)
    turn = runs.phase_rad[after] - runs.phase_rad[before]
    folded = np.abs((turn + np.pi / 2) % np.pi - np.pi / 2)
    known = np.isfinite(folded)
    step = np.abs(runs.rssi_dbm[after] - runs.rssi_dbm[before])
    for name, values, chosen in (
        ("same_channel_phase", folded, known),
        ("same_channel_rssi", step, np.ones(len(step), bool)),
    ):
        owner = runs.run[after][chosen]
        n = np.bincount(owner, minlength=size)
        total = np.bincount(owner, weights=values[chosen], minlength=size)
        out[name] = _where(n > 0, total / np.maximum(n, 1))


def _turned(runs: Runs, count: Int64Array, reference: Int64Array) -> _Turned:
    """Find each run's slope of phase along frequency and remove it."""
    known = np.isfinite(runs.phase_rad) & np.isfinite(runs.step)
    step = np.where(known, runs.step, 0.0)
    z = np.where(known, np.exp(2j * np.nan_to_num(runs.phase_rad)), 0.0)
    levels, level = np.unique(step, return_inverse=True)
    turned = z[:, None] * np.exp(-1j * np.outer(levels, _SLOPES))[level]
    starts = np.flatnonzero(np.diff(runs.run, prepend=-1))
    inside = np.add.reduceat(np.where(runs.now[:, None], turned, 0.0), starts)
    joint = np.add.reduceat(turned, starts)
    outside = joint - inside
    n, m = runs.count(runs.now & known), runs.count(~runs.now & known)
    best = np.abs(joint).argmax(axis=1)
    rows = np.arange(len(starts))
    guess = np.abs(outside).argmax(axis=1)
    direction = outside[rows, guess]
    agreement = (inside[rows, guess] * direction.conj()).real / np.maximum(np.abs(direction), 1e-9)
    if not known.any():  # no table: only reads of one channel compare, and need no turning
        z_turned = np.exp(2j * runs.phase_rad)
    else:
        z_turned = np.where(known, turned[np.arange(len(z)), best[runs.run]], np.nan)
    return _Turned(
        z=z_turned,
        coherence=_unbiased(np.abs(inside).max(axis=1), n),
        coherence_joint=_where((n > 0) & (m > 0), _unbiased(np.abs(joint).max(axis=1), n + m)),
        prediction=_where((n >= 1) & (m >= 3), agreement / np.maximum(n, 1)),
    )


def _unbiased(length: Float64Array, n: Int64Array) -> Float64Array:
    """Squared coherence less its mean for unrelated phases; NaN below four reads."""
    value = (length**2 / np.maximum(n, 1) - _CHANCE) / np.maximum(n - _CHANCE, 1.0)
    return _where(n >= 4, np.clip(value, -0.5, 1.0))


def _pairs(runs: Runs, z: ComplexArray, out: dict[str, Float64Array]) -> None:
    """Agreement of pairs of reads close in frequency; those across time ask if the tag stayed."""
    first, second = _all_pairs(runs)
    owner, size = runs.run[first], len(runs.window)
    if np.isfinite(runs.step).any():
        lag = np.abs(runs.step[first] - runs.step[second]) / _NEAR_STEPS
        near = np.nan_to_num(np.exp(-(lag**2)))
    else:
        near = (runs.channel[first] == runs.channel[second]).astype(np.float64)
    alike = (z[first] * z[second].conj()).real
    told = np.isfinite(alike)
    values = {
        "phase": (np.where(told, alike, 0.0), near * told),
        "rssi": ((runs.rssi_dbm[first] - runs.rssi_dbm[second]) ** 2, near),
    }
    apart = np.abs(runs.time_s[first] - runs.time_s[second]) > _APART_S
    kinds = {
        "": runs.now[first] & runs.now[second],
        "_joint": apart & (runs.now[first] | runs.now[second]),
        "_cross": apart & (runs.now[first] ^ runs.now[second]),
    }
    for kind, chosen in kinds.items():
        for name, (value, weight) in values.items():
            mass = np.bincount(owner, weights=weight * chosen, minlength=size)
            total = np.bincount(owner, weights=weight * chosen * value, minlength=size)
            mean = _where(mass > 0.5, total / np.maximum(mass, 0.5))
            out[f"pair_{name}{kind}"] = np.sqrt(mean) if name == "rssi" else mean


def _all_pairs(runs: Runs) -> tuple[Int64Array, Int64Array]:
    """Every two reads of a run, the earlier first, int64 (P,) each."""
    index = np.arange(len(runs.run))
    end = np.searchsorted(runs.run, runs.run, "right")
    later = end - index - 1
    first = np.repeat(index, later)
    begin = np.cumsum(later) - later
    second = first + 1 + np.arange(len(first)) - begin[first]
    return first, second


def _divergences(
    runs: Runs, z: ComplexArray, rest: RestNulls, out: dict[str, Float64Array]
) -> None:
    """Jensen-Shannon divergence of RSSI and phase between window and reference, by run."""
    size = len(runs.window)
    floor = np.full(size, np.inf)
    np.minimum.at(floor, runs.run, np.floor(runs.rssi_dbm))
    level = np.clip(np.floor(runs.rssi_dbm) - floor[runs.run], 0, _RSSI_BINS - 1).astype(np.int64)
    everywhere = np.ones(len(level), bool)
    out["js_rssi_naive"], out["js_rssi"] = rest.rssi.excess(
        *_histograms(runs, level, everywhere, _RSSI_BINS)
    )
    known = np.isfinite(runs.phase_rad)
    share = np.nan_to_num(runs.phase_rad) / (2 * np.pi)
    raw, _ = rest.phase.excess(*_histograms(runs, _circular(share), known, _BINS))
    out["js_phase_naive"] = raw
    known = np.isfinite(z) & np.isfinite(runs.step)
    share = np.angle(np.where(known, z, 1.0)) / (2 * np.pi)
    _, above = rest.phase.excess(*_histograms(runs, _circular(share), known, _BINS))
    out["js_phase"] = above


def _circular(share: Float64Array) -> Int64Array:
    """Bin of a share of a full turn."""
    return np.asarray(np.floor(share * _BINS).astype(np.int64) % _BINS)


def _histograms(
    runs: Runs, bin_of: Int64Array, known: BoolArray, bins: int
) -> tuple[Int64Array, Int64Array]:
    """Counts of each run's window and reference, int64 (G, bins) each."""
    size = len(runs.window)
    cell = runs.run * bins + bin_of
    now, reference = (
        np.bincount(cell[known & half], minlength=size * bins).reshape(size, bins)
        for half in (runs.now, ~runs.now)
    )
    return now, reference
