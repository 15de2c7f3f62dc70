"""What an Impinj R420 with the FCC band says of itself."""

from typing import Final

from edge_core.llrp import Element, Message, message, parameter
from edge_core.llrp.element import IMPINJ
from edge_core.simulator.rfid.airtime import fcc_hop_table

ANTENNAS: Final = 4
MODEL: Final = 2_001_002
FIRMWARE: Final = "6.4.1.240 (emulated)"
HOP_TABLE_ID: Final = 1
MAX_ROSPECS: Final = 1
POWERS_DBM: Final = tuple(10.0 + 0.25 * step for step in range(91))
"""Transmit power of index 1, 2, …: 10 to 32.5 dBm."""
MODES: Final = {0: 1, 1: 2, 2: 4, 3: 8, 4: 8, 1000: 4, 1002: 4}
"""RF modes: identifier -> Miller value."""
_FCC: Final = 1
_USA: Final = 840


def capabilities(status: Element) -> Message:
    """Answer to GET_READER_CAPABILITIES."""
    llrp = parameter(
        "LLRPCapabilities",
        CanDoRFSurvey=False,
        CanReportBufferFillWarning=True,
        SupportsClientRequestOpSpec=False,
        CanDoTagInventoryStateAwareSingulation=False,
        SupportsEventAndReportHolding=True,
        MaxPriorityLevelSupported=0,
        ClientRequestOpSpecTimeout=0,
        MaxNumROSpecs=MAX_ROSPECS,
        MaxNumSpecsPerROSpec=32,
        MaxNumInventoryParameterSpecsPerAISpec=1,
        MaxNumAccessSpecs=1508,
        MaxNumOpSpecsPerAccessSpec=8,
    )
    gen2 = parameter(
        "C1G2LLRPCapabilities",
        CanSupportBlockErase=False,
        CanSupportBlockWrite=True,
        CanSupportBlockPermalock=False,
        CanSupportTagRecommissioning=False,
        CanSupportUMIMethod2=False,
        CanSupportXPC=False,
        MaxNumSelectFiltersPerQuery=2,
    )
    return message(
        "GET_READER_CAPABILITIES_RESPONSE", status, _general(), llrp, _regulatory(), gen2
    )


def _general() -> Element:
    sensitivities = [
        parameter("ReceiveSensitivityTableEntry", Index=index, ReceiveSensitivityValue=value)
        for index, value in enumerate((0, *range(10, 51)), start=1)
    ]
    protocols = [
        parameter("PerAntennaAirProtocol", AntennaID=number, ProtocolID=(1,))
        for number in range(1, ANTENNAS + 1)
    ]
    return parameter(
        "GeneralDeviceCapabilities",
        *sensitivities,
        parameter("GPIOCapabilities", NumGPIs=4, NumGPOs=4),
        *protocols,
        MaxNumberOfAntennaSupported=ANTENNAS,
        CanSetAntennaProperties=False,
        HasUTCClockCapability=True,
        DeviceManufacturerName=IMPINJ,
        ModelName=MODEL,
        ReaderFirmwareVersion=FIRMWARE,
    )


def _regulatory() -> Element:
    powers = [
        parameter("TransmitPowerLevelTableEntry", Index=index, TransmitPowerValue=round(100 * dbm))
        for index, dbm in enumerate(POWERS_DBM, start=1)
    ]
    frequencies = tuple(int(khz) for khz in fcc_hop_table())
    hops = parameter("FrequencyHopTable", HopTableID=HOP_TABLE_ID, Frequency=frequencies)
    modes = [
        parameter(
            "UHFC1G2RFModeTableEntry",
            ModeIdentifier=identifier,
            DRValue=True,
            EPCHAGTCConformance=False,
            MValue=miller,
            ForwardLinkModulation=1,
            SpectralMaskIndicator=2,
            BDRValue=320_000,
            PIEValue=1500,
            MinTariValue=6250,
            MaxTariValue=25_000,
            StepTariValue=2140,
        )
        for identifier, miller in MODES.items()
    ]
    band = parameter(
        "UHFBandCapabilities",
        *powers,
        parameter("FrequencyInformation", hops, Hopping=True),
        parameter("UHFC1G2RFModeTable", *modes),
    )
    return parameter("RegulatoryCapabilities", band, CountryCode=_USA, CommunicationsStandard=_FCC)


def configuration(
    status: Element, keepalive_ms: int, events: dict[int, bool], plugged: frozenset[int]
) -> Message:
    """Answer to GET_READER_CONFIG.

    Args:
        status: to put into it.
        keepalive_ms: period, 0 = none.
        events: kind of event -> whether it is told.
        plugged: numbers of the antennas that are plugged in.
    """
    antennas = [
        parameter(
            "AntennaProperties", AntennaConnected=number in plugged, AntennaID=number, AntennaGain=0
        )
        for number in range(1, ANTENNAS + 1)
    ]
    states = [
        parameter("EventNotificationState", EventType=kind, NotificationState=on)
        for kind, on in events.items()
    ]
    return message(
        "GET_READER_CONFIG_RESPONSE",
        status,
        parameter("Identification", IDType=0, ReaderID=bytes.fromhex("001625fffe000420")),
        *antennas,
        parameter("ReaderEventNotificationSpec", *states),
        parameter(
            "KeepaliveSpec",
            KeepaliveTriggerType=int(keepalive_ms > 0),
            PeriodicTriggerValue=keepalive_ms,
        ),
        parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=False),
    )
