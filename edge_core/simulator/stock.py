"""The garments of a simulated shop: on the racks that the table of products names, tagged."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue

from edge_core.config import Product, Products, SiteConfig
from edge_core.simulator.handling import HANGING_M, Garment
from edge_core.simulator.scene import Scene

_PREFIX_DIGITS: Final = 7
"""Of the made-up company's GS1 prefix."""
_INSET_M: Final = 0.12


def read_stock(scene: Scene, folder: Path) -> list[Garment]:
    """Hang the products of a scene's site on their racks.

    Args:
        scene: its site has racks and a table of products; without either there is nothing.
        folder: of site.toml.

    Raises:
        SourceError: the table of products cannot be read.
    """
    site, config = scene.site, scene.config
    if site.service.products is None or config.pieces_each == 0:
        return []
    products = Products.from_csv(folder / site.service.products)
    return hang_stock(site, list(products), config.pieces_each, config.products_a_rack)


def hang_stock(
    site: SiteConfig, products: Sequence[Product], each: int, most: int | None = None
) -> list[Garment]:
    """Hang garments on the racks that an antenna looks at, evenly along each rack's outline.

    Args:
        site: with racks and readers.
        products: those with a rack are hung there.
        each: pieces of every product.
        most: as many products a rack, taken evenly over the table, so that many styles hang;
            None for all.
    """
    by_rack: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.rack is not None:
            by_rack[product.rack].append(product)
    read = {antenna.rack for reader in site.readers for antenna in reader.antennas}
    garments = []
    for rack in site.racks:
        own = _spread(by_rack[rack.id], most) if rack.id in read else []
        ring = shapely.Polygon(rack.polygon_m).buffer(-_INSET_M).exterior
        pieces = [(product, piece) for piece in range(each) for product in own]
        for place, (product, piece) in enumerate(pieces):
            point = ring.interpolate((place + 0.5) / len(pieces), normalized=True)
            home_m = (float(point.x), float(point.y), HANGING_M)
            garments.append(Garment(epc_of(product.gtin, piece + 1), home_m))
    return garments


def _spread(products: Sequence[Product], most: int | None) -> list[Product]:
    if most is None or len(products) <= most:
        return list(products)
    return [products[(2 * place + 1) * len(products) // (2 * most)] for place in range(most)]


def tilts(count: int, seed: int) -> np.ndarray:
    """Angles of tags to the readers' antennas, float64 (count,), radians."""
    return np.random.default_rng(seed).uniform(0, np.pi / 4, count)


def epc_of(gtin: str, serial: int) -> str:
    """EPC of one piece of a product: SGTIN-96, lower-case hexadecimal.

    Args:
        gtin: fourteen digits, whose company has a prefix of seven.
        serial: 0..2**38-1.
    """
    company, item = gtin[1 : 1 + _PREFIX_DIGITS], gtin[0] + gtin[1 + _PREFIX_DIGITS : 13]
    scheme = SGTIN.BinaryCodingScheme.SGTIN_96
    said = SGTIN(f"urn:epc:id:sgtin:{company}.{item}.{serial}")
    return said.hex(binary_coding_scheme=scheme, filter_value=SGTINFilterValue.POS_ITEM).lower()
