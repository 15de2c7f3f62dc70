"""What LLRP costs, and how like a real reader the emulated one is: both's statistics side by side.

The real ones are recordings of one tag by an Impinj R420 with four antennas.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.errors import SourceError
from edge_core.llrp import decode_message, encode_message
from edge_core.sensing.rfid.reports import ReadCollector
from edge_core.simulator.rfid import CORNER_ANTENNAS, AntennaPort, Inventory, TagWorld, rail_world
from edge_core.simulator.rfid.reporting import ReportBuffer
from edge_core.simulator.rfid.rospec import ReportOrder
from edge_core.simulator.rfid.world import sgtin_epc
from edge_core.tag_reads import TagReads
from edge_core.types import Float64Array
from edge_core.units import NS_PER_MS

_CHANNELS: Final = 50
_FEWEST_IN_CELL: Final = 3
_FEWEST_READS: Final = 15
_ROOM_M: Final = 5.0
_PORTS: Final = tuple(AntennaPort(number, 30.0) for number in range(1, 5))
_ROUNDS: Final = 5
_PER_BATCH: Final = 50
_READS_PER_S: Final = 1000
_UNITS: Final = {
    "reads_per_s": "per s",
    "channels": "",
    "dwell_s": "s",
    "rssi_dbm": "dBm",
    "phase_sd_rad": "rad",
    "flip_share": "share",
    "rssi_sd_within_db": "dB",
    "rssi_sd_across_db": "dB",
    "doppler_sd_hz": "Hz",
}


@dataclass(frozen=True, slots=True)
class ReadStatistics:
    """Medians over the antennas of all recordings with enough reads.

    Attributes:
        recordings: how many.
        reads_per_s: of one antenna.
        channels: carriers seen in a recording.
        dwell_s: time on one carrier.
        rssi_dbm: strength.
        phase_sd_rad: spread of the phase on one carrier, with the ambiguity of pi folded away.
        flip_share: share of reads on one carrier that are turned by pi against the others.
        rssi_sd_within_db: spread of the strength on one carrier.
        rssi_sd_across_db: spread over all carriers.
        doppler_sd_hz: spread of the Doppler shift.
    """

    recordings: int
    reads_per_s: float
    channels: float
    dwell_s: float
    rssi_dbm: float
    phase_sd_rad: float
    flip_share: float
    rssi_sd_within_db: float
    rssi_sd_across_db: float
    doppler_sd_hz: float


def statistics_of(recordings: Sequence[TagReads]) -> ReadStatistics:
    """The statistics of recordings of one tag each."""
    whole, single = list[tuple[float, ...]](), list[tuple[float, ...]]()
    for reads in recordings:
        time_s = reads.time_ns / 1e9
        span_s = float(time_s[-1] - time_s[0])
        # Indices count in the order of hopping, so that their advance tells the hops.
        advance = np.diff(reads.channel.astype(np.int64))
        half = _CHANNELS // 2
        hops = int(np.sum(np.mod(advance + half, _CHANNELS) - half))
        whole.append((len(np.unique(reads.channel)), span_s / max(hops, 1)))
        for number in np.unique(reads.antenna):
            own = reads.take(reads.antenna == number)
            if len(own) >= _FEWEST_READS:
                single.append(_of_antenna(own, span_s))
    channels, dwell_s = np.median(np.array(whole), axis=0)
    columns = np.nanmedian(np.array(single), axis=0)
    rate, rssi_dbm, phase_sd, flips, within, across, doppler = (float(c) for c in columns)
    return ReadStatistics(
        recordings=len(recordings),
        reads_per_s=rate,
        channels=float(channels),
        dwell_s=float(dwell_s),
        rssi_dbm=rssi_dbm,
        phase_sd_rad=phase_sd,
        flip_share=flips,
        rssi_sd_within_db=within,
        rssi_sd_across_db=across,
        doppler_sd_hz=doppler,
    )


def _of_antenna(own: TagReads, span_s: float) -> tuple[float, ...]:
    """Rate, strength, phase spread, flips, strength spread within and across, Doppler spread."""
    phase2, rssi2, freedom, minority, counted = 0.0, 0.0, 0, 0.0, 0
    for cell in _cells(own):
        mean = np.angle(np.mean(np.exp(2j * cell.phase_rad))) / 2
        off = np.angle(np.exp(1j * (cell.phase_rad - mean)))
        turned = int(np.sum(np.abs(off) > np.pi / 2))
        minority += min(turned, len(cell) - turned)
        counted += len(cell)
        phase2 += float(np.sum((np.angle(np.exp(2j * off)) / 2) ** 2))
        rssi2 += float(np.sum((cell.rssi_dbm - np.mean(cell.rssi_dbm)) ** 2))
        freedom += len(cell) - 1
    known = max(freedom, 1)
    return (
        len(own) / span_s,
        float(np.median(own.rssi_dbm)),
        float(np.sqrt(phase2 / known)) if freedom else np.nan,
        minority / counted if counted else np.nan,
        float(np.sqrt(rssi2 / known)) if freedom else np.nan,
        float(np.std(own.rssi_dbm)),
        float(np.std(own.doppler_hz)),
    )


def _cells(own: TagReads) -> Iterator[TagReads]:
    """The reads of each carrier that has enough of them."""
    for channel in np.unique(own.channel):
        cell = own.take(own.channel == channel)
        if len(cell) >= _FEWEST_IN_CELL:
            yield cell


def simulated_recordings(kind: str, count: int, seed: int = 0) -> list[TagReads]:
    """Recordings of the emulated reader: one tag in a room of 5 x 5 m with somebody walking.

    Args:
        kind: `static` for a tag on a grid of places, `moving` for one carried at walking speed.
        count: how many.
        seed: of all chance.
    """
    return [_recording(kind, np.random.default_rng((seed, n)), seed + n) for n in range(count)]


def _recording(kind: str, chance: np.random.Generator, seed: int) -> TagReads:
    length_s = 18.6 if kind == "static" else float(chance.uniform(6, 20))
    edge_m = 0.8 if kind == "static" else 1.5
    place = np.array([*chance.uniform(edge_m, _ROOM_M - edge_m, 2), 1.1])
    tilt = chance.uniform(0.6, 1.1, 1)
    world = TagWorld([sgtin_epc(1, 1)], place[None], tilt_rad=tilt, seed=seed)
    if kind == "static":
        _stroll(world, chance, length_s)
    else:
        _carry(world, chance, length_s, place)
    inventory = Inventory(world, CORNER_ANTENNAS, seed=seed)
    inventory.start(_PORTS, 0.0)
    return inventory.advance(length_s)


def _stroll(world: TagWorld, chance: np.random.Generator, length_s: float) -> None:
    """Somebody in the room, walking and standing in turn, four seconds each on average."""
    times_s, places_m = [0.0], [tuple(chance.uniform(0, _ROOM_M, 2))]
    while times_s[-1] < length_s:
        stands_s, walks_s = chance.exponential(4.0, 2) + 0.2
        target = np.clip(places_m[-1] + chance.normal(0, 0.8 * walks_s / 2, 2), 0, _ROOM_M)
        times_s += [times_s[-1] + stands_s, times_s[-1] + stands_s + walks_s]
        places_m += [places_m[-1], tuple(target)]
    world.walk(times_s, [(float(x), float(y)) for x, y in places_m])


def _carry(
    world: TagWorld, chance: np.random.Generator, length_s: float, start_m: Float64Array
) -> None:
    """Somebody carries the tag from place to place at .3 to 1 m/s."""
    times_s, places_m = [0.0], [start_m]
    while times_s[-1] < length_s:
        target = np.array([*chance.uniform(1.5, _ROOM_M - 1.5, 2), chance.uniform(0.9, 1.3)])
        way_m = float(np.linalg.norm(target - places_m[-1]))
        times_s.append(times_s[-1] + way_m / float(chance.uniform(0.3, 1.0)))
        places_m.append(target)
    world.carry(world.epcs[0], times_s, [(float(x), float(y), float(z)) for x, y, z in places_m])
    beside = chance.normal(0, 0.25, 2) + 0.3
    world.walk(times_s, [(float(p[0] + beside[0]), float(p[1] + beside[1])) for p in places_m])


def real_recordings(data: Path, kind: str) -> list[TagReads]:
    """The recordings in a folder. Raises SourceError when there is none."""
    paths = sorted((data / kind).glob("*.csv"))
    if not paths:
        raise SourceError(f"{data / kind} holds no recordings.", "Name another folder by --data.")
    return [TagReads.from_csv(path) for path in paths]


def measure(data: Path | None = None, note: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Decoding of reports, and the emulated reader beside the real one; a minute with data.

    Args:
        data: folder that holds `rfid/static/*.csv` and `rfid/moving/*.csv`.
        note: told what is left out, and why.

    Raises:
        SourceError: the folder holds no recordings.
    """
    figures = _decoding()
    if data is None:
        note("left out: the emulated reader against a real one; give --data with `rfid` in it")
        return figures
    for kind in ("static", "moving"):
        real = real_recordings(data / "rfid", kind)
        figures += _beside(kind, real, simulated_recordings(kind, len(real), seed=1))
    return figures


