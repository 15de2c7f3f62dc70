"""What the chain's pages share: spans of days, figures in words, and the note on simulations."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from nicegui import ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.hub.state import HubHouse
from edge_core.ledger.site_time import date_of
from edge_core.units import NS_PER_S

SPANS: Final = (7, 28, 90)
_NS_PER_DAY: Final = 86_400 * NS_PER_S
STYLE: Final = f"""
{PAST_STYLE}
.hub-simulated {{ border-left: 3px solid var(--accent); padding: 11px 22px; font-size: 15px; }}
.hub-days {{ display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }}
.hub-days a {{ text-decoration: none; display: inline-flex; align-items: center; }}
.hub-days a.here {{ color: #241505; background: var(--accent); border-color: var(--accent); }}
.hub-days span {{ color: var(--faint); font-size: 13px; margin-left: 8px; }}
.hub-sites {{ display: grid; gap: 16px; width: 100%; align-items: start;
  grid-template-columns: minmax(0, 1fr) 360px; }}
.hub-sites .pr-row {{ padding: 10px 0; }}
.hub-code {{ font-size: 26px; font-weight: 300; letter-spacing: 1.5px; margin: 4px 0 10px; }}
.hub-up {{ color: var(--well); }} .hub-down {{ color: var(--unwell); }}
.hub-bar {{ position: relative; display: block; height: 4px; border-radius: 2px; margin-top: 6px;
  background: var(--accent); opacity: .8; }}
.hub-lift {{ font-size: 20px; font-weight: 300; line-height: 1.4; margin: 2px 0 14px; }}
.hub-pick {{ width: auto; margin: 0; }}
.pr-told td.hub-why {{ white-space: normal; max-width: 300px; font-size: 13px;
  color: var(--soft); }}
@media (max-width: 1080px) {{ .hub-sites {{ grid-template-columns: minmax(0, 1fr); }}
  .pr-told .wide {{ display: none; }} }}
@media (min-width: 1081px) {{ .hub-narrow {{ display: none !important; }} }}
@media (max-width: 560px) {{
  .hub-stacked, .hub-stacked thead, .hub-stacked tbody {{ display: block; }}
  .hub-stacked tr {{ display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline;
    justify-content: space-between; border-top: 1px solid var(--hairline); padding: 10px 0; }}
  .hub-stacked thead tr {{ border-top: 0; padding-top: 0; }}
  .hub-stacked td, .hub-stacked th {{ border-top: 0; padding: 0; }}
  .hub-stacked td:nth-child(2), .hub-stacked th:nth-child(2) {{ text-align: left; }}
  .hub-stacked td:first-child, .hub-stacked th:first-child {{ flex: 1 0 100%; }} }}
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days up to yesterday, both ends within, as numbers of `site_time`."""

    first: int
    last: int

    @property
    def days(self) -> list[int]:
        """All of them."""
        return list(range(self.first, self.last + 1))


def today_number(house: HubHouse) -> int:
    """Today by UTC."""
    return house.clock.utc_ns() // _NS_PER_DAY


def chosen_span(house: HubHouse, say: Say) -> Span:
    """Reads the span from the address and shows the links that change it; inside a page."""
    request = ui.context.client.request
    asked = request.query_params.get("days", "28") if request is not None else "28"
    length = int(asked) if asked in map(str, SPANS) else 28
    last = today_number(house) - 1
    span = Span(last - length + 1, last)
    links = "".join(
        f'<a class="pr-plain{" here" if days == length else ""}" href="?days={days}"'
        f"{' aria-current=true' if days == length else ''}>{say(f'{days} days', f'{days} 天')}</a>"
        for days in SPANS
    )
    until = f"{date_of(span.first):%d.%m.} – {date_of(span.last):%d.%m.%Y}"
    ui.html(f"{links}<span>{until}</span>", sanitize=False).classes("hub-days")
    return span


def open_page(house: HubHouse) -> Say:
    """Style sheet and, over a simulated chain, the note that says so; inside a page."""
    say = viewer().say
    ui.add_css(STYLE)
    if house.simulated:
        told = say(
            "Simulated: every figure on these pages is made up, none was measured.",
            "模拟数据：本系统所有数字均为虚构，并非实测。",
        )
        ui.html(escape(told), sanitize=False).classes("pr-card hub-simulated")
    return say


def fact(name: str, figure: str, told: str = "", *, first: bool = False) -> str:
    """One large figure with its name; `told` is HTML."""
    return (
        f'<div class="pr-fact{" first" if first else ""}"><span>{escape(name)}</span>'
        f'<div class="figure">{figure}</div><span>{told}</span></div>'
    )


def title(text: str) -> str:
    """A card's title."""
    return f'<div class="pr-title"><b>{escape(text)}</b></div>'


def number(value: float | None, digits: int = 0) -> str:
    """A figure, or a dash where it is not known."""
    return "–" if value is None else f"{value:,.{digits}f}"


def share(value: float | None, digits: int = 0) -> str:
    """Per cent, or a dash."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def change_html(value: float | None) -> str:
    """Up or down against before, with a sign that needs no colour."""
    if value is None:
        return "–"
    way = "up" if value >= 0 else "down"
    return f'<span class="hub-{way}">{"▲" if value >= 0 else "▼"} {abs(100 * value):.1f} %</span>'


def table_html(heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML, heads a class and a text."""
    head = "".join(f'<th class="{kind}" scope="col">{escape(text)}</th>' for kind, text in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}">{cell}</td>' for (kind, _), cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    kind = "pr-told hub-stacked"
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
