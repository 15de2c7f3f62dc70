"""An operator's first day at a real service: sign in, draw, see it count, take figures along."""

import csv
import importlib.util
import io
import time
from pathlib import Path

import httpx
import pytest
from service import until

from edge_core.config import load_site
from edge_core.service.client import EdgeClient
from edge_core.simulator.siteout import site_with_sources

pytestmark = pytest.mark.timeout(600)
PASSWORD = "eleven coats on a rail"
CLICK = """
const [x, y] = arguments, stage = document.querySelector('svg.stage');
const at = new DOMPoint(x, y).matrixTransform(stage.getScreenCTM());
stage.dispatchEvent(new PointerEvent('pointerdown',
  { clientX: at.x, clientY: at.y, bubbles: true }));
"""
TYPE = """
const [name, value] = arguments, field = document.querySelector(`[data-field=${name}]`);
field.value = value;
for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind));
"""
TOLD = "document.querySelector('[data-do=told]')?.textContent ?? ''"


@pytest.fixture
def browser(tmp_path):
    path = Path(__file__).parents[1] / "dashboard" / "browser.py"
    spec = importlib.util.spec_from_file_location("browser", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    made = module.Browser(tmp_path / "profile", (1440, 1043))
    yield made
    made.close()


def press(browser, what):
    browser.wait_for(f"document.querySelector('{what}:not([disabled])')")
    browser.run(f"document.querySelector('{what}').click()")


def draw(browser, kind, points):
    press(browser, f"[data-do=draw-{kind}]")
    for point in points:
        browser.run(CLICK, *point)


def save_and_wait(browser):
    press(browser, "[data-do=save]")
    browser.wait_for(f"({TOLD}).includes('starting anew')")
    # The page is loaded anew when the service is, so the browser is asked again and again.
    until(lambda: "runs since" in (browser.run(f"return {TOLD}") or ""), 150, "the new set-up runs")


def test_from_the_first_password_to_figures_in_a_file(service, browser):
    edge = service()
    only_the_door(edge.site)
    edge.start().watching(200)
    before = edge.site.read_text(encoding="utf-8")
    browser.open(f"{edge.url}/setup")
    browser.run(
        "for (const name of ['password', 'again'])"
        " document.querySelector(`input[name=${name}]`).value = arguments[0];"
        "document.querySelector('main form').requestSubmit();",
        PASSWORD,
    )
    browser.wait_for("document.querySelector('.pr-frame')", 60)
    browser.open(f"{edge.url}/setup")
    browser.wait_for("window.setUp?.panes?.length", 60)

    # A zone over the whole shop floor, where the recorded shoppers walk.
    draw(browser, "zone", [(0.5, 4.6), (17.5, 4.6), (17.5, 15.0), (0.5, 15.0)])
    press(browser, "[data-do=finish]")
    browser.run(TYPE, "name", "Shop floor")
    save_and_wait(browser)

    site = load_site(edge.site)
    assert site.zones[-1].id == "shop-floor"
    assert edge.site.read_text(encoding="utf-8").count("[[zones]]") == before.count("[[zones]]") + 1
    (backup,) = edge.site.parent.glob("site.toml.*.bak")
    assert backup.read_text(encoding="utf-8") == before
    with EdgeClient(edge.url) as client:
        until(lambda: client.live().by_zone.get("shop-floor", 0) > 0, 90, "somebody in the zone")
        until(lambda: client.counts().today.entered > 0, 90, "somebody counted")

    with httpx.Client(base_url=edge.url, trust_env=False) as http:
        path = "/exports/table.csv?table=counts&bucket_s=86400"
        assert http.get(path).status_code == 401
        http.cookies.set("promenade_session", cookie_of(browser))
        counts_as_exported(http, edge)
        still_is_logged_and_shows_nothing_on_disk(http, edge)

    press(browser, "[data-do=undo]")
    browser.wait_for(f"({TOLD}).includes('starting anew')")
    until(lambda: "runs since" in (browser.run(f"return {TOLD}") or ""), 150, "the old set-up runs")
    assert edge.site.read_text(encoding="utf-8") == before
    with EdgeClient(edge.url) as client:
        assert "shop-floor" not in client.live().by_zone

    browser.run("document.querySelector('.pr-side form').requestSubmit()")
    browser.wait_for("location.pathname === '/sign-in'")


def only_the_door(path):
    """One camera is enough, and leaves the processor to the browser."""
    site = load_site(path)
    doors = {"cameras": site.cameras[:1], "readers": (), "screens": ()}
    lines = tuple(line for line in site.lines if line.camera == site.cameras[0].id)
    path.write_text(
        site_with_sources(site.model_copy(update=doors | {"lines": lines}), {}), encoding="utf-8"
    )


def cookie_of(browser):
    """HttpOnly: no script of the page can read it, the driver can."""
    cookies = browser.cookies()
    assert browser.run("return document.cookie").find("promenade_session") < 0
    return cookies["promenade_session"]


def counts_as_exported(http, edge):
    """What the file says is what the API says, at a moment when nobody crossed in between."""
    with EdgeClient(edge.url) as client:
        for _ in range(20):
            told = client.counts().today
            days = f"first={told.date}&last={told.date}"
            answer = http.get(f"/exports/table.csv?table=counts&bucket_s=86400&{days}")
            if client.counts().today.by_line == told.by_line:
                break
            time.sleep(0.2)
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    read = {row["line"]: (int(row["entered"] or 0), int(row["left"] or 0)) for row in rows}
    assert read == told.by_line
    report = http.get(f"/exports/report.pdf?day={told.date}")
    assert report.content.startswith(b"%PDF")


def still_is_logged_and_shows_nothing_on_disk(http, edge):
    origin = {"Origin": edge.url}
    answer = http.post("/setup/still/door", headers=origin)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xff\xd8")
    assert "took a still of" in http.get("/access", headers={"Accept": "text/html"}).text
    assert http.post("/setup/still/door").status_code == 403  # not from a page of this site
    pictures = [
        path
        for path in edge.site.parent.iterdir()
        if path.is_file() and b"\xff\xd8\xff" in path.read_bytes()
    ]
    assert pictures == []
