"""Records that pass between stages. No pixels, no faces, no names.

Arrays inside records are struct-of-arrays, C-contiguous and never written after construction.
Image coordinates: pixels, origin top-left, x right, y down, boxes as x1 y1 x2 y2.
Floor coordinates: metres on the floor plan, x right, y down the page, origin at the plan's corner.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]
Int16Array = NDArray[np.int16]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ImageArray = NDArray[np.uint8]
BoxPx = tuple[int, int, int, int]
"""x1, y1, x2, y2 in a picture, the latter two exclusive."""
EVERYWHERE_PX: Final[BoxPx] = (0, 0, 65535, 65535)
"""Holds every picture."""


def checked(array: NDArray[Any], name: str, shape: tuple[int | None, ...], dtype: Any) -> None:
    """Raise ValueError unless `array` has the dtype and shape (None = any length)."""
    if array.dtype != dtype:
        raise ValueError(f"{name} must be {np.dtype(dtype)}, got {array.dtype}")
    fits = array.ndim == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}")


@dataclass(frozen=True, slots=True)
class Detections:
    """People found in one image.

    Attributes:
        xyxy_px: float32 (N, 4), boxes in the given image's pixels.
        score: float32 (N,), confidence in 0..1, in falling order.
    """

    xyxy_px: Float32Array
    score: Float32Array

    def __post_init__(self) -> None:
        checked(self.xyxy_px, "xyxy_px", (None, 4), np.float32)
        checked(self.score, "score", (len(self.xyxy_px),), np.float32)

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def empty(cls) -> "Detections":
        """No detections."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True)
class Tracks:
    """Confirmed tracks visible in one frame of one camera.

    Attributes:
        track_id: int64 (N,), at least 1, never reused within one tracker.
        xyxy_px: float32 (N, 4), filtered boxes in image pixels.
        score: float32 (N,), confidence of the detection behind each box.
        ended: int64 (M,), ids that have ended for good since the previous frame.
    """

    track_id: Int64Array
    xyxy_px: Float32Array
    score: Float32Array
    ended: Int64Array

    def __post_init__(self) -> None:
        count = len(self.track_id)
        checked(self.track_id, "track_id", (count,), np.int64)
        checked(self.xyxy_px, "xyxy_px", (count, 4), np.float32)
        checked(self.score, "score", (count,), np.float32)
        checked(self.ended, "ended", (None,), np.int64)

    def __len__(self) -> int:
        return len(self.track_id)


@dataclass(frozen=True, slots=True)
class TrackKey:
    """Names one track: ids are unique only within one camera and one life of the vision process."""

    camera_id: str
    epoch: int
    track_id: int

    def __str__(self) -> str:
        return f"{self.camera_id}/{self.epoch:x}/{self.track_id}"


@dataclass(frozen=True, slots=True)
class Traits:
    """What all looks at one person told together, when the track ended.

    Attributes:
        track_id: the track that ended.
        probability: 0..1 by attribute's name; one that abstained is not in it and may not be
            counted, so shares are to be published with how many people they were told of.
        age_years: None where it was not told.
    """

    track_id: int
    probability: Mapping[str, float]
    age_years: float | None


EMBEDDING_BLOCKS = 4
"""Of an appearance embedding: the whole body, then three stripes from the top."""


def _no_ids() -> Int64Array:
    return np.zeros(0, np.int64)


def _no_values() -> Float32Array:
    return np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class HandLooks:
    """What was seen of some people's hands in one frame.

    Attributes:
        track_id: int64 (K,), whose.
        handling: float32 (K,), probability that the hands are at goods, as far as the picture
            alone tells: one half says nothing.
    """

    track_id: Int64Array = field(default_factory=_no_ids)
    handling: Float32Array = field(default_factory=_no_values)

    def __post_init__(self) -> None:
        checked(self.track_id, "track_id", (None,), np.int64)
        checked(self.handling, "handling", (len(self.track_id),), np.float32)


