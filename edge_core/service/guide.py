"""What the service knows of stores and ways: the directory, what is closed, and routes."""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from math import dist
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import ValidationError

from edge_core.config import (
    CameraConfig,
    ClosureConfig,
    DirectoryConfig,
    PointM,
    SiteConfig,
    StoreConfig,
)
from edge_core.service.problems import QueryError
from edge_core.service.schema import (
    CategoryView,
    ClosureView,
    ConnectorView,
    DirectoryView,
    LiveView,
    PlaceView,
    RouteView,
    StepView,
    StoreView,
    TextView,
    WarningView,
)
from edge_core.suggest.routes import Route, RoutePlanner
from edge_core.suggest.routes_network import Mode
from edge_core.vision.floor import Calibration, calibrate

_BEFORE_DOORS_M: Final = 2.0
_FARTHEST_M: Final = 25.0
_log = logging.getLogger(__name__)

Told = Callable[[DirectoryView], None]


class Guide:
    """Answers about stores and ways; safe to ask from several threads.

    Args:
        site: the site's settings.
        directory: its stores, places and connectors.
        closures_path: JSON file that closures told at run time are kept in; None keeps none.
        told: gets the directory whenever what is closed changes.
    """

    def __init__(
        self,
        site: SiteConfig,
        directory: DirectoryConfig,
        closures_path: Path | None = None,
        told: Told | None = None,
    ) -> None:
        self._site, self._directory = site, directory
        self._path, self._told = closures_path, told
        self._turn = threading.Lock()
        self._closed = {_closure_id(it): it for it in directory.closures} | self._kept()
        self._planner = RoutePlanner(site, directory) if directory.stores else None
        self._sounds = chinese_sounds(_chinese_words(directory))
        self._watched = _watched_stores(site, directory)
        self._view = self._make_view()

    def directory(self) -> DirectoryView:
        """Stores, places, ways and closures."""
        return self._view

    def closed(self) -> frozenset[str]:
        """Stores, places and connectors that are closed now."""
        return frozenset(it.what for it in self._closed.values() if it.what is not None)

    def route(
        self, start: str, goal: str, mode: Mode, now_utc: datetime, live: LiveView
    ) -> RouteView:
        """The quickest way now.

        Args:
            start: id of a screen, store, place or connector.
            goal: likewise.
            mode: how one goes.
            now_utc: the moment.
            live: who is in view.

        Raises:
            QueryError: there is no such thing, or no way to it that is open now.
        """
        people: dict[str, list[PointM]] = defaultdict(list)
        for person in live.people:
            if person.floor is not None and person.position_m is not None:
                people[person.floor].append(person.position_m)
        now = now_utc.astimezone(ZoneInfo(self._site.site.timezone))
        try:
            if self._planner is None:
                raise KeyError(start)
            closures = list(self._closed.values())
            found = self._planner.plan(start, goal, mode, now, closures, people)
        except KeyError as error:
            raise QueryError(
                f"There is no screen, store or place {error}.",
                "Ask for ids that /v1/directory or /v1/site names.",
            ) from None
        if found is None:
            raise QueryError(
                f"No {mode} way from {start} to {goal} is open now.",
                "Ask for another mode, or see the closures in /v1/directory.",
            )
        return _route_view(start, goal, found)

    def close(self, closure: ClosureConfig) -> DirectoryView:
        """Close something, and keep that.

        Raises:
            QueryError: there is no such thing, or no such floor.
        """
        known = chain(self._directory.stores, self._directory.places, self._directory.connectors)
        if closure.what is not None and closure.what not in {it.id for it in known}:
            raise QueryError(
                f"There is no store, place or connector `{closure.what}`.",
                "Close what /v1/directory names.",
            )
        if closure.floor is not None and closure.floor not in {it.id for it in self._site.floors}:
            raise QueryError(f"There is no floor `{closure.floor}`.", "Use one of /v1/site.")
        with self._turn:
            return self._change(self._closed | {_closure_id(closure): closure})

    def reopen(self, closure_id: str) -> DirectoryView:
        """Open something again; what directory.toml closes is closed again at the next start.

        Raises:
            QueryError: it is not closed.
        """
        with self._turn:
            if closure_id not in self._closed:
                raise QueryError(f"`{closure_id}` is not closed.", "See `closures`.")
            rest = {key: it for key, it in self._closed.items() if key != closure_id}
            return self._change(rest)

    def _change(self, closed: dict[str, ClosureConfig]) -> DirectoryView:
        self._closed = closed
        if self._path is not None:
            data = [closure.model_dump(mode="json") for closure in closed.values()]
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self._path)
        self._view = self._make_view()
        if self._told is not None:
            self._told(self._view)
        return self._view

    def _kept(self) -> dict[str, ClosureConfig]:
        """Closures told in an earlier life; they and the file's own count until reopened."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            items = json.loads(self._path.read_text(encoding="utf-8"))
            kept = [ClosureConfig.model_validate(item) for item in items]
        except (OSError, ValueError, ValidationError) as error:
            _log.warning("closures are not known any more: %s: %s", self._path, error)
            return {}
        return {_closure_id(closure): closure for closure in kept}

    def _make_view(self) -> DirectoryView:
        directory = self._directory
        closed = list(self._closed.values())
        walks: dict[str, dict[str, float]] = {}
        if self._planner is not None:
            screens = [it.id for it in self._site.screens if it.id in self._planner.network.doors]
            for screen in screens:
                times = self._planner.seconds_from(screen, closures=closed)
                walks[screen] = {key: round(seconds, 1) for key, seconds in times.items()}
        return DirectoryView(
            categories=[
                CategoryView.model_validate(it.model_dump()) for it in directory.categories
            ],
            stores=[self._store_view(store) for store in directory.stores],
            places=[PlaceView.model_validate(it.model_dump()) for it in directory.places],
            connectors=[
                ConnectorView.model_validate(it.model_dump()) for it in directory.connectors
            ],
            closures=[
                ClosureView.model_validate({"id": key, **it.model_dump()})
                for key, it in self._closed.items()
            ],
            sounds=self._sounds,
            walks_s=walks,
        )

    def _store_view(self, store: StoreConfig) -> StoreView:
        floor, polygon_m = self._directory.room(store, self._site)
        told = store.model_dump(exclude={"zone", "floor", "polygon_m", "opens", "closes", "offers"})
        return StoreView(
            **told,
            floor=floor,
            polygon_m=list(polygon_m),
            opens=store.opens or self._site.site.opens,
            closes=store.closes or self._site.site.closes,
            offers=[TextView(text=it.text, text_zh=it.text_zh) for it in store.offers],
            watched=store.id in self._watched,
        )


def chinese_sounds(words: Sequence[str]) -> dict[str, str]:
    """Numbered pinyin of each word: `榛麦` -> `zhen1 mai4`; several readings as `xing2/hang2`."""
    if not words:
        return {}
    from pypinyin import Style, pinyin  # its tables take 60 MB: only where there is Chinese

    return {
        word: " ".join(
            "/".join(readings)
            for readings in pinyin(
                word, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True
            )
        )
        for word in words
    }


def _chinese_words(directory: DirectoryConfig) -> list[str]:
    def all_words() -> Iterator[str]:
        for category in directory.categories:
            yield from (category.name_zh, *category.words_zh)
        for store in directory.stores:
            yield from (store.name_zh, *store.products_zh)
        for place in directory.places:
            yield place.name_zh

    return sorted({word for word in all_words() if any("\u4e00" <= it <= "\u9fff" for it in word)})


def _watched_stores(site: SiteConfig, directory: DirectoryConfig) -> set[str]:
    """Stores before whose doors a camera sees the floor; fixtures in the way are not considered."""
    rooms = {store.id: directory.room(store, site)[0] for store in directory.stores}
    watched: set[str] = set()
    for camera in site.cameras:
        calibration = calibrate(camera)
        if calibration is None:
            continue
        here = [store for store in directory.stores if rooms[store.id] == camera.floor]
        watched |= {
            store.id
            for store in here
            if any(_in_picture(door, camera, calibration) for door in store.doors_m)
        }
    return watched


def _in_picture(door_m: PointM, camera: CameraConfig, calibration: Calibration) -> bool:
    """Whether some of the floor within two metres of a door is in a camera's picture."""
    if camera.position_m is not None and dist(camera.position_m, door_m) > _FARTHEST_M:
        return False
    around = np.arange(8) * np.pi / 4
    floor = np.array(door_m) + _BEFORE_DOORS_M * np.column_stack([np.cos(around), np.sin(around)])
    ones = np.ones((len(floor), 1))
    picture = np.hstack([floor, ones]) @ np.linalg.inv(calibration.to_floor).T
    picture = picture[:, :2] / picture[:, 2:]
    depth = np.hstack([picture, ones]) @ calibration.to_floor[2]
    inside = (picture >= 0) & (picture <= np.array(calibration.picture_px))
    return bool(np.any(inside.all(axis=1) & (depth > calibration.least_depth)))


def _closure_id(closure: ClosureConfig) -> str:
    if closure.what is not None:
        return closure.what
    (x, y), *_ = closure.polygon_m or ((0.0, 0.0),)
    return f"{closure.floor}-{x:g}-{y:g}"


def _route_view(start: str, goal: str, route: Route) -> RouteView:
    return RouteView(
        start=start,
        goal=goal,
        mode=route.mode.value,
        seconds=round(route.seconds, 1),
        metres=round(route.metres, 1),
        steps=[
            StepView.model_validate(
                {
                    "kind": step.kind,
                    "floor": step.floor,
                    "floor_to": step.floor_to,
                    "text": words.en,
                    "text_zh": words.zh,
                    "seconds": round(step.seconds, 1),
                    "metres": round(step.metres, 1),
                    "points_m": [(round(x, 2), round(y, 2)) for x, y in step.points_m],
                }
            )
            for step, words in route.steps
        ],
        warnings=[
            WarningView.model_validate({"kind": kind, "text": words.en, "text_zh": words.zh})
            for kind, words in route.warnings
        ],
    )
