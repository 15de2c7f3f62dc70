"""What the hub tells takes the place of the site's own files, whole, or not at all."""

import logging
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.clock import ManualClock
from edge_core.config import PrivacyConfig, load_site
from edge_core.errors import ConfigError
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore
from edge_core.hub.tables import open_database
from edge_core.service.check import read_directory, read_offers, read_products
from edge_core.service.running import differs_in_stock_only, read_running, running_by
from edge_core.sync.content import Content, ContentFile, Draft
from edge_core.sync.device_key import DeviceKey
from edge_core.sync.sections import (
    directory_records,
    offers_records,
    product_records,
    site_records,
    stricter,
)

MALLS = Path(__file__).parents[3] / "assets" / "malls"


@pytest.fixture(params=["mall", "shop"])
def folder(request, tmp_path):
    return shutil.copytree(MALLS / request.param, tmp_path / request.param)


@pytest.fixture
def site(folder):
    return load_site(folder / "site.toml")


@pytest.fixture
def shelf():
    store = HubStore(open_database("sqlite://"), ManualClock())
    yield Shelf(store, Ed25519PrivateKey.generate())
    store.close()


def _all_records(site, folder):
    directory = read_directory(site, folder)
    return [
        *directory_records(directory),
        *offers_records(read_offers(site, folder, directory)),
        *product_records(read_products(site, folder)),
        *site_records(site),
    ]


def _pull(shelf, site):
    draft = Draft(Content(site.site.id))
    while (content := draft.add(shelf.page(site.site.id, draft.since))) is None:
        pass
    return content


def test_files_that_went_over_the_hub_say_the_same(shelf, site, folder):
    shelf.publish(site.site.id, _all_records(site, folder))
    there, here = running_by(site, folder, _pull(shelf, site)), running_by(site, folder, None)
    assert there.parts.directory == here.parts.directory
    assert there.parts.offers == here.parts.offers
    assert list(there.parts.products) == list(here.parts.products)
    assert there.site == here.site == site


def test_a_section_the_hub_does_not_tell_stays_the_sites_own(shelf, site, folder):
    shelf.publish(site.site.id, [("shops", "x", {"id": "x", "name": "X"})])
    own, told = running_by(site, folder, None), running_by(site, folder, _pull(shelf, site))
    assert told.parts.directory == own.parts.directory
    assert list(told.parts.products) == list(own.parts.products)


def test_stock_alone_is_told_from_all_else(shelf, site, folder):
    records = _all_records(site, folder)
    shelf.publish(site.site.id, records)
    before = running_by(site, folder, _pull(shelf, site))
    stocked = [(s, k, b | {"stock": 77} if s == "stock" else b) for s, k, b in records]
    shelf.publish(site.site.id, stocked)
    after = running_by(site, folder, _pull(shelf, site))
    assert differs_in_stock_only(before, after)
    settings = {"opens": "11:00:00", "closes": "20:00:00", "languages": ["en"]}
    shelf.publish(site.site.id, [("settings", "all", settings)])
    later = running_by(site, folder, _pull(shelf, site))
    assert not differs_in_stock_only(after, later)
    assert later.site.site.opens.hour == 11


def test_the_hub_can_make_privacy_stricter_but_not_weaker():
    own = PrivacyConfig(minimum_group=8, event_days=90, embedding_ttl_s=600)
    weak = PrivacyConfig(minimum_group=2, event_days=3650, embedding_ttl_s=43_200)
    assert stricter(own, weak) == own
    strict = PrivacyConfig(minimum_group=20, event_days=30, embedding_ttl_s=60)
    assert stricter(own, strict) == strict


@pytest.mark.parametrize("folder", ["mall"], indirect=True)
def test_content_that_does_not_fit_the_plan_names_what_is_wrong(shelf, site, folder):
    records = _all_records(site, folder)
    moved = [
        (s, k, b | {"zone": "no-such-zone"} if (s, k) == ("stores", "bakery") else b)
        for s, k, b in records
    ]
    shelf.publish(site.site.id, moved)
    with pytest.raises(ConfigError, match=r"no zone of this id|stores.*floor|mixture"):
        running_by(site, folder, _pull(shelf, site))
    strange = [(s, k, b | {"store": "nowhere"} if s == "coupons" else b) for s, k, b in records]
    shelf.publish(site.site.id, strange)
    with pytest.raises(ConfigError, match="no store of this id"):
        running_by(site, folder, _pull(shelf, site))


@pytest.mark.parametrize("folder", ["mall"], indirect=True)
def test_kept_content_that_fits_no_more_gives_way_to_the_sites_own_files(
    shelf, site, folder, caplog
):
    told = [(s, k, b | {"text": "from the hub"} if s == "stores" else b)
            for s, k, b in _all_records(site, folder)]  # fmt: skip
    shelf.publish(site.site.id, told)
    key = DeviceKey("https://hub.example", site.site.id, "d", shelf.public_key, "00" * 32)
    key.save(folder / "hub.key")
    hub = site.hub.model_copy(update={"url": key.url})
    site = site.model_copy(update={"hub": hub})
    ContentFile(folder / hub.content, key.signer, site.site.id).swap(_pull(shelf, site))
    running = read_running(site, folder)
    assert {it.text for it in running.parts.directory.stores} == {"from the hub"}
    assert running.revision > 0
    rebuilt = site.model_copy(update={"floors": site.floors[:1], "zones": ()})
    own = folder / "directory.toml"
    own.write_text("")
    rebuilt = rebuilt.model_copy(
        update={"service": site.service.model_copy(update={"offers": None})}
    )
    with caplog.at_level(logging.WARNING):
        running = read_running(rebuilt, folder)
    assert (running.revision, running.parts.directory.stores) == (0, ())
    assert "does not fit" in caplog.text
