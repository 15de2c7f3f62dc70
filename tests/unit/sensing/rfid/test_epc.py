"""EPCs: GS1 tags are read, all others kept as unknown."""

import pytest
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.config.gtin import gtin_14
from edge_core.sensing.rfid.epc import decode_epc

# The example of the GS1 Tag Data Standard, section 14.
STANDARD_EPC = "3074257bf7194e4000001a85"


def test_the_example_of_the_standard():
    said = decode_epc(STANDARD_EPC.upper())
    assert said.epc == STANDARD_EPC
    assert said.scheme == "sgtin-96"
    assert said.pure_identity == "urn:epc:id:sgtin:0614141.812345.6789"
    assert said.tag_uri == "urn:epc:tag:sgtin-96:3.0614141.812345.6789"
    assert said.gtin == "80614141123458"
    assert said.serial == "6789"


@given(st.integers(6, 12), st.integers(0, 10**13 - 1), st.integers(0, 2**38 - 1))
@settings(max_examples=60, deadline=None)
def test_every_sgtin_96_comes_back(prefix_digits, number, serial):
    digits = f"{number:013d}"
    uri = f"urn:epc:id:sgtin:{digits[:prefix_digits]}.{digits[prefix_digits:]}.{serial}"
    scheme, kind = SGTIN.BinaryCodingScheme.SGTIN_96, SGTINFilterValue.POS_ITEM
    said = decode_epc(SGTIN(uri).hex(binary_coding_scheme=scheme, filter_value=kind))
    assert said.pure_identity == uri
    assert said.serial == str(serial)
    assert gtin_14(said.gtin) == said.gtin


@given(st.text("abcXYZ0123456789-", min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_every_sgtin_198_comes_back(serial):
    uri = f"urn:epc:id:sgtin:4012345.012345.{serial}"
    scheme, kind = SGTIN.BinaryCodingScheme.SGTIN_198, SGTINFilterValue.POS_ITEM
    said = decode_epc(SGTIN(uri).hex(binary_coding_scheme=scheme, filter_value=kind))
    assert said.scheme == "sgtin-198"
    assert said.pure_identity == uri
    assert said.serial == serial


@pytest.mark.parametrize(
    "epc",
    [
        "",
        "e2801160600002054a5f1a2b",  # a TID where the EPC should be
        "000000000000000000000001",
        "307c257bf7194e4000001a85",  # partition 7 does not exist
        "3074257bf719",  # too short for its scheme
        "nonsense",
        "f7" * 16,  # SGTIN+ of the standard's version 2, which the library does not know
    ],
)
def test_other_tags_are_kept_and_shown_as_unknown(epc):
    said = decode_epc(epc)
    assert said.epc == epc
    assert not said.is_known
    assert said.scheme == "unknown"
    assert said.gtin == ""


def test_other_gs1_schemes_have_their_pure_identity():
    said = decode_epc("3174257bf4499602d2000000")  # SSCC-96 of the standard's example
    assert said.scheme == "sscc-96"
    assert said.pure_identity.startswith("urn:epc:id:sscc:0614141.")
    assert said.gtin == ""


@given(st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_tag_can_break_the_reading(raw):
    assert decode_epc(raw.hex()).epc == raw.hex()


@given(
    st.sampled_from([0x30, 0x36, 0x31, 0x32, 0x33, 0x34, 0x2C, 0x2D, 0x37]),
    st.binary(min_size=11, max_size=25),
)
@settings(max_examples=300, deadline=None)
def test_no_tag_with_a_known_header_can_break_the_reading(header, raw):
    epc = bytes([header]).hex() + raw.hex()
    assert decode_epc(epc).epc == epc
