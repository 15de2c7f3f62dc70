"""Switching the language of a running screen."""

from pathlib import Path

from PySide6.QtCore import Property, QLocale, QObject, Qt, QTranslator, Signal, Slot
from PySide6.QtGui import QGuiApplication

from edge_core.errors import PromenadeError

SOURCE_LANGUAGE = "en"
"""The language the QML texts are written in; it needs no translation file."""
_LOCALES = {"en": "en_GB", "zh": "zh_CN"}


class Language(QObject):
    """The language shown now.

    Args:
        folder: where the compiled translations `promenade_<code>.qm` lie.
        code: language to begin with.
    """

    changed = Signal()

    def __init__(self, folder: Path, code: str = SOURCE_LANGUAGE) -> None:
        super().__init__()
        self._folder = folder
        self._code = SOURCE_LANGUAGE
        self._translator = QTranslator(self)
        self.choose(code)

    @property
    def current(self) -> str:
        """Language code as in site.toml: `en`, `zh`."""
        return self._code

    @Property(str, notify=changed)
    def code(self) -> str:
        """`current`, for QML."""
        return self._code

    @Property(str, notify=changed)
    def localeName(self) -> str:  # noqa: N802
        """Name for `Qt.locale()` in QML."""
        return _LOCALES.get(self._code, self._code)

    @Property(bool, notify=changed)
    def rightToLeft(self) -> bool:  # noqa: N802
        """Whether layouts mirror."""
        return self.locale().textDirection() is Qt.LayoutDirection.RightToLeft

    def locale(self) -> QLocale:
        """Formats dates and numbers of the current language."""
        return QLocale(_LOCALES.get(self._code, self._code))

    def pick(self, english: str, chinese: str) -> str:
        """The one of a record's two names that fits; Chinese falls back to English."""
        return chinese if self._code == "zh" and chinese else english

    @Slot(str)
    def choose(self, code: str) -> None:
        """Show another language.

        Raises:
            PromenadeError: there is no translation for it.
        """
        if code == self._code:
            return
        QGuiApplication.removeTranslator(self._translator)
        if code != SOURCE_LANGUAGE:
            if not self._translator.load(str(self._folder / f"promenade_{code}.qm")):
                raise PromenadeError(
                    f"There is no translation for the language '{code}' in {self._folder}.",
                    "Choose en or zh, or restore assets/i18n.",
                )
            QGuiApplication.installTranslator(self._translator)
        self._code = code
        QGuiApplication.setLayoutDirection(self.locale().textDirection())
        self.changed.emit()
