"""Colours and style sheet of the operator's pages; the colours are those of the screens."""

from typing import Final

GROUND: Final = "#0b0e14"
RAISED: Final = "#141a24"
HAIRLINE: Final = "#263040"
INK: Final = "#f4f1ea"
INK_SOFT: Final = "#a9b2c0"
INK_FAINT: Final = "#8390a3"
ACCENT: Final = "#ffb35c"
PERSON: Final = "#fff3df"
PLAN_FLOOR: Final = "#111722"
PLAN_ROOM: Final = "#1a2230"
PLAN_LINE: Final = "#2b3748"
PLAN_WALL: Final = "#46546a"
PLAN_FIXTURE: Final = "#2a3648"
WELL: Final = "#7fb59a"
UNWELL: Final = "#f07a6a"
FONTS: Final = '"Noto Sans SC", Inter, "Segoe UI", Roboto, "Noto Sans", sans-serif'

FONT_FILES: Final = (
    "NotoSansSC-Light-Latin.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Medium.ttf",
)
"""Files in assets/fonts, weights 300, 400 and 500."""
_RANGE: Final = "U+0-2017, U+201E-FFFF"
"""Not the quotation marks, which this font draws as wide as a Chinese sign."""
_LATIN: Final = "U+0-2017, U+201E-2E7F"
_CHINESE: Final = "U+2E80-FFFF"
"""The light file has no Chinese signs: the regular one draws them beside it."""
_FACES: Final = "".join(
    f"@font-face {{ font-family: 'Noto Sans SC'; font-weight: {weight}; font-display: swap;"
    f" src: url('/fonts/{name}') format('truetype'); unicode-range: {signs}; }}\n"
    for name, weight, signs in (
        (FONT_FILES[0], 300, _LATIN),
        (FONT_FILES[1], 300, _CHINESE),
        (FONT_FILES[1], 400, _RANGE),
        (FONT_FILES[2], 500, _RANGE),
    )
)
ROOT: Final = f"""
{_FACES}
:root {{
  --ground: {GROUND}; --raised: {RAISED}; --hairline: {HAIRLINE}; --ink: {INK};
  --soft: {INK_SOFT}; --faint: {INK_FAINT}; --accent: {ACCENT}; --person: {PERSON};
  --floor: {PLAN_FLOOR}; --room: {PLAN_ROOM}; --line: {PLAN_LINE}; --wall: {PLAN_WALL};
  --fixture: {PLAN_FIXTURE}; --well: {WELL}; --unwell: {UNWELL}; color-scheme: dark;
}}
body {{ background: var(--ground); color: var(--ink); font-family: {FONTS};
  font-feature-settings: "tnum"; -webkit-font-smoothing: antialiased; }}
"""
"""Colours and the ground they stand on; all pages have it."""