@dataclass(frozen=True, slots=True)
class Observation:
    """What leaves the vision process for one processed frame of one camera.

    Attributes:
        camera_id: the camera's id in site.toml.
        epoch: random number of this life of the vision process.
        sequence: rises by one per observation of a camera within an epoch.
        mono_ns: the frame's place on the source's monotonic timeline. Live sources: when it
            was received. Files read as fast as possible: start of reading plus media time.
        utc_ns: the same instant in UTC.
        received_mono_ns: when the decoder delivered the frame; latency counts from here.
        size_px: width and height of the frame.
        track_id: int64 (N,).
        xyxy_px: float32 (N, 4), boxes in the frame.
        score: float32 (N,).
        floor_m: float32 (N, 2), where each stands on the camera's floor; NaN when unknown.
        ended: int64 (M,), track ids that ended.
        embedded: int64 (K,), ids of the tracks an appearance embedding was taken of.
        embedding: float32 (K, D), one unit row per `embedded`, of `EMBEDDING_BLOCKS` blocks; a
            block's length beside the others' says how much of its part is seen. Kept in memory
            only.
        quality: float32 (K,), 0..1, how much of the body the crop shows, how large and sharp.
        traits: of tracks that ended, where the site switched attributes on.
        traits_so_far: likewise of tracks that were looked at just now; a screen uses them by its
            visitor's choice only. Kept in memory only, and not counted.
        hands: of tracks whose hands were looked at just now, where the site reads garments.
    """

    camera_id: str
    epoch: int
    sequence: int
    mono_ns: int
    utc_ns: int
    received_mono_ns: int
    size_px: tuple[int, int]
    track_id: Int64Array
    xyxy_px: Float32Array
    score: Float32Array
    floor_m: Float32Array
    ended: Int64Array
    embedded: Int64Array
    embedding: Float32Array
    quality: Float32Array
    traits: tuple[Traits, ...] = ()
    traits_so_far: tuple[Traits, ...] = ()
    hands: HandLooks = field(default_factory=HandLooks)

    def __post_init__(self) -> None:
        count = len(self.track_id)
        checked(self.track_id, "track_id", (count,), np.int64)
        checked(self.xyxy_px, "xyxy_px", (count, 4), np.float32)
        checked(self.score, "score", (count,), np.float32)
        checked(self.floor_m, "floor_m", (count, 2), np.float32)
        checked(self.ended, "ended", (None,), np.int64)
        taken = len(self.embedded)
        checked(self.embedded, "embedded", (taken,), np.int64)
        checked(self.quality, "quality", (taken,), np.float32)
        checked(self.embedding, "embedding", (taken, None), np.float32)

    def key(self, index: int) -> TrackKey:
        """The name of the index-th track."""
        return TrackKey(self.camera_id, self.epoch, int(self.track_id[index]))

    def ending(self, track_ids: Collection[int]) -> "Observation":
        """The same without some tracks: as if they had ended, and with nothing told of them."""
        stays = ~np.isin(self.track_id, list(track_ids))
        taken = ~np.isin(self.embedded, list(track_ids))
        return replace(
            self,
            track_id=self.track_id[stays],
            xyxy_px=self.xyxy_px[stays],
            score=self.score[stays],
            floor_m=self.floor_m[stays],
            ended=np.union1d(self.ended, np.array(sorted(track_ids), np.int64)),
            embedded=self.embedded[taken],
            embedding=self.embedding[taken],
            quality=self.quality[taken],
            traits=tuple(it for it in self.traits if it.track_id not in track_ids),
            traits_so_far=tuple(it for it in self.traits_so_far if it.track_id not in track_ids),
        )


class EventKind(StrEnum):
    """Durable facts the ledger keeps."""

    CROSSING = "crossing"
    STAY = "stay"
    MOVE = "move"
    ITEM = "item"
    SALE = "sale"
    REQUEST = "request"
    ANSWER = "answer"
    WHY_NOT = "why-not"
    OFFER = "offer"
    REDEMPTION = "redemption"
    CORRECTION = "correction"
    VISIT = "visit"
    OCCUPANCY = "occupancy"
    RATES = "rates"
    TALLY = "tally"
    CAMERA = "camera"


class SeenIn(StrEnum):
    """Which ends of a visit were seen at an entrance line."""

    COMPLETE = "complete"
    ENTRY_ONLY = "entry-only"
    EXIT_ONLY = "exit-only"
    INSIDE_ONLY = "inside-only"


