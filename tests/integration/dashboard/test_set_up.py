"""The set-up page in a real browser, over the demo mall's site file; nothing runs by it here."""

import csv
import io
from pathlib import Path

import httpx
import pytest

from edge_core.config import load_site

pytestmark = pytest.mark.timeout(180)
TOLD = "document.querySelector('[data-do=told]').textContent"
CLICK = """
const [points, index] = arguments;
for (const [x, y] of points) {
  const stage = document.querySelectorAll('svg.stage')[index];
  const at = new DOMPoint(x, y).matrixTransform(stage.getScreenCTM());
  const told = { clientX: at.x, clientY: at.y, bubbles: true };
  stage.dispatchEvent(new PointerEvent('pointerdown', told));
}
"""


@pytest.fixture
def page(browser, dashboard_url):
    browser.open(f"{dashboard_url}/setup")
    browser.wait_for("window.setUp?.panes?.length")
    yield browser
    browser.run("setUp.dirty = false; sessionStorage.clear()")


@pytest.fixture
def site_file(ledger_folder):
    return Path(ledger_folder) / "site.toml"


@pytest.fixture
def api(browser, dashboard_url):
    with httpx.Client(
        base_url=dashboard_url, trust_env=False, headers={"Origin": dashboard_url}, timeout=30
    ) as client:
        client.cookies.set("promenade_session", browser.cookies()["promenade_session"])
        yield client


def press(browser, what):
    browser.run(f"document.querySelector('{what}').click()")


def name_it(browser, name):
    browser.run(
        "const field = document.querySelector('[data-field=name]'); field.value = arguments[0];"
        "for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind));",
        name,
    )


