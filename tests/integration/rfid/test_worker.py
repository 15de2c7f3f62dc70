"""The RFID worker: several readers in one process, their reads on the link to the core."""

import threading
import time

import pytest

from edge_core.runtime.board import HealthBoard
from edge_core.runtime.link import LinkAddress, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.sensing.reconnect import CameraState
from edge_core.sensing.rfid.worker import READER_COUNTERS, reader_row, run_rfid
from edge_core.simulator.rfid import ReaderThread, rail_world


@pytest.fixture
def worker():
    rows = {"rfid": (), reader_row("front"): READER_COUNTERS, reader_row("back"): READER_COUNTERS}
    return WorkerContext("rfid", HealthBoard(rows))


def until(condition, limit_s=20.0):
    ends_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def test_reads_of_all_readers_reach_the_core(emulator, config_of, tmp_path, worker):
    address = LinkAddress.make()
    receiver = RecordReceiver(address)
    with ReaderThread(rail_world(4, seed=2)) as other:
        readers = (config_of(emulator.port, id="front"), config_of(other.port, id="back"))
        thread = threading.Thread(target=run_rfid, args=(worker, readers, tmp_path, address))
        thread.start()
        try:
            newest = {"front": 0, "back": 0}
            counts = dict.fromkeys(newest, 0)

            def take():
                received = receiver.receive(1.0)
                if received is not None:
                    batch = received.record
                    assert batch.reads.time_ns[0] >= newest[batch.reader_id]
                    newest[batch.reader_id] = batch.reads.time_ns[-1]
                    counts[batch.reader_id] += len(batch.reads)
                    receiver.ack(received)
                return min(counts.values()) > 50

            until(take)
            for name in newest:
                row = worker.board.row(reader_row(name))
                until(lambda row=row: row.get("reads") > 50)
                assert row.get("reader_state") == CameraState.STREAMING
                assert row.get("antennas") == 4
                assert row.note == ""
        finally:
            worker.row.stop = True
            thread.join(10)
            receiver.close()
        until(lambda: not other.emulator.has_client)
        assert other.emulator.protocol.rospecs == {}


def test_a_reader_that_is_away_is_told_of_and_stops_no_other(emulator, config_of, tmp_path, worker):
    address = LinkAddress.make()
    receiver = RecordReceiver(address)
    readers = (config_of(emulator.port, id="front"), config_of(1, id="back"))
    thread = threading.Thread(target=run_rfid, args=(worker, readers, tmp_path, address))
    thread.start()
    try:
        front, back = (worker.board.row(reader_row(name)) for name in ("front", "back"))
        until(lambda: front.get("reads") > 0 and "cannot be reached" in back.note)
        assert back.get("reader_state") in (CameraState.LOST, CameraState.CONNECTING)
        assert back.get("antennas") == -1
    finally:
        worker.row.stop = True
        thread.join(10)
        receiver.close()
