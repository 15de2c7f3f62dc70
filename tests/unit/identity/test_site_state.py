import json

import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.identity.likelihood import AppearanceLikelihood, ScoreTally
from edge_core.identity.site_model import SiteModel
from edge_core.identity.site_state import SiteState, load_state, save_state


@pytest.fixture
def state(graph):
    model = SiteModel(graph, 600.0)
    for step in range(50):
        model.learn_move(0, 1, 20.0 + step % 5, 0.9)
        model.learn_move(1, 2, 60.0, 0.5)
    model.learn_exit(2, 1.0)
    model.count_arrival(0)
    tally = ScoreTally()
    tally.add_track(0.8)
    looks = AppearanceLikelihood.uncalibrated()
    return SiteState(graph.cameras, model.learnt(), looks, tally, 1_767_225_600, "2026-01-01")


def test_what_was_learnt_outlives_a_restart(state, tmp_path):
    path = tmp_path / "site.learnt.json"
    assert load_state(path) is None
    save_state(path, state)
    again = load_state(path)
    assert again is not None
    assert again.learnt.moves == pytest.approx(state.learnt.moves, abs=1e-4)
    assert again.learnt.transits == pytest.approx(state.learnt.transits, abs=1e-3)
    assert again.looks.log_ratio == pytest.approx(state.looks.log_ratio, abs=1e-4)
    assert (again.until_utc_ns, again.day) == (state.until_utc_ns, state.day)
    assert again.tally.tracks.sum() == 1
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name], "nothing half written"


def test_the_file_holds_counts_of_the_site_and_nothing_of_anybody(state, tmp_path):
    save_state(tmp_path / "it.json", state)
    told = json.loads((tmp_path / "it.json").read_text())
    assert set(told) == {
        "version", "cameras", "moves", "transits", "arrivals", "watched_s", "newcomers",
        "looks", "tally", "until_utc_ns", "day",
    }  # fmt: skip


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.update(version=99),
        lambda told: told.pop("moves"),
        lambda told: told["moves"][0].__setitem__(0, -1),
        lambda told: told["transits"].append([9, 9, 0, [1.0]]),
        lambda told: told.update(looks=[0.0]),
    ],
)
def test_a_damaged_file_is_told_with_a_remedy(state, tmp_path, spoil):
    path = tmp_path / "it.json"
    save_state(path, state)
    told = json.loads(path.read_text())
    spoil(told)
    path.write_text(json.dumps(told))
    with pytest.raises(SourceError, match="Move the file away"):
        load_state(path)


def test_a_file_cut_short_is_told(state, tmp_path):
    path = tmp_path / "it.json"
    save_state(path, state)
    path.write_text(path.read_text()[:100])
    with pytest.raises(SourceError):
        load_state(path)


def test_a_disk_that_takes_nothing_is_told_and_the_old_file_stays(state, tmp_path):
    path = tmp_path / "it.json"
    save_state(path, state)
    before = path.read_text()
    (tmp_path / "it.json.part").mkdir()
    with pytest.raises(SourceError, match="cannot be written"):
        save_state(path, state)
    assert path.read_text() == before


def test_a_new_camera_begins_with_nothing_and_the_others_keep_what_is_known(state):
    cameras = ("hall", "new", "door")
    moved = state.of_cameras(cameras)
    assert moved.learnt.moves[2, 0] == state.learnt.moves[0, 1] > 0
    assert moved.learnt.moves[1].sum() == 0
    assert moved.learnt.transits[2, 0] == pytest.approx(state.learnt.transits[0, 1])
    assert np.all(moved.learnt.moves[:2, 3] == 0)
