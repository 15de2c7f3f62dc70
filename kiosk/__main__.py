"""`python -m kiosk`: open the kiosk screen."""

from pathlib import Path

from edge_core.qt.app import ScreenProgram
from edge_core.qt.options import screen_command
from kiosk.view_models import KioskModel


def program() -> ScreenProgram:
    """What makes this screen a kiosk."""
    return ScreenProgram("kiosk", "Kiosk", Path(__file__).parent, KioskModel)


def main() -> None:
    """Entry point."""
    raise SystemExit(screen_command(program()))


if __name__ == "__main__":
    main()
