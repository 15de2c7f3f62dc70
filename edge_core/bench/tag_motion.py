"""A full shop's reads through LLRP decoding, tag motion and item states, in processor time."""

import time
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.reader import frames_of
from edge_core.interaction import ItemStates, TagMotion
from edge_core.llrp import decode_message
from edge_core.sensing.rfid.reports import ReadCollector
from edge_core.tag_reads import TagReads
from edge_core.units import NS_PER_S

_TAGS: Final = 1000
_READS_HZ: Final = 1000
_WARM_S: Final = 12
_SECONDS: Final = 30
_DWELL_S: Final = 0.203
_CHANNELS: Final = 50
_ANTENNAS: Final = 4


def measure() -> list[Figure]:
    """Share of one core that 1,000 tags at 1,000 reads a second take, second by second.

    The reads come as the messages of an Impinj reader, one a read, which is the dearest way.
    """
    rng = np.random.default_rng(0)
    phase_rad = rng.uniform(0, 2 * np.pi, (_TAGS, _ANTENNAS + 1))
    motion, states = TagMotion(), ItemStates()
    spent = np.zeros(3)
    for second in range(_WARM_S + _SECONDS):
        frames = frames_of(_second(second, phase_rad, rng))
        marks = [time.process_time()]
        reads = _decoded(frames, second)
        marks.append(time.process_time())
        scores = motion.push(reads)
        marks.append(time.process_time())
        states.push(scores)
        marks.append(time.process_time())
        if second >= _WARM_S:
            spent += np.diff(marks)
    share = 100 * spent / _SECONDS
    what = f"{_TAGS} tags, {_READS_HZ} reads/s: share of one core"
    return [
        Figure(f"LLRP decoding, {what}", float(share[0]), "%", None, None, _SECONDS),
        Figure(f"tag motion, {what}", float(share[1]), "%", None, None, _SECONDS),
        Figure(f"item states, {what}", float(share[2]), "%", None, None, _SECONDS),
        Figure(f"the three together, {what}", float(share.sum()), "%", None, None, _SECONDS),
    ]


def _decoded(frames: list[bytes], second: int) -> TagReads:
    """The reads of a second's messages."""
    collector = ReadCollector()
    for frame in frames:
        collector.add(decode_message(frame), (second + 1) * NS_PER_S)
    return collector.take()


def _second(second: int, phase_rad: np.ndarray, rng: np.random.Generator) -> TagReads:
    """A second's reads of tags at rest."""
    count = _READS_HZ
    time_ns = np.sort(rng.integers(second * NS_PER_S, (second + 1) * NS_PER_S, count))
    tag = rng.integers(0, _TAGS, count)
    antenna = rng.integers(1, _ANTENNAS + 1, count)
    phase = phase_rad[tag, antenna] + rng.normal(0, 0.15, count)
    channel = (time_ns / NS_PER_S / _DWELL_S).astype(np.int64) % _CHANNELS + 1
    return TagReads(
        tuple(f"{number:024x}" for number in range(_TAGS)),
        tag.astype(np.int32),
        time_ns.astype(np.int64),
        antenna.astype(np.int16),
        channel.astype(np.int16),
        (-60 + rng.normal(0, 1.5, count)).astype(np.float32),
        (phase % (2 * np.pi)).astype(np.float32),
        rng.normal(0, 40, count).astype(np.float32),
    )
