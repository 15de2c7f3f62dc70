"""Putting the operator's pages on the edge service's app."""

from collections.abc import Sequence

from fastapi import FastAPI
from nicegui import ui
from starlette.middleware import Middleware

from edge_core.dashboard.access.accounts import Accounts, accounts_path
from edge_core.dashboard.access.guard import Guard
from edge_core.dashboard.access.sign_in import Door
from edge_core.dashboard.frame import Build, Page, framed
from edge_core.dashboard.pages import pages_of
from edge_core.service.desk import OperatorDesk
from edge_core.service.views import ServiceState


def mount_dashboard(app: FastAPI, state: ServiceState, desk: OperatorDesk | None = None) -> None:
    """Add the pages to the app that `create_app` made, before it starts to serve.

    Everything the pages need (scripts, styles, fonts) is served from this machine. NiceGUI keeps
    its pages in one place per process, so a process mounts one dashboard.

    Args:
        app: the API's.
        state: what the pages show.
        desk: the running service, for the set-up page; without one there is no such page.

    Raises:
        PromenadeError: the file of accounts cannot be used.
    """
    rules = None if desk is None else desk.config.access
    accounts = Accounts(accounts_path(state.ledger.path), state.clock, rules)
    pages = pages_of(state, accounts, desk)
    app.include_router(Door(accounts, state.site().name).router)
    for page in pages:
        if page.router is not None:
            app.include_router(page.router)
        if page.build is not None:
            _add(page, page.build, pages, state)
    guard = Middleware(
        Guard,
        accounts=accounts,
        clock=state.clock,
        roles={page.path: page.role for page in pages},
        pages={page.path: page.title for page in pages},
    )
    app.user_middleware.append(guard)  # behind `LoopbackOnly`, which looks at the host first
    ui.run_with(
        app,
        title=state.site().name,
        dark=True,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=5.0,
    )


def _add(page: Page, build: Build, pages: Sequence[Page], state: ServiceState) -> None:
    def show() -> None:
        with framed(state, page, pages):
            build(state)

    ui.page(page.path)(show)
