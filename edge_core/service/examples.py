"""Examples of how things are just now, for the API's description."""

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
