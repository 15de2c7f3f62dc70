"""Style sheet of the pages on a shopper's phone; the screens' colours, the phone's own fonts."""

from hashlib import sha256
from typing import Final

from edge_core.dashboard import theme

PHONE_CSS: Final = f"""
:root {{ color-scheme: dark; --ground: {theme.GROUND}; --raised: {theme.RAISED};
  --line: {theme.HAIRLINE}; --ink: {theme.INK}; --soft: {theme.INK_SOFT};
  --accent: {theme.ACCENT}; --well: {theme.WELL}; --unwell: {theme.UNWELL}; --tile: #2b3647; }}
* {{ box-sizing: border-box; }}
html {{ -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }}
body {{ margin: 0; background: var(--ground); color: var(--ink); font: 17px/1.5 system-ui,
  -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", sans-serif; }}
.page {{ max-width: 640px; margin: 0 auto; padding: 0 20px 48px; }}
header {{ display: flex; align-items: center; justify-content: space-between; gap: 16px;
  padding: 14px 0 8px; }}
.shop {{ font-size: 15px; color: var(--soft); letter-spacing: .2px; }}
.tongue {{ min-width: 44px; min-height: 44px; display: inline-flex; align-items: center;
  justify-content: center; color: var(--soft); font-size: 15px; padding: 0 4px; }}
h1 {{ font-size: 34px; line-height: 1.15; font-weight: 300; letter-spacing: -.4px;
  margin: 10px 0 6px; }}
h2 {{ font-size: 22px; line-height: 1.25; font-weight: 400; margin: 44px 0 4px; }}
p {{ margin: 0 0 12px; }}
.soft {{ color: var(--soft); font-size: 15px; }}
a {{ color: var(--accent); text-underline-offset: 3px; }}
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible {{
  outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 8px; }}
.note {{ border-left: 3px solid var(--accent); padding: 8px 14px; margin: 8px 0 12px;
  background: var(--raised); border-radius: 0 10px 10px 0; font-size: 15px; }}
.wrong {{ border-color: var(--unwell); }}
ul {{ list-style: none; margin: 0; padding: 0; }}
.garment {{ display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 0 16px;
  padding: 18px 0; border-bottom: 1px solid var(--line); align-items: start; }}
.garment:last-child {{ border-bottom: 0; }}
.picture {{ background: var(--tile); border-radius: 16px; display: flex; width: 104px;
  height: 124px; align-items: center; justify-content: center; }}
.picture img {{ width: 80px; height: 100px; object-fit: contain; }}
.name {{ display: flex; justify-content: space-between; gap: 12px; font-weight: 500; }}
.name .price {{ font-weight: 400; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.stock {{ display: flex; gap: 9px; align-items: baseline; font-size: 15px; margin-top: 6px; }}
.stock::before {{ content: ""; flex: none; width: 8px; height: 8px; border-radius: 50%;
  background: var(--well); transform: translateY(-1px); }}
.stock.none::before {{ background: none; border: 1.5px solid var(--soft); }}
.stock.none {{ color: var(--soft); }}
summary {{ cursor: pointer; min-height: 44px; display: flex; align-items: center;
  color: var(--accent); font-size: 15px; list-style: none; gap: 8px; }}
summary::-webkit-details-marker {{ display: none; }}
summary::after {{ content: ""; width: 7px; height: 7px; border: solid currentColor;
  border-width: 0 1.5px 1.5px 0; transform: translateY(-2px) rotate(45deg); }}
details[open] > summary::after {{ transform: translateY(2px) rotate(225deg); }}
.near li {{ display: flex; justify-content: space-between; gap: 16px; padding: 8px 0;
  font-size: 15px; }}
.near small {{ display: block; color: var(--soft); font-size: 14px; }}
.near b {{ font-weight: 400; color: var(--soft); white-space: nowrap; }}
.card {{ background: var(--raised); border-radius: 20px; padding: 22px; margin-top: 16px; }}
.coupon {{ display: grid; gap: 4px; text-align: center; }}
.coupon .value {{ font-size: 46px; font-weight: 300; line-height: 1.1; color: var(--accent); }}
.code {{ background: #fff; border-radius: 14px; padding: 14px; width: 232px; height: 232px;
  margin: 14px auto 10px; }}
.code svg {{ display: block; width: 100%; height: 100%; }}
.signs {{ font-size: 26px; letter-spacing: 3px; text-align: center; margin: 0;
  font-variant-numeric: tabular-nums; }}
.ideas {{ display: flex; gap: 14px; overflow-x: auto; margin: 14px -20px 0; padding: 0 20px 8px;
  scroll-snap-type: x proximity; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }}
.idea {{ flex: 0 0 min(318px, 84vw); background: var(--raised); border-radius: 20px;
  padding: 18px; scroll-snap-align: center; }}
.idea .row {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px 8px; }}
.idea figure {{ margin: 0; text-align: center; font-size: 13px; line-height: 1.3;
  color: var(--soft); }}
.idea img {{ width: 100%; height: 96px; padding: 8px; object-fit: contain; display: block;
  margin: 0 0 6px; background: var(--tile); border-radius: 12px; }}
.idea .own {{ color: var(--accent); }}
label.field {{ display: block; margin: 14px 0 6px; }}
input[type=text] {{ width: 100%; min-height: 52px; border-radius: 12px; font: inherit;
  color: var(--ink); background: var(--ground); border: 1.5px solid #5b6a80; padding: 0 14px; }}
label.agree {{ display: grid; grid-template-columns: 44px 1fr; align-items: start;
  margin: 14px 0 4px -10px; font-size: 15px; cursor: pointer; min-height: 44px; }}
label.agree input {{ width: 24px; height: 24px; margin: 0 10px; accent-color: var(--accent); }}
button {{ width: 100%; min-height: 54px; border: 0; border-radius: 27px; font: inherit;
  font-weight: 500; color: #241505; background: var(--accent); cursor: pointer; margin-top: 14px; }}
.how p, .how li {{ color: var(--soft); font-size: 15px; }}
.how ul {{ list-style: disc; padding-left: 20px; }}
footer {{ margin-top: 44px; padding-top: 18px; border-top: 1px solid var(--line);
  color: var(--soft); font-size: 14px; }}
.alone {{ padding-top: 12vh; }}
@media (min-width: 700px) {{ .page {{ padding-top: 20px; }} }}
@media (prefers-reduced-motion: reduce) {{ html {{ scroll-behavior: auto; }} }}
@media print {{ body {{ background: #fff; color: #000; }} }}
"""
STYLE_NAME: Final = f"{sha256(PHONE_CSS.encode()).hexdigest()[:12]}.css"
"""Changes with the sheet, so that phones may keep it."""
