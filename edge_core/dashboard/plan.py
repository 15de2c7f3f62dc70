"""The plan as SVG in metres, drawn once, and the small script that moves people on it."""

import json
from html import escape
from typing import Final

from shapely import Polygon
from shapely.ops import polylabel

from edge_core.dashboard.language import Say
from edge_core.service.schema import XY, LiveView
from edge_core.service.site_schema import FloorView, SiteView, ZoneView

_MARGIN: Final = 0.02
"""Share of the plan's longer side left free around it."""
_LABEL_UNITS: Final = 1.45
_LONG_NAME: Final = 9
_LABELLED: Final = frozenset({"store", "department", "till", "fitting-room"})


def floor_svg(site: SiteView, floor: FloorView, say: Say, about: tuple[str, str]) -> str:
    """One floor: outline, zones, fixtures, counting lines, cameras and screens.

    People are put into `g.people` by `PEOPLE_SCRIPT`; sizes are in metres of the plan. `about`
    says in both languages what is shown on the floor, for those who hear the page.
    """
    xs, ys = zip(*floor.outline_m, strict=True)
    side = max(max(xs) - min(xs), max(ys) - min(ys))
    pad, unit = side * _MARGIN, side / 100
    box = f"{min(xs) - pad} {min(ys) - pad} {max(xs) - min(xs) + 2 * pad}"
    zones = [zone for zone in site.zones if zone.floor == floor.id]
    named = say(f"{floor.name}: {about[0]}", f"{floor.name_zh or floor.name}：{about[1]}")
    parts = [
        f'<svg class="plan" data-floor="{escape(floor.id)}" data-unit="{unit:.4f}"'
        f' viewBox="{box} {max(ys) - min(ys) + 2 * pad}" role="img"'
        f' aria-label="{escape(named)}">',
        f'<path class="outline" d="{_path(floor.outline_m)}" stroke-width="{unit * 0.35:.3f}"/>',
        *(_zone(zone, unit) for zone in zones),
        *(
            f'<path class="fixture {escape(fixture.kind)}" d="{_path(fixture.polygon_m)}"/>'
            for fixture in floor.fixtures
        ),
        *_gates(site, floor.id, unit, say),
        *_devices(site, floor.id, unit, say),
        *(_label(zone, unit, say) for zone in zones if zone.kind in _LABELLED),
        '<g class="people"></g></svg>',
    ]
    return "".join(parts)


def people_call(live: LiveView) -> str:
    """The script's call that shows a live view; numbers and ids only."""
    people = [
        [person.number, person.floor, *(round(metres, 2) for metres in person.position_m)]
        for person in live.people
        if person.floor is not None and person.position_m is not None
    ]
    return f"promenade.show({json.dumps(people)},{json.dumps(live.by_zone)})"


def _zone(zone: ZoneView, unit: float) -> str:
    return (
        f'<path class="zone {escape(zone.kind)}" data-zone="{escape(zone.id)}"'
        f' d="{_path(zone.polygon_m)}" stroke-width="{unit * 0.12:.3f}"/>'
    )


def _label(zone: ZoneView, unit: float, say: Say) -> str:
    """The zone's name where it has most room; left out where it has hardly any."""
    room = Polygon(zone.polygon_m)
    centre = polylabel(room, tolerance=unit / 4)
    x, y = centre.x, centre.y
    radius_m = room.exterior.distance(centre)
    lines = _wrapped(say(zone.name, zone.name_zh))
    size = min(unit * _LABEL_UNITS, 3.6 * radius_m / max(len(line) for line in lines))
    if size < unit * _LABEL_UNITS / 2:
        return ""
    top = y - size * 0.6 * len(lines)
    told = "".join(
        f'<tspan x="{x:.2f}" y="{top + size * 1.2 * row:.2f}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    return (
        f'<text class="label" font-size="{size:.3f}">{told}'
        f'<tspan class="count" data-count="{escape(zone.id)}" x="{x:.2f}" dy="1.35em"></tspan>'
        "</text>"
    )


def _wrapped(name: str) -> list[str]:
    """A longer name on two lines, broken at the space nearest its middle."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if len(name) <= _LONG_NAME or not spaces:
        return [name]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _gates(site: SiteView, floor_id: str, unit: float, say: Say) -> list[str]:
    return [
        f'<line class="gate" x1="{line.start_m[0]}" y1="{line.start_m[1]}" x2="{line.end_m[0]}"'
        f' y2="{line.end_m[1]}" stroke-width="{unit * 0.4:.3f}">'
        f"<title>{escape(say(line.name, line.name_zh))}</title></line>"
        for line in site.lines
        if line.floor == floor_id and line.start_m is not None and line.end_m is not None
    ]


def _devices(site: SiteView, floor_id: str, unit: float, say: Say) -> list[str]:
    cameras = [
        f'<circle class="camera" cx="{camera.position_m[0]}" cy="{camera.position_m[1]}"'
        f' r="{unit * 0.38:.3f}" stroke-width="{unit * 0.16:.3f}">'
        f"<title>{escape(say(camera.name, camera.name_zh))}</title></circle>"
        for camera in site.cameras
        if camera.floor == floor_id and camera.position_m is not None
    ]
    half = unit * 0.55
    screens = [
        f'<rect class="screen" x="{screen.position_m[0] - half:.3f}"'
        f' y="{screen.position_m[1] - half:.3f}" width="{2 * half:.3f}" height="{2 * half:.3f}"'
        f' rx="{half * 0.4:.3f}" stroke-width="{unit * 0.2:.3f}">'
        f"<title>{escape(screen.kind)} {escape(screen.id)}</title></rect>"
        for screen in site.screens
        if screen.floor == floor_id and screen.position_m is not None
    ]
    return cameras + screens


def _path(points: list[XY]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


PEOPLE_SCRIPT: Final = """
window.promenade = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const dots = new Map();
  const circle = (name, r) => {
    const it = document.createElementNS(SVG, "circle");
    it.setAttribute("class", name); it.setAttribute("r", r);
    return it;
  };
  const appear = (number, floor) => {
    const plan = document.querySelector(`svg.plan[data-floor="${floor}"]`);
    if (!plan) return null;
    const unit = parseFloat(plan.dataset.unit);
    const dot = document.createElementNS(SVG, "g");
    dot.setAttribute("class", "person");
    dot.append(circle("halo", unit * 1.25), circle("core", unit * 0.55));
    plan.querySelector("g.people").append(dot);
    dots.set(number, { dot, floor });
    return dot;
  };
  const show = (people, zones) => {
    const seen = new Set();
    for (const [number, floor, x, y] of people) {
      let known = dots.get(number);
      if (known && known.floor !== floor) { known.dot.remove(); known = undefined; }
      const dot = known ? known.dot : appear(number, floor);
      if (!dot) continue;
      dot.style.transform = `translate(${x}px, ${y}px)`;
      seen.add(number);
    }
    for (const [number, { dot }] of dots) {
      if (seen.has(number)) continue;
      dots.delete(number);
      dot.style.opacity = 0;
      setTimeout(() => dot.remove(), 300);
    }
    for (const [zone, count] of Object.entries(zones)) {
      const name = CSS.escape(zone);
      const label = document.querySelector(`[data-count="${name}"]`);
      if (label) label.textContent = count || "";
      const room = document.querySelector(`.zone[data-zone="${name}"]`);
      if (room && getComputedStyle(room).fill !== "none")
        room.style.fill =
          `color-mix(in srgb, var(--accent) ${Math.min(26, count * 2.6)}%, var(--room))`;
    }
  };
  return { show };
})();
"""
