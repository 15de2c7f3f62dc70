"""The tags in view of the readers: what each is, where it is, and whether it moves."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.config import ReaderConfig
from edge_core.interaction import HopTable, TagMotion, WindowScores
from edge_core.sensing.rfid import SkuTable, TagIdentity, decode_epc
from edge_core.types import ReaderBatch
from edge_core.units import NS_PER_S

IN_VIEW_NS: Final = 10 * NS_PER_S
"""A tag nobody has read for so long is out of view."""
MOST_TAGS: Final = 20_000
"""Of one reader; beyond it the ones not read for longest are dropped."""
_WINDOW_STANDS_NS: Final = 6 * NS_PER_S
"""So long after its end a window still tells of a tag; beyond, too few reads make windows."""


@dataclass(frozen=True, slots=True)
class TagInView:
    """One tag that a reader sees now.

    Attributes:
        reader_id: which reader.
        identity: what the EPC says.
        sku: the shop's number of the product, or "" when unknown.
        antenna: the reader's antenna that sees it best, else that read it last.
        zone_id: what that antenna looks at, or "".
        p_moving: probability that it moved by itself in the last window, None while unknown.
        seen_mono_ns: its newest read.
    """

    reader_id: str
    identity: TagIdentity
    sku: str
    antenna: int
    zone_id: str
    p_moving: float | None
    seen_mono_ns: int


@dataclass(slots=True)
class _Tag:
    """One tag: its newest read, and its newest window if there was one."""

    identity: TagIdentity
    seen_ns: int
    read_by: int
    window_end_ns: int | None = None
    p_moving: float = 0.0
    strongest: int = 0

    @property
    def has_window(self) -> bool:
        """Whether its newest window still tells of it."""
        end_ns = self.window_end_ns
        return end_ns is not None and self.seen_ns - end_ns <= _WINDOW_STANDS_NS


@dataclass(slots=True)
class _Reader:
    """One reader's tags, the one read last at the end."""

    zones: dict[int, str]
    motion: TagMotion
    frequency_mhz: tuple[float, ...] = ()
    tags: OrderedDict[str, _Tag] = field(default_factory=OrderedDict)


class TagTable:
    """Follows the tags of all readers; pure: no I/O and no clock.

    Cost is bounded by the reads; memory by the tags in view, `MOST_TAGS` a reader, and what
    `TagMotion` keeps. Nothing of it is ever written down: tags go home with their buyers.

    Args:
        readers: the site's readers.
        skus: the shop's products.

    Raises:
        ModelError: the model of tag motion is missing or altered.
    """

    def __init__(self, readers: Sequence[ReaderConfig], skus: SkuTable) -> None:
        self._skus = skus
        self._readers = {
            reader.id: _Reader(
                {antenna.number: antenna.zone or "" for antenna in reader.antennas},
                TagMotion(table=None),
            )
            for reader in readers
        }

    def ingest(self, batch: ReaderBatch) -> WindowScores:
        """Take in the latest reads of a reader; returns what they say of motion.

        KeyError for a reader that is not the site's.
        """
        reader = self._readers[batch.reader_id]
        if batch.frequency_mhz and batch.frequency_mhz != reader.frequency_mhz:
            # Phases measured before the carriers were known cannot be compared with later ones.
            reader.frequency_mhz = batch.frequency_mhz
            table = HopTable(batch.reader_id, np.array(batch.frequency_mhz, np.float64))
            reader.motion = TagMotion(table=table)
        self._see(reader, batch)
        # A reader that tells no strength or antenna leaves nothing to compare.
        told = np.isfinite(batch.reads.rssi_dbm) & (batch.reads.antenna > 0)
        scores = reader.motion.push(batch.reads.take(told))
        for tag, end_s, antenna, p_moving in zip(
            scores.tag.tolist(),
            scores.t1_s.tolist(),
            scores.antenna.tolist(),
            scores.p_moving.tolist(),
            strict=True,
        ):
            known = reader.tags.get(scores.epcs[tag])
            if known is not None:
                known.strongest, known.p_moving = antenna, p_moving
                known.window_end_ns = round(end_s * NS_PER_S)
        return scores

    def _see(self, reader: _Reader, batch: ReaderBatch) -> None:
        reads = batch.reads
        for tag, time_ns, antenna in zip(
            reads.tag.tolist(), reads.time_ns.tolist(), reads.antenna.tolist(), strict=True
        ):
            epc = reads.epcs[tag]
            known = reader.tags.get(epc)
            if known is None:
                reader.tags[epc] = _Tag(decode_epc(epc), time_ns, antenna)
                continue
            reader.tags.move_to_end(epc)
            known.seen_ns, known.read_by = time_ns, antenna
        while len(reader.tags) > MOST_TAGS:
            reader.tags.popitem(last=False)

    def in_view(self, now_mono_ns: int) -> list[TagInView]:
        """The tags in view at a moment, reader by reader, by EPC; the others are forgotten."""
        return [
            tag
            for reader_id, reader in self._readers.items()
            for tag in self._of(reader_id, reader, now_mono_ns - IN_VIEW_NS)
        ]

    def _of(self, reader_id: str, reader: _Reader, since_ns: int) -> Iterator[TagInView]:
        while reader.tags and next(iter(reader.tags.values())).seen_ns < since_ns:
            reader.tags.popitem(last=False)
        for _, tag in sorted(reader.tags.items()):
            antenna = tag.strongest if tag.has_window else tag.read_by
            yield TagInView(
                reader_id=reader_id,
                identity=tag.identity,
                sku=self._skus.sku_of(tag.identity) or "",
                antenna=antenna,
                zone_id=reader.zones.get(antenna, ""),
                p_moving=tag.p_moving if tag.has_window else None,
                seen_mono_ns=tag.seen_ns,
            )
