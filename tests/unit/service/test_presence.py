"""What the core sums up of everybody's place: staff left out, hours kept apart, traits as sums."""

from datetime import UTC, datetime

import numpy as np
import pytest

from edge_core.analytics import DwellMeter, Present, ZoneMap
from edge_core.config import SiteConfig, parse_site
from edge_core.errors import ConfigError
from edge_core.service.observed import watches_of
from edge_core.service.presence import FloorPlans, PresencePipeline
from edge_core.types import Observation, Traits
from edge_core.units import NS_PER_S

SITE = """
[site]
id = "shop"
name = "Shop"
[privacy]
pack = "none"
[attributes]
face = true
[[attributes.audit]]
attribute = "gender"
counts = { female = { female = 45, male = 5 }, male = { male = 40, female = 10 } }
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [10, 0], [10, 10], [0, 10]]
fixtures = [{ kind = "rack", polygon_m = [[8, 8], [9, 8], [9, 9], [8, 9]] }]
[[zones]]
id = "shoes"
name = "Shoes"
floor = "ground"
polygon_m = [[3, 5], [7, 5], [7, 9], [3, 9]]
[[cameras]]
id = "door"
source = "rtsp://door"
floor = "ground"
position_m = [5, 10]
calibration_px = [640, 360]
calibration = [
  { px = [0, 0], m = [0, 0] }, { px = [640, 0], m = [10, 0] },
  { px = [640, 360], m = [10, 10] }, { px = [0, 360], m = [0, 10] },
]
"""
NOON_NS = round(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()) * NS_PER_S
STEP_NS = NS_PER_S // 4


@pytest.fixture(scope="module")
def site() -> SiteConfig:
    return parse_site(SITE)


@pytest.fixture
def pipeline(site) -> PresencePipeline:
    dwell = DwellMeter(ZoneMap(site.zones), {"door": "ground"})
    return PresencePipeline(site, FloorPlans(site), dwell, lambda visitor: visitor == 9)


def observation(
    at_ns: int, track: int | None = None, traits: tuple[Traits, ...] = ()
) -> Observation:
    ids = [] if track is None else [track]
    return Observation(
        camera_id="door",
        epoch=1,
        sequence=at_ns // STEP_NS,
        mono_ns=at_ns,
        utc_ns=NOON_NS + at_ns,
        received_mono_ns=at_ns,
        size_px=(640, 360),
        track_id=np.array(ids, np.int64),
        xyxy_px=np.full((len(ids), 4), 10, np.float32),
        score=np.full(len(ids), 0.9, np.float32),
        floor_m=np.full((len(ids), 2), 6, np.float32),
        ended=np.array([it.track_id for it in traits], np.int64),
        embedded=np.zeros(0, np.int64),
        embedding=np.zeros((0, 1024), np.float32),
        quality=np.zeros(0, np.float32),
        traits=traits,
    )


def stand(pipeline: PresencePipeline, visitors: list[int], start_ns: int, seconds: int) -> None:
    here = [Present(visitor, "ground", (6.0, 6.0), ("shoes",)) for visitor in visitors]
    for step in range(seconds * 4 + 1):
        now_ns = start_ns + step * STEP_NS
        pipeline.ingest(observation(now_ns), np.zeros(0, np.int64), ())
        pipeline.see(here, now_ns, NOON_NS + now_ns)


def test_staff_are_in_no_heat(pipeline):
    stand(pipeline, [1, 9], NS_PER_S, 10)
    (sums,), _, _ = pipeline.take()
    assert sums.dwell_ms.sum() == 10_000
    assert sums.watched_ms == {("door",): 10_000}


def test_every_hour_begins_with_a_look_at_who_is_where(pipeline):
    begin_ns = 3595 * NS_PER_S
    for step in range(80):
        now_ns = begin_ns + step * STEP_NS
        pipeline.ingest(observation(now_ns, 1), np.array([1]), ())
        pipeline.see([Present(1, "ground", (6.0, 6.0), ("shoes",))], now_ns, NOON_NS + now_ns)
    sums, present, _ = pipeline.take()
    assert len(sums) == 2
    assert present == {NOON_NS + 3600 * NS_PER_S: {"shoes": 1}}


def test_what_was_seen_of_people_leaves_as_sums_of_the_hour(pipeline):
    for visitor in (1, 2, 3):
        pipeline.ingest(observation(visitor * NS_PER_S, visitor), np.array([visitor]), ())
        pipeline.see(
            [Present(visitor, "ground", (6.0, 6.0), ("shoes",))], visitor * NS_PER_S, NOON_NS
        )
        told = (Traits(visitor, {"female": 0.9}, 40.0),)
        pipeline.ingest(observation(visitor * NS_PER_S + 1, traits=told), np.zeros(0, np.int64), ())
    assert pipeline.take()[2] == []
    pipeline.see([], 3600 * NS_PER_S, NOON_NS + 3600 * NS_PER_S)
    counts = {(it.place_id, it.attribute, it.label): it.people for it in pipeline.take()[2]}
    assert counts == {
        (place, attribute, label): 3
        for place in ("", "shoes")
        for attribute, label in (("gender", "female"), ("age", "35-54"))
    }


def test_a_zone_is_observed_by_the_cameras_that_see_its_cells(site):
    plans = FloorPlans(site)
    assert plans.visible()["ground"].mean() > 0.8
    assert watches_of(site, plans) == {"shoes": [(("door",), 1.0)]}


def test_an_audit_needs_a_row_for_every_label():
    with pytest.raises(ConfigError, match="one row for each of female, male"):
        parse_site(SITE.replace(", male = { male = 40, female = 10 }", ""))
