"""The page an observer holds in the hand: two big buttons, and a queue for when the link drops."""

import json
from collections.abc import Sequence
from html import escape
from typing import Final

from edge_core.dashboard import theme
from edge_core.service.site_schema import LineView, SiteView

WORDS: Final = {
    "en": {
        "title": "Accuracy audit",
        "lead": "Two people tally the same line at the same time, each on their own phone,"
        " without talking. Nothing is filmed.",
        "code": "Your code",
        "codehint": "e.g. A or B",
        "line": "Line",
        "what": "What do you tally?",
        "others": "Everybody who crosses",
        "walk": "My own test walks",
        "start": "Start",
        "in": "In",
        "out": "Out",
        "undo": "Take back the last",
        "finish": "Finish",
        "sent": "All sent",
        "waiting": "waiting to be sent",
        "offline": "No connection. Keep tallying; it is sent later.",
        "signin": "Signed out. Nothing is lost; sign in again in another tab.",
        "refused": "The service refuses what was tallied:",
        "done": "Thank you",
        "again": "Tally again",
        "keepopen": "Keep this page open until all is sent.",
    },
    "zh": {
        "title": "准确度核查",
        "lead": "两人各用自己的手机，同时清点同一条计数线，互不交谈。不作任何拍摄。",
        "code": "您的代号",
        "codehint": "例如 A 或 B",
        "line": "计数线",
        "what": "清点什么？",
        "others": "所有经过的人",
        "walk": "我自己的测试行走",
        "start": "开始",
        "in": "进",
        "out": "出",
        "undo": "撤销上一次",
        "finish": "结束",
        "sent": "已全部发送",
        "waiting": "条等待发送",
        "offline": "没有连接。请继续清点，稍后会自动发送。",
        "signin": "已退出登录。数据不会丢失；请在另一标签页重新登录。",
        "refused": "服务拒绝了清点数据：",
        "done": "谢谢",
        "again": "再次清点",
        "keepopen": "全部发送之前请不要关闭此页面。",
    },
}

_STYLE: Final = """
* { box-sizing: border-box; -webkit-tap-highlight-color: transparent; }
html, body { margin: 0; height: 100%; }
body { line-height: 1.4; font-size: 17px; touch-action: manipulation; user-select: none;
  -webkit-user-select: none; }
main { min-height: 100dvh; max-width: 560px; margin: 0 auto; display: flex;
  flex-direction: column; gap: 16px; padding: max(20px, env(safe-area-inset-top)) 20px
  max(18px, env(safe-area-inset-bottom)); }
h1 { font-size: 28px; font-weight: 300; margin: 0; letter-spacing: .2px; }
.site { color: var(--soft); margin: 2px 0 0; font-size: 15px; }
.lead { color: var(--soft); margin: 0; font-size: 15px; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 8px; }
legend, label.code { color: var(--soft); font-size: 14px; padding: 0; margin-bottom: 8px; }
label.code { display: flex; flex-direction: column; gap: 8px; margin: 0; }
input[type=text] { font: inherit; font-size: 20px; color: var(--ink); background: var(--raised);
  border: 1px solid var(--hairline); border-radius: 12px; padding: 14px 16px; width: 100%;
  user-select: text; -webkit-user-select: text; }
.choice { display: flex; align-items: center; gap: 12px; background: var(--raised);
  border: 1px solid var(--hairline); border-radius: 12px; padding: 14px 16px; min-height: 52px; }
.choice input { appearance: none; width: 20px; height: 20px; border-radius: 50%; margin: 0;
  border: 2px solid var(--faint); flex: none; }
.choice input:checked { border: 6px solid var(--accent); }
.choice:has(input:checked) { border-color: var(--accent); }
button { font: inherit; color: var(--ink); background: var(--raised); border: 0;
  border-radius: 14px; padding: 15px; cursor: pointer; min-height: 52px; }
button.first { background: var(--accent); color: #241505; font-weight: 500; font-size: 19px; }
button:disabled { opacity: .4; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.head { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; }
.head h1 { font-size: 22px; font-weight: 400; }
.clock { color: var(--soft); font-variant-numeric: tabular-nums; font-size: 20px;
  font-weight: 300; }
.big { flex: 1; display: grid; grid-template-rows: 1fr 1fr; gap: 14px; min-height: 320px; }
.big button { border-radius: 24px; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 4px; transition: transform .06s; border: 1px solid transparent; }
.big button:active { transform: scale(.98); filter: brightness(1.1); }
.big b { font-size: 64px; font-weight: 300; line-height: 1; font-variant-numeric: tabular-nums; }
.big span { font-size: 24px; font-weight: 500; }
#in { background: var(--accent); color: #241505; }
#out { background: #22303f; border-color: #3a4d63; color: var(--ink); }
.row { display: grid; grid-template-columns: 1.6fr 1fr; gap: 12px; }
.link { display: flex; align-items: center; gap: 10px; color: var(--soft); font-size: 15px;
  min-height: 48px; margin: 0; }
.link i { width: 9px; height: 9px; border-radius: 50%; background: var(--well); flex: none; }
.link.late i { background: var(--accent); }
.link.bad i { background: var(--unwell); }
.link.bad { color: var(--ink); }
.sum { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.sum div { background: var(--raised); border-radius: 18px; padding: 18px 20px; }
.sum b { display: block; font-size: 46px; font-weight: 300; line-height: 1.1; }
.sum span { color: var(--soft); }
.grow { flex: 1; }
[hidden] { display: none !important; }
"""

