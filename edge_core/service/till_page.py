"""A page for tills without a network: one HTML file that takes coupons once."""

import json
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_core.config import SiteSection

_TEMPLATE: Final = Path(__file__).with_name("till.html")
_PLACE: Final = "__SHOP__"


def till_page(site: SiteSection, key: Ed25519PublicKey) -> str:
    """The page for one mall, complete by itself: its name and public key are written into it.

    It checks signatures with the browser's WebCrypto, or by itself where that knows no Ed25519,
    and remembers used coupons in the browser: on each till, so a coupon that was copied could be
    taken once at each of several tills that are offline.
    """
    shop = {
        "mall": site.id,
        "name": site.name,
        "name_zh": site.name_zh,
        "key": key.public_bytes_raw().hex(),
    }
    # "</script>" within a name must not end the element it stands in.
    told = json.dumps(shop, ensure_ascii=False).replace("<", "\\u003c")
    return _TEMPLATE.read_text(encoding="utf-8").replace(_PLACE, told)
