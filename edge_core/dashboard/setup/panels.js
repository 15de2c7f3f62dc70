// The panel beside the drawing: one for each tool.

import { squareMetres } from "./canvas.js";
import { button, field, html, select } from "./shapes.js";

const KINDS = [
  ["department", "Department", "部门"], ["store", "Store", "店铺"], ["window", "Shop window", "橱窗"],
  ["entrance", "Entrance", "入口"], ["corridor", "Corridor", "走廊"], ["till", "Till", "收银台"],
  ["fitting-room", "Fitting room", "试衣间"], ["reach", "Before a screen", "屏幕前"],
];
const GRADES = {
  none: ["Not calibrated yet", "尚未标定"], unproven: ["Too few points to tell", "点太少，无法判断"],
  good: ["Good", "良好"], fair: ["Usable", "可用"], bad: ["Not good enough", "精度不足"],
};

export function zonesPanel(app) {
  const { say } = app, zone = app.draft.zones.find((it) => it.id === app.selected);
  const list = html("div", { class: "list" }, app.draft.zones.map((it) => entry(app, "zones", it.id, it.name, `${squareMetres(it)} m²`)));
  const parts = [drawButton(app, "zone", say("Draw a zone", "绘制区域"),
    say("Click the corners one after the other; click the first one again to finish.", "依次点击各角点，再次点击第一个角点完成。"))];
  if (zone) parts.push(zoneForm(app, zone));
  return [...parts, list];
}

function zoneForm(app, zone) {
  const { say } = app, wrong = (name) => app.wrong("zones", zone.id, name);
  const text = (key, more = {}) => html("input", { value: zone[key] ?? "", maxlength: 60, oninput: (event) => { zone[key] = event.target.value; app.changed(false); }, ...more });
  return html("div", { class: "form" },
    wrong("") ? html("p", { class: "wrong", role: "alert" }, `${wrong("").reason}. ${wrong("").remedy}`) : null,
    field(say("Name", "名称"), text("name", { "data-field": "name", onchange: () => app.rename(zone) }), wrong("name") ?? wrong("id")),
    field(say("Name in Chinese", "中文名称"), text("name_zh"), wrong("name_zh")),
    field(say("Kind", "类型"), select(zone.kind, KINDS.map(([key, en, zh]) => [key, say(en, zh)]), (kind) => { zone.kind = kind; app.changed(); }), wrong("kind")),
    wrong("polygon_m") ? html("p", { class: "wrong", role: "alert" }, `${wrong("polygon_m").reason}. ${wrong("polygon_m").remedy}`) : null,
    zone.kind === "fitting-room" ? html("p", { class: "hint" }, say("No camera looks into a fitting room; what is known here comes from RFID tags alone.", "试衣间内没有摄像机，这里的信息仅来自 RFID 标签。")) : null,
    html("p", { class: "hint" }, say("Drag the corners, or move them with the arrow keys; drag a small dot to add one, Delete removes one.", "拖动角点或用方向键移动；拖动小圆点可添加角点，按 Delete 删除。")),
    button(say("Remove this zone", "删除此区域"), () => app.remove("zones", zone.id), { name: "pr-plain danger" }));
}

export function linesPanel(app) {
  const { say } = app, line = app.draft.lines.find((it) => it.id === app.selected);
  const list = html("div", { class: "list" }, app.draft.lines.map((it) => entry(app, "lines", it.id, it.name, app.camera(it.camera)?.name ?? it.camera)));
  const parts = [drawButton(app, "line", say("Draw a counting line", "绘制计数线"),
    say("Click where it begins and where it ends. The arrow shows which way is in.", "点击起点和终点，箭头表示进入方向。"))];
  if (line) parts.push(lineForm(app, line));
  return [...parts, list];
}

function lineForm(app, line) {
  const { say } = app, wrong = (name) => app.wrong("lines", line.id, name);
  const turn = () => {
    for (const unit of ["m", "px"]) [line[`start_${unit}`], line[`end_${unit}`]] = [line[`end_${unit}`], line[`start_${unit}`]];
    app.changed();
  };
  const text = (key, more = {}) => html("input", { value: line[key] ?? "", maxlength: 60, oninput: (event) => { line[key] = event.target.value; app.changed(false); }, ...more });
  const cameras = app.data.cameras.map((it) => [it.id, it.name]);
  return html("div", { class: "form" },
    ["", "start_m", "end_m", "start_px"].map(wrong).filter(Boolean).map((it) => html("p", { class: "wrong", role: "alert" }, `${it.reason}. ${it.remedy}`)),
    field(say("Name", "名称"), text("name", { "data-field": "name", onchange: () => app.rename(line) }), wrong("name") ?? wrong("id")),
    field(say("Name in Chinese", "中文名称"), text("name_zh"), wrong("name_zh")),
    field(say("Watched by", "由此摄像机计数"), select(line.camera, cameras, (camera) => { line.camera = camera; app.changed(); }, { disabled: !line.start_m }), wrong("camera")),
    html("label", { class: "tick" }, html("input", { type: "checkbox", checked: line.entrance !== false, onchange: (event) => { line.entrance = event.target.checked; app.changed(); } }),
      say("An entrance: whoever crosses it comes into the site", "出入口：跨过此线即进入本站点")),
    button(say("Turn the direction round", "反转方向"), turn, { "data-do": "turn" }),
    button(say("Remove this line", "删除此线"), () => app.remove("lines", line.id), { name: "pr-plain danger" }));
}