STYLE: Final = f"""
{ROOT}
.nicegui-content {{ padding: 0; gap: 0; }}
.pr-frame {{ width: 100%; min-height: 100vh; display: grid;
  grid-template-columns: 228px minmax(0, 1fr); }}
.pr-side {{ position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 22px 14px 16px;
  display: flex; flex-direction: column; gap: 2px; background: #0e131b;
  border-right: 1px solid var(--hairline); box-sizing: border-box; }}
.pr-mark {{ display: flex; align-items: center; gap: 11px; padding: 0 10px 20px; }}
.pr-mark svg {{ width: 30px; height: 30px; flex: none; }}
.pr-mark b {{ font-weight: 500; font-size: 16px; line-height: 1.25; }}
.pr-side h2 {{ font-size: 12px; font-weight: 500; letter-spacing: .7px; color: var(--faint);
  margin: 18px 12px 6px; line-height: 1.3; text-transform: uppercase; }}
.pr-side h2:first-of-type {{ margin-top: 0; }}
.pr-side a.page, .pr-bar a, .pr-bar summary {{ color: var(--soft); text-decoration: none; }}
.pr-side a.page {{ display: flex; align-items: center; gap: 12px; padding: 10px 12px;
  border-radius: 10px; font-size: 15px; min-height: 44px; box-sizing: border-box; }}
.pr-side a.page svg, .pr-bar svg {{ width: 20px; height: 20px; flex: none; fill: none;
  stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }}
.pr-side a.page:hover {{ color: var(--ink); background: var(--raised); }}
.pr-side a.page.here {{ color: var(--ink); background: var(--raised); }}
.pr-side a.page.here svg {{ color: var(--accent); }}
.pr-who {{ margin-top: auto; padding: 18px 12px 0; font-size: 14px; color: var(--soft); }}
.pr-who b {{ color: var(--ink); font-weight: 500; }}
.pr-who form {{ margin: 0; }}
.pr-who .languages {{ display: flex; gap: 14px; padding: 6px 0; }}
.pr-who .languages a {{ color: var(--faint); text-decoration: none; padding: 6px 0; }}
.pr-who .languages a[aria-current] {{ color: var(--ink); }}
.pr-plain {{ font: inherit; font-size: 14px; color: var(--soft); background: none;
  border: 1px solid var(--hairline); border-radius: 10px; padding: 9px 14px; cursor: pointer;
  min-height: 40px; }}
.pr-plain:hover {{ color: var(--ink); border-color: var(--wall); }}
.pr-plain:disabled {{ opacity: .45; cursor: default; }}
.pr-main {{ font: inherit; font-size: 15px; font-weight: 500; color: #241505; border: 0;
  background: var(--accent); border-radius: 10px; padding: 11px 18px; cursor: pointer;
  min-height: 44px; text-decoration: none; display: inline-flex; align-items: center; }}
.pr-main:disabled {{ background: var(--hairline); color: var(--faint); cursor: default; }}
.pr-bar {{ display: none; }}
.pr-frame :focus-visible, .pr-bar :focus-visible {{ outline: 2px solid var(--accent);
  outline-offset: 2px; }}
.pr-skip {{ position: absolute; left: -999px; top: 8px; background: var(--accent); color: #241505;
  padding: 10px 16px; border-radius: 8px; z-index: 20; }}
.pr-skip:focus {{ left: 8px; }}
.pr-page {{ width: 100%; min-height: 100vh; padding: 20px 28px 24px; display: flex;
  flex-direction: column; gap: 16px; box-sizing: border-box; min-width: 0; }}
.pr-head {{ display: flex; align-items: center; gap: 20px; width: 100%; }}
.pr-site {{ font-size: 26px; font-weight: 300; letter-spacing: .2px; line-height: 1.2; }}
.pr-site h1 {{ font: inherit; margin: 0; }}
.pr-site small {{ display: block; font-size: 13px; font-weight: 400; color: var(--soft); }}
.pr-grow {{ flex: 1; }}
.pr-pill {{ display: flex; align-items: center; gap: 10px; background: var(--raised);
  border-radius: 999px; padding: 9px 18px; font-size: 14px; color: var(--soft);
  white-space: nowrap; }}
.pr-pill b {{ color: var(--ink); font-weight: 500; }}
.pr-clock {{ font-size: 26px; font-weight: 300; }}
.pr-grid {{ display: grid; gap: 16px; width: 100%; flex: 1;
  grid-template-columns: minmax(0, 1fr) 400px;
  grid-template-areas: "plan today" "hours today";
  grid-template-rows: minmax(420px, 1fr) auto; align-items: stretch; }}
.pr-grid.only {{ grid-template-areas: "plan"; grid-template-columns: minmax(0, 1fr);
  grid-template-rows: minmax(420px, 1fr); }}
.pr-card {{ background: var(--raised); border-radius: 18px; padding: 16px 22px;
  box-sizing: border-box; width: 100%; }}
.pr-title {{ font-size: 14px; color: var(--soft); display: flex; gap: 16px;
  align-items: baseline; margin-bottom: 8px; }}
.pr-title b {{ color: var(--ink); font-weight: 500; font-size: 15px; }}
.pr-plan {{ grid-area: plan; display: flex; flex-direction: column; }}
.pr-floors {{ flex: 1; display: flex; gap: 20px; min-height: 0; }}
.pr-floors > * {{ flex: 1; min-width: 0; position: relative; }}
.pr-hours {{ grid-area: hours; padding-bottom: 10px; }}
.pr-today {{ grid-area: today; }}
.pr-today.pr-facts {{ align-content: start; }}
.pr-health {{ display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); }}
.pr-key {{ display: inline-flex; align-items: center; gap: 7px; }}
.pr-key i {{ width: 11px; height: 11px; border-radius: 3px; background: var(--accent); }}
.pr-key i.left {{ background: var(--wall); }}
.pr-key i.gap {{ background: repeating-linear-gradient(-45deg, var(--faint) 0 1.5px,
  var(--raised) 1.5px 5px); }}
.pr-facts {{ display: grid; grid-template-columns: 1fr 1fr; gap: 14px 24px; }}
.pr-fact span {{ display: block; color: var(--soft); font-size: 14px; }}
.pr-fact .figure {{ font-size: 46px; font-weight: 300; line-height: 1.1; }}
.pr-fact.first .figure {{ color: var(--accent); }}
.pr-watched {{ grid-column: 1 / -1; border-top: 1px solid var(--hairline); padding-top: 14px;
  display: flex; justify-content: space-between; font-size: 14px; color: var(--soft); }}
.pr-watched b {{ color: var(--ink); font-weight: 500; }}
.pr-where {{ grid-column: 1 / -1; padding-top: 8px; }}
.pr-zone {{ display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 5px 12px;
  padding: 7px 0; font-size: 15px; }}
.pr-zone span {{ overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }}
.pr-zone b {{ font-weight: 500; }}
.pr-zone i {{ grid-column: 1 / -1; height: 4px; border-radius: 2px; background: var(--accent);
  opacity: .75; transition: width .3s; }}
.pr-rows {{ display: flex; flex-direction: column; }}
.pr-row {{ display: grid; grid-template-columns: 10px minmax(0, 1fr) auto; gap: 2px 12px;
  align-items: center; padding: 6px 0; border-top: 1px solid var(--hairline); }}
.pr-row:first-child {{ border-top: 0; }}
.pr-row .name {{ font-size: 15px; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }}
.pr-row .figure {{ font-size: 14px; color: var(--soft); text-align: right; }}
.pr-row .figure b {{ color: var(--ink); font-weight: 500; }}
.pr-row .told {{ grid-column: 2 / -1; font-size: 13px; color: var(--faint); }}
.pr-row.bad .told {{ color: var(--unwell); }}
.dot {{ width: 9px; height: 9px; border-radius: 50%; background: var(--faint); }}
.dot.well {{ background: var(--well); }}
.dot.busy {{ background: var(--accent); }}
.dot.bad {{ background: var(--unwell); }}
.pr-reasons {{ color: var(--ink); border-left: 3px solid var(--accent); padding: 11px 22px; }}
.pr-reasons p {{ margin: 0; font-size: 15px; line-height: 1.5; }}
svg.plan {{ position: absolute; inset: 0; width: 100%; height: 100%; }}
svg.plan .outline {{ fill: var(--floor); stroke: var(--wall); }}
svg.plan .zone {{ fill: var(--room); stroke: var(--line); transition: fill .3s; }}
svg.plan .zone.corridor, svg.plan .zone.entrance, svg.plan .zone.reach {{ fill: none; }}
svg.plan .zone.reach {{ stroke-dasharray: .4 .4; }}
svg.plan .fixture {{ fill: var(--fixture); }}
svg.plan .fixture.wall, svg.plan .fixture.pillar {{ fill: var(--wall); }}
svg.plan .fixture.plant {{ fill: #24352f; }}
svg.plan .gate {{ stroke: var(--accent); fill: none; stroke-linecap: round; opacity: .85; }}
svg.plan .label {{ fill: var(--soft); text-anchor: middle; paint-order: stroke;
  stroke: var(--room); stroke-width: .4em; stroke-linejoin: round; }}
svg.plan .label .count {{ fill: var(--ink); font-weight: 600; }}
svg.plan .camera {{ fill: var(--ground); stroke: var(--faint); }}
svg.plan .screen {{ fill: var(--ground); stroke: var(--soft); }}
svg.plan .person {{ transition: transform .26s linear, opacity .3s; }}
svg.plan .person .halo {{ fill: var(--person); opacity: .13; }}
svg.plan .person .core {{ fill: var(--person); }}
.pr-items {{ display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: minmax(0, 1fr) 340px;
  grid-template-areas: "steps steps" "table newest"; }}
.pr-steps {{ grid-area: steps; display: block; }}
.pr-funnel {{ display: grid; grid-template-columns: repeat(5, 1fr); gap: 14px 24px; }}
.pr-table {{ grid-area: table; overflow-x: auto; padding-top: 8px; }}
.pr-newest {{ grid-area: newest; }}
.pr-products {{ width: 100%; border-collapse: collapse; font-size: 15px; }}
.pr-products th {{ text-align: right; font-weight: 400; font-size: 13px; color: var(--soft);
  padding: 10px 10px 8px; white-space: nowrap; }}
.pr-products th:first-child {{ text-align: left; padding-left: 0; }}
.pr-products td {{ border-top: 1px solid var(--hairline); padding: 7px 10px; text-align: right;
  position: relative; min-width: 62px; }}
.pr-products td.picture {{ min-width: 0; width: 46px; padding-left: 0; }}
.pr-products td.picture img {{ display: block; width: 40px; height: 48px; }}
.pr-products td.product {{ text-align: left; min-width: 150px; }}
.pr-products td.product b {{ display: block; font-weight: 500; }}
.pr-products td.product span {{ font-size: 13px; color: var(--soft); }}
.pr-products td.zero, .pr-products td.soft {{ color: var(--faint); }}
.pr-products td > span {{ position: relative; }}
.pr-products .bar {{ position: absolute; right: 6px; bottom: 8px; height: 3px;
  max-width: calc(100% - 12px); border-radius: 2px; background: var(--wall); }}
.pr-products .bar.picked {{ background: var(--soft); }}
.pr-products .bar.tried {{ background: var(--person); }}
.pr-products .bar.bought {{ background: var(--accent); }}
.pr-access {{ display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: minmax(320px, 460px) minmax(0, 1fr); }}
.pr-exports {{ grid-template-columns: minmax(300px, 400px) minmax(0, 720px); }}
.pr-exports .pr-hint {{ margin: 0 0 14px; }}
.pr-choices {{ display: grid; gap: 8px; width: 100%;
  grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); }}
.pr-form label.pr-choice {{ flex-direction: row; gap: 12px; align-items: flex-start;
  background: var(--ground); border: 1px solid var(--hairline); border-radius: 12px;
  padding: 12px 14px; cursor: pointer; box-sizing: border-box; }}
.pr-form label.pr-choice:has(:checked) {{ border-color: var(--accent); }}
.pr-form label.pr-choice input {{ width: 18px; height: 18px; min-height: 0; margin: 2px 0 0;
  accent-color: var(--accent); flex: none; }}
.pr-choice b {{ display: block; color: var(--ink); font-weight: 500; font-size: 15px; }}
.pr-line {{ display: flex; gap: 14px; width: 100%; flex-wrap: wrap; }}
.pr-form .pr-line label {{ flex: 1; min-width: 150px; width: auto; }}
.pr-log .name b {{ font-weight: 500; }}
.pr-log .name {{ color: var(--soft); }} .pr-log .name b {{ color: var(--ink); }}
.pr-person {{ border-top: 1px solid var(--hairline); }}
.pr-person:first-child {{ border-top: 0; }}
.pr-person summary, .pr-more summary {{ display: flex; gap: 12px; padding: 11px 0;
  cursor: pointer; font-size: 15px; min-height: 44px; box-sizing: border-box; }}
.pr-person .role {{ margin-left: auto; color: var(--soft); font-size: 14px; }}
.pr-more summary {{ color: var(--accent); border-top: 1px solid var(--hairline); }}
.pr-form {{ display: flex; flex-direction: column; gap: 14px; padding: 4px 0 18px;
  align-items: flex-start; }}
.pr-form label, .pr-field {{ display: flex; flex-direction: column; gap: 6px; width: 100%;
  font-size: 14px; color: var(--soft); }}
.pr-form input, .pr-form select, .pr-field input, .pr-field select {{ font: inherit;
  font-size: 16px; color: var(--ink); background: var(--ground);
  border: 1px solid var(--hairline); border-radius: 10px; padding: 10px 12px; width: 100%;
  min-height: 44px; box-sizing: border-box; }}
.pr-plain.danger {{ color: var(--unwell); }}
.pr-hint {{ color: var(--faint); font-size: 13px; margin: 12px 0 0; line-height: 1.5; }}
.pr-wrong {{ background: #2b1a1a; border-left: 3px solid var(--unwell); border-radius: 8px;
  padding: 10px 14px; margin: 0 0 14px; color: #ffd9d3; font-size: 15px; line-height: 1.5; }}
.pr-none {{ color: var(--faint); font-size: 14px; padding: 8px 0; }}
@media (max-width: 1080px) {{
  .pr-grid {{ grid-template-columns: minmax(0, 1fr); grid-template-rows: auto;
    grid-template-areas: "today" "plan" "hours"; }}
  .pr-grid.only {{ grid-template-areas: "plan"; }}
  .pr-frame {{ display: block; }}
  .pr-side {{ display: none; }}
  .pr-page {{ padding: 16px 16px 88px; }}
  .pr-site {{ font-size: 22px; min-width: 0; }}
  .pr-clock {{ font-size: 22px; }}
  .pr-head {{ gap: 12px; }}
  .pr-pill {{ padding: 8px 12px; }}
  .pr-pill .latency {{ display: none; }}
  .pr-bar {{ position: fixed; inset: auto 0 0 0; z-index: 10; display: flex; height: 66px;
    background: #0e131bf5; border-top: 1px solid var(--hairline);
    padding-bottom: env(safe-area-inset-bottom); }}
  .pr-bar > a, .pr-bar summary {{ flex: 1; display: flex; flex-direction: column; gap: 4px;
    align-items: center; justify-content: center; font-size: 12px; min-width: 0; height: 66px;
    cursor: pointer; list-style: none; }}
  .pr-bar summary::-webkit-details-marker {{ display: none; }}
  .pr-bar .here {{ color: var(--accent); }}
  .pr-bar details {{ flex: 1; }}
  .pr-sheet {{ position: fixed; inset: auto 0 66px 0; max-height: calc(100vh - 90px);
    overflow-y: auto; background: #0e131b; border-top: 1px solid var(--hairline);
    border-radius: 18px 18px 0 0; padding: 18px 16px 16px; box-sizing: border-box;
    box-shadow: 0 -20px 60px #000a; }}
  .pr-sheet a.page {{ display: flex; align-items: center; gap: 14px; min-height: 48px;
    padding: 4px 12px; border-radius: 10px; font-size: 16px; }}
  .pr-sheet a.page.here {{ background: var(--raised); color: var(--ink); }}
  .pr-sheet h2 {{ font-size: 12px; font-weight: 500; letter-spacing: .7px; color: var(--faint);
    margin: 12px 12px 4px; line-height: 1.3; text-transform: uppercase; }}
  .pr-items {{ grid-template-columns: minmax(0, 1fr); grid-template-areas: "steps" "table"
    "newest"; }}
  .pr-access, .pr-exports {{ grid-template-columns: minmax(0, 1fr); }}
  .pr-funnel {{ grid-template-columns: repeat(2, 1fr); }}
  .pr-floors {{ flex-direction: column; }}
  .pr-floors > * {{ min-height: 60vw; }}
}}
@media (prefers-reduced-motion: reduce) {{
  svg.plan .person, svg.plan .zone {{ transition: none; }}
}}
"""