def test_a_zone_drawn_on_the_plan_is_written_into_the_file(page, site_file):
    before = site_file.read_text(encoding="utf-8")
    press(page, "[data-do=draw-zone]")
    page.run(CLICK, [(27.0, 26.0), (33.0, 26.0), (33.0, 28.5), (27.0, 28.5)], 0)
    press(page, "[data-do=finish]")
    name_it(page, "Pop-up stand")
    page.screenshot(site_file.with_name("zone.png"))
    press(page, "[data-do=save]")
    page.wait_for(f"{TOLD}.includes('starting anew')")
    zone = load_site(site_file).zones[-1]
    assert (zone.id, zone.name, zone.floor) == ("pop-up-stand", "Pop-up stand", "ground")
    xs, ys = zip(*zone.polygon_m, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((27, 33, 26, 28.5), abs=0.1)
    after = site_file.read_text(encoding="utf-8")
    lines = iter(after.split("\n"))
    assert all(line in lines for line in before.split("\n"))  # nothing lost, nothing reordered


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(page, site_file):
    before = site_file.read_text(encoding="utf-8")
    press(page, "[data-do=draw-zone]")
    page.run(CLICK, [(27.0, 26.0), (33.0, 28.5), (33.0, 26.0), (27.0, 28.5)], 0)
    press(page, "[data-do=finish]")
    name_it(page, "")
    press(page, "[data-do=save]")
    page.wait_for(f"{TOLD}.startsWith('Not saved:')")
    told = page.run(
        "return [...document.querySelectorAll('#setup .form .wrong')].map((it) => it.innerText)"
    )
    assert any("required" in it for it in told)
    assert any("sides cross" in it for it in told)
    assert site_file.read_text(encoding="utf-8") == before


def test_a_counting_line_can_be_drawn_and_turned_round(page):
    press(page, "[data-tool=lines]")
    press(page, "[data-do=draw-line]")
    page.run(CLICK, [(27.0, 28.0), (33.0, 28.0)], 0)
    ends = "const it = setUp.draft.lines.at(-1); return [it.start_m, it.end_m, it.camera]"
    start, end, camera = page.run(ends)
    assert start[0] < end[0]
    press(page, "[data-do=turn]")
    assert page.run(ends) == [end, start, camera]
    assert page.run("return document.querySelectorAll('.gate.chosen').length") == 1


def test_a_zone_is_seen_in_the_cameras_picture_and_drawn_there(page):
    press(page, '[data-view^="camera"]')
    shown = page.run("return document.querySelectorAll('svg.picture .zone').length")
    assert shown > 0
    press(page, "[data-do=draw-zone]")
    page.run(CLICK, [(250, 200), (390, 200), (420, 300), (220, 300)], 0)
    press(page, "[data-do=finish]")
    drawn = page.run("return setUp.draft.zones.at(-1).polygon_m")
    floor = page.run("return setUp.data.floors[0].outline_m")
    assert len(drawn) == 4
    assert all(min(x for x, _ in floor) <= x <= max(x for x, _ in floor) for x, _ in drawn)
    back = page.run(
        "const pane = setUp.panes[0]; return pane.out(setUp.draft.zones.at(-1).polygon_m)"
    )
    for (x, y), place in zip([(250, 200), (390, 200), (420, 300), (220, 300)], back, strict=True):
        assert place == pytest.approx((x, y), abs=2.5)


def test_a_calibration_point_moved_wrong_is_named_at_once(page):
    press(page, "[data-tool=calibration]")
    page.wait_for("document.querySelector('.verdict')?.dataset.grade === 'good'")
    page.run(
        "const camera = setUp.camera(setUp.cameraId), pair = setUp.pairs(camera)[2];"
        "pair.m = [pair.m[0] + 1.2, pair.m[1]]; setUp.judgeSoon(camera);"
    )
    page.wait_for("document.querySelector('.verdict').dataset.grade === 'bad'")
    assert "Pair 3 misses by 1" in page.run("return document.querySelector('.advice').innerText")
    press(page, ".pair-row:nth-child(3) .x")
    page.wait_for("document.querySelector('.verdict').dataset.grade === 'good'")


def test_corners_can_be_moved_without_a_mouse(page):
    page.run("setUp.choose(setUp.draft.zones[0].id)")
    before = page.run("return setUp.draft.zones[0].polygon_m[0]")
    page.run(
        "const corner = document.querySelector('[data-handle=\"corner-0\"]'); corner.focus();"
        "corner.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));"
    )
    after = page.run("return setUp.draft.zones[0].polygon_m[0]")
    assert after == pytest.approx([before[0] + 0.05, before[1]])
    assert page.run("return document.activeElement.dataset.handle") == "corner-0"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(page, site_file):
    site_file.write_text(site_file.read_text(encoding="utf-8") + "\n# by hand\n", encoding="utf-8")
    page.run("setUp.draft.zones[0].name = 'Other'; setUp.changed()")
    press(page, "[data-do=save]")
    page.wait_for(f"{TOLD}.includes('somebody else')")
    assert "Other" not in site_file.read_text(encoding="utf-8")


def test_addresses_of_cameras_and_readers_stay_in_the_service(api, site_file):
    told = api.get("/setup/current").text
    assert all(camera.source not in told for camera in load_site(site_file).cameras)


def test_a_still_of_a_camera_that_gives_none_says_what_to_do(api):
    answer = api.post("/setup/still/plaza")
    assert answer.status_code == 503
    assert "Health" in answer.json()["remedy"]
    assert api.post("/setup/still/nowhere").status_code == 404


def test_staff_are_refused(api, dashboard_url):
    data = {"account": "mei", "role": "staff", "password": "fitting rooms and tea"}
    api.post("/access/add", data=data)
    with httpx.Client(
        base_url=dashboard_url, trust_env=False, headers={"Origin": dashboard_url}
    ) as staff:
        staff.post("/sign-in", data={"account": "mei", "password": data["password"]})
        for path in ("/setup/save", "/setup/undo", "/setup/still/plaza", "/setup/judge"):
            assert staff.post(path, json={}).status_code == 403, path
        for path in ("/setup/current", "/exports/report.pdf?day=2026-01-01"):
            assert staff.get(path).status_code == 403, path


def test_exported_counts_are_those_of_the_api_and_the_export_is_known(api):
    today = api.get("/v1/counts").json()["today"]
    days = f"first={today['date']}&last={today['date']}"
    answer = api.get(f"/exports/table.csv?table=counts&bucket_s=900&{days}")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    for line, (entered, left) in today["by_line"].items():
        mine = [row for row in rows if row["line"] == line]
        assert sum(int(row["entered"] or 0) for row in mine) == entered
        assert sum(int(row["left"] or 0) for row in mine) == left
    assert f"counts-{today['date']}" in api.get("/access", headers={"Accept": "text/html"}).text
    assert api.get(f"/exports/report.pdf?day={today['date']}").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "query",
    [
        "table=counts&first=2026-02-01&last=2026-01-01",
        "table=faces&first=2026-01-01&last=2026-01-01",
        "table=counts&first=2020-01-01&last=2026-01-01",
        "table=counts&first=2026-01-01&last=2026-12-31&bucket_s=900",
        "table=counts&first=0001-01-01&last=0001-01-02",
    ],
)
def test_exports_that_make_no_sense_say_so(api, query):
    answer = api.get(f"/exports/table.csv?{query}")
    assert answer.status_code == 422
    assert answer.json()["remedy"]


@pytest.mark.parametrize("path", ["/", "/items", "/exports", "/service", "/setup", "/access"])
def test_nothing_is_cut_off_on_a_phone(phone, dashboard_url, path):
    phone.open(f"{dashboard_url}{path}")
    phone.wait_for("document.querySelector('.pr-page .pr-card')")
    assert phone.run("return [innerWidth, innerHeight]") == [390, 844]
    assert phone.run("return document.documentElement.scrollWidth") == 390
    assert (
        phone.run("return getComputedStyle(document.querySelector('.pr-side')).display") == "none"
    )
    small = phone.run(
        "return [...document.querySelectorAll('.pr-bar a, .pr-bar summary')]"
        ".filter((it) => it.offsetHeight && it.offsetHeight < 44).length"
    )
    assert small == 0
