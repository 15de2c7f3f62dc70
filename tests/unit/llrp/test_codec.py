"""LLRP on the wire: what the tables allow comes back whole, all else is refused without harm."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.config import ReaderConfig
from edge_core.errors import LlrpError
from edge_core.llrp import (
    HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    Bits,
    Element,
    Message,
    StatusCode,
    decode_header,
    decode_message,
    encode_message,
    message,
    parameter,
)
from edge_core.llrp.codec import _content as content
from edge_core.llrp.codec import _write_content as write_content
from edge_core.llrp.element import CUSTOM_TYPE, Spec
from edge_core.llrp.messages import MESSAGES
from edge_core.llrp.parameters import PARAMETERS
from edge_core.sensing.rfid.reports import ReadCollector
from edge_core.sensing.rfid.session import ReaderSession, SessionFacts
from edge_core.simulator.rfid.protocol import ReaderProtocol

_RANGES = {
    "B": (0, 0xFF), "H": (0, 0xFFFF), "I": (0, 0xFFFFFFFF), "Q": (0, 2**64 - 1),
    "b": (-128, 127), "h": (-(2**15), 2**15 - 1),
}  # fmt: skip


def values_of(field):
    """What each name of a field may hold."""
    kind = type(field).__name__
    if kind == "_Number":
        return {field.name: st.integers(*_RANGES[field.form.format[-1]])}
    if kind == "_Flags":
        return {name: st.booleans() for name in field.names}
    if kind == "_TopBits":
        return {field.name: st.integers(0, 3)}
    if kind == "_Fixed":
        return {field.name: st.binary(min_size=field.size, max_size=field.size)}
    if kind == "_Counted":
        return {field.name: st.text(max_size=12)}
    if kind == "_Numbers":
        return {field.name: st.lists(st.integers(*_RANGES[field.letter]), max_size=4).map(tuple)}
    if kind == "_BitString":
        return {field.name: st.binary(max_size=26).map(lambda raw: Bits(8 * len(raw), raw))}
    if kind == "_Rest":
        return {field.name: st.binary(max_size=12)}
    return {}


@st.composite
def elements(draw, spec: Spec, depth: int = 0):
    """Any content that the tables allow for this message or parameter."""
    values = {}
    for field in spec.fields:
        values.update({name: draw(value) for name, value in values_of(field).items()})
    if "VendorID" in values:
        values["VendorID"] = 4711  # a vendor the tables do not know
    children = []
    for name, (fewest, most) in spec.inside.items():
        extra = draw(st.integers(0, 1)) if depth < 3 else 0
        children += [
            draw(elements(PARAMETERS[name], depth + 1)) for _ in range(min(fewest + extra, most))
        ]
    return Element(spec, values, children)


@st.composite
def messages(draw):
    """Any message of the tables."""
    spec = MESSAGES[draw(st.sampled_from(sorted(MESSAGES)))]
    number, version = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([1, 2]))
    return Message(draw(elements(spec)), number, version)


class TestRoundTrip:
    @given(messages())
    @settings(max_examples=150, deadline=None)
    def test_every_message_comes_back_as_it_was_sent(self, sent):
        assert decode_message(encode_message(sent)) == sent

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_every_parameter_comes_back_inside_a_message(self, data):
        name = data.draw(st.sampled_from(sorted(PARAMETERS)))
        sent = data.draw(elements(PARAMETERS[name]))
        custom = sent.spec.number == CUSTOM_TYPE
        holder = Spec("HOLDER", 61, (), {"Custom" if custom else name: (1, 1)})
        out = bytearray()
        write_content(Element(holder, {}, [sent]), out)
        assert content(holder, bytes(out), 0, len(out), 0).children == [sent]


class TestBytesOfTheStandard:
    def test_keepalive_is_ten_bytes(self):
        raw = encode_message(message("KEEPALIVE", number=7))
        assert raw.hex() == "043e" + "0000000a" + "00000007"

    def test_impinj_extensions_are_enabled_by_its_custom_message(self):
        raw = encode_message(message("IMPINJ_ENABLE_EXTENSIONS", Reserved=0, number=1))
        assert raw.hex() == "07ff" + "00000013" + "00000001" + "0000651a" + "15" + "00000000"

    def test_tag_report_with_impinj_phase(self):
        entry = parameter(
            "TagReportData",
            parameter("EPC_96", EPC=bytes.fromhex("303435fc8803d056d15b963f")),
            parameter("AntennaID", AntennaID=2),
            parameter("PeakRSSI", PeakRSSI=-61),
            parameter("ImpinjRFPhaseAngle", PhaseAngle=4095),
        )
        raw = encode_message(message("RO_ACCESS_REPORT", entry, number=3))
        assert raw[HEADER_BYTES:].hex() == (
            "00f0" + "0024"
            + "8d303435fc8803d056d15b963f"
            + "810002"
            + "86c3"
            + "03ff000e" + "0000651a" + "00000038" + "0fff"
        )  # fmt: skip

    def test_version_1_1_stands_in_the_header(self):
        raw = encode_message(message("GET_SUPPORTED_VERSION", version=2))
        assert decode_header(raw).version == 2


class TestHostileBytes:
    @given(st.binary(max_size=300))
    @settings(max_examples=400, deadline=None)
    def test_random_bytes_raise_nothing_but_the_one_error(self, raw):
        refuses_or_decodes(raw)

    @given(st.sampled_from([61, 11, 12, 20, 63, 3, 1023]), st.binary(max_size=200))
    @settings(max_examples=400, deadline=None)
    def test_random_bodies_raise_nothing_but_the_one_error(self, kind, body):
        length = HEADER_BYTES + len(body)
        refuses_or_decodes(
            (1 << 10 | kind).to_bytes(2, "big") + length.to_bytes(4, "big") + bytes(4) + body
        )

    @given(messages(), st.data())
    @settings(max_examples=200, deadline=None)
    def test_damaged_messages_raise_nothing_but_the_one_error(self, sent, data):
        raw = bytearray(encode_message(sent))
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        refuses_or_decodes(bytes(raw))

    @given(messages(), st.data())
    @settings(max_examples=100, deadline=None)
    def test_a_message_cut_short_is_refused(self, sent, data):
        raw = encode_message(sent)
        with pytest.raises(LlrpError):
            decode_message(raw[: data.draw(st.integers(0, len(raw) - 1))])

    def test_header_cannot_announce_a_giant_message(self):
        giant = (1 << 10 | 61).to_bytes(2, "big") + (2**32 - 1).to_bytes(4, "big") + bytes(4)
        with pytest.raises(LlrpError) as refused:
            decode_header(giant)
        assert refused.value.status == StatusCode.OVERFLOW_FIELD

    def test_memory_stays_within_a_small_multiple_of_the_largest_frame(self):
        entry = bytes.fromhex("00f0000a" + "00f10006" + "0000")
        body = entry * ((MAX_MESSAGE_BYTES - HEADER_BYTES) // len(entry))
        length = HEADER_BYTES + len(body)
        frame = (1 << 10 | 61).to_bytes(2, "big") + length.to_bytes(4, "big") + bytes(4) + body
        tracemalloc.start()
        try:
            report = decode_message(frame)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert len(report.body.children) == len(body) // len(entry)
        assert peak < 250 * MAX_MESSAGE_BYTES

    def test_endless_nesting_is_refused(self):
        inner = b""
        for _ in range(40):
            inner = (
                (289).to_bytes(2, "big") + (8 + len(inner)).to_bytes(2, "big") + bytes(4) + inner
            )
        status = (287).to_bytes(2, "big") + (8 + len(inner)).to_bytes(2, "big") + bytes(4) + inner
        length = HEADER_BYTES + len(status)
        frame = (1 << 10 | 100).to_bytes(2, "big") + length.to_bytes(4, "big") + bytes(4) + status
        with pytest.raises(LlrpError, match="too deeply"):
            decode_message(frame)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("00f0000400b10004", StatusCode.FIELD_ERROR),  # a ROSpec cut off in its fields
            ("03000004", StatusCode.UNKNOWN_PARAMETER),
            ("00f00003", StatusCode.PARAMETER_ERROR),  # shorter than its own header
            ("00f000098100018100", StatusCode.PARAMETER_ERROR),
            ("00f0000a810001810002", StatusCode.DUPLICATE_PARAMETER),
            ("0080000c0000000000000000", StatusCode.UNEXPECTED_PARAMETER),
        ],
    )
    def test_each_mistake_has_the_standards_code(self, body, status):
        raw = bytes.fromhex(body)
        length = HEADER_BYTES + len(raw)
        frame = (1 << 10 | 61).to_bytes(2, "big") + length.to_bytes(4, "big") + bytes(4) + raw
        with pytest.raises(LlrpError) as refused:
            decode_message(frame)
        assert refused.value.status == status


class TestMistakesOfTheProgram:
    def test_a_value_too_large_for_its_field(self):
        with pytest.raises(ValueError, match="ROSpecID"):
            encode_message(message("START_ROSPEC", ROSpecID=2**32))

    def test_a_missing_parameter(self):
        with pytest.raises(ValueError, match="ROSpec 0 times"):
            encode_message(message("ADD_ROSPEC"))

    def test_a_parameter_that_does_not_belong_there(self):
        with pytest.raises(ValueError, match="cannot hold"):
            encode_message(message("KEEPALIVE", parameter("AntennaID", AntennaID=1)))


class TestPeers:
    """Whatever one end says that is LLRP at all, the other end lives on."""

    @given(st.lists(messages(), max_size=4))
    @settings(max_examples=150, deadline=None)
    def test_the_emulated_reader_answers_or_refuses_any_request(self, asked):
        reader = ReaderProtocol(speaks_1_1=True)
        for request in asked:
            answer = reader.answer(request)
            if answer is not None:
                assert answer.number == request.number
                assert decode_message(encode_message(answer)).name == answer.name

    @given(st.lists(messages(), max_size=4), st.integers(0, 2**62))
    @settings(max_examples=150, deadline=None)
    def test_the_client_takes_any_message(self, said, now_ns):
        config = ReaderConfig(id="r", host="h", antennas=[{"number": 1}])
        collector, facts = ReadCollector(), SessionFacts(antennas={1})
        clock = ManualClock(mono_ns=now_ns)
        session = ReaderSession(config, Path(), clock, collector, lambda: None, facts)
        for one in said:
            session._take(one)
        reads = collector.take()
        assert np.all(reads.time_ns <= now_ns)


def refuses_or_decodes(raw):
    try:
        decoded = decode_message(raw)
    except LlrpError:
        return
    # What was taken can be said again; reserved bits and paddings are not kept.
    assert decode_message(encode_message(decoded)) == decoded
