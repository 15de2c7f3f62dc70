"""What both screens share: start, crash page, live link, list models and the Promenade QML module.

The only Qt code of edge_core. It knows the service through its client and its records alone.

Every method a signal is connected to is a `@Slot`: for any other, PySide gives the one instance
a meta-object of its own, and QML goes on using the properties it remembers of the old one.
"""

import sys

# httpx brings a command line along, with click, rich and pygments, and does without it where it is
# not to be had; a screen starts a tenth of a second sooner.
if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]

# Before any of PySide6: once it is there, it reads the source of every module imported later, which
# costs a start a tenth of a second.
import numpy
import shapely

import edge_core.service.client

assert numpy is not None
assert shapely is not None
assert edge_core.service.client is not None
