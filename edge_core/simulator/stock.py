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

_PREFIX_DIGITS: Final = 7
"""Of the made-up company's GS1 prefix."""
_INSET_M: Final = 0.12


def read_stock(site: SiteConfig, folder: Path, each: int) -> list[Garment]:
    """Hang the products of a site on their racks.

    Args:
        site: with racks and a table of products; without either there is nothing.
        folder: of site.toml.
        each: pieces of every product.

    Raises:
        SourceError: the table of products cannot be read.
    """
    if site.service.products is None or each == 0:
        return []
    products = Products.from_csv(folder / site.service.products)
    return hang_stock(site, list(products), each)


def hang_stock(site: SiteConfig, products: Sequence[Product], each: int) -> list[Garment]:
    """Hang so many pieces of every product that has a rack, evenly along the rack's outline."""
    by_rack: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.rack is not None:
            by_rack[product.rack].append(product)
    garments = []
    for rack in site.racks:
        own = by_rack[rack.id]
        ring = shapely.Polygon(rack.polygon_m).buffer(-_INSET_M).exterior
        pieces = [(product, piece) for piece in range(each) for product in own]
        for place, (product, piece) in enumerate(pieces):
            point = ring.interpolate((place + 0.5) / len(pieces), normalized=True)
            home_m = (float(point.x), float(point.y), HANGING_M)
            garments.append(Garment(epc_of(product.gtin, piece + 1), home_m))
    return garments


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
