import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QColor, QFont, QFontInfo, QImage, QPainter, QRawFont

from edge_core.qt.fonts import DISPLAY_FAMILY, FAMILY

ROOT = Path(__file__).parents[2]
QML = ["edge_core/qt/qml/Promenade", "kiosk/Kiosk", "mirror/Mirror"]
BIN = Path(sys.executable).parent


def messages(file: Path) -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation.get("type") != "unfinished" and translation.text
            found[context.findtext("name"), message.findtext("source")] = done or ""
    return found


def test_every_text_of_the_screens_is_translated(assets, tmp_path):
    fresh = tmp_path / "fresh.ts"
    files = [str(file) for folder in QML for file in (ROOT / folder).glob("*.qml")]
    subprocess.run(
        [BIN / "pyside6-lupdate", *files, "-ts", fresh, "-locations", "none"],
        check=True,
        capture_output=True,
    )
    kept = messages(assets / "i18n/promenade_zh.ts")
    assert set(messages(fresh)) == set(kept), "run lupdate as assets/i18n/README.md says"
    assert [source for (_, source), text in kept.items() if not text] == []


def test_compiled_translation_is_up_to_date(assets):
    translator = QTranslator()
    assert translator.load(str(assets / "i18n/promenade_zh.qm"))
    for (context, source), text in messages(assets / "i18n/promenade_zh.ts").items():
        assert translator.translate(context, source) == text


def test_placeholders_survive_translation(assets):
    for (_, source), text in messages(assets / "i18n/promenade_zh.ts").items():
        assert source.count("%1") == text.count("%1"), source


def drawn(text: str) -> np.ndarray:
    image = QImage(80, 80, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    font = QFont(FAMILY)
    font.setPixelSize(60)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(4, 64, text)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(80, -1)[:, :80].copy()


def test_chinese_is_drawn_as_characters_not_as_boxes(qapp):
    pictures = [drawn(character) for character in "欢迎光临轻触屏幕开始"]
    missing = drawn("\U0001f9ff")
    assert all((picture > 128).sum() > 200 for picture in pictures)
    for index, picture in enumerate(pictures):
        assert (picture != missing).mean() > 0.05
        for other in pictures[index + 1 :]:
            assert (picture != other).mean() > 0.05


def test_the_font_holds_every_character_the_screens_and_malls_write(qapp, assets):
    texts = "".join(messages(assets / "i18n/promenade_zh.ts").values())
    texts += "".join(file.read_text("utf-8") for file in (assets / "malls").rglob("*.toml"))
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium):
        raw = QRawFont.fromFont(QFont(FAMILY, 20, weight))
        lacking = {c for c in texts if c.isprintable() and not raw.supportsCharacter(ord(c))}
        assert lacking == set()


@pytest.mark.parametrize("family", [FAMILY, DISPLAY_FAMILY])
def test_fonts_come_with_the_program(qapp, family):
    assert QFontInfo(QFont(family, 20)).family().startswith("Noto Sans SC")
