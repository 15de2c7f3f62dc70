"""Requests to the staff: asked at a mirror, answered on the staff's page.

Nothing is held in memory: a request and each answer to it are events, and how a request stands is
read from them. So they outlive a restart, and two answers at once are settled by their order in
the ledger. An event tells of things and places, never of a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from edge_core.ledger import LedgerReader, StoredEvent
from edge_core.service.problems import QueryError
from edge_core.service.requests_schema import (
    AnswerQuestion,
    RequestQuestion,
    RequestState,
    RequestsView,
    RequestView,
    WhyNotQuestion,
)
from edge_core.service.views import ServiceState, utc_from_ns
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

PATIENCE_NS: Final = 15 * 60 * NS_PER_S
"""A request about which nothing was said for so long has expired."""
SHOWN_NS: Final = 4 * 3600 * NS_PER_S
"""Older ones are not told."""
MOST_WAITING: Final = 6
"""Requests that one place may have waiting."""
_MOST_EVENTS: Final = 500
WAITING: Final = (RequestState.OPEN, RequestState.ACCEPTED, RequestState.ON_THE_WAY)
_AFTER: Final[Mapping[RequestState, tuple[RequestState, ...]]] = {
    RequestState.OPEN: (
        RequestState.ACCEPTED, RequestState.ON_THE_WAY, RequestState.DONE, RequestState.DECLINED,
        RequestState.WITHDRAWN,
    ),
    RequestState.ACCEPTED: (
        RequestState.ACCEPTED, RequestState.ON_THE_WAY, RequestState.DONE, RequestState.DECLINED,
        RequestState.WITHDRAWN,
    ),
    RequestState.ON_THE_WAY: (
        RequestState.ON_THE_WAY, RequestState.DONE, RequestState.DECLINED, RequestState.WITHDRAWN,
    ),
}  # fmt: skip
"""What may be said next; nothing after an end."""


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """A request as its events tell it. Times in UTC nanoseconds."""

    key: str
    state: RequestState
    screen: str
    zone: str
    sku: str
    language: str
    asked_utc_ns: int
    changed_utc_ns: int
    due_utc_ns: int | None = None
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Somebody still waits for it."""
        return self.state in WAITING

    def answered(self, answer: Event) -> "StaffRequest":
        """As it stands after an answer; unchanged when that may not be said any more."""
        said = RequestState(answer.data["state"])
        if said not in _AFTER.get(self.at(answer.utc_ns).state, ()):
            return self
        minutes = answer.data["minutes"]
        due = None if minutes is None else answer.utc_ns + minutes * 60 * NS_PER_S
        return replace(
            self,
            state=said,
            changed_utc_ns=answer.utc_ns,
            due_utc_ns=due if due is not None or said not in WAITING else self.due_utc_ns,
            reason=answer.data["reason"],
        )

    def at(self, utc_ns: int) -> "StaffRequest":
        """As it stands at a moment: expired when nothing was said for too long."""
        last = max(self.changed_utc_ns, self.due_utc_ns or 0)
        if self.waits and utc_ns - last >= PATIENCE_NS:
            return replace(self, state=RequestState.EXPIRED, changed_utc_ns=last + PATIENCE_NS)
        return self


def requests_from(
    asked: Iterable[Event], answers: Iterable[Event], utc_ns: int
) -> list[StaffRequest]:
    """How requests stand at a moment, newest first.

    Args:
        asked: events of the kind `request`.
        answers: those of the kind `answer`, in the ledger's order.
        utc_ns: the moment.
    """
    by_request: dict[str, list[Event]] = defaultdict(list)
    for answer in answers:
        by_request[answer.data["request"]].append(answer)
    found = []
    for event in asked:
        request = _request(event)
        for answer in by_request[request.key]:
            request = request.answered(answer)
        found.append(request.at(utc_ns))
    return sorted(found, key=lambda it: it.asked_utc_ns, reverse=True)


def _request(event: Event) -> StaffRequest:
    data = event.data
    return StaffRequest(
        data["request"], RequestState.OPEN, data["screen"], event.place_id, data["sku"],
        data["language"], event.utc_ns, event.utc_ns,
    )  # fmt: skip


def recent(ledger: LedgerReader, utc_ns: int) -> list[StaffRequest]:
    """The requests of the last hours as they stand now, newest first."""
    asked = [it.event for it in _newest(ledger, EventKind.REQUEST)]
    answers = [it.event for it in _newest(ledger, EventKind.ANSWER)]
    found = requests_from(asked, reversed(answers), utc_ns)
    return [it for it in found if utc_ns - it.asked_utc_ns < SHOWN_NS]


