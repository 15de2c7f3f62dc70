"""What makes a screen easier for one visitor: larger text, high contrast, all within reach."""

from PySide6.QtCore import Property, QObject, Signal, Slot


class Comfort(QObject):
    """A visitor's switches; the next visitor finds them off."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._on: dict[str, bool] = {}

    @Property(bool, notify=changed)
    def largeText(self) -> bool:  # noqa: N802
        """Text a quarter larger."""
        return self._on.get("largeText", False)

    @Property(bool, notify=changed)
    def highContrast(self) -> bool:  # noqa: N802
        """White on black, and lines round everything."""
        return self._on.get("highContrast", False)

    @Property(bool, notify=changed)
    def withinReach(self) -> bool:  # noqa: N802
        """Everything in the lower part of the screen."""
        return self._on.get("withinReach", False)

    @Slot(str)
    def toggle(self, name: str) -> None:
        """Turn `largeText`, `highContrast` or `withinReach` on or off."""
        self._on[name] = not self._on.get(name, False)
        self.changed.emit()

    @Slot()
    def reset(self) -> None:
        """Everything off."""
        self._on.clear()
        self.changed.emit()
