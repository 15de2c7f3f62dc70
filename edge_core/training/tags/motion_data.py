"""Recordings of one tag at rest and carried, and the windows the classifiers learn from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge_core.errors import SourceError
from edge_core.interaction.hop_tables import HopTable
from edge_core.interaction.motion_features import FEATURES, RestNulls, window_features
from edge_core.interaction.rest import joined
from edge_core.interaction.runs import lay_out
from edge_core.interaction.windows import Cut, WindowCutter, WindowPolicy
from edge_core.tag_reads import TagReads
from edge_core.types import BoolArray, Float64Array
from edge_core.units import ns_from_s


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: the tag rests throughout or is carried throughout.

    Attributes:
        name: file name without its ending.
        moving: carried.
        session: what was recorded in one go; for tags at rest, a third of the places, so that
            leaving a session out leaves out places at rest as well.
        reads: its reads.
    """

    name: str
    moving: bool
    session: str
    reads: TagReads


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of many recordings.

    Attributes:
        features: float64 (N, len(FEATURES)).
        label: bool (N,).
        name: (N,) the recording each is of.
        session: (N,) its session.
    """

    features: Float64Array
    label: BoolArray
    name: np.ndarray[tuple[int], np.dtype[np.str_]]
    session: np.ndarray[tuple[int], np.dtype[np.str_]]

    def __len__(self) -> int:
        return len(self.label)

    @classmethod
    def of(cls, rows: Sequence[tuple[Float64Array, BoolArray, str, str]]) -> "Windows":
        """Join (features, labels, name, session) of recordings."""
        counts = [len(label) for _, label, _, _ in rows]
        return cls(
            np.concatenate([np.zeros((0, len(FEATURES))), *(row[0] for row in rows)]),
            np.concatenate([np.zeros(0, bool), *(row[1] for row in rows)]),
            np.repeat([row[2] for row in rows], counts),
            np.repeat([row[3] for row in rows], counts),
        )


def load_recordings(folder: Path) -> list[Recording]:
    """The recordings under `folder`/static and `folder`/moving.

    Raises:
        SourceError: there are none, or one cannot be read.
    """
    found = []
    for moving, part in ((False, "static"), (True, "moving")):
        for path in sorted((folder / part).glob("*.csv")):
            reads = TagReads.from_csv(path)
            found.append(Recording(path.stem, moving, _session(path.stem, moving), reads))
    if not any(record.moving for record in found) or all(record.moving for record in found):
        raise SourceError(
            f"{folder} holds no recordings at rest and moving.",
            "Give the folder that holds `static` and `moving` with CSV files of tag reads.",
        )
    return found


def _session(name: str, moving: bool) -> str:
    """Walks by their series; places at rest by thirds of the floor, each tried with a walk."""
    place = re.search(r"\((\d+),", name)
    if not moving and place:
        across = int(place[1])
        return "a" if across <= 3 else "b" if across <= 7 else "c"
    series = name.partition("_")[0]
    known = {"CircleTest0": "a", "CircleTest1": "a", "CircleTest2": "b", "CircleTest3": "b"}
    return known.get(series, "c")


def thinned(
    reads: TagReads, rate_hz: float | None, antennas: int | None, rng: np.random.Generator
) -> TagReads:
    """Reads as a fuller shop would get them.

    Args:
        reads: of one tag.
        rate_hz: reads a second to keep of each antenna; all when None.
        antennas: how many antennas to keep, drawn at random; all when None.
        rng: draws which.
    """
    present = np.unique(reads.antenna)
    chosen = rng.permutation(present)[: antennas or len(present)]
    keep = np.zeros(len(reads), bool)
    span_s = float(reads.time_ns[-1] - reads.time_ns[0]) / 1e9
    for antenna in chosen:
        rows = np.flatnonzero(reads.antenna == antenna)
        if rate_hz is not None:
            wanted = rate_hz * span_s
            count = round(wanted) if rate_hz >= 1 else int(rng.poisson(wanted))
            rows = rng.permutation(rows)[: min(count, len(rows))]
        keep[rows] = True
    return reads.take(keep)


def cut_features(
    reads: TagReads, policy: WindowPolicy, table: HopTable | None, nulls: RestNulls
) -> tuple[Float64Array, Float64Array]:
    """Features of a recording's windows, and their ends in seconds."""
    cutter = WindowCutter(policy)
    features, ends = [np.zeros((0, len(FEATURES)))], [np.zeros(0)]
    for cut in _cuts(cutter, reads):
        features.append(window_features(cut.runs(table), nulls))
        ends.append(np.full(len(cut.epcs), cut.end_ns / 1e9))
    return np.concatenate(features), np.concatenate(ends)


