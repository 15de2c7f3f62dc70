"""offers.toml: what a hub tells is checked, and every mistake is named."""

from pathlib import Path

import pytest

from edge_core.config import DirectoryConfig, load_directory, load_offers, load_site, parse_site
from edge_core.errors import ConfigError

DIRECTORY = DirectoryConfig.model_validate(
    {
        "categories": [{"id": "toys", "name": "Toys"}],
        "stores": [
            {
                "id": "toys",
                "name": "Toys",
                "category": "toys",
                "floor": "ground",
                "polygon_m": [[0, 0], [2, 0], [2, 2]],
                "doors_m": [[1, 2]],
            }
        ],
    }
)
COUPON = """
[[coupons]]
id = "toys-5"
store = "toys"
title = "5.00 off"
amount = 5.0
basket = 32.0
margin = 0.4
first_day = 2026-01-01
last_day = 2026-12-31
daily_budget = 100.0
"""


def _mistakes(tmp_path, text):
    path = tmp_path / "offers.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as found:
        load_offers(path, DIRECTORY)
    return [(problem.line, problem.key, problem.reason) for problem in found.value.problems]


def test_the_malls_offers_are_of_its_stores_and_of_people_in_no_small_groups():
    mall = Path(__file__).parents[3] / "assets" / "malls" / "mall"
    directory = load_directory(mall / "directory.toml", load_site(mall / "site.toml"))
    offers = load_offers(mall / "offers.toml", directory)
    assert {it.store for it in offers.audiences} == {store.id for store in directory.stores}
    assert len(offers.coupons) >= 8
    assert all(coupon.title_zh != coupon.title for coupon in offers.coupons)


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (("amount = 5.0", "amount = 5.0\npercent = 10"), "coupons[0]", "one of the two"),
        (("amount = 5.0", "amount = 40.0"), "coupons[0]", "more than people spend"),
        (("last_day = 2026-12-31", "last_day = 2025-12-31"), "coupons[0]", "before `first_day`"),
        (('store = "toys"', 'store = "boats"'), "coupons[0].store", "no store of this id"),
        (("margin = 0.4", "margin = 4"), "coupons[0].margin", "less than or equal to 1"),
        (("[[coupons]]", "exploration = 0.01\n[[coupons]]"), "exploration", "0.1"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, change, key, reason):
    [(line, found_key, found)] = _mistakes(tmp_path, COUPON.replace(*change))
    assert line is not None
    assert found_key == key
    assert reason in found


def test_a_day_has_24_hours_and_small_groups_are_refused(tmp_path):
    text = '[[audiences]]\nstore = "toys"\nvisits = 10\nby_hour = [1.0]\ngender = { female = 3 }\n'
    reasons = " ".join(reason for _, _, reason in _mistakes(tmp_path, text))
    assert "greater than or equal to 5" in reasons
    text = '[[audiences]]\nstore = "toys"\nvisits = 10\nby_hour = [1.0]\n'
    assert "give 24" in _mistakes(tmp_path, text)[0][2]


def test_the_same_coupon_twice_is_refused(tmp_path):
    assert any("stands twice" in reason for *_, reason in _mistakes(tmp_path, COUPON + COUPON))


def test_offers_without_a_directory_are_refused():
    text = '[site]\nid = "a"\nname = "A"\n[[cameras]]\nid = "c"\nsource = "x.mp4"\n'
    with pytest.raises(ConfigError, match="give that too"):
        parse_site(f'{text}[service]\noffers = "offers.toml"\n')
