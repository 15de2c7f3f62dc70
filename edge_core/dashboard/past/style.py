"""Style sheet of the pages about the past."""

from typing import Final

PAST_STYLE: Final = """
.pr-days { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.pr-days .pr-plain.here { color: #241505; background: var(--accent); border-color: var(--accent); }
.pr-between { display: inline-flex; align-items: center; gap: 8px; color: var(--faint);
  border: 1px solid var(--hairline); border-radius: 10px; padding: 0 12px; min-height: 40px; }
.pr-between input { color: var(--soft) !important; font-size: 14px; }
.pr-bar-top { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: center; width: 100%; }
.pr-choose { min-width: 190px; }
.pr-choose .q-field__control { border-radius: 10px; }
.pr-choose .q-field__control:before { border-color: var(--hairline) !important; }
.pr-choose .q-field__label { color: var(--faint); }
.pr-past { display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: minmax(0, 1fr) 360px; }
.pr-past.wide { grid-template-columns: minmax(0, 1fr); }
.pr-heat { position: relative; min-height: 540px; display: flex; flex-direction: column; }
.pr-heat .over { position: relative; flex: 1; min-height: 480px; }
.pr-scale { display: flex; align-items: center; gap: 12px; font-size: 13px; color: var(--soft);
  margin-top: 10px; flex-wrap: wrap; }
.pr-scale i { width: 180px; height: 10px; border-radius: 5px; }
.pr-scale i.unseen { width: 11px; height: 11px; border-radius: 3px;
  background: repeating-linear-gradient(-45deg, var(--faint) 0 1.5px, var(--raised) 1.5px 5px); }
.pr-steps-down { display: flex; flex-direction: column; gap: 4px; }
.pr-stepline { display: grid; grid-template-columns: 120px minmax(0, 1fr) 150px; gap: 16px;
  align-items: center; min-height: 54px; }
.pr-stepline .name b { font-weight: 500; font-size: 15px; display: block; }
.pr-stepline .name span { font-size: 12px; color: var(--faint); }
.pr-stepline .track { position: relative; height: 38px; border-radius: 8px; background: #10151e; }
.pr-stepline .track i { position: absolute; inset: 0 auto 0 0; border-radius: 8px;
  background: var(--accent); min-width: 3px; }
.pr-stepline.garments .track i { background: var(--wall); }
.pr-stepline .track b { position: absolute; left: 12px; top: 7px; font-weight: 500;
  font-size: 16px; white-space: nowrap; }
.pr-stepline.people .track b.on { color: #241505; }
.pr-shares { display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); }
.pr-stepline .rate { font-size: 14px; color: var(--soft); }
.pr-stepline .rate b { color: var(--ink); font-weight: 500; font-size: 16px; }
.pr-told { width: 100%; border-collapse: collapse; font-size: 15px; }
.pr-told th { text-align: right; font-weight: 400; font-size: 13px; color: var(--soft);
  padding: 6px 0 8px 14px; white-space: nowrap; }
.pr-told td { border-top: 1px solid var(--hairline); padding: 9px 0 9px 14px; text-align: right;
  white-space: nowrap; }
.pr-told th:first-child, .pr-told td:first-child { text-align: left; padding-left: 0; }
.pr-told td:first-child { white-space: normal; }
.pr-told td small { color: var(--faint); display: block; font-size: 12px; }
.pr-told td.zero { color: var(--faint); }
.pr-share { display: grid; grid-template-columns: 92px minmax(0, 1fr) 128px; gap: 14px;
  align-items: center; padding: 8px 0; font-size: 15px; }
.pr-share .track { position: relative; height: 14px; border-radius: 7px; background: #10151e; }
.pr-share .track i { position: absolute; inset: 0 auto 0 0; border-radius: 7px;
  background: var(--accent); opacity: .85; }
.pr-share .track em { position: absolute; top: 3px; height: 8px; border-radius: 4px;
  background: #f4f1ea55; }
.pr-share .figure { text-align: right; color: var(--soft); font-size: 13px; }
.pr-share .figure b { color: var(--ink); font-weight: 500; font-size: 16px; }
.pr-note { color: var(--faint); font-size: 13px; line-height: 1.5; margin: 12px 0 0; }
.pr-scroll { overflow-x: auto; }
@media (max-width: 1080px) {
  .pr-past { grid-template-columns: minmax(0, 1fr); }
  .pr-heat, .pr-heat .over { min-height: 72vw; }
  .pr-wide { min-width: 700px; }
  .pr-stepline { grid-template-columns: 84px minmax(0, 1fr) 96px; gap: 10px; }
  .pr-share { grid-template-columns: 76px minmax(0, 1fr) 104px; }
}
"""
