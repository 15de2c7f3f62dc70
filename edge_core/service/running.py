"""What the service runs by: the site's own files, and in their place what the hub told."""

import logging
from dataclasses import dataclass
from pathlib import Path

from edge_core.config import DirectoryConfig, OffersConfig, SiteConfig
from edge_core.config.directory import directory_problems
from edge_core.config.offers import unknown_stores
from edge_core.errors import ConfigError, Problem, SourceError
from edge_core.service.check import (
    check_products,
    coupon_key,
    read_directory,
    read_offers,
    read_products,
)
from edge_core.service.lists import lists_key
from edge_core.service.parts import Parts
from edge_core.sync.content import Content, ContentFile
from edge_core.sync.device_key import DeviceKey
from edge_core.sync.sections import directory_of, offers_of, products_of, site_of

_REMEDY = "Correct it at the hub and publish again, or in site.toml."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """Settings and content of a running service; goes from process to process.

    Attributes:
        own: as site.toml says.
        site: the same with what the hub sets of it.
        folder: of site.toml; relative paths start there.
        parts: stores, coupons and products.
        revision: of the hub's content; 0 = all is the site's own.
    """

    own: SiteConfig
    site: SiteConfig
    folder: Path
    parts: Parts
    revision: int = 0


def read_running(site: SiteConfig, folder: Path) -> Running:
    """What a service begins with; the hub's last good content, where it fits.

    Args:
        site: the site file's settings.
        folder: its folder.

    Raises:
        ConfigError: the site's own directory, offers or products say something wrong.
        SourceError: the table of products or the coupons' key cannot be used.
    """
    own = running_by(site, folder, None)
    content = kept_content(site, folder)
    if content is None:
        return own
    try:
        return running_by(site, folder, content)
    except ConfigError as error:
        log.warning("what the hub told does not fit the site file any more: %s", error)
        return own


def kept_content(site: SiteConfig, folder: Path) -> Content | None:
    """The last good content of the hub; None without a hub, a key, or any content yet."""
    if not site.hub.url:
        return None
    try:
        key = DeviceKey.load(folder / site.hub.key)
    except SourceError:
        return None  # told by `HubLink` and the self-test
    return ContentFile(folder / site.hub.content, key.signer, site.site.id).load()


def running_by(own: SiteConfig, folder: Path, content: Content | None) -> Running:
    """Put content in the place of the site's own files, section by section.

    Args:
        own: the site file's settings.
        folder: its folder.
        content: of the hub; None for the site's own files alone.

    Raises:
        ConfigError: content that does not fit the site, or as `read_running`.
        SourceError: as `read_running`.
    """
    said = content or Content(own.site.id)
    site = site_of(said, own)
    directory = directory_of(said)
    if directory is None:
        directory = read_directory(own, folder)
    elif problems := directory_problems(directory, site):
        raise ConfigError("The hub's content", problems)
    products = products_of(said)
    if products is None:
        products = read_products(own, folder)
    else:
        check_products(site, products, "the hub's products")
    offers = _offers(said, own, folder, directory)
    coupons, lists = coupon_key(own, folder, directory), lists_key(own, folder)
    parts = Parts(directory, offers, products, coupons, lists)
    return Running(own, site, folder, parts, said.revision)


def _offers(
    content: Content, own: SiteConfig, folder: Path, directory: DirectoryConfig
) -> OffersConfig:
    offers = offers_of(content)
    if offers is None:
        return read_offers(own, folder, directory)
    strangers = unknown_stores(offers, {store.id for store in directory.stores})
    if strangers:
        reason = "the directory has no store of this id"
        problems = [Problem(None, key, store, reason, _REMEDY) for key, store in strangers]
        raise ConfigError("The hub's content", problems)
    return offers


def differs_in_stock_only(old: Running, new: Running) -> bool:
    """Whether nothing but what is left of the products has changed."""

    def rest(running: Running) -> tuple[object, ...]:
        rows = [
            it.model_copy(update={"stock": None, "nearby": {}}) for it in running.parts.products
        ]
        return (running.site, running.parts.directory, running.parts.offers, rows)

    return rest(old) == rest(new)
