"""How one of Promenade's programs starts another: from the source tree, or as installed."""

import sys
from pathlib import Path
from typing import Final, Literal

Program = Literal["edge_core", "kiosk", "mirror"]
INSTALLED: Final[dict[Program, str]] = {
    "edge_core": "promenade",
    "kiosk": "promenade-kiosk",
    "mirror": "promenade-mirror",
}
"""Name of the executable that an installation has for a module, without `.exe`."""


def is_installed() -> bool:
    """Whether this is an installed program, which carries its own Python, and no source tree."""
    return bool(getattr(sys, "frozen", False))


def command_of(program: Program) -> list[str]:
    """The beginning of a command line that starts a program; its options follow.

    The same version answers as the one that asks, also while another is being installed.
    """
    if not is_installed():
        return [sys.executable, "-m", program]
    own = Path(sys.executable).resolve()
    return [str(own.with_name(INSTALLED[program] + own.suffix))]
