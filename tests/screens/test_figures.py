"""What the device sees, drawn."""

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from edge_core.qt.figures_item import FiguresItem

CLEAR = QColor(Qt.GlobalColor.transparent)


def drawn(figures):
    """The colour at a place of a view of 400 by 200 pixels, given in shares of it."""
    item, canvas = FiguresItem(), QImage(400, 200, QImage.Format.Format_ARGB32_Premultiplied)
    item.setSize(QSizeF(400, 200))
    item.setProperty("colours", {"figure": "red", "here": "lime", "mark": "blue"})
    item.setProperty("figures", figures)
    canvas.fill(CLEAR)
    painter = QPainter(canvas)
    item.paint(painter)
    painter.end()
    return lambda x, y: canvas.pixelColor(round(400 * x), round(200 * y))


def test_figures_stand_in_their_boxes_and_whoever_is_here_in_colour(qapp):
    at = drawn([[0.2, 0.2, 0.1, 0.7, False], [0.6, 0.2, 0.1, 0.7, True]])
    assert at(0.25, 0.5) == QColor("red")
    assert at(0.65, 0.5) == QColor("lime")
    assert at(0.45, 0.5) == CLEAR
    assert at(0.25, 0.95) == CLEAR
    assert 0 < at(0.21, 0.25).alpha() < 60, "the box is filled faintly"


def test_whoever_the_view_s_edge_cuts_off_is_no_line(qapp):
    at = drawn([[0.0, 0.0, 0.005, 1.0, False]])
    assert all(at(x / 400, 0.5) == CLEAR for x in range(4))


def test_a_view_of_nobody_shows_the_finder(qapp):
    at = drawn([])
    assert at(0.06, 0.12) == QColor("blue")
    assert at(0.5, 0.5) == CLEAR
