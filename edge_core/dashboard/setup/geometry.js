// Plan and picture: the homography both ways, and what of the plan lies before the camera.

export function inverse(rows) {
  const [[a, b, c], [d, e, f], [g, h, i]] = rows;
  const A = e * i - f * h, B = c * h - b * i, C = b * f - c * e;
  const det = a * A + d * B + g * C;
  return [
    [A / det, B / det, C / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}

const apply = (rows, [x, y]) => rows.map(([a, b, c]) => a * x + b * y + c);

// A picture point on the floor in metres; null at or beyond the horizon.
export function onFloor(fit, px) {
  const [x, y, w] = apply(fit.to_floor, px);
  return w > fit.least_depth ? [x / w, y / w] : null;
}

// Floor polygon or line in the picture, in pixels; what is behind the camera is cut off.
export function inPicture(fit, points, closed) {
  const rows = fit.to_picture ?? (fit.to_picture = inverse(fit.to_floor));
  const seen = points.map((point) => apply(rows, point));
  // 1 / w is the depth that `onFloor` looks at; beyond the horizon it is infinite.
  const nearest = 1e-3 * Math.max(...seen.map((it) => Math.abs(it[2])));
  const cut = [];
  const last = closed ? seen.length : seen.length - 1;
  seen.forEach((here, index) => {
    if (here[2] >= nearest) cut.push(here);
    if (index >= last) return;
    const after = seen[(index + 1) % seen.length];
    if ((here[2] >= nearest) !== (after[2] >= nearest)) {
      const share = (nearest - here[2]) / (after[2] - here[2]);
      cut.push(here.map((value, axis) => value + share * (after[axis] - value)));
    }
  });
  return cut.map(([x, y, w]) => [x / w, y / w]);
}

export const distance = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);
export const middle = ([x0, y0], [x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
export const rounded = ([x, y], digits = 2) => [Number(x.toFixed(digits)), Number(y.toFixed(digits))];

export function bounds(points) {
  const xs = points.map((it) => it[0]), ys = points.map((it) => it[1]);
  const [x0, y0] = [Math.min(...xs), Math.min(...ys)];
  return { x: x0, y: y0, width: Math.max(...xs) - x0, height: Math.max(...ys) - y0 };
}

export function area(points) {
  let twice = 0;
  points.forEach(([x0, y0], index) => {
    const [x1, y1] = points[(index + 1) % points.length];
    twice += x0 * y1 - x1 * y0;
  });
  return Math.abs(twice) / 2;
}

// The way in: to the right hand of whoever walks from start to end, with y down the page.
export function wayIn([x0, y0], [x1, y1]) {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  return [-(y1 - y0) / length, (x1 - x0) / length];
}
