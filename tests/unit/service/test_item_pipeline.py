"""From tag reads to durable events: one rail, one fitting room, two shoppers, the real physics."""

from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest

from edge_core.config import Product, Products, parse_site
from edge_core.privacy.daily_salt import DailySalt
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.floor_paths import FloorPaths, Standing
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.simulator.rfid import Antenna, AntennaPort, Inventory, Room, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc
from edge_core.tag_reads import ReaderBatch
from edge_core.types import HandLooks, Observation
from edge_core.units import ns_from_s

SITE = parse_site("""
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [9, 0], [9, 5], [0, 5]]
[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[zones]]
id = "room-1"
name = "Room 1"
floor = "ground"
kind = "fitting-room"
polygon_m = [[6, 0], [8, 0], [8, 2], [6, 2]]
[[racks]]
id = "coats-1"
name = "Coats"
floor = "ground"
zone = "coats"
polygon_m = [[1, 1.8], [3, 1.8], [3, 2.2], [1, 2.2]]
[[cameras]]
id = "door"
source = "usb:0"
floor = "ground"
calibration_px = [900, 500]
calibration = [
  { px = [0, 0], m = [0, 0] }, { px = [900, 0], m = [9, 0] },
  { px = [900, 500], m = [9, 5] }, { px = [0, 500], m = [0, 5] },
]
[[readers]]
id = "rail"
host = "192.0.2.1"
antennas = [{ number = 1, rack = "coats-1" }]
[[readers]]
id = "rooms"
host = "192.0.2.2"
antennas = [{ number = 1, zone = "room-1" }]
""")
GTIN = "04012345001006"
PRODUCTS = Products([Product(gtin=GTIN, sku="coat", name="Coat", rack="coats-1")])
RAIL, ROOM = Antenna((2.0, 2.0, 2.4), (2.0, 2.0, 1.0)), Antenna((7.0, 1.0, 2.4), (7.0, 1.0, 1.0))
NEAR, FAR = 7, 8
END_S = 112.0
SECRET = b"k" * 32
DAY_NS = ns_from_s(86_400.0)
EPCS = [sgtin_epc(100, 1 + number) for number in range(6)]


def make_world():
    """A coat is taken at 30 s, tried on from 40 to 80 s and hung up again at 90 s."""
    rest_m = np.array([[1.2 + 0.2 * n, 2.0, 1.2] for n in range(len(EPCS))])
    world = TagWorld(EPCS, rest_m, seed=3)
    x, y, z = (float(value) for value in rest_m[3])
    there = (7.0, 1.1, 1.2)
    world.carry(EPCS[3], [30, 32, 38, 40], [(x, y, z), (x, 2.6, 1.2), (5.5, 2.0, 1.2), there])
    world.carry(EPCS[3], [44, 78], [there, (7.1, 1.1, 1.2)])
    world.carry(EPCS[3], [80, 84, 88, 90], [there, (5.5, 2.0, 1.2), (x, 2.6, 1.2), (x, y, z)])
    return world


@cache
def recorded():
    """What both readers send, every fifth of a second; simulated once."""
    world, found = make_world(), []
    readers = {}
    for place, (name, antenna, power) in enumerate([("rail", RAIL, 30.0), ("rooms", ROOM, 24.0)]):
        reader = Inventory(world, (antenna,), Room((9.0, 5.0)), place)
        reader.start((AntennaPort(1, power),), 0.0)
        readers[name] = (reader, tuple((reader.frequency_khz / 1e3).tolist()))
    for step in range(1, round(END_S * 5)):
        for name, (reader, mhz) in readers.items():
            found.append((step / 5, ReaderBatch(name, reader.advance(step / 5), mhz)))
    return found


def batches(until_s=END_S):
    return (row for row in recorded() if row[0] < until_s)


def people(at_s):
    """One person does it all, another looks at the far end of the rail."""
    place = (1.8, 2.65)
    if 35 <= at_s < 88:
        place = (7.0, 1.0) if 40 <= at_s < 80 else (5.5, 2.0)
    yield Standing(1, NEAR, "ground", place)
    yield Standing(2, FAR, "ground", (3.4, 2.8))


def seen_at(at_s, x_m, y_m):
    """What the camera sees of one person there; a hundred of its pixels are a metre."""
    x, y = 100 * x_m, 100 * y_m
    return Observation(
        camera_id="door",
        epoch=1,
        sequence=round(5 * at_s),
        mono_ns=ns_from_s(at_s),
        utc_ns=ns_from_s(at_s),
        received_mono_ns=ns_from_s(at_s),
        size_px=(900, 500),
        track_id=np.array([1], np.int64),
        xyxy_px=np.array([[x - 30, y - 160, x + 30, y]], np.float32),
        score=np.array([0.9], np.float32),
        floor_m=np.array([[x_m, y_m]], np.float32),
        ended=np.zeros(0, np.int64),
        embedded=np.zeros(0, np.int64),
        embedding=np.zeros((0, 1024), np.float32),
        quality=np.zeros(0, np.float32),
    )


