import numpy as np
import pytest

from edge_core.bench.stream_costs import Costs
from edge_core.bench.stream_peer import _people
from edge_core.bench.streams import Load, Run, model_figures, run_figures, site_of
from edge_core.config import load_site
from edge_core.simulator.siteout import site_with_sources, write_site

COSTS = Costs(2.5, 1.0, 0.5, {("person-s", 416): 14.0, ("person-s-int8", 416): 9.0}, 6.0, 50)


def test_a_site_of_many_streams_is_one_the_service_takes(tmp_path):
    urls = ["rtsp://127.0.0.1:5/0", "rtsp://127.0.0.1:5/1"]
    load = Load(16, 5, side_px=320)
    site = site_of(load, urls, 8712, "person-s")
    there = load_site(write_site(tmp_path / "site.toml", site_with_sources(site, {})))
    assert len({camera.id for camera in there.cameras}) == 16
    assert [camera.source for camera in there.cameras[:3]] == [*urls, urls[0]]
    assert {line.camera for line in there.lines} <= {camera.id for camera in there.cameras}
    assert len(there.lines) == 4 * len(site_of(Load(4, 5), urls, 8712, "person-s").lines)
    assert (there.models.detector, there.models.detector_size_px) == ("person-s", 320)


def test_a_stream_that_falls_behind_does_not_count_as_kept():
    run = Run({"a": 5.0, "b": 4.8, "c": 4.0}, 75.0, 3.0, 1.0, [10.0, 20.0])
    told = {figure.name.partition(": ")[2]: figure.value for figure in run_figures(Load(3, 5), run)}
    assert told["streams that keep their rate"] == pytest.approx(2 / 3)
    assert told["looked at, slowest"] == 4.0
    assert told["decoded"] == 25.0


def test_the_cost_model_fills_all_cores(monkeypatch):
    monkeypatch.setattr("psutil.cpu_count", lambda: 2)
    run = Run(
        {"a": 5.0, "b": 5.0}, 50.0, 0, 0, [1.0], {"decode": 0.15, "vision": 0.2, "core": 0.05}
    )
    told = {figure.name: figure for figure in model_figures(COSTS, run)}
    limit = told["limit: streams when all cores only decode, computed"].value
    assert limit == pytest.approx(2000 / (25 * 2.5))
    most = told["streams at 5 frames/s that fill all cores, computed"]
    assert most.value == pytest.approx(2000 / (25 * 3.0 + 5 * 25.0))
    assert most.ratio == pytest.approx(most.value / limit)


def test_the_detector_that_costs_least_is_chosen():
    assert COSTS.fastest == "person-s-int8"


def test_the_peer_reads_yolox_as_its_authors_write_it():
    raw = np.full((1, 3549, 85), 0.0, np.float32)
    cell = 52 * 52 + 3 * 26 + 7  # stride 16, row 3, column 7
    raw[0, cell, :6] = (0.5, 0.5, np.log(2.0), np.log(4.0), 0.9, 0.9)
    np.testing.assert_allclose(_people(raw), [[104, 24, 136, 88]], atol=1e-3)
