"""Pictures that are drawn once and kept while there is room, whoever shows them."""

from collections.abc import Callable

from PySide6.QtGui import QImage, QPixmap, QPixmapCache


def drawn_once(key: str, draw: Callable[[], QImage]) -> QPixmap:
    """A picture from Qt's cache, or drawn now.

    The cache holds 10 MB, of those used last, and lets go of what nobody looks at after half a
    minute: a screen shows a few pictures again and again, and in months all that there are.

    Args:
        key: all that the picture depends on.
        draw: makes it.
    """
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = QPixmap.fromImage(draw())
        QPixmapCache.insert(key, picture)
    return picture
