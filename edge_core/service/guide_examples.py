"""Examples of the directory and of routes, for the API's description."""

from typing import Any, Final

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
