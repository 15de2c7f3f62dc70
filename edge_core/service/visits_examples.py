"""Examples of people counted, for the API's description."""

from typing import Any, Final

COUNTS: Final[dict[str, Any]] = {
    "today": {
        "date": "2026-05-01",
        "entered": 214,
        "left": 195,
        "inside": 19,
        "by_line": {"main-door": [214, 195]},
    },
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
