"""Reading server-sent events: the text/event-stream format of the HTML standard, section 9.2."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.schema import DirectoryView, EventView, HealthView, LiveView
from edge_core.service.visits_schema import CountsToday

StreamView = (
    LiveView | TagsView | GarmentsView | CountsToday | DirectoryView | HealthView | EventView
)


_DIGITS: Final = 19


class MessageKind(StrEnum):
    """What a message of the stream is about."""

    LIVE = "live"
    TAGS = "tags"
    GARMENTS = "garments"
    COUNTS = "counts"
    DIRECTORY = "directory"
    HEALTH = "health"
    EVENT = "event"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """One server-sent event.

    Attributes:
        kind: which view this is; a position only tells where to resume and has no view.
        view: the view of that kind; None for a position.
        event_id: ledger id to resume after; events and positions have one.
    """

    kind: MessageKind
    view: StreamView | None
    event_id: int | None = None


_VIEWS: Final[dict[str, type[StreamView]]] = {
    MessageKind.LIVE: LiveView,
    MessageKind.TAGS: TagsView,
    MessageKind.GARMENTS: GarmentsView,
    MessageKind.COUNTS: CountsToday,
    MessageKind.DIRECTORY: DirectoryView,
    MessageKind.HEALTH: HealthView,
    MessageKind.EVENT: EventView,
}


def messages(chunks: Iterable[bytes]) -> Iterator[StreamMessage]:
    """Parse a stream as its bytes arrive; kinds this version does not know are passed over.

    Lines end at LF (or CR LF) only: JSON may hold U+2028 and U+0085 raw, where
    `str.splitlines`, and with it httpx's `iter_lines`, would break a line in two.

    Raises:
        pydantic.ValidationError: the data is not what its kind should be.
    """
    fields: dict[str, str] = {}
    for line in _lines(chunks):
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            repeated = name == "data" and "data" in fields
            fields[name] = f"{fields['data']}\n{value}" if repeated else value
            continue
        message = _message(fields)
        if message is not None:
            yield message
        fields = {}


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")  # as the standard says


def _message(fields: dict[str, str]) -> StreamMessage | None:
    text = fields.get("id", "")
    event_id = int(text) if text.isdecimal() and len(text) <= _DIGITS else None
    if "data" not in fields:
        return None if event_id is None else StreamMessage(MessageKind.POSITION, None, event_id)
    kind = fields.get("event", "")
    if kind not in _VIEWS:
        return None
    view = _VIEWS[kind].model_validate_json(fields["data"])
    return StreamMessage(MessageKind(kind), view, event_id)
