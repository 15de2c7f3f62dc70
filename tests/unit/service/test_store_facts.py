"""What suggestions know of the stores at a moment."""

from datetime import UTC, datetime
from pathlib import Path

from edge_core.config import OffersConfig, load_directory, load_site
from edge_core.service.store_facts import StoreGuide

MALL = Path(__file__).parents[3] / "assets" / "malls" / "mall"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_store_closed_this_minute_is_closed_for_suggestions_and_open_again_after():
    site = load_site(MALL / "site.toml")
    directory = load_directory(MALL / "directory.toml", site)
    closed: set[str] = set()
    guide = StoreGuide(site, directory, OffersConfig(), lambda: closed)
    store = next(it for it in guide.open_stores(NOON))
    closed.add(store)
    assert guide.minutes_open(store, NOON) == 0
    assert store not in guide.open_stores(NOON)
    closed.clear()
    assert guide.minutes_open(store, NOON) > 0
    guide.wait_for_ways()
