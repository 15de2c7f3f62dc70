"""Messages to bytes and back (LLRP 1.0.1, section 16). Pure; strict about every length.

Whatever the bytes, decoding either gives a message that the tables allow or raises `LlrpError`;
its work and memory are bounded by the length of the frame.
"""

import struct
from collections import Counter
from typing import Final, NamedTuple

from edge_core.errors import LlrpError
from edge_core.llrp.element import CUSTOM_TYPE, Element, Message, Spec
from edge_core.llrp.messages import MESSAGE_OF
from edge_core.llrp.parameters import PARAMETER_OF
from edge_core.llrp.schema import Values
from edge_core.llrp.status import StatusCode

HEADER_BYTES: Final = 10
MAX_MESSAGE_BYTES: Final = 1 << 17
"""Longest message taken: some hundred times what a reader sends in one go."""
_MAX_DEPTH: Final = 12
_VERSIONS: Final = (1, 2)
_HEADER: Final = struct.Struct("!HII")
_TLV: Final = struct.Struct("!HH")
_VENDOR: Final = struct.Struct("!II")
_VENDOR_OF_MESSAGE: Final = struct.Struct("!IB")
_TV_OF: Final = {spec.number: spec for spec in PARAMETER_OF.values() if spec.size >= 0}


class Header(NamedTuple):
    """The head of every message.

    Attributes:
        version: 1 or 2.
        kind: type number of the message.
        length: bytes of the whole message, head included.
        number: the message's number.
    """

    version: int
    kind: int
    length: int
    number: int


def decode_header(data: bytes, limit_bytes: int = MAX_MESSAGE_BYTES) -> Header:
    """The head of a message from its first ten bytes.

    Raises:
        LlrpError: too few bytes, reserved bits set, or a length that no message can have.
    """
    if len(data) < HEADER_BYTES:
        raise LlrpError("A message is cut off in its header.", StatusCode.FIELD_ERROR)
    first, length, number = _HEADER.unpack_from(data)
    if first >> 13:
        raise LlrpError("A message's reserved bits are set.", StatusCode.FIELD_ERROR)
    if not HEADER_BYTES <= length <= limit_bytes:
        raise LlrpError(f"A message claims to be {length} bytes long.", StatusCode.OVERFLOW_FIELD)
    return Header(first >> 10, first & 0x3FF, length, number)


def decode_message(frame: bytes) -> Message:
    """The message in exactly these bytes.

    Raises:
        LlrpError: they are none; its `status` names the mistake as the standard does.
    """
    header = decode_header(frame, max(len(frame), HEADER_BYTES))
    if header.length != len(frame):
        raise LlrpError(
            f"A message of {len(frame)} bytes says it has {header.length}.", StatusCode.FIELD_ERROR
        )
    if header.version not in _VERSIONS:
        raise LlrpError(f"Version {header.version} is unknown.", StatusCode.UNSUPPORTED_VERSION)
    spec, at = _message_spec(frame, header.kind)
    return Message(_content(spec, frame, at, len(frame), 0), header.number, header.version)


def _message_spec(frame: bytes, kind: int) -> tuple[Spec, int]:
    key = (kind, 0, 0)
    at = HEADER_BYTES
    if kind == CUSTOM_TYPE and len(frame) >= at + _VENDOR_OF_MESSAGE.size:
        vendor, subtype = _VENDOR_OF_MESSAGE.unpack_from(frame, at)
        if (kind, vendor, subtype) in MESSAGE_OF:
            return MESSAGE_OF[kind, vendor, subtype], at + _VENDOR_OF_MESSAGE.size
    if key not in MESSAGE_OF:
        raise LlrpError(f"Message type {kind} is unknown.", StatusCode.UNSUPPORTED_MESSAGE)
    return MESSAGE_OF[key], at


def _content(spec: Spec, data: bytes, at: int, end: int, depth: int) -> Element:
    """Fields and parameters of `spec`, which must fill `data` from `at` to `end`."""
    values: Values = {}
    for field in spec.fields:
        at = field.read(data, at, end, values)
    children = list[Element]()
    counts: dict[str, int] = {}
    while at < end:
        child, at = _parameter(data, at, end, depth + 1)
        place = _place(spec, child.spec)
        counts[place] = counts.get(place, 0) + 1
        # Checked as they come, so that a frame of ten thousand copies fails at the second.
        if counts[place] > spec.inside[place][1]:
            raise LlrpError(f"{place} stands twice in {spec.name}.", StatusCode.DUPLICATE_PARAMETER)
        children.append(child)
    for name, (fewest, _) in spec.inside.items():
        if counts.get(name, 0) < fewest:
            raise LlrpError(f"{spec.name} lacks {name}.", StatusCode.MISSING_PARAMETER)
    return Element(spec, values, children)


