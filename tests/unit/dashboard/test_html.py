import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from edge_core.dashboard.health import (
    cameras_html,
    hub_html,
    readers_html,
    reasons_html,
    status_html,
    storage_html,
    workers_html,
)
from edge_core.dashboard.language import Say
from edge_core.dashboard.overview import where_html
from edge_core.dashboard.plan import floor_svg, people_call
from edge_core.service import examples
from edge_core.service.schema import (
    CameraHealth,
    HealthView,
    HubHealth,
    LedgerHealth,
    LiveView,
    ReaderHealth,
    StorageHealth,
)
from edge_core.service.site_schema import SiteView

NOW = datetime(2026, 5, 4, tzinfo=UTC)
SAY = Say("en")
HOSTILE = '<img src=x onerror="alert(1)">'
CAMERA = CameraHealth.model_validate(examples.HEALTH["cameras"][0])


def _site(name: str) -> SiteView:
    text = json.dumps(examples.SITE).replace('"Coats"', json.dumps(name))
    return SiteView.model_validate_json(text)


@pytest.mark.parametrize("name", ["Coats", HOSTILE, "外套 & Co", "Oakmere Department Store"])
def test_the_plan_is_well_formed_whatever_the_names(name):
    site = _site(name)
    plan = ElementTree.fromstring(floor_svg(site, site.floors[0], SAY, ("people", "人")))
    assert plan.get("viewBox")
    classes = [element.get("class", "") for element in plan.iter()]
    assert {"outline", "zone department", "fixture rack", "gate", "camera", "screen"} <= set(
        classes
    )
    assert not [element for element in plan.iter() if element.tag.endswith("img")]


def test_only_numbers_places_and_zone_counts_reach_the_page():
    call = people_call(LiveView.model_validate(examples.LIVE))
    people, zones = re.fullmatch(r"promenade\.show\((\[.*\]),(\{.*\})\)", call).groups()
    assert json.loads(people) == [[4183, "ground", 4.2, 3.1]]
    assert json.loads(zones) == {"coats": 1}


def test_a_person_without_a_place_is_not_drawn():
    live = LiveView.model_validate(examples.LIVE)
    nowhere = live.people[0].model_copy(update={"position_m": None})
    assert people_call(live.model_copy(update={"people": [nowhere]})).startswith(
        "promenade.show([],"
    )


def test_a_lost_camera_says_why_and_since_when():
    html = cameras_html([CAMERA], {"till": "Till"}, SAY)
    assert "Lost, trying again" in html
    assert "connection refused, last picture 42 s ago, reconnected 3 times" in html
    assert "fps" not in html


def test_what_cameras_and_workers_say_of_themselves_is_escaped():
    health = HealthView.model_validate(examples.HEALTH)
    camera = CAMERA.model_copy(update={"detail": HOSTILE, "id": HOSTILE})
    worker = health.workers[0].model_copy(update={"restarts": 1, "last_reason": HOSTILE})
    told = cameras_html([camera], {}, SAY) + workers_html([worker], None, NOW, SAY)
    told += reasons_html(health.model_copy(update={"reasons": [HOSTILE]}))
    assert "<img" not in told
    assert "restarted once" in told


def test_status_is_told_in_words_not_by_colour_alone():
    health = HealthView.model_validate(examples.HEALTH)
    assert "Needs a look" in status_html(health, SAY)
    assert "131 ms" in status_html(health, SAY)
    assert reasons_html(health.model_copy(update={"reasons": []})) == ""


def test_a_damaged_ledger_and_an_empty_site_say_so():
    health = HealthView.model_validate(examples.HEALTH)
    damaged = health.ledger.model_copy(update={"ok": False})
    assert "Damaged" in workers_html([], damaged, NOW, SAY)
    assert "No camera" in cameras_html([], {}, SAY)


