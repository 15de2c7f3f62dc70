"""The hub's gates: how often a store PC may ask, and what every answer tells browsers."""

import anyio
import httpx
import pytest

from edge_core.clock import ManualClock
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment


@pytest.fixture
def hub(tmp_path):
    hub = Hub.open(tmp_path / "hub", clock=ManualClock())
    hub.store.add_site(Site("shop", "Shop", "EUR"))
    yield hub
    hub.store.close()


def test_a_store_pc_that_asks_without_end_is_asked_to_wait_and_others_are_not(hub):
    tokens = []
    for _ in range(2):
        secret, code = new_secret(), hub.store.new_code("shop")
        enrolment = Enrolment(code=code, site="shop", key_sha256=hash_of(secret))
        tokens.append(f"{hub.store.enrol(enrolment).id}.{secret}")

    async def ask(http, token):
        return await http.get("/v1/content", headers={"authorization": f"Bearer {token}"})

    async def ask_all(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://hub") as http:
            greedy = [await ask(http, tokens[0]) for _ in range(121)]
            return greedy, await ask(http, tokens[1]), await http.get("/")

    greedy, modest, other = anyio.run(ask_all, hub.api())
    assert {it.status_code for it in greedy[:120]} == {200}
    assert greedy[-1].status_code == 429
    assert int(greedy[-1].headers["retry-after"]) >= 1
    assert modest.status_code == 200
    for answer in (greedy[0], greedy[-1], other):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
