"""Examples of suggestions for the API's description; tests hold them to their models."""

from typing import Any, Final

SESSION_ID: Final = "mPwC3bq0Jr7T1v5yXcZ2dg"
SESSION: Final[dict[str, Any]] = {
    "session": SESSION_ID,
    "choice": "seen",
    "personal": True,
    "why_not": None,
    "estimates": {"age": {"18-34": 0.6, "35-54": 0.38, "55+": 0.02}},
    "stores_visited": ["bakery"],
    "ends_after_s": 90.0,
}
ENDED: Final[dict[str, Any]] = {
    "known": True,
    "wiped_at": "2026-05-01T09:12:03Z",
    "forgotten": {"receipt": "5f0c29ab", "people": 1, "tracks": 3, "appearances": 2, "visits": 1},
}
STORES: Final[dict[str, Any]] = {
    "personal": True,
    "why_not": None,
    "stores": [
        {
            "store": "shoes",
            "score": 1.31,
            "reasons": [
                {"code": "like-you", "params": {}},
                {"code": "near", "params": {"walk_s": 48}},
            ],
            "walk_s": 48.2,
            "closes_in_min": 351.0,
            "crowd": 0.2,
        }
    ],
}
OFFER: Final[dict[str, Any]] = {
    "coupon": "shoes-10",
    "store": "shoes",
    "title": "10% off all shoes",
    "title_zh": "全场鞋履九折",
    "value": "10%",
    "expires_at": "2026-05-01T12:12:03Z",
}
COUPON: Final = {"coupon": OFFER}
TAKE_HOME: Final[dict[str, Any]] = {
    "text": "PROMENADE1 linden-court a1b2c3d4\n10% off all shoes\n"
    "Ground floor, 1 min: past the fountain, second door on the left\n"
    "shoes-10 10% 2026-05-01T12:12Z 4fKq0m1xS5q9WcyY2nB1Jw\n<86 characters of signature>",
    "coupon": OFFER,
}
LIST: Final[dict[str, Any]] = {
    "url": "https://list.shop.example/l/AS5ChREByVZEX2hQXIQkrQEDg6YyZ7HrAA<signature>",
    "expires_at": "2026-05-31T09:12:00Z",
}
ITEMS: Final[dict[str, Any]] = {
    "items": [
        {
            "sku": "trousers-sand-m",
            "score": 0.71,
            "reasons": [
                {"code": "tried-together", "params": {"sku": "blouse-ivor-m"}},
                {"code": "in-stock", "params": {"rack": "women-wall-2"}},
            ],
            "stock": 3,
            "rack": "women-wall-2",
        }
    ]
}
OUTFITS: Final[dict[str, Any]] = {
    "outfits": [
        {
            "pieces": [
                {"slot": "top", "sku": "blouse-ivor-m", "own": True, "stock": 2, "rack": None},
                {
                    "slot": "bottom",
                    "sku": "skirt-sand-m",
                    "own": False,
                    "stock": 3,
                    "rack": "women-wall-2",
                },
            ],
            "score": 0.82,
            "in_stock": True,
            "reasons": [{"code": "colours", "params": {"sku": "blouse-ivor-m"}}],
        }
    ]
}
REDEMPTIONS: Final[dict[str, Any]] = {"kept": 1, "known": 0, "refused": []}
