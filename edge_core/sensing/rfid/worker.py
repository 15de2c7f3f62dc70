"""The RFID worker: all readers of the site in one process, their reads sent to the core."""

import asyncio
from pathlib import Path
from typing import Final

from edge_core.config import ReaderConfig
from edge_core.runtime.board import HealthRow
from edge_core.runtime.link import LinkAddress, RecordSender
from edge_core.runtime.worker import WorkerContext, WorkerSpec
from edge_core.sensing.rfid.client import ReaderClient
from edge_core.tag_reads import ReaderBatch, TagReads

RFID_WORKER: Final = "rfid"
READER_COUNTERS: Final = (
    "reader_state",
    "model",
    "antennas",
    "reports",
    "reads",
    "malformed",
    "dropped",
    "reconnects",
)
"""Counters of a reader's row on the health board.

reader_state: a `CameraState`. model: the maker's number. antennas: configured ones that are
plugged in, -1 while unknown. The others: see `ReaderStatus`. The row's note is the reason why a
reader is lost.
"""
_LOOK_S: Final = 0.2


def reader_row(reader_id: str) -> str:
    """Name of a reader's row on the health board."""
    return f"reader:{reader_id}"


def rfid_spec(
    readers: tuple[ReaderConfig, ...], folder: Path, link: LinkAddress, *, stage: int
) -> WorkerSpec:
    """How the supervisor runs the readers of a site.

    Args:
        readers: all of them, at least one.
        folder: what paths in their settings are relative to.
        link: where their reads go, as `ReaderBatch`.
        stage: see `WorkerSpec`.
    """
    return WorkerSpec(RFID_WORKER, run_rfid, (readers, folder, link), stage=stage, essential=False)


def run_rfid(
    worker: WorkerContext, readers: tuple[ReaderConfig, ...], folder: Path, link: LinkAddress
) -> None:
    """Body of the worker; returns when told to stop, with every reader left clean."""
    sender = RecordSender(link, RFID_WORKER)
    try:
        asyncio.run(_keep_reading(worker, readers, folder, sender))
    finally:
        sender.close()


async def _keep_reading(
    worker: WorkerContext,
    readers: tuple[ReaderConfig, ...],
    folder: Path,
    sender: RecordSender,
) -> None:
    clients = [(_client(config, folder, sender), _row(worker, config)) for config in readers]
    tasks = [asyncio.create_task(client.run()) for client, _ in clients]
    try:
        while not worker.stopping:
            worker.beat()
            for client, row in clients:
                _note(client, row)
            # A client ends by a mistake of the program only, which must not go unseen.
            ended, _ = await asyncio.wait(tasks, timeout=_LOOK_S)
            for task in ended:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _client(config: ReaderConfig, folder: Path, sender: RecordSender) -> ReaderClient:
    def send(reads: TagReads) -> None:
        can = client.capabilities
        sender.send(ReaderBatch(config.id, reads, can.frequency_mhz if can else ()))

    client = ReaderClient(config, send, folder=folder)
    return client


def _row(worker: WorkerContext, config: ReaderConfig) -> HealthRow:
    return worker.board.row(reader_row(config.id))


def _note(client: ReaderClient, row: HealthRow) -> None:
    status = client.status
    row.set("reader_state", int(status.state))
    row.set("antennas", -1 if status.antennas is None else len(status.antennas))
    for counter in ("model", "reports", "reads", "malformed", "dropped", "reconnects"):
        row.set(counter, getattr(status, counter))
    row.note = f"{status.reason} {status.remedy}".strip()
