import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from edge_core.dashboard.items import events_html, funnel_html, table_html
from edge_core.dashboard.language import Say
from edge_core.service.item_schema import ItemsView, ItemView, VisitsView
from edge_core.service.schema import EventView

SAY = Say("en")
AT = datetime(2026, 5, 1, 9, 12, 20, tzinfo=UTC)
NOBODY = VisitsView(visits=None, touched=None, picked=None, tried=None)


def item(**given):
    told = {
        "sku": "coat-m", "name": "Wool coat", "size": "M", "colour": "Navy", "picture": "coat",
        "tint": "#27364f", "touched": 31, "picked": 12, "tried": 5, "left": 8, "misplaced": 1,
        "bought": 3, "bought_after_pick": 2, "bought_after_try": 1, "visits": 22,
    }  # fmt: skip
    return ItemView(**(told | given))


def event(**given):
    data = {"action": "picked-up", "sku": "coat-m", "gtin": "04012345001006", "visit": 4183}
    return EventView(id=1, kind="item", at=AT, camera="rail", place="coats-1", data=data | given)


def test_a_product_is_a_row_with_its_steps_and_picture():
    html = table_html([item()], SAY)
    for word in ("Wool coat", "Navy, M", ">31<", ">12<", ">5<", ">8<", ">3<", "2 of 3", ">22<"):
        assert word in html
    assert "data:image/svg+xml" in html


def test_few_visits_are_no_number():
    assert '<td class="soft">–</td></tr>' in table_html([item(visits=None)], SAY)


def test_names_cannot_bring_markup():
    html = table_html([item(name="<script>", colour="<b>")], SAY)
    assert "<script>" not in html
    assert "<b>, M" not in html


def test_nothing_yet_is_told_in_words():
    assert "Nothing has been handled" in table_html([], SAY)
    assert "Nothing yet" in events_html([], {}, {}, ZoneInfo("UTC"), SAY)


def test_more_taken_back_than_bought_draws_no_bar_the_wrong_way():
    assert "width:0.0%" in table_html([item(bought=-2)], SAY)


def test_totals_stand_above_and_visits_only_when_there_are_enough():
    html = funnel_html(ItemsView(start=AT, end=AT, items=[item(), item()], per_visit=NOBODY), SAY)
    assert ">62<" in html
    assert "too few visits" in html
    many = VisitsView(visits=61, touched=2.8, picked=0.9, tried=0.3)
    html = funnel_html(ItemsView(start=AT, end=AT, items=[], per_visit=many), SAY)
    assert "<b>2.8</b> touched" in html


def test_events_tell_what_where_who_and_when_by_the_sites_clock():
    names, places = {"coat-m": "Wool coat"}, {"coats-1": "Coats"}
    html = events_html([event(), event(visit=None)], names, places, ZoneInfo("Europe/Berlin"), SAY)
    assert "Wool coat picked up" in html
    assert "11:12:20" in html
    assert "Coats &middot; visit 4183" in html
    assert "Coats &middot; someone" in html


def test_an_unknown_product_is_told_by_its_number():
    html = events_html([event(sku="")], {}, {}, ZoneInfo("UTC"), SAY)
    assert "04012345001006 picked up" in html


def test_in_chinese_no_english_word_is_left_but_names_that_have_no_chinese_one():
    say = Say("zh")
    named = item(name_zh="羊毛大衣", colour_zh="藏青", sku="1")
    few = VisitsView(visits=9, touched=2.0, picked=1.0, tried=0.5)
    html = (
        table_html([named], say)
        + table_html([], say)
        + funnel_html(ItemsView(start=AT, end=AT, items=[named], per_visit=few), say)
        + events_html(
            [event()], {"coat-m": "羊毛大衣"}, {"coats-1": "大衣架"}, ZoneInfo("UTC"), say
        )
    )
    words = re.sub(r"<[^>]*>|&\w+;", " ", html).replace("RFID", " ")
    assert set(re.findall(r"[A-Za-z]+", words)) <= {"M"}, "a size is a size"
    for word in ("羊毛大衣", "藏青，M", "3 件中 2 件", "触摸 <b>2.0</b> 件", "访问 4183"):
        assert word in html
