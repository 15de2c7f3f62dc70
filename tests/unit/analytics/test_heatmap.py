from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.heatmap import HeatMeter, density, grid_of, observed_hours
from edge_core.analytics.pace import PaceMeter, Present
from edge_core.types import FloorGrid
from edge_core.units import NS_PER_S

ROOM = ((0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (0.0, 8.0))
STEP_NS = NS_PER_S // 4
WATCHED = {"ground": ("door",)}


@pytest.fixture
def grid() -> FloorGrid:
    return grid_of("ground", ROOM)


def walk(meter: HeatMeter, paths: dict[int, list[tuple[float, float]]], pace: PaceMeter) -> None:
    steps = max(map(len, paths.values()))
    for step in range(steps):
        people = [
            Present(visitor, "ground", points[step], ())
            for visitor, points in paths.items()
            if step < len(points)
        ]
        pace.see(people, step * STEP_NS)
        meter.see(people, pace.speeds_m_s(), WATCHED, step * STEP_NS, step * STEP_NS)


def test_a_floor_of_a_mall_has_larger_cells_and_not_more_than_the_limit():
    assert grid_of("ground", ROOM).cell_m == 0.25
    mall = grid_of("ground", ((0, 0), (120, 0), (120, 90), (0, 90)))
    assert mall.cells <= 16_384
    assert mall.columns * mall.cell_m >= 120


@given(st.floats(0.01, 9.99), st.floats(0.01, 7.99))
def test_every_point_lies_in_the_cell_whose_middle_is_near(x, y):
    grid = grid_of("ground", ROOM)
    cell = int(grid.cell_of(np.array([[x, y]]))[0])
    assert np.abs(grid.centres_m()[cell] - (x, y)).max() <= grid.cell_m / 2 + 1e-9


def test_nobody_is_placed_in_a_cell_outside_or_nowhere(grid):
    outside = np.array([[-0.1, 1.0], [10.1, 1.0], [np.nan, 1.0]])
    assert grid.cell_of(outside).tolist() == [-1, -1, -1]


def test_person_seconds_are_those_people_were_in_view(grid):
    meter = HeatMeter({"ground": grid})
    walk(meter, {1: [(5.0, 4.0)] * 41, 2: [(2.0, 2.0)] * 21}, PaceMeter())
    (sums,) = meter.take()
    assert sums.dwell_ms.sum() == 10_000 + 5_000
    assert sums.dwell_ms[grid.cell_of(np.array([[5.0, 4.0]]))[0]] == 10_000
    assert sums.walked_mm.sum() == 0
    assert dict(sums.watched_ms) == {("door",): 10_000}
    assert meter.take() == []


def test_metres_walked_are_the_length_of_the_way_and_lie_along_it(grid):
    path = [(1 + 0.3 * step, 4.0) for step in range(28)]
    meter = HeatMeter({"ground": grid})
    walk(meter, {1: path}, PaceMeter())
    (sums,) = meter.take()
    whole = path[-1][0] - path[0][0]
    assert sums.walked_mm.sum() == pytest.approx(1000 * (whole - 1.2), rel=0.1)
    rows = np.flatnonzero(sums.walked_mm) // grid.columns
    assert set(rows) == {16}


def test_time_nobody_watched_is_nobodys(grid):
    meter = HeatMeter({"ground": grid})
    here = [Present(1, "ground", (5.0, 4.0), ())]
    meter.see(here, {}, WATCHED, 0, 0)
    meter.see(here, {}, WATCHED, 3 * NS_PER_S, 3 * NS_PER_S)
    meter.see(here, {}, {}, 3 * NS_PER_S + STEP_NS, 4 * NS_PER_S)
    assert meter.take() == []


def test_what_is_replayed_after_a_restart_counts_once(grid):
    meter = HeatMeter({"ground": grid}, resumed_ns=5 * NS_PER_S)
    walk(meter, {1: [(5.0, 4.0)] * 41}, PaceMeter())
    (sums,) = meter.take()
    assert sums.dwell_ms.sum() == 5_000


def test_news_of_two_hours_stay_apart(grid):
    meter = HeatMeter({"ground": grid})
    here = [Present(1, "ground", (5.0, 4.0), ())]
    hour_ns = 3600 * NS_PER_S
    for step in range(-4, 5):
        meter.see(here, {}, WATCHED, (step + 9) * STEP_NS, hour_ns + step * STEP_NS)
    assert sorted(sums.dwell_ms.sum() for sums in meter.take()) == [750, 1250]


def test_density_of_evenly_spread_people_is_even_up_to_the_edge_of_the_view(grid):
    """Half of the room is seen: its edge is not cold, and beyond it nothing is told."""
    seen = grid.centres_m()[:, 0] < 5
    hours = np.where(seen, 2.0, 0.0)
    sums = np.where(seen, 7.2, 0.0)
    found = density(sums, hours, grid)
    assert np.isnan(found[~seen]).all()
    assert found[seen] == pytest.approx(7.2 / 2 / grid.cell_m**2, rel=1e-6)


def test_density_integrates_to_the_person_seconds_by_hour(grid):
    sums = np.zeros(grid.cells)
    sums[grid.cell_of(np.array([[5.0, 4.0]]))[0]] = 360.0
    found = density(sums, np.full(grid.cells, 2.0), grid)
    assert found.sum() * grid.cell_m**2 == pytest.approx(180.0, rel=1e-3)
    peak = grid.centres_m()[found.argmax()]
    assert hypot(peak[0] - 5, peak[1] - 4) < 0.3


def test_a_cell_seen_by_either_camera_was_observed_while_either_watched():
    seen = {"a": np.array([True, True, False]), "b": np.array([False, True, False])}
    hours = observed_hours(
        {("a",): 3_600_000, ("b",): 3_600_000, ("a", "b"): 1_800_000, ("gone",): 3_600_000}, seen, 3
    )
    assert hours.tolist() == [1.5, 2.5, 0.0]
