"""Ideas for one visitor: the choice first, then stores with reasons that can be corrected."""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.suggestion_schema import (
    Choice,
    Correction,
    CouponView,
    OfferView,
    ReasonView,
    SessionView,
    StoreSuggestionView,
    StoresView,
)
from edge_core.service.suggestions_client import SuggestionCalls
from kiosk.view_models.stores import StoreList
from kiosk.view_models.visit import Visit

MOST: Final = 6
_MOST_INTERESTS: Final = 5
_MOST_REASONS: Final = 3
CHOICE_TEXT: Final = "kiosk-choice-1"
"""Version of the question in `IdeasChoice.qml`; `assets/consent/kiosk-choice.toml` keeps the words
of every version, and a test fails where a word was changed without a new one."""


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """One store suggested.

    Attributes:
        store_id, name, picture, kind, floor, minutes, state, until: see `StoreRow`.
        reasons: why, strongest first; each `{code, what, number}`, which QML puts into words.
    """

    store_id: str
    name: str
    picture: str
    kind: str
    floor: str
    minutes: int
    state: str
    until: str
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class InterestRow:
    """A category that may be chosen."""

    interest_id: str
    label: str
    chosen: bool


class Ideas(QObject):
    """What the visitor chose, what the service suggests, and what the visitor says of it.

    Ideas asked for before anything is estimated of the visitor are made anew once something is,
    and again when another attribute or a store of this visit comes to be known. No list changes
    under a finger: one that was touched stays, and the newer one is offered.
    """

    changed = Signal()

    def __init__(self, screen: Screen, stores: StoreList, visit: Visit) -> None:
        super().__init__()
        self._screen, self._stores, self._visit = screen, stores, visit
        self._state = "choose"
        self._asked = 0
        self._chosen: list[str] = []
        self._looking_for = ""
        self._view: StoresView | None = None
        self._coupon: OfferView | None = None
        self._why_not = ""
        self._made_of: frozenset[str] = frozenset()
        self._touched = self._renewed = self._newer = False
        self._rows = RecordListModel(IdeaRow, "store_id", self)
        self._interests = RecordListModel(InterestRow, "interest_id", self)
        visit.changed.connect(self._watch)
        visit.lost.connect(self.reset)
        stores.changed.connect(self._refresh)
        screen.changed.connect(self.changed)

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[IdeaRow]:
        """List model of `IdeaRow`."""
        return self._rows

    @Property(QObject, constant=True)
    def interests(self) -> RecordListModel[InterestRow]:
        """List model of `InterestRow`."""
        return self._interests

    @Property(str, notify=changed)
    def state(self) -> str:
        """`choose`, `interests`, `asking`, `shown` or `away`."""
        return self._state

    @Property(int, notify=changed)
    def chosenCount(self) -> int:  # noqa: N802
        """Interests chosen."""
        return len(self._chosen)

    @Property(str, notify=changed)
    def choice(self) -> str:
        """See `Visit.choice`."""
        return self._visit.choice

    @Property(bool, notify=changed)
    def personal(self) -> bool:
        """Whether these ideas use what the screen sees."""
        return self._view is not None and self._view.personal

    @Property(str, notify=changed)
    def whyNot(self) -> str:  # noqa: N802
        """Why they do not, though it was chosen; "" else."""
        return self._why_not

    @Property(bool, notify=changed)
    def renewed(self) -> bool:
        """Whether these ideas took the place of earlier ones because more became known."""
        return self._renewed

    @Property(bool, notify=changed)
    def newer(self) -> bool:
        """Whether more is known than these ideas, which were touched, are made of."""
        return self._newer

    @Property(str, notify=changed)
    def lookingFor(self) -> str:  # noqa: N802
        """Id of the category the visitor looks for, "" for none."""
        return self._looking_for

    @Property(str, notify=changed)
    def couponTitle(self) -> str:  # noqa: N802
        """What the coupon is, "" for none."""
        coupon = self._coupon
        return self._screen.tongue.pick(coupon.title, coupon.title_zh) if coupon else ""

    @Property(str, notify=changed)
    def couponStore(self) -> str:  # noqa: N802
        """Id of the store it is for."""
        return self._coupon.store if self._coupon else ""

    @Property(str, notify=changed)
    def couponStoreName(self) -> str:  # noqa: N802
        """Name of the store it is for."""
        return self._screen.name_of(self._coupon.store) if self._coupon else ""

    @Property(str, notify=changed)
    def couponUntil(self) -> str:  # noqa: N802
        """Local time until which it is taken, e.g. `17:05`."""
        return self._screen.wall_clock.local(self._coupon.expires_at) if self._coupon else ""

    @Slot()
    def useSeen(self) -> None:  # noqa: N802
        """Use what this screen sees."""
        self._begin("seen")

    @Slot()
    def chooseMyself(self) -> None:  # noqa: N802
        """Let the visitor tap interests."""
        self._set("interests")

    @Slot()
    def noThanks(self) -> None:  # noqa: N802
        """Use nothing; the service is the same."""
        self._begin("no-thanks")

    @Slot(str)
    def toggle(self, interest_id: str) -> None:
        """Choose an interest, or no longer."""
        if interest_id in self._chosen:
            self._chosen.remove(interest_id)
        elif len(self._chosen) < _MOST_INTERESTS:
            self._chosen.append(interest_id)
        self._refresh()

    @Slot()
    def showChosen(self) -> None:  # noqa: N802
        """Go on with the interests chosen."""
        if self._chosen:
            self._begin("interests")

    @Slot()
    def again(self) -> None:
        """Ask for the choice once more; the session so far is wiped."""
        self._visit.end()
        self.reset()

    @Slot()
    def touch(self) -> None:
        """A finger is on the list: from now on it changes only when the visitor wants it to."""
        self._touched = True

    @Slot()
    def renew(self) -> None:
        """Take the newer ideas."""
        self._touched = False
        self._make_anew()

    @Slot(str)
    def notForMe(self, store_id: str) -> None:  # noqa: N802
        """Take a store away and like what is like it less."""
        self._correct("not-for-me", store_id)

    @Slot(str)
    def lookFor(self, category_id: str) -> None:  # noqa: N802
        """What the visitor looks for; the same once more takes it back."""
        self._looking_for = "" if category_id == self._looking_for else category_id
        self._correct("looking-for", self._looking_for)
        self._refresh()

    @Slot()
    def reset(self) -> None:
        """Forget everything; the page begins with the choice again."""
        self._asked += 1
        self._chosen, self._looking_for, self._why_not = [], "", ""
        self._view = self._coupon = None
        self._touched = self._renewed = self._newer = False
        self._set("choose")

    @property
    def best_store(self) -> str:
        """Where to go if only one thing is taken home: the coupon's store, else the first idea."""
        if self._coupon is not None:
            return self._coupon.store
        return self._view.stores[0].store if self._view and self._view.stores else ""

    def _set(self, state: str) -> None:
        self._state = state
        self._refresh()

    def _begin(self, choice: Choice) -> None:
        self._view = self._coupon = None
        self._touched = self._renewed = self._newer = False
        self._why_not = ""
        self._set("asking")
        self._asked += 1
        interests = self._chosen if choice == "interests" else []
        self._visit.begin(choice, interests, self._take_session, self._text_shown())

    def _text_shown(self) -> str:
        """Which version of the question the visitor read, in which form and language."""
        facts = self._screen.facts
        form = "estimates" if facts.estimating else "visits"
        if not facts.allows("personal-suggestions"):
            form = "taps"
        return f"{CHOICE_TEXT}/{form}/{self._screen.tongue.code}"

    def _take_session(self, answer: object) -> None:
        if isinstance(answer, SessionView):
            self._why_not = self._visit.why_not
            self._ask_stores()
            self._visit.ask(_coupon, self._take_coupon)
        else:
            self._set("away")

    def _ask_stores(self) -> None:
        number = self._next_list()
        self._visit.ask(_stores, lambda answer: self._take(number, answer))

    def _next_list(self) -> int:
        """Number of the list asked for now, which is made of what is known by now, or more."""
        self._asked += 1
        self._made_of = _known(self._visit.view)
        self._newer = False
        return self._asked

    def _make_anew(self) -> None:
        number = self._next_list()
        self._visit.ask(_stores, lambda answer: self._take_newer(number, answer))

    def _take_newer(self, number: int, answer: object) -> None:
        """Show the newer ideas, unless a finger came meanwhile."""
        if number != self._asked or not isinstance(answer, StoresView):
            return
        if self._touched:
            self._newer = True
            self.changed.emit()
        else:
            self._renewed = True
            self._take(number, answer)

    def _correct(self, kind: Correction, target: str) -> None:
        number = self._next_list()

        def correct(calls: SuggestionCalls, session: str) -> StoresView:
            return calls.correct(session, kind, target, MOST)

        self._visit.ask(correct, lambda answer: self._take(number, answer))

    def _take(self, number: int, answer: object) -> None:
        if number != self._asked:
            return
        if isinstance(answer, StoresView):
            self._view = answer
            self._renewed = self._renewed and answer.personal
            self._why_not = answer.why_not or "" if self._visit.choice == "seen" else ""
            self._set("shown")
        else:
            self._view = None
            self._set("away")

    def _take_coupon(self, answer: object) -> None:
        if isinstance(answer, CouponView):
            self._coupon = answer.coupon
            self.changed.emit()

    @Slot()
    def _watch(self) -> None:
        """What is personal goes at once when somebody comes or goes; what is new is used."""
        seen = self._visit.view
        if self._state != "shown" or seen is None:
            return
        if self._visit.why_not != self._why_not:
            self._why_not = self._visit.why_not
            self._touched = self._renewed = False
            if self._why_not and self._view is not None and self._view.personal:
                self._view = None
                self._set("asking")
            self._ask_stores()
        elif seen.personal and _known(seen) != self._made_of:
            if self._touched:
                self._newer = True
                self.changed.emit()
            else:
                self._make_anew()

    @Slot()
    def _refresh(self) -> None:
        directory, pick = self._screen.stores, self._screen.tongue.pick
        self._interests.show(
            [
                InterestRow(it.id, pick(it.name, it.name_zh), it.id in self._chosen)
                for it in directory.categories
            ]
        )
        known = {store.id for store in directory.stores}
        found = self._view.stores if self._view else []
        self._rows.show([self._row(it) for it in found if it.store in known])
        self.changed.emit()

    def _row(self, found: StoreSuggestionView) -> IdeaRow:
        store = next(it for it in self._screen.stores.stores if it.id == found.store)
        line = self._stores.row(store)
        return IdeaRow(
            line.store_id, line.name, line.picture, line.kind, line.floor, line.minutes,
            line.state, line.until,
            [self._reason(it) for it in found.reasons[:_MOST_REASONS]],
        )  # fmt: skip

    def _reason(self, reason: ReasonView) -> dict[str, Any]:
        params = reason.params
        what = ""
        if "category" in params:
            what = self._category_name(str(params["category"]))
        elif "store" in params:
            what = self._screen.name_of(str(params["store"]))
        seconds = int(params.get("walk_s", 0))
        number = -(-seconds // 60) if seconds else int(params.get("minutes", 0))
        return {"code": reason.code, "what": what, "number": number}

    def _category_name(self, key: str) -> str:
        pick = self._screen.tongue.pick
        names = {it.id: pick(it.name, it.name_zh) for it in self._screen.stores.categories}
        return names.get(key, "")


def _known(view: SessionView | None) -> frozenset[str]:
    """What ideas are made of: attributes estimated at all, and stores of this visit.

    How probable a label is does not count: it wavers from look to look, and lists would too.
    """
    if view is None or not view.personal:
        return frozenset()
    return frozenset((*view.estimates, *view.stores_visited))


def _stores(calls: SuggestionCalls, session: str) -> StoresView:
    return calls.stores(session, MOST)


def _coupon(calls: SuggestionCalls, session: str) -> CouponView:
    return calls.coupon(session)
