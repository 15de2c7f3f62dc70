"""Putting the operator's pages on the edge service's app."""

from collections.abc import Callable, Sequence

from fastapi import FastAPI
from nicegui import ui
from starlette.middleware import Middleware
from starlette.types import Scope

from edge_core.dashboard.access.accounts import Accounts, accounts_path
from edge_core.dashboard.access.guard import Guard
from edge_core.dashboard.access.pin import ScreenPin, pin_path, pin_router
from edge_core.dashboard.access.sign_in import LOST, Door
from edge_core.dashboard.frame import Build, House, Page, framed
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
    app.include_router(pin_router(ScreenPin(pin_path(state.ledger.path), state.clock), accounts))
    mount_pages(app, state, accounts, pages_of(state, accounts, desk))


def mount_pages(
    app: FastAPI,
    house: House,
    accounts: Accounts,
    pages: Sequence[Page],
    *,
    lost: tuple[str, str] = LOST,
    passes: Callable[[Scope], bool] | None = None,
) -> None:
    """Put pages behind a sign-in on an app that does not serve yet.

    Args:
        app: the app.
        house: whose pages they are; handed to each page's `build`.
        accounts: who may sign in.
        pages: in the order of the navigation.
        lost: see `Door`.
        passes: see `Guard`.
    """
    app.include_router(Door(accounts, house.site().name, lost).router)
    for page in pages:
        if page.router is not None:
            app.include_router(page.router)
        if page.build is not None:
            _add(page, page.build, pages, house)
    guard = Middleware(
        Guard,
        accounts=accounts,
        clock=house.clock,
        roles={page.path: page.role for page in pages},
        pages={page.path: page.title for page in pages},
        passes=passes,
    )
    app.user_middleware.append(guard)  # behind `LoopbackOnly`, which looks at the host first
    ui.run_with(
        app,
        title=house.site().name,
        dark=True,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=5.0,
    )


def _add(page: Page, build: Build, pages: Sequence[Page], house: House) -> None:
    def show() -> None:
        with framed(house, page, pages):
            build(house)

    ui.page(page.path)(show)
