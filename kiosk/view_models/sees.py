"""What this device sees: figures in boxes, the estimates in use, and how to end it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.schema import PersonView
from edge_core.service.suggestion_schema import EndedView
from kiosk.view_models.visit import Visit

_LEAST_SHARE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Estimate:
    """A label of an attribute and how probable it is, 0..1."""

    key: str
    attribute: str
    label: str
    share: float


class Sees(QObject):
    """The live view of the camera that looks at this place, and what is used of it."""

    changed = Signal()

    def __init__(self, screen: Screen, visit: Visit) -> None:
        super().__init__()
        self._screen, self._visit = screen, visit
        self._shown = False
        self._camera = ""
        self._here = 0
        self._state = "open"
        self._receipt: EndedView | None = None
        self._figures: list[list[float]] = []
        self._estimates = RecordListModel(Estimate, "key", self)
        screen.liveChanged.connect(self._look)
        screen.changed.connect(self._look)
        screen.siteChanged.connect(self.changed)
        screen.tongue.changed.connect(self._look)
        visit.changed.connect(self._look)

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]
    def figures(self) -> list[list[float]]:
        """Who is in that camera's view, as a `FiguresItem` draws them, farthest first."""
        return self._figures

    @Property(QObject, constant=True)
    def estimates(self) -> RecordListModel[Estimate]:
        """List model of `Estimate`: what is used now, nothing where nothing is."""
        return self._estimates

    @Property(bool, notify=changed)
    def estimated(self) -> bool:
        """Whether any estimate is used."""
        return bool(self._estimates.rows)

    @Property(bool, notify=changed)
    def usable(self) -> bool:
        """Whether what is seen may be used for ideas here at all, by choice."""
        return self._screen.facts.allows("personal-suggestions")

    @Property(bool, notify=changed)
    def estimating(self) -> bool:
        """Whether anything is estimated of people here that ideas could use."""
        return self._screen.facts.estimating

    @Property(bool, notify=changed)
    def recognising(self) -> bool:
        """Whether what somebody looks like is remembered here for a while."""
        allows = self._screen.facts.allows
        return allows("returning-visitors") or allows("across-cameras")

    @Property(str, notify=changed)
    def camera(self) -> str:
        """Name of the camera, "" while none has seen anybody."""
        site, pick = self._screen.facts.site, self._screen.tongue.pick
        names = {it.id: pick(it.name, it.name_zh) for it in site.cameras} if site else {}
        return names.get(self._camera, "")

    @Property(int, notify=changed)
    def count(self) -> int:
        """People in that camera's view."""
        return len(self._figures)

    @Property(int, notify=changed)
    def here(self) -> int:
        """People before this screen."""
        return self._here

    @Property(bool, notify=changed)
    def watching(self) -> bool:
        """Whether a camera works and the service answers."""
        return self._screen.watching

    @Property(str, notify=changed)
    def choice(self) -> str:
        """See `Visit.choice`."""
        return self._visit.choice

    @Property(str, notify=changed)
    def whyNot(self) -> str:  # noqa: N802
        """See `Visit.why_not`."""
        return self._visit.why_not

    @Property(list, notify=changed)
    def visited(self) -> list[str]:
        """Names of the stores of this visit that are used."""
        view = self._visit.view
        return [self._screen.name_of(it) for it in view.stores_visited] if view else []

    @Property(int, notify=changed)
    def rememberedMin(self) -> int:  # noqa: N802
        """Minutes after which the memory forgets what somebody looks like by itself."""
        site = self._screen.facts.site
        return round(site.embedding_ttl_s / 60) if site else 0

    @Property(int, notify=changed)
    def smallestGroup(self) -> int:  # noqa: N802
        """Groups smaller than this are never told."""
        return self._screen.facts.site.minimum_group if self._screen.facts.site else 0

    @Property(str, notify=changed)
    def state(self) -> str:
        """`open`, `asking`, `forgotten`, or `away`: the service did not answer."""
        return self._state

    @Property(str, notify=changed)
    def forgottenAt(self) -> str:  # noqa: N802
        """Local time of the receipt, with seconds."""
        if self._receipt is None:
            return ""
        local = self._receipt.wiped_at.astimezone(self._screen.wall_clock.now().tzinfo)
        return f"{local:%H:%M:%S}"

    @Property(str, notify=changed)
    def receipt(self) -> str:
        """Its number, "" before there is one."""
        forgotten = self._receipt.forgotten if self._receipt else None
        return forgotten.receipt if forgotten else ""

    @Property(int, notify=changed)
    def people(self) -> int:
        """People who were forgotten; 0 where nobody stood here."""
        forgotten = self._receipt.forgotten if self._receipt else None
        return forgotten.people if forgotten else 0

    @Property(int, notify=changed)
    def tracks(self) -> int:
        """Tracks deleted."""
        forgotten = self._receipt.forgotten if self._receipt else None
        return forgotten.tracks if forgotten else 0

    @Property(int, notify=changed)
    def appearances(self) -> int:
        """Appearance vectors deleted."""
        forgotten = self._receipt.forgotten if self._receipt else None
        return forgotten.appearances if forgotten else 0

    @Property(int, notify=changed)
    def visits(self) -> int:
        """Visits deleted."""
        forgotten = self._receipt.forgotten if self._receipt else None
        return forgotten.visits if forgotten else 0

    @Slot()
    def forgetMe(self) -> None:  # noqa: N802
        """Delete whatever is known of whoever stands here."""
        self._set("asking")
        self._visit.forget(self._take)

    def show(self, *, shown: bool) -> None:
        """Whether the page is on the screen; nothing is drawn of anybody while it is not."""
        self._shown = shown
        if shown:
            self._look()
        else:
            self._figures = []
            self._estimates.show([])
            self.changed.emit()

    @Slot()
    def reset(self) -> None:
        """The receipt has been read, or nobody is there."""
        self._receipt = None
        self._set("open")

    def _take(self, answer: object) -> None:
        self._receipt = answer if isinstance(answer, EndedView) else None
        self._set("forgotten" if self._receipt else "away")

    def _set(self, state: str) -> None:
        self._state = state
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        within = self._screen.within_reach
        people = self._screen.people_now if self._screen.watching else []
        here = sum(person.number in within for person in people)
        if not self._shown:
            if here != self._here:
                self._here = here
                self.changed.emit()
            return
        self._here = here
        self._camera = self._best_camera(people, within)
        seen = [it for it in people if it.camera == self._camera and _height(it) > _LEAST_SHARE]
        seen.sort(key=lambda person: person.box[3])
        self._figures = [_figure(it, here=it.number in within) for it in seen]
        view = self._visit.view
        told = view.estimates if view is not None and view.personal else {}
        self._estimates.show(
            [
                Estimate(f"{name}-{label}", name, label, share)
                for name, labels in told.items()
                for label, share in labels.items()
            ]
        )
        self.changed.emit()

    def _best_camera(self, people: list[PersonView], within: frozenset[int]) -> str:
        """Whose view is shown: who sees the person before the screen, else who saw one last."""
        before = [person for person in people if person.number in within]
        if before:
            return max(before, key=_height).camera
        if self._camera:
            return self._camera
        return people[0].camera if people else ""


def _height(person: PersonView) -> float:
    return person.box[3] - person.box[1]


def _figure(person: PersonView, *, here: bool) -> list[float]:
    left, top, right, low = person.box
    return [left, top, right - left, low - top, here]
