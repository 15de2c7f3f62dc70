"""What a reader is asked to do, as LLRP messages; pure."""

from typing import Final

from edge_core.config import ReaderConfig
from edge_core.errors import ReaderError
from edge_core.llrp import Element, Message, message, parameter
from edge_core.sensing.rfid.capabilities import ReaderCapabilities
from edge_core.units import NS_PER_MS, ns_from_s

ROSPEC_ID: Final = 1
_ALL: Final = 0
_GEN2: Final = 1
_UPON_N_TAGS: Final = 1
_EVENTS_WANTED: Final = (2, 3, 4, 8)  # ROSpec, buffer filling, reader exception, antenna
_EVENTS_KNOWN: Final = range(9)
MISSED_KEEPALIVES: Final = 3
"""Either end gives the connection up after so many periods of silence."""


def check_settings(config: ReaderConfig, can: ReaderCapabilities) -> list[str]:
    """What the reader cannot do of what site.toml asks, in plain words; empty when all is well."""
    wrong = [
        f"antenna {antenna.number} does not exist: the reader has {can.antennas}"
        for antenna in config.antennas
        if antenna.number > can.antennas
    ]
    if not can.power_dbm:
        wrong.append("the reader names no transmit power")
    if config.mode is not None and config.mode not in can.modes:
        known = ", ".join(map(str, can.modes))
        wrong.append(f"RF mode {config.mode} does not exist; there are {known}")
    return wrong


def require_settings(config: ReaderConfig, can: ReaderCapabilities) -> None:
    """Raise ReaderError when the reader cannot do what site.toml asks."""
    wrong = check_settings(config, can)
    if wrong:
        raise ReaderError(
            f"Reader {config.id} cannot work as configured: {'; '.join(wrong)}.",
            f'Correct the [[readers]] section with id = "{config.id}".',
        )


def get_capabilities() -> Message:
    """Ask for everything the reader can do."""
    return message("GET_READER_CAPABILITIES", RequestedData=0)


def get_antennas() -> Message:
    """Ask which antennas are plugged in."""
    return message("GET_READER_CONFIG", AntennaID=_ALL, RequestedData=2, GPIPortNum=0, GPOPortNum=0)


def enable_impinj_extensions() -> Message:
    """Without this an Impinj reader refuses Impinj's parameters."""
    return message("IMPINJ_ENABLE_EXTENSIONS", Reserved=0)


def set_config(config: ReaderConfig, can: ReaderCapabilities) -> Message:
    """Ask for keepalives and the events that matter, and for reports as they come."""
    period_ms = ns_from_s(config.keepalive_s) // NS_PER_MS
    states = [
        parameter(
            "EventNotificationState", EventType=kind, NotificationState=kind in _EVENTS_WANTED
        )
        for kind in _EVENTS_KNOWN
    ]
    parts = [
        parameter("ReaderEventNotificationSpec", *states),
        parameter("KeepaliveSpec", KeepaliveTriggerType=1, PeriodicTriggerValue=period_ms),
        parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=False),
    ]
    if can.is_impinj:
        # Makes the reader drop us when we vanish; else a dead session would lock it for good.
        watch = parameter(
            "ImpinjLinkMonitorConfiguration",
            LinkMonitorMode=1,
            LinkDownThreshold=MISSED_KEEPALIVES,
        )
        parts.append(watch)
    return message("SET_READER_CONFIG", *parts, ResetToFactoryDefault=False)


def clear() -> tuple[Message, ...]:
    """Delete what an earlier session left: a reader serves one client, so all of it is stale.

    Readers hold few ROSpecs (an R420 one), so that a forgotten one would block ours.
    """
    return (
        message("DELETE_ACCESSSPEC", AccessSpecID=_ALL),
        message("DELETE_ROSPEC", ROSpecID=_ALL),
    )


def add_rospec(config: ReaderConfig, can: ReaderCapabilities) -> Message:
    """Inventory on all configured antennas in turn until stopped, each read reported at once."""
    antennas = [_antenna(config, can, place) for place in range(len(config.antennas))]
    inventory = parameter(
        "InventoryParameterSpec", *antennas, InventoryParameterSpecID=1, ProtocolID=_GEN2
    )
    numbers = tuple(antenna.number for antenna in config.antennas)
    stop = parameter("AISpecStopTrigger", AISpecStopTriggerType=0, DurationTrigger=0)
    boundary = parameter(
        "ROBoundarySpec",
        parameter("ROSpecStartTrigger", ROSpecStartTriggerType=0),
        parameter("ROSpecStopTrigger", ROSpecStopTriggerType=0, DurationTriggerValue=0),
    )
    rospec = parameter(
        "ROSpec",
        boundary,
        parameter("AISpec", stop, inventory, AntennaIDs=numbers),
        _report_spec(can),
        ROSpecID=ROSPEC_ID,
        Priority=0,
        CurrentState=0,
    )
    return message("ADD_ROSPEC", rospec)


def run_rospec() -> tuple[Message, ...]:
    """Let the added ROSpec run."""
    return (
        message("ENABLE_ROSPEC", ROSpecID=ROSPEC_ID),
        message("START_ROSPEC", ROSpecID=ROSPEC_ID),
    )


def end_rospec() -> tuple[Message, ...]:
    """Stop reading, leave nothing behind and say goodbye."""
    return (message("DELETE_ROSPEC", ROSpecID=ROSPEC_ID), message("CLOSE_CONNECTION"))


def _antenna(config: ReaderConfig, can: ReaderCapabilities, place: int) -> Element:
    antenna = config.antennas[place]
    power = can.power_index(config.power_of(antenna))
    control = parameter(
        "C1G2SingulationControl",
        Session=config.session,
        TagPopulation=config.tag_population,
        TagTransitTime=0,
    )
    orders = [control]
    if config.mode is not None:
        orders.insert(0, parameter("C1G2RFControl", ModeIndex=config.mode, Tari=0))
    if can.is_impinj and config.search_mode is not None:
        search = parameter("ImpinjInventorySearchMode", InventorySearchMode=config.search_mode)
        orders.append(search)
    return parameter(
        "AntennaConfiguration",
        parameter(
            "RFTransmitter", HopTableID=can.hop_table_id, ChannelIndex=1, TransmitPower=power
        ),
        parameter("C1G2InventoryCommand", *orders, TagInventoryStateAware=False),
        AntennaID=antenna.number,
    )


def _report_spec(can: ReaderCapabilities) -> Element:
    selector = parameter(
        "TagReportContentSelector",
        EnableROSpecID=False,
        EnableSpecIndex=False,
        EnableInventoryParameterSpecID=False,
        EnableAntennaID=True,
        EnableChannelIndex=True,
        EnablePeakRSSI=True,
        EnableFirstSeenTimestamp=True,
        EnableLastSeenTimestamp=True,
        EnableTagSeenCount=True,
        EnableAccessSpecID=False,
    )
    parts = [selector]
    if can.is_impinj:
        extras = (
            parameter("ImpinjEnableRFPhaseAngle", RFPhaseAngleMode=1),
            parameter("ImpinjEnablePeakRSSI", PeakRSSIMode=1),
            parameter("ImpinjEnableRFDopplerFrequency", RFDopplerFrequencyMode=1),
        )
        parts.append(parameter("ImpinjTagReportContentSelector", *extras))
    return parameter("ROReportSpec", *parts, ROReportTrigger=_UPON_N_TAGS, N=1)
