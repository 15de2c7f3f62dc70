"""What the phone page hands in becomes tallies with the service's time."""

import anyio
import httpx
import pytest
from fastapi import FastAPI

from edge_core.clock import ManualClock
from edge_core.config import parse_site
from edge_core.dashboard.audit import audit_router
from edge_core.ledger import Ledger
from edge_core.service.problems import answer_problems
from edge_core.service.views import site_view
from edge_core.types import EventKind
from edge_core.units import NS_PER_S

NOON_NS = 1_767_268_800 * NS_PER_S
SITE = parse_site(
    """
[site]
id = "shop"
name = "Shop </script><b>"
[[cameras]]
id = "door"
source = "usb:0"
[[lines]]
id = "main"
name = "Main"
camera = "door"
start_px = [100, 100]
end_px = [500, 100]
picture_px = [640, 360]
"""
)
ONE = "0123456789abcdef0123456789abcdef"


class State:
    """As much of the running service as the router asks."""

    def __init__(self, ledger):
        self.clock, self.writer = ManualClock(wall_ns=NOON_NS), ledger

    def site(self):
        return site_view(SITE)

    def keep(self, events):
        return len(self.writer.append(events))


@pytest.fixture
def ask(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger, ledger.reader() as reader:
        app = FastAPI()
        answer_problems(app)
        app.include_router(audit_router(State(ledger)))

        async def send(method, path, body):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                return await client.request(method, path, json=body)

        def run(method, path, body=None):
            answer = anyio.run(send, method, path, body)
            tallies = [it.event for it in reader.newest_of(EventKind.TALLY)]
            return answer, tallies

        yield run


def press(**facts):
    return {"observer": "A", "presses": [{"id": ONE, "line": "main", "age_ms": 0} | facts]}


def test_a_press_kept_on_the_phone_has_the_time_at_which_it_was_made(ask):
    answer, (tally,) = ask("POST", "/audit/tallies", press(direction="in", age_ms=90_000))
    assert answer.json() == {"kept": [ONE]}
    assert tally.utc_ns == NOON_NS - 90 * NS_PER_S
    assert (tally.place_id, tally.data) == ("main", {"observer": "A", "direction": "in"})


def test_what_is_sent_again_is_kept_once_and_acknowledged_again(ask):
    ask("POST", "/audit/tallies", press(direction="in"))
    answer, tallies = ask("POST", "/audit/tallies", press(direction="in", age_ms=2000))
    assert answer.json() == {"kept": [ONE]}
    assert [tally.utc_ns for tally in tallies] == [NOON_NS]


@pytest.mark.parametrize(
    "body",
    [
        press(),
        press(direction="in", undo=ONE),
        press(direction="sideways"),
        press(direction="in", line="no-such"),
        press(direction="in", age_ms=-1),
        press(direction="in") | {"observer": "Ada Lovelace, 36, London"},
        press(direction="in") | {"presses": []},
    ],
)
def test_anything_else_is_refused_and_nothing_kept(ask, body):
    answer, tallies = ask("POST", "/audit/tallies", body)
    assert answer.status_code == 422
    assert tallies == []


def test_the_page_holds_a_sites_name_as_text(ask):
    answer, _ = ask("GET", "/audit")
    assert "</script><b>" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
