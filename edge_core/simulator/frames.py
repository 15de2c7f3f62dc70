"""One camera's pictures: people set into the still background, with what is true of each."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_core.simulator.background import Background, vignette_at
from edge_core.simulator.camera import in_picture
from edge_core.simulator.figure import Sprite, View
from edge_core.simulator.scene import CameraPose, Scene
from edge_core.simulator.shopper import PersonState
from edge_core.simulator.wardrobe import Wardrobe
from edge_core.types import BoolArray, Float64Array, ImageArray

_NEAREST_M, _FARTHEST_M = 0.8, 45.0
_DEPTH_SLACK_M = 0.28
"""A body is this much nearer than its axis: it must not sink into the floor it stands on."""
_SOLID = 110
_NOISE_FIELDS = 3

OwnerArray = NDArray[np.uint16]
"""Whose pixel it is: 1-based place in the drawing order, 0 = the background's."""
Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""


@dataclass(frozen=True)
class SeenPerson:
    """Somebody in a picture.

    Attributes:
        person: identity.
        full: the whole body's box, cut at the picture's edge.
        visible: box of the pixels that show.
        visibility: share of the body's pixels that show, 0..1.
        floor_m: where they stand.
        height_px: height of the whole body, also where it reaches beyond the picture.
    """

    person: int
    full: Box
    visible: Box
    visibility: float
    floor_m: tuple[float, float]
    height_px: float


@dataclass(frozen=True)
class Frame:
    """A picture, uint8 (H, W, 3), and who is in it, farthest first."""

    bgr: ImageArray
    people: tuple[SeenPerson, ...]


@dataclass(frozen=True)
class _Placed:
    """A sprite's place in the picture, before anything hides it."""

    person: PersonState
    sprite: Sprite
    matrix: Float64Array
    depth_m: tuple[float, float]
    foot_px: Float64Array
    head_px: Float64Array


