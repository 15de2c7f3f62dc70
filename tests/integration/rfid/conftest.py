"""An emulated reader in its own thread, and the product's client run against it."""

import asyncio
import random
from contextlib import asynccontextmanager

import pytest

from edge_core.config import ReaderConfig
from edge_core.sensing.rfid import ReaderClient
from edge_core.simulator.rfid import ReaderThread, rail_world


@pytest.fixture
def emulator():
    """A reader with eight garments in front of it."""
    with ReaderThread(rail_world(8, seed=1), seed=1) as thread:
        yield thread


@pytest.fixture
def config_of():
    """Settings for a reader on a port of this machine."""

    def make(port, **given):
        settings = {
            "id": "rail",
            "host": "127.0.0.1",
            "port": port,
            "keepalive_s": 0.5,
            "antennas": [{"number": number} for number in (1, 2, 3, 4)],
        }
        return ReaderConfig(**(settings | given))

    return make


@pytest.fixture
def running():
    """A context in which a client runs; gives the client and the batches it handed over."""

    @asynccontextmanager
    async def run(config, **options):
        batches = []
        options = {"chance": random.Random(0), "first_s": 0.05, "cap_s": 0.2} | options
        client = ReaderClient(config, batches.append, **options)
        task = asyncio.create_task(client.run())
        try:
            yield client, batches
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return run


@pytest.fixture
def until():
    """Wait for a condition with a deadline."""

    async def wait(condition, limit_s=20.0):
        async with asyncio.timeout(limit_s):
            while not condition():
                await asyncio.sleep(0.01)

    return wait
