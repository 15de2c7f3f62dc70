import pytest

from edge_core.config import load_site, parse_site
from edge_core.errors import ConfigError
from edge_core.runtime.board import HealthBoard
from edge_core.service.demo import mall_folder
from edge_core.service.rows import SET_UP_ASKED, SET_UP_COUNTERS, SET_UP_REFUSED, SET_UP_ROW
from edge_core.service.set_up import SetUpChanges, concerned_by

SHOP = mall_folder("shop") / "site.toml"
TEXT = SHOP.read_text(encoding="utf-8").replace('"products.csv"', f'"{SHOP.parent}/products.csv"')
SITE = parse_site(TEXT)


def changed(old, new):
    assert old in TEXT
    return parse_site(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "concerned"),
    [
        ("[0.2, 4.5], [6.6, 4.5]", "[0.2, 4.6], [6.6, 4.6]", ("core",)),
        ("m = [11.333, 9.364]", "m = [11.3, 9.3]", ("core", "vision")),
        ("[1.72, 0.2], [1.72, 1.95]", "[1.7, 0.2], [1.7, 1.95]", ("core", "vision")),
        ('number = 1, zone = "men"', 'number = 1, zone = "kids"', ("core", "rfid")),
        ("# Racks", "# My racks", ()),
    ],
    ids=["zone", "calibration", "fitting room", "antenna", "comment"],
)
def test_only_the_processes_a_change_concerns_are_started_anew(old, new, concerned):
    assert concerned_by(SITE, changed(old, new)) == concerned


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fps = 8.0", "fps = 9.0"),
        ("/cameras/door.mjpg", "/cameras/porch.mjpg"),
        ("max_resolution_px = [640, 360]", "max_resolution_px = [1280, 720]"),
    ],
)
def test_what_memory_was_made_for_needs_a_full_stop(old, new):
    with pytest.raises(ConfigError, match="start it again"):
        concerned_by(SITE, changed(old, new))


@pytest.fixture
def row_and_changes(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(TEXT, encoding="utf-8")
    board = HealthBoard({SET_UP_ROW: SET_UP_COUNTERS})
    return board.row(SET_UP_ROW), SetUpChanges(load_site(path), board, path), path


def test_a_change_is_taken_once_and_when_asked_only(row_and_changes):
    row, changes, path = row_and_changes
    path.write_text(TEXT.replace('name = "Women"', 'name = "Ladies"', 1), encoding="utf-8")
    assert changes.take() is None
    row.add(SET_UP_ASKED)
    site, concerned = changes.take()
    assert concerned == ("core",)
    assert "Ladies" in {zone.name for zone in site.zones}
    assert changes.take() is None


def test_a_file_that_says_something_wrong_is_refused_with_the_reason(row_and_changes):
    row, changes, path = row_and_changes
    path.write_text(TEXT.replace('kind = "till"', 'kind = "bar"', 1), encoding="utf-8")
    row.add(SET_UP_ASKED)
    assert changes.take() is None
    assert row.get(SET_UP_REFUSED) == 1
    assert "kind" in row.reason
