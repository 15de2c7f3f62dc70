"""What the pages about the past make of the figures."""

from datetime import UTC, date, datetime, timedelta

import cv2
import numpy as np

from edge_core.dashboard.language import Say
from edge_core.dashboard.past.flow import account_html, next_options, sankey_options
from edge_core.dashboard.past.funnel import dwell_html, funnel_html
from edge_core.dashboard.past.heat import heat_png
from edge_core.dashboard.past.today import hours_options, until_hour, unwatched
from edge_core.dashboard.past.who import shares_html
from edge_core.service.history_schema import (
    AttributeView,
    BucketView,
    DemographicsView,
    DwellView,
    FlowsView,
    FunnelView,
    HourSharesView,
    LabelView,
    LinkView,
    NextView,
    NodeView,
    SeriesView,
    ShareView,
    StepView,
    ZoneDwellView,
)

DAY = date(2026, 3, 2)
SAY, SAY_ZH = Say("en"), Say("zh")
COLOURS = ((0, 0, 0, 0), (255, 255, 255, 255))


def series(values):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    buckets = [
        BucketView(
            start=start + timedelta(hours=hour),
            value=value,
            observed=0.0 if value is None else 1.0,
            per_hour=value,
        )
        for hour, value in enumerate(values)
    ]
    return SeriesView(
        first=DAY, last=DAY, measure="entered", place="", by="hour", buckets=buckets,
        total=sum(it or 0 for it in values), observed=1.0, hidden=0,
    )  # fmt: skip


def flows(links):
    ends = sorted({end for source, target, _ in links for end in (source, target)})
    return FlowsView(
        first=DAY,
        last=DAY,
        nodes=[NodeView(id=it, name=it.upper(), name_zh="", kind="zone") for it in ends],
        links=[LinkView(source=a, target=b, people=n, share=0.5) for a, b, n in links],
        hidden_links=0,
        balance=[],
        balance_from=None,
        balance_to=None,
        residual_share=None,
    )


def test_days_are_compared_by_whole_hours_and_a_gap_is_no_zero():
    assert until_hour(series([3, None, 4, 9]), 3, UTC) == 7
    assert until_hour(series([None, None]), 2, UTC) is None


def test_hours_that_nobody_watched_are_hatched_but_those_to_come_are_not():
    shown = unwatched("gap", series([5, None, None]).buckets, [True, True, False])
    assert [it is not None for it in shown["data"]] == [False, True, False]


def test_two_zones_between_which_people_go_both_ways_make_no_circle():
    options = sankey_options(flows([("a", "b", 9), ("b", "a", 7)]), SAY)["series"][0]
    links = {(it["source"], it["target"]) for it in options["links"]}
    assert links == {("from a", "to b"), ("from b", "to a")}
    assert {it["name"] for it in options["data"]} == {end for link in links for end in link}


def test_hidden_ways_are_told_by_their_number():
    few = flows([]).model_copy(update={"hidden_links": 3})

    class Site:
        zones = ()
        timezone = "UTC"
        minimum_group = 5

    assert "3 ways of fewer than 5 people" in account_html(few, Site(), SAY)
    assert "3" in account_html(few, Site(), SAY_ZH)


def test_shares_of_each_hour_add_up_to_one():
    hours = [HourSharesView(clock=9, shares={f"z{n}": 0.1 for n in range(10)})]
    options = next_options(NextView(first=DAY, last=DAY, origin="a", hours=hours), {}, SAY)
    assert abs(sum(it["data"][0] for it in options["series"]) - 1) < 1e-6
    assert options["series"][-1]["name"] == "Elsewhere"


def test_a_step_that_may_not_be_told_has_no_bar_and_no_number():
    steps = [
        StepView(step="pass", unit="stays", count=200, meaning="all"),
        StepView(step="stop", unit="stays", count=None, of="pass", meaning="some"),
        StepView(
            step="touch", unit="garments", count=50, meaning="each",
            of="stop", rate=ShareView(share=0.25, low=0.2, high=0.3),
        ),
    ]  # fmt: skip
    html = funnel_html(FunnelView(first=DAY, last=DAY, place="", steps=steps), SAY)
    assert html.count("<i style") == 2
    assert "not known, or too few to tell" in html
    assert "25%</b> of “Stop”<br>(20% – 30%)" in html


def test_stays_too_few_to_tell_are_not_zero():
    zone = ZoneDwellView(
        zone="a", stays=None, hidden_days=2, observed_hours=3.0, cut=None, mean_s=None,
        median=None, p90=None, engaged=None, curve=[],
    )  # fmt: skip
    html = dwell_html(DwellView(first=DAY, last=DAY, zones=[zone]), {"a": "<Coats>"}, SAY)
    assert "<td>few</td>" in html
    assert "&lt;Coats&gt;" in html


def test_shares_show_how_sure_they_are():
    label = LabelView(label="female", share=0.6, low=0.5, high=0.7)
    gender = AttributeView(
        attribute="gender", corrected=False, people=80, coverage=0.75, labels=[label],
        hidden_days=0,
    )  # fmt: skip
    found = DemographicsView(first=DAY, last=DAY, place="", attributes=[gender])
    html = shares_html(found, 5, SAY)
    assert "left:50.0%;width:20.0%" in html
    assert "(50% – 70%)" in html
    assert "told of 75%" in html
    assert "not corrected" in html


def test_nothing_is_told_while_attributes_are_off():
    nothing = DemographicsView(first=DAY, last=DAY, place="", attributes=[])
    assert "Attributes are off" in shares_html(nothing, 5, SAY)
    assert "属性估计已关闭" in shares_html(nothing, 5, SAY_ZH)


def test_heat_is_see_through_where_nothing_is_known_and_does_not_bleed_into_it():
    grid = np.array([[1.0, np.nan], [1.0, np.nan]])
    png = np.frombuffer(heat_png(grid, 0.0, 1.0, COLOURS), np.uint8)
    picture = cv2.imdecode(png, cv2.IMREAD_UNCHANGED)
    assert (picture[:, -3:, 3] == 0).all()
    assert (picture[:, :3] == 255).all()
    half = picture[:, : picture.shape[1] // 2]
    assert (half[half[..., 3] > 0] == 255).all()


def test_the_chart_of_hours_has_a_value_for_each_hour():
    class Day:
        now = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
        today = series([1, 2, None])
        before = series([2, 2, 2])

    shown = {it["name"]: it["data"] for it in hours_options(Day(), UTC, SAY)["series"]}
    assert shown["today"] == [1, 2, None]
    assert shown["a week ago"] == [2, 2, 2]
    assert shown["not watched"][2] is not None
