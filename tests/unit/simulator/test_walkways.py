import numpy as np
import pytest
import shapely

from edge_core.config import FixtureConfig, FloorConfig
from edge_core.simulator.walkways import Walkways

ROOM = ((0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (0.0, 8.0))


def room_with(*polygons) -> tuple[FloorConfig, Walkways]:
    fixtures = tuple(FixtureConfig(kind="wall", polygon_m=polygon) for polygon in polygons)
    floor = FloorConfig(id="room", name="Room", outline_m=ROOM, fixtures=fixtures)
    return floor, Walkways(floor)


def test_clearance_is_the_distance_to_the_nearest_wall():
    _, walkways = room_with(((4, 0), (5, 0), (5, 3), (4, 3)))
    points = np.array([[2.0, 4.0], [3.5, 1.5], [4.5, 1.0], [9.0, 4.0]])
    assert walkways.clearance_m(points) == pytest.approx([2.0, 0.5, 0.0, 1.0], abs=0.08)


def test_paths_go_round_a_wall_and_end_at_the_goal():
    wall = ((4.8, 0), (5.2, 0), (5.2, 6.5), (4.8, 6.5))
    _, walkways = room_with(wall)
    start, goal = np.array([1.0, 1.0]), np.array([9.0, 1.0])
    path = walkways.path(start, goal)
    assert path is not None
    line = shapely.LineString(np.vstack([start, path]))
    assert line.distance(shapely.Polygon(wall)) > 0.2
    assert path[-1] == pytest.approx(goal)
    assert 13.5 < line.length < 16


def test_there_is_no_path_through_a_closed_wall():
    _, walkways = room_with(((4.8, 0), (5.2, 0), (5.2, 8), (4.8, 8)))
    assert walkways.path(np.array([1.0, 1.0]), np.array([9.0, 1.0])) is None


def test_browsing_spots_face_their_fixture():
    table = ((4.0, 3.0), (6.0, 3.0), (6.0, 4.0), (4.0, 4.0))
    floor = FloorConfig(
        id="room", name="Room", outline_m=ROOM,
        fixtures=(FixtureConfig(kind="table", polygon_m=table),),
    )  # fmt: skip
    spots = Walkways(floor).browsing_spots(floor, ROOM)
    assert len(spots) >= 6
    for x, y, facing in spots:
        turn = np.radians(facing)
        ahead = shapely.Point(x + 0.6 * np.sin(turn), y - 0.6 * np.cos(turn))
        assert shapely.Polygon(table).distance(ahead) < 0.05
