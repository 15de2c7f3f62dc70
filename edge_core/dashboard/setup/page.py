"""The set-up page: a frame for `setup.js`, which draws and asks `SetUpApi`."""

from nicegui import ui

from edge_core.dashboard.access.accounts import Accounts
from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.setup.api import PATH, SetUpApi
from edge_core.service.desk import OperatorDesk
from edge_core.service.views import ServiceState


def set_up_page(desk: OperatorDesk, state: ServiceState, accounts: Accounts) -> Page:
    """The page, with what its script asks."""
    return Page(
        PATH,
        "Set-up",
        _build,
        title_zh="设置",
        icon="setup",
        group="manage",
        router=SetUpApi(desk, state, accounts).router,
    )


def _build(_state: ServiceState) -> None:
    ui.add_head_html(f'<link rel="stylesheet" href="{PATH}/files/setup.css">')
    ui.add_body_html(f'<script type="module" src="{PATH}/files/setup.js"></script>')
    ui.html(f'<div id="setup" data-language="{viewer().language}"></div>', sanitize=False).classes(
        "pr-setup"
    )
