"""The messages of LLRP 1.0.1 (section 16.1) and 1.1 that a reader of tags needs, and Impinj's."""

from typing import Final

from edge_core.llrp.element import CUSTOM_TYPE, IMPINJ, Spec, make_spec

_ROSPEC = "u32 ROSpecID"
_ACCESSSPEC = "u32 AccessSpecID"
_STATUS = "LLRPStatus"

_TABLE: Final = (
    make_spec("GET_READER_CAPABILITIES", 1, "u8 RequestedData", "Custom*"),
    make_spec(
        "GET_READER_CAPABILITIES_RESPONSE", 11, "",
        "LLRPStatus GeneralDeviceCapabilities? LLRPCapabilities? RegulatoryCapabilities?"
        " C1G2LLRPCapabilities? Custom*",
    ),
    make_spec(
        "GET_READER_CONFIG", 2, "u16 AntennaID u8 RequestedData u16 GPIPortNum u16 GPOPortNum",
        "Custom*",
    ),
    make_spec(
        "GET_READER_CONFIG_RESPONSE", 12, "",
        "LLRPStatus Identification? AntennaProperties* AntennaConfiguration*"
        " ReaderEventNotificationSpec? ROReportSpec? AccessReportSpec?"
        " LLRPConfigurationStateValue? KeepaliveSpec? GPIPortCurrentState* GPOWriteData*"
        " EventsAndReports? Custom*",
    ),
    make_spec(
        "SET_READER_CONFIG", 3, "flags8 ResetToFactoryDefault",
        "ReaderEventNotificationSpec? AntennaProperties* AntennaConfiguration* ROReportSpec?"
        " AccessReportSpec? KeepaliveSpec? GPOWriteData* GPIPortCurrentState*"
        " EventsAndReports? Custom*",
    ),
    make_spec("SET_READER_CONFIG_RESPONSE", 13, "", _STATUS),
    make_spec("CLOSE_CONNECTION", 14),
    make_spec("CLOSE_CONNECTION_RESPONSE", 4, "", _STATUS),
    make_spec("ADD_ROSPEC", 20, "", "ROSpec"),
    make_spec("ADD_ROSPEC_RESPONSE", 30, "", _STATUS),
    make_spec("DELETE_ROSPEC", 21, _ROSPEC),
    make_spec("DELETE_ROSPEC_RESPONSE", 31, "", _STATUS),
    make_spec("START_ROSPEC", 22, _ROSPEC),
    make_spec("START_ROSPEC_RESPONSE", 32, "", _STATUS),
    make_spec("STOP_ROSPEC", 23, _ROSPEC),
    make_spec("STOP_ROSPEC_RESPONSE", 33, "", _STATUS),
    make_spec("ENABLE_ROSPEC", 24, _ROSPEC),
    make_spec("ENABLE_ROSPEC_RESPONSE", 34, "", _STATUS),
    make_spec("DISABLE_ROSPEC", 25, _ROSPEC),
    make_spec("DISABLE_ROSPEC_RESPONSE", 35, "", _STATUS),
    make_spec("GET_ROSPECS", 26),
    make_spec("GET_ROSPECS_RESPONSE", 36, "", "LLRPStatus ROSpec*"),
    make_spec("DELETE_ACCESSSPEC", 41, _ACCESSSPEC),
    make_spec("DELETE_ACCESSSPEC_RESPONSE", 51, "", _STATUS),
    make_spec("GET_REPORT", 60),
    make_spec("RO_ACCESS_REPORT", 61, "", "TagReportData* Custom*"),
    make_spec("KEEPALIVE", 62),
    make_spec("KEEPALIVE_ACK", 72),
    make_spec("READER_EVENT_NOTIFICATION", 63, "", "ReaderEventNotificationData"),
    make_spec("ENABLE_EVENTS_AND_REPORTS", 64),
    make_spec("ERROR_MESSAGE", 100, "", _STATUS),
    # LLRP 1.1 only: which version both ends speak.
    make_spec("GET_SUPPORTED_VERSION", 46),
    make_spec(
        "GET_SUPPORTED_VERSION_RESPONSE", 56, "u8 CurrentVersion u8 SupportedVersion", _STATUS
    ),
    make_spec("SET_PROTOCOL_VERSION", 47, "u8 ProtocolVersion"),
    make_spec("SET_PROTOCOL_VERSION_RESPONSE", 57, "", _STATUS),
    make_spec(
        "IMPINJ_ENABLE_EXTENSIONS", CUSTOM_TYPE, "u32 Reserved", "Custom*",
        vendor=IMPINJ, subtype=21,
    ),
    make_spec(
        "IMPINJ_ENABLE_EXTENSIONS_RESPONSE", CUSTOM_TYPE, "", "LLRPStatus Custom*",
        vendor=IMPINJ, subtype=22,
    ),
    # Any vendor's message that stands above has its own line; this takes the others.
    make_spec("CUSTOM_MESSAGE", CUSTOM_TYPE, "u32 VendorID u8 Subtype rest Data"),
)  # fmt: skip

MESSAGES: Final[dict[str, Spec]] = {spec.name: spec for spec in _TABLE}
MESSAGE_OF: Final[dict[tuple[int, int, int], Spec]] = {spec.key: spec for spec in _TABLE}
