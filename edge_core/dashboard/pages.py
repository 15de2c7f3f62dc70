"""All pages, in the order of the navigation. A new one is a file with a `Page` and a line here."""

from edge_core.dashboard.access.accounts import Accounts, Role
from edge_core.dashboard.access.log_page import access_page
from edge_core.dashboard.audit import AUDIT, audit_router
from edge_core.dashboard.exports.page import exports_page
from edge_core.dashboard.frame import Page
from edge_core.dashboard.health_page import HEALTH
from edge_core.dashboard.items import ITEMS
from edge_core.dashboard.overview import LIVE
from edge_core.dashboard.setup.page import set_up_page
from edge_core.dashboard.staff import STAFF
from edge_core.service.desk import OperatorDesk
from edge_core.service.views import ServiceState


def pages_of(
    state: ServiceState, accounts: Accounts, desk: OperatorDesk | None
) -> tuple[Page, ...]:
    """The pages there are.

    Args:
        state: what the pages show.
        accounts: who may sign in.
        desk: the running service; without one there is nothing to set up.
    """
    set_up = () if desk is None else (set_up_page(desk, state, accounts),)
    exports = exports_page(state, accounts)
    audit = Page(
        AUDIT,
        "Accuracy audit",
        None,
        title_zh="准确度核查",
        icon="tally",
        role=Role.STAFF,
        group="manage",
        router=audit_router(state),
    )
    return (LIVE, ITEMS, STAFF, exports, HEALTH, audit, *set_up, access_page(accounts))