def run(pipeline, since_s=0.0, until_s=END_S, ahead_ns=0):
    events = []
    for at_s, batch in batches(until_s):
        if at_s < since_s:
            continue
        pipeline.see(people(at_s), ns_from_s(at_s))
        if len(batch.reads):
            events += pipeline.ingest(batch, ahead_ns)
    return events


@pytest.fixture(scope="module")
def told():
    pipeline = ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0))
    return run(pipeline, ahead_ns=ns_from_s(1000.0)) + pipeline.finish()


def test_a_coat_is_taken_tried_on_and_put_back_by_one_person(told):
    steps = [event.data["action"] for event in told]
    assert steps[:3] == ["picked-up", "tried-on", "carried"]
    assert steps[3:] in (["put-back"], ["misplaced"])
    assert {event.data["visit"] for event in told} == {NEAR}
    assert {(event.data["sku"], event.data["gtin"]) for event in told} == {("coat", GTIN)}


def test_events_tell_when_and_where(told):
    picked, tried = told[0], told[1]
    assert picked.data["start_utc_ns"] / 1e9 == pytest.approx(1030, abs=3)
    assert (picked.camera_id, picked.place_id) == ("rail", "coats-1")
    assert tried.place_id == "room-1"
    assert tried.data["start_utc_ns"] / 1e9 == pytest.approx(1040, abs=5)
    assert tried.data["duration_s"] == pytest.approx(44, abs=8)
    assert all(0.5 <= event.data["confidence"] <= 1 for event in told)
    assert all(event.utc_ns - event.mono_ns == ns_from_s(1000.0) for event in told)


def test_no_event_names_a_tag(told):
    text = repr(told)
    assert not any(epc in text for epc in EPCS)
    other = run(
        ItemPipeline(SITE, PRODUCTS, DailySalt(b"another" * 4, 0)), ahead_ns=ns_from_s(1000.0)
    )
    assert not {event.key for event in told} & {event.key for event in other}


def test_the_same_deed_on_another_day_has_another_key_that_no_later_salt_gives_away(told):
    salt = DailySalt(SECRET, 0)
    tomorrow = run(ItemPipeline(SITE, PRODUCTS, salt), ahead_ns=DAY_NS + ns_from_s(1000.0))
    today = {event.key for event in told}
    assert tomorrow
    assert not today & {event.key for event in tomorrow}
    salt.at(3 * DAY_NS)  # two quiet days pass: what is in memory now makes none of the keys anew
    again = run(ItemPipeline(SITE, PRODUCTS, salt), ahead_ns=ns_from_s(1000.0))
    assert not today & {event.key for event in again}


@pytest.mark.parametrize("restart_s", [50.0, 97.0, 101.0])
def test_a_restart_that_is_told_the_last_seconds_again_tells_nothing_twice(told, restart_s):
    """The core is killed; its successor is given the last ten seconds of reads and goes on."""
    killed, heir = (ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0)) for _ in range(2))
    before = run(killed, until_s=restart_s)
    after = run(heir, since_s=restart_s - 10.0) + heir.finish()
    kept = {event.key: event for event in [*before, *after]}
    counts = Counter((event.data["action"], round(event.mono_ns / 4e9)) for event in kept.values())
    assert max(counts.values()) == 1


def test_a_garment_is_at_the_room_within_two_seconds_and_gone_when_it_left():
    pipeline = ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0))
    shown = []
    for at_s, batch in batches(100.0):
        if len(batch.reads):
            pipeline.ingest(batch, 0)
        near = pipeline.nearby(ns_from_s(at_s))
        shown.append((at_s, [(it.epc, product.sku) for it, product in near["room-1"]]))
    first_s = next(at_s for at_s, rows in shown if rows)
    assert 36 < first_s <= 42
    assert all(rows == [(EPCS[3], "coat")] for at_s, rows in shown if 43 < at_s < 79)
    assert not shown[-1][1]


def test_tags_that_are_none_of_the_shops_are_no_news():
    pipeline = ItemPipeline(SITE, Products(), DailySalt(SECRET, 0))
    events = run(pipeline)
    assert {event.data["sku"] for event in events} == {""}
    assert {event.data["gtin"] for event in events} == {GTIN}


