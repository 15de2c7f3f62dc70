from pathlib import Path

import pytest

from edge_core.simulator import World, load_scene
from edge_core.simulator.handling import HANGING_M, Handling, hang

SHOP = Path(__file__).parents[3] / "assets" / "malls" / "shop"


@pytest.fixture(scope="module")
def trade():
    scene = load_scene(SHOP)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    world, handling = World(scene, 5), Handling(hang(floor, [f"{n:x}" for n in range(900)]), 5)
    for tick in range(1, 721):
        handling.advance(world.advance_to(tick / 4), world.time_s)
    return world, handling


def test_garments_hang_on_the_rails_a_hand_apart():
    scene = load_scene(SHOP)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    garments = hang(floor, [str(n) for n in range(50)], apart_m=0.1)
    assert len(garments) == 50
    assert {g.home_m[2] for g in garments} == {HANGING_M}
    few = hang(floor, [str(n) for n in range(5)], apart_m=0.1)
    assert [g.home_m for g in few] == [g.home_m for g in garments[:5]]


def test_shoppers_touch_take_and_put_back(trade):
    _, handling = trade
    kinds = {handled.kind for handled in handling.log}
    assert {"touch", "pick", "put-back"} <= kinds
    for handled in handling.log:
        assert handled.start_s < handled.end_s


def test_a_garment_is_where_it_was_put_and_in_one_hand_at_most(trade):
    world, handling = trade
    people = {person.number for person in world.crowd.states()}
    held = [epc for person in people for epc in handling.holding(person)]
    assert len(held) == len(set(held))
    for garment in handling.garments.values():
        times = [at_s for at_s, _ in garment.way]
        assert times == sorted(times)
        untouched = not garment.way
        assert not untouched or garment.place_m == garment.home_m


def test_nobody_puts_back_what_they_did_not_take(trade):
    _, handling = trade
    holder = {}
    for handled in handling.log:
        if handled.kind == "pick":
            assert handled.epc not in holder
            holder[handled.epc] = handled.person
        elif handled.kind in ("put-back", "misplace", "buy"):
            assert holder.pop(handled.epc) == handled.person


def test_hands_show_what_is_done(trade):
    """Who touches or looks at a garment is shown handling; who carries one along is not."""
    world, handling = trade
    people = world.crowd.states()
    for person in handling.shown(people, world.time_s):
        hands = person.hands
        if handling.busy(person.number) and person.activity in ("browse", "stand"):
            assert hands is not None
            assert hands.handling
        if hands is not None and hands.deed == "hold":
            assert handling.holding(person.number)
            assert hands.garment is not None


def test_what_somebody_carries_off_comes_back_later():
    scene = load_scene(SHOP)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    world, handling = World(scene, 5), Handling(hang(floor, [f"{n:x}" for n in range(900)]), 5)
    tick = 0
    while not any(handling.holding(p.number) for p in world.crowd.states()):
        tick += 1
        handling.advance(world.advance_to(tick / 4), world.time_s)
    holder = next(p.number for p in world.crowd.states() if handling.holding(p.number))
    garment = handling.garments[handling.holding(holder)[0]]
    handling.advance([p for p in world.crowd.states() if p.number != holder], world.time_s)
    assert not garment.hangs(world.time_s + 60)
    assert garment.hangs(world.time_s + 121)
    assert garment.place_m == garment.home_m
