"""Ways through a small house whose times can be worked out by hand, and through the mall."""

from datetime import datetime, time
from pathlib import Path

import pytest

from edge_core.config import ClosureConfig, load_directory, load_site, parse_directory, parse_site
from edge_core.suggest.routes import RoutePlanner
from edge_core.suggest.routes_crowd import speed_share
from edge_core.suggest.routes_network import Mode

MALL = Path(__file__).parents[3] / "assets" / "malls" / "mall"
NOON = datetime(2026, 3, 14, 12, 0)  # noqa: DTZ001 - local time of the site

SITE = """
[site]
id = "house"
name = "House"
opens = "09:00"
closes = "22:00"

[[floors]]
id = "low"
name = "Low floor"
name_zh = "一层"
level = 0
outline_m = [[0, 0], [40, 0], [40, 10], [0, 10]]
fixtures = [{ kind = "wall", polygon_m = [[19, 0], [21, 0], [21, 7], [19, 7]] }]

[[floors]]
id = "high"
name = "High floor"
name_zh = "二层"
level = 1
outline_m = [[0, 0], [40, 0], [40, 10], [0, 10]]

[[cameras]]
id = "c"
source = "c.mp4"

[[screens]]
id = "k"
kind = "kiosk"
floor = "low"
position_m = [2, 5]
facing_deg = 90
"""
DIRECTORY = """
[[categories]]
id = "all"
name = "All"

[[stores]]
id = "east"
name = "East Store"
name_zh = "东店"
category = "all"
floor = "low"
polygon_m = [[36, 0], [40, 0], [40, 4], [36, 4]]
doors_m = [[38, 4]]
opens = "10:00"
closes = "12:20"

[[stores]]
id = "attic"
name = "Attic"
name_zh = "阁楼"
category = "all"
floor = "high"
polygon_m = [[0, 0], [4, 0], [4, 3], [0, 3]]
doors_m = [[2, 3]]

[[connectors]]
id = "lift"
name = "Lift"
kind = "lift"
stops = [{ floor = "low", at_m = [5, 9] }, { floor = "high", at_m = [5, 9] }]

[[connectors]]
id = "up"
name = "Escalator up"
kind = "escalator"
direction = "up"
stops = [{ floor = "low", at_m = [8, 5] }, { floor = "high", at_m = [14, 5] }]
"""


def planner(directory: str = DIRECTORY) -> RoutePlanner:
    site = parse_site(SITE)
    return RoutePlanner(site, parse_directory(directory, site))


@pytest.fixture(scope="module")
def house() -> RoutePlanner:
    return planner()


@pytest.fixture(scope="module")
def mall() -> RoutePlanner:
    site = load_site(MALL / "site.toml")
    return RoutePlanner(site, load_directory(MALL / "directory.toml", site))


def test_a_straight_walk_takes_its_length_at_walking_speed(house):
    route = house.plan("k", "up", Mode.WALKING, NOON)
    assert route.metres == pytest.approx(6.0)
    assert route.seconds == pytest.approx(6.0 / 1.2)
    assert route.steps[0][1].en == "Walk 5 m"


def test_the_path_goes_round_a_wall_and_through_none(house):
    route = house.plan("k", "east", Mode.WALKING, NOON)
    points = [point for step, _ in route.steps for point in step.points_m]
    over_wall = [y for x, y in points if 18 < x < 22]
    assert over_wall
    assert min(over_wall) > 7.0
    assert route.metres > 36.0


def test_stepfree_takes_the_lift_and_a_stroller_is_slower(house):
    walking = house.plan("k", "attic", Mode.WALKING, NOON)
    stepfree = house.plan("k", "attic", Mode.STEP_FREE, NOON)
    stroller = house.plan("k", "attic", Mode.STROLLER, NOON)
    assert [step.kind for step, _ in walking.steps if step.floor != step.floor_to] == ["escalator"]
    for route in (stepfree, stroller):
        assert [step.kind for step, _ in route.steps if step.floor != step.floor_to] == ["lift"]
    assert walking.seconds < stepfree.seconds < stroller.seconds
    assert stepfree.seconds == pytest.approx(40 + stepfree.metres / 1.2, abs=1.0)