class ItemAction(StrEnum):
    """What can happen to a garment, as the ledger keeps it.

    Carried: in hand again after a fitting room, without having hung in between.
    """

    TOUCHED = "touched"
    LOOKED_AT = "looked-at"
    PICKED_UP = "picked-up"
    CARRIED = "carried"
    TRIED_ON = "tried-on"
    PUT_BACK = "put-back"
    MISPLACED = "misplaced"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Event:
    """One durable fact.

    Attributes:
        key: idempotency key; the same fact seen again after a restart has the same key.
        kind: what happened.
        utc_ns: when it happened (its end, for a stay).
        mono_ns: the same on the monotonic timeline.
        camera_id: the camera that saw it; the reader, for an item; "" for a sale, an occupancy,
            rates or a tally.
        place_id: id of the counting line, the zone, the rack or the fitting room; the till's for
             a sale; the screen's for an offer or a correction; the line they left by for a
             visit; where somebody waits for a request, an answer and a why-not; or "".
        data: kind-specific facts, JSON values only. crossing: `direction` ("in" | "out").
            stay: `duration_s` (float), `censored` (bool: the view began or ended mid-stay),
            `engaged` (bool: stood nearly still for five seconds; absent where it was not judged).
            move: `from` (where they were before; `place_id` is where they are now), `window`
            (the shop window passed on the way in, or ""); see `edge_core.analytics.flows`.
            item: `action` (an `ItemAction`), `sku`, `gtin`, `start_utc_ns`, `duration_s`,
            `confidence`, `visit` (the person's number, null for "someone"), `visit_confidence`;
            never the tag.
            sale: `transaction`, `sku`, `quantity` (negative for what is taken back).
            offer: `coupon` ("" = none), `decision` ("holdout" | "explore" | "best"),
            `propensity`, `propensities` (by coupon), `x` (what the model saw of each coupon that
            could be offered: never an attribute of a person), `interested`, `nonce`,
            `expires_utc_ns`.
            redemption: `coupon`, `nonce`, `till`.
            correction: `correction` (what was said), `target`.
            visit: `visit` (the person's number, the one item events name), `entered_utc_ns`
            (first seen inside, where nobody saw them enter), `left_utc_ns` (null where nobody
            saw them leave), `duration_s`, `entrance` and `exit` (line ids or ""), `zones`
            ([[zone id, seconds], …] in order of entering), `group` (size, 1 = alone), `group_id`
            (null = alone), `staff` (bool), `again` (was here earlier today), `seen_in` (a
            `SeenIn`). Never an attribute of the person.
            occupancy: `inside`, `low`, `high` (90 %), `in_view`, `watched` (share of the time
            since the last one), `state` (what the filter goes on from).
            rates: `of` ("identity" | "entries" | "exits"), `duplicates` of `clusters`, `absorbed`
            of `persons` (see `edge_core.analytics.unique`), `source`.
            tally: `observer` and one of `direction` ("in" | "out"), `mark` ("begin" | "end" of
            a shift) and `undo` (key of the tally taken back); `walk` where they walked themselves.
    """

    key: str
    kind: EventKind
    utc_ns: int
    mono_ns: int
    camera_id: str
    place_id: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FloorGrid:
    """Square cells over a floor; cell (row, column) is number row * columns + column.

    Attributes:
        floor_id: the floor.
        left_m, top_m: the grid's corner on the plan.
        cell_m: side of a cell.
        columns, rows: how many; at most 65,535 cells in all.
    """

    floor_id: str
    left_m: float
    top_m: float
    cell_m: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        if not 0 < self.columns * self.rows <= 65_535 or self.cell_m <= 0:
            raise ValueError("a grid has 1 to 65,535 cells of some size")

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.columns * self.rows

    def cell_of(self, points_m: Float64Array) -> Int64Array:
        """Cell numbers int64 (N,) of floor points float64 (N, 2); -1 outside or unknown."""
        place = np.floor((points_m - (self.left_m, self.top_m)) / self.cell_m)
        known = np.asarray(
            ((place >= 0) & (place < (self.columns, self.rows))).all(axis=1), np.bool_
        )
        column, row = np.where(known[:, None], place, 0).astype(np.int64).T
        return np.where(known, row * self.columns + column, -1)

    def centres_m(self) -> Float64Array:
        """Floor points float64 (cells, 2) at the cells' middles, in the order of their numbers."""
        row, column = np.divmod(np.arange(self.cells), self.columns)
        middle = np.column_stack([column, row]) + 0.5
        return np.asarray(middle * self.cell_m + (self.left_m, self.top_m), np.float64)


@dataclass(frozen=True, slots=True)
class PresenceSums:
    """Where people were on one floor within one hour of the site, to be added to what is kept.

    Attributes:
        grid: of the floor.
        utc_ns: an instant of the hour.
        dwell_ms: int64 (cells,), person-milliseconds.
        walked_mm: int64 (cells,), millimetres walked.
        watched_ms: milliseconds by the set of cameras that were watching, ids in order.
    """

    grid: FloorGrid
    utc_ns: int
    dwell_ms: Int64Array
    walked_mm: Int64Array
    watched_ms: Mapping[tuple[str, ...], int]

    def __post_init__(self) -> None:
        checked(self.dwell_ms, "dwell_ms", (self.grid.cells,), np.int64)
        checked(self.walked_mm, "walked_mm", (self.grid.cells,), np.int64)


@dataclass(frozen=True, slots=True)
class TraitCount:
    """People of one label at one place within one hour of the site; never one person.

    Attributes:
        utc_ns: an instant of the hour.
        place_id: zone, entrance line, or "" for the whole site.
        attribute: e.g. `gender`.
        label: e.g. `female`; "" for those it was not told of.
        people: how many.
    """

    utc_ns: int
    place_id: str
    attribute: str
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class LivePerson:
    """Somebody in view now, as the screens may know them.

    Attributes:
        number: random number that lives only while this person is followed.
        floor_id: floor of the plan, or "" when the camera is not calibrated.
        floor_m: position in metres, or None when unknown.
        velocity_m_s: velocity on the floor, or None when unknown.
        camera_id: the camera with the best view.
        box: x1 y1 x2 y2 as shares (0..1) of that camera's frame.
        zone_ids: zones the person stands in.
    """

    number: int
    floor_id: str
    floor_m: tuple[float, float] | None
    velocity_m_s: tuple[float, float] | None
    camera_id: str
    box: tuple[float, float, float, float]
    zone_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiveSnapshot:
    """Everybody in view at one moment.

    Attributes:
        utc_ns, mono_ns: the moment.
        received_mono_ns: reception time of the newest frame in it; latency counts from here.
        people: everybody, each once even when several cameras see them.
    """

    utc_ns: int
    mono_ns: int
    received_mono_ns: int
    people: tuple[LivePerson, ...]
