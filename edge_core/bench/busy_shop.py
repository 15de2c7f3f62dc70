"""A simulated busy shop, and what cameras tell of its people.

The crowd and what it does to garments are the simulator's, and so is the truth. What cameras tell
is modelled by errors measured on rendered pictures (`Sensors`); for tags, see `rail_readers`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from edge_core.interaction.paths import Path
from edge_core.simulator import Scene, World
from edge_core.simulator.handling import Garment, Handled, Handling, hang
from edge_core.types import Float64Array
from edge_core.units import ns_from_s

TICK_S: Final = 0.25
TAIL_S: Final = 66.0
"""The truth runs on so long after what is judged: a garment carried off is gone a minute later."""


@dataclass(frozen=True, slots=True)
class Sensors:
    """How wrong cameras are about people at rails, as `camera_errors` measures it.

    Measured with a camera at every rail, 1,228 moments of 20 people, and rounded. A place errs
    alike for as long as somebody stands (feet are hidden by fixtures), and the classifier's
    logits differ little between hands at goods and not. Who is not seen is so for longer in the
    pictures than here: some people are hidden all the time.

    Attributes:
        bias_sd_m: standard deviation, along each axis, of what is wrong about a place for long.
        drift_sd_m: of what changes quickly.
        drift_s: how quickly.
        bias_s: how long "for long" is.
        seen: share of the time a person is seen.
        gap_s: mean length of the times in between.
        hands_mean: of the classifier's logit, hands at goods and not.
        hands_sd: of the same.
        hands_s: how long its errors last.
        hands_share: classifier's logit at which both are equally likely.
    """

    bias_sd_m: float = 0.24
    drift_sd_m: float = 0.15
    drift_s: float = 0.6
    bias_s: float = 15.0
    seen: float = 0.68
    gap_s: float = 2.7
    hands_mean: tuple[float, float] = (-3.22, -3.86)
    hands_sd: tuple[float, float] = (0.79, 0.74)
    hands_s: float = 6.0
    hands_share: float = -3.35


@dataclass(frozen=True, slots=True)
class Trade:
    """What truly happened in a stretch of trade.

    Attributes:
        minutes: how long is judged; everything runs on for `TAIL_S`.
        log: what was done to garments, without what was bought.
        garments: with their ways, by tag.
        rows: float64 (N, 4) by person: time, x, y, and 1 while the hands are at a garment.
    """

    minutes: float
    log: tuple[Handled, ...]
    garments: dict[str, Garment]
    rows: dict[int, Float64Array]


def trade(scene: Scene, seed: int, minutes: float) -> Trade:
    """Let people handle garments."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    handling = Handling(hang(floor, [f"{n:024x}" for n in range(4000)]), seed)
    world = World(scene, seed)
    rows: dict[int, list[tuple[float, float, float, float]]] = {}
    for tick in range(1, round((minutes * 60 + TAIL_S) / TICK_S) + 1):
        people = world.advance_to(tick * TICK_S)
        handling.advance(people, world.time_s)
        for shown in handling.shown(people, world.time_s):
            busy = shown.hands is not None and shown.hands.handling
            row = (world.time_s, *shown.position_m, float(busy))
            rows.setdefault(shown.number, []).append(row)
    log = tuple(handled for handled in handling.log if handled.kind != "buy")
    return Trade(minutes, log, handling.garments, {n: np.array(seen) for n, seen in rows.items()})


def tracks(told: Trade, sensors: Sensors, seed: int) -> tuple[Path, ...]:
    """Everybody's path as cameras would tell it."""
    rng = np.random.default_rng((seed, 2))
    return tuple(_path(rows, number, sensors, rng) for number, rows in told.rows.items())


def _path(rows: Float64Array, number: int, sensors: Sensors, rng: np.random.Generator) -> Path:
    count = len(rows)
    bias = sensors.bias_sd_m * _wander(rng.normal(size=(count, 2)), sensors.bias_s)
    drift = sensors.drift_sd_m * _wander(rng.normal(size=(count, 2)), sensors.drift_s)
    noise = _wander(rng.normal(size=(count, 1)), sensors.hands_s)[:, 0]
    busy = rows[:, 3] > 0
    mean, sd = (np.where(busy, *pair) for pair in (sensors.hands_mean, sensors.hands_sd))
    # The classifier's odds hold at the share of handling it was calibrated at.
    logit = mean + sd * noise - sensors.hands_share
    seen = np.zeros(count, np.bool_)
    leave = TICK_S / sensors.gap_s * (1 - sensors.seen) / sensors.seen
    now = bool(rng.random() < sensors.seen)
    for row in range(count):
        now = rng.random() >= leave if now else rng.random() < TICK_S / sensors.gap_s
        seen[row] = now
    kept = seen if seen.any() else np.ones(count, np.bool_)
    return Path(
        number,
        np.array([ns_from_s(float(t)) for t in rows[kept, 0]], np.int64),
        (rows[:, 1:3] + bias + drift)[kept],
        float(np.hypot(sensors.bias_sd_m, sensors.drift_sd_m)),
        expit(logit[kept]),
        np.full(int(kept.sum()), np.nan),
    )


def _wander(white: Float64Array, lasts_s: float) -> Float64Array:
    """Noise of unit variance, (N, K), whose correlation fades with this time constant."""
    keep = float(np.exp(-TICK_S / lasts_s))
    out = white.copy()
    for row in range(1, len(white)):
        out[row] = keep * out[row - 1] + np.sqrt(1 - keep**2) * white[row]
    return out