_SCRIPT: Final = """
const site = JSON.parse(document.getElementById("site").textContent);
const words = site.words[(navigator.language || "en").startsWith("zh") ? "zh" : "en"];
const zh = words === site.words.zh;
const by = (id) => document.getElementById(id);
document.documentElement.lang = zh ? "zh" : "en";
for (const it of document.querySelectorAll("[data-word]")) it.textContent = words[it.dataset.word];
document.title = words.title;
by("sitename").textContent = zh ? site.name_zh : site.name;
by("code").placeholder = words.codehint;

const STORE = "promenade-tallies";
let state = { observer: "", line: "", walk: false, began: 0, ended: 0, log: [], queue: [] };
try { state = Object.assign(state, JSON.parse(localStorage.getItem(STORE) || "{}")); } catch {}
const save = () => { try { localStorage.setItem(STORE, JSON.stringify(state)); } catch {} };
let trouble = "", sending = false, wait = 1000;

const id = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");
const lineOf = (wanted) => site.lines.find((line) => line.id === wanted) || site.lines[0];

site.lines.forEach((line, index) => {
  const label = document.createElement("label");
  label.className = "choice";
  const input = Object.assign(document.createElement("input"),
    { type: "radio", name: "line", value: line.id, checked: index === 0 });
  label.append(input, document.createTextNode(zh ? line.name_zh : line.name));
  by("lines").append(label);
});

function press(what) {
  const one = { id: id(), at: Date.now(), observer: state.observer, line: state.line, ...what };
  if (state.walk) one.walk = true;
  state.queue.push(one);
  if (one.direction) state.log.push({ id: one.id, direction: one.direction });
  save();
  show();
  send();
}

async function send() {
  if (sending || !state.queue.length) return;
  sending = true;
  const observer = state.queue[0].observer;
  const part = state.queue.filter((it) => it.observer === observer).slice(0, 200);
  const now = Date.now();
  const presses = part.map(({ at, observer, ...rest }) =>
    ({ ...rest, age_ms: Math.max(0, now - at) }));
  try {
    const answer = await fetch("/audit/tallies", { method: "POST", cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ observer, presses }) });
    if (answer.ok) {
      const kept = new Set((await answer.json()).kept);
      state.queue = state.queue.filter((it) => !kept.has(it.id));
      save();
      trouble = "";
      wait = 1000;
    } else if (answer.status === 401 || answer.status === 403) {
      trouble = words.signin;
    } else {
      const told = await answer.json().catch(() => ({}));
      trouble = `${words.refused} ${told.message || answer.status}`;
    }
  } catch {
    trouble = words.offline;
  }
  sending = false;
  show();
  if (state.queue.length) {
    setTimeout(send, trouble ? wait : 0);
    wait = trouble ? Math.min(10000, wait * 1.6) : 1000;
  }
}

function show() {
  const counting = state.began && !state.ended;
  by("setup").hidden = Boolean(state.began);
  by("counting").hidden = !counting;
  by("thanks").hidden = !state.ended;
  const line = lineOf(state.line), count = { in: 0, out: 0 };
  state.log.forEach((it) => { count[it.direction] += 1; });
  for (const name of document.querySelectorAll(".linename"))
    name.textContent = zh ? line.name_zh : line.name;
  for (const way of ["in", "out"])
    for (const it of document.querySelectorAll(`.n-${way}`)) it.textContent = count[way];
  by("undo").disabled = !state.log.length;
  for (const it of document.querySelectorAll(".link")) {
    const left = state.queue.length;
    it.className = `link ${trouble && left ? "bad" : left ? "late" : ""}`;
    it.lastElementChild.textContent = !left ? words.sent
      : `${left} ${words.waiting}${trouble ? ". " + trouble : ""}`;
  }
  by("keepopen").hidden = !state.queue.length;
}

function tick() {
  const passed = Math.floor(((state.ended || Date.now()) - state.began) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const shown = `${two(Math.floor(passed / 60))}:${two(passed % 60)}`;
  by("clock").textContent = state.began ? shown : "";
}

by("setup").addEventListener("submit", (event) => {
  event.preventDefault();
  state.observer = by("code").value.trim();
  state.line = document.querySelector("input[name=line]:checked").value;
  state.walk = document.querySelector("input[name=what]:checked").value === "walk";
  state.began = Date.now();
  state.ended = 0;
  state.log = [];
  press({ mark: "begin" });
  tick();
});
for (const way of ["in", "out"]) by(way).addEventListener("click", () => {
  if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(25);
  press({ direction: way });
});
by("undo").addEventListener("click", () => {
  const last = state.log.pop();
  if (last) press({ undo: last.id });
});
by("finish").addEventListener("click", () => {
  press({ mark: "end" });
  state.ended = Date.now();
  save();
  show();
});
by("again").addEventListener("click", () => {
  Object.assign(state, { began: 0, ended: 0, log: [] });
  save();
  show();
});
by("code").value = state.observer;
addEventListener("online", () => { wait = 1000; send(); });
addEventListener("beforeunload", (event) => { if (state.queue.length) event.preventDefault(); });
setInterval(tick, 500);
tick();
show();
send();
if (navigator.serviceWorker) {
  navigator.serviceWorker.register("/audit/offline.js", { scope: "/audit" })
    .then(() => navigator.serviceWorker.ready)
    .then(() => caches.open("promenade-audit")).then((kept) => kept.add("/audit"))
    .then(() => { document.documentElement.dataset.offline = "ready"; }).catch(() => {});
}
if (navigator.wakeLock) document.addEventListener("click", () => {
  navigator.wakeLock.request("screen").catch(() => {});
}, { once: true });
"""

