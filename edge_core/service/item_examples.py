"""Examples of tags, garments, items and sales, for the API's description."""

from typing import Any, Final

TAGS: Final[dict[str, Any]] = {
    "at": "2026-05-01T09:12:03.250000Z",
    "tags": [
        {
            "epc": "3034f4e4e40000c000000003",
            "reader": "coats-rail",
            "antenna": 2,
            "zone": "coats",
            "uri": "urn:epc:id:sgtin:4012345.000003.3",
            "gtin": "04012345000030",
            "sku": "coat-wool-m",
            "moving": 0.93,
            "last_seen": "2026-05-01T09:12:03.120000Z",
        },
        {
            "epc": "e2801160",
            "reader": "coats-rail",
            "antenna": 1,
            "zone": None,
            "uri": "unknown",
            "gtin": None,
            "sku": None,
            "moving": None,
            "last_seen": "2026-05-01T09:12:01.800000Z",
        },
    ],
    "by_zone": {"coats": 1},
}

GARMENTS: Final[dict[str, Any]] = {
    "at": "2026-05-01T09:12:03.250000Z",
    "zones": {
        "room-1": [
            {
                "key": "3034f4e4e40000c000000003",
                "sku": "coat-wool-m",
                "name": "Wool coat",
                "name_zh": "羊毛大衣",
                "size": "M",
                "colour": "Navy",
                "colour_zh": "藏青",
                "tint": "#27364f",
                "picture": "coat",
                "price": "189.00",
                "since": "2026-05-01T09:12:01.100000Z",
            }
        ],
        "room-2": [],
    },
}

ITEMS: Final[dict[str, Any]] = {
    "start": "2026-04-30T22:00:00Z",
    "end": "2026-05-01T22:00:00Z",
    "items": [
        {
            "sku": "coat-wool-m",
            "name": "Wool coat",
            "name_zh": "羊毛大衣",
            "size": "M",
            "colour": "Navy",
            "picture": "coat",
            "tint": "#27364f",
            "touched": 31,
            "picked": 12,
            "tried": 5,
            "left": 8,
            "misplaced": 1,
            "bought": 3,
            "bought_after_pick": 3,
            "bought_after_try": 2,
            "visits": 22,
        }
    ],
    "per_visit": {"visits": 61, "touched": 2.8, "picked": 0.9, "tried": 0.3},
}

ITEM_EVENT: Final[dict[str, Any]] = {
    "id": 48212,
    "kind": "item",
    "at": "2026-05-01T09:12:20.500000Z",
    "camera": "coats-rail",
    "place": "coats-1",
    "data": {
        "action": "picked-up",
        "sku": "coat-wool-m",
        "gtin": "04012345000030",
        "start_utc_ns": 1777626728000000000,
        "duration_s": 12.5,
        "confidence": 0.91,
        "visit": 4183,
        "visit_confidence": 0.83,
    },
}

SALES: Final[dict[str, Any]] = {
    "transactions": [
        {
            "transaction": "1047",
            "time_utc": "2026-05-01T09:31:40Z",
            "lines": [{"sku": "coat-wool-m", "quantity": 1}],
        }
    ]
}

SALES_CSV: Final = "transaction,time_utc,sku,quantity\n1047,2026-05-01T09:31:40Z,coat-wool-m,1\n"

TILL_RECEIPT: Final[dict[str, Any]] = {
    "kept": 1,
    "known": 0,
    "lines": 1,
    "unknown_skus": [],
    "refused": [
        {
            "transaction": "1048",
            "line": 4,
            "reason": "quantity: Input should be a valid integer",
            "remedy": "Write a whole number, negative for what is taken back, not 0.",
        }
    ],
}

TILL_PROBLEM: Final[dict[str, Any]] = {
    "title": "Unprocessable Entity",
    "status": 422,
    "message": "The file lacks the column sku.",
    "remedy": "Write transaction,time_utc,sku,quantity into its first line;"
    " separate columns by commas.",
}
