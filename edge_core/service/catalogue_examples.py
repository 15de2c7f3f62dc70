"""Examples of answers about products, for the API's description."""

from typing import Any, Final

_COAT: Final[dict[str, Any]] = {
    "sku": "belted-coat-camel-m",
    "style": "belted-coat",
    "name": "Belted wool coat",
    "name_zh": "束带羊毛大衣",
    "size": "M",
    "colour": "Camel",
    "colour_zh": "驼色",
    "tint": "#b98a56",
    "picture": "belted-coat",
    "price": "189.00",
    "stock": 2,
    "rack": "women-wall-2",
    "nearby": {"harbour": 3},
}
PRODUCTS: Final[dict[str, Any]] = {"products": [_COAT]}
STYLE: Final[dict[str, Any]] = {
    "style": "belted-coat",
    "department": "women",
    "category": "coat",
    "material": "90% wool, 10% cashmere",
    "material_zh": "90% 羊毛,10% 羊绒",
    "care": ["dry-clean", "no-wash"],
    "products": [_COAT],
    "goes_with": [],
}
