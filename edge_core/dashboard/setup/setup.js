// The set-up page: holds the draft, asks the service, and keeps drawing and panel in step.

import { Pane } from "./canvas.js";
import { antennasPanel, calibrationPanel, linesPanel, showRates, zonesPanel } from "./panels.js";
import { button, html } from "./shapes.js";

const TOOLS = [["zones", "Zones", "区域", zonesPanel], ["lines", "Counting lines", "计数线", linesPanel],
  ["calibration", "Floor calibration", "地面标定", calibrationPanel], ["antennas", "Antennas", "天线", antennasPanel]];
const KEEP = "promenade.setup";
const KEPT_MS = 120_000; // the page is loaded anew when the service starts anew: it goes on where it was

async function ask(path, body) {
  const options = body === undefined ? { cache: "no-store" }
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/setup/${path}`, options);
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({ message: answer.statusText, remedy: "" }));
  throw new Error(`${told.message} ${told.remedy ?? ""}`);
}

class App {
  constructor(root) {
    this.root = root;
    this.language = root.dataset.language;
    this.say = (english, chinese) => (this.language === "zh" ? chinese : english);
    Object.assign(this, { tool: "zones", selected: null, drawing: null, fits: {}, stills: {}, problems: [], dirty: false, message: "" });
    const kept = JSON.parse(sessionStorage.getItem(KEEP) ?? "{}");
    Object.assign(this, kept.at > Date.now() - KEPT_MS ? kept : {});
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.cancelDrawing();
      if (event.key === "Enter" && this.drawing?.kind === "zone" && event.target.tagName !== "BUTTON") this.finishDrawing();
    });
  }

  async load() {
    this.data = await (await ask("current")).json();
    for (const it of this.data.cameras) it.name = this.say(it.name, it.name_zh);
    const { zones, lines } = this.data;
    const antennas = Object.fromEntries(this.data.readers.map((reader) => [reader.id,
      Object.fromEntries(reader.antennas.map((it) => [it.number, { zone: it.zone, rack: it.rack }]))]));
    this.draft = { zones: structuredClone(zones), lines: structuredClone(lines), calibrations: {}, antennas };
    this.calibrations = Object.fromEntries(this.data.cameras.map((it) => [it.id, structuredClone(it.calibration)]));
    this.floorId = this.data.floors.some((it) => it.id === this.floorId) ? this.floorId : this.data.floors[0]?.id;
    if (!this.camera(this.cameraId)) this.cameraId = null;
    Object.assign(this, { selected: null, drawing: null, problems: [], dirty: false, fits: {} });
    await Promise.all(this.data.cameras.filter((it) => it.calibration.length).map((it) => this.judge(it)));
    this.render();
    this.watch();
  }

  camera(id) { return this.data.cameras.find((it) => it.id === id); }
  floor(id) { return this.data.floors.find((it) => it.id === id); }
  pairs(camera) { return this.calibrations[camera.id]; }
  size(camera) { return this.stills[camera.id]?.size ?? camera.calibration_px ?? camera.largest_px; }
  wrong(section, id, name) {
    return this.problems.find((it) => it.section === section && it.id === id && (name === undefined || it.field === name));
  }

  // What a person does

  choose(id) { this.selected = id; this.render(); }
  changed(panel = true) {
    this.dirty = true;
    this.message = "";
    if (panel) this.render();
    else { this.panes.forEach((it) => it.draw()); this.showFoot(); }
  }
  startDrawing(kind) {
    this.drawing = { kind, points: [], pane: null, raw: false };
    this.selected = null;
    this.render();
    this.panesBox.scrollIntoView({ block: "nearest" });
  }
  cancelDrawing() { if (this.drawing) { this.drawing = null; this.render(); } }
  finishDrawing() {
    const { kind, points, raw, pane } = this.drawing ?? {};
    if (!points || points.length < (kind === "zone" ? 3 : 2)) return;
    const camera = pane?.startsWith("camera ") ? this.camera(pane.slice(7)) : null;
    const section = kind === "zone" ? "zones" : "lines", id = this.free(section, kind);
    const named = { id, name: kind === "zone" ? this.say("New zone", "新区域") : this.say("New line", "新计数线"), name_zh: "", fresh: true };
    if (kind === "zone") this.draft.zones.push({ ...named, floor: (camera && this.floor(camera.floor)?.id) ?? this.floorId, kind: "department", polygon_m: points });
    else {
      const of = camera ?? this.data.cameras.find((it) => it.floor === this.floorId && this.fits[it.id]?.to_floor) ?? this.data.cameras[0];
      const ends = raw ? { start_px: points[0], end_px: points[1], picture_px: this.size(of) } : { start_m: points[0], end_m: points[1] };
      this.draft.lines.push({ ...named, camera: of.id, entrance: true, ...ends });
    }
    this.drawing = null;
    this.selected = id;
    this.changed();
    const name = this.root.querySelector('[data-field="name"]');
    name?.focus();
    name?.select();
  }
  free(section, kind) {
    const taken = new Set(this.draft[section].map((it) => it.id));
    for (let number = 1; ; number++) if (!taken.has(`${kind}-${number}`)) return `${kind}-${number}`;
  }
  rename(item) { // a new one's id follows its name, as long as nothing refers to it
    const section = this.draft.zones.includes(item) ? "zones" : "lines";
    const id = item.name.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
    if (item.fresh && id && !this.draft[section].some((it) => it !== item && it.id === id)) {
      for (const antennas of Object.values(this.draft.antennas)) for (const look of Object.values(antennas)) if (look.zone === item.id) look.zone = id;
      if (this.selected === item.id) this.selected = id;
      item.id = id;
    }
    this.changed();
  }
  remove(section, id) {
    this.draft[section] = this.draft[section].filter((it) => it.id !== id);
    this.selected = null;
    this.changed();
  }
  addPoint(key, point) {
    const camera = this.camera(this.cameraId);
    if (!camera || !point) return;
    const pairs = this.pairs(camera), half = pairs.find((it) => !it[key]);
    if (half) half[key] = point;
    else if (pairs.every((it) => it.px && it.m)) pairs.push({ [key]: point });
    else pairs[pairs.length - 1][key] = point;
    this.judgeSoon(camera);
    this.changed();
  }

  async judge(camera) {
    const pairs = this.pairs(camera).filter((it) => it.px && it.m);
    const fit = await (await ask("judge", { picture_px: this.size(camera), pairs })).json();
    this.fits[camera.id] = fit;
    this.draft.calibrations[camera.id] = { floor: camera.floor ?? this.floorId, picture_px: this.size(camera), pairs };
  }
  judgeSoon(camera) {
    clearTimeout(this.judging);
    this.judging = setTimeout(() => this.judge(camera).then(() => this.render(), (error) => this.tell(error.message)), 60);
  }

  async takeStill(camera) {
    this.tell(this.say("Taking a still without the people in it …", "正在拍摄不含人物的静态画面……"));
    try {
      const url = URL.createObjectURL(await (await ask(`still/${camera.id}`, {})).blob());
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      const until = Date.now() + this.data.still_shown_s * 1000;
      const before = this.size(camera), size = [picture.naturalWidth, picture.naturalHeight];
      this.scalePairs(camera, before, size);
      this.stills[camera.id] = { url, size, until };
      setTimeout(() => this.dropStill(camera), until - Date.now());
      if (this.pairs(camera).length) await this.judge(camera);
      this.tell("");
    } catch (error) { this.tell(error.message); }
    this.render();
  }
  scalePairs(camera, [w0, h0], [w1, h1]) {
    if (w0 !== w1 || h0 !== h1) for (const pair of this.pairs(camera)) if (pair.px) pair.px = [pair.px[0] * w1 / w0, pair.px[1] * h1 / h0].map((it) => Math.round(it * 10) / 10);
  }
  dropStill(camera) {
    const still = this.stills[camera.id];
    if (!still) return;
    URL.revokeObjectURL(still.url);
    delete this.stills[camera.id];
    this.scalePairs(camera, still.size, this.size(camera));
    if (this.pairs(camera).length) this.judgeSoon(camera);
    this.render();
  }

  // Keeping it

  body() {
    const plain = ({ fresh, ...rest }) => Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
    const touched = Object.fromEntries(Object.entries(this.draft.calibrations).filter(([id, it]) => {
      const { calibration, calibration_px } = this.camera(id);
      return JSON.stringify([it.pairs, it.pairs.length ? it.picture_px : null]) !== JSON.stringify([calibration, calibration_px]);
    }));
    return { base: this.data.base, draft: { ...this.draft, zones: this.draft.zones.map(plain), lines: this.draft.lines.map(plain), calibrations: touched } };
  }
  async save() {
    try {
      this.problems = (await (await ask("save", this.body())).json()).problems;
    } catch (error) { this.tell(error.message); return; }
    if (this.problems.length) {
      const first = this.problems[0];
      if (["zones", "lines"].includes(first.section)) Object.assign(this, { tool: first.section, selected: first.id });
      this.tell(this.say(`Not saved: ${this.problems.length} thing${this.problems.length > 1 ? "s" : ""} to mend. ${first.id ? "" : `${first.reason}. ${first.remedy}`}`, `未保存：有 ${this.problems.length} 处需要修改。`));
      this.render();
      return;
    }
    this.sent();
  }
  async undo() {
    try { await ask("undo", {}); } catch (error) { this.tell(error.message); return; }
    this.sent();
  }
  sent() { // the service may load the page anew meanwhile, so what is awaited is kept
    this.dirty = false;
    this.awaited = true;
    this.keep();
    this.load().catch(() => this.watch());
  }
  keep() {
    const { tool, cameraId, floorId, awaited, message, mood } = this;
    sessionStorage.setItem(KEEP, JSON.stringify({ tool, cameraId, floorId, awaited, message, mood, at: Date.now() }));
  }
  async watch() {
    if (!this.awaited) { this.showFoot(); return; }
    let state = null;
    try { state = await (await ask("running")).json(); } catch { /* it is being started anew */ }
    if (state?.running) {
      this.awaited = false;
      const at = new Date().toLocaleTimeString();
      this.tell(this.say(`The new set-up runs since ${at}.`, `新设置已于 ${at} 开始运行。`), "well");
      this.keep();
      return;
    }
    if (state?.refused) {
      this.awaited = false;
      this.tell(this.say(`Saved, but the service does not run by it: ${state.refused}`, `已保存，但服务未采用：${state.refused}`));
      return;
    }
    this.tell(this.say("Saved. The service is starting anew with it …", "已保存，服务正在以新设置重新启动……"), "busy");
    setTimeout(() => this.watch(), 700);
  }

  // Showing it

  tell(message, mood = "bad") { this.message = message; this.mood = mood; this.showFoot(); }

  render() {
    const kept = document.activeElement?.dataset?.field;
    this.panesBox = html("div", { class: `panes ${this.tool === "calibration" ? "two" : ""}` });
    this.panel = html("aside", { class: "pr-card panel", "aria-label": this.say("Tools", "工具") });
    this.foot = html("div", { class: "foot" });
    const tools = html("div", { class: "tabs", role: "tablist" }, TOOLS.map(([key, en, zh]) => html("button", {
      type: "button", role: "tab", "aria-selected": this.tool === key ? "true" : "false", class: this.tool === key ? "here" : "", "data-tool": key,
      onclick: () => { Object.assign(this, { tool: key, selected: null, drawing: null }); if (key === "calibration") this.cameraId ??= this.data.cameras[0]?.id; this.render(); } }, this.say(en, zh))));
    this.root.replaceChildren(tools, html("section", { class: "pr-card drawing-card" }, this.views(), this.panesBox), this.panel, this.foot);
    this.showPanes();
    this.showPanel();
    this.showFoot();
    if (kept) this.root.querySelector(`[data-field="${kept}"]`)?.focus();
    this.followRates();
  }

  views() {
    const tab = (text, here, go, data) => html("button", { type: "button", class: here ? "here" : "", "aria-pressed": here ? "true" : "false", onclick: () => { go(); this.drawing = null; this.render(); }, ...data }, text);
    const plans = this.tool === "calibration" ? [] : this.data.floors.map((it) => tab(it.name, !this.cameraId && it.id === this.floorId, () => Object.assign(this, { cameraId: null, floorId: it.id }), { "data-view": `floor ${it.id}` }));
    const cameras = this.data.cameras.map((it) => tab(it.name, it.id === this.cameraId, () => { this.cameraId = it.id; }, { "data-view": `camera ${it.id}` }));
    return html("div", { class: "views" }, plans, cameras);
  }

  showPanes() {
    const camera = this.camera(this.cameraId), floor = this.floor(camera?.floor ?? this.floorId) ?? this.data.floors[0];
    if (!floor) { this.panesBox.append(html("p", { class: "hint" }, this.say("site.toml names no floor yet; add a [[floors]] section with its outline in metres.", "site.toml 中尚无楼层，请添加 [[floors]] 及其轮廓（单位：米）。"))); this.panes = []; return; }
    this.panes = [];
    if (camera) this.panes.push(new Pane(this, floor, camera));
    if (!camera || this.tool === "calibration") this.panes.push(new Pane(this, floor, null));
    this.panesBox.append(...this.panes.map((it) => html("figure", {}, it.root, it.camera ? this.caption(camera) : null)));
  }
  caption(camera) {
    const still = this.stills[camera.id];
    const left = html("span", { class: "left" });
    const tick = () => {
      if (!still || !left.isConnected) return;
      const seconds = Math.max(0, Math.round((still.until - Date.now()) / 1000));
      left.textContent = this.say(`shown for ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} more`, `将在 ${seconds} 秒后移除`);
      setTimeout(tick, 1000);
    };
    requestAnimationFrame(tick);
    return html("figcaption", {},
      still ? [left, button(this.say("Take it away", "立即移除"), () => this.dropStill(camera))]
        : [html("span", {}, this.say("Shown without a picture. A still has its people removed, is kept nowhere, and is written into the access log.", "当前不显示画面。静态画面会去除人物、不作保存，并记入访问日志。")),
          button(this.say("Take a still", "拍摄静态画面"), () => this.takeStill(camera), { "data-do": "still" })]);
  }
  showPanel() {
    const scroll = this.panel.scrollTop;
    this.panel.replaceChildren(...TOOLS.find(([key]) => key === this.tool)[3](this).filter(Boolean));
    this.panel.scrollTop = scroll;
  }
  showFoot() {
    if (!this.foot) return;
    const told = this.message || (this.dirty ? this.say("Not saved yet.", "尚未保存。") : "");
    this.foot.replaceChildren(
      html("span", { class: `told ${this.message ? this.mood : ""}`, role: "status", "data-do": "told" }, told),
      button(this.say("Take back the last save", "撤销上次保存"), () => this.undo(), { disabled: !this.data.can_undo || Boolean(this.awaited), "data-do": "undo" }),
      button(this.say("Save and run", "保存并运行"), () => this.save(), { name: "pr-main", disabled: !this.dirty || Boolean(this.awaited), "data-do": "save" }));
  }
  followRates() {
    clearTimeout(this.rating);
    if (this.tool !== "antennas") return;
    const look = async () => {
      try { showRates(this, await (await ask("rates")).json()); } catch { /* the next look may go well */ }
      if (this.tool === "antennas") this.rating = setTimeout(look, 1000);
    };
    look();
  }
}

const start = () => {
  const root = document.getElementById("setup");
  if (!root) { setTimeout(start, 50); return; }
  window.setUp = new App(root);
  window.setUp.load().catch((error) => { root.textContent = error.message; });
};
start();
