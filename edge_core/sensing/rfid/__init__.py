"""RFID readers over LLRP: tag reads on the machine's own clock, and what an EPC says.

`client` keeps one reader running, `session` is one connection to it, `requests` what it is asked,
`reports` what it answers, `epc` the names of the tags, `probe` the self-test.
"""

from edge_core.sensing.rfid.capabilities import ReaderCapabilities
from edge_core.sensing.rfid.client import ReaderClient, ReaderStatus
from edge_core.sensing.rfid.epc import TagIdentity, decode_epc
from edge_core.sensing.rfid.probe import ReaderProbe, probe_reader

__all__ = [
    "ReaderCapabilities",
    "ReaderClient",
    "ReaderProbe",
    "ReaderStatus",
    "TagIdentity",
    "decode_epc",
    "probe_reader",
]
