"""The pages about the past in a real browser: what they show is what the service says."""

import json
from datetime import date, timedelta

import httpx
import pytest

pytestmark = pytest.mark.timeout(180)

CHARTS = (
    "[...document.querySelectorAll('.nicegui-echart')]"
    ".map((it) => getElement(it.id.slice(1)).chart)"
)
TEXTS = "((css) => [...document.querySelectorAll(css)].map((it) => it.innerText.trim()))"


@pytest.fixture(scope="module")
def ask(dashboard_url):
    """What the service answers to a question about the past."""

    def get(path: str, **about: object) -> dict:
        answer = httpx.get(f"{dashboard_url}/v1/{path}", params=about, trust_env=False, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


@pytest.fixture(scope="module")
def today(ask) -> date:
    """The site's date."""
    return date.fromisoformat(ask("history/series", measure="entered", by="hour")["last"])


def days(today: date, count: int) -> dict[str, str]:
    return {"first": str(today - timedelta(days=count - 1)), "last": str(today)}


def shown(browser, css: str) -> list[str]:
    return browser.run(f"return {TEXTS}({json.dumps(css)})")


def choose(browser, text: str) -> None:
    """Press one of the usual spans."""
    browser.run(
        "[...document.querySelectorAll('.pr-days button')]"
        ".find((it) => it.innerText.trim() === arguments[0]).click();",
        text,
    )


def test_today_draws_every_hour_that_the_service_counts_and_no_other(
    browser, dashboard_url, ask, today
):
    browser.open(f"{dashboard_url}/today")
    browser.wait_for(f"{CHARTS}.length === 2 && {CHARTS}[0].getOption().series.length === 5")
    told = ask("history/series", measure="entered", by="hour", usual=True, **days(today, 1))
    drawn = browser.run(f"return {CHARTS}[0].getOption().series[2].data")
    assert drawn == [bucket["value"] for bucket in told["buckets"]]
    assert None in drawn, "hours that nobody watched are no zero"
    assert shown(browser, ".pr-fact.first .figure") == [f"{told['total']:,.0f}"]
    weeks = ask("history/series", measure="entered", by="day", **days(today, 29))
    bars = browser.run(f"return {CHARTS}[1].getOption().series[0].data")
    assert bars == [bucket["value"] for bucket in weeks["buckets"]]


def test_the_heatmap_tells_the_services_scale_and_is_a_picture(browser, dashboard_url, ask, today):
    browser.open(f"{dashboard_url}/heatmap")
    browser.wait_for("document.querySelector('.pr-scale')")
    (scale,) = shown(browser, ".pr-scale")
    floor = browser.run("return document.querySelector('svg.plan').dataset.floor")
    heat = ask("history/heat", floor=floor, kind="dwell", **days(today, 7))
    assert f"{heat['p99']:,.3g} person-seconds" in scale
    assert f"Cameras see {heat['seen_share']:.0%} of the floor" in scale
    assert f"watched for {heat['hours']:,.1f} hours" in scale
    choose(browser, "Yesterday")
    browser.wait_for(f"{TEXTS}('.pr-scale')[0] !== {json.dumps(scale)}")
    day = {"first": str(today - timedelta(days=1)), "last": str(today - timedelta(days=1))}
    heat = ask("history/heat", floor=floor, kind="dwell", **day)
    assert f"watched for {heat['hours']:,.1f} hours" in shown(browser, ".pr-scale")[0]
    image = "document.querySelector('svg.plan image')"
    width = browser.run(f"return Number({image}.getAttribute('width'))")
    assert width == pytest.approx(heat["columns"] * heat["cell_m"], abs=0.01)


def test_the_flow_diagram_carries_the_services_people(browser, dashboard_url, ask, today):
    browser.open(f"{dashboard_url}/flow")
    options = f"{CHARTS}[0].getOption().series[0]"
    browser.wait_for(f"{CHARTS}.length === 2 && {CHARTS}[0].getOption().series?.length === 1")
    week = browser.run(f"return {options}.links.map((it) => it.value)")
    told = ask("history/flows", **days(today, 7))
    assert week == [link["people"] for link in told["links"]][: len(week)]
    assert len(week) > 20
    assert min(week) >= 5, "what fewer took is nobody's business"
    assert f"{told['hidden_links']}" in browser.run("return document.body.innerText")
    choose(browser, "28 days")
    browser.wait_for(f"{options}.links[0].value !== {week[0]}")
    month = ask("history/flows", **days(today, 28))["links"]
    assert browser.run(f"return {options}.links[0].value") == month[0]["people"]


def test_the_funnel_reads_as_the_service_says(browser, dashboard_url, ask, today):
    browser.open(f"{dashboard_url}/funnel")
    browser.wait_for("document.querySelectorAll('.pr-stepline').length === 7")
    steps = ask("history/funnel", **days(today, 7))["steps"]
    counts = shown(browser, ".pr-stepline .track b")
    assert counts == [
        "not known, or too few to tell" if it["count"] is None else f"{it['count']:,}"
        for it in steps
    ]
    rates = shown(browser, ".pr-stepline .rate")
    for step, rate in zip(steps, rates, strict=True):
        if step["rate"] is not None and step["of"] is not None and step["rate"]["share"] <= 1:
            assert rate.startswith(f"{step['rate']['share']:.0%}")
    zones = {it["zone"]: it for it in ask("history/dwell", **days(today, 7))["zones"]}
    stays = max(it["stays"] for it in zones.values() if it["stays"] is not None)
    assert f"{stays:,}" in shown(browser, "table tr:has(td)")[0], "the busiest zone comes first"


def test_demographics_are_the_services_shares_with_their_intervals(
    browser, dashboard_url, ask, today
):
    browser.open(f"{dashboard_url}/demographics")
    browser.wait_for("document.querySelector('.pr-share')")
    (gender,) = ask("history/demographics", **days(today, 28))["attributes"]
    assert shown(browser, ".pr-share .figure") == [
        f"{it['share']:.0%} ({it['low']:.0%} – {it['high']:.0%})" for it in gender["labels"]
    ]
    (title,) = shown(browser, ".pr-shares .pr-title")
    assert f"of {gender['people']:,} people, told of {gender['coverage']:.0%}" in title


@pytest.mark.parametrize("path", ["today", "heatmap", "flow", "funnel", "demographics"])
def test_in_chinese_they_say_nothing_in_english(browser, dashboard_url, path):
    browser.run("document.cookie = 'promenade_language=zh;path=/'")
    try:
        browser.open(f"{dashboard_url}/{path}")
        browser.wait_for("document.querySelector('.pr-page .pr-card')")
        browser.wait_for("document.documentElement.lang === 'zh'")
        titles = shown(browser, ".pr-page h1, .pr-title b, .pr-days button, .pr-pill b")
        assert titles
        assert not [it for it in titles if any("a" <= sign <= "z" for sign in it.lower())]
    finally:
        browser.run("document.cookie = 'promenade_language=en;path=/'")
