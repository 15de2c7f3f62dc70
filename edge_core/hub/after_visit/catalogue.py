"""What a list's page and a reminder tell of garments: names, prices, what is left, outfits."""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import or_, select

from edge_core.config import Product
from edge_core.hub import tables as t
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore, Site
from edge_core.service.garments import garment_of
from edge_core.suggest.list_link import Listed
from edge_core.suggest.outfits import outfits
from edge_core.suggest.together import Together

_IDEAS: Final = 2


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another shop of the chain that has a garment.

    Attributes:
        name, name_zh: the shop's.
        where, where_zh: how to find it, or "".
        minutes: the way there from where the list was made; None when nobody told.
        pieces: how many it had when it last told.
    """

    name: str
    name_zh: str
    where: str
    where_zh: str
    minutes: int | None
    pieces: int


@dataclass(frozen=True, slots=True)
class Line:
    """One garment of a list.

    Attributes:
        product: one size and colour.
        tried: it was with the shopper at the mirror.
        here: pieces where the list was made; None = nobody told.
        nearby: other shops that have it, the nearest first.
    """

    product: Product
    tried: bool
    here: int | None
    nearby: tuple[Nearby, ...]

    @property
    def pieces(self) -> int | None:
        """Pieces at all those shops; None when nobody told of any."""
        if self.here is None and not self.nearby:
            return None
        return (self.here or 0) + sum(it.pieces for it in self.nearby)


@dataclass(frozen=True, slots=True)
class Idea:
    """An outfit: what is on the list, and what goes with it."""

    own: tuple[Product, ...]
    added: tuple[Product, ...]


class Catalogue:
    """Looks things up for one hub; methods may be called from any thread.

    Args:
        store: what the sites told.
        shelf: what the hub tells.
    """

    def __init__(self, store: HubStore, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._turn = threading.Lock()
        self._pools: dict[str, tuple[int, dict[str, Product]]] = {}

    def site(self, site: str) -> Site | None:
        """A site by its id."""
        return next((it for it in self._store.sites() if it.id == site), None)

    def lines(self, site: str, items: Iterable[Listed]) -> list[Line]:
        """The garments of a list that the catalogue knows, in the list's order."""
        products = self._products(site)
        known = [(products[it.gtin], it.tried) for it in items if it.gtin in products]
        stock = self._stock([product.gtin for product, _ in known])
        names = {it.id: it.name for it in self._store.sites()}
        shops = self._shelf.bodies(site, "shops")
        return [
            Line(
                product,
                tried,
                stock.get((product.gtin, site), {}).get("stock"),
                _nearby(product.gtin, site, stock, names, shops),
            )
            for product, tried in known
        ]

    def ideas(self, site: str, lines: Sequence[Line]) -> list[Idea]:
        """Outfits round what was tried, or looked at where nothing was; of what the site has."""
        chosen = [it.product for it in lines if it.tried] or [it.product for it in lines]
        pool = self._products(site)
        stock = {
            gtin: body.get("stock") for gtin, body in self._shelf.bodies(site, "stock").items()
        }
        garments = [garment_of(it, stock.get(it.gtin)) for it in pool.values()]
        by_sku = {it.sku: it for it in pool.values()}
        found = outfits([garment_of(it) for it in chosen], garments, Together(), _IDEAS)
        return [
            Idea(
                tuple(by_sku[it.garment.sku] for it in outfit.pieces if it.own),
                tuple(by_sku[it.garment.sku] for it in outfit.pieces if not it.own),
            )
            for outfit in found
        ]

    def _products(self, site: str) -> dict[str, Product]:
        """By GTIN; read anew when the hub's content has changed."""
        revision = self._shelf.revision(site)
        with self._turn:
            known = self._pools.get(site)
        if known is not None and known[0] == revision:
            return known[1]
        bodies = self._shelf.bodies(site, "products")
        products = {gtin: Product.model_validate(body) for gtin, body in bodies.items()}
        with self._turn:
            self._pools[site] = (revision, products)
        return products

    def _stock(self, gtins: Sequence[str]) -> dict[tuple[str, str], dict[str, Any]]:
        """What every site told last of these, by GTIN and site."""
        c = t.records.c
        query = select(c.site, c.key, c.body).where(
            c.section == "stock", c.body.is_not(None), or_(*(c.key == gtin for gtin in gtins))
        )
        if not gtins:
            return {}
        with self._store.engine.connect() as connection:
            return {(row.key, row.site): json.loads(row.body) for row in connection.execute(query)}


def _nearby(
    gtin: str,
    site: str,
    stock: Mapping[tuple[str, str], Mapping[str, Any]],
    names: Mapping[str, str],
    shops: Mapping[str, Mapping[str, Any]],
) -> tuple[Nearby, ...]:
    """Other shops with at least one piece; what a shop tells of itself counts before hearsay."""
    pieces: dict[str, int] = dict(stock.get((gtin, site), {}).get("nearby", {}))
    for (of, where), body in stock.items():
        if of == gtin and where not in (site, t.CHAIN) and body.get("stock") is not None:
            pieces[where] = int(body["stock"])
    found = []
    for shop, count in pieces.items():
        told = shops.get(shop, {})
        name = str(told.get("name") or names.get(shop, ""))
        if count > 0 and name:
            found.append(
                Nearby(
                    name,
                    str(told.get("name_zh") or name),
                    str(told.get("where", "")),
                    str(told.get("where_zh") or told.get("where", "")),
                    told.get("minutes"),
                    count,
                )
            )
    far = 10_000
    return tuple(sorted(found, key=lambda it: (it.minutes or far, it.name)))
