"""The PIN that ends a screen: kept as a hash, slow to guess, asked on the store PC alone."""

import os

import anyio
import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from edge_core.cli import app as cli
from edge_core.clock import ManualClock
from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.pin import ScreenPin, pin_path, pin_router
from edge_core.errors import PromenadeError
from edge_core.service.problems import answer_problems
from edge_core.units import NS_PER_S

PIN = "482913"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def pin(tmp_path, clock):
    return ScreenPin(tmp_path / "promenade-pin", clock)


@pytest.mark.parametrize("easy", ["", "1234", "12345x", "111111", "123456", "987654", "121212",
                                  "1" * 13, "１２３４５９"])  # fmt: skip
def test_an_easy_pin_is_not_taken(pin, easy):
    with pytest.raises(PromenadeError):
        pin.set(easy)
    assert not pin.is_set


def test_only_a_hash_is_kept_and_for_its_owner_alone(pin, tmp_path):
    pin.set(PIN)
    kept = (tmp_path / "promenade-pin").read_text()
    assert kept.startswith("$argon2id$")
    assert PIN not in kept
    if os.name == "posix":
        assert (tmp_path / "promenade-pin").stat().st_mode & 0o777 == 0o600


def test_guessing_is_slowed_down_and_the_right_one_forgives(pin, clock):
    pin.set(PIN)
    assert [pin.takes("000111") for _ in range(3)] == [False] * 3
    assert pin.wait_s() == pytest.approx(1.0)
    assert not pin.takes(PIN), "the right one comes too soon"
    clock.advance_ns(NS_PER_S)
    assert pin.takes(PIN)
    assert pin.wait_s() == 0


def test_screens_ask_over_the_api_and_each_try_is_in_the_access_log(pin, clock, tmp_path):
    app = FastAPI()
    answer_problems(app)
    with Accounts(tmp_path / "accounts.db", clock) as accounts:
        app.include_router(pin_router(pin, accounts))

        def ask(typed):
            async def send():
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
                    body = {"screen": "lobby", "pin": typed}
                    return await http.post("/v1/screens/release", json=body)

            return anyio.run(send)

        assert ask(PIN).status_code == 404
        pin.set(PIN)
        assert ask("no pin").status_code == 422
        assert [ask("000111").status_code for _ in range(3)] == [403] * 3
        refused = ask(PIN)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        clock.advance_ns(NS_PER_S)
        assert ask(PIN).json() == {"released": True}
        told = [it.what for it in accounts.log()]
    assert told == [What.SIGN_OUT, *[What.REFUSED] * 3]


def test_the_command_sets_it_beside_the_ledger(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[site]\nid = 'a'\nname = 'A'\n[[cameras]]\nid = 'c'\nsource = 'a.mp4'\n")
    told = CliRunner().invoke(cli, ["pin", "--site", str(site), "--stdin"], input=f"{PIN}\n")
    assert told.exit_code == 0, told.output
    assert PIN not in told.output
    assert ScreenPin(pin_path(tmp_path / "promenade.db"), ManualClock()).takes(PIN)
