"""The parameters of LLRP 1.0.1 (section 16.2) and 1.1 that a reader of tags needs, and Impinj's."""

from dataclasses import replace
from typing import Final

from edge_core.llrp.element import CUSTOM_TYPE, IMPINJ, Spec, make_spec


def _tv(name: str, number: int, layout: str, size: int) -> Spec:
    return replace(make_spec(name, number, layout), size=size)


def _impinj(name: str, subtype: int, layout: str = "", inside: str = "") -> Spec:
    return make_spec(name, CUSTOM_TYPE, layout, inside, vendor=IMPINJ, subtype=subtype)


_TAG_REPORT: Final = (
    _tv("AntennaID", 1, "u16 AntennaID", 2),
    _tv("FirstSeenTimestampUTC", 2, "u64 Microseconds", 8),
    _tv("FirstSeenTimestampUptime", 3, "u64 Microseconds", 8),
    _tv("LastSeenTimestampUTC", 4, "u64 Microseconds", 8),
    _tv("LastSeenTimestampUptime", 5, "u64 Microseconds", 8),
    _tv("PeakRSSI", 6, "s8 PeakRSSI", 1),
    _tv("ChannelIndex", 7, "u16 ChannelIndex", 2),
    _tv("TagSeenCount", 8, "u16 TagCount", 2),
    _tv("ROSpecID", 9, "u32 ROSpecID", 4),
    _tv("InventoryParameterSpecID", 10, "u16 InventoryParameterSpecID", 2),
    _tv("C1G2_CRC", 11, "u16 CRC", 2),
    _tv("C1G2_PC", 12, "u16 PC_Bits", 2),
    _tv("EPC_96", 13, "b12 EPC", 12),
    _tv("SpecIndex", 14, "u16 SpecIndex", 2),
    _tv("ClientRequestOpSpecResult", 15, "u16 OpSpecID", 2),
    _tv("AccessSpecID", 16, "u32 AccessSpecID", 4),
    _tv("OpSpecID", 17, "u16 OpSpecID", 2),
    _tv("C1G2SingulationDetails", 18, "u16 NumCollisionSlots u16 NumEmptySlots", 4),
    _tv("C1G2XPCW1", 19, "u16 XPC_W1", 2),
    _tv("C1G2XPCW2", 20, "u16 XPC_W2", 2),
    make_spec("EPCData", 241, "bits EPC"),
    make_spec(
        "TagReportData", 240, "",
        "EPCData? EPC_96? ROSpecID? SpecIndex? InventoryParameterSpecID? AntennaID? PeakRSSI?"
        " ChannelIndex? FirstSeenTimestampUTC? FirstSeenTimestampUptime? LastSeenTimestampUTC?"
        " LastSeenTimestampUptime? TagSeenCount? C1G2_PC? C1G2_CRC? C1G2XPCW1? C1G2XPCW2?"
        " AccessSpecID? Custom*",
    ),
)  # fmt: skip

_CAPABILITIES: Final = (
    make_spec(
        "GeneralDeviceCapabilities", 137,
        "u16 MaxNumberOfAntennaSupported flags16 CanSetAntennaProperties HasUTCClockCapability"
        " u32 DeviceManufacturerName u32 ModelName utf8 ReaderFirmwareVersion",
        "ReceiveSensitivityTableEntry* PerAntennaReceiveSensitivityRange* GPIOCapabilities?"
        " PerAntennaAirProtocol* MaximumReceiveSensitivity?",
    ),
    make_spec("MaximumReceiveSensitivity", 363, "u16 MaximumSensitivityValue"),
    make_spec("ReceiveSensitivityTableEntry", 139, "u16 Index s16 ReceiveSensitivityValue"),
    make_spec(
        "PerAntennaReceiveSensitivityRange", 149,
        "u16 AntennaID u16 ReceiveSensitivityIndexMin u16 ReceiveSensitivityIndexMax",
    ),
    make_spec("PerAntennaAirProtocol", 140, "u16 AntennaID u8v ProtocolID"),
    make_spec("GPIOCapabilities", 141, "u16 NumGPIs u16 NumGPOs"),
    make_spec(
        "LLRPCapabilities", 142,
        "flags8 CanDoRFSurvey CanReportBufferFillWarning SupportsClientRequestOpSpec"
        " CanDoTagInventoryStateAwareSingulation SupportsEventAndReportHolding"
        " u8 MaxPriorityLevelSupported u16 ClientRequestOpSpecTimeout u32 MaxNumROSpecs"
        " u32 MaxNumSpecsPerROSpec u32 MaxNumInventoryParameterSpecsPerAISpec"
        " u32 MaxNumAccessSpecs u32 MaxNumOpSpecsPerAccessSpec",
    ),
    make_spec(
        "RegulatoryCapabilities", 143, "u16 CountryCode u16 CommunicationsStandard",
        "UHFBandCapabilities? Custom*",
    ),
    make_spec(
        "UHFBandCapabilities", 144, "",
        "TransmitPowerLevelTableEntry+ FrequencyInformation UHFC1G2RFModeTable*"
        " RFSurveyFrequencyCapabilities? Custom*",
    ),
    make_spec("TransmitPowerLevelTableEntry", 145, "u16 Index s16 TransmitPowerValue"),
    make_spec(
        "FrequencyInformation", 146, "flags8 Hopping", "FrequencyHopTable* FixedFrequencyTable?"
    ),
    make_spec("FrequencyHopTable", 147, "u8 HopTableID skip8 u32v Frequency"),
    make_spec("FixedFrequencyTable", 148, "u32v Frequency"),
    make_spec("RFSurveyFrequencyCapabilities", 365, "u32 MinimumFrequency u32 MaximumFrequency"),
    make_spec(
        "C1G2LLRPCapabilities", 327,
        "flags8 CanSupportBlockErase CanSupportBlockWrite CanSupportBlockPermalock"
        " CanSupportTagRecommissioning CanSupportUMIMethod2 CanSupportXPC"
        " u16 MaxNumSelectFiltersPerQuery",
    ),
    make_spec("UHFC1G2RFModeTable", 328, "", "UHFC1G2RFModeTableEntry+"),
    make_spec(
        "UHFC1G2RFModeTableEntry", 329,
        "u32 ModeIdentifier flags8 DRValue EPCHAGTCConformance u8 MValue"
        " u8 ForwardLinkModulation u8 SpectralMaskIndicator u32 BDRValue u32 PIEValue"
        " u32 MinTariValue u32 MaxTariValue u32 StepTariValue",
    ),
)  # fmt: skip

