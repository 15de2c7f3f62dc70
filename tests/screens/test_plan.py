"""Geometry of the floor map, and the density drawn over it."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import edge_core.qt
from edge_core.qt.crowd import Crowd
from edge_core.qt.density import MOST_OPAQUE, DensityField, coloured
from edge_core.qt.fonts import load_fonts
from edge_core.qt.plan_drawing import PlanStyle, ZoneName, drawn_name
from edge_core.qt.projection import (
    chord_through_centroid_m,
    fitted,
    legible_turns,
    quarter_turns,
)
from edge_core.qt.resources import assets_folder

HALL = [(0, 0), (60, 0), (60, 20), (0, 20)]
metres = st.floats(1, 200)


@given(metres, metres, st.integers(0, 3), st.floats(100, 4000), st.floats(100, 4000))
def test_a_fitted_floor_fills_the_area_and_stays_inside(width_m, height_m, turns, width, height):
    corners = [(5, 7), (5 + width_m, 7), (5 + width_m, 7 + height_m), (5, 7 + height_m)]
    placed = np.array([fitted(corners, (width, height), turns, 10).to_px(c) for c in corners])
    low, high = placed.min(axis=0), placed.max(axis=0)
    assert (low >= 9.9).all()
    assert (high <= np.array([width, height]) - 9.9).all()
    assert np.isclose(high - low, np.array([width, height]) - 20, atol=0.1).any()


@given(st.integers(0, 3))
def test_turning_keeps_the_plan_unmirrored(turns):
    plan = fitted(HALL, (1000, 1000), turns)
    determinant = plan.x_from_x * plan.y_from_y - plan.x_from_y * plan.y_from_x
    assert determinant == pytest.approx(plan.scale_px_m**2)


@pytest.mark.parametrize(
    ("facing_deg", "ahead_m"), [(0, (30, 5)), (90, (45, 10)), (180, (30, 15)), (265, (15, 10))]
)
def test_the_way_ahead_points_up(facing_deg, ahead_m):
    plan = fitted(HALL, (1000, 1000), quarter_turns(facing_deg))
    here, ahead = plan.to_px((30, 10)), plan.to_px(ahead_m)
    assert ahead[1] < here[1]
    assert ahead[0] == pytest.approx(here[0], abs=1)


def test_a_plan_is_not_turned_when_that_would_make_it_small():
    assert legible_turns(HALL, (1200, 400), ahead=1) == 0
    assert legible_turns(HALL, (400, 1200), ahead=1) == 1
    assert legible_turns(HALL, (1200, 400), ahead=2) == 2, "upside down is as large"


def test_a_name_stands_inside_its_room_even_when_that_is_an_l():
    centre, across, down = chord_through_centroid_m([(0, 0), (8, 0), (8, 4), (0, 4)])
    assert (centre, across, down) == ((4, 2), 8, 4)
    ell = [(0, 0), (20, 0), (20, 2), (2, 2), (2, 20), (0, 20)]
    (x, y), across, down = chord_through_centroid_m(ell)
    assert min(across, down) > 0
    assert x < 2 or y < 2


@pytest.fixture
def style(qapp):
    """Ten pixels a metre, names of 22 pixels."""
    load_fonts(assets_folder() / "fonts")
    colours = (("name", 0xFFFFFFFF), ("quietName", 0xFFAAAAAA), ("halo", 0x99000000))
    return PlanStyle((600, 200), fitted(HALL, (600, 200), 0), colours, 22.0)


def name(text, across_m, down_m, kind="store"):
    return ZoneName(kind, text, (30.0, 10.0), across_m, down_m)


def inked(picture):
    """Columns and rows of a picture's white letters."""
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    rows, columns = np.nonzero(pixels[:, : picture.width(), 0] > 200)
    return np.ptp(columns) + 1, np.ptp(rows) + 1


def test_a_name_is_written_in_the_middle_of_its_room(style):
    written = drawn_name(name("Lantern Books", 20, 8), style)
    wide, tall = inked(written.picture)
    assert 120 < wide < 180
    assert 14 < tall < 30, "one line"
    middle = written.place_px.x() + written.picture.width() / 2
    assert middle == pytest.approx(300, abs=1)


def test_a_name_breaks_into_lines_or_runs_along_a_narrow_room(style):
    _, two_lines = inked(drawn_name(name("Lantern Books", 12, 8), style).picture)
    assert 35 < two_lines < 55
    wide, tall = inked(drawn_name(name("Lantern Books", 4, 20), style).picture)
    assert wide < 30
    assert tall > 120, "upwards"


