"""Where the screens' files lie."""

import sys
from pathlib import Path


def assets_folder() -> Path:
    """Folder with fonts, icons and translations: beside the packages, or in the frozen bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).parents[2]) / "assets"


def qml_folder() -> Path:
    """Folder the `Promenade` QML module is imported from."""
    return Path(__file__).parent / "qml"