def _place(outer: Spec, inner: Spec) -> str:
    """Under which name of `outer.inside` a parameter counts."""
    if inner.name in outer.inside:
        return inner.name
    if inner.number == CUSTOM_TYPE and "Custom" in outer.inside:
        return "Custom"
    raise LlrpError(f"{outer.name} cannot hold {inner.name}.", StatusCode.UNEXPECTED_PARAMETER)


def _parameter(data: bytes, at: int, end: int, depth: int) -> tuple[Element, int]:
    """The parameter at `at`, and where the next begins."""
    if data[at] & 0x80:
        return _short_parameter(data, at, end)
    if at + _TLV.size > end:
        raise LlrpError("A parameter is cut off in its header.", StatusCode.PARAMETER_ERROR)
    if depth > _MAX_DEPTH:
        raise LlrpError("Parameters are nested too deeply.", StatusCode.PARAMETER_ERROR)
    kind, length = _TLV.unpack_from(data, at)
    after = at + length
    if kind >> 10 or length < _TLV.size or after > end:
        raise LlrpError(
            f"Parameter type {kind & 0x3FF} claims to be {length} bytes long.",
            StatusCode.PARAMETER_ERROR,
        )
    spec, start = _parameter_spec(data, at, after, kind)
    return _content(spec, data, start, after, depth), after


def _parameter_spec(data: bytes, at: int, end: int, kind: int) -> tuple[Spec, int]:
    start = at + _TLV.size
    if kind == CUSTOM_TYPE and start + _VENDOR.size <= end:
        spec = PARAMETER_OF.get((kind, *_VENDOR.unpack_from(data, start)))
        if spec is not None:
            return spec, start + _VENDOR.size
    known = PARAMETER_OF.get((kind, 0, 0))
    if known is None or known.size >= 0:
        raise LlrpError(f"Parameter type {kind} is unknown.", StatusCode.UNKNOWN_PARAMETER)
    return known, start


def _short_parameter(data: bytes, at: int, end: int) -> tuple[Element, int]:
    """A parameter that has a type of one byte and no length."""
    spec = _TV_OF.get(data[at] & 0x7F)
    if spec is None:
        raise LlrpError(
            f"Parameter type {data[at] & 0x7F} is unknown.", StatusCode.UNKNOWN_PARAMETER
        )
    after = at + 1 + spec.size
    if after > end:
        raise LlrpError(f"{spec.name} is cut off.", StatusCode.PARAMETER_ERROR)
    values: Values = {}
    place = at + 1
    for field in spec.fields:
        place = field.read(data, place, after, values)
    return Element(spec, values), after


def encode_message(message: Message) -> bytes:
    """The bytes of a message.

    Raises:
        ValueError: a value does not fit its field, or the parameters are not those the tables
            ask for: a mistake of the program.
        KeyError: a field has no value.
    """
    spec = message.body.spec
    out = bytearray(HEADER_BYTES)
    if spec.vendor:
        out += _VENDOR_OF_MESSAGE.pack(spec.vendor, spec.subtype)
    _write_content(message.body, out)
    _HEADER.pack_into(out, 0, message.version << 10 | spec.number, len(out), message.number)
    return bytes(out)


def _write_content(element: Element, out: bytearray) -> None:
    for field in element.spec.fields:
        field.write(element.values, out)
    _check_children(element)
    for child in element.children:
        _write_parameter(child, out)


def _check_children(element: Element) -> None:
    spec = element.spec
    try:
        counts = Counter(_place(spec, child.spec) for child in element.children)
    except LlrpError as error:
        raise ValueError(error.message) from None
    for name, (fewest, most) in spec.inside.items():
        if not fewest <= counts[name] <= most:
            raise ValueError(f"{spec.name} holds {name} {counts[name]} times")


def _write_parameter(element: Element, out: bytearray) -> None:
    spec = element.spec
    start = len(out)
    if spec.size >= 0:
        out.append(0x80 | spec.number)
        _write_content(element, out)
        return
    out += _TLV.pack(spec.number, 0)
    if spec.vendor:
        out += _VENDOR.pack(spec.vendor, spec.subtype)
    _write_content(element, out)
    if len(out) - start > 0xFFFF:
        raise ValueError(f"{spec.name} is longer than a parameter can be")
    _TLV.pack_into(out, start, spec.number, len(out) - start)