_ROSPEC: Final = (
    make_spec(
        "ROSpec", 177, "u32 ROSpecID u8 Priority u8 CurrentState",
        "ROBoundarySpec AISpec+ ROReportSpec? Custom*",
    ),
    make_spec("ROBoundarySpec", 178, "", "ROSpecStartTrigger ROSpecStopTrigger"),
    make_spec("ROSpecStartTrigger", 179, "u8 ROSpecStartTriggerType", "PeriodicTriggerValue?"),
    make_spec("PeriodicTriggerValue", 180, "u32 Offset u32 Period", "UTCTimestamp?"),
    make_spec("ROSpecStopTrigger", 182, "u8 ROSpecStopTriggerType u32 DurationTriggerValue"),
    make_spec(
        "AISpec", 183, "u16v AntennaIDs", "AISpecStopTrigger InventoryParameterSpec+ Custom*"
    ),
    make_spec(
        "AISpecStopTrigger", 184, "u8 AISpecStopTriggerType u32 DurationTrigger",
        "TagObservationTrigger?",
    ),
    make_spec(
        "TagObservationTrigger", 185,
        "u8 TriggerType skip8 u16 NumberOfTags u16 NumberOfAttempts u16 T u32 Timeout",
    ),
    make_spec(
        "InventoryParameterSpec", 186, "u16 InventoryParameterSpecID u8 ProtocolID",
        "AntennaConfiguration* Custom*",
    ),
    make_spec(
        "AntennaConfiguration", 222, "u16 AntennaID",
        "RFReceiver? RFTransmitter? C1G2InventoryCommand* Custom*",
    ),
    make_spec("RFReceiver", 223, "u16 ReceiverSensitivity"),
    make_spec("RFTransmitter", 224, "u16 HopTableID u16 ChannelIndex u16 TransmitPower"),
    make_spec(
        "C1G2InventoryCommand", 330, "flags8 TagInventoryStateAware",
        "C1G2RFControl? C1G2SingulationControl? Custom*",
    ),
    make_spec("C1G2RFControl", 335, "u16 ModeIndex u16 Tari"),
    make_spec("C1G2SingulationControl", 336, "top2 Session u16 TagPopulation u32 TagTransitTime"),
    make_spec("ROReportSpec", 237, "u8 ROReportTrigger u16 N", "TagReportContentSelector Custom*"),
    make_spec(
        "TagReportContentSelector", 238,
        "flags16 EnableROSpecID EnableSpecIndex EnableInventoryParameterSpecID EnableAntennaID"
        " EnableChannelIndex EnablePeakRSSI EnableFirstSeenTimestamp EnableLastSeenTimestamp"
        " EnableTagSeenCount EnableAccessSpecID",
        "C1G2EPCMemorySelector*",
    ),
    make_spec("C1G2EPCMemorySelector", 348, "flags8 EnableCRC EnablePCBits EnableXPCBits"),
)  # fmt: skip

_CONFIGURATION: Final = (
    make_spec("LLRPConfigurationStateValue", 217, "u32 LLRPConfigurationStateValue"),
    make_spec("Identification", 218, "u8 IDType u8v ReaderID"),
    make_spec("GPOWriteData", 219, "u16 GPOPortNumber flags8 GPOData"),
    make_spec("KeepaliveSpec", 220, "u8 KeepaliveTriggerType u32 PeriodicTriggerValue"),
    make_spec(
        "AntennaProperties", 221, "flags8 AntennaConnected u16 AntennaID s16 AntennaGain"
    ),
    make_spec("GPIPortCurrentState", 225, "u16 GPIPortNum flags8 Config u8 State"),
    make_spec("EventsAndReports", 226, "flags8 HoldEventsAndReportsUponReconnect"),
    make_spec("AccessReportSpec", 239, "u8 AccessReportTrigger"),
    make_spec("ReaderEventNotificationSpec", 244, "", "EventNotificationState+"),
    make_spec("EventNotificationState", 245, "u16 EventType flags8 NotificationState"),
)  # fmt: skip