def test_a_word_a_little_too_wide_is_narrowed_and_one_without_room_left_out(style):
    wide, _ = inked(drawn_name(name("Department", 12, 6), style).picture)
    narrowed, _ = inked(drawn_name(name("Department", 11, 6), style).picture)
    assert 0.8 * wide - 1 < narrowed < wide - 2
    assert narrowed <= 110
    assert drawn_name(name("Lantern Books", 12, 3), style) is None, "two lines, room for one"
    assert drawn_name(name("Till", 8, 2, kind="till"), style) is None


def test_on_a_finer_display_a_name_is_sharper_and_in_the_same_place(style):
    plain = drawn_name(name("Lantern Books", 20, 8), style)
    fine = drawn_name(name("Lantern Books", 20, 8), replace(style, ratio=2.0))
    assert fine.place_px == plain.place_px
    assert fine.picture.deviceIndependentSize() == plain.picture.deviceIndependentSize()
    assert inked(fine.picture)[0] == pytest.approx(2 * inked(plain.picture)[0], abs=4)


def test_density_counts_the_people_and_fades_when_they_go():
    field = DensityField(40, 24, 0.25)
    people = np.array([[20, 12], [10, 8]], np.float32)
    field.settle(people)
    assert field.people_m2.sum() * 0.25**2 == pytest.approx(2, rel=0.01)
    row, column = np.unravel_index(field.people_m2.argmax(), field.people_m2.shape)
    assert min(np.hypot(*(people - ((column + 0.5) / 4, (row + 0.5) / 4)).T)) < 0.3
    nobody = np.zeros((0, 2), np.float32)
    field.advance(nobody, 5.0)
    assert 0.3 < field.people_m2.sum() * 0.25**2 < 1.5, "it breathes out slowly"
    for _ in range(20):
        field.advance(nobody, 5.0)
    assert field.people_m2.max() < 1e-4


def test_density_colour_grows_with_the_crowd_and_stays_see_through():
    pixels = coloured(np.array([[0, 0.05, 0.5, 50]], np.float32), (255, 179, 92), 0.1)
    alpha = pixels[0, :, 3] / 255
    assert alpha[0] == 0
    assert (np.diff(alpha) >= 0).all()
    assert alpha[-1] == pytest.approx(MOST_OPAQUE, abs=0.01)
    assert (pixels[..., :3] <= pixels[..., 3:]).all(), "premultiplied"


def test_dots_glide_fade_in_and_leave_nothing_behind(qapp, sample, make_live, make_person):
    crowd = Crowd()
    crowd.show_floor(sample.floors[0])
    crowd.show(make_live(make_person(1, 5, 15)))
    crowd.show(make_live(make_person(1, 6, 15), make_person(2, 20, 20)))
    crowd.advance(0.05)
    first, second = crowd._dots.rows
    assert 5 < first.xM < 6
    assert 0 < second.presence < 1
    crowd.show(make_live(make_person(2, 20, 20)))
    for _ in range(20):
        crowd.advance(0.05)
    assert [dot.number for dot in crowd._dots.rows] == [2]
    assert set(crowd._known) == {2}


def test_who_stands_still_is_not_drawn_again(qapp, sample, make_live, make_person):
    crowd = Crowd()
    crowd.show_floor(sample.floors[0])
    drawn = []
    crowd._dots.dataChanged.connect(lambda first, _last, _roles: drawn.append(first.row()))
    crowd.show(make_live(make_person(1, 5, 15), make_person(2, 9, 15), make_person(3, 20, 20)))
    crowd.show(make_live(make_person(1, 5.004, 15), make_person(2, 9, 15), make_person(3, 22, 20)))
    for _ in range(10):
        crowd.advance(0.1)
    assert set(drawn) == {2}, "of three only the one that walks"


def test_screens_wake_no_threads_of_linear_algebra():
    """BLAS threads spin after each product: a third of a core for a small one now and then."""
    for path in Path(edge_core.qt.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert not named & {"matmul", "linalg", "tensordot"}, path.name
        assert not any(isinstance(node, ast.MatMult) for node in nodes), path.name


def test_whoever_is_placed_outside_the_walls_is_not_drawn(qapp, sample, make_live, make_person):
    crowd = Crowd()
    crowd.show_floor(sample.floors[0])
    crowd.show(make_live(make_person(1, 5, 23), make_person(2, 5, 27)))
    assert [dot.number for dot in crowd._dots.rows] == [1]


def test_people_of_other_floors_are_not_drawn(qapp, sample, make_live, make_person):
    crowd = Crowd()
    crowd.show_floor(sample.floors[1])
    crowd.show(make_live(make_person(1, 5, 15)))
    crowd.advance(0.05)
    assert crowd._dots.rows == []
