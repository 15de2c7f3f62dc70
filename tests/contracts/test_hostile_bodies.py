"""JSON that is well formed for Python alone: NaN, numbers without end, half characters."""

import importlib.util
import json
import os
from contextlib import closing
from pathlib import Path

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.config import OffersConfig, Products, parse_directory, parse_site
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.service.api import create_app
from edge_core.service.parts import Parts
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment
from edge_core.units import NS_PER_S

pytestmark = pytest.mark.timeout(7200)

TESTS = Path(__file__).parents[1]
LARGE = "PROMENADE_FUZZ" in os.environ
GOOD = {
    "/v1/requests": {"key": "a" * 16, "screen": "lobby", "zone": "coats", "sku": "coat-wool-m"},
    "/v1/requests/a/answers": {"key": "b" * 16, "state": "accepted"},
    "/v1/why-not": {"key": "c" * 16, "screen": "lobby", "zone": "coats", "reason": "fit",
                    "skus": ["coat-wool-m"]},
    "/v1/closures": {"floor": "ground", "polygon_m": [[0, 0], [1, 0], [1, 1]], "text": "Wet"},
    "/v1/staff": {"number": 1},
    "/v1/rates": {"of": "identity", "duplicates": 1, "clusters": 9, "absorbed": 1, "persons": 9,
                  "source": "walks"},
    "/v1/suggestions/sessions": {"screen": "lobby", "choice": "seen", "interests": ["sweets"]},
    "/v1/suggestions/sessions/end": {"session": "a", "forget": True},
    "/v1/suggestions/stores": {"session": "a", "limit": 3},
    "/v1/suggestions/corrections": {"session": "a", "kind": "not-for-me", "target": "honey"},
    "/v1/suggestions/take-home": {"session": "a", "route": "on", "title": "t", "language": "en"},
    "/v1/suggestions/list": {"tried": ["coat-wool-m"], "looked_at": [], "language": "en"},
    "/v1/suggestions/items": {"skus": ["coat-wool-m"], "limit": 3},
    "/v1/suggestions/outfits": {"skus": ["coat-wool-m"], "limit": 2},
    "/v1/suggestions/redemptions": {
        "redemptions": [{"text": "t", "used_at": "2026-05-01T20:00:00Z", "till": "1"}]
    },
    "/v1/till": {"transactions": [{"transaction": "7", "time_utc": "2026-01-01T09:31:40Z",
                                   "lines": [{"sku": "a", "quantity": 1}]}]},
}  # fmt: skip
ODD = [
    "NaN", "-Infinity", "1e999", "1" * 4000, "-1", str(2**63), '"\\ud800"', '"\\u0000"', '"=1+1"',
    "[" * 5000, "[]", "{}", "null", "true", '"' + "x" * 5000 + '"', '"9999-12-31T23:59:59Z"',
]  # fmt: skip


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    stand_in = load(TESTS / "unit" / "service" / "stand_in.py")
    site = parse_site(stand_in.SITE_TOML)
    directory = parse_directory(stand_in.DIRECTORY_TOML, site)
    parts = Parts(directory, OffersConfig(), Products([stand_in.COAT]), bytes(range(32)))
    state = stand_in.StandInState(tmp_path_factory.mktemp("odd") / "ledger.db", parts=parts)
    state.appear(1)
    yield create_app(state)
    state.close()


def odd_texts(value, odd):
    """Every way to put something odd in one place of a document."""
    yield odd
    if isinstance(value, dict):
        for key in value:
            for text in odd_texts(value[key], odd):
                rest = {name: json.dumps(it) for name, it in value.items()} | {key: text}
                yield "{" + ",".join(f'"{name}":{it}' for name, it in rest.items()) + "}"
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for text in odd_texts(item, odd):
                parts = [json.dumps(it) for it in value]
                yield "[" + ",".join([*parts[:place], text, *parts[place + 1 :]]) + "]"


def ask_all(app, bodies, **more):
    async def send():
        found = []
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8460") as http:
            for number, (path, body) in enumerate(bodies):
                transport.client = (f"10.0.{number >> 8}.{number & 255}", 1)
                kind = {"content-type": "application/json", **more}
                answer = await http.post(path, content=body.encode(), headers=kind)
                if answer.status_code >= 500 or answer.status_code == 429:
                    found.append((path, body[:200], answer.status_code))
        return found

    return anyio.run(send)


def test_no_odd_value_in_any_place_breaks_the_service(app):
    bodies = [
        (path, text) for path, good in GOOD.items() for odd in ODD for text in odd_texts(good, odd)
    ]
    chosen = bodies if LARGE else bodies[::7]
    print(f"\n{len(chosen)} odd bodies")  # noqa: T201
    assert ask_all(app, chosen) == []


GOOD_AT_THE_HUB = {
    "/v1/enrolments": {"code": "ABCD", "site": "shop", "name": "pc", "key_sha256": "0" * 64},
    "/v1/batches": {
        "number": 1,
        "health": {"version": "1", "status": "ok", "reasons": ["a"], "uptime_s": 1.0, "cameras": 1,
                   "cameras_well": 1, "readers": 0, "readers_well": 0, "ledger_mb": 1.0},
        "rows": [{"key": "a", "kind": "item", "body": {
            "day": "2026-05-04", "hour": 3, "action": "sold", "sku": "coat", "quantity": 2}}],
    },
}  # fmt: skip


class Hurried(ManualClock):
    """A second passes between any two looks, so that nobody asks too often."""

    def monotonic_ns(self):
        self.advance_ns(NS_PER_S)
        return super().monotonic_ns()


def test_no_odd_value_in_any_place_breaks_the_hub(tmp_path):
    hub, secret = Hub.open(tmp_path / "hub", clock=Hurried()), new_secret()
    hub.store.add_site(Site("shop", "Shop", "EUR"))
    enrolment = Enrolment(code=hub.store.new_code("shop"), site="shop", key_sha256=hash_of(secret))
    token = f"Bearer {hub.store.enrol(enrolment).id}.{secret}"
    bodies = [
        (path, text)
        for path, good in GOOD_AT_THE_HUB.items()
        for odd in ODD
        for text in odd_texts(good, odd)
    ]
    chosen = bodies if LARGE else bodies[::7]
    print(f"\n{len(chosen)} odd bodies")  # noqa: T201
    with closing(hub.store):
        assert ask_all(hub.api(), chosen, authorization=token) == []


@settings(max_examples=int(os.environ.get("PROMENADE_FUZZ", "40")), deadline=None, database=None,
          derandomize=not LARGE, suppress_health_check=list(HealthCheck))  # fmt: skip
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_break_the_service(app, path, body):
    assert ask_all(app, [(path, body.decode("latin-1"))]) == []
