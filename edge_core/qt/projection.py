"""From metres on a floor plan to a place on a screen. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shapely import Polygon

PointM = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FloorProjection:
    """Quarter turns, one scale and a shift: screen = matrix * metres + shift.

    Attributes:
        x_from_x, x_from_y, y_from_x, y_from_y: the matrix, pixels per metre.
        dx_px, dy_px: the shift.
        scale_px_m: pixels per metre.
        quarter_turns: how often the plan was turned by 90 degrees clockwise, 0..3.
    """

    x_from_x: float
    x_from_y: float
    y_from_x: float
    y_from_y: float
    dx_px: float
    dy_px: float
    scale_px_m: float
    quarter_turns: int

    def to_px(self, point_m: PointM) -> tuple[float, float]:
        """Where a point of the plan lies on the screen."""
        x, y = point_m
        return (
            self.x_from_x * x + self.x_from_y * y + self.dx_px,
            self.y_from_x * x + self.y_from_y * y + self.dy_px,
        )


_WORTH_TURNING: Final = 1.15
_TURNS: Final = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))


def quarter_turns(facing_deg: float) -> int:
    """Clockwise quarter turns after which a viewer's way ahead points up, to the nearest 90.

    A map at a place is read faster when its top is ahead (Levine 1982, "You-are-here maps").

    Args:
        facing_deg: direction the viewer looks, clockwise from up the plan.
    """
    return round(-facing_deg / 90) % 4


def fitted(
    outline_m: Sequence[PointM], size_px: tuple[float, float], turns: int, margin_px: float = 0.0
) -> FloorProjection:
    """Turn an outline and lay it as large as it goes into the middle of an area.

    Args:
        outline_m: the floor's corners, at least one.
        size_px: width and height of the area.
        turns: clockwise quarter turns.
        margin_px: kept free on every side.
    """
    a, b, c, d = _TURNS[turns % 4]
    xs = [a * x + b * y for x, y in outline_m]
    ys = [c * x + d * y for x, y in outline_m]
    width_m, height_m = max(max(xs) - min(xs), 1e-6), max(max(ys) - min(ys), 1e-6)
    free_x, free_y = (max(side - 2 * margin_px, 1.0) for side in size_px)
    scale = min(free_x / width_m, free_y / height_m)
    dx = size_px[0] / 2 - scale * (min(xs) + max(xs)) / 2
    dy = size_px[1] / 2 - scale * (min(ys) + max(ys)) / 2
    return FloorProjection(scale * a, scale * b, scale * c, scale * d, dx, dy, scale, turns % 4)


def legible_turns(
    outline_m: Sequence[PointM], size_px: tuple[float, float], ahead: int, margin_px: float = 0.0
) -> int:
    """Turns so that the way ahead points up, unless the plan would become much smaller (ours).

    Args:
        outline_m: the floor's corners.
        size_px: width and height of the area.
        ahead: turns after which the way ahead points up; see `quarter_turns`.
        margin_px: kept free on every side.

    Returns:
        `ahead`, or 0 when an upright plan is drawn more than `_WORTH_TURNING` times larger.
    """
    turned = fitted(outline_m, size_px, ahead, margin_px).scale_px_m
    upright = fitted(outline_m, size_px, 0, margin_px).scale_px_m
    return ahead if turned * _WORTH_TURNING >= upright else 0


def chord_through_centroid_m(polygon_m: Sequence[PointM]) -> tuple[PointM, float, float]:
    """Where a name fits inside a polygon, and the free span across and down there.

    Args:
        polygon_m: corners of a simple polygon.

    Returns:
        The centroid, or an inner point where the polygon (an L, say) does not hold its own
        centroid; horizontal span and vertical span through it.
    """
    shape = Polygon(polygon_m)
    middle = shape.centroid
    if not shape.contains(middle):
        middle = shape.representative_point()
    point = (middle.x, middle.y)
    return point, _span(polygon_m, point, 0), _span(polygon_m, point, 1)


def _span(polygon: Sequence[PointM], point: PointM, axis: int) -> float:
    """Length of the chord through `point` along an axis; 0 when the point lies outside."""
    other = 1 - axis
    cuts = sorted(
        a[axis] + (point[other] - a[other]) * (b[axis] - a[axis]) / (b[other] - a[other])
        for a, b in _edges(polygon)
        if (a[other] > point[other]) != (b[other] > point[other])
    )
    before = [cut for cut in cuts if cut <= point[axis]]
    after = [cut for cut in cuts if cut > point[axis]]
    return after[0] - before[-1] if len(before) % 2 == 1 and after else 0.0


def _edges(polygon: Sequence[PointM]) -> list[tuple[PointM, PointM]]:
    return list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))
