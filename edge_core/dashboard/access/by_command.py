"""Passwords and PINs set on the store PC itself, by whoever may write beside the site file."""

from pathlib import Path

from edge_core.clock import SystemClock
from edge_core.config import SiteConfig
from edge_core.dashboard.access.accounts import Accounts, Role, What, accounts_path
from edge_core.dashboard.access.pin import ScreenPin, pin_path
from edge_core.dashboard.access.sign_in import weakness_told
from edge_core.dashboard.language import Say
from edge_core.errors import PromenadeError


def check_password(chosen: str, account: str) -> None:
    """Raise PromenadeError if a password will not do."""
    if (weak := weakness_told(chosen, account, Say())) is not None:
        raise PromenadeError("That password will not do.", weak)


def set_password(site_file: Path, site: SiteConfig, account: str, chosen: str) -> None:
    """Set an account's password, and make the account if it is the first.

    Args:
        site_file: site.toml.
        site: what it says.
        account: whose password.
        chosen: the password.

    Raises:
        PromenadeError: it will not do, or there is no such account.
    """
    check_password(chosen, account)
    path = accounts_path(site_file.resolve().parent / site.service.ledger)
    with Accounts(path, SystemClock(), site.access) as accounts:
        if not accounts.all():
            accounts.add(account, Role.OPERATOR, chosen)
        else:
            accounts.set_password(account, chosen)
        accounts.note("", "store PC", What.ACCOUNT, f"password of {account} set by command")


def set_pin(site_file: Path, site: SiteConfig, chosen: str) -> None:
    """Set the PIN that ends screens. Raises PromenadeError if it will not do."""
    path = pin_path(site_file.resolve().parent / site.service.ledger)
    ScreenPin(path, SystemClock()).set(chosen)
