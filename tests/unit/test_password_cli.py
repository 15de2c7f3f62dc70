"""`promenade password`: the way back in, on the store PC."""

import pytest
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.clock import SystemClock
from edge_core.dashboard.access.accounts import Accounts, accounts_path
from edge_core.errors import PromenadeError

SITE = '[site]\nid = "s"\nname = "S"\n\n[[cameras]]\nid = "a"\nsource = "usb:0"\n'
NEW = "twelve coats on a rail"


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


def run(site, password, *more):
    arguments = ["password", "--site", str(site), "--stdin", *more]
    return CliRunner().invoke(app, arguments, input=f"{password}\n")


def opened(site):
    return Accounts(accounts_path(site.with_name("promenade.db")), SystemClock())


def test_a_lost_password_is_replaced_and_whoever_used_it_is_signed_out(site):
    with opened(site) as accounts:
        accounts.set_first_password("eleven coats on a rail")
        token = accounts.sign_in("operator", "eleven coats on a rail", "127.0.0.1")
    assert run(site, NEW).exit_code == 0
    with opened(site) as accounts:
        assert accounts.session(token, touch=False) is None
        assert accounts.sign_in("operator", NEW, "127.0.0.1")
        assert "set by command" in accounts.log()[0].detail


def test_it_sets_the_first_password_too(site):
    assert run(site, NEW).exit_code == 0
    with opened(site) as accounts:
        assert accounts.are_set_up()


@pytest.mark.parametrize(
    ("password", "more", "told"),
    [("short", (), "at least 10"), (NEW, ("--account", "nobody"), "no account nobody")],
)
def test_what_cannot_be_done_is_told_with_a_remedy(site, password, more, told):
    run(site, "eleven coats on a rail")
    done = run(site, password, *more)
    assert isinstance(done.exception, PromenadeError)
    assert told in str(done.exception)
    assert password not in done.output
