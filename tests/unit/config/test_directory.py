from pathlib import Path

import pytest

from edge_core.config import load_directory, load_site, parse_directory, parse_site
from edge_core.errors import ConfigError

MALL = Path(__file__).parents[3] / "assets" / "malls" / "mall"
STORES = Path(__file__).parents[3] / "assets" / "stores"
SITE = """
[site]
id = "s"
name = "S"

[[floors]]
id = "low"
name = "Low"
level = 0
outline_m = [[0, 0], [9, 0], [9, 9], [0, 9]]

[[floors]]
id = "high"
name = "High"
level = 1
outline_m = [[0, 0], [9, 0], [9, 9], [0, 9]]

[[cameras]]
id = "c"
source = "c.mp4"

[[zones]]
id = "nook"
name = "Nook"
floor = "low"
polygon_m = [[0, 0], [2, 0], [2, 2], [0, 2]]
"""
STORE = """
[[categories]]
id = "all"
name = "All"

[[stores]]
id = "nook-shop"
name = "Nook"
category = "all"
zone = "nook"
doors_m = [[1, 2]]
"""
STOPS = '{ floor = "low", at_m = [5, 5] }, { floor = "high", at_m = [5, 5] }'
LIFT = f"""
[[connectors]]
id = "lift"
name = "Lift"
kind = "lift"
stops = [{STOPS}]
"""


def parse(text):
    return parse_directory(text, parse_site(SITE))


def test_a_store_takes_its_room_from_the_zone_and_its_chinese_name_from_the_english():
    directory = parse(STORE + LIFT)
    (store,) = directory.stores
    assert store.name_zh == "Nook"
    floor, polygon = directory.room(store, parse_site(SITE))
    assert (floor, len(polygon)) == ("low", 4)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (STORE.replace('"nook"\n', '"attic"\n'), "stores[0].zone", "known: nook"),
        (STORE.replace('= "all"\nzone', '= "some"\nzone'), "stores[0].category", "known: all"),
        (STORE + 'floor = "low"\n', "stores[0]", "not a mixture"),
        (STORE + 'opens = "10:00"\n', "stores[0]", "both `opens` and `closes`"),
        (STORE + 'colour = "red"\n', "stores[0].colour", "Extra"),
        (STORE + LIFT.replace('"lift"\nname', '"nook-shop"\nname'), "connectors[0].id", "twice"),
        (STORE + LIFT.replace('"high"', '"roof"'), "connectors[0].stops", "known: high, low"),
        (
            STORE
            + LIFT.replace('"low"', '"x"').replace('"high"', '"low"').replace('"x"', '"high"'),
            "connectors[0].stops",
            "climb",
        ),
        (STORE + '[[closures]]\nwhat = "moon"\ntext = "Far"\n', "closures[0].what", "no store"),
        (STORE + '[[closures]]\ntext = "Far"\n', "closures[0]", "give `what`"),
        (STORE.replace("[[1, 2]]", "[]"), "stores[0].doors_m", "at least 1"),
    ],
)
def test_each_mistake_is_told_with_its_key_line_and_remedy(text, key, said):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    problem = next(it for it in caught.value.problems if it.key == key)
    assert said in problem.reason
    assert problem.remedy
    assert problem.line is not None


def test_a_missing_directory_names_the_key_to_correct(tmp_path):
    with pytest.raises(ConfigError, match=r"Correct `directory` in site\.toml"):
        load_directory(tmp_path / "none.toml", parse_site(SITE))


def test_the_mall_has_three_floors_forty_stores_and_a_picture_and_two_languages_for_each():
    site = load_site(MALL / "site.toml")
    directory = load_directory(MALL / site.service.directory, site)
    assert len(site.floors) == 3
    assert len(directory.stores) >= 40
    pictures = [(STORES / f"{store.picture}.svg").read_bytes() for store in directory.stores]
    assert len(set(pictures)) == len(pictures)
    for store in directory.stores:
        assert store.text != store.text_zh
        assert store.name != store.name_zh
        assert store.opens is not None
        assert len(store.products) >= 3
        assert store.products_zh
    assert {connector.kind for connector in directory.connectors} == {"lift", "escalator", "stairs"}
    assert all(store.offers or store.text for store in directory.stores)
