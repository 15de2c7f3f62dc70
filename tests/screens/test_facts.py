"""What the screens tell in words: hours, programme, crowd."""

from dataclasses import dataclass
from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from edge_core.opening import opening
from edge_core.qt.language import Language
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.site_facts import crowd_level
from edge_core.service.site_schema import ProgrammeView
from kiosk.view_models import programme_rows


def at(hour, minute=0):
    return datetime(2026, 3, 14, hour, minute)  # noqa: DTZ001 - the site's local time


@pytest.mark.parametrize(
    ("now", "opens", "closes", "state", "when", "tomorrow"),
    [
        (at(12), time(10), time(22), "open", time(22), False),
        (at(21, 40), time(10), time(22), "closing", time(22), False),
        (at(9), time(10), time(22), "closed", time(10), False),
        (at(22), time(10), time(22), "closed", time(10), True),
        (at(1), time(18), time(2), "open", time(2), False),
        (at(23), time(18), time(2), "open", time(2), False),
        (at(3), time(18), time(2), "closed", time(18), False),
        (at(4), time(0), time(0), "always", time(0), False),
    ],
)
def test_the_doors(now, opens, closes, state, when, tomorrow):
    told = opening(now, opens, closes)
    assert (told.state, told.at, told.tomorrow) == (state, when, tomorrow)


def entry(title, start, end, title_zh=""):
    return ProgrammeView(
        title=title, title_zh=title_zh, place="Hall", place_zh="", start=start, end=end
    )


def test_programme_tells_now_next_and_later_and_forgets_what_is_over(qapp, assets):
    items = [
        entry("Film", time(22), time(1)),
        entry("Quartet", time(17), time(18)),
        entry("Story", time(15), time(16), "故事"),
        entry("Bread", time(9), time(12)),
    ]
    english = Language(assets / "i18n")
    told = [(row.title, row.state) for row in programme_rows(items, at(15, 30), english)]
    assert told == [("Story", "now"), ("Quartet", "next"), ("Film", "later")]
    assert [r.title for r in programme_rows(items, at(23), english)] == ["Film"]
    chinese = Language(assets / "i18n", "zh")
    assert next(r.title for r in programme_rows(items, at(15), chinese)) == "故事"
    chinese.choose("en")


@pytest.mark.parametrize(("people", "level"), [(0, "quiet"), (30, "lively"), (150, "busy")])
def test_crowd_in_words(people, level):
    assert crowd_level(people, 2500.0) == level


@dataclass(frozen=True, slots=True)
class Item:
    key: int
    text: str


keys = st.lists(st.integers(0, 6), unique=True, max_size=6)


@given(st.lists(keys, max_size=6))
def test_list_model_always_shows_what_it_was_told(rounds):
    model = RecordListModel(Item, "key")
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for turn, wanted in enumerate(rounds):
        model.show([Item(key, f"{key} in turn {turn}") for key in wanted])
        role = next(r for r, name in model.roleNames().items() if bytes(name.data()) == b"text")
        told = [model.data(model.index(i), role) for i in range(model.rowCount(QModelIndex()))]
        assert told == [f"{key} in turn {turn}" for key in wanted]
    del tester
