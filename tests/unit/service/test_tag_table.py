from dataclasses import replace

import numpy as np
import pytest

from edge_core.config import Product, Products, parse_site
from edge_core.service import tag_table
from edge_core.service.antennas import Antennas
from edge_core.service.tag_table import IN_VIEW_NS, TagTable
from edge_core.service.views import tags_view
from edge_core.simulator.rfid import CORNER_ANTENNAS, AntennaPort, Inventory, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc
from edge_core.tag_reads import ReaderBatch, TagReads
from edge_core.units import NS_PER_S

COAT = sgtin_epc(100, 1)
GTIN = "04012345001006"
SITE = parse_site("""
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[cameras]]
id = "door"
source = "usb:0"
[[readers]]
id = "rail"
host = "192.0.2.1"
antennas = [{ number = 1, zone = "coats" }, { number = 2 }, { number = 3 }, { number = 4 }]
[[readers]]
id = "wall"
host = "192.0.2.2"
antennas = [{ number = 1, zone = "coats" }]
""")


@pytest.fixture
def table():
    return TagTable(Antennas(SITE), Products([Product(gtin=GTIN, sku="coat-wool")]))


def reads_of(*epcs, at_s=1.0, antenna=1, rssi_dbm=-50.0):
    """One read of each tag."""
    count = len(epcs)
    return TagReads(
        epcs=epcs,
        tag=np.arange(count, dtype=np.int32),
        time_ns=np.full(count, round(at_s * NS_PER_S), np.int64),
        antenna=np.full(count, antenna, np.int16),
        channel=np.ones(count, np.int16),
        rssi_dbm=np.full(count, rssi_dbm, np.float32),
        phase_rad=np.zeros(count, np.float32),
        doppler_hz=np.zeros(count, np.float32),
    )


def at(seconds):
    return round(seconds * NS_PER_S)


def test_a_tag_is_told_by_product_and_place(table):
    table.ingest(ReaderBatch("rail", reads_of(COAT)))
    (tag,) = table.in_view(at(1))
    assert (tag.identity.gtin, tag.sku, tag.antenna, tag.zone_id) == (GTIN, "coat-wool", 1, "coats")
    assert tag.p_moving is None


def test_a_tag_of_no_scheme_and_an_antenna_of_no_zone_are_told_as_such(table):
    table.ingest(ReaderBatch("rail", reads_of("deadbeef", antenna=2)))
    view = tags_view(table.in_view(at(1)), ["coats"], at(1), at(1000))
    (tag,) = view.tags
    assert (tag.uri, tag.gtin, tag.sku, tag.zone) == ("unknown", None, None, None)
    assert view.by_zone == {"coats": 0}
    assert tag.last_seen == view.at


def test_a_tag_that_is_read_no_more_leaves_the_view(table):
    table.ingest(ReaderBatch("rail", reads_of(COAT, "aa")))
    table.ingest(ReaderBatch("rail", reads_of("aa", at_s=8)))
    assert [it.identity.epc for it in table.in_view(at(1) + IN_VIEW_NS + 1)] == ["aa"]


def test_however_many_tags_come_memory_is_bounded(table, monkeypatch):
    monkeypatch.setattr(tag_table, "MOST_TAGS", 100)
    for batch in range(10):
        epcs = [f"{1000 * batch + number:08x}" for number in range(50)]
        table.ingest(ReaderBatch("rail", reads_of(*epcs, at_s=1 + batch / 10)))
    kept = table.in_view(at(2))
    assert len(kept) == 100
    assert min(tag.seen_mono_ns for tag in kept) == at(1.8)


def test_reads_without_strength_are_seen_and_break_nothing(table):
    for step in range(40):
        batch = reads_of(COAT, at_s=1 + step / 8, antenna=0, rssi_dbm=float("nan"))
        table.ingest(ReaderBatch("rail", batch))
    (tag,) = table.in_view(at(6))
    assert tag.p_moving is None


@pytest.fixture(scope="module")
def carried():
    """Ten seconds of four garments at rest, then one of them carried for ten."""
    epcs = [sgtin_epc(100, 1 + number) for number in range(4)]
    rest_m = np.array([[1.5 + 0.4 * number, 2.0, 1.2] for number in range(4)])
    world = TagWorld(epcs, rest_m, seed=1)
    world.carry(epcs[0], [10.0, 14.0, 20.0], [(1.5, 2, 1.2), (3.5, 3.0, 1.1), (2.0, 3.5, 1.1)])
    inventory = Inventory(world, CORNER_ANTENNAS, seed=1)
    inventory.start(tuple(AntennaPort(number, 30.0) for number in (1, 2, 3, 4)), 0.0)
    frequency_mhz = tuple((inventory.frequency_khz / 1000).tolist())
    batches = [inventory.advance(0.2 * step) for step in range(1, 101)]
    return epcs, [ReaderBatch("rail", reads, frequency_mhz) for reads in batches]


def test_a_carried_garment_moves_and_its_neighbours_rest(table, carried):
    epcs, batches = carried
    for batch in batches[:50]:
        table.ingest(batch)
    assert all(tag.p_moving < 0.5 for tag in table.in_view(at(10)))
    for batch in batches[50:85]:
        table.ingest(batch)
    moving = {tag.identity.epc: tag.p_moving for tag in table.in_view(at(17))}
    assert moving[epcs[0]] > 0.9
    assert max(moving[epc] for epc in epcs[1:]) < 0.5


def test_motion_is_unknown_again_when_a_tag_is_read_too_rarely(table, carried):
    epcs, batches = carried
    for batch in batches[:50]:
        table.ingest(batch)
    for second in (14, 18, 22):
        table.ingest(ReaderBatch("rail", reads_of(epcs[0], at_s=second)))
    (tag,) = (tag for tag in table.in_view(at(22)) if tag.identity.epc == epcs[0])
    assert tag.p_moving is None


def test_a_tag_of_two_readers_stands_twice_and_its_motion_is_one(table, carried):
    epcs, batches = carried
    for batch in batches[:85]:
        # The second reader's only antenna hears what the first one's fourth does.
        fourth = batch.reads.antenna == 4
        own = batch.reads.take(~fourth)
        other = batch.reads.take(fourth)
        other = replace(other, antenna=np.ones(len(other), np.int16))
        table.ingest(ReaderBatch("rail", own, batch.frequency_mhz))
        shuffled = batch.frequency_mhz[::-1]
        channel = (len(shuffled) + 1 - other.channel).astype(np.int16)
        table.ingest(ReaderBatch("wall", replace(other, channel=channel), shuffled))
    seen = [tag for tag in table.in_view(at(17)) if tag.identity.epc == epcs[0]]
    assert {tag.reader_id for tag in seen} == {"rail", "wall"}
    assert len({tag.p_moving for tag in seen}) == 1
    assert seen[0].p_moving > 0.9
    others = [tag for tag in table.in_view(at(17)) if tag.identity.epc != epcs[0]]
    assert max(tag.p_moving for tag in others) < 0.5
