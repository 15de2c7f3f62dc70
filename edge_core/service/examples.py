"""Examples for the OpenAPI page; a test holds each against its model."""

from typing import Any, Final

SITE: Final[dict[str, Any]] = {
    "id": "harbour",
    "name": "Harbour Shop",
    "name_zh": "海港商店",
    "timezone": "Europe/Berlin",
    "opens": "10:00:00",
    "closes": "20:00:00",
    "languages": ["en", "zh"],
    "minimum_group": 5,
    "privacy_pack": "eu",
    "off": ["face-attributes", "returning-visitors", "across-cameras"],
    "currency": "EUR",
    "floors": [
        {
            "id": "ground",
            "name": "Ground floor",
            "name_zh": "一层",
            "level": 0,
            "outline_m": [[0, 0], [12, 0], [12, 8], [0, 8]],
            "fixtures": [{"kind": "rack", "polygon_m": [[3, 2], [5, 2], [5, 3], [3, 3]]}],
        }
    ],
    "zones": [
        {
            "id": "coats",
            "name": "Coats",
            "name_zh": "外套",
            "floor": "ground",
            "kind": "department",
            "polygon_m": [[2, 1], [6, 1], [6, 4], [2, 4]],
        }
    ],
    "racks": [
        {
            "id": "coats-1",
            "name": "Coats, wall",
            "name_zh": "外套墙",
            "floor": "ground",
            "zone": "coats",
            "polygon_m": [[3, 2], [5, 2], [5, 3], [3, 3]],
        }
    ],
    "lines": [
        {
            "id": "main-door",
            "name": "Main door",
            "name_zh": "正门",
            "camera": "door",
            "entrance": True,
            "floor": "ground",
            "start_m": [5, 7.5],
            "end_m": [7, 7.5],
        }
    ],
    "cameras": [{"id": "door", "name": "Door", "floor": "ground", "position_m": [6, 7.9]}],
    "screens": [
        {
            "id": "lobby",
            "kind": "kiosk",
            "floor": "ground",
            "position_m": [8, 7],
            "facing_deg": 0,
            "language": "en",
            "zone": None,
        }
    ],
    "programme": [
        {
            "title": "Spring evening",
            "title_zh": "春日之夜",
            "place": "Coats",
            "place_zh": "外套",
            "start": "17:00:00",
            "end": "19:00:00",
        }
    ],
}

LIVE: Final[dict[str, Any]] = {
    "at": "2026-05-01T09:12:03.250000Z",
    "latency_ms": 84.0,
    "people": [
        {
            "number": 4183,
            "floor": "ground",
            "position_m": [4.2, 3.1],
            "velocity_m_s": [0.4, -0.1],
            "camera": "door",
            "box": [0.41, 0.22, 0.47, 0.58],
            "zones": ["coats"],
        }
    ],
    "by_zone": {"coats": 1},
}

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

COUNTS_TODAY: Final[dict[str, Any]] = {
    "date": "2026-05-01",
    "entered": 214,
    "left": 195,
    "inside": 19,
    "by_line": {"main-door": [214, 195]},
}

COUNTS: Final[dict[str, Any]] = {
    "today": COUNTS_TODAY,
    "buckets": [
        {
            "start": "2026-05-01T09:00:00Z",
            "line": "main-door",
            "entered": 12,
            "left": 9,
            "available": 1.0,
        },
        {
            "start": "2026-05-01T09:15:00Z",
            "line": "main-door",
            "entered": 0,
            "left": 0,
            "available": 0.0,
        },
    ],
}

OCCUPANCY: Final[dict[str, Any]] = {
    "at": "2026-05-01T09:21:00Z",
    "inside": 41,
    "low": 37,
    "high": 46,
    "in_view": 23,
    "staff": 6,
    "watched": 1.0,
    "counting_since": "2026-04-30T20:31:00Z",
    "today": [
        {"at": "2026-05-01T09:15:00Z", "inside": 39.2, "low": 35, "high": 44},
        {"at": "2026-05-01T09:20:00Z", "inside": None, "low": None, "high": None},
    ],
}

VISITS: Final[dict[str, Any]] = {
    "date": "2026-05-01",
    "entered": {
        "counted": 431,
        "estimate": 442,
        "low": 433,
        "high": 454,
        "audited": 212,
        "audited_at": "2026-04-12T13:00:00Z",
    },
    "left": {"counted": 402},
    "visits": 412,
    "again": 21,
    "seen_in": {"complete": 371, "entry-only": 22, "exit-only": 14, "inside-only": 5},
    "groups": 63,
    "in_groups": 148,
    "staff": 14,
    "median_s": 871.0,
    "unique": {
        "uncorrected": 391,
        "estimate": 366,
        "low": 351,
        "high": 382,
        "split": 0.0912,
        "merged": 0.0294,
        "audited_clusters": 274,
        "audited_persons": 257,
        "audited_at": "2026-04-12T13:00:00Z",
        "source": "walks",
    },
}

RATES: Final[dict[str, Any]] = {
    "of": "identity",
    "duplicates": 3,
    "clusters": 43,
    "absorbed": 1,
    "persons": 40,
    "source": "walks",
}

STAFF_MARKED: Final[dict[str, Any]] = {"number": 512, "staff": True}

