"""directory.toml: the stores of a site, its places and ways between floors, and what is closed."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from edge_core.config.base import Identifier, LocalTime, Named, PointM, Polygon, Section
from edge_core.config.site import SiteConfig
from edge_core.errors import Problem

Word = str
_MOST_WORDS: Final = 60


class Bilingual(Section):
    """A short text for visitors; Chinese falls back to English."""

    text: str = Field(min_length=1, max_length=240)
    text_zh: str = Field(default="", max_length=240)

    @model_validator(mode="after")
    def _fill_chinese(self) -> Self:
        if not self.text_zh:
            object.__setattr__(self, "text_zh", self.text)
        return self


class CategoryConfig(Named):
    """A kind of store, and the words visitors look for it by."""

    words: tuple[Word, ...] = Field(default=(), max_length=_MOST_WORDS)
    words_zh: tuple[Word, ...] = Field(default=(), max_length=_MOST_WORDS)


class OfferConfig(Bilingual):
    """Something a store offers to everybody."""


class StoreConfig(Named):
    """One store. Its room is a zone of site.toml, or a floor and a polygon of its own.

    `picture` names a drawing in `assets/stores`.
    """

    category: Identifier
    zone: Identifier | None = None
    floor: Identifier | None = None
    polygon_m: Polygon | None = None
    doors_m: tuple[PointM, ...] = Field(min_length=1, max_length=12)
    unit: str = Field(default="", max_length=12)
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    text: str = Field(default="", max_length=300)
    text_zh: str = Field(default="", max_length=300)
    products: tuple[Word, ...] = Field(default=(), max_length=_MOST_WORDS)
    products_zh: tuple[Word, ...] = Field(default=(), max_length=_MOST_WORDS)
    picture: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]*)?$")
    offers: tuple[OfferConfig, ...] = Field(default=(), max_length=8)

    @model_validator(mode="after")
    def _one_room(self) -> Self:
        own = (self.floor is not None, self.polygon_m is not None)
        if (self.zone is not None) == any(own) or any(own) != all(own):
            raise ValueError("give `zone`, or `floor` and `polygon_m`, not a mixture")
        if (self.opens is None) != (self.closes is None):
            raise ValueError("give both `opens` and `closes`, or neither for the site's hours")
        if not self.text_zh:
            object.__setattr__(self, "text_zh", self.text)
        return self


class PlaceConfig(Named):
    """Something to find that is no store."""

    kind: Literal["entrance", "toilets", "baby-care", "information", "cash", "lockers", "parking"]
    floor: Identifier
    at_m: PointM


class StopConfig(Section):
    """Where one boards or leaves on a floor."""

    floor: Identifier
    at_m: PointM


class ConnectorConfig(Named):
    """A way between floors: `stops` from the lowest to the highest."""

    kind: Literal["lift", "escalator", "stairs"]
    direction: Literal["up", "down", "both"] = "both"
    stops: tuple[StopConfig, ...] = Field(min_length=2, max_length=40)


class ClosureConfig(Bilingual):
    """Something closed for now, and why: a store, a place, a connector, or an area of a floor."""

    what: Identifier | None = None
    floor: Identifier | None = None
    polygon_m: Polygon | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        area = (self.floor is not None, self.polygon_m is not None)
        if (self.what is not None) == any(area) or any(area) != all(area):
            raise ValueError("give `what`, or `floor` and `polygon_m`, not a mixture")
        return self


class DirectoryConfig(Section):
    """Everything directory.toml says."""

    categories: tuple[CategoryConfig, ...] = ()
    stores: tuple[StoreConfig, ...] = ()
    places: tuple[PlaceConfig, ...] = ()
    connectors: tuple[ConnectorConfig, ...] = ()
    closures: tuple[ClosureConfig, ...] = ()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        errors = [*self._duplicate_ids(), *self._dangling_references()]
        if errors:
            raise ValidationError.from_exception_data("DirectoryConfig", errors)
        return self

    def room(self, store: StoreConfig, site: SiteConfig) -> tuple[str, tuple[PointM, ...]]:
        """Floor id and polygon in metres of a store, whichever way it was told."""
        if store.floor is not None and store.polygon_m is not None:
            return store.floor, store.polygon_m
        zone = next(zone for zone in site.zones if zone.id == store.zone)
        return zone.floor, zone.polygon_m

    def _duplicate_ids(self) -> Iterator[InitErrorDetails]:
        sections = ("categories", "stores", "places", "connectors")
        named = [(section, i, it.id) for section in sections for i, it in self._numbered(section)]
        counts = Counter(key for section, _, key in named if section != "categories")
        kinds = Counter(key for section, _, key in named if section == "categories")
        for section, index, key in named:
            if (kinds if section == "categories" else counts)[key] > 1:
                yield _error((section, index, "id"), key, "this id stands twice")

    def _dangling_references(self) -> Iterator[InitErrorDetails]:
        categories = {category.id for category in self.categories}
        for index, store in enumerate(self.stores):
            if store.category not in categories:
                known = ", ".join(sorted(categories)) or "none"
                reason = f"no category has this id; known: {known}"
                yield _error(("stores", index, "category"), store.category, reason)
        closable = {it.id for it in chain(self.stores, self.places, self.connectors)}
        for index, closure in enumerate(self.closures):
            if closure.what is not None and closure.what not in closable:
                reason = "no store, place or connector has this id"
                yield _error(("closures", index, "what"), closure.what, reason)

    def _numbered(self, section: str) -> Iterator[tuple[int, Named]]:
        yield from enumerate(getattr(self, section))


def directory_problems(directory: DirectoryConfig, site: SiteConfig) -> list[Problem]:
    """What a directory says that the site's plan lacks."""
    floors = {floor.id: floor.level for floor in site.floors}
    zones = {zone.id for zone in site.zones}
    found: list[Problem] = []

    def require(key: str, value: str | None, known: set[str], kind: str) -> None:
        if value is not None and value not in known:
            listed = ", ".join(sorted(known)) or "none"
            reason = f"the site file has no {kind} of this id; known: {listed}"
            found.append(Problem(None, key, value, reason, "Correct it, or add it in site.toml."))

    for index, store in enumerate(directory.stores):
        require(f"stores[{index}].zone", store.zone, zones, "zone")
        require(f"stores[{index}].floor", store.floor, set(floors), "floor")
    for index, place in enumerate(directory.places):
        require(f"places[{index}].floor", place.floor, set(floors), "floor")
    for index, closure in enumerate(directory.closures):
        require(f"closures[{index}].floor", closure.floor, set(floors), "floor")
    for index, connector in enumerate(directory.connectors):
        key = f"connectors[{index}].stops"
        for stop in connector.stops:
            require(key, stop.floor, set(floors), "floor")
        levels = [floors[stop.floor] for stop in connector.stops if stop.floor in floors]
        if levels != sorted(set(levels)):
            reason = "the stops do not climb from floor to floor"
            remedy = "List them from the lowest floor to the highest, each floor once."
            found.append(Problem(None, key, connector.id, reason, remedy))
    return found


def _error(location: tuple[str | int, ...], value: str, reason: str) -> InitErrorDetails:
    kind = PydanticCustomError("directory", "{reason}", {"reason": reason})
    return InitErrorDetails(type=kind, loc=location, input=value)
