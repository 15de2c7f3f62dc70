"""What lifts a store and what it says of itself."""

from math import log

import pytest

from edge_core.suggest.corrections import CorrectionKind, Corrections
from edge_core.suggest.profiles import Behaviour, LiveProfile, WhyNot
from edge_core.suggest.reasons import ReasonCode
from edge_core.suggest.stores import StoreFacts, affinity, rank_stores

NOTHING_SAID = Corrections()
NOBODY = LiveProfile(Behaviour(hour=15), {}, WhyNot.NOT_CHOSEN)
WOMAN = LiveProfile(Behaviour(hour=15), {"gender": {"female": 0.9, "male": 0.1}}, None)


def _store(name, categories=("fashion",), visits=10.0, **facts):
    return StoreFacts(name, categories, visits, **facts)


def _order(stores, profile=NOBODY, corrections=NOTHING_SAID):
    return [it.store.id for it in rank_stores(stores, profile, corrections)]


def _reasons(stores, name, profile=NOBODY, corrections=NOTHING_SAID):
    found = {it.store.id: it for it in rank_stores(stores, profile, corrections)}
    return {reason.code: reason.params for reason in found[name].reasons}


def test_affinity_is_the_expected_pmi_smoothed_with_fifty_visitors():
    stores = [
        _store("a", audience={"gender": {"female": 90, "male": 10}}),
        _store("b", audience={"gender": {"female": 10, "male": 90}}),
    ]
    told = affinity(stores, WOMAN.attributes)
    female = log((90 + 25) / (100 + 50) / 0.5)
    male = log((10 + 25) / (100 + 50) / 0.5)
    assert told["a"] == pytest.approx(0.9 * female + 0.1 * male)
    assert told["b"] == pytest.approx(0.9 * male + 0.1 * female)


def test_a_store_few_were_counted_in_is_not_believed():
    def fits(female, male):
        stores = [
            _store("small", audience={"gender": {"female": female, "male": male}}),
            _store("large", audience={"gender": {"female": 5000, "male": 5000}}),
        ]
        return affinity(stores, WOMAN.attributes)["small"]

    assert 0 < fits(6, 0) < 0.5 * fits(600, 0)


def test_a_suppressed_count_says_nothing():
    stores = [
        _store("a", audience={"gender": {"male": 50}}),
        _store("b", audience={"gender": {"female": 50, "male": 50}}),
    ]
    assert affinity(stores, {"gender": {"female": 1.0}})["a"] == 0.0


def test_without_a_profile_popularity_and_place_decide_and_say_so():
    stores = [_store("far", visits=50, walk_s=600), _store("near", visits=50, walk_s=30)]
    assert _order([*stores, _store("quiet", visits=2, walk_s=30)]) == ["near", "far", "quiet"]
    reasons = _reasons([*stores, _store("quiet", visits=2, walk_s=30)], "near")
    assert reasons[ReasonCode.NEAR] == {"walk_s": 30}
    assert reasons[ReasonCode.POPULAR_NOW] == {"hour": 15}
    assert ReasonCode.LIKE_YOU not in reasons


def test_visitors_like_you_is_said_only_where_it_counted():
    stores = [
        _store("a", audience={"gender": {"female": 900, "male": 100}}),
        _store("b", audience={"gender": {"female": 100, "male": 900}}),
    ]
    assert _order(stores, WOMAN) == ["a", "b"]
    assert ReasonCode.LIKE_YOU in _reasons(stores, "a", WOMAN)
    assert ReasonCode.LIKE_YOU not in _reasons(stores, "b", WOMAN)


def test_chosen_interests_lead():
    chosen = LiveProfile(Behaviour(interests=("toys",), hour=15), {}, WhyNot.NOT_CHOSEN)
    stores = [_store("a", visits=100), _store("t", ("toys",), visits=10)]
    assert _order(stores, chosen) == ["t", "a"]
    assert _reasons(stores, "t", chosen)[ReasonCode.INTEREST] == {"category": "toys"}


def test_closed_stores_are_left_out_and_closing_ones_come_later_with_a_warning():
    stores = [
        _store("closed", open_now=False),
        _store("closing", closes_in_min=10, walk_s=120),
        _store("open", closes_in_min=200, walk_s=120),
    ]
    assert _order(stores) == ["open", "closing"]
    assert _reasons(stores, "closing")[ReasonCode.CLOSING_SOON] == {"minutes": 10}


def test_a_crowded_store_comes_after_an_empty_one():
    assert _order([_store("full", crowd=0.9), _store("empty", crowd=0.1)]) == ["empty", "full"]


def test_a_store_like_one_visited_is_lifted_and_the_visited_one_is_not():
    been = LiveProfile(Behaviour(stores=("a",), hour=15), {}, None)
    stores = [_store("a"), _store("b"), _store("c", ("toys",))]
    assert _order(stores, been) == ["b", "c", "a"]
    assert _reasons(stores, "b", been)[ReasonCode.LIKE_VISITED] == {"store": "a"}


def test_corrections_change_the_ranking_at_once():
    stores = [_store("a", visits=40), _store("b", visits=30), _store("c", ("toys",), visits=10)]
    assert _order(stores) == ["a", "b", "c"]
    said = Corrections().add(CorrectionKind.NOT_FOR_ME, "a")
    assert _order(stores, corrections=said) == ["b", "c"]
    said = Corrections().add(CorrectionKind.LESS_LIKE_THIS, "a")
    assert _order(stores, corrections=said) == ["c", "b"]
    said = Corrections().add(CorrectionKind.LOOKING_FOR, "toys")
    assert _order(stores, corrections=said)[0] == "c"
    assert ReasonCode.LOOKING_FOR in _reasons(stores, "c", corrections=said)
    said = said.add(CorrectionKind.LOOKING_FOR, "")
    assert _order(stores, corrections=said) == ["a", "b", "c"]


def test_the_top_is_not_all_of_one_category_when_the_others_come_close():
    stores = [
        *(_store(f"shoes-{n}", ("shoes",), 100.0 - n) for n in range(4)),
        _store("books", ("books",), 90.0),
    ]
    assert _order(stores)[:2] == ["shoes-0", "books"]
    assert sorted(_order(stores)) == sorted(it.id for it in stores)


def test_what_is_far_less_likely_is_not_lifted_for_being_different():
    stores = [*(_store(f"shoes-{n}", ("shoes",), 100.0 - n) for n in range(4)),
              _store("books", ("books",), 40.0)]  # fmt: skip
    assert _order(stores)[-1] == "books"


def test_of_a_category_that_was_asked_for_there_may_be_many():
    stores = [
        *(_store(f"shoes-{n}", ("shoes",), 20.0 - n) for n in range(4)),
        _store("books", ("books",), 200.0),
    ]
    wanted = Corrections().add(CorrectionKind.LOOKING_FOR, "shoes")
    assert _order(stores, corrections=wanted)[-1] == "books"
    chosen = LiveProfile(Behaviour(hour=15, interests=("shoes",)), {}, None)
    assert _order(stores, chosen)[-1] == "books"
