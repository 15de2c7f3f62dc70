"""`python -m mirror`: open the smart mirror."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge_core.qt.app import ScreenProgram


def program() -> "ScreenProgram":
    """What makes this screen a mirror."""
    from edge_core.qt.app import ScreenProgram
    from mirror.view_models import MirrorModel

    return ScreenProgram("mirror", "Mirror", Path(__file__).parent, MirrorModel)


def main() -> None:
    """Entry point."""
    # Nothing that is loaded is garbage, and looking for it costs a start a twelfth; from the first
    # frame on it is looked for.
    gc.disable()
    made = program()
    from edge_core.qt.options import screen_command

    raise SystemExit(screen_command(made))


if __name__ == "__main__":
    main()
