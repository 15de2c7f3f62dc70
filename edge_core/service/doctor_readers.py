"""The self-test of the RFID readers."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from edge_core.config import ReaderConfig, SiteConfig
from edge_core.errors import PromenadeError
from edge_core.sensing.reconnect import CameraState
from edge_core.sensing.rfid import ReaderClient, ReaderProbe, probe_reader
from edge_core.service.client import EdgeClient
from edge_core.service.findings import Finding, Verdict
from edge_core.service.schema import ReaderHealth
from edge_core.tag_reads import TagReads

READ_S: Final = 2.0
_START_S: Final = 8.0
_LOOK_S: Final = 0.05


def examine_readers(site: SiteConfig, folder: Path) -> Iterator[Finding]:
    """Look at each reader of a site; a reader serves one program, so a running service tells.

    Args:
        site: whose.
        folder: what paths in the settings are relative to.
    """
    running = _told_by_service(site) if site.readers else {}
    for reader in site.readers:
        health = running.get(reader.id)
        if health is not None and health.state == "streaming":
            yield _told(reader, health)
        else:
            yield asyncio.run(examine_reader(reader, folder))


def _told_by_service(site: SiteConfig) -> dict[str, ReaderHealth]:
    """The readers' health by id as the running service tells it; empty when none runs."""
    host = f"[{site.service.host}]" if ":" in site.service.host else site.service.host
    with EdgeClient(f"http://{host}:{site.service.port}") as client:
        try:
            return {reader.id: reader for reader in client.health().readers}
        except PromenadeError:
            return {}


def _told(reader: ReaderConfig, health: ReaderHealth) -> Finding:
    told = (
        f"read by the running edge service: {health.reads_per_s:.0f} reads/s,"
        f" {health.tags} tags in view, {health.antennas} of"
        f" {health.antennas_configured} antennas plugged in"
    )
    facts = health.model_dump(mode="json")
    if health.antennas is not None and health.antennas < health.antennas_configured:
        remedy = "Check the antennas' cables."
        return Finding("reader", reader.id, Verdict.WARNING, f"{told}.", remedy, facts)
    return Finding("reader", reader.id, Verdict.OK, told, facts=facts)


async def examine_reader(reader: ReaderConfig, folder: Path, read_s: float = READ_S) -> Finding:
    """Connect to a reader, ask what it is, and count the tags it reads.

    Args:
        reader: which.
        folder: what paths in its settings are relative to.
        read_s: how long to read tags.
    """
    probe = await probe_reader(reader, folder)
    if not probe.reachable:
        message, _, remedy = probe.problems[0].partition(". ")
        told = f"{message.rstrip('.')}."
        return Finding("reader", reader.id, Verdict.FAILED, told, remedy, {"reachable": False})
    seen: dict[int, set[str]] = defaultdict(set)
    reads = 0

    def take(batch: TagReads) -> None:
        nonlocal reads
        reads += len(batch)
        for tag, antenna in zip(batch.tag.tolist(), batch.antenna.tolist(), strict=True):
            seen[antenna].add(batch.epcs[tag])

    client = ReaderClient(reader, take, folder=folder)
    task = asyncio.create_task(client.run())
    try:
        started = await _streams(client)
        if started:
            await asyncio.sleep(read_s)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if not started:
        told, remedy = client.status.reason or "it does not begin to read.", client.status.remedy
        facts = _facts(probe)
        return Finding("reader", reader.id, Verdict.FAILED, told, remedy, facts)
    return _judge(
        reader,
        probe,
        {number: len(epcs) for number, epcs in seen.items()},
        len(set().union(*seen.values())),
        reads / read_s,
    )


async def _streams(client: ReaderClient) -> bool:
    """Wait until the reader reads; False when it does not within the limit."""
    try:
        async with asyncio.timeout(_START_S):
            while client.status.state is not CameraState.STREAMING:
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        return False
    return True


def _facts(probe: ReaderProbe) -> dict[str, Any]:
    return {
        "reachable": True,
        "model": probe.model,
        "firmware": probe.firmware,
        "llrp": probe.version,
        "tells_phase": probe.tells_phase,
    }


def _judge(
    reader: ReaderConfig,
    probe: ReaderProbe,
    by_antenna: dict[int, int],
    tags: int,
    reads_per_s: float,
) -> Finding:
    """A reader that reads, in words."""
    numbers = [antenna.number for antenna in reader.antennas]
    counted = ", ".join(f"{number}: {by_antenna.get(number, 0)}" for number in numbers)
    facts = _facts(probe) | {
        "tags": tags,
        "reads_per_s": round(reads_per_s, 1),
        "tags_by_antenna": {str(number): by_antenna.get(number, 0) for number in numbers},
    }
    told = (
        f"LLRP {probe.version}, model {probe.model}, firmware {probe.firmware or 'unknown'};"
        f" {tags} tags in {READ_S:g} s at {reads_per_s:.0f} reads/s (by antenna {counted})"
    )
    remedies = list(probe.problems)
    if tags == 0:
        remedies.append(
            "No tag answers: hang a tagged garment before an antenna, and look at `power_dbm`."
        )
    if remedies:
        remedy = " ".join(remedies)
        return Finding("reader", reader.id, Verdict.WARNING, f"{told}.", remedy, facts)
    return Finding("reader", reader.id, Verdict.OK, told, facts=facts)