def test_the_ledgers_backup_tells_its_age_or_why_there_is_none():
    ledger = HealthView.model_validate(examples.HEALTH).ledger
    well = ledger.model_copy(update={"backup_at": NOW - timedelta(hours=5)})
    assert "5 h ago" in workers_html([], well, NOW, SAY)
    failed = well.model_copy(update={"backup_failed": "There is no room"})
    assert "There is no room" in workers_html([], failed, NOW, SAY)
    assert "none yet" in workers_html([], ledger.model_copy(update={"backup_at": None}), NOW, SAY)


def test_a_reader_tells_its_tags_or_why_it_is_lost():
    reader = ReaderHealth.model_validate(examples.HEALTH["readers"][0])
    well = readers_html([reader], SAY)
    assert "<b>180</b> tags" in well
    assert "reconnected once" in well
    pulled = readers_html([reader.model_copy(update={"antennas": 3})], SAY)
    assert "3 of 4 antennas plugged in" in pulled
    lost = readers_html([reader.model_copy(update={"state": "lost", "detail": HOSTILE})], SAY)
    assert "Lost, trying again" in lost
    assert "<img" not in lost


def test_the_fullest_zones_are_told_first_and_empty_ones_not_at_all():
    html = where_html({"a": 2, "b": 5, "c": 0}, {"a": HOSTILE, "b": "Shoes", "c": "Till"}, SAY)
    assert html.index("Shoes") < html.index("&lt;img")
    assert "Till" not in html
    assert "<img" not in html
    assert "Nobody" in where_html({"a": 0}, {"a": "Coats"}, SAY)


def test_health_is_told_in_chinese_too():
    say = Say("zh")
    health = HealthView.model_validate(examples.HEALTH)
    assert "需要查看" in status_html(health, say)
    html = cameras_html([CAMERA], {"till": "收银台"}, say)
    assert "已断开，正在重试" in html
    assert "最后画面在 42 秒前，已重连 3 次" in html


def test_the_hub_is_told_in_both_languages_and_says_nothing_unescaped():
    now = datetime(2026, 5, 4, tzinfo=UTC)
    hub = HubHealth(
        url=HOSTILE, state="waiting", told=HOSTILE, last_at=now - timedelta(hours=3), waiting=12,
        refused=2, clock_ahead_s=400.0, revision=7, content_refused=HOSTILE,
    )  # fmt: skip
    english, chinese = hub_html(hub, now, Say("en")), hub_html(hub, now, Say("zh"))
    assert "<img" not in english + chinese
    assert "answered 3 h ago" in english
    assert "2 refused by the hub" in english
    assert "待上传" in chinese
    assert "the site's own files" not in english
    new = hub.model_copy(update={"revision": 0, "last_at": None, "clock_ahead_s": None})
    assert "this site's own files" in hub_html(new, now, Say("en"))


def test_a_hurt_view_tells_what_to_do_in_both_languages():
    moved = CAMERA.model_copy(update={"view": "moved", "state": "streaming"})
    assert "turn it back" in cameras_html([moved], {}, SAY)
    assert "请恢复原位" in cameras_html([moved], {}, Say("zh"))
    assert "turn it back" not in cameras_html([CAMERA], {}, SAY)


def test_what_went_for_want_of_room_is_told_and_escaped():
    storage = StorageHealth(used_mb=90, budget_mb=100, free_mb=5, gave_up=[HOSTILE])
    page = storage_html(storage, SAY)
    assert "Given up for want of room" in page
    assert "<img" not in page
    assert "因空间不足" in storage_html(storage, Say("zh"))
    stuck = storage.model_copy(update={"stuck": "nothing more may go"})
    assert 'class="pr-row bad"' in storage_html(stuck, SAY)


def test_a_disk_that_refuses_is_told_at_the_ledger():
    full = LedgerHealth(
        schema_version=6, events=1, size_mb=1, ok=True, refused="It is full.", waiting=1200
    )
    page = workers_html([], full, NOW, SAY)
    assert "1,200 events wait in memory" in page
    assert "1,200 条事件" in workers_html([], full, NOW, Say("zh"))
