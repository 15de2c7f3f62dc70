"""What all operator pages share: the head with site, pages, status and clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from nicegui import ui

from edge_core.dashboard import theme
from edge_core.dashboard.health import reasons_html, status_html
from edge_core.service.views import ServiceState, utc_from_ns

STATUS_S = 2.0
"""How often states and totals are looked at."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the dashboard.

    Attributes:
        path: where it is.
        title: its name in the head.
        build: makes its content inside the shared frame.
    """

    path: str
    title: str
    build: Callable[[ServiceState], None]


@contextmanager
def framed(state: ServiceState, page: Page, pages: Sequence[Page]) -> Iterator[None]:
    """The frame round a page's content."""
    site = state.site()
    timezone = ZoneInfo(site.timezone)
    ui.add_css(theme.STYLE)
    ui.page_title(f"{site.name} · {page.title}")
    with ui.element("main").classes("pr-page"):
        with ui.element("header").classes("pr-head"):
            ui.html(
                f"{escape(site.name)}<small>{escape(page.title)}</small>", sanitize=False
            ).classes("pr-site")
            if len(pages) > 1:
                _links(page, pages)
            ui.element("div").classes("pr-grow")
            pill = ui.html(sanitize=False).classes("pr-pill")
            clock = ui.label().classes("pr-clock")
        reasons = ui.html(sanitize=False).style("width: 100%")

        def refresh() -> None:
            health = state.health()
            pill.set_content(status_html(health))
            reasons.set_content(reasons_html(health))
            reasons.set_visibility(bool(health.reasons))
            now = utc_from_ns(state.clock.utc_ns()).astimezone(timezone)
            clock.set_text(now.strftime("%H:%M"))

        refresh()
        ui.timer(STATUS_S, refresh)
        yield


def _links(here: Page, pages: Sequence[Page]) -> None:
    with ui.element("nav").classes("pr-nav"):
        for page in pages:
            link = ui.link(page.title, page.path)
            if page is here:
                link.classes("here").props('aria-current="page"')
