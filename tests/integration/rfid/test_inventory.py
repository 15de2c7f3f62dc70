"""The client inventories the emulated reader over TCP."""

import asyncio
import time

import numpy as np
import pytest

from edge_core.sensing.reconnect import CameraState
from edge_core.sensing.rfid import decode_epc, probe_reader
from edge_core.simulator.rfid import ReaderThread, rail_world
from edge_core.units import NS_PER_MS


def reads_in(batches):
    return sum(map(len, batches))


async def gather(running, until, config, wanted=120):
    async with running(config) as (client, batches):
        await until(lambda: reads_in(batches) >= wanted)
        return client.status, list(batches)


def test_tags_come_with_all_an_impinj_tells(emulator, config_of, running, until):
    status, batches = asyncio.run(gather(running, until, config_of(emulator.port)))
    assert status.state is CameraState.STREAMING
    assert status.antennas == {1, 2, 3, 4}
    assert status.malformed == status.dropped == 0
    assert {epc for batch in batches for epc in batch.epcs} <= set(emulator.emulator.world.epcs)
    assert all(decode_epc(epc).scheme == "sgtin-96" for batch in batches for epc in batch.epcs)
    for name in ("rssi_dbm", "phase_rad", "doppler_hz"):
        values = np.concatenate([getattr(batch, name) for batch in batches])
        assert np.all(np.isfinite(values))
        assert len(np.unique(values)) > 5
    assert {1, 2, 3, 4} == set(np.concatenate([batch.antenna for batch in batches]).tolist())


@pytest.mark.parametrize("reader", [{"clock_ahead_s": 12_345.6}, {"utc": False}])
def test_stamps_are_on_our_monotonic_clock(config_of, running, until, reader):
    began_ns = time.monotonic_ns()
    with ReaderThread(rail_world(8, seed=1), **reader) as thread:
        _, batches = asyncio.run(gather(running, until, config_of(thread.port)))
    ended_ns = time.monotonic_ns()
    stamps_ns = np.concatenate([batch.time_ns for batch in batches])
    # Reads are made after the start and become known within the emulator's tick and ours.
    assert stamps_ns.min() > began_ns - 100 * NS_PER_MS
    assert stamps_ns.max() <= ended_ns


def test_power_and_antennas_are_those_of_the_settings(emulator, config_of, running, until):
    chosen = config_of(emulator.port, antennas=[{"number": 2, "power_dbm": 27}, {"number": 4}])
    _, batches = asyncio.run(gather(running, until, chosen))
    assert set(np.concatenate([batch.antenna for batch in batches]).tolist()) == {2, 4}


def test_the_reader_is_left_clean(emulator, config_of, running, until):
    async def run():
        await gather(running, until, config_of(emulator.port), wanted=10)
        await until(lambda: not emulator.emulator.has_client)

    asyncio.run(run())
    assert emulator.emulator.protocol.rospecs == {}


@pytest.mark.parametrize(("speaks_1_1", "spoken"), [(True, "1.1"), (False, "1.0.1")])
def test_llrp_1_1_is_spoken_when_the_reader_does(config_of, speaks_1_1, spoken, running, until):
    with ReaderThread(rail_world(4), speaks_1_1=speaks_1_1) as thread:
        config = config_of(thread.port, llrp_version="1.1")
        probe = asyncio.run(probe_reader(config))
        status, _ = asyncio.run(gather(running, until, config, wanted=20))
    assert probe.version == spoken
    assert status.state is CameraState.STREAMING


class TestProbe:
    def test_a_good_reader_has_no_problems(self, emulator, config_of):
        probe = asyncio.run(probe_reader(config_of(emulator.port)))
        assert probe.reachable
        assert probe.tells_phase
        assert probe.model == 2001002
        assert probe.problems == ()

    def test_an_unplugged_antenna_is_named(self, emulator, config_of):
        emulator.emulator.protocol.plugged = frozenset({1, 2, 4})
        probe = asyncio.run(probe_reader(config_of(emulator.port)))
        assert probe.problems == ("antenna 3 is not plugged in. Check its cable.",)

    def test_a_wrong_setting_is_named(self, emulator, config_of):
        config = config_of(emulator.port, antennas=[{"number": 9}])
        (problem,) = asyncio.run(probe_reader(config)).problems
        assert "antenna 9 does not exist" in problem

    def test_nothing_at_the_address(self, config_of):
        probe = asyncio.run(probe_reader(config_of(1)))
        assert not probe.reachable
        assert "127.0.0.1:1" in probe.problems[0]

    def test_a_reader_that_is_taken(self, emulator, config_of, running, until):
        async def run():
            async with running(config_of(emulator.port)) as (client, _):
                await until(lambda: client.status.state is CameraState.STREAMING)
                probe = await probe_reader(config_of(emulator.port))
                await until(lambda: client.status.reads > 20)
                return probe, client.status

        probe, status = asyncio.run(run())
        assert "Another program is connected" in probe.problems[0]
        assert status.state is CameraState.STREAMING