class TestPaths:
    def test_paths_of_two_visitors_that_are_one_are_joined(self):
        paths = FloorPaths()
        for second in range(4):
            visitor = 1 if second < 2 else 2
            standing = Standing(visitor, 10 + visitor, "ground", (float(second), 0.0))
            paths.see([standing], ns_from_s(second))
        paths.join(2, 1)
        (path,) = paths.on("ground")
        assert path.person == 2
        assert path.floor_m[:, 0].tolist() == [0, 1, 2, 3]
        assert (paths.number(2), paths.number(1)) == (12, None)

    def test_looks_at_hands_go_with_the_person_also_when_two_turn_out_to_be_one(self):
        paths = FloorPaths()
        paths.look(1, ns_from_s(1), 0.9)
        for visitor in (1, 2):
            paths.see([Standing(visitor, 10, "ground", (0.0, 0.0))], ns_from_s(visitor))
        paths.look(1, ns_from_s(3), 0.8)
        paths.look(2, ns_from_s(2), 0.4)
        paths.look(2, ns_from_s(4), 0.6)
        paths.join(1, 2)
        (path,) = paths.on("ground")
        assert path.look_ns.tolist() == [ns_from_s(at) for at in (2, 3, 4)]
        assert path.handling.tolist() == [0.4, 0.8, 0.6]

    def test_old_places_are_forgotten(self):
        paths = FloorPaths()
        for second in range(0, 700):
            paths.see([Standing(1, 5, "ground", (0.0, 0.0))], ns_from_s(second))
        (path,) = paths.on("")
        assert 300 <= len(path.time_ns) <= 320
        paths.see([], ns_from_s(2000))
        assert list(paths.on("")) == []


def test_a_reader_that_falls_silent_takes_no_garment_away():
    """The rail's reader is lost at 20 s; a minute later its coats are not said to be gone."""
    pipeline = ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0))
    events = []
    for at_s, batch in batches():
        if len(batch.reads) and (batch.reader_id == "rooms" or at_s < 20):
            events += pipeline.ingest(batch, 0)
    assert [event for event in events if event.data["action"] == "gone"] == []


def test_what_a_camera_sees_of_hands_reaches_the_matching():
    """Two stand alike at the coat that is taken; the vision process says whose hands rose."""
    picked = {}
    for busy in (1, 2):
        items = ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0))
        core, events, number_of = CorePipeline(SITE, Random(5), items), [], {}
        for at_s, batch in batches(45.0):
            if batch.reader_id == "rail":
                core.ingest(two_seen_at(at_s, busy))
                for person in core.snapshot(ns_from_s(at_s), 0).people:
                    number_of[1 if person.floor_m[1] > 2 else 2] = person.number
            if len(batch.reads):
                events += core.ingest_tags(batch, 0)
        events += core.finish()
        taken = [event for event in events if event.data.get("action") == "picked-up"]
        picked[busy] = [event.data["visit"] for event in taken] == [number_of[busy]]
    assert picked == {1: True, 2: True}


def two_seen_at(at_s, busy):
    """One stands on either side of the rail; the hands of one rise as the coat is taken."""
    one, other = seen_at(at_s, 1.8, 2.7), seen_at(at_s, 1.8, 1.3)
    handling = [0.97 if track == busy and 29.5 < at_s < 36 else 0.1 for track in (1, 2)]
    return replace(
        one,
        track_id=np.array([1, 2], np.int64),
        xyxy_px=np.concatenate([one.xyxy_px, other.xyxy_px]),
        score=np.concatenate([one.score, other.score]),
        floor_m=np.concatenate([one.floor_m, other.floor_m]),
        hands=HandLooks(np.array([1, 2], np.int64), np.array(handling, np.float32)),
    )


def test_whoever_the_cameras_see_at_the_rack_took_the_coat():
    """Observations and reads meet in the core pipeline; the visit is the number screens know."""
    items = ItemPipeline(SITE, PRODUCTS, DailySalt(SECRET, 0))
    core = CorePipeline(SITE, Random(5), items)
    events, numbers = [], set()
    for at_s, batch in batches(45.0):
        if batch.reader_id == "rail":
            core.ingest(seen_at(at_s, 1.8 + 0.1 * np.sin(at_s), 2.65))
            people = core.snapshot(ns_from_s(at_s), 0).people
            numbers |= {person.number for person in people}
        if len(batch.reads):
            events += core.ingest_tags(batch, 0)
    events += core.finish()
    (number,) = numbers
    picked = [event for event in events if event.data.get("action") == "picked-up"]
    assert [event.data["visit"] for event in picked] == [number]
