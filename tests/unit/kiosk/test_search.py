from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.config import load_directory, load_site
from edge_core.service.guide import Guide
from edge_core.service.schema import DirectoryView
from kiosk.search import SearchIndex, normal

MALL = Path(__file__).parents[3] / "assets" / "malls" / "mall"


@pytest.fixture(scope="session")
def directory() -> DirectoryView:
    site = load_site(MALL / "site.toml")
    return Guide(site, load_directory(MALL / "directory.toml", site)).directory()


@pytest.fixture(scope="session")
def index(directory) -> SearchIndex:
    return SearchIndex(directory, "kiosk")


def first(index: SearchIndex, query: str) -> str:
    hits = index.find(query)
    return hits[0].id if hits else ""


@pytest.mark.parametrize(
    ("query", "store"),
    [
        ("paper lantern", "books"),
        ("papper lantren", "books"),
        ("lantern", "books"),
        ("willogait", "shoes"),
        ("qickmarow", "sports"),
        ("CAFE copperleaf", "cafe"),
        ("copperlaef", "cafe"),
        ("seaglas juwelers", "seaglass"),
        ("moonhrap", "moonharp"),
        ("ha", "bakery"),
    ],
)
def test_names_are_found_from_their_beginning_and_misspelt(index, query, store):
    assert first(index, query) == store


@pytest.mark.parametrize(
    ("query", "store"),
    [
        ("榛麦", "bakery"),
        ("书店", "books"),
        ("zhiDengLong", "books"),
        ("zhi3deng1long2", "books"),
        ("zhǐ dēng lóng", "books"),
        ("zdlsd", "books"),
        ("denglong", "books"),
        ("jiguangyingyuan", "aurora"),
        ("jgyy", "aurora"),
        ("yueqiyueqihang", "moonharp"),
        ("yueqinyueqihang", "moonharp"),
        ("yuncuo chaguan", "cloudsip"),
        ("yunchuochaguan", "cloudsip"),
    ],
)
def test_chinese_names_are_found_by_characters_pinyin_tones_and_initials(index, query, store):
    assert first(index, query) == store


@pytest.mark.parametrize(
    ("query", "store"),
    [
        ("sushi", "blue-carp"),
        ("shousi", "blue-carp"),
        ("寿司", "blue-carp"),
        ("wedding rings", ""),
        ("ring", "seaglass"),
        ("coffee", "cafe"),
        ("football", "sports"),
        ("headphnes", "electronics"),
        ("toilets", "toilets-first"),
        ("xishoujian", "toilets-first"),
    ],
)
def test_what_stores_sell_and_places_are_found_too(index, query, store):
    assert first(index, query) == store


def test_a_product_says_what_was_found_and_a_name_does_not(index):
    (hit,) = [hit for hit in index.find("sushi") if hit.id == "blue-carp"]
    assert hit.by == ""
    (hit,) = [hit for hit in index.find("croissant") if hit.id == "bakery"]
    assert (hit.by, hit.by_zh) == ("croissant", "牛角包")


def test_every_store_comes_first_by_its_own_name_in_both_languages(index, directory):
    for store in directory.stores:
        assert first(index, store.name) == store.id
        assert first(index, store.name_zh) == store.id


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_one_slip_in_a_long_name_is_forgiven(index, directory, data):
    store = data.draw(st.sampled_from(directory.stores))
    name = normal(store.name)
    place = data.draw(st.integers(1, len(name) - 2))
    kind = data.draw(st.sampled_from(["drop", "swap", "change"]))
    if kind == "drop":
        typed = name[:place] + name[place + 1 :]
    elif kind == "swap":
        typed = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    else:
        typed = name[:place] + "x" + name[place + 1 :]
    assert store.id in [hit.id for hit in index.find(typed)][:3]


@pytest.mark.parametrize("query", ["", "  ", "!?", "zzzzzzz", "qwxyqwxy", "😀"])
def test_nonsense_finds_nothing(index, query):
    assert index.find(query) == []


def test_typing_offers_whole_words_chinese_ones_by_their_sound(index):
    assert index.completions("zhideng", "zh")[0] == "纸灯笼书店"
    assert "Paper Lantern Books" in index.completions("pap", "en")
    assert "咖啡" in index.completions("kafei", "zh")
    assert index.completions("", "zh") == []
