"""A store PC and its hub, both real: enrolled by the command, told, cut off, and back."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from service import Service, until

from edge_core.config import Products
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port
from edge_core.sync.sections import product_records

pytestmark = pytest.mark.timeout(600)
HUB_TESTS = Path(__file__).parents[1] / "hub" / "conftest.py"
SHOP = Path(__file__).parents[3] / "assets" / "malls" / "shop"
SKU = "silk-blouse-ivory-s"


@pytest.fixture
def hub(tmp_path):
    spec = importlib.util.spec_from_file_location("hub_conftest", HUB_TESTS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    process = module.HubProcess(tmp_path / "hub")
    process.start()
    yield process
    process.kill()


def publish(opened, site, price, stock):
    """The shop's table with another price for one style, and other stock of one product."""
    drafts = []
    for section, key, body in product_records(Products.from_csv(SHOP / "products.csv")):
        if body.get("style") == "silk-blouse":
            drafts.append((section, key, body | {"price": price}))
        elif section == "stock":
            drafts.append((section, key, {"stock": stock}))
        else:
            drafts.append((section, key, body))
    opened.shelf.publish(site, drafts)


def shown(service):
    """Price and stock that the mirror is told; None while the core is being renewed."""
    with EdgeClient(service.url) as client:
        try:
            [product] = client.shop.products([SKU]).products
        except Exception:  # noqa: BLE001 - no product, or no service just now
            return None
        return str(product.price), product.stock


def test_a_store_pc_follows_its_hub_and_keeps_what_it_was_told(hub, site_file, tmp_path):
    path = site_file(port := free_port())
    opened = Hub.open(hub.folder)
    site = "silverstitch"
    opened.store.add_site(Site(site, "Silverstitch", "EUR"))
    publish(opened, site, "61.00", 7)
    code = opened.store.new_code(site)
    command = [sys.executable, "-m", "edge_core", "enrol", hub.url, code, "--site", str(path)]
    done = subprocess.run(
        [*command, "--ca", str(hub.ca)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    key = path.with_name("hub.key")
    assert key.stat().st_mode & 0o077 == 0
    path.write_text(path.read_text().replace("[hub]\n", "[hub]\nevery_s = 1\n"))
    service = Service(path, port).start()
    try:
        until(lambda: shown(service) == ("61.00", 7), 90, "the hub's catalogue is in use")
        until(lambda: (it := service.health()) and it.hub.state == "well", 30, "connected")
        core = service.worker("core").pid
        publish(opened, site, "61.00", 3)
        until(lambda: shown(service) == ("61.00", 3), 60, "new stock")
        assert service.worker("core").pid == core, "stock alone needs no new core process"
        hub.kill()
        until(lambda: service.health().hub.state == "waiting", 60, "the hub is missed")
        service.kill_all()
        service.start()
        until(lambda: shown(service) == ("61.00", 3), 90, "the last good catalogue without a hub")
        hub.start()
        publish(opened, site, "59.00", 3)
        until(lambda: shown(service) == ("59.00", 3), 120, "the hub is back")
        until(lambda: opened.store.devices()[0].health.cameras_well > 0, 30, "the hub was told")
    finally:
        service.stop()
        opened.store.close()
    assert hub.url in path.read_text()
