"""The chain's pages, in the order of the navigation."""

from edge_core.dashboard.access.accounts import Accounts
from edge_core.dashboard.access.log_page import access_page
from edge_core.dashboard.frame import Page
from edge_core.hub.pages.coupons import COUPONS
from edge_core.hub.pages.league import LEAGUE
from edge_core.hub.pages.products import products_page
from edge_core.hub.pages.reminders import reminders_page
from edge_core.hub.pages.sites import sites_page
from edge_core.hub.pages.trends import TRENDS
from edge_core.hub.state import HubHouse


def pages_of(house: HubHouse, accounts: Accounts) -> tuple[Page, ...]:
    """The pages there are.

    Args:
        house: whose.
        accounts: who may sign in.
    """
    return (
        sites_page(house, accounts),
        LEAGUE,
        TRENDS,
        COUPONS,
        products_page(house, accounts),
        reminders_page(house, accounts),
        access_page(accounts),
    )
