"""What the EPC of a tag says, by the GS1 Tag Data Standard; unknown tags stay unknown."""

import re
from dataclasses import dataclass
from typing import Final

from epcpy.epc_schemes.base_scheme import TagEncodable
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue
from epcpy.utils.common import ConvertException
from epcpy.utils.parsers import hex_to_tag_encodable

UNKNOWN: Final = "unknown"
_HEX: Final = re.compile(r"[0-9a-f]+")
_SGTIN_96_DIGITS: Final = 24
_SGTIN_198_DIGITS: Final = range(50, 53)  # 198 bits fill 49.5 digits; tags pad to 208 bits
_FILTER_BITS: Final = slice(8, 11)
# What epcpy raises besides its own error for bits that no encoder would write.
_NO_EPC: Final = (ConvertException, ValueError, KeyError, IndexError)


@dataclass(frozen=True, slots=True)
class TagIdentity:
    """What an EPC says.

    Attributes:
        epc: the EPC as lower-case hexadecimal.
        scheme: e.g. `sgtin-96`, `sscc-96`; `unknown` for a tag that follows no GS1 scheme.
        pure_identity: URI of the thing, e.g. `urn:epc:id:sgtin:4012345.012345.67`, or "".
        tag_uri: URI of the tag, with filter and scheme, or "" (only SGTINs have one here).
        gtin: the product's GTIN with fourteen digits, or "".
        serial: the item's serial number, or "".
    """

    epc: str
    scheme: str = UNKNOWN
    pure_identity: str = ""
    tag_uri: str = ""
    gtin: str = ""
    serial: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the tag follows a GS1 scheme."""
        return self.scheme != UNKNOWN


def decode_epc(epc: str) -> TagIdentity:
    """Read an EPC as it came from a tag; whatever is no GS1 EPC comes back as unknown.

    Args:
        epc: hexadecimal, any case.
    """
    epc = epc.strip().lower()
    if not _HEX.fullmatch(epc):
        return TagIdentity(epc)
    try:
        return _identity(epc)
    except _NO_EPC:
        return TagIdentity(epc)


def _identity(epc: str) -> TagIdentity:
    found = hex_to_tag_encodable(epc)
    if isinstance(found, SGTIN):
        return _sgtin(epc, found)
    return TagIdentity(epc, _scheme_of(epc, found), found.epc_uri)


def _scheme_of(epc: str, found: TagEncodable) -> str:
    header = f"{int(epc[:2], 16):08b}"
    return found.BinaryHeader(header).name.lower().replace("_", "-")


def _sgtin(epc: str, found: SGTIN) -> TagIdentity:
    bits = f"{int(epc, 16):0{4 * len(epc)}b}"
    scheme = SGTIN.BinaryCodingScheme(_scheme_of(epc, found))
    fits = {
        SGTIN.BinaryCodingScheme.SGTIN_96: len(epc) == _SGTIN_96_DIGITS,
        SGTIN.BinaryCodingScheme.SGTIN_198: len(epc) in _SGTIN_198_DIGITS,
    }
    if not fits[scheme]:
        return TagIdentity(epc)
    filter_value = SGTINFilterValue(str(int(bits[_FILTER_BITS], 2)))
    return TagIdentity(
        epc=epc,
        scheme=scheme.value,
        pure_identity=found.epc_uri,
        tag_uri=found.tag_uri(scheme, filter_value),
        gtin=found.gtin(),
        # The serial follows prefix and item, and may itself hold full stops.
        serial=found.epc_uri.split(":", 4)[4].split(".", 2)[2],
    )
