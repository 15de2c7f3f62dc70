"""Encodes with sllurp what a client sends; run as a program of its own.

Prints one JSON object: name of each message -> its bytes in hexadecimal. sllurp is licensed under
the GPL and never becomes part of the product: it only judges it.
"""

import json
import sys

from sllurp.llrp import LLRPMessage
from sllurp.llrp_proto import LLRPROSpec

ROSPEC = LLRPROSpec(
    None,
    9,
    antennas=[1, 4],
    tx_power={1: 81, 4: 91},
    report_every_n_tags=3,
    session=2,
    tag_population=200,
    impinj_search_mode=2,
    impinj_tag_content_selector={
        "EnableRFPhaseAngle": True,
        "EnablePeakRSSI": True,
        "EnableRFDopplerFrequency": False,
    },
)
SENT = {
    "GET_READER_CAPABILITIES": {"RequestedData": 0},
    "GET_READER_CONFIG": {"RequestedData": 0},
    "SET_READER_CONFIG": {
        "ResetToFactoryDefaults": True,
        "ReaderEventNotificationSpec": {
            "EventNotificationState": {"ROSpecEvent": True, "AntennaEvent": False}
        },
        "KeepaliveSpec": {"KeepaliveTriggerType": 1, "TimeInterval": 2000},
    },
    "ADD_ROSPEC": {"ROSpecID": 9, "ROSpec": ROSPEC},
    "ENABLE_ROSPEC": {"ROSpecID": 9},
    "START_ROSPEC": {"ROSpecID": 9},
    "STOP_ROSPEC": {"ROSpecID": 9},
    "DELETE_ROSPEC": {"ROSpecID": 0},
    "DELETE_ACCESSSPEC": {"AccessSpecID": 0},
    "KEEPALIVE_ACK": {},
    "ENABLE_EVENTS_AND_REPORTS": {},
    "IMPINJ_ENABLE_EXTENSIONS": {},
}

frames = {
    name: LLRPMessage(msgdict={name: fields | {"ID": 5}}).msgbytes.hex()
    for name, fields in SENT.items()
}
sys.stdout.write(json.dumps(frames))
