"""Which question somebody answered is on record, and its words can be looked up."""

import re
import tomllib
import xml.etree.ElementTree as ET

from kiosk.view_models.ideas import CHOICE_TEXT


def test_the_words_on_the_screen_are_those_of_the_newest_version_kept(assets):
    kept = tomllib.loads((assets / "consent" / "kiosk-choice.toml").read_text(encoding="utf-8"))
    newest = kept["version"][-1]
    assert newest["id"] == CHOICE_TEXT
    assert len({it["id"] for it in kept["version"]}) == len(kept["version"])
    qml = (assets.parent / "kiosk" / "Kiosk" / "IdeasChoice.qml").read_text(encoding="utf-8")
    english = re.findall(r'qsTr\("([^"]*)"\)', qml)
    translated = ET.parse(assets / "i18n" / "promenade_zh.ts")
    context = next(it for it in translated.iter("context") if it.findtext("name") == "IdeasChoice")
    chinese = {it.findtext("source"): it.findtext("translation") for it in context.iter("message")}
    assert [tuple(it) for it in newest["words"]] == [
        (it, chinese[it]) for it in dict.fromkeys(english)
    ]
