from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from edge_core.hub.selection import Offer, advise, demands, lifts, match


def _offer(sku, **more):
    known = {
        "style": sku, "department": "women", "category": "skirt",
        "rack": "wall", "orders": 10, "chain_sold": 10,
        "style_tried": 100, "style_sold": 30, "handled": 10, "sold": 3, "stock": 5,
    }  # fmt: skip
    return Offer(sku=sku, **(known | more))


def _by_sku(offers, here=None, chain=None, attention=None):
    return {it.offer.sku: it for it in advise(offers, here or {}, chain or {}, attention or {}, 8)}


@given(st.lists(st.integers(0, 200), min_size=2, max_size=40))
def test_more_orders_never_mean_less_demand_and_few_are_drawn_to_the_mean(orders):
    rates = demands(orders)
    mean = sum(orders) / len(orders)
    for (rate, deviation), count in zip(rates, orders, strict=True):
        assert deviation > 0
        if mean:
            assert min(1, count / mean) - 1e-9 <= rate <= max(1, count / mean) + 1e-9
    ranked = sorted(zip(orders, rates, strict=True))
    assert [it[1][0] for it in ranked] == sorted(it[1][0] for it in ranked)


def test_a_style_tried_once_and_bought_is_no_bestseller():
    (one, unsure), (many, sure), _ = lifts([(1, 1), (400, 280), (1000, 300)])
    assert 1 < one < 1.2 < many
    assert unsure > 3 * sure


def test_a_department_fits_by_who_comes_within_limits():
    assert match({"women": 0.66}, {"women": 0.55}, "women") == 0.66 / 0.55
    assert match({"women": 0.99}, {"women": 0.05}, "women") == 2
    assert match({}, {"women": 0.5}, "women") == match({"women": 0.5}, {}, "kids") == 1


def test_what_is_wanted_and_not_there_is_brought_in_and_what_nobody_wants_sent_back():
    offers = [_offer(f"usual-{n}") for n in range(20)]
    offers += [_offer("wanted", orders=90, stock=0), _offer("left", orders=0, stock=90, sold=0)]
    advice = _by_sku(offers)
    assert advice["wanted"].do == "add"
    assert advice["wanted"].pieces >= 1
    assert advice["left"].do == "less"
    assert 0 < advice["left"].pieces < 90
    assert {advice[f"usual-{n}"].do for n in range(20)} == {"keep"}


def test_what_sells_faster_than_it_is_stocked_is_stocked_more():
    offers = [_offer(f"usual-{n}", sold=80, stock=60) for n in range(10)]
    advice = _by_sku([*offers, _offer("fast", sold=80, stock=2)])
    assert advice["fast"].do == "more"
    assert advice["fast"].pieces + 2 >= advice["fast"].weekly


def test_expected_sales_add_up_to_what_the_shop_sells():
    rng = Random(3)
    offers = [_offer(str(n), orders=rng.randrange(40), sold=rng.randrange(9)) for n in range(50)]
    advice = _by_sku(offers)
    weekly = sum(it.weekly for it in advice.values())
    assert abs(8 * weekly - sum(it.sold for it in offers)) < 1e-6


def test_a_good_product_in_a_dim_corner_is_hung_where_people_look_within_its_department():
    offers = [_offer(f"usual-{n}") for n in range(10)]
    offers += [_offer("good", orders=80, rack="corner"), _offer("poor", orders=1, rack="corner"),
               _offer("man", orders=80, department="men", rack="cellar"),
               _offer("belt", orders=80, category="belt", rack="corner")]  # fmt: skip
    advice = _by_sku(offers, attention={"wall": 9.0, "corner": 2.0, "cellar": 1.0})
    assert (advice["good"].rack, advice["good"].moved) == ("wall", True)
    assert (advice["poor"].rack, advice["poor"].moved) == ("corner", False)
    assert advice["man"].rack == "cellar"
    assert advice["belt"].rack == "corner"


def test_little_knowledge_is_said_to_be_little():
    advice = _by_sku([_offer("known", orders=300, style_tried=900, style_sold=400),
                      _offer("guessed", orders=1, style_tried=1, style_sold=0)])  # fmt: skip
    assert advice["known"].confidence == "high"
    assert advice["guessed"].confidence != "high"
    width = {sku: it.high / it.low for sku, it in advice.items()}
    assert width["guessed"] > width["known"]


def test_advice_ranks_simulated_demand_better_than_the_shops_own_sales_do():
    """Simulated worlds, twenty seeds: what would sell here, were it stocked and seen."""
    ahead = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        want, buys = rng.gamma(1.5, 1, 120), rng.beta(3, 7, 120)
        is_stocked = rng.random(120) < 0.6
        truth = want * buys
        offers = [
            _offer(
                f"p{n:03}", orders=int(rng.poisson(8 * want[n])), style_tried=60,
                style_sold=int(rng.binomial(60, buys[n])),
                sold=int(rng.poisson(4 * truth[n])) if is_stocked[n] else 0, stock=None,
            )
            for n in range(120)
        ]  # fmt: skip
        scores = {it.offer.sku: it.score for it in advise(offers, {}, {}, {}, 8)}
        ours = spearmanr([scores[it.sku] for it in offers], truth).statistic
        own = spearmanr([it.sold for it in offers], truth).statistic
        ahead.append(ours - own)
    assert min(ahead) > 0
