"""The staff's page in a real browser: a request comes in and is answered with one tap."""

import httpx
import pytest

pytestmark = pytest.mark.timeout(120)

CARDS = "document.querySelectorAll('.st-card')"


def button(word):
    return f"[...document.querySelectorAll('.st-card button')].find((it) => it.innerText.includes({word!r}))"


@pytest.fixture(scope="module")
def page(browser, dashboard_url):
    browser.open(f"{dashboard_url}/staff")
    browser.wait_for("document.querySelector('.st-none')")
    return browser


@pytest.fixture(scope="module")
def api(dashboard_url):
    with httpx.Client(base_url=dashboard_url, trust_env=False) as client:
        yield client


def test_a_new_request_shows_by_itself_and_one_tap_answers_with_a_time(page, api):
    zone = api.get("/v1/site").json()["zones"][0]
    asked = {"key": "from-the-mirror", "screen": "mirror", "zone": zone["id"]}
    api.post("/v1/requests", json=asked | {"sku": "wrap-dress-emerald-m"}).raise_for_status()
    page.wait_for(f"{CARDS}.length === 1")
    words = page.run(f"return {CARDS}[0].innerText")
    assert "Wrap dress" in words
    assert "Emerald · M" in words
    assert zone["name"] in words
    assert page.run("return document.title").startswith("(1)")
    page.run(f"{button('2 min')}.click()")
    page.wait_for(button("On my way"))
    (request,) = api.get("/v1/requests").json()["requests"]
    assert request["state"] == "accepted"
    assert request["due_at"] is not None
    page.run(f"{button('Done')}.click()")
    page.wait_for(f"{CARDS}.length === 0")
    assert api.get("/v1/requests").json()["requests"][0]["state"] == "done"


def test_what_is_not_there_is_declined_with_one_tap(page, api):
    zone = api.get("/v1/site").json()["zones"][0]["id"]
    asked = {"key": "another-one", "screen": "mirror", "zone": zone, "sku": "wrap-dress-emerald-l"}
    api.post("/v1/requests", json=asked).raise_for_status()
    page.wait_for(f"{CARDS}.length === 1")
    page.run(f"{button('Not in stock')}.click()")
    page.wait_for(f"{CARDS}.length === 0")
    newest = api.get("/v1/requests").json()["requests"][0]
    assert (newest["state"], newest["reason"]) == ("declined", "not-in-stock")


def test_every_button_is_large_enough_for_a_thumb(page, api):
    zone = api.get("/v1/site").json()["zones"][0]["id"]
    api.post("/v1/requests", json={"key": "only-come", "screen": "m", "zone": zone})
    page.wait_for(f"{CARDS}.length === 1")
    sizes = page.run(
        "return [...document.querySelectorAll('.st-card button')].map((it) =>"
        " [it.getBoundingClientRect().width, it.getBoundingClientRect().height])"
    )
    assert sizes
    assert all(width >= 48 and height >= 48 for width, height in sizes)
