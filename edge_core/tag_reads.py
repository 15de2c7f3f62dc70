"""Reads of RFID tags, as records that pass between stages and as tables."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import tau
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge_core.errors import SourceError
from edge_core.types import (
    BoolArray,
    Float32Array,
    Float64Array,
    Int16Array,
    Int32Array,
    Int64Array,
    checked,
)
from edge_core.units import NS_PER_US

TAG_READ_COLUMNS = ("time_us", "antenna", "channel", "rssi_dbm", "phase_raw", "doppler_raw", "epc")
"""Columns of a recording of tag reads, as `TagReads.from_csv` wants them."""


_READ_COLUMNS = (
    "tag", "time_ns", "antenna", "channel", "rssi_dbm", "phase_rad", "doppler_hz"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TagReads:
    """Tag reads of one reader in the order they were made.

    Attributes:
        epcs: the tags, EPC in hexadecimal, each once; rows name one by its place here.
        tag: int32 (N,), index into `epcs`.
        time_ns: int64 (N,), never falling; monotonic clock for live reads, time since the
            start for recordings.
        antenna: int16 (N,), the reader's antenna number from 1.
        channel: int16 (N,), channel index from 1, as the reader counts its hop table.
        rssi_dbm: float32 (N,).
        phase_rad: float32 (N,), backscatter phase in 0..2 pi; NaN where the reader tells none.
        doppler_hz: float32 (N,), Doppler shift; NaN where the reader tells none.
    """

    epcs: tuple[str, ...]
    tag: Int32Array
    time_ns: Int64Array
    antenna: Int16Array
    channel: Int16Array
    rssi_dbm: Float32Array
    phase_rad: Float32Array
    doppler_hz: Float32Array

    def __post_init__(self) -> None:
        count = len(self.time_ns)
        checked(self.tag, "tag", (count,), np.int32)
        checked(self.time_ns, "time_ns", (count,), np.int64)
        checked(self.antenna, "antenna", (count,), np.int16)
        checked(self.channel, "channel", (count,), np.int16)
        checked(self.rssi_dbm, "rssi_dbm", (count,), np.float32)
        checked(self.phase_rad, "phase_rad", (count,), np.float32)
        checked(self.doppler_hz, "doppler_hz", (count,), np.float32)
        if count and not (self.tag.min() >= 0 and self.tag.max() < len(self.epcs)):
            raise ValueError(f"tag must index the {len(self.epcs)} epcs")
        if np.any(np.diff(self.time_ns) < 0):
            raise ValueError("time_ns must never fall")

    def __len__(self) -> int:
        return len(self.time_ns)

    def take(self, rows: Int64Array | BoolArray | slice) -> "TagReads":
        """The reads of the given rows, in rising order, with the same `epcs`.

        What was checked of all reads holds of some, so it is not checked again.
        """
        return _unchecked(self.epcs, [getattr(self, column)[rows] for column in _READ_COLUMNS])

    def followed_by(self, later: "TagReads") -> "TagReads":
        """These reads and later ones of the same `epcs`.

        Raises:
            ValueError: the others have other `epcs`, or begin before these end.
        """
        if later.epcs != self.epcs:
            raise ValueError("reads that follow one another must have the same epcs")
        if len(self) and len(later) and later.time_ns[0] < self.time_ns[-1]:
            raise ValueError("time_ns must never fall")
        return _unchecked(
            self.epcs,
            [np.concatenate((getattr(self, it), getattr(later, it))) for it in _READ_COLUMNS],
        )

    def of_one(self, epc: str) -> "TagReads":
        """The same reads, all said to be of one tag."""
        columns = [getattr(self, column) for column in _READ_COLUMNS]
        return _unchecked((epc,), [np.zeros_like(self.tag), *columns[1:]])

    @classmethod
    def empty(cls) -> "TagReads":
        """No reads."""
        return _tag_reads([], np.zeros((0, 6)))

    @classmethod
    def from_csv(cls, path: str | Path) -> "TagReads":
        """A recording with the columns TAG_READ_COLUMNS, in any order of time.

        `phase_raw` counts 4096 steps a turn and `doppler_raw` sixteenths of a hertz, as
        Impinj readers report them; an empty cell is unknown.

        Raises:
            SourceError: no such file, or it is no such recording.
        """
        try:
            with Path(path).open(newline="", encoding="utf-8") as file:
                header, *rows = list(csv.reader(file)) or [[]]
            epcs = [row[header.index("epc")] for row in rows]
            table = np.array(list(_numbers(header, rows)), np.float64).reshape(len(rows), 6)
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(
                f"The recording {path} cannot be read: {error}.", "Check the path."
            ) from None
        except (ValueError, IndexError, csv.Error) as error:
            raise SourceError(
                f"{path} is no recording of tag reads: {error}.",
                f"It needs the columns {', '.join(TAG_READ_COLUMNS)} and numbers in all but epc.",
            ) from None
        return _tag_reads(epcs, table)


@dataclass(frozen=True, slots=True)
class ReaderBatch:
    """What leaves the RFID process: the latest reads of one reader.

    Attributes:
        reader_id: the reader's id in site.toml.
        reads: on the monotonic clock; never falling from one batch of a reader to the next.
        frequency_mhz: carrier of channel index 1, 2, … as the reader told; empty while unknown.
    """

    reader_id: str
    reads: TagReads
    frequency_mhz: tuple[float, ...] = ()


def _numbers(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[list[float]]:
    """The six number columns of every row; phase and Doppler may be empty."""
    places = [header.index(name) for name in TAG_READ_COLUMNS[:6]]
    for row in rows:
        required = [float(row[place]) for place in places[:4]]
        optional = [float(row[place] or "nan") for place in places[4:]]
        if not np.isfinite(required).all():
            raise ValueError(f"not a finite number in {','.join(row)}")
        yield required + optional


def _unchecked(epcs: tuple[str, ...], columns: Sequence[NDArray[Any]]) -> TagReads:
    """Reads made of columns of checked reads."""
    reads: TagReads = object.__new__(TagReads)
    object.__setattr__(reads, "epcs", epcs)
    for name, column in zip(_READ_COLUMNS, columns, strict=True):
        object.__setattr__(reads, name, column)
    return reads


def _tag_reads(epcs: Sequence[str], table: Float64Array) -> TagReads:
    """Reads from float64 (N, 6): TAG_READ_COLUMNS but the last; sorted by time here."""
    order = np.argsort(table[:, 0], kind="stable")
    table = table[order]
    known = tuple(dict.fromkeys(epcs))
    number = {epc: index for index, epc in enumerate(known)}
    return TagReads(
        epcs=known,
        tag=np.array([number[epcs[row]] for row in order], np.int32),
        time_ns=np.rint(table[:, 0] * NS_PER_US).astype(np.int64),
        antenna=table[:, 1].astype(np.int16),
        channel=table[:, 2].astype(np.int16),
        rssi_dbm=table[:, 3].astype(np.float32),
        phase_rad=(table[:, 4] * (tau / 4096)).astype(np.float32),
        doppler_hz=(table[:, 5] / 16).astype(np.float32),
    )
