"""Two thumbs on a phone in a real browser: what is tapped reaches the ledger, also after a gap."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(120)
LINKS = "[...document.querySelectorAll('.link')]"
SENT = f"{LINKS}.every((it) => it.textContent.includes('All sent'))"


@pytest.fixture
def phone(browser):
    browser.command("Emulation.setDeviceMetricsOverride", width=390, height=844,
                    deviceScaleFactor=2, mobile=True)  # fmt: skip
    yield browser
    browser.command("Emulation.clearDeviceMetricsOverride")


def connect(phone, connected: bool) -> None:
    speed = -1 if connected else 0
    phone.command("Network.emulateNetworkConditions", offline=not connected, latency=0,
                  downloadThroughput=speed, uploadThroughput=speed)  # fmt: skip


def tap(phone, name: str, times: int = 1) -> None:
    for _ in range(times):
        phone.run(f"document.getElementById('{name}').click()")


def test_a_shift_is_tallied_through_a_lost_connection(phone, dashboard_url, tmp_path: Path):
    phone.open(f"{dashboard_url}/audit")
    phone.wait_for("document.querySelector('#lines label')")
    phone.run("document.getElementById('code').value = 'A'")
    phone.run("document.querySelector('#setup button').click()")
    tap(phone, "in", 5)
    tap(phone, "out", 2)
    tap(phone, "undo")
    phone.wait_for(SENT)
    connect(phone, connected=False)
    tap(phone, "out", 2)
    phone.wait_for("document.querySelector('#counting .link.bad')")
    assert "2 waiting" in phone.run("return document.querySelector('#counting .link').textContent")
    connect(phone, connected=True)
    tap(phone, "finish")
    phone.wait_for(SENT)
    counted = "[...document.querySelectorAll('#thanks b')].map((it) => it.textContent)"
    assert phone.run(f"return {counted}") == ["5", "3"]
    assert phone.run("return localStorage.getItem('promenade-tallies').includes('\"queue\":[]')")
    phone.screenshot(tmp_path / "audit.png")


def test_the_buttons_fill_the_hand_and_nothing_is_cut_off(phone, dashboard_url):
    phone.open(f"{dashboard_url}/audit")
    phone.run("localStorage.clear()")
    phone.open(f"{dashboard_url}/audit")
    phone.run("document.getElementById('code').value = 'B'")
    phone.run("document.querySelector('#setup button').click()")
    box = "document.getElementById('{}').getBoundingClientRect().toJSON()"
    for name in ("in", "out"):
        place = phone.run(f"return {box.format(name)}")
        assert place["width"] > 320
        assert place["height"] > 150
    assert phone.run("return document.documentElement.scrollWidth <= innerWidth")
    assert phone.run("return document.documentElement.scrollHeight <= innerHeight")


def test_a_shift_outlives_a_reload_while_the_service_is_away(new_browser, going_away):
    new_browser.open(f"{going_away.url}/audit")
    new_browser.wait_for("document.documentElement.dataset.offline === 'ready'")
    new_browser.run("document.getElementById('code').value = 'C'")
    new_browser.run("document.querySelector('#setup button').click()")
    tap(new_browser, "in", 3)
    new_browser.wait_for(SENT)
    going_away.stop()
    tap(new_browser, "out", 2)
    new_browser.wait_for("document.querySelector('#counting .link.bad')")
    new_browser.run("window.leftBehind = true; onbeforeunload = null; location.reload()")
    new_browser.wait_for(
        "!window.leftBehind && document.querySelector('#counting:not([hidden]) .link.bad')"
    )
    counts = "[...document.querySelectorAll('.big b')].map((it) => it.textContent)"
    assert new_browser.run(f"return {counts}") == ["3", "2"]
    told = new_browser.run("return document.querySelector('#counting .link').textContent")
    assert "2 waiting" in told
