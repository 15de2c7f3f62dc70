from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics import joined

ROWS = st.lists(st.tuples(st.integers(0, 500), st.integers(-2, 5)), max_size=30).map(sorted)


def test_a_sale_joins_the_taking_before_it():
    assert joined([(10, 1)], [(25, 1)]) == 1
    assert joined([(10, 1)], [(25, 2)]) == 1
    assert joined([(10, 2)], [(25, 1), (30, 1)]) == 2


def test_a_taking_after_the_sale_or_long_before_it_is_anothers():
    assert joined([(40, 1)], [(25, 1)]) == 0
    assert joined([(10, 1)], [(200, 1)]) == 0
    assert joined([(26, 1)], [(25, 1)]) == 1  # the till's clock may be a minute behind


def test_each_taking_counts_once():
    assert joined([(10, 1)], [(12, 1), (14, 1)]) == 1


def test_what_is_taken_back_joins_nothing():
    assert joined([(10, 1)], [(12, -1)]) == 0


@given(ROWS, ROWS)
def test_never_more_than_was_taken_or_sold(taken, sold):
    found = joined(taken, sold)
    assert 0 <= found <= sum(max(count, 0) for _, count in taken)
    assert found <= sum(max(count, 0) for _, count in sold)