def _newest(ledger: LedgerReader, kind: EventKind) -> list[StoredEvent]:
    return ledger.newest_of(kind, _MOST_EVENTS)


def ask(service: ServiceState, question: RequestQuestion) -> StaffRequest:
    """Keep a request; the same key again answers how the first one stands.

    Raises:
        QueryError: nothing of this SKU or place is known, or too many wait there already.
    """
    now = service.clock.utc_ns()
    before = recent(service.ledger, now)
    known = _find(before, question.key)
    if known is not None:
        return known
    _check_zone(service, question.zone)
    if question.sku and service.products.of_sku(question.sku) is None:
        raise QueryError(f"There is no product `{question.sku}`.", "Give a SKU of the table.")
    if sum(it.waits and it.zone == question.zone for it in before) >= MOST_WAITING:
        raise QueryError("So many requests are waiting there already.", "Wait for an answer.")
    data = question.model_dump(include={"screen", "sku", "language"}) | {"request": question.key}
    event = _event(f"request/{question.key}", EventKind.REQUEST, service, question.zone, data)
    service.keep([event])
    return _request(event)


def answer(service: ServiceState, key: str, question: AnswerQuestion) -> StaffRequest:
    """Keep an answer; the same key again changes nothing.

    Raises:
        LookupError: there is no such request.
        QueryError: the request has ended, or this may not be said of it.
    """
    request = _find(recent(service.ledger, service.clock.utc_ns()), key)
    if request is None:
        raise LookupError(key)
    said = RequestState(question.state)
    told = f"answer/{key}/{question.key}"
    if said not in _AFTER.get(request.state, ()):
        if any(it.event.key == told for it in _newest(service.ledger, EventKind.ANSWER)):
            return request
        raise QueryError(
            f"This request is {request.state.replace('-', ' ')} already.",
            "Look at the list anew.",
        )
    data = question.model_dump(include={"state", "minutes", "reason"}) | {"request": key}
    service.keep([_event(told, EventKind.ANSWER, service, request.zone, data)])
    found = _find(recent(service.ledger, service.clock.utc_ns()), key)
    return found if found is not None else request


def why_not(service: ServiceState, question: WhyNotQuestion) -> bool:
    """Keep why somebody left without something; returns whether it was new.

    Raises:
        QueryError: there is no such place.
    """
    _check_zone(service, question.zone)
    known = [sku for sku in question.skus if service.products.of_sku(sku) is not None]
    data = {"screen": question.screen, "reason": question.reason, "skus": known}
    event = _event(f"why-not/{question.key}", EventKind.WHY_NOT, service, question.zone, data)
    return service.keep([event]) > 0


def _check_zone(service: ServiceState, zone: str) -> None:
    if zone not in {it.id for it in service.site().zones}:
        raise QueryError(f"There is no zone `{zone}`.", "Give the id of a zone of site.toml.")


def _find(requests: Sequence[StaffRequest], key: str) -> StaffRequest | None:
    return next((it for it in requests if it.key == key), None)


def _event(
    key: str, kind: EventKind, service: ServiceState, zone: str, data: Mapping[str, object]
) -> Event:
    clock = service.clock
    return Event(key, kind, clock.utc_ns(), clock.monotonic_ns(), "", zone, dict(data))


def request_view(request: StaffRequest) -> RequestView:
    """One request, for clients."""
    return RequestView(
        request=request.key,
        state=request.state,
        screen=request.screen,
        zone=request.zone,
        sku=request.sku,
        language=request.language,
        asked_at=utc_from_ns(request.asked_utc_ns),
        changed_at=utc_from_ns(request.changed_utc_ns),
        due_at=None if request.due_utc_ns is None else utc_from_ns(request.due_utc_ns),
        reason=request.reason,
    )


def requests_view(service: ServiceState, zone: str | None, *, waiting: bool) -> RequestsView:
    """Requests of the last hours, newest first.

    Args:
        service: the running one.
        zone: only those from there; None for all.
        waiting: only those that somebody waits for.
    """
    found = recent(service.ledger, service.clock.utc_ns())
    return RequestsView(
        requests=[
            request_view(it)
            for it in found
            if zone in (None, it.zone) and (it.waits or not waiting)
        ]
    )
