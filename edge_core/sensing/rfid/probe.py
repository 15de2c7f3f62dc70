"""The self-test of a configured reader: what it is, and what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from edge_core.clock import Clock, SystemClock
from edge_core.config import ReaderConfig
from edge_core.errors import ReaderError
from edge_core.sensing.rfid.reports import ReadCollector
from edge_core.sensing.rfid.requests import check_settings
from edge_core.sensing.rfid.session import ReaderSession, SessionFacts


@dataclass(frozen=True, slots=True)
class ReaderProbe:
    """Result of looking at a reader.

    Attributes:
        reachable: whether it answered as an LLRP reader.
        model: the maker's number of the model, 0 when unknown.
        firmware: "" when unknown.
        version: LLRP version spoken.
        tells_phase: whether it can report phase, fine RSSI and Doppler.
        problems: everything that is wrong, each with what to do about it; empty when all is well.
    """

    reachable: bool
    model: int
    firmware: str
    version: str
    tells_phase: bool
    problems: tuple[str, ...]


async def probe_reader(
    config: ReaderConfig, folder: Path = Path(), clock: Clock | None = None
) -> ReaderProbe:
    """Connect to a reader, ask what it is, compare with the settings, and leave.

    It raises nothing: whatever is wrong stands in `problems`. A reader that another program
    holds, such as a running edge service, counts as not reachable.

    Args:
        config: which reader.
        folder: what paths in the config are relative to.
        clock: source of now.
    """
    session = ReaderSession(config, folder, clock or SystemClock(), ReadCollector(), _no_reads)
    try:
        facts = await session.look()
    except ReaderError as error:
        return ReaderProbe(False, 0, "", "", False, (f"{error.message} {error.remedy}",))
    return _judge(config, facts)


def _no_reads() -> None:
    """A look starts no inventory, and what an older one reports is of no interest."""


def _judge(config: ReaderConfig, facts: SessionFacts) -> ReaderProbe:
    can = facts.capabilities
    assert can is not None, "a reader that was looked at has told them"
    problems = [
        f"{wrong}. Correct the [[readers]] section in site.toml."
        for wrong in check_settings(config, can)
    ]
    if facts.antennas is not None:
        problems += [
            f"antenna {antenna.number} is not plugged in. Check its cable."
            for antenna in config.antennas
            if antenna.number <= can.antennas and antenna.number not in facts.antennas
        ]
    if not can.is_impinj:
        problems.append(
            "the reader tells no phase, so that touched garments are found less surely."
            " Use a reader with Impinj's extensions."
        )
    return ReaderProbe(True, can.model, can.firmware, facts.version, can.is_impinj, tuple(problems))
