"""Putting the operator's pages on the edge service's app."""

from typing import Final

from fastapi import FastAPI
from nicegui import ui

from edge_core.dashboard.audit import audit_router
from edge_core.dashboard.frame import Page, framed
from edge_core.dashboard.items import build_items
from edge_core.dashboard.overview import build_overview
from edge_core.service.views import ServiceState

PAGES: Final = (
    Page("/", "Overview", build_overview),
    Page("/items", "Items", build_items),
)


def mount_dashboard(app: FastAPI, state: ServiceState) -> None:
    """Add the pages to the app that `create_app` made, before it starts to serve.

    Everything the pages need (scripts, styles, fonts) is served from this machine. NiceGUI keeps
    its pages in one place per process, so a process mounts one dashboard.
    """
    app.include_router(audit_router(state))
    for page in PAGES:
        _add(page, state)
    ui.run_with(
        app,
        title=state.site().name,
        dark=True,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=5.0,
    )


def _add(page: Page, state: ServiceState) -> None:
    def show() -> None:
        with framed(state, page, PAGES):
            page.build(state)

    ui.page(page.path)(show)
