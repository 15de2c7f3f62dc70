"""`python -m mirror`: open the smart mirror."""

from pathlib import Path

from edge_core.qt.app import ScreenProgram
from edge_core.qt.options import screen_command
from mirror.view_models import MirrorModel


def program() -> ScreenProgram:
    """What makes this screen a mirror."""
    return ScreenProgram("mirror", "Mirror", Path(__file__).parent, MirrorModel)


def main() -> None:
    """Entry point."""
    raise SystemExit(screen_command(program()))


if __name__ == "__main__":
    main()
