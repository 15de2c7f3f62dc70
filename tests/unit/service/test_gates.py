"""The gates before the app: sizes, rates, headers, names."""

import anyio
import httpx
import pytest
from starlette.requests import HTTPConnection

from edge_core.clock import ManualClock
from edge_core.dashboard.access.guard import same_site
from edge_core.errors import HubError
from edge_core.service.api import create_app
from edge_core.service.rate_limit import Buckets
from edge_core.sync.client import HubClient
from edge_core.units import NS_PER_S

BASE = "http://127.0.0.1:8460"


@pytest.fixture
def send(state):
    app = create_app(state)

    def run(method, path, address="127.0.0.1", **options):
        async def ask():
            transport = httpx.ASGITransport(app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                return await http.request(method, path, **options)

        return anyio.run(ask)

    return run


def test_a_bucket_holds_a_burst_and_fills_again():
    clock = ManualClock()
    buckets = Buckets(2.0, 3, clock)
    assert [buckets.wait_s("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.wait_s("a") == pytest.approx(0.5)
    assert buckets.wait_s("b") == 0
    clock.advance_ns(NS_PER_S // 2)
    assert buckets.wait_s("a") == 0
    assert buckets.wait_s("a") > 0


def test_many_who_ask_once_take_no_memory_that_grows():
    clock = ManualClock()
    buckets = Buckets(1.0, 1, clock)
    for number in range(25_000):
        buckets.wait_s(str(number))
    assert len(buckets._kept) <= 10_000


def test_guessing_passwords_is_answered_429_for_that_address_alone(send, state):
    answers = [send("POST", "/sign-in") for _ in range(32)]
    assert answers[0].status_code != 429
    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) >= 1
    assert last.json()["remedy"]
    assert send("POST", "/sign-in", "10.0.0.9").status_code != 429
    assert send("GET", "/v1/site").status_code == 200
    state.clock.advance_ns(int(last.headers["retry-after"]) * NS_PER_S)
    assert send("POST", "/sign-in").status_code != 429


def test_large_bodies_and_those_of_unknown_length_are_refused(send):
    big = send("POST", "/v1/requests", content=b"x" * (2**20 + 1))
    assert big.status_code == 413
    assert send("POST", "/v1/till", content=b"x" * (2**20 + 1)).status_code == 422
    assert send("POST", "/v1/till", content=b"", headers={
        "content-length": str(17 * 2**20)}).status_code == 413  # fmt: skip
    for length in ("9" * 5000, "-1", "1e3", ""):
        answer = send("POST", "/v1/requests", content=b"{}", headers={"content-length": length})
        assert answer.status_code == 413, length

    async def parts():
        yield b"{}"

    assert send("POST", "/v1/requests", content=parts()).status_code == 411


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/v1/site", {}, 200),
        ("/v1/nothing", {}, 404),
        ("/v1/site", {"headers": {"host": "evil.example"}}, 421),
        ("/v1/counts?bucket_s=7", {}, 422),
    ],
)
def test_every_answer_says_what_browsers_may_not_do(send, path, options, status):
    answer = send("GET", path, **options)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_wrong_method_is_told_as_such(send):
    answer = send("GET", "/v1/why-not")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/v1/visits?date=0001-01-01", "/v1/visits?date=9999-12-31",
                                  "/v1/counts?start=9999-12-31T00:00:00Z"])  # fmt: skip
def test_days_at_the_ends_of_the_calendar_are_refused(send, path):
    answer = send("GET", path)
    assert answer.status_code == 422
    assert "out of reach" in answer.json()["message"]


@pytest.mark.parametrize("origin", ["http://[", "null", "http://127.0.0.1:1", "http://[::1"])
def test_an_origin_that_makes_no_sense_is_another_site(origin):
    headers = [(b"host", b"127.0.0.1:8460"), (b"origin", origin.encode())]
    assert not same_site(HTTPConnection({"type": "http", "headers": headers}))


def test_the_sync_client_takes_over_how_long_it_shall_wait():
    def refuse(_):
        problem = {"message": "That was asked too often.", "remedy": "Wait."}
        return httpx.Response(429, json=problem, headers={"retry-after": "17"})

    transport = httpx.MockTransport(refuse)
    with (
        HubClient(BASE, "t", ca=None, clock=ManualClock(), transport=transport) as client,
        pytest.raises(HubError, match="too often") as caught,
    ):
        client.content(0)
    assert caught.value.wait_s == 17
