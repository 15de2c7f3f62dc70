"""The tags in view of the readers: what each is, where it is, and whether it moves."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.config import Product, Products
from edge_core.interaction import FOR_ITEMS, HopTable, TagMotion, WindowScores
from edge_core.sensing.rfid import TagIdentity, decode_epc
from edge_core.service.antennas import Antennas, Carriers, merged
from edge_core.tag_reads import ReaderBatch, TagReads
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


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one batch of reads gave.

    Attributes:
        reads: with antennas numbered through the site, see `Antennas`.
        scores: of the windows that it ended, over all readers.
    """

    reads: TagReads
    scores: WindowScores


@dataclass(slots=True)
class _Tag:
    """One tag of one reader: its newest read."""

    identity: TagIdentity
    seen_ns: int
    read_by: int


@dataclass(slots=True)
class _Window:
    """A tag's newest window, over all readers."""

    end_ns: int
    p_moving: float
    port: int


@dataclass(slots=True)
class _Reader:
    """One reader's tags, the one read last at the end."""

    tags: OrderedDict[str, _Tag] = field(default_factory=OrderedDict)


class TagTable:
    """Follows the tags of all readers; pure: no I/O and no clock.

    All readers' reads go through one `TagMotion`, for a tag's motion is one whoever sees it. Cost
    is bounded by the reads; memory by the tags in view, `MOST_TAGS` a reader, and what
    `TagMotion` keeps. Nothing of it is ever written down: tags go home with their buyers.

    Args:
        antennas: the site's.
        products: the shop's.

    Raises:
        ModelError: the model of tag motion is missing or altered.
    """

    def __init__(self, antennas: Antennas, products: Products) -> None:
        self._antennas, self._products = antennas, products
        self._carriers = Carriers()
        self._motion = self._new_motion()
        self._readers = {port.reader_id: _Reader() for port in antennas}
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._zones = {(port.reader_id, port.antenna): port.zone_id for port in antennas}

    def ingest(self, batch: ReaderBatch) -> Ingested:
        """Take in the latest reads of a reader.

        KeyError for a reader that is not the site's.
        """
        reader = self._readers[batch.reader_id]
        if self._carriers.take(batch.reader_id, batch.frequency_mhz):
            # Phases measured before the carriers were known cannot be compared with later ones.
            self._motion = self._new_motion()
        self._see(reader, batch)
        reads = merged(batch, self._antennas, self._carriers)
        scores = self._motion.push(reads)
        for tag, end_s, port, p_moving in zip(
            scores.tag.tolist(),
            scores.t1_s.tolist(),
            scores.antenna.tolist(),
            scores.p_moving.tolist(),
            strict=True,
        ):
            epc = scores.epcs[tag]
            self._windows[epc] = _Window(round(end_s * NS_PER_S), p_moving, port)
            self._windows.move_to_end(epc)
        while len(self._windows) > MOST_TAGS * len(self._readers):
            self._windows.popitem(last=False)
        return Ingested(reads, scores)

    def _new_motion(self) -> TagMotion:
        mhz = self._carriers.frequency_mhz
        return TagMotion(
            table=HopTable("of the site", np.array(mhz, np.float64)) if mhz else None,
            policy=FOR_ITEMS,
            passing=self._antennas.passing,
            origin_ns=0,
        )

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

    def port_of(self, epc: str) -> int:
        """The antenna that saw a tag best in its newest window, see `Antennas`; 0 if none did."""
        window = self._windows.get(epc)
        return window.port if window is not None else 0

    def product_of(self, epc: str) -> Product | None:
        """The shop's product that a tag in view is on, or None."""
        for reader in self._readers.values():
            if epc in reader.tags:
                return self._products.of_gtin(reader.tags[epc].identity.gtin)
        return self._products.of_gtin(decode_epc(epc).gtin)

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
        for epc, tag in sorted(reader.tags.items()):
            window = self._windows.get(epc)
            if window is not None and tag.seen_ns - window.end_ns > _WINDOW_STANDS_NS:
                window = None
            best = self._antennas.port(window.port) if window is not None else None
            own = best is not None and best.reader_id == reader_id
            antenna = best.antenna if own and best is not None else tag.read_by
            product = self._products.of_gtin(tag.identity.gtin)
            yield TagInView(
                reader_id=reader_id,
                identity=tag.identity,
                sku=product.sku if product else "",
                antenna=antenna,
                zone_id=self._zones.get((reader_id, antenna), ""),
                p_moving=window.p_moving if window is not None else None,
                seen_mono_ns=tag.seen_ns,
            )
