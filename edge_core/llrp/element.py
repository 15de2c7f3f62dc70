"""Messages and parameters as objects: named values and the parameters inside."""

from dataclasses import dataclass, field
from typing import Any, Final

from edge_core.llrp.schema import Field, Values, parse_layout

IMPINJ: Final = 25882
"""Impinj's number in the IANA list of private enterprises."""
CUSTOM_TYPE: Final = 1023
"""Type number of all vendors' own messages and parameters."""
TV_TYPES: Final = range(1, 128)
"""Types of the parameters without a length (type-value encoded)."""
MANY: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Spec:
    """One line of the tables of messages and parameters.

    Attributes:
        name: as the standard or the vendor calls it.
        number: its type.
        fields: its own fields.
        inside: name of each parameter it may hold -> fewest and most of them.
        vendor: the vendor's number for custom ones, else 0.
        subtype: the vendor's type number.
        size: bytes of a TV parameter's value, header not counted; -1 when it is not one.
    """

    name: str
    number: int
    fields: tuple[Field, ...]
    inside: dict[str, tuple[int, int]]
    vendor: int = 0
    subtype: int = 0
    size: int = -1

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells it from others on the wire."""
        return self.number, self.vendor, self.subtype


_COUNTS: Final = {"?": (0, 1), "*": (0, MANY), "+": (1, MANY)}


def make_spec(
    name: str, number: int, layout: str = "", inside: str = "", *, vendor: int = 0, subtype: int = 0
) -> Spec:
    """A line of the tables; `inside` lists parameters, each followed by nothing, ?, * or +."""
    holds = {word.rstrip("?*+"): _COUNTS.get(word[-1], (1, 1)) for word in inside.split()}
    fields = parse_layout(layout)
    return Spec(name, number, fields, holds, vendor, subtype)


@dataclass(slots=True)
class Element:
    """A message's or a parameter's content.

    Attributes:
        spec: what it is.
        values: its fields by name.
        children: the parameters inside, in their order.
    """

    spec: Spec
    values: Values
    children: list["Element"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.spec.name

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def first(self, name: str) -> "Element | None":
        """The first parameter of this name inside, or None."""
        for child in self.children:
            if child.spec.name == name:
                return child
        return None

    def one(self, name: str) -> "Element":
        """The parameter of this name that the tables require to be inside.

        Raises:
            KeyError: it is not, in an element that was not decoded.
        """
        found = self.first(name)
        if found is None:
            raise KeyError(name)
        return found

    def all(self, name: str) -> list["Element"]:
        """All parameters of this name inside."""
        return [child for child in self.children if child.spec.name == name]

    def value(self, name: str, key: str, default: Any = None) -> Any:
        """Field `key` of the first parameter of this name inside, or the default."""
        found = self.first(name)
        return default if found is None else found.values[key]


@dataclass(slots=True)
class Message:
    """A message as it goes over the wire.

    Attributes:
        body: its content.
        number: the sender's number for it; a response carries its request's.
        version: 1 for LLRP 1.0.1, 2 for LLRP 1.1.
    """

    body: Element
    number: int = 0
    version: int = 1

    @property
    def name(self) -> str:
        """What it is called."""
        return self.body.spec.name
