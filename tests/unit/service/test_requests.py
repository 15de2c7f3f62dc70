"""Requests to the staff: asked, answered, expired, and never twice."""

import anyio
import httpx
import pytest

from edge_core.service.api import create_app
from edge_core.service.requests import MOST_WAITING, PATIENCE_NS, requests_from
from edge_core.types import EventKind
from edge_core.units import NS_PER_S

KEY = "0123456789ab"


@pytest.fixture
def post(state):
    """Posts to the app directly, without a network."""

    async def send(path, body):
        transport = httpx.ASGITransport(create_app(state))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(path, json=body)

    return lambda path, body: anyio.run(send, path, body)


@pytest.fixture
def ask(post):
    def send(key=KEY, **given):
        asked = {"key": key, "screen": "glass", "zone": "coats", "sku": "coat-wool-m"}
        return post("/v1/requests", asked | given)

    return send


@pytest.fixture
def answer(post):
    count = 0

    def send(state, request=KEY, key=None, **given):
        nonlocal count
        count += 1
        body = {"key": key or f"answer-{count:04d}", "state": state} | given
        return post(f"/v1/requests/{request}/answers", body)

    return send


def minutes_later(state, minutes):
    state.clock.advance_ns(minutes * 60 * NS_PER_S)


def test_a_request_is_asked_accepted_brought_and_done(state, ask, answer, get):
    asked = ask().json()
    assert (asked["state"], asked["zone"], asked["sku"]) == ("open", "coats", "coat-wool-m")
    accepted = answer("accepted", minutes=2).json()
    assert accepted["state"] == "accepted"
    assert accepted["due_at"] == "2026-01-01T12:02:00Z"
    assert answer("on-the-way").json()["due_at"] == "2026-01-01T12:02:00Z", "the time stands"
    minutes_later(state, 1)
    done = answer("done").json()
    assert (done["state"], done["due_at"]) == ("done", None)
    assert done["changed_at"] == "2026-01-01T12:01:00Z"
    told = get("/v1/requests", params={"zone": "coats"}).json()["requests"]
    assert [it["state"] for it in told] == ["done"]
    assert get("/v1/requests", params={"waiting": "true"}).json() == {"requests": []}


def test_asking_and_answering_again_with_the_same_key_changes_nothing(state, ask, answer):
    assert ask().json() == ask().json()
    first = answer("declined", key="same-answer", reason="not-in-stock").json()
    assert answer("declined", key="same-answer", reason="not-in-stock").json() == first
    assert len(state.ledger.newest_of(EventKind.REQUEST)) == 1
    assert len(state.ledger.newest_of(EventKind.ANSWER)) == 1


def test_what_has_ended_cannot_be_answered(ask, answer):
    ask()
    answer("declined", reason="busy")
    refused = answer("accepted", minutes=5)
    assert refused.status_code == 422
    assert "declined already" in refused.json()["message"]


def test_a_request_nobody_answers_expires_and_one_with_a_time_waits_for_it(state, ask, answer, get):
    ask()
    ask("second-request", sku="")
    answer("on-the-way", minutes=10)
    state.clock.advance_ns(PATIENCE_NS)
    states = {it["request"]: it["state"] for it in get("/v1/requests").json()["requests"]}
    assert states == {KEY: "on-the-way", "second-request": "expired"}
    minutes_later(state, 11)
    states = {it["request"]: it["state"] for it in get("/v1/requests").json()["requests"]}
    assert states[KEY] == "expired"
    assert answer("done").status_code == 422


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"zone": "moon"}, "no zone `moon`"),
        ({"sku": "cape"}, "no product `cape`"),
        ({"key": "short"}, "`key`"),
        ({"name": "Ann"}, "`name`"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_a_remedy(ask, given, said):
    refused = ask(**given)
    assert refused.status_code == 422
    assert said in refused.json()["message"]
    assert refused.json()["remedy"]


def test_one_place_cannot_flood_the_staff(ask, answer):
    for number in range(MOST_WAITING):
        assert ask(f"request-{number}").status_code == 200
    assert ask("one-too-many").status_code == 422
    answer("withdrawn", request="request-0")
    assert ask("one-too-many").status_code == 200


def test_an_unknown_request_is_not_found(answer):
    assert answer("done", request="nowhere").status_code == 404


def test_streams_are_told_and_no_event_names_a_person(state, ask, answer):
    ask()
    answer("accepted", minutes=2)
    events = [it.event for it in state.ledger.events_after(0)]
    assert [event.kind for event in events] == [EventKind.REQUEST, EventKind.ANSWER]
    assert set(events[0].data) == {"request", "screen", "sku", "language"}
    assert set(events[1].data) == {"request", "state", "minutes", "reason"}


def test_an_answer_that_came_too_late_is_passed_over(state, ask, answer):
    """Two of the staff answer at the same moment: the first one in the ledger holds."""
    ask()
    answer("declined", reason="busy")
    asked = [it.event for it in state.ledger.newest_of(EventKind.REQUEST)]
    declined = state.ledger.newest_of(EventKind.ANSWER)[0].event
    late = type(declined)(
        "late", EventKind.ANSWER, declined.utc_ns + 1, 0, "", "coats",
        declined.data | {"state": "accepted", "minutes": 3},
    )  # fmt: skip
    (request,) = requests_from(asked, [declined, late], late.utc_ns)
    assert (request.state, request.due_utc_ns) == ("declined", None)


def test_why_not_is_kept_once_with_the_products_alone(state, post):
    said = {"key": "why-not-1", "screen": "glass", "zone": "coats", "reason": "fit"}
    said |= {"skus": ["coat-wool-m", "unknown"]}
    assert post("/v1/why-not", said).json() == {"kept": True}
    assert post("/v1/why-not", said).json() == {"kept": False}
    (stored,) = state.ledger.newest_of(EventKind.WHY_NOT)
    assert stored.event.data == {"screen": "glass", "reason": "fit", "skus": ["coat-wool-m"]}
    assert post("/v1/why-not", said | {"reason": "mood"}).status_code == 422
