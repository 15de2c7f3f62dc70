"""Attacks on suppressed tables: whatever is told, a hidden count stays open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from edge_core.analytics.suppression import hidden_cells, shown_days, shown_hours, span_total

counts = st.lists(st.integers(0, 12) | st.integers(0, 3), min_size=1, max_size=12)
smallest = st.integers(2, 8)


def column(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)[:, None]


@given(counts, smallest)
def test_no_small_count_is_told(values, k):
    hidden = hidden_cells(column(values), k)
    assert all(hidden[i] for i, value in enumerate(values) if 0 < value < k)


@given(counts, smallest)
def test_large_counts_are_told_where_none_is_small(values, k):
    values = [value if value == 0 or value >= k else value + k for value in values]
    assert not hidden_cells(column(values), k).any()


@given(counts, smallest)
def test_a_total_leaves_every_hidden_count_open_by_at_least_k(values, k):
    hidden = hidden_cells(column(values), k)
    total = sum(values)
    if not hidden.any() or 0 < total < k or len(values) == 1:
        return
    rest = total - sum(value for value, secret in zip(values, hidden, strict=True) if not secret)
    least = 0 if hidden.all() else 1
    most = rest - least * (int(hidden.sum()) - 1)
    assert hidden.sum() >= 2
    assert most - least >= k - 1


def test_what_stopping_leaves_of_passing_is_protected_too():
    """98 of 100 stopped: that two did not is a small count, though 98 and 100 are none."""
    parts = np.array([[98, 2], [40, 40], [50, 20]], np.int64)
    hidden = hidden_cells(parts, 5)
    assert hidden.tolist() == [True, False, True]


def test_five_single_visitors_are_not_given_away_by_their_number():
    """Hidden counts are at least one each: five hidden ones of a total of five would be told."""
    assert hidden_cells(column([1, 1, 1, 1, 1, 0, 0]), 5).all()


hours = st.lists(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4),
    min_size=1,
    max_size=2,
)


@settings(max_examples=60, deadline=None)
@given(hours, st.integers(2, 6))
def test_hours_days_and_months_together_leave_every_hidden_hour_open(months, k):
    """An attacker solves all that is told as equations; no hidden hour may come out."""
    values = [hour for month in months for day in month for hour in day]
    day = [d for d, _ in enumerate([day for month in months for day in month]) for _ in range(3)]
    month = [m for m, month_ in enumerate(months) for _ in range(3 * len(month_))]
    parts, day, month = column(values), np.array(day), np.array(month)
    told_hours = shown_hours(parts, day, month, k)
    by_day = column(np.bincount(day, values).astype(int).tolist())
    month_of = np.array([month[day == it][0] for it in range(len(by_day))])
    told_days, told_months = shown_days(by_day, month_of, k)
    rows, sums = [], []
    for index, told in enumerate(told_hours):
        if told:
            rows.append(np.eye(len(values))[index])
            sums.append(values[index])
    for index, told in enumerate(told_days):
        if told:
            rows.append((day == index).astype(float))
            sums.append(by_day[index, 0])
    for number in np.unique(month):
        if told_months[month_of == number][0]:
            rows.append((month == number).astype(float))
            sums.append(parts[month == number].sum())
    for index in np.flatnonzero(~told_hours):
        goal = np.eye(len(values))[index]
        bounds = [
            linprog(
                sign * goal,
                A_eq=np.array(rows) if rows else None,
                b_eq=np.array(sums) if rows else None,
                bounds=(0, 200),
            ).fun
            for sign in (1, -1)
        ]
        low, high = bounds[0], -bounds[1]
        assert high - low >= k - 1 - 1e-6, (values, index)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=20, max_size=60), st.integers(2, 6), st.data())
def test_no_two_spans_differ_by_a_small_count(values, k, data):
    """Asking again for a day more or less gives a difference of nothing or of many."""
    parts = column(values)
    day = np.arange(len(values))
    month = day // 20
    first = data.draw(st.integers(0, len(values) - 1))
    last = data.draw(st.integers(first, len(values) - 1))
    longer = span_total(parts, day, month, first, last, k).parts[0]
    for other_first, other_last in ((first + 1, last), (first, last - 1)):
        if other_first > other_last:
            assert longer == 0 or longer >= k
            continue
        shorter = span_total(parts, day, month, other_first, other_last, k).parts[0]
        difference = abs(int(longer - shorter))
        assert difference == 0 or difference >= k


def test_a_whole_month_tells_more_than_its_days():
    values = [2] * 20
    parts, day = column(values), np.arange(20)
    month = np.zeros(20, np.int64)
    assert span_total(parts, day, month, 0, 19, 5).parts[0] == 40
    part = span_total(parts, day, month, 0, 9, 5)
    assert (part.parts[0], part.hidden_days) == (0, 10)


@pytest.mark.parametrize("k", [2, 5, 10])
def test_a_month_of_fewer_than_k_is_told_nowhere(k):
    values = column([0, k - 1, 0])
    days, months = shown_days(values, np.zeros(3, np.int64), k)
    assert not days.any()
    assert not months.any()
