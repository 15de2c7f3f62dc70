"""A fitting room's mirror on the running service: emulated reader, real processes, real touches.

Three garments are carried in; a size is asked for; the staff answers; the garments are carried out,
and nothing of the session is left.
"""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QSG_RENDER_LOOP"] = "basic"

from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from service import Service

import mirror.__main__
from edge_core.clock import SystemClock
from edge_core.config import Products
from edge_core.qt.app import load_window
from edge_core.qt.fonts import load_fonts
from edge_core.qt.graphics import choose_scene_graph
from edge_core.qt.link import ServiceLink
from edge_core.qt.resources import assets_folder
from edge_core.qt.screen import Screen
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port, mall_folder
from edge_core.simulator.rfid import Antenna, ReaderThread, Room, TagWorld
from edge_core.simulator.stock import epc_of

pytestmark = pytest.mark.timeout(420)

SITE = (
    (Path(__file__).parent / "test_items.py").read_text(encoding="utf-8").split('SITE = """')[1]
).split('"""')[0]
ANTENNAS = (
    Antenna((2.0, 2.0, 2.4), (2.0, 2.0, 1.0)),
    Antenna((7.0, 1.0, 2.4), (7.0, 1.0, 1.0)),
)
AWAY = (3.0, 2.0, 1.2)
WANTED = ("wrap-dress-emerald-m", "boyfriend-blazer-black-m", "pleated-skirt-sand-m")


@pytest.fixture
def reader():
    """Three garments on a rail, and one next door that never moves."""
    products = Products.from_csv(mall_folder("shop") / "products.csv")
    skus = (*WANTED, "breton-top-white-m")
    epcs = [epc_of(products.of_sku(sku).gtin, 1) for sku in skus]
    rest_m = np.array([[1.4 + 0.4 * place, 2.0, 1.2] for place in range(len(skus))])
    world = TagWorld(epcs, rest_m, seed=2)
    with ReaderThread(world, antennas=ANTENNAS, room=Room((9.0, 5.0)), seed=2) as thread:
        yield thread


@pytest.fixture
def edge(tmp_path, reader):
    port = free_port()
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(port=port, reader=reader.port))
    table = (mall_folder("shop") / "products.csv").read_text(encoding="utf-8").splitlines()
    racks = ("women-wall-1", "women-wall-2", "women-island-2")
    for rack in {line.split(",")[13] for line in table[1:]}:
        table = [line.replace(f",{rack},", ",coats-1,") for line in table]
    assert all(f",{rack}," not in "\n".join(table) for rack in racks)
    (tmp_path / "products.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    service = Service(site, port).start()
    yield service
    service.stop()


@pytest.fixture
def glass(qapp, edge):
    choose_scene_graph()
    load_fonts(assets_folder() / "fonts")
    program = mirror.__main__.program()
    screen = Screen("mirror", SystemClock(), assets_folder() / "i18n", language="en")
    model, link = program.build(screen), ServiceLink(edge.url)
    screen.follow(link)
    engine, window = load_window(program, screen, model, (1080, 1920))
    window.show()
    link.start()
    yield screen, model, window
    link.stop()
    window.hide()
    shiboken6.delete(engine)
    qapp.processEvents()


def carry(reader, where):
    """All but the neighbour's are carried somewhere within two seconds."""

    def go():
        emulator, world = reader.emulator, reader.emulator.world
        begin_s = emulator.time_s + 0.5
        for place, epc in enumerate(world.epcs[: len(WANTED)]):
            x, y, z = where
            world.carry(epc, [begin_s, begin_s + 2], [AWAY, (x + 0.15 * place, y, z)])

    reader.call(go)


def seen(window, name):
    """Visible items of a name, parents first."""
    found, waiting = [], [window.contentItem()]
    while waiting:
        item = waiting.pop(0)
        if item.isVisible():
            found += [item] if item.objectName() == name else []
            waiting.extend(item.childItems())
    return found


def test_three_garments_on_a_size_asked_for_and_nothing_left_behind(edge, reader, glass, qtbot):
    screen, model, window = glass
    finger = QTest.createTouchDevice()

    def touch(name):
        qtbot.waitUntil(lambda: not seen(window, "pages")[0].property("busy"), timeout=20_000)
        qtbot.waitUntil(lambda: bool(seen(window, name)), timeout=20_000)
        item = seen(window, name)[0]
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        at = QPoint(middle.x(), middle.y())
        QTest.touchEvent(window, finger).press(0, at, window).commit()
        QTest.touchEvent(window, finger).release(0, at, window).commit()

    qtbot.waitUntil(lambda: screen.garment_zone == "room-1", timeout=150_000)
    assert model.page == "idle"
    carry(reader, (7.0, 1.1, 1.2))
    qtbot.waitUntil(lambda: model.garments.shown == len(WANTED), timeout=90_000)
    assert set(model.garments.skus) == set(WANTED), "the neighbour's stays out"
    model.openItem(WANTED[0])
    qtbot.waitUntil(lambda: model.style.known, timeout=60_000)
    touch("size-L")
    qtbot.waitUntil(lambda: model.style.size == "L", timeout=20_000)
    touch("bring")
    qtbot.waitUntil(lambda: model.page == "staff" and model.staff.count == 1, timeout=60_000)
    with EdgeClient(edge.url) as staff:
        (request,) = staff.shop.requests(waiting=True).requests
        assert (request.zone, request.sku) == ("room-1", "wrap-dress-emerald-l")
        staff.shop.answer(request.request, "accepted", minutes=2)
        newest = model.staff.rows
        qtbot.waitUntil(lambda: newest.rows[0].standing == "accepted", timeout=60_000)
        assert 0 < newest.rows[0].seconds <= 120
        carry(reader, (2.0, 2.0, 1.2))
        qtbot.waitUntil(lambda: model.page == "leaving", timeout=90_000)
        assert (model.staff.count, model.keptText, model.style.known) == (0, "", False)
        touch("reason-price")
        qtbot.waitUntil(lambda: model.page == "idle", timeout=60_000)
        qtbot.waitUntil(lambda: not staff.shop.requests(waiting=True).requests, timeout=60_000)
    assert edge.stop() == 0
    assert edge.ledger_is_sound()
