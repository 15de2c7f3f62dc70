"""A simulated day as cameras tell it: tracks, not pictures, with errors as measured.

Door cameras look at everybody who crosses or passes by, four times a second; inside, some of the
zones are looked at every three seconds. Places and how often somebody is seen err as measured on
rendered pictures (`busy_shop.Sensors`); tracks that are hidden, doubled or in pieces at doors are
drawn so often that crossings come out as on rendered pictures: event F1 .976 here on two days
that nothing is reported of, .977 there (58 crossings). Identity is not run: every new track is
given the right visitor, a new one (a split) or somebody else's (a merge) by chance, two seconds
late, as the linker would tell it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np
from scipy.signal import lfilter

from edge_core.bench.shop_day import DAY_S, DOORS, INWARD, ZONES, ShopDay, TrueCrossing
from edge_core.types import Float32Array, Float64Array, Int64Array, Observation, TrackKey
from edge_core.units import NS_PER_S, ns_from_s

DOOR_FPS: Final = 4.0
INSIDE_EVERY_S: Final = 3.0
APPROACH_M: Final = (2.5, 5.5)
"""People are in a door camera's view from so far outside to so far inside."""
INSIDE_CAMERA: Final = "inside"
"""One camera stands for all inside: what is asked of it is only who is seen where."""
SPEED_M_S: Final = 1.25
LINKED_NS: Final = ns_from_s(2)
"""So long after a track begins it is known whose it is."""
TRACK_S: Final = 180.0
"""Inside, a track lasts so long on average before it breaks."""


