"""ROSpecs as the emulated reader takes them: which antennas, how strong, what to report; pure."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from edge_core.llrp import Element, StatusCode
from edge_core.simulator.rfid import r420
from edge_core.simulator.rfid.inventory import AntennaPort

_EVERY: Final = 0
_AT_ONCE = 1
_DURATION, _TAGS_OBSERVED = 1, 3
_UPON_N_TAGS = 0


class ROSpecState(IntEnum):
    """As LLRP numbers them."""

    DISABLED = 0
    INACTIVE = 1
    ACTIVE = 2


class RefusalError(Exception):
    """A request cannot be granted."""

    def __init__(self, status: StatusCode, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(slots=True)
class ReportOrder:
    """What a ROSpec wants reported.

    Attributes:
        every: a report is due after so many reads; 0 = only when the ROSpec ends.
        content: flags of the TagReportContentSelector.
        phase, fine_rssi, doppler: Impinj's extras.
    """

    every: int = 1
    content: dict[str, bool] = field(default_factory=dict)
    phase: bool = False
    fine_rssi: bool = False
    doppler: bool = False


@dataclass(slots=True)
class ROSpec:
    """A ROSpec in the reader.

    Attributes:
        element: as it was added.
        ports: its antennas and their powers.
        order: what it wants reported.
        duration_s: it ends by itself after so long; None = never.
        restarts: it starts as soon as it is enabled, and again when it has ended.
        state: where it is in its life.
    """

    element: Element
    ports: tuple[AntennaPort, ...]
    order: ReportOrder
    duration_s: float | None
    restarts: bool
    state: ROSpecState = ROSpecState.DISABLED


def read_rospec(element: Element) -> ROSpec:
    """What a ROSpec asks for.

    Raises:
        RefusalError: this emulator cannot do it.
    """
    aispecs = element.all("AISpec")
    if len(aispecs) != 1:
        raise RefusalError(StatusCode.UNSUPPORTED_PARAMETER, "one AISpec only")
    boundary, stop = element.one("ROBoundarySpec"), aispecs[0].one("AISpecStopTrigger")
    ends = boundary.one("ROSpecStopTrigger")
    start = boundary.one("ROSpecStartTrigger")["ROSpecStartTriggerType"]
    order = _order(element.first("ROReportSpec"))
    durations = []
    if ends["ROSpecStopTriggerType"] == _DURATION:
        durations.append(ends["DurationTriggerValue"] / 1000)
    if stop["AISpecStopTriggerType"] == _DURATION:
        durations.append(stop["DurationTrigger"] / 1000)
    observed = stop.first("TagObservationTrigger")
    if stop["AISpecStopTriggerType"] == _TAGS_OBSERVED and observed is not None:
        # Ending after so many reads and starting again at once is a report after so many.
        if start != _AT_ONCE or observed["TriggerType"] != _UPON_N_TAGS:
            raise RefusalError(
                StatusCode.UNSUPPORTED_PARAMETER, "stop after reads: only N, repeated"
            )
        order.every = min(order.every or observed["NumberOfTags"], observed["NumberOfTags"])
    elif stop["AISpecStopTriggerType"] > _DURATION or ends["ROSpecStopTriggerType"] > _DURATION:
        raise RefusalError(StatusCode.UNSUPPORTED_PARAMETER, "no stop trigger of this type")
    if start > _AT_ONCE:
        raise RefusalError(StatusCode.UNSUPPORTED_PARAMETER, "no start trigger of this type")
    return ROSpec(
        element,
        _ports(aispecs[0]),
        order,
        min(durations, default=None),
        restarts=start == _AT_ONCE,
    )


def _ports(aispec: Element) -> tuple[AntennaPort, ...]:
    """The antennas of an AISpec with the power of each."""
    numbers = aispec["AntennaIDs"]
    if _EVERY in numbers:
        numbers = tuple(range(1, r420.ANTENNAS + 1))
    unknown = [number for number in numbers if number > r420.ANTENNAS]
    if unknown or not numbers:
        raise RefusalError(StatusCode.FIELD_ERROR, f"antennas {unknown} do not exist")
    powers = dict.fromkeys(numbers, max(r420.POWERS_DBM))
    for inventory in aispec.all("InventoryParameterSpec"):
        for antenna in inventory.all("AntennaConfiguration"):
            chosen = antenna["AntennaID"]
            index = antenna.value("RFTransmitter", "TransmitPower")
            if index is None:
                continue
            if not 1 <= index <= len(r420.POWERS_DBM):
                raise RefusalError(StatusCode.FIELD_ERROR, f"no transmit power {index}")
            for number in numbers if chosen == _EVERY else (chosen,):
                powers[number] = r420.POWERS_DBM[index - 1]
    return tuple(AntennaPort(number, powers[number]) for number in numbers)


def _order(spec: Element | None) -> ReportOrder:
    if spec is None:
        return ReportOrder(content=_DEFAULT_CONTENT)
    selector = spec.one("TagReportContentSelector")
    extras = spec.first("ImpinjTagReportContentSelector")

    def wanted(name: str) -> bool:
        mode = extras.value(f"ImpinjEnable{name}", f"{name}Mode", 0) if extras else 0
        return bool(mode)

    return ReportOrder(
        every=spec["N"] if spec["ROReportTrigger"] == 1 else 0,
        content=dict(selector.values),
        phase=wanted("RFPhaseAngle"),
        fine_rssi=wanted("PeakRSSI"),
        doppler=wanted("RFDopplerFrequency"),
    )


_DEFAULT_CONTENT: Final = {
    "EnableAntennaID": True,
    "EnablePeakRSSI": True,
    "EnableFirstSeenTimestamp": True,
    "EnableLastSeenTimestamp": True,
    "EnableTagSeenCount": True,
}