def _cuts(cutter: WindowCutter, reads: TagReads) -> Iterator[Cut]:
    yield from cutter.push(reads)
    yield from cutter.finish()


def motion_windows(
    recordings: Sequence[Recording],
    policy: WindowPolicy,
    table: HopTable | None,
    *,
    rate_hz: float | None = None,
    antennas: int | None = None,
    seed: int = 0,
) -> Windows:
    """Windows of recordings, labelled moving or not."""
    rng, nulls = np.random.default_rng(seed), RestNulls.make()
    rows = []
    for record in recordings:
        reads = thinned(record.reads, rate_hz, antennas, rng)
        if len(reads):
            features, _ = cut_features(reads, policy, table, nulls)
            label = np.full(len(features), record.moving)
            rows.append((features, label, record.name, record.session))
    return Windows.of(rows)


def change_windows(
    recordings: Sequence[Recording],
    policy: WindowPolicy,
    table: HopTable | None,
    *,
    changes: int = 120,
    seed: int = 0,
) -> Windows:
    """Windows about the moment when one recording is followed by another of the other kind.

    They teach how little the window before says once a tag starts or stops. Both recordings are
    of one session, so that leaving a session out leaves the pair out.
    """
    rng, nulls = np.random.default_rng(seed), RestNulls.make()
    length_s = policy.short_s
    rows = []
    for _ in range(changes):
        session = rng.choice(["a", "b", "c"])
        pool = [record for record in recordings if record.session == session]
        first = pool[rng.integers(len(pool))]
        others = [record for record in pool if record.moving != first.moving]
        if not others:
            continue
        second = others[rng.integers(len(others))]
        reads, change_s = _one_after_other(first.reads, second.reads)
        features, ends = cut_features(reads, policy, table, nulls)
        near = (ends > change_s - length_s) & (ends < change_s + 2 * length_s)
        after = ends - change_s >= length_s / 2
        label = np.where(after, second.moving, first.moving)
        rows.append((features[near], label[near], f"{first.name}|{second.name}", str(session)))
    return Windows.of(rows)


def _one_after_other(first: TagReads, second: TagReads) -> tuple[TagReads, float]:
    """The second recording right after the first, and when it begins."""
    begin = int(first.time_ns[-1]) + ns_from_s(0.05)
    shift = begin - int(second.time_ns[0])
    moved = TagReads(
        second.epcs,
        second.tag,
        second.time_ns + shift,
        second.antenna,
        second.channel,
        second.rssi_dbm,
        second.phase_rad,
        second.doppler_hz,
    )
    tag = np.zeros(len(first) + len(second), np.int64)
    return joined([first, moved], (first.epcs[0],), tag), begin / 1e9


def place_windows(
    recordings: Sequence[Recording],
    table: HopTable | None,
    *,
    rate_hz: float | None = None,
    window_s: float = 2.0,
    seed: int = 0,
) -> Windows:
    """Windows of tags at rest against resting places, their own (False) or another's (True)."""
    rng, nulls = np.random.default_rng(seed), RestNulls.make()
    still = [record for record in recordings if not record.moving]
    rows = []
    for record in still:
        own = thinned(record.reads, rate_hz, None, rng)
        rest_end, span = int(own.time_ns[0]) + ns_from_s(7), ns_from_s(window_s)
        others = [other for other in still if other is not record]
        for start in range(rest_end + ns_from_s(2), int(own.time_ns[-1]) - span, ns_from_s(2)):
            window = own.take((own.time_ns >= start) & (own.time_ns < start + span))
            elsewhere = bool(rng.integers(2))
            home = others[rng.integers(len(others))] if elsewhere else record
            rest = thinned(home.reads, rate_hz, None, rng) if elsewhere else own
            rest = rest.take(rest.time_ns < rest_end)
            tag = np.zeros(len(window) + len(rest), np.int64)
            both = joined([window, rest], ("",), tag)
            runs = lay_out(both, tag, both.time_ns >= start, 1, table)
            features = window_features(runs, nulls)
            rows.append((features, np.array([elsewhere]), record.name, record.session))
    return Windows.of(rows)
