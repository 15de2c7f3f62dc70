"""The invented mall that `promenade bench history` counts."""

from functools import cache

from edge_core.config import SiteConfig, parse_site

ZONES, LINES, SKUS = 20, 8, 1000
_CAMERA = """
[[cameras]]
id = "cam-{n}"
source = "rtsp://cam-{n}"
floor = "ground"
position_m = [{x}, 5]
calibration_px = [640, 360]
calibration = [
  {{ px = [0, 180], m = [{left}, 0] }}, {{ px = [640, 180], m = [{right}, 0] }},
  {{ px = [640, 360], m = [{right}, 32] }}, {{ px = [0, 360], m = [{left}, 32] }},
]
"""
_ZONE = """
[[zones]]
id = "zone-{n}"
name = "Zone {n}"
floor = "ground"
kind = "{kind}"
polygon_m = [[{x}, {y}], [{x1}, {y}], [{x1}, {y1}], [{x}, {y1}]]
"""
_LINE = """
[[lines]]
id = "line-{n}"
name = "Line {n}"
camera = "cam-{camera}"
entrance = {entrance}
start_m = [{x}, 30]
end_m = [{x1}, 30]
"""


@cache
def history_site() -> SiteConfig:
    """One floor of 32 m by 32 m in 16,384 cells, 4 cameras, 20 zones, 8 lines."""
    parts = [
        """
[site]
id = "mall"
name = "Mall"
timezone = "Europe/Berlin"
opens = "08:00"
closes = "22:00"
[privacy]
pack = "none"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [32, 0], [32, 32], [0, 32]]
"""
    ]
    for n in range(4):
        parts.append(_CAMERA.format(n=n, x=8 * n + 4, left=8 * n, right=8 * n + 8))
    for n in range(ZONES):
        x, y = 6 * (n % 5), 6 * (n // 5)
        kind = "window" if n < 2 else "corridor" if n == 2 else "department"
        parts.append(_ZONE.format(n=n, kind=kind, x=x, y=y, x1=x + 6, y1=y + 6))
    for n in range(LINES):
        entrance = "true" if n < 4 else "false"
        parts.append(_LINE.format(n=n, camera=n % 4, entrance=entrance, x=3 * n, x1=3 * n + 2))
    return parse_site("".join(parts))
