"""The screens' own font, so that Chinese never depends on what the machine has installed."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from edge_core.errors import PromenadeError

FAMILY = "Noto Sans SC"
"""Text in both languages: regular and medium."""
DISPLAY_FAMILY = "Noto Sans SC Light"
"""Large figures and Latin display text; the file holds no Chinese."""


def load_fonts(folder: Path) -> None:
    """Register every font of `folder` and make the text family the default.

    Raises:
        PromenadeError: a font is missing or unreadable.
    """
    files = sorted(folder.glob("*.ttf"))
    loaded: set[str] = set()
    for file in files:
        number = QFontDatabase.addApplicationFont(str(file))
        loaded.update(QFontDatabase.applicationFontFamilies(number) if number >= 0 else [])
    missing = {FAMILY, DISPLAY_FAMILY} - loaded
    if missing:
        raise PromenadeError(
            f"The fonts {', '.join(sorted(missing))} could not be loaded from {folder}.",
            "Install Promenade again, or restore assets/fonts.",
        )
    font = QFont(FAMILY)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    QGuiApplication.setFont(font)