class CameraRenderer:
    """Renders one camera.

    Args:
        scene: the place.
        pose: the camera's pose and sensor.
        background: its still picture.
        wardrobe: sprites, shared by all cameras.
        seed: of the sensor's noise.
    """

    def __init__(
        self, scene: Scene, pose: CameraPose, background: Background, wardrobe: Wardrobe, seed: int
    ) -> None:
        self._scene = scene
        self.pose = pose
        self.camera = pose.camera()
        self.background = background
        self._wardrobe = wardrobe
        self._rng = np.random.default_rng(seed)
        self._noise = self._noise_fields() if pose.noise > 0 else []
        self._shadow = _soft_disc()

    def render(self, people: list[PersonState]) -> Frame:
        """The picture of one instant."""
        placed = self._placed(people)
        picture = self.background.bgr.copy()
        owner = np.zeros(picture.shape[:2], np.uint16)
        for item in placed:
            self._cast_shadow(picture, item)
        for index, item in enumerate(placed, 1):
            self._paint(picture, owner, index, item)
        seen = [self._truth(owner, index, item) for index, item in enumerate(placed, 1)]
        return Frame(self._sensed(picture), tuple(person for person in seen if person is not None))

    def shows(self, points_m: Float64Array) -> BoolArray:
        """Which world points (N, 3) neither wall nor fixture hides; bool (N,)."""
        pixels, depth = self.camera.project(points_m)
        shown = np.flatnonzero(in_picture(self.camera, pixels, 1))
        columns, rows = np.floor(pixels[shown]).astype(int).T
        clear = self.background.depth_m[rows, columns] > depth[shown] - 0.05
        result = np.zeros(len(points_m), bool)
        result[shown[clear]] = True
        return result

    def _placed(self, people: list[PersonState]) -> list[_Placed]:
        """Whoever may be in the picture, farthest first."""
        if not people:
            return []
        ends = np.array(
            [[*p.position_m, z] for p in people for z in (0.0, p.look.height_m)], dtype=np.float64
        )
        flat, depths = self.camera.project(ends)
        pixels, depth = flat.reshape(-1, 2, 2), depths.reshape(-1, 2)
        reachable = (depth.min(axis=1) > _NEAREST_M) & (depth.max(axis=1) < _FARTHEST_M)
        tall = np.hypot(*(pixels[:, 1] - pixels[:, 0]).T)
        reach = np.stack([0.35 * tall, 0.1 * tall], axis=1)
        low, high = pixels.min(axis=1) - reach, pixels.max(axis=1) + reach
        within = ((high > 0) & (low < np.array(self.camera.size_px))).all(axis=1)
        shows = reachable & within & (tall >= 4)
        for i in np.flatnonzero(shows):
            shows[i] = self._in_sight(low[i], high[i], depth[i])
        chosen = np.flatnonzero(shows)
        order = chosen[np.argsort(-depth[chosen, 0], kind="stable")]
        return [self._place(people[i], pixels[i], depth[i], float(tall[i])) for i in order]

    def _in_sight(self, low_px: Float64Array, high_px: Float64Array, depth_m: Float64Array) -> bool:
        """Whether anything round a body lies at its depth or beyond, so that it may show."""
        region = self._region(low_px, high_px)
        if region is None:
            return False
        rows, columns = (slice(part.start, part.stop, 3) for part in region)
        nearest = float(depth_m.min()) - _DEPTH_SLACK_M
        return bool(self.background.depth_m[rows, columns].max() >= nearest)

    def _place(
        self, person: PersonState, ends_px: Float64Array, depth_m: Float64Array, tall_px: float
    ) -> _Placed:
        foot, head = ends_px
        sprite = self._wardrobe.sprite(person, self._view_of(person), tall_px)
        matrix = _similarity(sprite.foot_px, sprite.head_px, foot, head)
        return _Placed(person, sprite, matrix, (float(depth_m[0]), float(depth_m[1])), foot, head)

    def _view_of(self, person: PersonState) -> View:
        """From where this camera sees a person, in the person's axes."""
        centre = np.array([*person.position_m, person.look.height_m / 2])
        to_camera = np.array(self.camera.position_m) - centre
        sin, cos = np.sin(person.heading), np.cos(person.heading)
        ahead = to_camera[0] * sin - to_camera[1] * cos
        right = to_camera[0] * cos + to_camera[1] * sin
        flat = float(np.hypot(ahead, right))
        return View(
            float(np.arctan2(right, ahead)),
            float(np.arctan2(to_camera[2], flat)),
            float(np.linalg.norm(to_camera)),
        )

    def _cast_shadow(self, picture: ImageArray, item: _Placed) -> None:
        """Darken the floor round the feet."""
        x, y = item.person.position_m
        reach = 0.42 * item.person.look.girth
        corners = np.array([[x, y, 0], [x + reach, y, 0], [x, y + reach, 0]], dtype=np.float64)
        pixels, depth = self.camera.project(corners)
        if depth.min() <= _NEAREST_M:
            return
        half = self._shadow.shape[0] / 2
        source = np.array([[half, half], [2 * half, half], [half, 2 * half]], np.float32)
        matrix = cv2.getAffineTransform(source, pixels.astype(np.float32))
        extent = np.abs(matrix[:, :2]).sum(axis=1) * half
        region = self._region(pixels[0] - extent, pixels[0] + extent)
        if region is None:
            return
        rows, columns = region
        matrix[:, 2] -= (columns.start, rows.start)
        size = (columns.stop - columns.start, rows.stop - rows.start)
        dark = cv2.warpAffine(self._shadow, matrix, size, flags=cv2.INTER_LINEAR)
        near = self.background.depth_m[rows, columns] < item.depth_m[0] - 2 * _DEPTH_SLACK_M
        dark[near] = 0
        keep = cv2.merge([255 - dark] * 3)
        picture[rows, columns] = cv2.multiply(picture[rows, columns], keep, scale=1 / 255)

    def _paint(self, picture: ImageArray, owner: OwnerArray, index: int, item: _Placed) -> None:
        height, width = item.sprite.bgra.shape[:2]
        corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=np.float64)
        bounds = _bounds(item.matrix, corners)
        region = self._region(bounds[:2], bounds[2:])
        if region is None:
            return
        rows, columns = region
        matrix = item.matrix.copy()
        matrix[:, 2] -= (columns.start, rows.start)
        # Pixel centres lie half a pixel inside the continuous coordinates used elsewhere.
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
        size = (columns.stop - columns.start, rows.stop - rows.start)
        sprite = cv2.warpAffine(item.sprite.bgra, matrix, size, flags=cv2.INTER_LINEAR)
        sprite[self._hidden(item, rows, columns)] = 0
        sprite = cv2.transform(sprite, np.diag([*self._gain(item), 1.0]))
        alpha = sprite[..., 3]
        keep = cv2.merge([255 - alpha] * 3)
        behind = cv2.multiply(picture[rows, columns], keep, scale=1 / 255)
        picture[rows, columns] = cv2.add(behind, sprite[..., :3])
        owner[rows, columns][alpha > _SOLID] = index

    def _hidden(self, item: _Placed, rows: slice, columns: slice) -> ImageArray:
        """Where fixtures stand before this person, row by row as the body leans in depth."""
        along = np.arange(rows.start, rows.stop) + 0.5
        ends = (float(item.head_px[1]), float(item.foot_px[1]))
        depth = np.interp(along, ends, (item.depth_m[1], item.depth_m[0])).astype(np.float32)
        return np.asarray(self.background.depth_m[rows, columns] < depth[:, None] - _DEPTH_SLACK_M)

    def _gain(self, item: _Placed) -> tuple[float, float, float]:
        """Brightness of blue, green and red where the person stands."""
        pose, lighting = self.pose, self._scene.config.lighting
        width, height = pose.size_px
        middle = (item.foot_px + item.head_px) / 2
        turn = 2 * np.pi / lighting.lamp_spacing_m
        x, y = item.person.position_m
        pool = float(np.cos(turn * x) + np.cos(turn * y))
        light = lighting.ambient + lighting.lamp_strength * (0.88 + 0.08 * pool)
        light *= pose.exposure * vignette_at(middle[0] / width, middle[1] / height, pose.vignette)
        return light * (1 - pose.warmth), light, light * (1 + pose.warmth)

    def _region(self, low_px: Float64Array, high_px: Float64Array) -> tuple[slice, slice] | None:
        """Rows and columns of the picture within bounds, or None."""
        width, height = self.camera.size_px
        left, top = max(int(np.floor(low_px[0])), 0), max(int(np.floor(low_px[1])), 0)
        right, bottom = min(int(np.ceil(high_px[0])), width), min(int(np.ceil(high_px[1])), height)
        if right - left < 1 or bottom - top < 1:
            return None
        return slice(top, bottom), slice(left, right)

    def _truth(self, owner: OwnerArray, index: int, item: _Placed) -> SeenPerson | None:
        bounds = _bounds(item.matrix, item.sprite.hull_px)
        region = self._region(bounds[:2], bounds[2:])
        if region is None:
            return None
        rows, columns = region
        mine = owner[rows, columns] == index
        count = int(mine.sum())
        scale = float(np.hypot(item.matrix[0, 0], item.matrix[1, 0]))
        whole = max(item.sprite.area_px * scale * scale, 1.0)
        if count == 0:
            return None
        shown_y, shown_x = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
        width, height = self.camera.size_px
        full = (
            float(np.clip(bounds[0], 0, width)), float(np.clip(bounds[1], 0, height)),
            float(np.clip(bounds[2], 0, width)), float(np.clip(bounds[3], 0, height)),
        )  # fmt: skip
        visible = (
            float(columns.start + shown_x[0]), float(rows.start + shown_y[0]),
            float(columns.start + shown_x[-1] + 1), float(rows.start + shown_y[-1] + 1),
        )  # fmt: skip
        return SeenPerson(
            item.person.number, full, visible, min(1.0, count / whole), item.person.position_m,
            float(bounds[3] - bounds[1]),
        )  # fmt: skip

    def _noise_fields(self) -> list[tuple[ImageArray, ImageArray]]:
        """Pairs of what to add and what to take away, larger than the picture."""
        width, height = self.camera.size_px
        fields = []
        for _ in range(_NOISE_FIELDS):
            grey = self._rng.normal(0, self.pose.noise, (height + 32, width + 32, 1))
            tint = self._rng.normal(0, 0.5 * self.pose.noise, (height + 32, width + 32, 3))
            noise = cv2.GaussianBlur((grey + tint).astype(np.float32), (3, 3), 0.6) * 1.5
            rounded = np.round(noise)
            fields.append(
                (
                    np.clip(rounded, 0, 255).astype(np.uint8),
                    np.clip(-rounded, 0, 255).astype(np.uint8),
                )
            )
        return fields

    def _sensed(self, picture: ImageArray) -> ImageArray:
        """The picture with the sensor's noise."""
        if not self._noise:
            return picture
        more, less = self._noise[int(self._rng.integers(len(self._noise)))]
        x, y = (int(v) for v in self._rng.integers(0, 32, 2))
        height, width = picture.shape[:2]
        window = slice(y, y + height), slice(x, x + width)
        return np.asarray(cv2.subtract(cv2.add(picture, more[window]), less[window]))


def _similarity(
    foot: tuple[float, float],
    head: tuple[float, float],
    foot_to: Float64Array,
    head_to: Float64Array,
) -> Float64Array:
    """The rotation, scaling and shift (2, 3) that takes two points to two others."""
    source, target = complex(*head) - complex(*foot), complex(*head_to) - complex(*foot_to)
    turn = target / source if abs(source) > 1e-6 else 1.0
    shift = complex(*foot_to) - turn * complex(*foot)
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _bounds(matrix: Float64Array, points: Float64Array) -> Float64Array:
    """x1, y1, x2, y2 of points (K, 2) after a transform (2, 3)."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    return np.concatenate([moved.min(axis=0), moved.max(axis=0)])


def _soft_disc() -> ImageArray:
    """A dark spot with soft edges, uint8 (64, 64): share of light taken away."""
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    radius = np.hypot(x, y)
    core = 0.55 * np.exp(-((radius / 0.38) ** 2)) + 0.2 * np.clip(1 - radius, 0, 1)
    return np.asarray(np.clip(core, 0, 0.7) * 255 * (radius < 1), dtype=np.uint8)