@dataclass(frozen=True, slots=True)
class DoorErrors:
    """How wrong tracks are at doors and inside.

    Attributes:
        hidden: probability that somebody beside a companion is never seen while crossing.
        missed: the same for somebody alone.
        gap_rate_hz, gap_s: how often a track at the door is interrupted, and mean length.
        new_id: share of interruptions after which the track has a new id.
        continued: share of those that identity finds to go on.
        bias_sd_m, noise_sd_m: of places, along each axis: for a whole crossing, and quickly.
        doubled: probability of a second track on one person.
        seen_inside: share of moments somebody in a watched zone is seen.
        split: probability that a new track of a known person makes a new visitor.
        merged: probability that a newcomer is taken for somebody else.
    """

    hidden: float = 0.03
    missed: float = 0.008
    gap_rate_hz: float = 0.1
    gap_s: float = 0.6
    new_id: float = 0.5
    continued: float = 0.8
    bias_sd_m: float = 0.24
    noise_sd_m: float = 0.15
    doubled: float = 0.003
    seen_inside: float = 0.68
    split: float = 0.02
    merged: float = 0.03


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation, and what identity makes of it.

    Attributes:
        observation: as the vision process would send it.
        visitor: int64 (N,), of each track.
        merged: pairs (kept, gone) of visitors.
        continued: pairs of tracks.
    """

    observation: Observation
    visitor: Int64Array
    merged: tuple[tuple[int, int], ...]
    continued: tuple[tuple[TrackKey, TrackKey], ...]


@dataclass(slots=True, eq=False)
class Track:
    """Part of a walk or a stay that is one track: times (T,) and places (T, 2)."""

    person: int
    times_s: Float64Array
    floor_m: Float64Array
    goes_on_from: "Track | None" = None
    number: int = 0


@dataclass(slots=True)
class Identity:
    """Who is taken for whom; the truth about clusters.

    Attributes:
        owner: by visitor, the person whose first track made it.
        visitor_of: by person, whom they are taken for now.
    """

    errors: DoorErrors
    rng: np.random.Generator
    owner: dict[int, int] = field(default_factory=dict)
    visitor_of: dict[int, int] = field(default_factory=dict)
    newest: int = 0

    def fresh(self, person: int) -> int:
        """A visitor for a new track of which nothing is known yet."""
        self.newest += 1
        self.owner[self.newest] = person
        return self.newest

    def known(self, person: int, fresh: int) -> int:
        """Whose the track turns out to be."""
        before = self.visitor_of.get(person)
        if before is not None and self.rng.random() >= self.errors.split:
            return before
        if before is None and self.visitor_of and self.rng.random() < self.errors.merged:
            recent = list(self.visitor_of.values())[-40:]
            fresh = int(self.rng.choice(recent))
        self.visitor_of[person] = fresh
        return fresh


def observe(
    day: ShopDay, errors: DoorErrors, seed: int, day_number: int = 0
) -> tuple[Iterator[Seen], Identity]:
    """All cameras' observations of a day in order of time, and who was taken for whom.

    Args:
        day: the truth.
        errors: how wrong cameras and identity are.
        seed: of the errors.
        day_number: since 1970.
    """
    rng = np.random.default_rng((seed, 12))
    identity = Identity(errors, np.random.default_rng((seed, 13)))
    cameras = {f"{door}-door": door_tracks(day, door, errors, rng) for door, _, _ in DOORS}
    cameras[INSIDE_CAMERA] = [
        track
        for zone, box, watched in ZONES
        if watched
        for track in zone_tracks(day, zone, box, errors, rng)
    ]
    return _Feed(cameras, identity, day_number).run(), identity


class _Feed:
    """Puts tracks of all cameras into observations by time."""

    def __init__(
        self, cameras: dict[str, list[Track]], identity: Identity, day_number: int
    ) -> None:
        self._identity = identity
        self._epoch = day_number + 1
        self._began_ns = day_number * ns_from_s(DAY_S)
        self._moments: list[tuple[float, str, int, int]] = []
        self._tracks = cameras
        for camera, tracks in cameras.items():
            tracks.sort(key=lambda track: float(track.times_s[0]))
            for place, track in enumerate(tracks):
                track.number = place + 1
                times = track.times_s.tolist()
                self._moments += [(at, camera, place, row) for row, at in enumerate(times)]
        self._moments.sort()
        self._visitor: dict[tuple[str, int], int] = {}
        self._undecided: dict[tuple[str, int], int] = {}

    def run(self) -> Iterator[Seen]:
        for (at_s, camera), moments in groupby(self._moments, key=lambda it: it[:2]):
            yield self._seen(camera, at_s, [(place, row) for _, _, place, row in moments])

    def _seen(self, camera: str, at_s: float, rows: list[tuple[int, int]]) -> Seen:
        now_ns, tracks = self._began_ns + ns_from_s(at_s), self._tracks[camera]
        merged: list[tuple[int, int]] = []
        continued: list[tuple[TrackKey, TrackKey]] = []
        for place, _ in rows:
            self._link(camera, place, now_ns, merged, continued)
        ids = np.array([tracks[place].number for place, _ in rows], np.int64)
        floor = np.array([tracks[place].floor_m[row] for place, row in rows], np.float32)
        who = np.array([self._visitor[camera, place] for place, _ in rows], np.int64)
        seen = _observation(camera, self._epoch, now_ns, ids, floor)
        return Seen(seen, who, tuple(merged), tuple(continued))

    def _link(
        self,
        camera: str,
        place: int,
        now_ns: int,
        merged: list[tuple[int, int]],
        continued: list[tuple[TrackKey, TrackKey]],
    ) -> None:
        """Tell whose a track is, once it is old enough."""
        key, track = (camera, place), self._tracks[camera][place]
        if key not in self._visitor:
            self._visitor[key] = self._identity.fresh(track.person)
            self._undecided[key] = now_ns
        elif now_ns - self._undecided.get(key, now_ns) >= LINKED_NS:
            del self._undecided[key]
            fresh = self._visitor[key]
            self._visitor[key] = self._identity.known(track.person, fresh)
            if self._visitor[key] != fresh:
                merged.append((self._visitor[key], fresh))
            if track.goes_on_from is not None:
                earlier = TrackKey(camera, self._epoch, track.goes_on_from.number)
                continued.append((earlier, TrackKey(camera, self._epoch, track.number)))


def _observation(
    camera: str, epoch: int, now_ns: int, ids: Int64Array, floor_m: Float32Array
) -> Observation:
    count = len(ids)
    return Observation(
        camera_id=camera,
        epoch=epoch,
        sequence=now_ns // (NS_PER_S // 10),
        mono_ns=now_ns,
        utc_ns=now_ns,
        received_mono_ns=now_ns,
        size_px=(640, 360),
        track_id=ids,
        xyxy_px=np.tile(np.array([300, 200, 340, 300], np.float32), (count, 1)),
        score=np.full(count, 0.9, np.float32),
        floor_m=floor_m,
        ended=np.zeros(0, np.int64),
        embedded=np.zeros(0, np.int64),
        embedding=np.zeros((0, 4), np.float32),
        quality=np.zeros(0, np.float32),
    )


def door_tracks(
    day: ShopDay, door: str, errors: DoorErrors, rng: np.random.Generator
) -> list[Track]:
    """What one door's camera makes of everybody who crosses or passes by."""
    tracks: list[Track] = []
    by_person: dict[int, list[TrueCrossing]] = {}
    for crossing in day.crossings:
        if crossing.line_id == door:
            by_person.setdefault(crossing.person, []).append(crossing)
    for person, crossings in by_person.items():
        unseen = errors.hidden if day.group_of.get(person, 1) > 1 else errors.missed
        for times, places in _walks(crossings, door, rng):
            if rng.random() >= unseen:
                tracks += _broken(person, times, places, errors, rng)
            if rng.random() < errors.doubled:
                tracks += _broken(person, times, places, errors, rng)
    for at_s, where, person in day.passers:
        if where == door:
            tracks += _broken(person, *_passing(at_s, door, rng), errors, rng)
    return tracks