def test_instructions_name_floors_and_things_in_both_languages(house):
    route = house.plan("k", "attic", Mode.STEP_FREE, NOON)
    english, chinese = ([getattr(words, code) for _, words in route.steps] for code in ("en", "zh"))
    assert english[0] == "Turn right and walk 5 m to the Lift"
    assert english[1] == "Take the Lift up to the high floor"
    assert english[-1].startswith("Attic is")
    assert chinese[1] == "乘Lift上到二层"
    assert chinese[-1].startswith("阁楼")
    assert len(english) == len(chinese)


def test_an_escalator_that_runs_up_takes_nobody_down(house):
    down = house.plan("attic", "k", Mode.WALKING, NOON)
    assert [step.kind for step, _ in down.steps if step.floor != step.floor_to] == ["lift"]


def test_a_closed_lift_leaves_no_stepfree_way_and_is_told_as_a_detour_otherwise():
    twice = DIRECTORY + (
        '\n[[connectors]]\nid = "far"\nname = "Far lift"\nkind = "lift"\n'
        'stops = [{ floor = "low", at_m = [38, 9] }, { floor = "high", at_m = [38, 9] }]\n'
    )
    shut = [ClosureConfig(what="lift", text="Inspection until noon", text_zh="中午前检修")]
    assert planner().plan("k", "attic", Mode.STEP_FREE, NOON, shut) is None
    route = planner(twice).plan("k", "attic", Mode.STEP_FREE, NOON, shut)
    ((kind, words),) = route.warnings
    assert kind == "detour"
    assert "Inspection until noon" in words.en
    assert "中午前检修" in words.zh


def test_a_closed_area_is_walked_round_or_ends_the_way(house):
    def closed(*polygon):
        return [ClosureConfig(floor="low", polygon_m=polygon, text="Floor being cleaned")]

    beside = closed((4, 2), (6, 2), (6, 9), (4, 9))
    free = house.plan("k", "up", Mode.WALKING, NOON)
    route = house.plan("k", "up", Mode.WALKING, NOON, beside)
    assert free.metres + 2 < route.metres < free.metres + 8
    ((kind, words),) = route.warnings
    assert (kind, "Floor being cleaned" in words.en) == ("detour", True)
    across = closed((4, 0), (6, 0), (6, 10), (4, 10))
    assert house.plan("k", "east", Mode.WALKING, NOON, across) is None


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("11:00", None),
        ("12:00", "closes-soon"),
        ("12:19:45", "closes-before"),
        ("12:30", "closed"),
        ("09:30", "closed"),
    ],
)
def test_a_store_that_closes_is_told_before_the_walk(house, at, kind):
    now = datetime.combine(NOON.date(), time.fromisoformat(at))
    warnings = house.plan("k", "east", Mode.WALKING, now).warnings
    assert [found for found, _ in warnings] == ([kind] if kind else [])


def test_a_closed_store_says_why(house):
    shut = [ClosureConfig(what="east", text="Stocktaking")]
    ((kind, words),) = house.plan("k", "east", Mode.WALKING, NOON, shut).warnings
    assert (kind, words.en) == ("closed", "East Store is closed: Stocktaking")


def test_a_crowd_slows_the_walk_and_is_told(house):
    people = [(x / 2, y / 2) for x in range(8, 72) for y in range(1, 19)]
    free = house.plan("k", "east", Mode.WALKING, NOON.replace(hour=10))
    crowded = house.plan("k", "east", Mode.WALKING, NOON.replace(hour=10), (), {"low": people})
    assert crowded.seconds > free.seconds + 20
    assert "crowd" in [kind for kind, _ in crowded.warnings]
    assert speed_share(0.0) == 1.0
    assert 0.2 <= speed_share(5.0) < speed_share(2.0) < speed_share(0.5) <= 1.0


def test_an_unknown_id_is_a_key_error(house):
    with pytest.raises(KeyError):
        house.plan("k", "nowhere", Mode.WALKING, NOON)


def test_every_store_and_place_of_the_mall_is_reached_in_every_mode(mall):
    assert mall.unreachable() == []
    for mode in Mode:
        reached = mall.seconds_from("kiosk", mode)
        assert set(mall.network.doors) == set(reached)


def test_times_from_the_kiosk_are_those_of_the_routes(mall):
    times = mall.seconds_from("kiosk", Mode.STEP_FREE)
    for goal in ("bakery", "juice", "cloudsip", "aurora"):
        route = mall.plan("kiosk", goal, Mode.STEP_FREE, NOON)
        assert route.seconds == pytest.approx(times[goal])
        assert not {step.kind for step, _ in route.steps} & {"stairs", "escalator"}
