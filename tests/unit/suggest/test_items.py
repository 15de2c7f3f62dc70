"""Garments beside those in hand, and outfits around them."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.suggest.colours import colour_likeness, harmony, lch
from edge_core.suggest.corrections import CorrectionKind, Corrections
from edge_core.suggest.diversity import diverse
from edge_core.suggest.garments import Garment, Slot
from edge_core.suggest.items import rank_items
from edge_core.suggest.outfits import outfits, worn_together
from edge_core.suggest.reasons import ReasonCode
from edge_core.suggest.together import Together

NAVY, CREAM, RED, GREEN, BLUE = "#27364f", "#e7dcc6", "#c22f2f", "#2f9a46", "#34466b"
tints = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def _garment(style, category, tint=NAVY, size="M", stock=2, **more):
    return Garment(f"{style}-{size.lower()}", style, category, tint, size, stock=stock, **more)


COAT = _garment("coat", "coat")
SHIRT = _garment("shirt", "shirt", CREAM, rack="wall-1")
JEANS = _garment("jeans", "jeans", BLUE)
TROUSERS = _garment("trousers", "trousers", CREAM)
SHOES = _garment("shoes", "shoes", "#3a2a1e")
SNEAKERS = _garment("sneakers", "sneakers", "#f4f4f4")
SCARF = _garment("scarf", "scarf", RED)
DRESS = _garment("dress", "dress", "#2f7d62")
POOL = [COAT, SHIRT, JEANS, TROUSERS, SHOES, SNEAKERS, SCARF, DRESS]


def _styles(suggestions):
    return [it.garment.style for it in suggestions]


def _seen(*visits):
    together = Together()
    for garment in POOL:
        together.hang(garment.style)
    for visit in visits:
        together.learn(visit)
    return together


def test_co_is_damped_so_that_one_coincidence_says_little():
    once, often = _seen(["a", "b"]), _seen(*[["a", "b"]] * 90)
    assert once.co("a", "b") == once.co("b", "a") == pytest.approx(1 / 11)
    assert often.co("a", "b") == pytest.approx(90 / 100)
    assert often.co("a", "c") == 0


def test_what_just_came_in_is_taken_for_average_not_for_unloved():
    together = _seen(*[["shirt"]] * 60, *[["coat"]] * 6)
    together.hang("new")
    assert together.popularity("coat") < together.popularity("new") < together.popularity("shirt")


def test_what_is_tried_together_is_suggested_with_its_reason():
    together = _seen(*[["shirt", "trousers"]] * 30, *[["dress"]] * 30)
    first = rank_items([SHIRT], POOL, together)[0]
    assert first.garment == TROUSERS
    codes = {reason.code: reason.params for reason in first.reasons}
    assert codes[ReasonCode.TRIED_TOGETHER] == {"sku": "shirt-m"}
    assert ReasonCode.IN_STOCK in codes


def test_in_a_new_shop_what_goes_with_it_is_suggested_before_what_does_not():
    found = _styles(rank_items([SHIRT], POOL, Together()))
    assert found.index("trousers") < found.index("dress")


def test_with_nothing_in_hand_the_popular_comes_first():
    assert _styles(rank_items([], POOL, _seen(*[["scarf"]] * 20)))[0] == "scarf"


def test_sold_out_own_and_rejected_styles_are_not_shown():
    said = Corrections().add(CorrectionKind.NOT_FOR_ME, "jeans")
    pool = [replace(TROUSERS, stock=0), *[it for it in POOL if it.style != "trousers"]]
    found = _styles(rank_items([SHIRT], pool, Together(), said))
    assert not {"trousers", "shirt", "jeans"} & set(found)
    assert "shoes" in found


def test_less_like_this_lowers_what_is_alike():
    together = _seen(*[["shoes", "sneakers"]] * 20, *[["coat"]] * 15)
    before = _styles(rank_items([], POOL, together))
    said = Corrections().add(CorrectionKind.LESS_LIKE_THIS, "shoes")
    after = _styles(rank_items([], POOL, together, said))
    assert before.index("sneakers") < before.index("coat")
    assert after.index("coat") < after.index("sneakers")


def test_a_style_is_shown_once_in_the_persons_size_if_it_is_there():
    small, large = replace(TROUSERS, sku="t-s", size="S"), replace(TROUSERS, sku="t-l", size="L")
    found = rank_items([SHIRT], [small, large, TROUSERS], Together())
    assert [it.garment.sku for it in found] == [TROUSERS.sku]
    gone = replace(TROUSERS, stock=0)
    assert [it.garment.sku for it in rank_items([SHIRT], [small, gone], Together())] == ["t-s"]


def test_children_and_grown_ups_are_not_dressed_from_one_rail():
    kids = replace(TROUSERS, department="kids")
    assert rank_items([replace(SHIRT, department="men")], [kids], Together()) == []


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12).map(lambda it: sorted(it, reverse=True)),
    st.integers(1, 12),
)
def test_mmr_keeps_the_best_first_repeats_nothing_and_without_diversity_the_order(scores, most):
    things = list(enumerate(scores))
    found = diverse(things, lambda it: it[1], lambda a, b: float(a[0] % 3 == b[0] % 3), most)
    assert found[0] == things[0]
    assert len(found) == len(set(found)) == min(most, len(things))
    plain = diverse(things, lambda it: it[1], lambda *_: 1.0, most, weight=1.0)
    assert all(one[1] >= other[1] for one, other in pairwise(plain))


def test_mmr_prefers_something_different_to_slightly_more_of_the_same():
    things = [("a", 1.0), ("a2", 0.95), ("b", 0.8)]
    found = diverse(things, lambda it: it[1], lambda x, y: float(x[0][0] == y[0][0]), 2)
    assert [name for name, _ in found] == ["a", "b"]


@given(tints, tints)
def test_harmony_is_symmetric_and_within_bounds(one, other):
    assert 0 <= harmony(one, other) <= 1
    assert harmony(one, other) == pytest.approx(harmony(other, one))
    assert colour_likeness(one, one) == pytest.approx(1.0)


def test_colours_are_judged_as_people_do():
    assert lch("#ffffff")[0] == pytest.approx(100, abs=0.1)
    assert lch("#ff0000") == pytest.approx((53.2, 104.6, 40.0), abs=0.2)  # as tables of CIELAB say
    assert harmony(NAVY, CREAM) > harmony(RED, GREEN)
    assert harmony("#c22f2f", "#a84a3a") > harmony(RED, "#8a2fc2")


def test_an_outfit_fills_the_parts_that_are_missing_and_says_what_is_own():
    best = outfits([SHIRT], POOL, Together())[0]
    slots = [piece.slot for piece in best.pieces]
    assert slots == [Slot.TOP, Slot.BOTTOM, Slot.LAYER, Slot.SHOES, Slot.ACCESSORY]
    assert [piece.garment.style for piece in best.pieces if piece.own] == ["shirt"]
    assert best.in_stock


def test_a_dress_gets_no_trousers():
    best = outfits([DRESS], POOL, Together())[0]
    assert not {Slot.TOP, Slot.BOTTOM} & {piece.slot for piece in best.pieces}
    assert worn_together([SHIRT, JEANS, DRESS]) == [DRESS]
    assert worn_together([SHIRT, JEANS, TROUSERS]) == [SHIRT, TROUSERS]


def test_outfits_in_stock_come_first_and_sold_out_pieces_never():
    unknown = replace(TROUSERS, stock=None)
    gone = replace(SHOES, stock=0)
    found = outfits([SHIRT], [JEANS, unknown, gone, SNEAKERS], Together())
    assert [it.in_stock for it in found] == sorted((it.in_stock for it in found), reverse=True)
    assert found[0].in_stock
    assert all(piece.garment.stock != 0 for it in found for piece in it.pieces)


def test_outfits_differ_from_each_other():
    found = outfits([SHIRT], POOL, Together())
    added = [frozenset(p.garment.style for p in it.pieces if not p.own) for it in found]
    assert len(added) == len(set(added)) >= 2


def test_the_shops_own_pairing_counts():
    plain = outfits([SHIRT], [JEANS, TROUSERS], Together())[0]
    paired = replace(SHIRT, goes_with=frozenset({"jeans"}))
    shown = outfits([paired], [JEANS, TROUSERS], Together())[0]
    assert [p.garment.style for p in plain.pieces] == ["shirt", "trousers"]
    assert [p.garment.style for p in shown.pieces] == ["shirt", "jeans"]


def test_nothing_known_gives_no_outfit():
    assert outfits([], POOL, Together()) == []
    assert outfits([Garment("x", "x", "umbrella")], POOL, Together()) == []
