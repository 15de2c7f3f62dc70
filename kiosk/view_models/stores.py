"""The stores as a visitor looks for them: typed, by category, by floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.opening import opening
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.schema import CategoryView, PlaceView, StoreView
from kiosk.search import Hit, SearchIndex

_LONGEST_QUERY: Final = 40


def whole_minutes(seconds: float) -> int:
    """Minutes that are enough for a walk; never less than one."""
    return max(1, -int(-seconds // 60))


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One line of the list.

    Attributes:
        store_id, name, picture: the store; a place has its icon's name in `icon` instead.
        icon: of a place, "" for a store.
        kind, floor: category and floor in the current language.
        minutes: walk from this screen, 0 while unknown.
        state: `open`, `closing`, `closed`, `always`, or `shut` for now with a reason.
        until: when that ends, e.g. `21:00`; the reason of what is shut.
        found: what was found beside the name, e.g. `croissant`.
    """

    store_id: str
    name: str
    picture: str
    icon: str
    kind: str
    floor: str
    minutes: int
    state: str
    until: str
    found: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be chosen."""

    choice_id: str
    label: str


class StoreList(QObject):
    """What has been typed and chosen, and the stores that fit."""

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._index = SearchIndex(screen.stores)
        self._query, self._category, self._floor = "", "", ""
        self._completions: list[str] = []
        self._rows = RecordListModel(StoreRow, "store_id", self)
        self._categories = RecordListModel(Choice, "choice_id", self)
        self._floors = RecordListModel(Choice, "choice_id", self)
        screen.directoryChanged.connect(self._take_directory)
        screen.siteChanged.connect(self._take_directory)
        screen.tongue.changed.connect(self._refresh)
        screen.wall_clock.changed.connect(self._refresh)
        self._take_directory()

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[StoreRow]:
        """List model of `StoreRow`."""
        return self._rows

    @Property(QObject, constant=True)
    def categories(self) -> RecordListModel[Choice]:
        """List model of `Choice`."""
        return self._categories

    @Property(QObject, constant=True)
    def floors(self) -> RecordListModel[Choice]:
        """List model of `Choice`, lowest floor first."""
        return self._floors

    @Property(bool, notify=changed)
    def known(self) -> bool:
        """Whether there is any store to find."""
        return bool(self._screen.stores.stores)

    @Property(int, notify=changed)
    def storeCount(self) -> int:  # noqa: N802
        """Stores of the site."""
        return len(self._screen.stores.stores)

    @Property(int, notify=changed)
    def count(self) -> int:
        """Lines of the list."""
        return len(self._rows.rows)

    @Property(str, notify=changed)
    def query(self) -> str:
        """What has been typed."""
        return self._query

    @Property(str, notify=changed)
    def category(self) -> str:
        """Id of the category chosen, "" for all."""
        return self._category

    @Property(str, notify=changed)
    def floor(self) -> str:
        """Id of the floor chosen, "" for all."""
        return self._floor

    @Property(list, notify=changed)
    def completions(self) -> list[str]:
        """Whole words the query may become."""
        return self._completions

    @Slot(str)
    def type(self, text: str) -> None:
        """Type something at the end."""
        blank = text == " " and (not self._query or self._query.endswith(" "))
        if not blank and len(self._query) < _LONGEST_QUERY:
            self._ask(self._query + text)

    @Slot()
    def erase(self) -> None:
        """Take the last sign back."""
        self._ask(self._query[:-1])

    @Slot()
    def clear(self) -> None:
        """Take everything back."""
        self._ask("")

    @Slot(str)
    def complete(self, word: str) -> None:
        """Take a word offered for what has been typed."""
        self._ask(word)

    @Slot(str)
    def chooseCategory(self, category_id: str) -> None:  # noqa: N802
        """Show one category only; the one shown already: all again."""
        self._category = "" if category_id == self._category else category_id
        self._refresh()

    @Slot(str)
    def chooseFloor(self, floor_id: str) -> None:  # noqa: N802
        """Show one floor only; the one shown already: all again."""
        self._floor = "" if floor_id == self._floor else floor_id
        self._refresh()

    @Slot()
    def reset(self) -> None:
        """Forget what was typed and chosen."""
        self._category = self._floor = ""
        self._ask("")

    def _ask(self, query: str) -> None:
        self._query = query
        self._refresh()

    @Slot()
    def _take_directory(self) -> None:
        self._index = SearchIndex(self._screen.stores, self._screen.own_id)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        directory, pick = self._screen.stores, self._screen.tongue.pick
        language = self._screen.tongue.current
        self._categories.show(
            [Choice(it.id, pick(it.name, it.name_zh)) for it in directory.categories]
        )
        site = self._screen.facts.site
        levels = sorted(site.floors, key=lambda floor: floor.level) if site else []
        self._floors.show([Choice(it.id, pick(it.name, it.name_zh)) for it in levels])
        self._completions = self._index.completions(self._query, language)
        self._rows.show(list(self._fitting()))
        self.changed.emit()

    def _fitting(self) -> Sequence[StoreRow]:
        directory = self._screen.stores
        stores = {store.id: store for store in directory.stores}
        places = {place.id: place for place in directory.places}
        if self._query.strip():
            hits = self._index.find(self._query)
        else:
            names = sorted(directory.stores, key=lambda it: self._sorting(it))
            hits = [Hit("store", store.id, 0.0) for store in names]
        rows = []
        for hit in hits:
            found = self._screen.tongue.pick(hit.by, hit.by_zh)
            if hit.kind == "store" and self._shown(stores[hit.id]):
                rows.append(self.row(stores[hit.id], found))
            elif hit.kind == "place" and not self._category:
                place = places[hit.id]
                if self._floor in ("", place.floor):
                    rows.append(self._place_row(place))
        return rows

    def _shown(self, store: StoreView) -> bool:
        return self._category in ("", store.category) and self._floor in ("", store.floor)

    def _sorting(self, store: StoreView) -> str:
        """English by name; Chinese by its sound, as a Chinese index does."""
        if self._screen.tongue.current == "zh":
            return self._screen.stores.sounds.get(store.name_zh, store.name_zh)
        return store.name.casefold()

    def row(self, store: StoreView, found: str = "") -> StoreRow:
        """A store as one line."""
        pick = self._screen.tongue.pick
        categories: dict[str, CategoryView] = {it.id: it for it in self._screen.stores.categories}
        category = categories.get(store.category)
        state, until = self.opening(store)
        return StoreRow(
            store.id,
            pick(store.name, store.name_zh),
            store.picture,
            "",
            pick(category.name, category.name_zh) if category else "",
            self._screen.floor_plan.floor_name(store.floor),
            self.minutes(store.id),
            state,
            until,
            found,
        )

    def opening(self, store: StoreView) -> tuple[str, str]:
        """A store's state now and when it ends, or `shut` and the reason."""
        for closure in self._screen.stores.closures:
            if closure.what == store.id:
                return "shut", self._screen.tongue.pick(closure.text, closure.text_zh)
        now = opening(self._screen.wall_clock.now(), store.opens, store.closes)
        return now.state, f"{now.at:%H:%M}"

    def minutes(self, key: str) -> int:
        """Whole minutes to walk from this screen, 0 while unknown."""
        seconds = self._screen.stores.walks_s.get(self._screen.own_id, {}).get(key)
        return 0 if seconds is None else whole_minutes(seconds)

    def _place_row(self, place: PlaceView) -> StoreRow:
        pick = self._screen.tongue.pick
        shut = [it for it in self._screen.stores.closures if it.what == place.id]
        reason = pick(shut[0].text, shut[0].text_zh) if shut else ""
        floor = self._screen.floor_plan.floor_name(place.floor)
        return StoreRow(
            place.id, pick(place.name, place.name_zh), "", place.kind, "", floor,
            self.minutes(place.id), "shut" if shut else "", reason, "",
        )  # fmt: skip
