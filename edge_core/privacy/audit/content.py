"""What must not be there, and how it is found in a piece of bytes, whatever its form.

Pictures by their headers; embeddings by direction, as little-endian float32, float16 or int8 and
as written numbers; planted pixels as they lie in raw pictures; each also in base64 and hexadecimal,
and in what gzip or zlib packed. A part of an embedding of `RUN` numbers is enough.
"""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from edge_core.privacy.audit.correlate import Correlator, likely, plausible
from edge_core.types import Float32Array, ImageArray

RUN: Final = 64
"""So many numbers of an embedding in a row are a find."""
ALIKE: Final = 0.95
_PIXELS_ALIKE: Final = 0.8
_DEEPEST: Final = 2
_PICTURES: Final = {
    "JPEG": re.compile(rb"\xff\xd8\xff[\xc0\xc4\xdb\xe0-\xef\xfe]"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WebP": re.compile(rb"RIFF....WEBPVP8", re.DOTALL),
    "video": re.compile(rb"ftyp(?:isom|mp4[12]|avc1|qt  )"),
}
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{88,}={0,2}")
_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){64,}")
_NUMBERS: Final = re.compile(
    rb"(?:[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?[\s,;\]\[]{1,4}){%d,}" % (RUN - 1)
)
_NUMBER: Final = re.compile(rb"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Find:
    """Something that must not be there.

    Attributes:
        what: `JPEG`, `embedding as float32`, `planted pixels` …
        where: file, process, address of the API or connection.
        at: place in it, bytes.
    """

    what: str
    where: str
    at: int


@dataclass(frozen=True, slots=True)
class EmbeddingForm:
    """How any embedding of the service can be told by itself: equal blocks, each with one constant.

    Attributes:
        blocks: how many.
        block: numbers of each, the constant last.
        constant: that number over the block's length.
    """

    blocks: int
    block: int
    constant: float


@dataclass(frozen=True)
class Wanted:
    """What is looked for beside pictures.

    Attributes:
        embeddings: float32 (V, D), known to the searcher.
        pixels: rows of planted pixels, uint8 (P, L), as they lie in memory.
        form: any embedding of this form counts too, in float32.
        run: numbers of an embedding looked for at once.
        thorough: every part of the embeddings, not only their beginning and middle.
    """

    embeddings: Float32Array | None = None
    pixels: Sequence[ImageArray] = ()
    form: EmbeddingForm | None = None
    run: int = RUN
    thorough: bool = True
    _parts: list[Correlator] = field(default_factory=list, init=False)
    _pixels: list[Correlator] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        if self.embeddings is not None and len(self.embeddings):
            starts = range(0, self.embeddings.shape[1] - self.run + 1, self.run)
            chosen = list(starts) if self.thorough else [starts[0], starts[len(starts) // 2]]
            parts = np.concatenate([self.embeddings[:, it : it + self.run] for it in chosen])
            kept = parts[np.linalg.norm(parts, axis=1) > 1e-3]
            if len(kept):
                self._parts.append(Correlator(kept, limit=ALIKE))
        for row in self.pixels:
            one = row.astype(np.float32)[None]
            self._pixels.append(Correlator(one, centred=True, limit=_PIXELS_ALIKE))

    def in_row(self, row: Float32Array) -> int | None:
        """Where an embedding stands in a row of numbers, or None."""
        row = plausible(row)
        for part in self._parts:
            for place in part.places(row):
                return place
        return None

    def in_pixels(self, data: bytes) -> int | None:
        """Where planted pixels stand in bytes, or None."""
        if not self._pixels:
            return None
        row = np.frombuffer(data, np.uint8).astype(np.float32)
        for one in self._pixels:
            for place in one.places(row):
                return place
        return None


def search(data: bytes, where: str, wanted: Wanted, *, pictures: bool = True) -> Iterator[Find]:
    """Everything found in some bytes; of each kind the first place.

    Args:
        data: what to search.
        where: said of the finds.
        wanted: what to look for.
        pictures: whether pictures count; False for those that the site's settings name.
    """
    yield from _search(data, where, wanted, pictures, 0, "")


def _search(
    data: bytes, where: str, wanted: Wanted, pictures: bool, depth: int, coat: str
) -> Iterator[Find]:
    if pictures:
        for name, header in _PICTURES.items():
            hit = header.search(data)
            if hit:
                yield Find(f"{name}{coat}", where, hit.start())
    yield from (Find(f"{what}{coat}", where, at) for what, at in embeddings_in(data, wanted))
    at = wanted.in_pixels(data)
    if at is not None:
        yield Find(f"planted pixels{coat}", where, at)
    written = _written(data, wanted)
    if written is not None:
        yield Find(f"embedding as numbers{coat}", where, written)
    if depth < _DEEPEST:
        for told, at, inner in _unpacked(data):
            for find in _search(inner, where, wanted, pictures, depth + 1, f"{coat} in {told}"):
                yield Find(find.what, where, at)


def embeddings_in(data: bytes, wanted: Wanted) -> Iterator[tuple[str, int]]:
    """Embeddings in binary, whatever their alignment; each form's first place."""
    for name, dtype in (("float32", "<f4"), ("float16", "<f2"), ("int8", "i1")):
        size = np.dtype(dtype).itemsize
        for shift in range(size):
            count = (len(data) - shift) // size
            row = np.frombuffer(data, dtype, max(count, 0), min(shift, len(data)))
            with np.errstate(over="ignore", invalid="ignore"):
                numbers = np.asarray(row, np.float32) / np.float32(127 if size == 1 else 1)
            numbers, places = likely(numbers, wanted.run)
            place = wanted.in_row(numbers)
            if place is not None:
                yield f"embedding as {name}", shift + int(places[place]) * size
                break
            if size == 4 and wanted.form is not None:
                place = any_embedding(numbers, wanted.form)
                if place is not None:
                    yield "somebody's embedding", shift + int(places[place]) * size
                    break


def in_memory(data: bytes, wanted: Wanted) -> Iterator[tuple[str, int]]:
    """Embeddings in a piece of memory, as float32 at addresses divisible by four."""
    row, place = likely(np.frombuffer(data, "<f4", len(data) // 4), wanted.run)
    at = wanted.in_row(row)
    if at is not None:
        yield "embedding as float32", int(place[at]) * 4
    at = None if wanted.form is None else any_embedding(row, wanted.form)
    if at is not None:
        yield "somebody's embedding", int(place[at]) * 4


def any_embedding(row: Float32Array, form: EmbeddingForm) -> int | None:
    """Where a row of numbers holds a unit vector of a form, or None.

    All blocks must hold their constant and the whole have the length 1, each within 1 in 1,000; and
    nine in ten numbers are not nought.
    """
    dimensions = form.blocks * form.block
    windows = len(row) - dimensions + 1
    if windows < 1:
        return None
    wide = plausible(row).astype(np.float64)
    squares = np.concatenate([[0.0], np.cumsum(wide * wide)])
    whole = squares[dimensions:] - squares[:windows]
    likely: Any = np.abs(whole - 1) < 2e-3
    for place in np.flatnonzero(likely).tolist():
        parts = wide[place : place + dimensions].reshape(form.blocks, form.block)
        lengths = np.linalg.norm(parts, axis=1)
        told = lengths > 0.02
        constants = np.abs(parts[:, -1] / np.maximum(lengths, 1e-9) - form.constant) < 1e-3
        if told.sum() >= 2 and constants[told].all() and (parts[told] != 0).mean() > 0.9:
            return int(place)
    return None


def _written(data: bytes, wanted: Wanted) -> int | None:
    for hit in _NUMBERS.finditer(data):
        numbers = [float(it) for it in _NUMBER.findall(hit.group())]
        row = np.array(numbers, np.float64)
        row[~np.isfinite(row)] = 0
        scaled = np.asarray(row / max(1.0, float(np.abs(row).max())), np.float32)
        if wanted.in_row(scaled) is not None:
            return hit.start()
    return None


def _unpacked(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    for hit in _BASE64.finditer(data):
        text = hit.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        for lead in range(4):  # letters before the code may have run into it
            part = text[lead:]
            part = part[: len(part) - (1 if len(part) % 4 == 1 else 0)]
            try:
                inner = base64.b64decode(part + b"=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
            yield "base64", hit.start(), inner
    for hit in _HEX.finditer(data):
        for lead in range(2):
            digits = hit.group()[lead : len(hit.group()) - lead]
            yield "hexadecimal", hit.start(), bytes.fromhex(digits.decode())
    for magic, unpack in ((b"\x1f\x8b\x08", gzip.decompress), (b"\x78", zlib.decompress)):
        if data.startswith(magic):
            try:
                yield "packed bytes", 0, unpack(data)
            except (OSError, EOFError, zlib.error):
                continue
