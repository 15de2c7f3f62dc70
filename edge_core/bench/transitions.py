"""How well transit times learnt of real walkers foretell those of others: Market-1501's file names.

Six cameras before a supermarket; names tell person, camera, sequence and frame (25 a second), and
no picture is needed. A transit runs from the last frame of a person in one camera to the first in
another; those over half an hour, or of views that overlap by more than `LAG_S`, are left out.
People are dealt into three folds; each fold's transits are judged by what was learnt of the others.

Learnt twice. `labelled` is told who is who in the folds it learns from. `unlabelled` is not: it
sees tracks with simulated looks, as alike as the shipped embedders find real people kept apart
from training (`tracklet_mall.LOOKS`), and links them by itself as the service does. Two embedders:
`reid-s` was trained on other people of these six cameras, `reid-s-open` never saw them. The looks
are drawn by the true ids of the people learnt from, for there are no pictures here; the learner
sees similarities only, and no id of those it is judged by.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.intervals import with_interval
from edge_core.bench.linking import HORIZON_S, follow
from edge_core.bench.tracklet_mall import LOOKS, LookMaker, Track
from edge_core.errors import SourceError
from edge_core.identity.site_graph import UNKNOWN_M, SiteGraph
from edge_core.identity.site_model import SiteModel
from edge_core.identity.transit import LAG_S
from edge_core.types import Float64Array, Int64Array

CAMERAS: Final = 6
FPS: Final = 25
SPLIT_S: Final = 20.0
"""Somebody not seen for longer by a camera begins another track there."""
SEQUENCE_S: Final = 20_000.0
"""Sequences are played one after another, so far apart that nobody walks from one to the next."""
FOLDS: Final = 3
UNLABELLED: Final = {
    "unlabelled, looks as reid-s": "reid-s-int8",
    "unlabelled, looks as reid-s-open": "reid-s-open-int8",
}
_NAME: Final = re.compile(r"(\d+)_c(\d)s(\d)_(\d+)_\d+\.jpg")
_SEED: Final = 5


@dataclass(frozen=True, slots=True)
class Transits:
    """Transits of labelled people: arrays (N,) of person, camera left, camera reached, seconds."""

    person: Int64Array
    here: Int64Array
    there: Int64Array
    seconds: Float64Array


def read_tracks(path: Path) -> list[tuple[int, int, float, float]]:
    """Person, camera from 0, start and end in seconds of every track, by start.

    Raises:
        SourceError: no such file, or nothing in it.
    """
    try:
        with gzip.open(path, "rt") as file:
            names = [match.groups() for line in file if (match := _NAME.match(line))]
    except OSError as error:
        raise SourceError(
            f"The list of transitions {path} cannot be read: {error}.",
            "Give --data the folder that has transitions/market_train.txt.gz.",
        ) from None
    rows = sorted(
        (int(person), int(camera) - 1, int(sequence), int(frame))
        for person, camera, sequence, frame in names
    )
    tracks = []
    for (person, camera, sequence), group in groupby(rows, key=itemgetter(0, 1, 2)):
        times = [sequence * SEQUENCE_S + row[3] / FPS for row in group]
        start = times[0]
        for now, after in pairwise([*times, np.inf]):
            if after - now > SPLIT_S:
                tracks.append((person, camera, start, now))
                start = after
    return sorted(tracks, key=itemgetter(2))


def transits_of(tracks: list[tuple[int, int, float, float]]) -> Transits:
    """Moves between cameras of one person after another."""
    found = []
    for person, group in groupby(sorted(tracks, key=itemgetter(0, 2)), key=itemgetter(0)):
        for (_, here, _, left), (_, there, came, _) in pairwise(list(group)):
            if here != there and -LAG_S < came - left <= HORIZON_S:
                found.append((person, here, there, came - left))
    table = np.array(found, np.float64)
    ids = table[:, :3].astype(np.int64)
    return Transits(ids[:, 0], ids[:, 1], ids[:, 2], table[:, 3])


def open_graph() -> SiteGraph:
    """Cameras of which nothing is known but that there are six."""
    names = tuple(f"c{number + 1}" for number in range(CAMERAS))
    everywhere = np.ones((CAMERAS, CAMERAS), np.bool_)
    walk_m = np.full((CAMERAS, CAMERAS), UNKNOWN_M)
    return SiteGraph(names, walk_m, everywhere, np.ones(CAMERAS, np.bool_))


def learnt_with_labels(known: Transits) -> SiteModel:
    """The site's model, told every transit of the people it may know."""
    model = SiteModel(open_graph(), HORIZON_S)
    for here, there, seconds in zip(
        known.here.tolist(), known.there.tolist(), known.seconds.tolist(), strict=True
    ):
        model.learn_move(here, there, seconds, 1.0)
    return model


