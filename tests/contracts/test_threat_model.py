import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "assets" / "docs" / "threat-model.md"


def test_every_claim_of_the_threat_model_names_a_test_that_is_there():
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if file != "dev.py"
        and (
            not (TESTS / file).is_file()
            or f"def {name}" not in (TESTS / file).read_text(encoding="utf-8")
        )
    ]
    assert missing == []
