"""The hub's API as a store PC meets it, over TLS."""

import json
import ssl
import subprocess
import sys
from contextlib import closing

import httpx
import pytest

from edge_core.clock import ManualClock
from edge_core.errors import HubError, HubRefusedError, SourceError
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.sync.client import HubClient, TooLargeError
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import MOST_BYTES, Batch, Enrolment, Row

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def opened(hub):
    opened = Hub.open(hub.folder)
    opened.store.add_site(Site("shop", "Shop", "EUR"))
    yield opened
    opened.store.close()


@pytest.fixture
def http(hub):
    context = ssl.create_default_context(cafile=str(hub.ca))
    with httpx.Client(base_url=hub.url, verify=context, trust_env=False) as client:
        yield client


def test_a_store_pc_from_code_to_content(hub, opened, http):
    clock = ManualClock()
    secret = new_secret()
    enrolment = Enrolment(
        code=opened.store.new_code("shop"), site="shop", key_sha256=hash_of(secret)
    )
    with closing(HubClient(hub.url, "", ca=hub.ca, clock=clock)) as client:
        enrolled = client.enrol(enrolment)
    token = f"{enrolled.device}.{secret}"
    with closing(HubClient(hub.url, token, ca=hub.ca, clock=clock)) as client:
        # A clock years behind loses nothing and is told.
        row = Row(key="a", kind="redemption", body={"day": "2026-05-04", "hour": 1, "coupon": "c"})
        assert client.send(Batch(number=1, rows=(row,))).kept == 1
        assert client.send(Batch(number=2, rows=(row,))).known == 1
        assert client.clock_ahead_s < -3600 * 24
        opened.shelf.publish("shop", [("shops", "a", {"id": "a", "name": "A"})])
        page = client.content(0)
        assert [record.key for record in page.records] == ["a"]
        etag = opened.shelf.etag("shop")
        assert client.content(page.revision, etag) is None
        opened.shelf.publish("shop", [("shops", "a", {"id": "a", "name": "B"})])
        assert client.content(page.revision, etag).records[0].body["name"] == "B"
        with pytest.raises(TooLargeError):
            client.send(Batch(number=3, rows=(row.model_copy(
                update={"body": {"coupon": "x" * MOST_BYTES}}),)))  # fmt: skip
        opened.store.revoke(enrolled.device)
        with pytest.raises(HubRefusedError, match="does not know"):
            client.content(0)


def test_without_a_key_nothing_is_told(http):
    for answer in (
        http.get("/v1/content"),
        http.get("/v1/content", headers={"authorization": "Bearer x.y"}),
        http.post("/v1/batches", json={"number": 1, "rows": []}),
    ):
        assert answer.status_code == 403
        assert "Enrol it" in answer.json()["remedy"]
    for path in ("/", "/league", "/openapi.json", "/coupons"):
        assert http.get(path).status_code in (303, 401)


def test_wrong_codes_are_answered_ever_more_slowly(http):
    body = {"code": "WRONG-CODE", "site": "shop", "key_sha256": "0" * 64}
    answers = [http.post("/v1/enrolments", json=body) for _ in range(6)]
    assert answers[0].status_code == 403
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_bodies_without_length_and_senseless_ones_are_refused(http):
    chunked = http.post("/v1/batches", content=iter([b"{}"]))
    assert chunked.status_code == 411
    assert http.post("/v1/enrolments", content=b"\x00nonsense").status_code == 422
    assert http.get("/v1/content?since=minus").status_code in (403, 422)


def test_another_authoritys_hub_and_no_hub_are_not_talked_to(hub, tmp_path):
    clock = ManualClock()
    for url, ca in ((hub.url, None), ("https://127.0.0.1:9", hub.ca)):
        client = HubClient(url, "t", ca=ca, clock=clock)
        with closing(client), pytest.raises(HubError, match="cannot be reached"):
            client.content(0)
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(SourceError, match="authority"):
        HubClient(hub.url, "t", ca=tmp_path / "no.pem", clock=clock)


def test_commands_make_codes_publish_and_revoke(hub, opened):
    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", "edge_core", "hub", "--folder", str(hub.folder), *words],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    status, code = run("code", "harbour", "--name", "Harbour")
    assert (status, len(code.strip())) == (0, 14)
    assert {site.id for site in opened.store.sites()} == {"shop", "harbour"}
    assert run("revoke", "nobody")[0] != 0
    status, told = run("publish", "assets/malls/mall/site.toml")
    assert status == 0, told
    assert int(told.split()[0]) > 80
    assert run("publish", "assets/malls/mall/site.toml") == (0, "0 records changed.\n")
    assert json.dumps(opened.shelf.bodies("linden-court", "coupons")).count("daily_budget") > 5
