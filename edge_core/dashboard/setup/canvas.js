// One drawing area: a floor's plan in metres, or a camera's picture in pixels.

import { area, bounds, distance, inPicture, middle, onFloor, rounded, wayIn } from "./geometry.js";
import { path, svg } from "./shapes.js";

const CLOSE_PX = 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pane {
  // `app` holds the draft and is told of every change; `camera` is null on the plan.
  constructor(app, floor, camera) {
    Object.assign(this, { app, floor, camera });
    this.fit = camera ? app.fits[camera.id] : null;
    const box = camera ? { x: 0, y: 0, width: app.size(camera)[0], height: app.size(camera)[1] }
      : grown(bounds(floor.outline_m), 0.03);
    this.box = box;
    this.unit = Math.max(box.width, box.height) / 100;
    this.root = svg("svg", {
      class: `stage ${camera ? "picture" : "floor"}`, tabindex: -1,
      viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
      onpointerdown: (event) => this.down(event), onpointermove: (event) => this.hover(event),
      ondblclick: () => app.finishDrawing(),
    });
    this.root.style.aspectRatio = `${box.width} / ${box.height}`;
    this.draw();
  }

  // Between the plan's metres and this pane.
  out(points, closed = true) {
    if (!this.camera) return points;
    return this.fit?.to_floor ? inPicture(this.fit, points, closed) : [];
  }
  back(point) {
    if (!this.camera) return rounded(point);
    const there = this.fit?.to_floor ? onFloor(this.fit, point) : null;
    return there && rounded(there);
  }
  at(event) {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.root.getScreenCTM().inverse());
    return [place.x, place.y];
  }
  get pixel() { return this.box.width / Math.max(1, this.root.clientWidth || 800); }

  draw() {
    const { app } = this;
    this.root.replaceChildren();
    this.camera ? this.drawPicture() : this.drawPlan();
    for (const zone of app.draft.zones)
      if (zone.floor === this.floor?.id) this.drawZone(zone);
    for (const line of app.draft.lines) this.drawLine(line);
    if (app.tool === "calibration") this.drawPairs();
    if (app.drawing && app.drawing.pane === this.key) this.drawUnfinished();
  }
  get key() { return this.camera ? `camera ${this.camera.id}` : `floor ${this.floor.id}`; }

  drawPlan() {
    const { floor, unit } = this;
    this.root.append(svg("path", { class: "outline", d: path(floor.outline_m), "stroke-width": unit * 0.3 }));
    for (const fixture of floor.fixtures)
      this.root.append(svg("path", { class: `fixture ${fixture.kind}`, d: path(fixture.polygon_m) }));
    for (const rack of this.app.data.racks.filter((it) => it.floor === floor.id))
      this.root.append(svg("path", { class: "home", d: path(rack.polygon_m), "stroke-width": unit * 0.15 }, svg("title", {}, rack.name)));
    for (const camera of this.app.data.cameras.filter((it) => it.floor === floor.id && it.position_m)) {
      const [x, y] = camera.position_m, chosen = camera.id === this.app.cameraId ? " chosen" : "";
      this.root.append(svg("circle", { class: `camera${chosen}`, cx: x, cy: y, r: unit * 0.9, "stroke-width": unit * 0.25 }, svg("title", {}, camera.name)));
    }
  }

  drawPicture() {
    const { box, unit, app, camera } = this;
    const still = app.stills[camera.id];
    if (still) this.root.append(svg("image", { href: still.url, x: 0, y: 0, width: box.width, height: box.height, preserveAspectRatio: "none" }));
    else this.drawGrid();
    if (!this.fit?.to_floor) return;
    if (!still) for (const fixture of this.floor?.fixtures ?? [])
      this.root.append(svg("path", { class: "fixture faint", d: path(this.out(fixture.polygon_m)), "stroke-width": unit * 0.12 }));
  }
  drawGrid() { // the floor's metres, so that there is something to hold on to without a still
    if (!this.fit?.to_floor || !this.floor) return;
    const { x, y, width, height } = bounds(this.floor.outline_m);
    const lines = [];
    for (let i = Math.ceil(x); i <= x + width; i++) lines.push([[i, y], [i, y + height]]);
    for (let j = Math.ceil(y); j <= y + height; j++) lines.push([[x, j], [x + width, j]]);
    const d = lines.map((line) => path(this.out(line, false), false)).join("");
    this.root.append(svg("path", { class: "grid", d, "stroke-width": this.unit * 0.08 }));
  }

  drawZone(zone) {
    const { app, unit } = this;
    const corners = this.out(zone.polygon_m);
    if (corners.length < 3) return;
    const chosen = app.tool === "zones" && app.selected === zone.id;
    const active = app.tool === "zones" && !app.drawing;
    const shape = svg("path", {
      class: `zone ${zone.kind}${chosen ? " chosen" : ""}${app.wrong("zones", zone.id) ? " bad" : ""}`,
      d: path(corners), "stroke-width": unit * (chosen ? 0.35 : 0.2), "data-zone": zone.id,
      "pointer-events": active ? "all" : "none",
      onpointerdown: (event) => active && this.grab(event, zone, chosen),
    }, svg("title", {}, zone.name));
    this.root.append(shape);
    const label = bounds(corners);
    if (app.tool === "zones" || app.tool === "antennas") this.root.append(svg("text", {
      class: "label", x: label.x + label.width / 2, y: label.y + label.height / 2,
      "font-size": Math.max(unit, Math.min(unit * 1.9, (1.7 * label.width) / zone.name.length)) }, zone.name));
    if (chosen) this.drawCorners(zone);
  }

  drawCorners(zone) {
    const { app, unit } = this;
    zone.polygon_m.forEach((point, index) => {
      const [here] = this.out([point], false);
      const after = zone.polygon_m[(index + 1) % zone.polygon_m.length];
      const [between] = this.out([middle(point, after)], false);
      if (between) this.root.append(svg("circle", {
        class: "between", cx: between[0], cy: between[1], r: unit * 0.75,
        onpointerdown: (event) => { zone.polygon_m.splice(index + 1, 0, rounded(middle(point, after))); this.drag(event, (to) => { zone.polygon_m[index + 1] = to; }); },
      }));
      if (here) this.root.append(this.handle(here, app.say(`Corner ${index + 1}`, `角点 ${index + 1}`), `corner-${index}`,
        (to) => { zone.polygon_m[index] = to; }, () => point,
        () => { if (zone.polygon_m.length > 3) zone.polygon_m.splice(index, 1); }));
    });
  }

  // A point to be dragged, or moved with the arrow keys and removed with Delete.
  handle([x, y], name, id, move, where, remove) {
    const { unit, app } = this;
    return svg("circle", {
      class: "handle", cx: x, cy: y, r: unit * 1.05, "stroke-width": unit * 0.3, tabindex: 0, role: "button", "aria-label": name, "data-handle": id,
      onpointerdown: (event) => this.drag(event, move),
      onkeydown: (event) => {
        if (event.key in ARROWS && where) {
          const step = event.shiftKey ? 0.5 : 0.05, [dx, dy] = ARROWS[event.key], [px, py] = where();
          move(rounded([px + dx * step, py + dy * step]));
        } else if ((event.key === "Delete" || event.key === "Backspace") && remove) remove();
        else return;
        event.preventDefault();
        app.changed();
        app.root.querySelector(`[data-handle="${id}"]`)?.focus();
      },
    });
  }

  drag(event, move, raw = false) {
    event.preventDefault();
    event.stopPropagation();
    const moved = (to) => {
      const point = raw ? rounded(this.at(to), 1) : this.snapped(this.at(to));
      if (point) { move(point); this.draw(); }
    };
    this.follow(event, moved);
  }
  follow(event, moved) {
    const over = () => {
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", over);
      removeEventListener("pointercancel", over);
      this.app.changed();
    };
    addEventListener("pointermove", moved);
    addEventListener("pointerup", over);
    addEventListener("pointercancel", over);
  }

  grab(event, zone, chosen) { // choose a zone, or move the chosen one
    event.stopPropagation();
    if (!chosen) { this.app.choose(zone.id); return; }
    const from = this.back(this.at(event)), before = zone.polygon_m.map((it) => [...it]);
    if (from) this.follow(event, (to) => {
      const place = this.back(this.at(to));
      if (!place) return;
      zone.polygon_m = before.map(([x, y]) => rounded([x + place[0] - from[0], y + place[1] - from[1]]));
      this.draw();
    });
  }

  snapped(point) { // to a corner of another zone or of the floor nearby, else where it is
    const near = CLOSE_PX * this.pixel;
    const corners = [this.floor?.outline_m ?? [], ...this.app.draft.zones.filter((it) => it.floor === this.floor?.id && it.id !== this.app.selected).map((it) => it.polygon_m)].flat();
    for (const corner of corners) {
      const [there] = this.out([corner], false);
      if (there && distance(there, point) < near) return [...corner];
    }
    return this.back(point);
  }

  ends(line) { // of a counting line, in this pane; null when it is not in it
    if (line.start_m) {
      const of = this.app.camera(line.camera);
      if (of?.floor !== this.floor?.id) return null;
      const ends = this.out([line.start_m, line.end_m], false);
      return ends.length === 2 ? ends : null;
    }
    if (this.camera?.id !== line.camera) return null;
    const [width, height] = line.picture_px;
    const scale = [this.box.width / width, this.box.height / height];
    return [line.start_px, line.end_px].map(([x, y]) => [x * scale[0], y * scale[1]]);
  }

  drawLine(line) {
    const ends = this.ends(line), { unit, app } = this;
    if (!ends) return;
    const active = app.tool === "lines" && !app.drawing;
    const chosen = active && app.selected === line.id;
    const [start, end] = ends, [x, y] = middle(start, end), [dx, dy] = wayIn(start, end);
    const tip = [x + dx * unit * 5, y + dy * unit * 5];
    const wings = [[-1, 1], [1, 1]].map(([side]) => [tip[0] - dx * unit * 1.7 - side * dy * unit * 1.1, tip[1] - dy * unit * 1.7 + side * dx * unit * 1.1]);
    this.root.append(svg("g", { class: `gate${chosen ? " chosen" : ""}${active || chosen ? "" : " quiet"}${app.wrong("lines", line.id) ? " bad" : ""}`, "data-line": line.id,
      onpointerdown: (event) => { if (active) { event.stopPropagation(); app.choose(line.id); } } },
    svg("path", { class: "hit", d: path(ends, false), "stroke-width": unit * 3 }),
    svg("path", { d: path(ends, false), "stroke-width": unit * 0.45 }),
    svg("path", { d: path([[x, y], tip], false) + path([wings[0], tip, wings[1]], false), "stroke-width": unit * 0.35 }),
    app.tool !== "lines" ? null : svg("text", { class: "label", x: tip[0] + dx * unit * 1.6, y: tip[1] + dy * unit * 1.6, "font-size": unit * 1.9 }, app.say("in", "进")),
    svg("title", {}, line.name)));
    if (!chosen) return;
    const raw = !line.start_m;
    ["start", "end"].forEach((which, index) => {
      const key = raw ? `${which}_px` : `${which}_m`;
      const move = raw ? ([px, py]) => { line[key] = rounded([px * line.picture_px[0] / this.box.width, py * line.picture_px[1] / this.box.height], 1); } : (to) => { line[key] = to; };
      const knob = this.handle(ends[index], which, `end-${which}`, move, raw ? null : () => line[key]);
      if (raw) knob.addEventListener("pointerdown", (event) => { event.stopImmediatePropagation(); this.drag(event, move, true); }, true);
      this.root.append(knob);
    });
  }

  drawPairs() {
    const { app, unit } = this, camera = app.camera(app.cameraId);
    if (!camera || (this.camera && this.camera !== camera)) return;
    const fit = app.fits[camera.id];
    app.pairs(camera).forEach((pair, index) => {
      const point = this.camera ? pair.px : pair.m;
      if (!point) return;
      const miss = fit?.error_cm?.[index];
      const grade = miss === undefined ? "" : miss <= 10 ? "good" : miss <= 25 ? "fair" : "bad";
      if (!this.camera && fit?.to_floor && pair.px) {
        const there = onFloor(fit, pair.px);
        if (there) this.root.append(svg("path", { class: `miss ${grade}`, d: path([pair.m, there], false), "stroke-width": unit * 0.35 }));
      }
      const knob = svg("g", { class: `pair ${grade}` },
        svg("circle", { cx: point[0], cy: point[1], r: unit * 1.5, "stroke-width": unit * 0.3 }),
        svg("path", { d: path([[point[0] - unit * 0.5, point[1]], [point[0] + unit * 0.5, point[1]]], false) + path([[point[0], point[1] - unit * 0.5], [point[0], point[1] + unit * 0.5]], false), "stroke-width": unit * 0.2 }),
        svg("text", { class: "label", x: point[0] + unit * 2.6, y: point[1] - unit * 1.3, "font-size": unit * 3 }, `${index + 1}`));
      const key = this.camera ? "px" : "m";
      knob.addEventListener("pointerdown", (event) => this.drag(event, (to) => { pair[key] = to; app.judgeSoon(camera); }, Boolean(this.camera)));
      this.root.append(knob);
    });
  }

  drawUnfinished() {
    const { app, unit } = this, points = app.drawing.points.map((it) => (app.drawing.raw ? it : this.out([it], false)[0])).filter(Boolean);
    const shown = this.pointer ? [...points, this.pointer] : points;
    this.root.append(svg("path", { class: "unfinished", d: path(shown, false), "stroke-width": unit * 0.35 }));
    points.forEach(([x, y], index) => this.root.append(svg("circle", { class: index === 0 ? "handle first" : "handle", cx: x, cy: y, r: unit * 0.9, "stroke-width": unit * 0.3 })));
  }

  hover(event) {
    if (this.app.drawing?.pane !== this.key || event.pointerType === "touch") return;
    this.pointer = this.at(event);
    this.draw();
  }

  down(event) {
    const { app } = this, point = this.at(event);
    if (app.tool === "calibration") { app.addPoint(this.camera ? "px" : "m", this.camera ? rounded(point, 1) : this.back(point)); return; }
    if (!app.drawing) { app.choose(null); return; }
    if (app.drawing.pane !== this.key) {
      if (app.drawing.points.length) return;
      app.drawing.pane = this.key;
      app.drawing.raw = app.drawing.kind === "line" && Boolean(this.camera) && !this.fit?.to_floor;
    }
    const { points, kind, raw } = app.drawing;
    const first = points.length && (raw ? points[0] : this.out([points[0]], false)[0]);
    if (kind === "zone" && points.length >= 3 && first && distance(first, point) < CLOSE_PX * this.pixel) { app.finishDrawing(); return; }
    const placed = raw ? rounded(point, 1) : this.snapped(point);
    if (!placed) { app.tell(app.say("That is not on the floor: click below the horizon, or calibrate the camera first.", "该点不在地面上：请点击地平线以下，或先标定摄像机。")); return; }
    const last = points.at(-1);
    if (!last || distance(last, placed) > 0) points.push(placed);
    if (kind === "line" && points.length === 2) app.finishDrawing();
    else this.draw();
    app.showPanel();
  }
}

export const squareMetres = (zone) => area(zone.polygon_m).toFixed(1);

function grown({ x, y, width, height }, share) {
  const more = Math.max(width, height) * share;
  return { x: x - more, y: y - more, width: width + 2 * more, height: height + 2 * more };
}