HEALTH: Final[dict[str, Any]] = {
    "status": "degraded",
    "reasons": ["camera till is lost"],
    "version": "0.1.0",
    "uptime_s": 86400.0,
    "latency_ms_p95": 131.0,
    "privacy": {
        "pack": "eu",
        "off": ["face-attributes", "returning-visitors", "across-cameras"],
        "models": ["detector", "action"],
    },
    "workers": [
        {
            "name": "vision",
            "pid": 4711,
            "state": "running",
            "restarts": 0,
            "last_reason": "",
            "heartbeat_age_s": 0.1,
            "memory_mb": 212.0,
        }
    ],
    "cameras": [
        {
            "id": "till",
            "state": "lost",
            "detail": "connection refused",
            "size_px": [1280, 720],
            "received_fps": 0.0,
            "processed_fps": 0.0,
            "skipped": 18,
            "dropped": 0,
            "reconnects": 3,
            "frame_age_s": 41.5,
        }
    ],
    "readers": [
        {
            "id": "coats-rail",
            "state": "streaming",
            "detail": "",
            "antennas": 4,
            "antennas_configured": 4,
            "reads_per_s": 212.0,
            "tags": 180,
            "reconnects": 1,
            "malformed": 0,
            "dropped": 0,
        }
    ],
    "ledger": {
        "schema_version": 1,
        "events": 48210,
        "size_mb": 9.4,
        "ok": True,
        "backup_at": "2026-03-14T03:10:00Z",
    },
}

HEALTH_DOWN: Final[dict[str, Any]] = {
    "status": "down",
    "reasons": ["camera till is lost"],
    "version": "0.1.0",
    "uptime_s": 12.0,
}

PROBLEM: Final[dict[str, Any]] = {
    "title": "Unprocessable Entity",
    "status": 422,
    "message": "`end` is not after `start`.",
    "remedy": "Swap them, or leave them out for today.",
}

EVENT: Final[dict[str, Any]] = {
    "id": 48211,
    "kind": "crossing",
    "at": "2026-05-01T09:12:03.250000Z",
    "camera": "door",
    "place": "main-door",
    "data": {"direction": "in"},
}

METRICS: Final = """\
# HELP promenade_worker_restarts_total Times the process was started again
# TYPE promenade_worker_restarts_total counter
promenade_worker_restarts_total{worker="vision"} 0.0
"""

STREAM: Final = """\
id: 48210
retry: 1000

event: event
data: {"id":48211,"kind":"crossing","at":"2026-05-01T09:12:03.250000Z","camera":"door",\
"place":"main-door","data":{"direction":"in"}}
id: 48211

event: counts
data: {"date":"2026-05-01","entered":214,"left":195,"inside":19,"by_line":{"main-door":[214,195]}}

: ping

"""

DIRECTORY: Final[dict[str, Any]] = {
    "categories": [
        {"id": "books", "name": "Books", "name_zh": "图书", "words": ["read"], "words_zh": []}
    ],
    "stores": [
        {
            "id": "lantern",
            "name": "Lantern Books",
            "name_zh": "灯笼书店",
            "category": "books",
            "floor": "upper",
            "polygon_m": [[0, 0], [8, 0], [8, 6], [0, 6]],
            "doors_m": [[4, 6]],
            "unit": "104",
            "opens": "10:00:00",
            "closes": "20:00:00",
            "text": "Stories, maps and a reading corner.",
            "text_zh": "故事、地图与阅读角。",
            "products": ["books", "maps"],
            "products_zh": ["图书", "地图"],
            "picture": "lantern",
            "offers": [{"text": "Story time at three", "text_zh": "三点故事会"}],
            "watched": False,
        }
    ],
    "places": [
        {
            "id": "toilets",
            "name": "Toilets",
            "name_zh": "洗手间",
            "kind": "toilets",
            "floor": "upper",
            "at_m": [11, 1],
        }
    ],
    "connectors": [
        {
            "id": "lift",
            "name": "Lift",
            "name_zh": "电梯",
            "kind": "lift",
            "direction": "both",
            "stops": [
                {"floor": "ground", "at_m": [10, 4]},
                {"floor": "upper", "at_m": [10, 4]},
            ],
        }
    ],
    "closures": [
        {"id": "toilets", "what": "toilets", "text": "Being cleaned", "text_zh": "清洁中"}
    ],
    "sounds": {"灯笼书店": "deng1 long2 shu1 dian4"},
    "walks_s": {"lobby": {"lantern": 52.4}},
}

ROUTE: Final[dict[str, Any]] = {
    "start": "lobby",
    "goal": "lantern",
    "mode": "step-free",
    "seconds": 52.4,
    "metres": 14.9,
    "steps": [
        {
            "kind": "lift",
            "floor": "ground",
            "floor_to": "upper",
            "text": "Take the Lift up to the upper floor",
            "text_zh": "乘电梯上到二层",
            "seconds": 40.0,
            "metres": 0.0,
            "points_m": [[10, 4], [10, 4]],
        }
    ],
    "warnings": [
        {
            "kind": "closes-soon",
            "text": "Lantern Books closes at 20:00, 12 min after you get there",
            "text_zh": "灯笼书店 20:00 打烊，到达后还有 12 分钟",
        }
    ],
}

ROUTE_PROBLEM: Final[dict[str, Any]] = {
    "title": "Unprocessable Entity",
    "status": 422,
    "message": "No step-free way from lobby to lantern is open now.",
    "remedy": "Ask for another mode, or see the closures in /v1/directory.",
}
