"""Legible, reachable and named: what a person with weak sight or a screen reader needs."""

import itertools

import pytest
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtQml import QQmlEngine

from edge_core.qt.density import MOST_OPAQUE
from edge_core.qt.resources import qml_folder


@pytest.fixture
def theme(qapp):
    engine = QQmlEngine()
    engine.addImportPath(str(qml_folder()))
    yield engine.singletonInstance("Promenade", "Theme")
    engine.deleteLater()


def luminance(colour: QColor) -> float:
    """WCAG 2.2 relative luminance."""
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blended(over: QColor, under: QColor, share: float) -> QColor:
    mixed = [
        share * a + (1 - share) * b
        for a, b in zip(over.getRgbF()[:3], under.getRgbF()[:3], strict=True)
    ]
    return QColor.fromRgbF(*mixed)


@pytest.mark.parametrize(("high", "least"), [(False, 4.5), (True, 7.0)], ids=["usual", "high"])
def test_every_text_stands_out_from_its_ground(theme, high, least):
    theme.setProperty("highContrast", high)
    pairs = theme.property("textPairs").toVariant()
    assert len(pairs) >= 12
    for ink, ground in pairs:
        assert contrast(ink, ground) >= least, f"{ink.name()} on {ground.name()}"


def test_high_contrast_draws_round_every_control(theme):
    theme.setProperty("highContrast", True)
    for ground in ("ground", "raised", "mirrorGround"):
        assert contrast(theme.property("hairline"), theme.property(ground)) >= 7


def test_names_stay_readable_over_the_densest_crowd(theme):
    ink, accent = theme.property("ink"), theme.property("accent")
    for ground in (theme.property("planRoom"), theme.property("planFloor")):
        assert contrast(ink, blended(accent, ground, MOST_OPAQUE)) >= 4.5


@pytest.mark.parametrize("kind", ["kiosk", "mirror"])
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])
def test_no_text_is_smaller_than_22_px(open_screen, qtbot, kind, size):
    shown = open_screen(kind, size)
    sizes = {}
    for _ in range(2):
        for item in shown.everything():
            if item.inherits("QQuickText") and item.property("text"):
                sizes[item.property("text")] = item.property("font").pixelSize()
        if kind == "mirror":
            break
        shown.model.begin()
        qtbot.waitUntil(lambda: not shown.items("attractPage"))
    assert sizes
    assert {text: px for text, px in sizes.items() if px < 22} == {}


def test_every_control_is_large_and_has_a_name_and_a_role(open_screen, qtbot):
    shown = open_screen("kiosk")
    begin = QAccessible.queryAccessibleInterface(shown.item("attractPage"))
    assert begin.role() == QAccessible.Role.Button
    assert begin.text(QAccessible.Text.Name) == "Touch to begin"
    shown.model.begin()
    qtbot.waitUntil(
        lambda: not shown.items("attractPage") and not shown.item("pages").property("busy")
    )
    controls = [item for item in shown.everything() if item.inherits("QQuickAbstractButton")]
    assert len(controls) == 12, "two languages, two floors, three doors, four comforts, done"
    for control in controls:
        assert min(control.width(), control.height()) >= 64
        access = QAccessible.queryAccessibleInterface(control)
        assert access.role() in (
            QAccessible.Role.Button,
            QAccessible.Role.RadioButton,
            QAccessible.Role.CheckBox,
        )
        assert access.text(QAccessible.Text.Name)
    for one, other in itertools.combinations(controls, 2):
        areas = [c.mapRectToScene(c.boundingRect()) for c in (one, other)]
        assert not areas[0].intersects(areas[1])


@pytest.mark.parametrize("size", [(720, 1280), (1280, 720), (2160, 3840)])
def test_other_sizes_show_the_same_page_scaled(open_screen, theme, size):
    shown = open_screen("kiosk", size)
    bar = next(i for i in shown.everything() if i.property("text") == "Touch to begin")
    scale = min(size) / 1080
    assert bar.property("font").pixelSize() == pytest.approx(46 * scale, abs=1)
