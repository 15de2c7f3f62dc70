"""The reader's side of LLRP: requests change its state and get answers; no I/O, no clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge_core.llrp import Element, Message, StatusCode, message, parameter
from edge_core.llrp.element import CUSTOM_TYPE, IMPINJ
from edge_core.simulator.rfid import r420
from edge_core.simulator.rfid.rospec import RefusalError, ROSpec, ROSpecState, read_rospec

_EVERY: Final = 0
_LLRP_1_1: Final = 2
_EVENT_KINDS: Final = range(9)


@dataclass(slots=True)
class ReaderProtocol:
    """State of an emulated reader.

    Attributes:
        speaks_1_1: whether it knows LLRP 1.1; a real R420 does not.
        plugged: numbers of the antennas that are plugged in.
        keepalive_ms: period asked for, 0 = none.
        link_down_after: the connection is dropped after so many unanswered keepalives, 0 = never.
        events: kind of event -> whether to tell of it.
        extended: Impinj's extensions are switched on for this connection.
        rospecs: by id.
        closing: the client has said goodbye.
    """

    speaks_1_1: bool = False
    plugged: frozenset[int] = frozenset(range(1, r420.ANTENNAS + 1))
    keepalive_ms: int = 0
    link_down_after: int = 0
    events: dict[int, bool] = field(default_factory=lambda: dict.fromkeys(_EVENT_KINDS, False))
    extended: bool = False
    rospecs: dict[int, ROSpec] = field(default_factory=dict)
    closing: bool = False

    def connected(self) -> None:
        """A new client: what is set up stays, what belongs to a connection does not."""
        self.extended = False
        self.closing = False

    @property
    def active(self) -> ROSpec | None:
        """The ROSpec that runs now."""
        for rospec in self.rospecs.values():
            if rospec.state is ROSpecState.ACTIVE:
                return rospec
        return None

    def ended(self) -> None:
        """The running ROSpec has come to its end; one that starts at once starts anew."""
        if self.active is not None and not self.active.restarts:
            self.active.state = ROSpecState.INACTIVE

    def answer(self, request: Message) -> Message | None:
        """Carry out a request; None when it needs no answer."""
        if request.version > 1 and not self.speaks_1_1:
            return refusal(StatusCode.UNSUPPORTED_VERSION, "only LLRP 1.0.1", request.number)
        if request.name in _SILENT:
            return None
        handler = _HANDLERS.get(request.name)
        if handler is None:
            return refusal(StatusCode.UNSUPPORTED_MESSAGE, request.name, request.number)
        try:
            if not self.extended and _has_impinj(request.body):
                raise RefusalError(
                    StatusCode.UNSUPPORTED_PARAMETER, "Impinj extensions are not enabled"
                )
            reply = handler(self, request)
        except RefusalError as no:
            reply = message(f"{request.name}_RESPONSE", status(no.status, no.text))
        reply.number, reply.version = request.number, request.version
        return reply

    def _capabilities(self, request: Message) -> Message:
        return r420.capabilities(status())

    def _configuration(self, request: Message) -> Message:
        return r420.configuration(status(), self.keepalive_ms, self.events, self.plugged)

    def _set_configuration(self, request: Message) -> Message:
        if request.body["ResetToFactoryDefault"]:
            self.keepalive_ms, self.link_down_after = 0, 0
            self.events = dict.fromkeys(_EVENT_KINDS, False)
            self.rospecs.clear()
        keepalive = request.body.first("KeepaliveSpec")
        if keepalive is not None:
            periodic = keepalive["KeepaliveTriggerType"] == 1
            self.keepalive_ms = keepalive["PeriodicTriggerValue"] if periodic else 0
        watch = request.body.first("ImpinjLinkMonitorConfiguration")
        if watch is not None:
            self.link_down_after = watch["LinkDownThreshold"] if watch["LinkMonitorMode"] else 0
        wanted = request.body.first("ReaderEventNotificationSpec")
        for state in wanted.children if wanted else ():
            if state["EventType"] in self.events:
                self.events[state["EventType"]] = state["NotificationState"]
        return message("SET_READER_CONFIG_RESPONSE", status())

    def _add(self, request: Message) -> Message:
        element = request.body.children[0]
        number = element["ROSpecID"]
        if number == _EVERY or number in self.rospecs:
            raise RefusalError(StatusCode.FIELD_ERROR, f"ROSpec {number} cannot be added")
        if len(self.rospecs) >= r420.MAX_ROSPECS:
            raise RefusalError(StatusCode.OVERFLOW_PARAMETER, "no room for another ROSpec")
        self.rospecs[number] = read_rospec(element)
        return message("ADD_ROSPEC_RESPONSE", status())

    def _each(self, request: Message) -> list[ROSpec]:
        """The ROSpecs a request names; 0 names all."""
        number = request.body["ROSpecID"]
        if number == _EVERY:
            return list(self.rospecs.values())
        if number not in self.rospecs:
            raise RefusalError(StatusCode.FIELD_ERROR, f"there is no ROSpec {number}")
        return [self.rospecs[number]]

    def _delete(self, request: Message) -> Message:
        for rospec in self._each(request):
            del self.rospecs[rospec.element["ROSpecID"]]
        return message("DELETE_ROSPEC_RESPONSE", status())

    def _enable(self, request: Message) -> Message:
        for rospec in self._each(request):
            if rospec.state is ROSpecState.DISABLED:
                rospec.state = ROSpecState.ACTIVE if rospec.restarts else ROSpecState.INACTIVE
        return message("ENABLE_ROSPEC_RESPONSE", status())

    def _disable(self, request: Message) -> Message:
        for rospec in self._each(request):
            rospec.state = ROSpecState.DISABLED
        return message("DISABLE_ROSPEC_RESPONSE", status())

    def _start(self, request: Message) -> Message:
        for rospec in self._each(request):
            if rospec.state is ROSpecState.DISABLED:
                raise RefusalError(StatusCode.FIELD_ERROR, "the ROSpec is disabled")
            rospec.state = ROSpecState.ACTIVE
        return message("START_ROSPEC_RESPONSE", status())

    def _stop(self, request: Message) -> Message:
        for rospec in self._each(request):
            if rospec.state is ROSpecState.ACTIVE:
                rospec.state = ROSpecState.INACTIVE
        return message("STOP_ROSPEC_RESPONSE", status())

    def _list(self, request: Message) -> Message:
        for rospec in self.rospecs.values():
            rospec.element.values["CurrentState"] = int(rospec.state)
        known = [rospec.element for rospec in self.rospecs.values()]
        return message("GET_ROSPECS_RESPONSE", status(), *known)

    def _no_accessspecs(self, request: Message) -> Message:
        return message("DELETE_ACCESSSPEC_RESPONSE", status())

    def _extend(self, request: Message) -> Message:
        self.extended = True
        return message("IMPINJ_ENABLE_EXTENSIONS_RESPONSE", status())

    def _close(self, request: Message) -> Message:
        self.closing = True
        return message("CLOSE_CONNECTION_RESPONSE", status())

    def _versions(self, request: Message) -> Message:
        if not self.speaks_1_1:
            return refusal(StatusCode.UNSUPPORTED_MESSAGE, request.name, request.number)
        return message(
            "GET_SUPPORTED_VERSION_RESPONSE",
            status(),
            CurrentVersion=request.version,
            SupportedVersion=_LLRP_1_1,
        )

    def _set_version(self, request: Message) -> Message:
        if not self.speaks_1_1 or request.body["ProtocolVersion"] > _LLRP_1_1:
            raise RefusalError(StatusCode.UNSUPPORTED_VERSION, "unknown version")
        return message("SET_PROTOCOL_VERSION_RESPONSE", status())


_SILENT: Final = ("KEEPALIVE_ACK", "ENABLE_EVENTS_AND_REPORTS", "GET_REPORT")
_HANDLERS: Final[dict[str, Callable[[ReaderProtocol, Message], Message]]] = {
    "GET_READER_CAPABILITIES": ReaderProtocol._capabilities,
    "GET_READER_CONFIG": ReaderProtocol._configuration,
    "SET_READER_CONFIG": ReaderProtocol._set_configuration,
    "ADD_ROSPEC": ReaderProtocol._add,
    "DELETE_ROSPEC": ReaderProtocol._delete,
    "ENABLE_ROSPEC": ReaderProtocol._enable,
    "DISABLE_ROSPEC": ReaderProtocol._disable,
    "START_ROSPEC": ReaderProtocol._start,
    "STOP_ROSPEC": ReaderProtocol._stop,
    "GET_ROSPECS": ReaderProtocol._list,
    "DELETE_ACCESSSPEC": ReaderProtocol._no_accessspecs,
    "IMPINJ_ENABLE_EXTENSIONS": ReaderProtocol._extend,
    "CLOSE_CONNECTION": ReaderProtocol._close,
    "GET_SUPPORTED_VERSION": ReaderProtocol._versions,
    "SET_PROTOCOL_VERSION": ReaderProtocol._set_version,
}


def status(code: StatusCode = StatusCode.SUCCESS, text: str = "") -> Element:
    """A LLRPStatus."""
    return parameter("LLRPStatus", StatusCode=code, ErrorDescription=text)


def refusal(code: int, text: str, number: int) -> Message:
    """An ERROR_MESSAGE in answer to message `number`."""
    said = parameter("LLRPStatus", StatusCode=code, ErrorDescription=text)
    return message("ERROR_MESSAGE", said, number=number)


def _has_impinj(element: Element) -> bool:
    return any(
        (child.spec.number == CUSTOM_TYPE and child.spec.vendor == IMPINJ) or _has_impinj(child)
        for child in element.children
    )
