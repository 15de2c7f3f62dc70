import anyio
import httpx
import pytest

from edge_core.config import ClosureConfig
from edge_core.errors import PromenadeError
from edge_core.service.api import create_app
from edge_core.service.client import EdgeClient
from edge_core.service.guide import Guide, chinese_sounds
from edge_core.service.sse import MessageKind, messages


@pytest.fixture
def ask(state):
    async def over_http(method, path, **options):
        transport = httpx.ASGITransport(create_app(state))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8460"
        ) as client:
            return await client.request(method, path, **options)

    return lambda method, path, **options: anyio.run(lambda: over_http(method, path, **options))


def client_of(get) -> EdgeClient:
    def answer(request: httpx.Request) -> httpx.Response:
        response = get(request.url.raw_path.decode())
        return httpx.Response(response.status_code, content=response.content)

    return EdgeClient("http://127.0.0.1:8460", transport=httpx.MockTransport(answer))


def test_the_directory_tells_stores_their_floor_hours_sounds_and_walks(get):
    with client_of(get) as client:
        directory = client.directory()
    (store,) = directory.stores
    assert (store.floor, f"{store.opens:%H:%M}", store.watched) == ("ground", "10:00", True)
    assert directory.sounds["蜂蜜行"].startswith("feng1 mi4 ")
    assert set(directory.walks_s["lobby"]) >= {"honey", "toilets"}


def test_a_client_gets_a_route_in_words(get):
    with client_of(get) as client:
        route = client.route("lobby", "honey", "step-free")
    assert route.mode == "step-free"
    assert route.steps[-1].text.startswith("Honey Shop is")
    assert "蜂蜜行" in route.steps[-1].text_zh


@pytest.mark.parametrize(
    ("start", "goal", "mode", "said"),
    [
        ("lobby", "nowhere", "walking", "nowhere"),
        ("lobby", "honey", "flying", "mode"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_remedy(get, start, goal, mode, said):
    with client_of(get) as client, pytest.raises(PromenadeError) as caught:
        client.route(start, goal, mode)
    assert said in caught.value.message
    assert caught.value.remedy


def test_a_closure_over_the_api_is_told_to_screens_and_ends_when_reopened(ask, state, follow):
    body = {"what": "honey", "text": "Stocktaking", "text_zh": "盘点"}
    answer = ask("POST", "/v1/closures", json=body)
    assert [it["id"] for it in answer.json()["closures"]] == ["honey"]
    route = ask("GET", "/v1/routes", params={"from": "lobby", "to": "honey"}).json()
    assert route["warnings"][0]["text_zh"] == "蜂蜜行暂停开放：盘点"

    async def first_state():
        stream = follow()
        chunks = [await anext(stream), await anext(stream)]
        await stream.aclose()
        return chunks

    told = [message for message in messages(anyio.run(first_state)) if message.view]
    assert [message.kind for message in told] == [MessageKind.DIRECTORY]
    assert told[0].view.closures[0].text == "Stocktaking"
    assert ask("DELETE", "/v1/closures/honey").json()["closures"] == []
    assert ask("DELETE", "/v1/closures/honey").status_code == 422
    assert ask("POST", "/v1/closures", json=body | {"what": "x"}).status_code == 422
    assert ask("POST", "/v1/closures", json={"text": "why"}).status_code == 422


def test_closures_live_on_over_a_restart(state, tmp_path):
    site, directory = state.config, state.stores
    path = tmp_path / "closures.json"
    Guide(site, directory, path).close(ClosureConfig(what="toilets", text="Being cleaned"))
    again = Guide(site, directory, path)
    assert [it.id for it in again.directory().closures] == ["toilets"]
    again.reopen("toilets")
    assert Guide(site, directory, path).directory().closures == []


def test_names_sound_as_words_and_where_that_is_open_in_every_way():
    sounds = chinese_sounds(["银行", "音乐", "蜂蜜行"])
    assert (sounds["银行"], sounds["音乐"]) == ("yin2 hang2", "yin1 yue4")
    assert {"xing2", "hang2"} <= set(sounds["蜂蜜行"].split()[-1].split("/"))
