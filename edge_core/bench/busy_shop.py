"""A simulated busy shop, and what cameras tell of its people.

The crowd and what it does to garments are the simulator's, and so is the truth. What cameras tell
is modelled by errors measured on rendered pictures (`Sensors`); for tags, see `rail_readers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.special import expit

from edge_core.interaction.paths import Path
from edge_core.service.floor_paths import TRACK_SD_M
from edge_core.simulator import Scene, World
from edge_core.simulator.handling import Garment, Handled, Handling, hang
from edge_core.types import BoolArray, Float64Array
from edge_core.units import ns_from_s

TICK_S: Final = 0.25
TAIL_S: Final = 66.0
"""The truth runs on so long after what is judged: a garment carried off is gone a minute later."""
HANDS_MEAN: Final = {
    "reach": 1.22, "look": 0.93, "hold": -0.29, "cross": 0.73, "hair": 0.54, "phone": -0.11,
    "stand": -0.36, "pay": -0.36, "walk": -1.09,
}  # fmt: skip
"""Of the classifier's log odds, by what the hands do; paying was not filmed."""
DEEDS: Final = tuple(HANDS_MEAN)
_PASSING_S: Final = 0.35


@dataclass(frozen=True, slots=True)
class Sensors:
    """How wrong cameras are about people at rails, as `camera_errors` measures it.

    Measured with a camera at every rail, 3,763 looks at 45 people, and rounded. A place errs
    alike for as long as somebody stands, by half a metre and more where a rail hides the feet or
    is taken for legs, and so do looks at hands. A look depends on what the hands really do: who
    crosses the arms looks nearly as busy as who looks at a garment.

    Attributes:
        bias_sd_m: standard deviation, along each axis, of what is wrong about a place for long.
        drift_sd_m: of what changes quickly.
        drift_s: how quickly.
        bias_s: how long "for long" is.
        behind: share of the time whose places err `behind_times` as much: feet are hidden.
        before_s: how long the times in between are on average.
        behind_times: see `behind`.
        seen: share of the time a person is seen.
        gap_s: mean length of the times in between.
        look_s: from look to look at the same hands.
        hands_mean: of the classifier's log odds at even odds, by what the hands do.
        hands_sd: of the same.
        lasting: share of its variance that lasts for `hands_s`; the rest passes in half a second.
        hands_s: see there.
    """

    bias_sd_m: float = 0.14
    drift_sd_m: float = 0.1
    drift_s: float = 0.6
    bias_s: float = 15.0
    behind: float = 0.29
    before_s: float = 60.0
    behind_times: float = 2.9
    seen: float = 0.88
    gap_s: float = 1.3
    look_s: float = 0.5
    hands_mean: Mapping[str, float] = field(default_factory=lambda: dict(HANDS_MEAN))
    hands_sd: float = 1.15
    lasting: float = 0.6
    hands_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Trade:
    """What truly happened in a stretch of trade.

    Attributes:
        minutes: how long is judged; everything runs on for `TAIL_S`.
        log: what was done to garments, without what was bought.
        garments: with their ways, by tag.
        rows: float64 (N, 4) by person: time, x, y, and what the hands do, a place in `DEEDS`.
    """

    minutes: float
    log: tuple[Handled, ...]
    garments: dict[str, Garment]
    rows: dict[int, Float64Array]


def with_arrivals(scene: Scene, share: float) -> Scene:
    """The scene with so much of its usual arrivals."""
    doors = tuple(
        door.model_copy(update={"arrivals_per_min": share * door.arrivals_per_min})
        for door in scene.config.entrances
    )
    return replace(scene, config=scene.config.model_copy(update={"entrances": doors}))


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
            deed = shown.activity if shown.hands is None else shown.hands.deed
            row = (world.time_s, *shown.position_m, float(DEEDS.index(deed)))
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
    hidden = _spells(count, sensors.behind, sensors.before_s, rng)
    bias[hidden] *= sensors.behind_times
    seen = _spells(count, sensors.seen, sensors.gap_s, rng)
    kept = seen if seen.any() else np.ones(count, np.bool_)
    looked = np.flatnonzero(kept)[:: round(sensors.look_s / TICK_S)]
    time_ns = np.array([ns_from_s(float(t)) for t in rows[:, 0]], np.int64)
    return Path(
        number,
        time_ns[kept],
        (rows[:, 1:3] + bias + drift)[kept],
        TRACK_SD_M,
        time_ns[looked],
        expit(_log_odds(rows[:, 3], sensors, rng)[looked]),
    )


def _log_odds(deeds: Float64Array, sensors: Sensors, rng: np.random.Generator) -> Float64Array:
    """What the classifier says at each moment, float64 (N,), at even odds."""
    mean = np.array([sensors.hands_mean[DEEDS[int(deed)]] for deed in deeds])
    lasting = _wander(rng.normal(size=(len(deeds), 1)), sensors.hands_s)[:, 0]
    passing = _wander(rng.normal(size=(len(deeds), 1)), _PASSING_S)[:, 0]
    share = sensors.lasting
    wrong = np.sqrt(share) * lasting + np.sqrt(1 - share) * passing
    return np.asarray(mean + sensors.hands_sd * wrong, np.float64)


def _spells(count: int, share: float, out_s: float, rng: np.random.Generator) -> BoolArray:
    """Moments in and out by turns, in for this share of the time, out for so long on average."""
    found = np.zeros(count, np.bool_)
    leave = TICK_S / out_s * (1 - share) / share
    now = bool(rng.random() < share)
    for row in range(count):
        now = rng.random() >= leave if now else rng.random() < TICK_S / out_s
        found[row] = now
    return found


def _wander(white: Float64Array, lasts_s: float) -> Float64Array:
    """Noise of unit variance, (N, K), whose correlation fades with this time constant."""
    keep = float(np.exp(-TICK_S / lasts_s))
    out = white.copy()
    for row in range(1, len(white)):
        out[row] = keep * out[row - 1] + np.sqrt(1 - keep**2) * white[row]
    return out
