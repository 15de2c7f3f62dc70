"""Whose badge an antenna hears: by who is near it whenever it does."""

import numpy as np

from edge_core.analytics.badges import EVERY_NS, BadgeCarriers

TILL, DOOR = (2.0, 2.0), (12.0, 8.0)
BADGE = "e2801160600002054cc2096f"


def hear(carriers, antenna, places, moment):
    return carriers.read(BADGE, antenna, places, moment * EVERY_NS)


def test_who_is_near_wherever_the_badge_is_heard_wears_it():
    carriers, rng, found = BadgeCarriers(), np.random.default_rng(2), []
    for moment in range(12):
        antenna = TILL if moment % 3 else DOOR
        others = {n: tuple(rng.uniform((0, 0), (14, 10)).tolist()) for n in range(2, 8)}
        beside = (antenna[0] + 0.8, antenna[1] - 0.5)
        found.append(hear(carriers, antenna, others | {1: beside}, moment))
    assert found[0] is None, "one moment proves nothing"
    assert found[-1] == 1
    assert set(found) == {None, 1}


def test_two_who_always_stand_together_are_not_told_apart():
    carriers = BadgeCarriers()
    for moment in range(40):
        places = {1: (2.5, 2.0), 2: (2.0, 2.5), 3: (10.0, 9.0)}
        assert hear(carriers, TILL, places, moment) is None


def test_a_badge_on_a_hook_makes_nobody_staff_who_walks_past():
    carriers = BadgeCarriers()
    for moment in range(60):
        places = {moment // 3: (2.5, 2.0), 100: (10.0, 9.0), 101: (11.0, 7.0)}
        assert hear(carriers, TILL, places, moment) is None


def test_a_lone_wearer_is_found_and_stays_known_under_another_number():
    carriers, found = BadgeCarriers(), []
    for moment in range(6):
        found.append(hear(carriers, TILL, {1: (2.5, 2.0)}, moment))
    carriers.merge(7, 1)
    for moment in range(6, 14):
        found.append(hear(carriers, TILL, {7: (2.5, 2.0)}, moment))
    assert found[-1] == 7
