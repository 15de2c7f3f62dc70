"""A staff badge, from its reads to the visit of whoever stands there."""

from random import Random

import numpy as np
import pytest

from edge_core.config import Products, parse_site
from edge_core.errors import ConfigError
from edge_core.privacy.daily_salt import DailySalt
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.tag_reads import ReaderBatch, TagReads
from edge_core.types import EventKind, Observation
from edge_core.units import NS_PER_S

BADGE, COAT = "e2801160600002054cc2096f", "3034257bf7194e4000001a85"
SITE = f"""
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [10, 0], [10, 10], [0, 10]]
[[cameras]]
id = "door"
source = "usb:0"
floor = "ground"
calibration_px = [640, 360]
calibration = [
  {{ px = [0, 0], m = [0, 0] }}, {{ px = [640, 0], m = [10, 0] }},
  {{ px = [640, 360], m = [10, 10] }}, {{ px = [0, 360], m = [0, 10] }},
]
[[zones]]
id = "desk"
name = "Desk"
floor = "ground"
kind = "till"
polygon_m = [[1, 5], [4, 5], [4, 9], [1, 9]]
[[readers]]
id = "till"
host = "10.0.0.9"
[[readers.antennas]]
number = 1
zone = "desk"
position_m = [2, 7]
[staff]
badges = ["{BADGE.upper()}"]
"""


def seen(time_s: float) -> Observation:
    """One at the desk, one far off."""
    places = np.array([[2.5, 7.0], [8.5, 2.0]], np.float32)
    feet = places * (64, 36)
    boxes = np.column_stack([feet[:, 0] - 15, feet[:, 1] - 80, feet[:, 0] + 15, feet[:, 1]])
    now_ns = round(time_s * NS_PER_S)
    return Observation(
        camera_id="door", epoch=3, sequence=round(time_s * 10), mono_ns=now_ns, utc_ns=now_ns,
        received_mono_ns=now_ns, size_px=(640, 360), track_id=np.array([1, 2], np.int64),
        xyxy_px=boxes.astype(np.float32), score=np.full(2, 0.9, np.float32), floor_m=places,
        ended=np.zeros(0, np.int64), embedded=np.zeros(0, np.int64),
        embedding=np.zeros((0, 1024), np.float32), quality=np.zeros(0, np.float32),
    )  # fmt: skip


def heard(time_s: float) -> ReaderBatch:
    reads = TagReads(
        (BADGE, COAT), np.array([0, 1], np.int32),
        np.full(2, round(time_s * NS_PER_S), np.int64), np.ones(2, np.int16),
        np.ones(2, np.int16), np.full(2, -50, np.float32), np.zeros(2, np.float32),
        np.full(2, np.nan, np.float32),
    )  # fmt: skip
    return ReaderBatch("till", reads)


def test_whoever_stands_where_the_badge_is_heard_is_staff_and_the_badge_is_shown_nowhere():
    site = parse_site(SITE)
    items = ItemPipeline(site, Products([]), DailySalt(b"s" * 16, 0))
    pipeline = CorePipeline(site, Random(1), items)
    for step in range(600):
        pipeline.ingest(seen(1 + step / 10))
        if step % 10 == 0:
            pipeline.ingest_tags(heard(1 + step / 10), 0)
    shown = {tag.identity.epc for tag in items.in_view(61 * NS_PER_S)}
    assert shown == {COAT}
    assert pipeline.staff_inside() == 1
    visits = [event for event in pipeline.finish() if event.kind is EventKind.VISIT]
    staff = {bool(event.data["zones"]): event.data["staff"] for event in visits}
    assert staff == {True: True, False: False}
    assert not any(BADGE in str(event) for event in visits)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f'badges = ["{BADGE.upper()}"]', 'badges = ["staff-1"]', "hexadecimal"),
        (f'badges = ["{BADGE.upper()}"]', 'zones = ["kitchen"]', "no zone has this id"),
        ("position_m = [2, 7]\n", "", "no antenna has a place"),
    ],
)
def test_staff_that_nothing_could_tell_is_refused(old, new, told):
    with pytest.raises(ConfigError, match=told):
        parse_site(SITE.replace(old, new))
