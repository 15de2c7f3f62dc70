"""LLRP 1.0.1 and 1.1, the protocol of RFID readers, as bytes: nothing here opens a connection.

`schema` says how fields are laid out, `parameters` and `messages` list what there is, `codec`
turns messages into bytes and back. The reader client and the reader emulator both speak it.
"""

from edge_core.llrp.build import message, parameter
from edge_core.llrp.codec import (
    HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    Header,
    decode_header,
    decode_message,
    encode_message,
)
from edge_core.llrp.element import Element, Message
from edge_core.llrp.schema import Bits
from edge_core.llrp.status import ConnectionStatus, StatusCode
from edge_core.llrp.stream import read_frame, read_message, write_message

__all__ = [
    "HEADER_BYTES",
    "MAX_MESSAGE_BYTES",
    "Bits",
    "ConnectionStatus",
    "Element",
    "Header",
    "Message",
    "StatusCode",
    "decode_header",
    "decode_message",
    "encode_message",
    "message",
    "parameter",
    "read_frame",
    "read_message",
    "write_message",
]
