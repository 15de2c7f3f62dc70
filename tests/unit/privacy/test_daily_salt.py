"""Salts are of one day: the same for all who share a secret, and never of a day long over."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.privacy.daily_salt import DailySalt
from edge_core.units import ns_from_s

DAY_NS = ns_from_s(86_400.0)
NOON_NS = 20_000 * DAY_NS + DAY_NS // 2
SECRET = bytes(range(32))


@given(st.integers(0, 400), st.integers(1, 400))
def test_each_day_has_its_own_salt_whenever_it_is_asked_for(first, later):
    walked, jumped = DailySalt(SECRET, NOON_NS), DailySalt(SECRET, NOON_NS)
    told = [walked.at(NOON_NS + day * DAY_NS) for day in range(first + later + 1)]
    assert len(set(told)) == len(told)
    assert jumped.at(NOON_NS + first * DAY_NS) == told[first]
    assert jumped.at(NOON_NS + (first + later) * DAY_NS) == told[-1]


def test_yesterday_is_known_for_what_is_told_late_and_the_day_before_is_not():
    salt = DailySalt(SECRET, NOON_NS)
    days = [salt.at(NOON_NS + day * DAY_NS) for day in range(3)]
    assert salt.at(NOON_NS + DAY_NS) == days[1]
    assert salt.at(NOON_NS) != days[0]
    assert SECRET not in vars(salt).values()
    assert not set(days) & set(vars(salt).values())


def test_a_process_that_is_started_anew_knows_what_it_said_before_midnight():
    supervisors = DailySalt(SECRET, NOON_NS)
    killed = copy.copy(supervisors)
    said = killed.at(NOON_NS)
    killed.at(NOON_NS + DAY_NS)
    supervisors.at(NOON_NS + DAY_NS)
    heir = copy.copy(supervisors)
    assert heir.at(NOON_NS) == killed.at(NOON_NS) == said


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="16"):
        DailySalt(b"short", NOON_NS)
