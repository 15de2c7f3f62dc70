"""All pages, in the order of the navigation. A new one is a file with a `Page` and a line here."""

from edge_core.dashboard.access.accounts import Accounts
from edge_core.dashboard.access.log_page import access_page
from edge_core.dashboard.frame import Page
from edge_core.dashboard.health_page import HEALTH
from edge_core.dashboard.items import ITEMS
from edge_core.dashboard.overview import LIVE


def pages_of(accounts: Accounts) -> tuple[Page, ...]:
    """The pages there are.

    Args:
        accounts: who may sign in.
    """
    return (LIVE, ITEMS, HEALTH, access_page(accounts))
