"""What suggestions know of the stores at a moment."""

from datetime import UTC, datetime
from pathlib import Path

from edge_core.config import ClosureConfig, OffersConfig, load_directory, load_site
from edge_core.service.guide import Guide
from edge_core.service.store_facts import StoreGuide

MALL = Path(__file__).parents[3] / "assets" / "malls" / "mall"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_store_closed_this_minute_is_closed_for_suggestions_and_open_again_after():
    site = load_site(MALL / "site.toml")
    directory = load_directory(MALL / "directory.toml", site)
    ways = Guide(site, directory)
    guide = StoreGuide(site, directory, OffersConfig(), lambda: ways)
    store = next(it for it in guide.open_stores(NOON))
    ways.close(ClosureConfig(what=store, text="Closed"))
    assert guide.minutes_open(store, NOON) == 0
    assert store not in guide.open_stores(NOON)
    ways.reopen(store)
    assert guide.minutes_open(store, NOON) > 0


def test_stores_are_as_far_as_the_ways_say():
    site = load_site(MALL / "site.toml")
    directory = load_directory(MALL / "directory.toml", site)
    ways = Guide(site, directory)
    facts = StoreGuide(site, directory, OffersConfig(), lambda: ways).facts("kiosk", NOON, {})
    told = ways.directory().walks_s["kiosk"]
    assert {it.id: it.walk_s for it in facts} == {it.id: told.get(it.id) for it in facts}
    assert len([it for it in facts if it.walk_s]) > 40
