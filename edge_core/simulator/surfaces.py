"""The still scene as textured flat surfaces: floor, ceiling, walls, fixtures, signs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from edge_core.config import FixtureConfig
from edge_core.simulator import textures
from edge_core.simulator.scene import PointM, Rgb, Scene, Sign
from edge_core.types import Float64Array, ImageArray

_WOOD: Rgb = (168, 130, 92)
_STONE: Rgb = (214, 210, 204)


@dataclass(frozen=True)
class Surface:
    """A flat polygon with a picture on it.

    Attributes:
        corners_m: float64 (K, 3), in order.
        origin_m: where the picture's top-left corner lies.
        across, down: unit axes of the picture in the world.
        extent_m: width and height of one picture; it repeats beyond.
        image: uint8 (h, w, 3), or (h, w, 4) where the fourth channel cuts holes.
        lit: `floor`, `upright`, `top` or `lamp`: how light falls on it.
        gloss: share of the ceiling's lamps mirrored in it.
    """

    corners_m: Float64Array
    origin_m: Float64Array
    across: Float64Array
    down: Float64Array
    extent_m: tuple[float, float]
    image: ImageArray
    lit: str
    gloss: float = 0.0

    @property
    def normal(self) -> Float64Array:
        """Unit normal, either side."""
        cross = np.cross(self.across, self.down)
        return np.asarray(cross / np.linalg.norm(cross))


def scene_surfaces(scene: Scene, seed: int) -> list[Surface]:
    """Everything that stands still in a scene."""
    rng = np.random.default_rng(seed)
    floor = next(item for item in scene.site.floors if item.id == scene.config.floor)
    surfaces = list(_floors(scene, rng))
    outline = floor.outline_m
    for start, end in zip(outline, outline[1:] + outline[:1], strict=True):
        colour = _paint(scene, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        surfaces.append(_board(start, end, 0, scene.config.lighting.ceiling_m, colour, rng))
    for fixture in floor.fixtures:
        surfaces += _fixture(scene, fixture, rng)
    surfaces += [_sign(item, rng) for item in scene.config.signs]
    return surfaces


def _floors(scene: Scene, rng: np.random.Generator) -> Iterator[Surface]:
    ceiling = scene.config.lighting.ceiling_m
    for index, item in enumerate(scene.config.coverings):
        polygon = scene.outline_m if item.zone is None else scene.zone_polygon(item.zone)
        image, side = textures.covering(item, rng)
        # Later coverings lie a hair above the general one.
        yield _flat(polygon, 0.002 * min(index, 3), image, (side, side), "floor", item.gloss)
    yield _flat(scene.outline_m, ceiling, np.full((8, 8, 3), 205, np.uint8), (1.0, 1.0), "lamp")


def _flat(
    polygon: tuple[PointM, ...],
    z_m: float,
    image: ImageArray,
    extent_m: tuple[float, float],
    lit: str,
    gloss: float = 0.0,
    origin: PointM = (0.0, 0.0),
    across: PointM = (1.0, 0.0),
) -> Surface:
    corners = np.column_stack([np.array(polygon), np.full(len(polygon), z_m)])
    right = np.array([across[0], across[1], 0.0])
    down = np.array([-across[1], across[0], 0.0])
    start = np.array([origin[0], origin[1], z_m])
    return Surface(corners, start, right, down, extent_m, image, lit, gloss)


def _upright(
    start: PointM, end: PointM, bottom_m: float, top_m: float, image: ImageArray
) -> Surface:
    """A standing picture whose left edge is at `start`."""
    a, b = np.array(start), np.array(end)
    length = float(np.hypot(*(b - a)))
    across = np.append((b - a) / length, 0.0)
    corners = np.array([[*a, top_m], [*b, top_m], [*b, bottom_m], [*a, bottom_m]], dtype=np.float64)
    down = np.array([0.0, 0.0, -1.0])
    return Surface(corners, corners[0], across, down, (length, top_m - bottom_m), image, "upright")


def _board(
    start: PointM, end: PointM, bottom_m: float, top_m: float, colour: Rgb, rng: np.random.Generator
) -> Surface:
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    image = textures.panel(colour, min(length, 12.0), top_m - bottom_m, rng)
    return _upright(start, end, bottom_m, top_m, image)


def _paint(scene: Scene, at: PointM) -> Rgb:
    """Colour of a wall by the zone it touches."""
    point = shapely.Point(at)
    for paint in scene.config.paints:
        if paint.zone is not None:
            zone = shapely.Polygon(scene.zone_polygon(paint.zone))
            if zone.distance(point) < 0.3:
                return paint.colour
    return next((p.colour for p in scene.config.paints if p.zone is None), (224, 220, 212))


def _outward_edges(fixture: FixtureConfig) -> list[tuple[PointM, PointM]]:
    """Edges ordered so that the picture reads left to right from outside."""
    points = [(float(x), float(y)) for x, y in fixture.polygon_m]
    # Seen from above with y down, clockwise on the page has positive shoelace area; walking it
    # the other way keeps the inside on the left, so an outside viewer sees start on the left.
    area = sum(
        a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True)
    )
    if area > 0:
        points.reverse()
    return list(zip(points, points[1:] + points[:1], strict=True))


def _fixture(scene: Scene, fixture: FixtureConfig, rng: np.random.Generator) -> list[Surface]:
    top = fixture.height_m
    edges = _outward_edges(fixture)
    if fixture.kind in ("wall", "pillar"):
        sides = [
            _board(a, b, 0, top, _paint(scene, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)), rng)
            for a, b in edges
        ]
        return [*sides, _lid(fixture, top, textures.panel(_STONE, 1, 1, rng))]
    if fixture.kind == "plant":
        return _plant(fixture, edges, rng)
    if fixture.kind == "rack":
        draw = textures.garment_rail
    elif fixture.kind == "shelf":
        draw = textures.stocked_shelf
    else:
        draw = None
    sides = []
    for a, b in edges:
        length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
        image = (
            draw(length, top, rng)
            if draw
            else textures.panel(_WOOD, length, top, rng, seam_m=0.6 if top > 0.9 else 0)
        )
        sides.append(_upright(a, b, 0, top, image))
    return [*sides, _top_of(fixture, rng)]


def _top_of(fixture: FixtureConfig, rng: np.random.Generator) -> Surface:
    points = np.array(fixture.polygon_m)
    width, depth = np.ptp(points, axis=0)
    if fixture.kind == "rack":
        rail = textures.garment_rail(float(max(width, depth)), 1.0, rng)[12:60, :, :3] // 3 * 2
        image = np.ascontiguousarray(rail if width >= depth else rail.transpose(1, 0, 2))
    elif fixture.kind == "table":
        image = textures.laid_out(float(width), float(depth), rng)
    else:
        colour = _STONE if fixture.kind == "counter" else _WOOD
        image = textures.speckled(
            np.full((48, 48, 3), textures.bgr(colour), np.uint8), rng, 2.0, 3.0
        )
    return _lid(fixture, fixture.height_m, image)


def _lid(fixture: FixtureConfig, z_m: float, image: ImageArray) -> Surface:
    points = np.array(fixture.polygon_m)
    corner, size = points.min(axis=0), np.ptp(points, axis=0)
    return _flat(
        fixture.polygon_m,
        z_m,
        image,
        (float(size[0]), float(size[1])),
        "top",
        origin=(float(corner[0]), float(corner[1])),
    )


def _plant(
    fixture: FixtureConfig, edges: list[tuple[PointM, PointM]], rng: np.random.Generator
) -> list[Surface]:
    pot_m = min(0.45, fixture.height_m * 0.4)
    sides = [_board(a, b, 0, pot_m, (92, 88, 84), rng) for a, b in edges]
    soil = np.full((16, 16, 3), (40, 52, 66), np.uint8)
    points = np.array(fixture.polygon_m)
    centre, radius = points.mean(axis=0), float(np.ptp(points[:, 0])) / 2
    leaves = []
    for turn in (0.0, np.pi / 3, 2 * np.pi / 3):
        reach = 1.25 * radius * np.array([np.cos(turn), np.sin(turn)])
        start, end = centre - reach, centre + reach
        leaves.append(
            _upright(
                (float(start[0]), float(start[1])), (float(end[0]), float(end[1])),
                pot_m * 0.9, fixture.height_m, textures.foliage(rng),
            )
        )  # fmt: skip
    return [*sides, _lid(fixture, pot_m, soil), *leaves]


def _sign(item: Sign, rng: np.random.Generator) -> Surface:
    length = float(np.hypot(item.to_m[0] - item.from_m[0], item.to_m[1] - item.from_m[1]))
    image = textures.sign(item, length, rng)
    return _upright(item.from_m, item.to_m, item.bottom_m, item.bottom_m + item.height_m, image)
