"""The chain's pages over a simulated chain, in a real browser at desk and phone size."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge_core.hub.demo import DAYS, fill, show_list
from edge_core.hub.server import Hub

pytestmark = pytest.mark.timeout(300)
PASSWORD = "eleven coats on a rail"
DRAWN = (
    "[...document.querySelectorAll('.nicegui-echart')].filter((it) =>"
    " getElement(it.id.slice(1)).chart?.getOption()?.series?.[0]?.data?.length > 20).length"
)
ROWS = "[...document.querySelectorAll('.pr-told tbody tr')]"


@pytest.fixture(scope="module")
def chain(tmp_path_factory, hub_processes):
    """A hub with the simulated chain."""
    process = hub_processes(tmp_path_factory.mktemp("chain") / "hub")
    opened = Hub.open(process.folder)
    told = []
    fill(opened.store, opened.shelf, note=told.append)
    fill(opened.store, opened.shelf, note=told.append)
    show_list(opened.store, opened.shelf, opened.folder, process.url, note=told.append)
    opened.store.close()
    process.list_url = told.pop().rpartition(" ")[2]
    assert f"12 simulated sites, {DAYS} days." in told
    assert "nothing was simulated" in told[-1]
    process.start()
    return process


@pytest.fixture(scope="module", params=["desk", "phone"])
def browser(request, tmp_path_factory, chain, browsers):
    """One with the operator signed in."""
    size = (1440, 1043) if request.param == "desk" else (390, 844)
    made = browsers(tmp_path_factory.mktemp("profile"), size, phone=request.param == "phone")
    made.open(f"{chain.url}/")
    made.run(
        "for (const name of ['password', 'again']) {"
        " const field = document.querySelector(`input[name=${name}]`);"
        " if (field) field.value = arguments[0]; }"
        "document.querySelector('main form').requestSubmit();",
        PASSWORD,
    )
    made.wait_for("document.querySelector('.pr-frame')")
    return made


def _open(browser, chain, path, ready):
    browser.open(f"{chain.url}{path}")
    browser.wait_for(ready)
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert "Simulated" in browser.run("return document.querySelector('.hub-simulated').innerText")


def test_sites_with_troubles_stand_first(browser, chain):
    _open(browser, chain, "/", "document.querySelectorAll('.hub-sites .pr-row').length === 12")
    first = browser.run("return document.querySelector('.hub-sites .pr-row').innerText")
    assert "nothing was heard for 2 days" in first
    assert "Garden Mall" in first
    figures = browser.run(
        "return [...document.querySelectorAll('.pr-fact .figure')].map((it) => it.innerText)"
    )
    assert figures[3].replace("\n", "") == "9 / 12"


def test_the_league_table_agrees_with_the_database(browser, chain):
    _open(browser, chain, "/league?days=28", f"{ROWS}.length === 12")
    first = browser.run(f"return {ROWS}[0].innerText")
    with closing(sqlite3.connect(chain.folder / "hub.db")) as db:
        [[site, entered]] = db.execute(
            "SELECT site, sum(value) FROM cells WHERE metric = 'entered' AND hour = -1 AND day >"
            " (SELECT max(day) - 28 FROM cells) GROUP BY site ORDER BY 2 DESC LIMIT 1"
        ).fetchall()
    assert site == "linden-court"
    assert "1. Linden Court" in first
    assert f"{entered:,}" in first


def test_trends_are_drawn_and_coupons_listed(browser, chain):
    _open(browser, chain, "/trends", f"{DRAWN} === 2")
    _open(browser, chain, "/coupons", f"{ROWS}.length > 5")


def test_a_code_is_made_on_the_page_and_shown_once(browser, chain):
    _open(browser, chain, "/", "document.querySelector('form[action=\"/sites/code\"]')")
    browser.run(
        "document.querySelector('input[name=site]').value = arguments[0];"
        "document.querySelector('form[action=\"/sites/code\"]').requestSubmit();",
        "harbour",
    )
    browser.wait_for("document.querySelector('.hub-code')")
    code = browser.run("return document.querySelector('.hub-code').innerText")
    assert len(code) == 14
    assert [entry for entry in browser.log("browser") if entry["level"] == "SEVERE"] == []


def test_what_reminders_change_agrees_with_the_database(browser, chain):
    _open(browser, chain, "/reminders?days=90", "document.querySelector('.hub-lift')")
    browser.wait_for(f"{ROWS}.length === 13")  # two groups, eleven shops
    held = browser.run(f"return {ROWS}[1].innerText").split("\t")
    with closing(sqlite3.connect(chain.folder / "hub.db")) as db:
        query = (
            "SELECT count(*), sum(by_code + by_contact > 0) FROM trials WHERE arm = 'held-out'"
            " AND ends_utc_ns <= (unixepoch() - 3 * 86400) * 1000000000 AND started_utc_ns >="
            " (unixepoch() / 86400 - 90 - 17) * 86400000000000"
        )
        [[people, bought]] = db.execute(query).fetchall()
    assert held[:3] == ["Held out by chance", f"{people:,}", f"{bought:,}"]
    lift = browser.run("return document.querySelector('.hub-lift').innerText")
    assert "95 % interval" in lift
    assert browser.run("return document.querySelector('form[action=\"/reminders/messages\"]')")


def test_the_simulated_list_opens_without_a_session(browser, chain):
    browser.open(chain.list_url)
    browser.wait_for("document.querySelectorAll('.garment').length === 4")
    assert "Simulated" in browser.run("return document.body.innerText")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")


def test_pages_are_not_blank(browser, chain, tmp_path: Path):
    for name in ("league", "trends", "coupons"):
        _open(browser, chain, f"/{name}", f"document.querySelector('.pr-told') || {DRAWN}")
        browser.screenshot(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 20_000


def test_advice_on_products_and_its_file_say_the_same(browser, chain):
    _open(browser, chain, "/products?site=harbour", f"{ROWS}.length > 10")
    text = browser.run(
        "const ask = new XMLHttpRequest();"
        "ask.open('GET', '/products/csv?site=harbour', false); ask.send(); return ask.responseText;"
    )
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) > 500
    assert {row["do"] for row in rows} >= {"add", "keep"}
    assert all(float(row["low_80"]) < float(row["score"]) < float(row["high_80"]) for row in rows)
    best = max((row for row in rows if row["do"] == "add"), key=lambda row: float(row["score"]))
    assert best["name"] in browser.run(f"return {ROWS}[0].innerText")
    assert best["why"]
