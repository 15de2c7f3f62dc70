"""How the fields of LLRP messages and parameters lie in bytes.

A layout is written as text, one field after another, all numbers big-endian:

    u8 u16 u32 u64 s8 s16 NAME   a number
    flags8 flags16 NAME NAME …   one bit each from the highest; the rest is reserved
    top2 NAME                    the two highest bits of a byte; the rest is reserved
    skip8                        a reserved byte
    b12 NAME                     twelve bytes
    utf8 NAME                    a 16-bit count of bytes, then text
    u8v u16v u32v NAME           a 16-bit count, then so many numbers
    bits NAME                    a 16-bit count of bits, then the bits, padded to whole bytes
    rest NAME                    all bytes that are left
"""

import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from edge_core.errors import LlrpError
from edge_core.llrp.status import StatusCode

Values = dict[str, Any]
_COUNT = struct.Struct("!H")
_FORMATS: Final = {
    "u8": "B", "u16": "H", "u32": "I", "u64": "Q", "s8": "b", "s16": "h",
}  # fmt: skip


class Bits(NamedTuple):
    """A string of bits.

    Attributes:
        length: how many bits.
        data: the bits from the highest of the first byte; what is over is zero.
    """

    length: int
    data: bytes


class Field(ABC):
    """One field of a layout."""

    @abstractmethod
    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        """Put the field at `at` into `values`; returns where the next begins.

        Raises:
            LlrpError: it goes beyond `end`.
        """

    @abstractmethod
    def write(self, values: Values, out: bytearray) -> None:
        """Append the field. Raises ValueError when the value does not fit into it."""


def _ends_early(name: str) -> LlrpError:
    return LlrpError(f"The field {name} goes beyond its parameter.", StatusCode.FIELD_ERROR)


@dataclass(frozen=True, slots=True)
class _Number(Field):
    name: str
    form: struct.Struct

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        after = at + self.form.size
        if after > end:
            raise _ends_early(self.name)
        values[self.name] = self.form.unpack_from(data, at)[0]
        return after

    def write(self, values: Values, out: bytearray) -> None:
        try:
            out += self.form.pack(values[self.name])
        except struct.error as error:
            raise ValueError(f"{self.name}: {error}") from None


@dataclass(frozen=True, slots=True)
class _Flags(Field):
    names: tuple[str, ...]
    size: int

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        after = at + self.size
        if after > end:
            raise _ends_early(self.names[0])
        number = int.from_bytes(data[at:after], "big")
        for shift, name in enumerate(self.names, start=1):
            values[name] = bool(number >> (8 * self.size - shift) & 1)
        return after

    def write(self, values: Values, out: bytearray) -> None:
        number = sum(
            bool(values[name]) << (8 * self.size - shift)
            for shift, name in enumerate(self.names, start=1)
        )
        out += number.to_bytes(self.size, "big")


@dataclass(frozen=True, slots=True)
class _TopBits(Field):
    name: str

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        if at >= end:
            raise _ends_early(self.name)
        values[self.name] = data[at] >> 6
        return at + 1

    def write(self, values: Values, out: bytearray) -> None:
        if not 0 <= values[self.name] < 4:
            raise ValueError(f"{self.name} must lie between 0 and 3")
        out.append(values[self.name] << 6)


@dataclass(frozen=True, slots=True)
class _Skip(Field):
    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        if at >= end:
            raise _ends_early("reserved")
        return at + 1

    def write(self, values: Values, out: bytearray) -> None:
        out.append(0)


@dataclass(frozen=True, slots=True)
class _Fixed(Field):
    name: str
    size: int

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        after = at + self.size
        if after > end:
            raise _ends_early(self.name)
        values[self.name] = data[at:after]
        return after

    def write(self, values: Values, out: bytearray) -> None:
        if len(values[self.name]) != self.size:
            raise ValueError(f"{self.name} must be {self.size} bytes long")
        out += values[self.name]


@dataclass(frozen=True, slots=True)
class _Counted(Field):
    """A 16-bit count, then as many items: numbers, characters or bits."""

    name: str

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        start = at + 2
        if start > end:
            raise _ends_early(self.name)
        count = _COUNT.unpack_from(data, at)[0]
        after = start + self.size_of(count)
        if after > end:
            raise _ends_early(self.name)
        values[self.name] = self.take(count, data[start:after])
        return after

    def size_of(self, count: int) -> int:
        """Bytes of so many items."""
        return count

    def take(self, count: int, raw: bytes) -> Any:
        """The value of these bytes. What is no UTF-8 is replaced: it is only ever shown."""
        return raw.decode("utf-8", "replace")

    def give(self, value: Any) -> tuple[int, bytes]:
        """Count and bytes of a value."""
        raw = value.encode("utf-8")
        return len(raw), raw

    def write(self, values: Values, out: bytearray) -> None:
        try:
            count, raw = self.give(values[self.name])
            out += _COUNT.pack(count)
        except struct.error as error:
            raise ValueError(f"{self.name}: {error}") from None
        out += raw


@dataclass(frozen=True, slots=True)
class _Numbers(_Counted):
    letter: str

    def size_of(self, count: int) -> int:
        return count * struct.calcsize(f"!{self.letter}")

    def take(self, count: int, raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"!{count}{self.letter}", raw)

    def give(self, value: Any) -> tuple[int, bytes]:
        return len(value), struct.pack(f"!{len(value)}{self.letter}", *value)


@dataclass(frozen=True, slots=True)
class _BitString(_Counted):
    def size_of(self, count: int) -> int:
        return (count + 7) // 8

    def take(self, count: int, raw: bytes) -> Bits:
        return Bits(count, raw)

    def give(self, value: Any) -> tuple[int, bytes]:
        count, data = value
        if len(data) != self.size_of(count):
            raise ValueError(f"{self.name}: {count} bits do not fill {len(data)} bytes")
        return count, data


@dataclass(frozen=True, slots=True)
class _Rest(Field):
    name: str

    def read(self, data: bytes, at: int, end: int, values: Values) -> int:
        values[self.name] = data[at:end]
        return end

    def write(self, values: Values, out: bytearray) -> None:
        out += values[self.name]


def parse_layout(text: str) -> tuple[Field, ...]:
    """Fields of a layout written as this module's head tells; ValueError for a mistake in it."""
    words, fields = text.split(), list[Field]()
    while words:
        kind = words.pop(0)
        if kind in ("flags8", "flags16"):
            names = []
            while words and words[0][0].isupper():
                names.append(words.pop(0))
            fields.append(_Flags(tuple(names), int(kind[5:]) // 8))
        elif kind == "skip8":
            fields.append(_Skip())
        else:
            fields.append(_field(kind, words.pop(0)))
    return tuple(fields)


def _field(kind: str, name: str) -> Field:
    if kind in _FORMATS:
        return _Number(name, struct.Struct(f"!{_FORMATS[kind]}"))
    if kind.removesuffix("v") in _FORMATS:
        return _Numbers(name, _FORMATS[kind.removesuffix("v")])
    match kind:
        case "top2":
            return _TopBits(name)
        case "b12":
            return _Fixed(name, 12)
        case "utf8":
            return _Counted(name)
        case "bits":
            return _BitString(name)
        case "rest":
            return _Rest(name)
    raise ValueError(f"no kind of field is called {kind}")
