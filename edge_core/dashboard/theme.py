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

STYLE: Final = f"""
:root {{
  --ground: {GROUND}; --raised: {RAISED}; --hairline: {HAIRLINE}; --ink: {INK};
  --soft: {INK_SOFT}; --faint: {INK_FAINT}; --accent: {ACCENT}; --person: {PERSON};
  --floor: {PLAN_FLOOR}; --room: {PLAN_ROOM}; --line: {PLAN_LINE}; --wall: {PLAN_WALL};
  --fixture: {PLAN_FIXTURE}; --well: {WELL}; --unwell: {UNWELL};
}}
body {{ background: var(--ground); color: var(--ink); font-family: {FONTS};
  font-feature-settings: "tnum"; -webkit-font-smoothing: antialiased; }}
.nicegui-content {{ padding: 0; gap: 0; }}
.pr-page {{ width: 100%; min-height: 100vh; padding: 20px 28px 24px; display: flex;
  flex-direction: column; gap: 16px; box-sizing: border-box; }}
.pr-head {{ display: flex; align-items: center; gap: 20px; width: 100%; flex-wrap: wrap; }}
.pr-site {{ font-size: 26px; font-weight: 300; letter-spacing: .2px; line-height: 1.2; }}
.pr-site small {{ display: block; font-size: 13px; font-weight: 400; color: var(--soft); }}
.pr-nav {{ display: flex; gap: 4px; margin-left: 12px; }}
.pr-nav a {{ color: var(--soft); text-decoration: none; padding: 10px 14px; border-radius: 10px; }}
.pr-nav a.here {{ color: var(--ink); background: var(--raised); }}
.pr-grow {{ flex: 1; }}
.pr-pill {{ display: flex; align-items: center; gap: 10px; background: var(--raised);
  border-radius: 999px; padding: 9px 18px; font-size: 14px; color: var(--soft); }}
.pr-pill b {{ color: var(--ink); font-weight: 500; }}
.pr-clock {{ font-size: 26px; font-weight: 300; }}
.pr-grid {{ display: grid; gap: 16px; width: 100%; flex: 1;
  grid-template-columns: minmax(0, 1fr) 400px;
  grid-template-areas: "plan today" "plan health" "hours health";
  grid-template-rows: auto minmax(200px, 1fr) auto; }}
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
.pr-health {{ grid-area: health; display: flex; flex-direction: column; gap: 16px; }}
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
.pr-none {{ color: var(--faint); font-size: 14px; padding: 8px 0; }}
@media (max-width: 1080px) {{
  .pr-grid {{ grid-template-columns: minmax(0, 1fr); grid-template-rows: auto;
    grid-template-areas: "today" "plan" "hours" "health"; }}
  .pr-page {{ padding: 16px; }}
  .pr-items {{ grid-template-columns: minmax(0, 1fr); grid-template-areas: "steps" "table"
    "newest"; }}
  .pr-funnel {{ grid-template-columns: repeat(2, 1fr); }}
  .pr-floors {{ flex-direction: column; }}
  .pr-floors > * {{ min-height: 60vw; }}
}}
@media (prefers-reduced-motion: reduce) {{
  svg.plan .person, svg.plan .zone {{ transition: none; }}
}}
"""
