"""A site's own files, published."""

from pathlib import Path
from typing import get_args

from edge_core.config import SiteConfig
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.hub.tables import CHAIN
from edge_core.service.check import read_directory, read_offers, read_products
from edge_core.sync.protocol import Section
from edge_core.sync.sections import (
    directory_records,
    offers_records,
    product_records,
    site_records,
)


def publish_files(hub: Hub, site: SiteConfig, folder: Path, catalogue_for_all: bool) -> int:
    """Publish what a site file and the files it names say.

    Args:
        hub: where.
        site: whose; added to the hub, or renamed.
        folder: what its paths are relative to.
        catalogue_for_all: of it, the products alone, for all sites of the chain.

    Returns:
        How many records changed.

    Raises:
        ConfigError: a file says something wrong.
        SourceError: the table of products does.
    """
    products = list(product_records(read_products(site, folder)))
    if catalogue_for_all:
        drafts = [it for it in products if it[0] == "products"]
        return hub.shelf.publish(CHAIN, drafts, {"products"})
    directory = read_directory(site, folder)
    drafts = [*directory_records(directory), *products, *site_records(site)]
    if site.service.offers is not None:
        drafts += offers_records(read_offers(site, folder, directory))
    hub.store.add_site(Site(site.site.id, site.site.name, site.site.currency))
    return hub.shelf.publish(site.site.id, drafts, set(get_args(Section)))
