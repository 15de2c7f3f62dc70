"""What the EPC of a tag says, by the GS1 Tag Data Standard; unknown tags stay unknown."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from epcpy.epc_schemes.base_scheme import TagEncodable
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue
from epcpy.utils.common import ConvertException
from epcpy.utils.parsers import hex_to_tag_encodable

from edge_core.errors import SourceError

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


def check_digit(digits: str) -> int:
    """Check digit that follows these digits of a GTIN (GS1 General Specifications, 7.9)."""
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -weighted % 10


def gtin_14(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 with fourteen digits; ValueError when it is none."""
    digits = text.strip()
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{text!r} is no GTIN: it needs 8, 12, 13 or 14 digits")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise ValueError(f"{text!r} is no GTIN: its check digit is wrong")
    return digits.zfill(14)


class SkuTable:
    """Which product of the shop a GTIN is.

    Args:
        skus: GTIN of any length -> the shop's own number of the product (SKU). ValueError for
            what is no GTIN.
    """

    def __init__(self, skus: dict[str, str]) -> None:
        self._skus = {gtin_14(gtin): sku for gtin, sku in skus.items()}

    def __len__(self) -> int:
        return len(self._skus)

    def sku_of(self, identity: TagIdentity) -> str | None:
        """The product's SKU, or None when the tag or its GTIN is unknown."""
        return self._skus.get(identity.gtin) if identity.gtin else None

    @classmethod
    def from_csv(cls, path: Path) -> "SkuTable":
        """Read a table with the columns `gtin` and `sku`.

        Raises:
            SourceError: the file cannot be read, lacks a column or holds what is no GTIN.
        """
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                return cls({row["gtin"]: row["sku"] for row in csv.DictReader(file)})
        except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
            reason = str(error)
        except KeyError as error:
            reason = f"the column {error} is missing"
        raise SourceError(
            f"The product table {path} cannot be used: {reason}.",
            "Save it as CSV in UTF-8 with the columns gtin and sku.",
        )
