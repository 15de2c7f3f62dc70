"""Who a suggestion may be personal for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.suggest.profiles import (
    ADULT_BANDS,
    Choice,
    Onlooker,
    WhyNot,
    make_profile,
    may_be_child,
    posterior,
)
from edge_core.types import Traits

ADULT = Traits(7, {"female": 0.9}, 40.0)
NOW = {"hour": 15, "weekend": False, "crowd": 0.4}


def _onlooker(number=5, traits=ADULT):
    return Onlooker(number, traits, ("shoes",), ("a",), ("b",), ("c",))


def test_alone_and_by_choice_the_visit_and_the_estimates_are_used():
    profile = make_profile(Choice.SEEN, [], [_onlooker()], 5, **NOW)
    assert profile.why_not is None
    assert profile.attributes["gender"] == pytest.approx({"female": 0.9, "male": 0.1})
    assert profile.behaviour.stores == ("shoes",)
    assert profile.behaviour.kept == ("c",)


@pytest.mark.parametrize(
    ("choice", "before", "chose", "why_not"),
    [
        (Choice.NO_THANKS, [_onlooker()], 5, WhyNot.NOT_CHOSEN),
        (Choice.INTERESTS, [_onlooker()], 5, WhyNot.NOT_CHOSEN),
        (Choice.SEEN, [], 5, WhyNot.NOBODY),
        (Choice.SEEN, [_onlooker(), _onlooker(6)], 5, WhyNot.SEVERAL_PEOPLE),
        (Choice.SEEN, [_onlooker(6)], 5, WhyNot.SOMEBODY_ELSE),
        (Choice.SEEN, [_onlooker(5, Traits(7, {}, 11.0))], 5, WhyNot.MAY_BE_CHILD),
        (Choice.SEEN, [_onlooker(5, Traits(7, {"female": 0.2}, 17.0))], 5, WhyNot.MAY_BE_CHILD),
        (Choice.SEEN, [_onlooker(5, Traits(7, {}, 24.0))], 5, WhyNot.MAY_BE_CHILD),
    ],
)
def test_otherwise_nothing_personal_is_used(choice, before, chose, why_not):
    profile = make_profile(choice, ["toys"], before, chose, **NOW)
    assert profile.why_not is why_not
    assert not profile.attributes
    behaviour = profile.behaviour
    assert behaviour.interests == ("toys",)
    assert behaviour.stores + behaviour.touched + behaviour.tried + behaviour.kept == ()


@given(
    st.sampled_from(Choice),
    st.lists(
        st.builds(
            Onlooker,
            st.integers(1, 9),
            st.builds(
                Traits,
                st.just(1),
                st.dictionaries(st.just("female"), st.floats(0, 1)),
                st.none() | st.floats(0, 100),
            ),
            st.just(("shoes",)),
        ),
        max_size=4,
    ),
    st.none() | st.integers(1, 9),
)
def test_estimates_are_never_used_of_a_group_a_child_or_without_the_choice(choice, before, chose):
    profile = make_profile(choice, [], before, chose, **NOW)
    if profile.attributes or profile.behaviour.stores:
        assert choice is Choice.SEEN
        assert len(before) == 1
        assert not may_be_child(before[0].traits)
        assert before[0].traits.age_years is None or before[0].traits.age_years >= 18


@given(st.floats(0, 110), st.floats(0, 1))
def test_a_posterior_sums_to_one_and_knows_no_children(age_years, p_female):
    told = posterior(Traits(1, {"female": p_female}, age_years))
    for labels in told.values():
        assert sum(labels.values()) == pytest.approx(1.0)
    assert set(told.get("age", {})) <= {label for _, label in ADULT_BANDS}


def test_an_uncertain_age_spreads_over_the_bands():
    told = posterior(Traits(1, {"female": 0.5}, 35.0))["age"]
    assert 0.3 < told["18-34"] < 0.6
    assert 0.3 < told["35-54"] < 0.7


def test_without_an_age_no_gender_is_used():
    assert not posterior(Traits(1, {"female": 0.99}, None))
