"""Examples of GET /v1/history/… for the OpenAPI page; a test holds each against its model."""

from typing import Any, Final

_SPAN: Final = {"first": "2026-03-02", "last": "2026-03-08"}
_SHARE: Final = {"share": 0.31, "low": 0.27, "high": 0.35}

SERIES: Final[dict[str, Any]] = _SPAN | {
    "measure": "entered",
    "place": "main-door",
    "by": "hour",
    "buckets": [
        {
            "start": "2026-03-02T09:00:00Z",
            "value": 84.0,
            "observed": 1.0,
            "per_hour": 84.0,
            "hidden": False,
            "expected": 79.5,
            "low": 58.0,
            "high": 104.0,
        }
    ],
    "total": 84.0,
    "observed": 0.98,
    "hidden": 0,
}

HEAT: Final[dict[str, Any]] = _SPAN | {
    "floor": "ground",
    "kind": "dwell",
    "from_clock": 10,
    "to_clock": 20,
    "unit": "person-seconds per m² and observed hour",
    "left_m": 0.0,
    "top_m": 0.0,
    "cell_m": 0.25,
    "columns": 2,
    "rows": 2,
    "density": [12.5, 80.25, None, 3.0],
    "p99": 80.25,
    "total": 5990.0,
    "hours": 69.5,
    "seen_share": 0.75,
}

HEAT_DIFFERENCE: Final[dict[str, Any]] = {
    "before": HEAT,
    "after": HEAT,
    "difference": [0.0, 0.0, None, 0.0],
    "p99": 0.0,
}

DWELL: Final[dict[str, Any]] = _SPAN | {
    "zones": [
        {
            "zone": "coats",
            "stays": 412,
            "hidden_days": 0,
            "cut": 0.18,
            "mean_s": 41.2,
            "median": {"seconds": 27.0, "low": 24.5, "high": 30.1},
            "p90": {"seconds": 118.0, "low": 104.0, "high": 140.0},
            "engaged": _SHARE,
            "curve": [[1.0, 1.0], [30.0, 0.47]],
        }
    ]
}

FLOWS: Final[dict[str, Any]] = _SPAN | {
    "nodes": [
        {"id": "@entrance:in", "name": "Entrance", "name_zh": "入口", "kind": "source"},
        {"id": "coats", "name": "Coats", "name_zh": "外套", "kind": "zone"},
    ],
    "links": [{"source": "@entrance:in", "target": "coats", "people": 220, "share": 0.52}],
    "hidden_links": 1,
    "balance": [{"zone": "coats", "moved_in": 412, "moved_out": 410, "change": 1, "residual": 1}],
    "balance_from": "2026-03-02T00:00:00Z",
    "balance_to": "2026-03-09T00:00:00Z",
    "residual_share": 0.002,
}

NEXT: Final[dict[str, Any]] = _SPAN | {
    "origin": "coats",
    "hours": [{"clock": 15, "shares": {"@exit": 0.4, "till": 0.6}}],
}

DEMOGRAPHICS: Final[dict[str, Any]] = _SPAN | {
    "place": "",
    "attributes": [
        {
            "attribute": "gender",
            "corrected": True,
            "people": 903,
            "coverage": 0.61,
            "labels": [
                {"label": "female", "share": 0.58, "low": 0.52, "high": 0.64},
                {"label": "male", "share": 0.42, "low": 0.36, "high": 0.48},
            ],
            "hidden_days": 0,
        }
    ],
}

FUNNEL: Final[dict[str, Any]] = _SPAN | {
    "place": "coats",
    "steps": [
        {
            "step": "pass",
            "unit": "stays",
            "count": 412,
            "meaning": "Stays of a second or longer in the place.",
        },
        {
            "step": "stop",
            "unit": "stays",
            "count": 128,
            "of": "pass",
            "rate": _SHARE,
            "meaning": "Of those, with somebody standing for longer than 5 s.",
        },
    ],
}

WINDOWS: Final[dict[str, Any]] = _SPAN | {
    "windows": [
        {
            "zone": "window-left",
            "passed": 1200,
            "stopped": 372,
            "entered": 96,
            "stop_rate": _SHARE,
            "capture_rate": {"share": 0.08, "low": 0.066, "high": 0.097},
        }
    ]
}

ITEMS: Final[dict[str, Any]] = _SPAN | {
    "items": [
        {
            "sku": "coat-wool-m",
            "name": "Wool coat",
            "name_zh": "羊毛大衣",
            "size": "M",
            "colour": "Navy",
            "picture": "coat",
            "tint": "#27364f",
            "touched": 61,
            "picked": 22,
            "tried": 7,
            "left": 19,
            "misplaced": 2,
            "bought": 3,
            "pick_to_try": _SHARE,
            "try_to_buy": _SHARE,
        }
    ]
}