def learnt_without(tracks: list[tuple[int, int, float, float]], embedder: str) -> SiteModel:
    """The site's model after the product has linked these tracks by itself."""
    looks = LookMaker(LOOKS[embedder], None, _SEED)
    people = {person: looks.person() for person in sorted({track[0] for track in tracks})}
    seen = [
        Track(person, camera, start_s, end_s, looks.look(*people[person]))
        for person, camera, start_s, end_s in tracks
    ]
    return follow(open_graph(), seen, "fused", judged_from_s=np.inf).model


def log_likelihoods(data: Path) -> dict[str, tuple[Int64Array, Float64Array]]:
    """Person (N,) and ln p(t | cameras) (N,) of every transit, by way of foretelling."""
    tracks = read_tracks(data / "transitions" / "market_train.txt.gz")
    every = transits_of(tracks)
    people = np.unique(every.person)
    fold_of = dict(
        zip(
            np.random.default_rng(_SEED).permutation(people).tolist(),
            np.arange(len(people)) % FOLDS,
            strict=True,
        )
    )
    fold = np.array([fold_of[person] for person in every.person.tolist()])
    told: dict[str, list[Float64Array]] = {}
    for number in range(FOLDS):
        held = fold == number
        known = _taken(every, ~held)
        asked = _taken(every, held)
        others = [track for track in tracks if fold_of.get(track[0], -1) != number]
        values = {
            "uniform": np.full(int(held.sum()), -np.log(HORIZON_S + LAG_S)),
            "one log-normal": _log_normal(known.seconds)(asked.seconds),
            "labelled": _density(learnt_with_labels(known), asked),
        } | {
            name: _density(learnt_without(others, embedder), asked)
            for name, embedder in UNLABELLED.items()
        }
        for name, value in values.items():
            told.setdefault(name, []).append(value)
    person = np.concatenate([every.person[fold == number] for number in range(FOLDS)])
    return {name: (person, np.concatenate(parts)) for name, parts in told.items()}


def measure(data: Path | None, note: Callable[[str], None]) -> list[Figure]:
    """Log likelihood per transit of people kept apart, in nats, with intervals over people."""
    if data is None:
        note("transits of real walkers: left out, --data names no folder")
        return []
    told = log_likelihoods(data)
    figures = []
    say = "real transits, log likelihood"
    for name, (person, value) in told.items():
        figures += with_interval(f"{say}, {name}", person, value, "nats")
    for way in UNLABELLED:
        person, best = told[way]
        for name in ("uniform", "one log-normal"):
            ahead = best - told[name][1]
            figures += with_interval(f"{say}, {way}, ahead of {name}", person, ahead, "nats")
    return figures


def _taken(transits: Transits, rows: np.ndarray) -> Transits:
    return Transits(
        transits.person[rows], transits.here[rows], transits.there[rows], transits.seconds[rows]
    )


def _density(model: SiteModel, asked: Transits) -> Float64Array:
    return model.transits.log_density(asked.here, asked.there, asked.seconds)


def _log_normal(known_s: Float64Array) -> Callable[[Float64Array], Float64Array]:
    """Log density of one log-normal for all pairs, its parameters the most likely."""
    logs = np.log(known_s + LAG_S)
    mean, sd = float(logs.mean()), float(logs.std())

    def density(seconds: Float64Array) -> Float64Array:
        lagged = np.log(seconds + LAG_S)
        z = (lagged - mean) / sd
        return np.asarray(-0.5 * z**2 - np.log(sd * np.sqrt(2 * np.pi)) - lagged)

    return density
