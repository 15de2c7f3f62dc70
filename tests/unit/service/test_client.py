import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service import examples, visits_examples
from edge_core.service.client import EdgeClient


def _client(handler) -> EdgeClient:
    return EdgeClient("http://127.0.0.1:8460/", transport=httpx.MockTransport(handler))


def test_the_client_brings_neither_server_nor_vision_nor_qt_with_it():
    loaded = subprocess.run(
        [sys.executable, "-c", "import edge_core.service.client, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"fastapi", "starlette", "uvicorn", "cv2", "onnxruntime", "nicegui", "PySide6", "scipy"}
    assert heavy & set(loaded) == set()
    assert not [name for name in loaded if name.startswith("edge_core.ledger")]


def test_instants_are_sent_so_that_the_service_reads_them_back():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json=visits_examples.COUNTS)

    with _client(answer) as client:
        counts = client.counts(start=datetime(2026, 5, 1, tzinfo=UTC), bucket_s=3600)
    assert asked == [{"bucket_s": "3600", "start": "2026-05-01T00:00:00+00:00"}]
    assert counts.today.by_line == {"main-door": (214, 195)}


def test_health_is_read_also_when_the_service_is_down():
    with _client(lambda _: httpx.Response(503, json=examples.HEALTH_DOWN)) as client:
        assert client.health().status == "down"


def test_a_refusal_carries_the_services_words():
    with (
        _client(lambda _: httpx.Response(422, json=examples.PROBLEM)) as client,
        pytest.raises(PromenadeError, match="not after") as refusal,
    ):
        client.counts()
    assert refusal.value.remedy == examples.PROBLEM["remedy"]


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (httpx.Response(200, text="<html>a router's page</html>"), "not this version's"),
        (httpx.Response(200, json={"name": "something else"}), "not this version's"),
        (httpx.Response(502, text="bad gateway"), "status 502"),
        (httpx.Response(404, text="no"), "status 404"),
    ],
)
def test_something_else_at_the_address_is_recognised(response, said):
    with (
        _client(lambda _: response) as client,
        pytest.raises(ServiceUnavailableError, match=said) as refusal,
    ):
        client.site()
    assert refusal.value.remedy


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_a_service_that_does_not_answer_is_unavailable(error):
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with (
        _client(fail) as client,
        pytest.raises(ServiceUnavailableError, match="does not answer") as refusal,
    ):
        client.live()
    assert "promenade edge" in refusal.value.remedy


def test_a_stream_of_something_else_is_recognised():
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"event: live\ndata: {}\n\n")

    with (
        _client(answer) as client,
        pytest.raises(ServiceUnavailableError, match="not this version's"),
    ):
        list(client.stream())
