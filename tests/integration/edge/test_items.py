"""Garments in the running service: an emulated reader over TCP, real processes, ledger, API, till.

A coat hangs on a rail, goes into a fitting room, and comes back.
"""

import json
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from service import Service, until

from edge_core.errors import ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port
from edge_core.service.sse import MessageKind
from edge_core.simulator.rfid import Antenna, ReaderThread, Room, TagWorld
from edge_core.simulator.rfid.world import sgtin_epc
from edge_core.types import EventKind

pytestmark = pytest.mark.timeout(300)

PRODUCTS = "gtin,sku,name,price\n04012345001006,coat-wool-m,Wool coat,189.00\n"
SITE = """
[site]
id = "shop"
name = "Shop"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [9, 0], [9, 5], [0, 5]]
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
polygon_m = [[1, 1.8], [3, 1.8], [3, 2.2], [1, 2.2]]
[[cameras]]
id = "door"
source = "usb:99"
[[screens]]
id = "glass"
kind = "mirror"
zone = "room-1"
[[readers]]
id = "rail"
host = "127.0.0.1"
port = {reader}
antennas = [
  {{ number = 1, rack = "coats-1" }},
  {{ number = 2, zone = "room-1", power_dbm = 24.0 }},
]
[service]
port = {port}
products = "products.csv"
"""
ANTENNAS = (
    Antenna((2.0, 2.0, 2.4), (2.0, 2.0, 1.0)),
    Antenna((7.0, 1.0, 2.4), (7.0, 1.0, 1.0)),
)
HOME, DOOR, ROOM = (2.0, 2.0, 1.2), (5.0, 2.0, 1.2), (7.0, 1.1, 1.2)


@pytest.fixture
def reader():
    """Six coats on a rail."""
    rest_m = np.array([[1.5 + 0.25 * number, 2.0, 1.2] for number in range(6)])
    epcs = [sgtin_epc(100, 1 + number) for number in range(6)]
    world = TagWorld(epcs, rest_m, seed=1)
    with ReaderThread(world, antennas=ANTENNAS, room=Room((9.0, 5.0)), seed=1) as thread:
        yield thread


@pytest.fixture
def edge(tmp_path, reader):
    port = free_port()
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(port=port, reader=reader.port))
    (tmp_path / "products.csv").write_text(PRODUCTS)
    service = Service(site, port).start()
    yield service
    service.stop()


def asked(edge, what):
    with EdgeClient(edge.url) as client:
        try:
            return what(client)
        except ServiceUnavailableError:
            return None


def resting_for(edge, seconds):
    """A condition: all coats have been seen to rest for so long."""
    since = None

    def rests():
        nonlocal since
        tags = asked(edge, EdgeClient.tags).tags
        if not all(tag.moving is not None and tag.moving < 0.5 for tag in tags):
            since = None
        elif since is None:
            since = time.monotonic()
        return since is not None and time.monotonic() - since >= seconds

    return rests


def carry(reader, *stops):
    """Let somebody carry the third coat: (seconds from now, place)."""

    def go():
        emulator = reader.emulator
        begin_s = emulator.time_s + 1.0
        times = [begin_s + after_s for after_s, _ in stops]
        emulator.world.carry(emulator.world.epcs[2], times, [place for _, place in stops])

    reader.call(go)


def in_the_room(edge):
    view = asked(edge, EdgeClient.garments)
    return [it.sku for it in view.zones.get("room-1", [])] if view else None


def test_a_coat_goes_to_the_fitting_room_and_everything_knows(edge, reader):
    until(
        lambda: (view := asked(edge, EdgeClient.tags)) and len(view.tags) == 6,
        120,
        f"tags seen\n{edge.log.read_text()[-2000:]}",
    )
    assert in_the_room(edge) == []
    heard, stop = [], threading.Event()

    def follow():
        with EdgeClient(edge.url) as client:
            for message in client.stream(0):
                heard.append(message)
                if stop.is_set():
                    return

    listener = threading.Thread(target=follow, daemon=True)
    listener.start()
    until(resting_for(edge, 8.0), 60, "the coats hang, and their places are learned")
    carry(reader, (0, HOME), (2, DOOR), (4, ROOM))
    _, waited_s = until(lambda: in_the_room(edge) == ["coat-wool-m"], 30, "the coat is shown")
    assert waited_s < 1 + 4 + 2, "within two seconds of its coming"
    carry(reader, (0, ROOM), (34, ROOM), (36, DOOR), (38, HOME))
    until(lambda: in_the_room(edge) == [], 60, "the coat has left the room")

    def told():
        events = asked(edge, EdgeClient.item_events) or []
        return {event.data["action"] for event in events} >= {"picked-up", "tried-on"} and events

    events, _ = until(told, 60, "what happened is told")
    assert {event.data["visit"] for event in events} == {None}
    assert all("epc" not in event.data for event in events)
    tried = next(event for event in events if event.data["action"] == "tried-on")
    assert tried.place == "room-1"
    assert tried.data["duration_s"] >= 30
    stop.set()
    listener.join(15)
    streamed = [m.view for m in heard if m.kind is MessageKind.EVENT]
    actions = {event.data["action"] for event in streamed if event.kind == EventKind.ITEM}
    assert {"picked-up", "tried-on"} <= actions
    assert any(m.kind is MessageKind.GARMENTS and m.view.zones["room-1"] for m in heard)
    sell(edge)
    (coat,) = asked(edge, EdgeClient.items).items
    assert (coat.sku, coat.name, coat.tried, coat.bought) == ("coat-wool-m", "Wool coat", 1, 2)
    assert coat.bought_after_try == 1
    assert coat.visits is None
    assert edge.stop() == 0
    assert edge.ledger_is_sound()


def sell(edge):
    """A till's file, handed in by the command, twice."""
    sales = edge.site.with_name("sales.csv")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sales.write_text(
        f"transaction,time_utc,sku,quantity\n1,{now},coat-wool-m,2\n2,{now},coat-wool-m,zero\n"
    )
    command = [sys.executable, "-m", "edge_core", "till", "import", str(sales), "--json"]
    command += ["--site", str(edge.site)]
    for kept, known in ((1, 0), (0, 1)):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr  # one line is wrong
        receipt = json.loads(done.stdout)
        assert (receipt["kept"], receipt["known"]) == (kept, known)
        assert receipt["refused"][0]["line"] == 3


def test_a_till_without_a_service_is_told(tmp_path):
    (tmp_path / "sales.csv").write_text("transaction,time_utc,sku\n")
    command = [sys.executable, "-m", "edge_core", "till", "import", str(tmp_path / "sales.csv")]
    command += ["--url", f"http://127.0.0.1:{free_port()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "Start it with" in done.stderr
