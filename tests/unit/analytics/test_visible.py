import numpy as np
import pytest

from edge_core.analytics.heatmap import grid_of
from edge_core.analytics.visible import height_map, visible_cells, walkable_cells
from edge_core.config.floors import FixtureConfig
from edge_core.floor_view import FloorView, camera_place
from edge_core.simulator.camera import PinholeCamera

ROOM = ((0.0, 0.0), (12.0, 0.0), (12.0, 12.0), (0.0, 12.0))
CAMERA = PinholeCamera("hall", (6.0, 11.5, 2.8), 0.0, 30.0, 80.0, (640, 360))


def view_of(camera: PinholeCamera) -> FloorView:
    return FloorView(np.linalg.inv(camera.floor_homography()), camera.size_px, 1e-3)


def fixture(kind: str, height_m: float) -> FixtureConfig:
    return FixtureConfig(
        kind=kind, polygon_m=((4.0, 7.0), (8.0, 7.0), (8.0, 7.2), (4.0, 7.2)), height_m=height_m
    )


@pytest.fixture
def grid():
    return grid_of("ground", ROOM)


@pytest.mark.parametrize("pitch_deg", [20.0, 35.0, 55.0])
def test_a_homography_tells_where_the_camera_hangs(pitch_deg):
    camera = PinholeCamera("c", (3.0, 9.0, 3.2), 25.0, pitch_deg, 75.0, (1280, 720))
    assert camera_place(view_of(camera)) == pytest.approx((3.0, 9.0, 3.2), abs=0.01)


def test_what_is_seen_is_what_projects_into_the_picture(grid):
    seen = visible_cells(grid, view_of(CAMERA), height_map(grid, ()))
    centres = grid.centres_m()
    pixels, depth = CAMERA.project(np.column_stack([centres, np.zeros(len(centres))]))
    inside = (depth > 0.1) & ((pixels > 8) & (pixels < np.array(CAMERA.size_px) - 8)).all(axis=1)
    outside = ~(
        (depth > 0.1) & ((pixels > -8) & (pixels < np.array(CAMERA.size_px) + 8)).all(axis=1)
    )
    assert seen[inside].all()
    assert not seen[outside].any()


def test_a_wall_hides_what_is_behind_it_and_a_table_does_not(grid):
    free = visible_cells(grid, view_of(CAMERA), height_map(grid, ()))
    behind = grid.cell_of(np.array([[6.0, 5.0]]))[0]
    before = grid.cell_of(np.array([[6.0, 8.0]]))[0]
    wall = visible_cells(grid, view_of(CAMERA), height_map(grid, (fixture("wall", 3.6),)))
    table = visible_cells(grid, view_of(CAMERA), height_map(grid, (fixture("table", 0.8),)))
    assert free[behind]
    assert not wall[behind]
    assert wall[before]
    assert table[behind]
    assert (wall <= free).all()


def test_nobody_stands_on_a_fixture_or_outside_the_floor(grid):
    walkable = walkable_cells(grid, ROOM, (fixture("rack", 1.5),))
    assert not walkable[grid.cell_of(np.array([[6.0, 7.1]]))[0]]
    assert walkable[grid.cell_of(np.array([[6.0, 8.0]]))[0]]