def _beside(kind: str, real: Sequence[TagReads], simulated: Sequence[TagReads]) -> list[Figure]:
    """Each statistic of both; the ratio is emulated over real, 1 = alike."""
    figures = []
    ours, theirs = (asdict(statistics_of(recordings)) for recordings in (simulated, real))
    for name, unit in _UNITS.items():
        plain = name.removesuffix(f"_{unit.lower()}").replace("_", " ")
        baseline = f"{kind} tag: {plain}, real"
        figures.append(Figure(baseline, theirs[name], unit, None, None, len(real)))
        ratio = ours[name] / theirs[name]
        figures.append(
            Figure(f"{kind} tag: {plain}, emulated", ours[name], unit, baseline, ratio, len(real))
        )
    return figures


def _decoding() -> list[Figure]:
    """What decoding costs when each read comes in a message of its own."""
    inventory = Inventory(rail_world(40), CORNER_ANTENNAS)
    inventory.start(_PORTS, 0.0)
    reads = inventory.advance(5.0)
    frames = frames_of(reads)
    least_s = min(_decode(frames) for _ in range(_ROUNDS)) / len(frames)
    share = 100 * least_s * _READS_PER_S
    return [
        Figure("LLRP report to tag read", least_s * 1e6, "us", None, None, len(frames) * _ROUNDS),
        Figure(
            f"one core at {_READS_PER_S} reads/s", share, "%", None, None, len(frames) * _ROUNDS
        ),
    ]


def frames_of(reads: TagReads) -> list[bytes]:
    """A report of its own for each read, with all that an Impinj tells."""
    content = dict.fromkeys(
        (
            "EnableAntennaID",
            "EnableChannelIndex",
            "EnablePeakRSSI",
            "EnableFirstSeenTimestamp",
            "EnableLastSeenTimestamp",
            "EnableTagSeenCount",
        ),
        True,
    )
    buffer = ReportBuffer(ReportOrder(1, content, phase=True, fine_rssi=True, doppler=True), 1)
    frames = []
    for row in range(len(reads)):
        buffer.add(reads.take(slice(row, row + 1)), 0, utc=True)
        frames += [encode_message(report) for report in buffer.due()]
    return frames


def _decode(frames: Sequence[bytes]) -> float:
    """Seconds of processor time for all of them."""
    collector = ReadCollector()
    began_s = time.process_time()
    for place, frame in enumerate(frames):
        collector.add(decode_message(frame), place * NS_PER_MS)
        if place % _PER_BATCH == 0:
            collector.take()
    collector.take()
    return time.process_time() - began_s
