"""Sales handed in by a till: over the API, into a real ledger."""

import json

import anyio
import httpx
import pytest

from edge_core.service.api import create_app
from edge_core.service.item_schema import ItemsView, TillReceiptView
from edge_core.service.schema import ProblemView
from edge_core.types import ItemAction
from edge_core.units import NS_PER_S

HEAD = "transaction,time_utc,sku,quantity\n"
GOOD = "1047,2026-01-01T11:31:40Z,coat-wool-m,1\n1047,2026-01-01T11:31:40Z,scarf,2\n"
ONE = '{"transaction": "7", "time_utc": "2026-01-01T10:00:00Z", "lines": [{"sku": "coat-wool-m"}]}'


@pytest.fixture
def hand_in(state):
    transport = httpx.ASGITransport(create_app(state))

    async def post(body, media_type):
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            headers = {"Content-Type": media_type}
            return await client.post("/v1/till", content=body, headers=headers)

    def run(body, media_type="text/csv"):
        return anyio.run(post, body.encode(), media_type)

    return run


@pytest.fixture
def receipt(hand_in):
    def run(body, media_type="text/csv"):
        answer = hand_in(body, media_type)
        assert answer.status_code == 200, answer.text
        return TillReceiptView.model_validate_json(answer.content)

    return run


def test_sales_are_kept_once_however_often_they_are_handed_in(state, receipt):
    first = receipt(HEAD + GOOD)
    assert (first.kept, first.known, first.lines) == (1, 0, 2)
    assert first.unknown_skus == ["scarf"]
    again = receipt(HEAD + GOOD)
    assert (again.kept, again.known, again.lines) == (0, 1, 0)
    assert state.ledger.event_count() == 2
    assert not state.ledger.rollup_differences()


def test_the_same_transaction_as_json_is_known(state, receipt):
    assert receipt(f'{{"transactions": [{ONE}]}}', "application/json").kept == 1
    row = "7,2026-01-01T10:00:00+00:00,coat-wool-m,\n"
    assert receipt(HEAD + row).known == 1
    assert state.ledger.event_count() == 1


def test_a_bad_line_costs_its_transaction_only_and_is_told(state, receipt):
    bad = "1048,2026-01-01T11:40:00Z,coat-wool-m,1\n1048,2026-01-01T11:40:00Z,,x\n"
    told = receipt(HEAD + bad + GOOD)
    assert told.kept == 1
    assert {(it.transaction, it.line) for it in told.refused} == {("1048", 3)}
    assert {it.reason.split(":")[0] for it in told.refused} == {"sku", "quantity"}
    assert all(it.remedy for it in told.refused)
    assert state.ledger.event_count() == 2


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("9,yesterday,coat-wool-m,1\n", "time_utc"),
        ("9,2026-01-01T11:40:00,coat-wool-m,1\n", "time_utc"),
        ("9,2031-01-01T11:40:00Z,coat-wool-m,1\n", "time_utc"),
        ("9,2026-01-01T11:40:00Z,coat-wool-m,0\n", "quantity"),
        ("9,2026-01-01T11:40:00Z,coat-wool-m,1.5\n", "quantity"),
        ("9,2026-01-01T11:40:00Z\n", "sku"),
        (",2026-01-01T11:40:00Z,coat-wool-m,1\n", "transaction"),
        ("a/b,2026-01-01T11:40:00Z,coat-wool-m,1\n", "transaction"),
        ("9,2026-01-01T11:40:00Z,a,1\n9,2026-01-01T11:41:00Z,b,1\n", "time_utc"),
    ],
)
def test_each_mistake_is_named(state, receipt, row, named):
    told = receipt(HEAD + row)
    assert told.kept == 0
    assert named in told.refused[0].reason
    assert state.ledger.event_count() == 0


def test_a_transaction_with_other_lines_than_before_is_refused(state, receipt):
    receipt(HEAD + GOOD)
    changed = receipt(HEAD + GOOD.replace("scarf,2", "scarf,3"))
    assert (changed.kept, changed.known) == (0, 0)
    assert "with other lines" in changed.refused[0].reason
    assert state.ledger.event_count() == 2


@pytest.mark.parametrize(
    ("body", "media_type", "named"),
    [
        ("transaction;time_utc;sku\n", "text/csv", "column transaction"),
        ("", "text/csv", "column transaction"),
        ('transaction,time_utc,sku\n"9', "text/csv", "no CSV"),
        ("{", "application/json", "no JSON"),
        ('{"transactions": [{"transaction": "9"}]}', "application/json", "no JSON"),
        ("[]", "application/json", "no JSON"),
        (HEAD + GOOD, "text/html", "text/html"),
    ],
)
def test_what_cannot_be_understood_is_refused_whole(state, hand_in, body, media_type, named):
    answer = hand_in(body, media_type)
    assert answer.status_code == 422
    problem = ProblemView.model_validate_json(answer.content)
    assert named in problem.message
    assert problem.remedy
    assert state.ledger.event_count() == 0


def test_bad_transactions_of_json_are_told_by_their_lines(receipt):
    bad = {"transaction": "8", "time_utc": "2026-01-01T10:00:00Z", "lines": [{"sku": "a"}, 5]}
    none = {"transaction": "9", "time_utc": "2026-01-01T10:00:00Z", "lines": []}
    body = json.dumps({"transactions": [json.loads(ONE), bad, none]})
    told = receipt(body, "application/json")
    assert told.kept == 1
    assert [(it.transaction, it.line) for it in told.refused] == [("8", 2), ("9", 1)]


def test_sales_join_what_was_taken_before(state, receipt, get):
    for number in range(6):
        state.handle(f"pick-{number}", ItemAction.PICKED_UP, visit=100 + number)
    state.handle("back", ItemAction.PUT_BACK, visit=100)
    state.handle("try", ItemAction.TRIED_ON, visit=101)
    state.clock.advance_ns(600 * NS_PER_S)
    rows = "".join(f"{n},2026-01-01T12:08:00Z,coat-wool-m,1\n" for n in range(3))
    assert receipt(HEAD + rows).kept == 3
    view = ItemsView.model_validate_json(get("/v1/items").content)
    (coat,) = view.items
    assert (coat.name, coat.touched, coat.picked, coat.tried, coat.left) == (
        "Wool coat",
        6,
        6,
        1,
        1,
    )
    assert (coat.bought, coat.bought_after_pick, coat.bought_after_try) == (3, 3, 1)
    assert coat.visits == 6
    assert view.per_visit.visits == 6
    assert view.per_visit.picked == 1.0


def test_visits_are_told_of_whole_days_only_so_that_no_two_spans_tell_of_one(state, get):
    for number in range(6):
        state.handle(f"pick-{number}", ItemAction.PICKED_UP, visit=100 + number)
    state.clock.advance_ns(120 * NS_PER_S)
    state.handle("one more", ItemAction.PICKED_UP, visit=200)
    for end in ("2026-01-01T12:01:00Z", "2026-01-01T12:10:00Z"):
        asked = f"/v1/items?start=2025-12-31T23:00:00Z&end={end}"
        view = ItemsView.model_validate_json(get(asked).content)
        assert view.items[0].picked >= 6
        assert view.items[0].visits is None
        assert view.per_visit.visits is None
