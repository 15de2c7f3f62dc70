"""The operator's page in a real browser, over a rehearsed afternoon."""

import json
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.timeout(120)

PEOPLE = "document.querySelectorAll('svg.plan .person')"
FACTS = "[...document.querySelectorAll('.pr-fact .figure')].map((it) => it.textContent)"
CHART = "getElement(document.querySelector('.nicegui-echart').id.slice(1)).chart"


@pytest.fixture(scope="module")
def page(browser, dashboard_url):
    browser.log("performance")
    browser.open(f"{dashboard_url}/")
    browser.wait_for(f"{PEOPLE}.length > 50")
    browser.wait_for(f"{FACTS}.every((text) => text !== '–')")
    return browser


def test_everybody_in_view_is_a_dot_on_the_plan_and_moves(page):
    assert page.run(f"return {PEOPLE}.length") == 64
    places = f"JSON.stringify([...{PEOPLE}].map((it) => it.style.transform))"
    before = page.run(f"return {places}")
    page.wait_for(f"{places} !== {json.dumps(before)}", 2)


def test_todays_figures_agree_with_the_api(page, dashboard_url):
    today = httpx.get(f"{dashboard_url}/v1/counts", trust_env=False).json()["today"]
    shown = page.run(f"return {FACTS}")
    assert shown == [f"{today[name]:,}" for name in ("entered", "inside", "left")] + ["64"]


def test_the_hour_nobody_watched_is_hatched_and_not_a_zero(page):
    page.wait_for(f"{CHART}.getOption().series[2].data.length === 12")
    entered, gaps = page.run(
        f"const option = {CHART}.getOption();"
        " return [option.series[0].data, option.series[2].data];"
    )
    assert any(gap is not None for gap in gaps)
    for count, gap in zip(entered, gaps, strict=True):
        assert (count is None) == (gap is not None and gap["share"] == 1)


def test_a_lost_camera_is_told_in_words(page):
    assert "does not answer" in page.run("return document.querySelector('.pr-reasons').innerText")


def test_nothing_comes_from_outside_and_nothing_goes_wrong_in_the_page(page, dashboard_url):
    requested = [
        json.loads(entry["message"])["message"]["params"]["request"]["url"]
        for entry in page.log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]
    assert requested
    outside = [url for url in requested if not url.startswith((dashboard_url, "data:", "blob:"))]
    assert outside == []
    assert [entry for entry in page.log("browser") if entry["level"] == "SEVERE"] == []


def test_nothing_is_cut_off_on_a_desk_screen(page):
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_the_page_is_not_blank(page, tmp_path: Path):
    page.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 50_000


def test_the_api_still_answers_beside_the_pages(dashboard_url):
    assert httpx.get(f"{dashboard_url}/health", trust_env=False).json()["status"] == "degraded"
    unknown = httpx.get(f"{dashboard_url}/v1/faces", trust_env=False)
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"
    refused = httpx.get(f"{dashboard_url}/", headers={"Host": "evil.example"}, trust_env=False)
    assert refused.status_code == 421


def test_the_items_page_shows_products_and_what_just_happened(browser, dashboard_url, tmp_path):
    browser.open(f"{dashboard_url}/items")
    browser.wait_for("document.querySelectorAll('.pr-products tbody tr').length > 10")
    figures = browser.run(
        "return [...document.querySelectorAll('.pr-funnel .figure')].map(it => it.textContent)"
    )
    counts = [int(figure.replace(",", "")) for figure in figures]
    assert len(counts) == 5
    assert counts[0] == 420
    assert all(count > 0 for count in counts)
    pictures = browser.run(
        "return [...document.querySelectorAll('.pr-products img')].map(it => it.naturalWidth)"
    )
    assert min(pictures) > 0
    words = browser.run("return document.querySelector('.pr-newest').textContent")
    assert "someone" in words or "visit" in words


def test_the_health_page_tells_cameras_processes_and_the_ledger(browser, dashboard_url):
    browser.open(f"{dashboard_url}/service")
    browser.wait_for("document.querySelectorAll('.pr-health .pr-row').length > 10")
    rows = browser.run("return document.querySelector('.pr-health').innerText")
    assert "connection refused" in rows
    assert "Ledger" in rows