Walk = tuple[Float64Array, Float64Array]


def _walks(crossings: list[TrueCrossing], door: str, rng: np.random.Generator) -> Iterator[Walk]:
    """True times and places round crossings; what is close in time is one walk."""
    open_times: list[Float64Array] = []
    open_places: list[Float64Array] = []
    for index, crossing in enumerate(crossings):
        speed = SPEED_M_S * float(np.exp(rng.normal(0, 0.15)))
        goes_in = crossing.direction == "in"
        before_m, after_m = APPROACH_M if goes_in else APPROACH_M[::-1]
        start, end = crossing.time_s - before_m / speed, crossing.time_s + after_m / speed
        following = crossings[index + 1] if index + 1 < len(crossings) else None
        turns = following is not None and following.time_s - crossing.time_s < 12
        if open_times:
            start = float(open_times[-1][-1]) + 1 / DOOR_FPS
        if turns and following is not None:
            end = (crossing.time_s + following.time_s) / 2
        times = _grid(start, end, DOOR_FPS)
        inward = (times - crossing.time_s) * speed * (1 if goes_in else -1)
        open_times.append(times)
        open_places.append(_place(door, inward, np.full(len(times), crossing.beside_m)))
        if not turns:
            yield np.concatenate(open_times), np.concatenate(open_places)
            open_times, open_places = [], []


def _passing(at_s: float, door: str, rng: np.random.Generator) -> Walk:
    """Along the front, outside."""
    times = _grid(at_s - 2.5, at_s + 2.5, DOOR_FPS)
    way = 1 if rng.random() < 0.5 else -1
    along = (times - at_s) * SPEED_M_S * way
    return times, _place(door, np.full(len(times), -rng.uniform(0.7, 3.0)), along)


