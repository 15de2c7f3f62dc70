import numpy as np
import pytest

from edge_core.config import load_site
from edge_core.errors import SourceError
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.stills import StillBox
from edge_core.service.demo import mall_folder
from edge_core.service.desk import AntennaRates, DeskWiring, OperatorDesk
from edge_core.service.rows import (
    READY,
    SET_UP_ASKED,
    SET_UP_COUNTERS,
    SET_UP_REFUSED,
    SET_UP_ROW,
)
from edge_core.tag_reads import ReaderBatch, TagReads
from edge_core.units import NS_PER_S

SHOP = mall_folder("shop") / "site.toml"


def batch(*antennas):
    count = len(antennas)
    nothing = np.full(count, np.nan, np.float32)
    reads = TagReads(
        epcs=("30",),
        tag=np.zeros(count, np.int32),
        time_ns=np.arange(count, dtype=np.int64),
        antenna=np.array(antennas, np.int16),
        channel=np.ones(count, np.int16),
        rssi_dbm=np.full(count, -50, np.float32),
        phase_rad=nothing,
        doppler_hz=nothing,
    )
    return ReaderBatch("hall", reads)


def test_rates_are_of_the_seconds_just_passed_and_fade_when_nothing_is_read():
    rates = AntennaRates()
    for second in range(10, 14):
        rates.ingest(batch(1, 1, 1, 2), second * NS_PER_S)
    assert rates.per_s(14 * NS_PER_S) == {("hall", 1): 3.0, ("hall", 2): 1.0}
    assert rates.per_s(16 * NS_PER_S) == {("hall", 1): 1.5, ("hall", 2): 0.5}
    assert rates.per_s(30 * NS_PER_S) == {}


@pytest.fixture
def desk_and_board(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SHOP.read_text(encoding="utf-8"), encoding="utf-8")
    board = HealthBoard({SET_UP_ROW: SET_UP_COUNTERS, "core": (), "vision": (READY,)})
    board.row("vision").set(READY, 1)
    board.row("vision").state = WorkerState.RUNNING
    box = StillBox(["door"])
    return OperatorDesk(DeskWiring(path, box), load_site(path), board, dict), board, box


def test_the_new_set_up_runs_once_the_file_agrees_and_every_process_is_up(desk_and_board):
    desk, board, _ = desk_and_board
    assert desk.state().running
    text = desk.site_file.read_text(encoding="utf-8")
    desk.site_file.write_text(text.replace('"Women"', '"Ladies"'), encoding="utf-8")
    assert not desk.state().running
    desk.site_file.write_text(text, encoding="utf-8")
    board.row("vision").state = WorkerState.STARTING
    assert desk.state().waiting_for == ("vision",)
    board.row("vision").state = WorkerState.RUNNING
    board.row("core").stop = True  # about to be started anew
    assert not desk.state().running


def test_a_refused_set_up_says_why(desk_and_board):
    desk, board, _ = desk_and_board
    text = desk.site_file.read_text(encoding="utf-8")
    desk.site_file.write_text(text.replace("fps = 8.0", "fps = 9.0"), encoding="utf-8")
    desk.apply()
    row = board.row(SET_UP_ROW)
    row.reason = "a camera has changed"
    row.set(SET_UP_REFUSED, row.get(SET_UP_ASKED))
    state = desk.state()
    assert (state.running, state.refused) == (False, "a camera has changed")


def test_a_still_nobody_gives_is_withdrawn_and_told(desk_and_board, monkeypatch):
    desk, _, box = desk_and_board
    monkeypatch.setattr("edge_core.service.desk.STILL_S", 0.05)
    with pytest.raises(SourceError, match="gave no picture"):
        desk.still("door")
    assert box.answerer().wanted("door") is None