export function calibrationPanel(app) {
  const { say } = app, camera = app.camera(app.cameraId);
  if (!camera) return [html("p", { class: "hint" }, say("Choose a camera above.", "请在上方选择摄像机。"))];
  const fit = app.fits[camera.id] ?? { grade: "none", error_cm: [], advice: [] }, pairs = app.pairs(camera);
  const verdict = html("div", { class: `verdict ${fit.grade}`, "aria-live": "polite", "data-grade": fit.grade },
    html("b", {}, say(...GRADES[fit.grade])),
    fit.typical_cm === null || fit.typical_cm === undefined ? null
      : html("span", {}, say(`a place on the floor is off by ${fit.typical_cm.toFixed(0)} cm typically`, `地面位置误差通常为 ${fit.typical_cm.toFixed(0)} 厘米`)));
  const rows = pairs.map((pair, index) => html("div", { class: "pair-row" },
    html("b", {}, `${index + 1}`),
    html("span", { class: "where" }, pair.px && pair.m ? `${pair.px.map((it) => it.toFixed(0)).join(", ")} → ${pair.m.map((it) => it.toFixed(2)).join(", ")} m` : pair.px ? say("now the plan", "请点击平面图") : say("now the picture", "请点击画面")),
    html("span", { class: "cm" }, fit.error_cm?.[index] === undefined ? "" : `${fit.error_cm[index].toFixed(0)} cm`),
    button("×", () => { pairs.splice(index, 1); app.judgeSoon(camera); app.changed(); }, { name: "x", "aria-label": say(`Remove pair ${index + 1}`, `删除第 ${index + 1} 对点`) })));
  const more = app.problems.filter((it) => it.section === "cameras" && it.id === camera.id);
  return [
    html("p", { class: "hint" }, say("Click a spot on the floor in the picture, then the same spot on the plan. Corners of racks and doors where they touch the floor do well.", "先点击画面中地面上的一点，再点击平面图上的同一位置。货架和门与地面接触的角点效果最好。")),
    verdict, ...more.map((it) => html("p", { class: "wrong", role: "alert" }, `${it.reason}. ${it.remedy}`)),
    ...fit.advice.map((it) => html("p", { class: "advice" }, it)),
    html("div", { class: "pairs" }, rows),
    pairs.length ? button(say("Remove all points", "删除所有点"), () => { pairs.splice(0); app.judgeSoon(camera); app.changed(); }, { name: "pr-plain danger" }) : null,
  ];
}

export function antennasPanel(app) {
  const { say } = app;
  if (!app.data.readers.length) return [html("p", { class: "hint" }, say("No RFID reader is set up. Readers are named in site.toml under [[readers]].", "尚未设置 RFID 读写器。请在 site.toml 的 [[readers]] 中添加。"))];
  const racks = [["", say("– no rack –", "– 无货架 –")], ...app.data.racks.map((it) => [it.id, it.name])];
  const zones = [["", say("– no zone –", "– 无区域 –")], ...app.draft.zones.map((it) => [it.id, it.name])];
  const wrong = app.problems.filter((it) => it.section === "readers");
  return [
    html("p", { class: "hint" }, say("Hold a tag under an antenna: the one whose reads rise is the one you stand at.", "将标签放到天线下方：读取次数上升的就是该天线。")),
    ...wrong.map((it) => html("p", { class: "wrong", role: "alert" }, `${it.id}: ${it.reason}. ${it.remedy}`)),
    ...app.data.readers.map((reader) => html("div", { class: "reader" },
      html("h3", {}, reader.name, html("small", { "data-reader": reader.id }, "")),
      reader.antennas.map((antenna) => {
        const look = app.draft.antennas[reader.id][antenna.number];
        return html("div", { class: "antenna" },
          html("b", {}, `${antenna.number}`),
          html("span", { class: "rate", "data-antenna": `${reader.id} ${antenna.number}` }, "–"),
          select(look.rack ?? "", racks, (rack) => { look.rack = rack || null; app.changed(); }, { "aria-label": say(`Rack of antenna ${antenna.number}`, `天线 ${antenna.number} 的货架`) }),
          select(look.zone ?? "", zones, (zone) => { look.zone = zone || null; app.changed(); }, { "aria-label": say(`Zone of antenna ${antenna.number}`, `天线 ${antenna.number} 的区域`) }));
      }))),
  ];
}

export function showRates(app, rates) {
  for (const element of document.querySelectorAll("[data-antenna]")) {
    const name = element.dataset.antenna, reads = rates.reads_per_s[name] ?? 0;
    element.textContent = app.say(`${reads.toFixed(0)} reads/s · ${rates.tags[name] ?? 0} tags`, `${reads.toFixed(0)} 次/秒 · ${rates.tags[name] ?? 0} 个标签`);
    element.style.setProperty("--share", Math.min(1, reads / 120));
  }
  for (const element of document.querySelectorAll("[data-reader]"))
    element.textContent = rates.readers[element.dataset.reader] === "streaming" ? "" : app.say(" not connected", " 未连接");
}

function drawButton(app, kind, text, hint) {
  const { say } = app;
  if (app.drawing?.kind !== kind) return button(`+ ${text}`, () => app.startDrawing(kind), { name: "pr-plain wide", "data-do": `draw-${kind}` });
  return html("div", { class: "drawing" }, html("p", { class: "hint" }, hint),
    html("div", { class: "row" },
      kind === "zone" ? button(say("Finish", "完成"), () => app.finishDrawing(), { name: "pr-main", "data-do": "finish", disabled: app.drawing.points.length < 3 }) : null,
      button(say("Cancel", "取消"), () => app.cancelDrawing())));
}

function entry(app, section, id, name, about) {
  const bad = app.wrong(section, id) ? " bad" : "";
  return html("button", { type: "button", class: `entry${app.selected === id ? " here" : ""}${bad}`, "aria-pressed": app.selected === id ? "true" : "false", onclick: () => app.choose(id) },
    html("span", {}, name || id), html("small", {}, about));
}
