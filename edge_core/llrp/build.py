"""Making messages and parameters by name."""

from typing import Any

from edge_core.llrp.element import Element, Message
from edge_core.llrp.messages import MESSAGES
from edge_core.llrp.parameters import PARAMETERS


def parameter(name: str, *children: Element, **values: Any) -> Element:
    """A parameter with these fields and these parameters inside.

    Raises:
        KeyError: the tables know none of this name.
    """
    return Element(PARAMETERS[name], values, list(children))


def message(
    name: str, *children: Element, number: int = 0, version: int = 1, **values: Any
) -> Message:
    """A message with these fields and parameters; see `Message` for number and version.

    Raises:
        KeyError: the tables know none of this name.
    """
    return Message(Element(MESSAGES[name], values, list(children)), number, version)
