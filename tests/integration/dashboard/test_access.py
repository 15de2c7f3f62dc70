"""Who gets in, asked of a real server over HTTP and in a real browser."""

import asyncio
import re
import ssl
import time

import httpx
import pytest
import websockets

pytestmark = pytest.mark.timeout(120)
PASSWORD = "eleven coats on a rail"
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def client(dashboard_url):
    with httpx.Client(
        base_url=dashboard_url, trust_env=False, headers={"Origin": dashboard_url}
    ) as made:
        yield made


@pytest.fixture(scope="module")
def operator(dashboard_url):
    """A client that has set the first password."""
    with httpx.Client(
        base_url=dashboard_url, trust_env=False, headers={"Origin": dashboard_url}
    ) as made:
        assert made.get("/", headers=PAGE).headers["location"] == "/welcome"
        done = made.post("/welcome", data={"password": PASSWORD, "again": PASSWORD})
        assert done.headers["location"] == "/"
        yield made


def enter(client, name, password):
    return client.post("/sign-in", data={"account": name, "password": password})


async def _shakes_hands(url, headers):
    address = url.replace("http://", "ws://") + SOCKET
    try:
        async with websockets.connect(address, additional_headers=headers, proxy=None) as socket:
            return str(await socket.recv()).startswith("0")
    except websockets.exceptions.InvalidStatus as refused:
        return refused.response.status_code


def test_nothing_of_the_dashboard_is_open_to_who_has_not_signed_in(operator, client):
    page = client.get("/items?day=1", headers=PAGE)
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=/items%3Fday%3D1"
    assert "promenade_session" not in client.cookies
    for path in ("/service", "/_nicegui/x.js", "/access/add", "/docs", "/unheard-of"):
        assert client.get(path).status_code == 401, path


def test_a_websocket_needs_a_session_and_the_own_site(operator, dashboard_url):
    cookie = {"Cookie": f"promenade_session={operator.cookies['promenade_session']}"}
    own = {"Origin": dashboard_url}
    elsewhere = {"Origin": "http://127.0.0.1:1"}
    assert asyncio.run(_shakes_hands(dashboard_url, own)) == 403
    assert asyncio.run(_shakes_hands(dashboard_url, cookie | elsewhere)) == 403
    assert asyncio.run(_shakes_hands(dashboard_url, cookie)) == 403
    assert asyncio.run(_shakes_hands(dashboard_url, cookie | own)) is True


def test_the_screens_need_no_password(operator, client):
    for path in ("/v1/site", "/v1/live", "/health", "/metrics", "/openapi.json"):
        assert client.get(path).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(operator, client):
    answer = enter(client, "operator", PASSWORD)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/items", headers=PAGE).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", None])
def test_a_form_of_another_site_is_refused(operator, dashboard_url, origin):
    headers = {"Origin": origin} if origin else {}
    cookies = dict(operator.cookies)
    data = {"account": "operator"}
    answer = httpx.post(
        f"{dashboard_url}/access/remove",
        data=data,
        headers=headers,
        cookies=cookies,
        trust_env=False,
    )
    assert answer.status_code == 403
    assert operator.get("/access", headers=PAGE).status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_never_leads_elsewhere(operator, client, wanted):
    data = {"account": "operator", "password": PASSWORD, "wanted": wanted}
    assert client.post("/sign-in", data=data).headers["location"] == "/"


def test_staff_see_the_live_plan_and_nothing_else(operator, client):
    data = {"account": "mei", "role": "staff", "password": "fitting rooms and tea"}
    assert operator.post("/access/add", data=data).headers["location"] == "/access"
    assert enter(client, "mei", "fitting rooms and tea").status_code == 303
    live = client.get("/", headers=PAGE)
    assert live.status_code == 200
    assert 'href="/items"' not in live.text
    for path in ("/items", "/service", "/access"):
        assert client.get(path, headers=PAGE).status_code == 403, path
    denied = client.post("/access/password", data={"account": "operator", "password": "x" * 12})
    assert denied.status_code == 403


@pytest.fixture
def phone(dashboard_url, ledger_folder):
    """A client elsewhere in the house."""
    url = (ledger_folder / "network_url").read_text(encoding="utf-8")
    trust = ssl.create_default_context(cafile=ledger_folder / "certificate.pem")
    with httpx.Client(base_url=url, trust_env=False, verify=trust, headers={"Origin": url}) as made:
        yield made


def test_from_the_network_not_even_the_api_is_open(operator, phone):
    for path in ("/v1/live", "/health", "/metrics", "/openapi.json", "/items"):
        assert phone.get(path).status_code == 401, path
    answer = enter(phone, "operator", PASSWORD)
    assert "secure" in answer.headers["set-cookie"].lower()
    assert phone.get("/items", headers=PAGE).status_code == 200
    assert phone.get("/v1/site").status_code == 200
    assert (
        phone.post("/v1/till", content=b"", headers={"Origin": "https://evil"}).status_code == 403
    )


def test_a_name_that_points_here_is_refused_on_the_store_pc_itself(operator, client):
    assert client.get("/v1/site", headers={"Host": "evil.example"}).status_code == 421


def test_chinese_is_spoken_to_who_asks_for_it(operator, client):
    assert "登录" in client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    client.cookies.set("promenade_language", "zh")
    assert "密码" in client.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_every_look_is_kept(operator):
    operator.get("/items", headers=PAGE)
    shown = operator.get("/access", headers=PAGE).text
    assert "Items" in shown
    assert "looked at" in shown
    assert "was refused" in shown


def test_wrong_passwords_are_slowed_down(operator, client):
    data = {"account": "guard", "role": "staff", "password": "doors that stay shut"}
    operator.post("/access/add", data=data)
    waits, deadline = [], time.monotonic() + 60
    while not waits or waits[-1] < 8:
        answer = enter(client, "guard", "doors that are open")
        assert answer.status_code in (403, 429)
        waits.append(int(answer.headers.get("retry-after", "0")))
        assert time.monotonic() < deadline, waits
    assert waits[0] == 0
    assert re.search(r"Try again in \d+ s", answer.text)
    slowed = enter(client, "guard", "doors that stay shut")
    assert slowed.status_code == 429