OFFLINE_SCRIPT: Final = """
const PAGE = "/audit", KEPT = "promenade-audit";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || new URL(url).pathname !== PAGE) return;
  event.respondWith(fetch(event.request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected)
      await (await caches.open(KEPT)).put(PAGE, answer.clone());
    return answer;
  }).catch(async () => (await caches.match(PAGE)) || Response.error()));
});
"""
"""The page's service worker: what was loaded last is shown while the service cannot be reached.

Browsers run one only where they trust the certificate; elsewhere a page that is open keeps
counting, and cannot be loaded again until the service answers.
"""

_BODY: Final = """
<main>
 <form id="setup">
  <header><h1 data-word="title"></h1><p class="site" id="sitename"></p></header>
  <p class="lead" data-word="lead"></p>
  <label class="code"><span data-word="code"></span>
   <input id="code" type="text" maxlength="12" pattern="[A-Za-z0-9][A-Za-z0-9 ._\\-]*" required
    autocomplete="off" autocapitalize="characters"></label>
  <fieldset id="lines"><legend data-word="line"></legend></fieldset>
  <fieldset><legend data-word="what"></legend>
   <label class="choice"><input type="radio" name="what" value="others" checked>
    <span data-word="others"></span></label>
   <label class="choice"><input type="radio" name="what" value="walk">
    <span data-word="walk"></span></label></fieldset>
  <div class="grow"></div>
  <button class="first" type="submit" data-word="start"></button>
 </form>
 <section id="counting" hidden>
  <header class="head"><h1 class="linename"></h1><span class="clock" id="clock"></span></header>
  <p class="link" role="status"><i></i><span></span></p>
  <div class="big">
   <button id="in" type="button"><b class="n-in">0</b><span data-word="in"></span></button>
   <button id="out" type="button"><b class="n-out">0</b><span data-word="out"></span></button>
  </div>
  <div class="row"><button id="undo" type="button" data-word="undo"></button>
   <button id="finish" type="button" data-word="finish"></button></div>
 </section>
 <section id="thanks" hidden>
  <header><h1 data-word="done"></h1><p class="site linename"></p></header>
  <div class="sum"><div><b class="n-in"></b><span data-word="in"></span></div>
   <div><b class="n-out"></b><span data-word="out"></span></div></div>
  <p class="link" role="status"><i></i><span></span></p>
  <p class="lead" id="keepopen" data-word="keepopen"></p>
  <div class="grow"></div>
  <button class="first" id="again" type="button" data-word="again"></button>
 </section>
</main>
"""


def tally_page(site: SiteView, lines: Sequence[LineView]) -> str:
    """The whole page; it needs nothing else from the service but to hand in what was tallied."""
    facts = {
        "name": site.name,
        "name_zh": site.name_zh,
        "lines": [{"id": it.id, "name": it.name, "name_zh": it.name_zh} for it in lines],
        "words": WORDS,
    }
    told = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'<meta name="theme-color" content="{theme.GROUND}"><title>{escape(site.name)}</title>'
        f"<style>{_root()}{_STYLE}main > form, main > section {{ flex: 1; display: flex;"
        " flex-direction: column; gap: 16px; }</style></head><body>"
        f'{_BODY}<script id="site" type="application/json">{told}</script>'
        f"<script>{_SCRIPT}</script></body></html>"
    )


def _root() -> str:
    """The operator's colours, without the pages' layout."""
    names = {
        "ground": theme.GROUND,
        "raised": theme.RAISED,
        "hairline": theme.HAIRLINE,
        "ink": theme.INK,
        "soft": theme.INK_SOFT,
        "faint": theme.INK_FAINT,
        "accent": theme.ACCENT,
        "well": theme.WELL,
        "unwell": theme.UNWELL,
    }
    variables = "".join(f"--{name}: {colour};" for name, colour in names.items())
    return (
        f":root {{ {variables} color-scheme: dark; }}"
        f"body {{ background: var(--ground); color: var(--ink); font-family: {theme.FONTS}; }}"
    )
