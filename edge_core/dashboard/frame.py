"""What all operator pages share: the way between them, and a head with site, status and clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from nicegui import ui

from edge_core.clock import Clock
from edge_core.dashboard import theme
from edge_core.dashboard.access.accounts import Role
from edge_core.dashboard.access.page import MARK, languages_html
from edge_core.dashboard.access.viewer import Viewer, viewer
from edge_core.dashboard.health import reasons_html, status_html
from edge_core.dashboard.icons import icon
from edge_core.dashboard.language import Say
from edge_core.service.schema import HealthView
from edge_core.service.site_schema import SiteView
from edge_core.service.views import utc_from_ns

STATUS_S = 2.0
"""How often states and totals are looked at."""
_ON_THE_BAR: Final = 4
"""Pages at a phone's lower edge; the others are one tap further."""
_GROUPS: Final = {"watch": ("Watch", "实况与分析"), "manage": ("Manage", "管理")}
_SIGNED_OUT_SCRIPT: Final = """
(() => {
  const look = async () => {
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store",
      headers: { Accept: "text/html" } }).catch(() => null);
    if (answer && answer.type === "opaqueredirect") location.reload();
  };
  const listen = () => window.socket ? window.socket.on("disconnect", () => setTimeout(look, 300))
    : setTimeout(listen, 200);
  listen();
})();
"""
"""Leads to the sign-in page when the session ended while the page stood open."""


Build = Callable[[Any], None]
"""Makes a page's content of the `House` whose pages these are."""


class House(Protocol):
    """What the frame shows of whoever's pages these are: a store PC's service, or a hub."""

    @property
    def clock(self) -> Clock:
        """The clocks."""
        ...

    def site(self) -> SiteView:
        """Name and time zone."""
        ...

    def health(self) -> HealthView:
        """How it is at this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the dashboard.

    Attributes:
        path: where it is; what else it serves lies below it.
        title: its name in the navigation.
        build: makes its content inside the shared frame; None for a page without the frame, which
            its router serves.
        title_zh: its name in Chinese.
        icon: a name in `edge_core.dashboard.icons`.
        role: who may see it; an operator may see all.
        group: where it stands in the navigation.
        router: what else it serves, for files and forms.
    """

    path: str
    title: str
    build: Build | None
    title_zh: str = ""
    icon: str = "page"
    role: Role = Role.OPERATOR
    group: Literal["watch", "manage"] = "watch"
    router: APIRouter | None = None


@contextmanager
def framed(state: House, page: Page, pages: Sequence[Page]) -> Iterator[None]:
    """The frame round a page's content."""
    site, who = state.site(), viewer()
    timezone = ZoneInfo(site.timezone)
    name, title = who.say(site.name, site.name_zh), who.say(page.title, page.title_zh)
    shown = [it for it in pages if who.may(it.role)]
    ui.add_css(theme.STYLE)
    ui.add_body_html(f"<script>{_SIGNED_OUT_SCRIPT}</script>")
    ui.page_title(f"{name} · {title}")
    ui.run_javascript(f"document.documentElement.lang = '{who.language}'")
    with ui.element("div").classes("pr-frame"):
        skip = who.say("To the content", "跳到内容")
        ui.link(skip, "#content").classes("pr-skip")
        ui.html(side_html(name, page, shown, who), sanitize=False, tag="nav").classes("pr-side")
        with ui.element("main").classes("pr-page").props("id=content"):
            with ui.element("header").classes("pr-head"):
                heading = f"<h1>{escape(title)}</h1><small>{escape(name)}</small>"
                ui.html(heading, sanitize=False).classes("pr-site")
                ui.element("div").classes("pr-grow")
                pill = ui.html(sanitize=False).classes("pr-pill")
                clock = ui.label().classes("pr-clock")
            reasons = ui.html(sanitize=False).style("width: 100%")
            yield
    ui.html(bar_html(page, shown, who), sanitize=False, tag="nav").classes("pr-bar")

    def refresh() -> None:
        health = state.health()
        pill.set_content(status_html(health, who.say))
        reasons.set_content(reasons_html(health))
        reasons.set_visibility(bool(health.reasons))
        now = utc_from_ns(state.clock.utc_ns()).astimezone(timezone)
        clock.set_text(now.strftime("%H:%M"))

    refresh()
    ui.timer(STATUS_S, refresh)


def side_html(site: str, here: Page, pages: Sequence[Page], who: Viewer) -> str:
    """The side bar of a desk screen."""
    return (
        f'<div class="pr-mark">{MARK}<b>{escape(site)}</b></div>'
        f"{_links(here, pages, who.say)}{_who(who)}"
    )


def bar_html(here: Page, pages: Sequence[Page], who: Viewer) -> str:
    """The bar at a phone's lower edge: the first pages, and a sheet with all of them."""
    first = "".join(_link(page, here, who.say, "") for page in pages[:_ON_THE_BAR])
    more = "here" if here not in pages[:_ON_THE_BAR] else ""
    return (
        f'{first}<details><summary class="{more}">{icon("more")}<span>{who.say("More", "更多")}'
        f'</span></summary><div class="pr-sheet">{_links(here, pages, who.say)}{_who(who)}</div>'
        "</details>"
    )


def _links(here: Page, pages: Sequence[Page], say: Say) -> str:
    ordered = sorted(pages, key=lambda page: list(_GROUPS).index(page.group))
    parts = []
    for group, members in groupby(ordered, key=lambda page: page.group):
        parts.append(f"<h2>{say(*_GROUPS[group])}</h2>")
        parts += [_link(page, here, say, "page") for page in members]
    return "".join(parts)


def _link(page: Page, here: Page, say: Say, name: str) -> str:
    is_here = page.path == here.path
    current = ' aria-current="page"' if is_here else ""
    return (
        f'<a href="{page.path}" class="{name}{" here" if is_here else ""}"{current}>'
        f"{icon(page.icon)}<span>{escape(say(page.title, page.title_zh))}</span></a>"
    )


def _who(who: Viewer) -> str:
    return (
        f'<div class="pr-who"><b>{escape(who.name)}</b>'
        f'<div class="languages">{languages_html(who.say)}</div>'
        f'<form method="post" action="/sign-out"><button class="pr-plain" type="submit">'
        f"{who.say('Sign out', '退出登录')}</button></form></div>"
    )