def _place(door: str, inward_m: Float64Array, along_m: Float64Array) -> Float64Array:
    """Floor points of distances inside a door and along it from its middle."""
    start, end = next((np.array(a), np.array(b)) for name, a, b in DOORS if name == door)
    along = (end - start) / np.hypot(*(end - start))
    inward = np.array(INWARD[door])
    place = (start + end) / 2 + inward_m[:, None] * inward + along_m[:, None] * along
    return np.asarray(place, np.float64)


def _grid(start_s: float, end_s: float, fps: float) -> Float64Array:
    """Moments of a camera that takes `fps` pictures a second."""
    first, last = int(np.ceil(start_s * fps)), int(np.floor(end_s * fps))
    return np.arange(first, last + 1) / fps


def _broken(
    person: int,
    times_s: Float64Array,
    places_m: Float64Array,
    errors: DoorErrors,
    rng: np.random.Generator,
) -> Iterator[Track]:
    """A walk as the tracker tells it: displaced, interrupted, in pieces."""
    told = places_m + rng.normal(0, errors.bias_sd_m, 2)
    told += errors.noise_sd_m * _wander(rng, len(times_s), 1 / DOOR_FPS, 0.6)
    pieces, seen_from = [], times_s[0] if len(times_s) else 0.0
    while len(times_s) and seen_from <= times_s[-1]:
        seen_to = seen_from + rng.exponential(1 / errors.gap_rate_hz)
        pieces.append((times_s >= seen_from) & (times_s <= seen_to))
        seen_from = seen_to + rng.exponential(errors.gap_s)
    rows, before = np.zeros(len(times_s), np.bool_), None
    for place, piece in enumerate(pieces):
        rows |= piece
        ends = place + 1 == len(pieces) or rng.random() < errors.new_id
        if ends and rows.any():
            goes_on = before if before and rng.random() < errors.continued else None
            before = Track(person, times_s[rows], told[rows], goes_on)
            rows = np.zeros(len(times_s), np.bool_)
            yield before


def _wander(rng: np.random.Generator, count: int, step_s: float, lasts_s: float) -> Float64Array:
    """Noise of unit variance, (N, 2), whose correlation fades with a time constant."""
    keep = float(np.exp(-step_s / lasts_s))
    white = rng.normal(size=(count, 2)) * np.sqrt(1 - keep**2)
    if count:
        white[0] /= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], white, axis=0))


def zone_tracks(
    day: ShopDay,
    zone: str,
    box: tuple[float, float, float, float],
    errors: DoorErrors,
    rng: np.random.Generator,
) -> Iterator[Track]:
    """What a camera over a zone makes of everybody who stays there; companions stay together."""
    low, high = np.array(box[:2]) + 0.3, np.array(box[2:]) - 0.3
    middles: dict[tuple[float, float], Walk] = {}
    for visit in day.visits:
        for leg in visit.legs:
            if leg.zone_id != zone:
                continue
            key = (leg.start_s, leg.end_s)
            if key not in middles:
                times = _grid(leg.start_s, leg.end_s, 1 / INSIDE_EVERY_S)
                walk = 1.2 * _wander(rng, len(times), INSIDE_EVERY_S, 20) + rng.uniform(low, high)
                middles[key] = (times, walk)
            times, middle = middles[key]
            own = 0.45 * _wander(rng, len(times), INSIDE_EVERY_S, 30)
            wrong = errors.bias_sd_m * _wander(rng, len(times), INSIDE_EVERY_S, 15)
            places = np.clip(middle + own, low, high) + wrong
            seen = rng.random(len(times)) < errors.seen_inside
            for part in _parts(len(times), rng):
                rows = np.arange(len(times))[part][seen[part]]
                if len(rows):
                    yield Track(visit.person, times[rows], places[rows])


def _parts(count: int, rng: np.random.Generator) -> Iterator[slice]:
    """A long stay is several tracks."""
    start = 0
    while start < count:
        length = 1 + int(rng.exponential(TRACK_S / INSIDE_EVERY_S))
        yield slice(start, start + length)
        start += length
