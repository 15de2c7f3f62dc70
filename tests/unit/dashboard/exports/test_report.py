import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from edge_core.config import load_site
from edge_core.dashboard.exports.day import Day, ZoneDay
from edge_core.dashboard.exports.paper import fitted, ticks
from edge_core.dashboard.exports.report import daily_report
from edge_core.dashboard.hours import Hour
from edge_core.dashboard.language import Say
from edge_core.service.demo import mall_folder
from edge_core.service.item_schema import ItemView
from edge_core.service.views import site_view

SITE = site_view(load_site(mall_folder("shop") / "site.toml"))
BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)


def item(number, name="Silk-touch blouse with a name that is far too long for its column"):
    figures = {"touched": 30, "picked": 12, "tried": 4, "left": 3, "misplaced": 1, "bought": 2}
    joined = {"bought_after_pick": 2, "bought_after_try": 1, "visits": 9}
    return ItemView(sku=f"sku-{number}", name=name, name_zh="丝感衬衫", **figures, **joined)


def a_day(**changes):
    hours = [
        Hour(BEGAN + timedelta(hours=n), None if n == 3 else 40 * n, 35 * n, 0.0 if n == 3 else 1.0)
        for n in range(11)
    ]
    told = {
        "day": date(2026, 5, 1),
        "timezone": ZoneInfo("Europe/Berlin"),
        "until": None,
        "hours": hours,
        "entered": 1850,
        "left": 1800,
        "watched": 0.91,
        "busiest": hours[-1],
        "before": 1600,
        "zones": [ZoneDay("女装", 210, 95.0), ZoneDay("Till", None, None)],
        "items": [item(n) for n in range(12)],
        "cameras": [(camera.name, 0.9) for camera in SITE.cameras],
    }
    return Day(**told | changes)


def text_of(pdf, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("needs Debian's poppler-utils")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_report_is_one_page_with_every_font_in_it(tmp_path):
    pdf = daily_report(SITE, a_day(), Say("en"))
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
    assert pdf.count(b"/FontFile2") == 3
    assert b"/Helvetica" not in pdf


def test_the_report_says_the_figures(tmp_path):
    text = text_of(daily_report(SITE, a_day(), Say("en")), tmp_path)
    for told in ("Silverstitch Fashion", "Friday, 1 May 2026", "1,850", "+16% on last week"):
        assert told in text
    assert "20:00" in text
    assert "too few to tell" in text


def test_chinese_names_and_words_can_be_read_in_it(tmp_path):
    text = text_of(daily_report(SITE, a_day(), Say("zh")), tmp_path)
    for told in ("银针时装", "2026年5月1日", "星期五", "女装", "丝感衬衫", "未观测"):
        assert told in text


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": [], "entered": None, "left": None, "busiest": None, "before": None},
        {"zones": [], "items": [], "cameras": []},
        {"until": datetime(2026, 5, 1, 16, 30, tzinfo=ZoneInfo("Europe/Berlin")), "before": None},
    ],
)
def test_a_day_of_which_little_is_known_makes_a_page_too(changes, tmp_path):
    text = text_of(daily_report(SITE, a_day(**changes), Say("en")), tmp_path)
    if changes.get("hours") == []:
        assert "Nothing is known of this day" in text
    if "until" in changes:
        assert "until 16:30" in text


def test_what_is_too_wide_is_cut_with_an_ellipsis(tmp_path):
    daily_report(SITE, a_day(), Say("en"))
    assert fitted("short", "regular", 9, 100) == "short"
    cut = fitted("a name that is far too long for its column", "regular", 9, 60)
    assert cut.endswith("…")
    assert len(cut) < 20


@pytest.mark.parametrize("most", [1, 2, 3, 7, 10, 402, 999, 12_345])
def test_marks_are_round_few_and_reach_the_highest_bar(most):
    marks = list(ticks(most))
    assert marks[0] == 0
    assert most <= marks[-1] <= max(2, 2 * most)
    assert 2 <= len(marks) <= 6
