"""The service with an RFID reader: a real emulated one over TCP, real processes, real signals."""

import pytest
from service import Service, until

from edge_core.errors import ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port
from edge_core.simulator.rfid import ReaderThread, rail_world

pytestmark = pytest.mark.timeout(300)

GARMENTS = 8
PRODUCTS = "gtin,sku\n04012345001006,coat-wool\n"
SITE = """
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[cameras]]
id = "door"
source = "usb:99"
[service]
port = {port}
products = "products.csv"
"""
READER = """
[[readers]]
id = "rail"
host = "127.0.0.1"
port = {port}
keepalive_s = 0.5
"""
ANTENNA = """
[[readers.antennas]]
number = {}
zone = "coats"
"""


@pytest.fixture
def reader():
    with ReaderThread(rail_world(GARMENTS, seed=1), seed=1) as thread:
        yield thread


@pytest.fixture
def start(tmp_path):
    """Starts services whose only camera is not there, with a reader on a port or without."""
    started = []

    def run(port=None):
        api = free_port()
        site = tmp_path / "site.toml"
        said = SITE.format(port=api)
        if port is not None:
            said += READER.format(port=port) + "".join(map(ANTENNA.format, (1, 2, 3, 4)))
        site.write_text(said)
        (tmp_path / "products.csv").write_text(PRODUCTS)
        started.append(Service(site, api).start())
        return started[-1]

    yield run
    for service in started:
        service.stop()


def tags_of(edge):
    with EdgeClient(edge.url) as client:
        try:
            return client.tags()
        except ServiceUnavailableError:
            return None


def health_of(edge):
    """How the one reader is, or None while the service does not answer."""
    health = edge.health()
    return health.readers[0] if health else None


def is_read(edge):
    """Whether every garment is seen and the reader is well."""
    tags, health = tags_of(edge), health_of(edge)
    return (
        tags is not None
        and len(tags.tags) == GARMENTS
        and health is not None
        and health.state == "streaming"
        and health.reads_per_s > 0
    ) and tags


def newest(edge):
    """When the newest read was made."""
    return max(tag.last_seen for tag in tags_of(edge).tags)


def test_reads_arrive_and_outlive_the_reader_and_the_worker(reader, start):
    edge = start(reader.port)
    tags, _ = until(lambda: is_read(edge), 120, f"tags seen\n{edge.log.read_text()[-2000:]}")
    assert {tag.zone for tag in tags.tags} == {"coats"}
    assert tags.by_zone == {"coats": GARMENTS}
    assert {tag.gtin for tag in tags.tags} == {"04012345001006", "04012345001013"}
    assert {tag.sku for tag in tags.tags} == {"coat-wool", None}
    assert all(tag.uri.startswith("urn:epc:id:sgtin:4012345.") for tag in tags.tags)
    until(
        lambda: all(tag.moving is not None and tag.moving < 0.5 for tag in tags_of(edge).tags),
        20,
        "garments at rest are seen to rest",
    )
    health = health_of(edge)
    assert (health.antennas, health.antennas_configured, health.tags) == (4, 4, GARMENTS)

    old = edge.kill("rfid")

    def runs_again():
        worker = edge.worker("rfid")
        return worker and worker.pid != old and worker.state == "running" and worker

    worker, _ = until(runs_again, 20, "the worker is started again")
    assert worker.restarts == 1
    before = newest(edge)
    until(lambda: newest(edge) > before, 20, "reads after the worker was killed")

    reader.call(reader.emulator.drop_client)
    until(lambda: health_of(edge).reconnects == 1, 20, "the connection is made anew")
    assert edge.stop() == 0
    until(lambda: not reader.emulator.has_client, 5, "the reader is left")


def test_a_reader_that_is_switched_off_is_told_and_read_again(start):
    with ReaderThread(rail_world(GARMENTS, seed=1), seed=1) as first:
        port = first.port
        edge = start(port)
        until(lambda: is_read(edge), 120, "tags seen")

    def is_told():
        health = edge.health()
        return health and "reader rail is lost" in health.reasons and health.readers[0].detail

    detail, _ = until(is_told, 30, "the loss is told")
    assert "Check the reader's power" in detail
    until(lambda: not tags_of(edge).tags, 30, "its tags are out of view")
    with ReaderThread(rail_world(GARMENTS, seed=1), port=port, seed=1):
        until(lambda: is_read(edge), 40, "read again")


def test_without_readers_there_is_no_reader_process(start):
    edge = start()
    until(edge.health, 40, "the service answers")
    assert edge.worker("rfid") is None
    assert edge.health().readers == []
    assert tags_of(edge).tags == []