_EVENTS: Final = (
    make_spec("UTCTimestamp", 128, "u64 Microseconds"),
    make_spec("Uptime", 129, "u64 Microseconds"),
    make_spec(
        "ReaderEventNotificationData", 246, "",
        "UTCTimestamp? Uptime? HoppingEvent? GPIEvent? ROSpecEvent? ReportBufferLevelWarningEvent?"
        " ReportBufferOverflowErrorEvent? ReaderExceptionEvent? RFSurveyEvent? AISpecEvent?"
        " AntennaEvent? ConnectionAttemptEvent? ConnectionCloseEvent? SpecLoopEvent? Custom*",
    ),
    make_spec("HoppingEvent", 247, "u16 HopTableID u16 NextChannelIndex"),
    make_spec("GPIEvent", 248, "u16 GPIPortNumber flags8 GPIEvent"),
    make_spec("ROSpecEvent", 249, "u8 EventType u32 ROSpecID u32 PreemptingROSpecID"),
    make_spec("ReportBufferLevelWarningEvent", 250, "u8 ReportBufferPercentageFull"),
    make_spec("ReportBufferOverflowErrorEvent", 251),
    make_spec(
        "ReaderExceptionEvent", 252, "utf8 Message",
        "ROSpecID? SpecIndex? InventoryParameterSpecID? AntennaID? AccessSpecID? OpSpecID? Custom*",
    ),
    make_spec("RFSurveyEvent", 253, "u8 EventType u32 ROSpecID u16 SpecIndex"),
    make_spec(
        "AISpecEvent", 254, "u8 EventType u32 ROSpecID u16 SpecIndex", "C1G2SingulationDetails?"
    ),
    make_spec("AntennaEvent", 255, "u8 EventType u16 AntennaID"),
    make_spec("ConnectionAttemptEvent", 256, "u16 Status"),
    make_spec("ConnectionCloseEvent", 257),
    make_spec("SpecLoopEvent", 356, "u32 ROSpecID u32 LoopCount"),
    make_spec(
        "LLRPStatus", 287, "u16 StatusCode utf8 ErrorDescription", "FieldError? ParameterError?"
    ),
    make_spec("FieldError", 288, "u16 FieldNum u16 ErrorCode"),
    make_spec(
        "ParameterError", 289, "u16 ParameterType u16 ErrorCode", "FieldError? ParameterError?"
    ),
)  # fmt: skip

_CUSTOM: Final = (
    # Any vendor's parameter that stands below has its own line; this takes the others.
    make_spec("Custom", CUSTOM_TYPE, "u32 VendorID u32 Subtype rest Data"),
    _impinj("ImpinjRequestedData", 21, "u32 RequestedData"),
    _impinj("ImpinjInventorySearchMode", 23, "u16 InventorySearchMode"),
    _impinj("ImpinjFixedFrequencyList", 26, "u16 FixedFrequencyMode u16 Reserved u16v ChannelList"),
    _impinj("ImpinjLinkMonitorConfiguration", 38, "u16 LinkMonitorMode u16 LinkDownThreshold"),
    _impinj(
        "ImpinjTagReportContentSelector", 50, "",
        "ImpinjEnableSerializedTID? ImpinjEnableRFPhaseAngle? ImpinjEnablePeakRSSI?"
        " ImpinjEnableRFDopplerFrequency? Custom*",
    ),
    _impinj("ImpinjEnableSerializedTID", 51, "u16 SerializedTIDMode", "Custom*"),
    _impinj("ImpinjEnableRFPhaseAngle", 52, "u16 RFPhaseAngleMode", "Custom*"),
    _impinj("ImpinjEnablePeakRSSI", 53, "u16 PeakRSSIMode", "Custom*"),
    _impinj("ImpinjRFPhaseAngle", 56, "u16 PhaseAngle", "Custom*"),
    _impinj("ImpinjPeakRSSI", 57, "s16 RSSI", "Custom*"),
    _impinj("ImpinjEnableRFDopplerFrequency", 67, "u16 RFDopplerFrequencyMode", "Custom*"),
    _impinj("ImpinjRFDopplerFrequency", 68, "s16 DopplerFrequency", "Custom*"),
)  # fmt: skip

_TABLE: Final = (*_TAG_REPORT, *_CAPABILITIES, *_ROSPEC, *_CONFIGURATION, *_EVENTS, *_CUSTOM)

PARAMETERS: Final[dict[str, Spec]] = {spec.name: spec for spec in _TABLE}
PARAMETER_OF: Final[dict[tuple[int, int, int], Spec]] = {spec.key: spec for spec in _TABLE}
