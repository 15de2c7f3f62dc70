"""The first start, and signing in and out, as a person does it."""

import pytest

pytestmark = pytest.mark.timeout(120)
PASSWORD = "eleven coats on a rail"


def fill(browser, **fields):
    browser.run(
        "for (const [name, value] of Object.entries(arguments[0]))"
        " document.querySelector(`input[name=${name}]`).value = value;"
        "document.querySelector('main form').requestSubmit();",
        fields,
    )


def test_from_the_first_start_to_signing_out(new_browser, dashboard_url):
    browser = new_browser
    browser.open(f"{dashboard_url}/items")
    assert browser.run("return location.pathname") == "/welcome"
    fill(browser, password=PASSWORD, again="something else entirely")
    browser.wait_for("document.querySelector('.told')")
    fill(browser, password=PASSWORD, again=PASSWORD)
    browser.wait_for("document.querySelector('.pr-frame')")
    browser.wait_for("document.querySelectorAll('svg.plan .person').length > 50")
    names = browser.run(
        "return [...document.querySelectorAll('.pr-side a.page')].map((it) => it.innerText)"
    )
    assert names[0] == "Live"
    assert "Access" in names

    # The page stands open while the session ends elsewhere: it leads to the door by itself.
    browser.run("fetch('/sign-out', {method: 'POST'})")
    browser.wait_for("location.pathname === '/sign-in'")
    fill(browser, account="operator", password="not the right one")
    browser.wait_for("document.querySelector('.told')")
    assert "do not match" in browser.run("return document.querySelector('.told').innerText")
    fill(browser, account="operator", password=PASSWORD)
    browser.wait_for("document.querySelector('.pr-frame')")
    browser.run("document.querySelector('.pr-side form').requestSubmit()")
    browser.wait_for("location.pathname === '/sign-in'")
    loud = [it for it in browser.log("browser") if it["level"] == "SEVERE"]
    assert [it["message"] for it in loud if it["source"] != "network"] == []
