"""How soon a mirror shows a garment, and whether it shows its neighbours': all simulated.

The shop of the demo: its shoppers carry garments into fitting rooms and before the mirror, emulated
readers read them, and what the product makes of the reads is compared with where they were.
"""

from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.interaction.nearby import Nearby
from edge_core.service.antennas import Antennas, Carriers, merged
from edge_core.simulator import Scene, World, load_scene
from edge_core.simulator.readers import antennas_of
from edge_core.simulator.rfid import AntennaPort, Inventory, Room
from edge_core.simulator.rfid.played import PlayedWorld
from edge_core.simulator.stock import read_stock, tilts
from edge_core.simulator.trade import Tried
from edge_core.tag_reads import ReaderBatch
from edge_core.units import ns_from_s
from edge_core.vision.models import MODELS_FOLDER

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
SEEDS: Final = (51, 52)
"""Nothing was chosen on these."""
MINUTES: Final = 8.0
_LOOK_S: Final = 0.2
_STAY_S: Final = 3.0
"""Who goes by faster does not look into the mirror."""
_LEAVES_S: Final = 6.0
_ASKED_S: Final = 2.0


def measure() -> list[Figure]:
    """Seconds from a garment's coming in to its being shown, over two stretches of trade."""
    waits: list[float] = []
    missed = looks = strange = 0
    for seed in SEEDS:
        own_waits, own_missed, own_looks, own_strange = _trade(SHOP, seed, MINUTES * 60)
        waits += own_waits
        missed, looks = missed + own_missed, looks + own_looks
        strange += own_strange
    came = len(waits) + missed
    within = sum(wait <= _ASKED_S for wait in waits) / max(came, 1)
    return [
        Figure("mirror, simulated: wait, median", float(np.median(waits)), "s", None, None, came),
        Figure("mirror, simulated: wait, longest", max(waits), "s", None, None, came),
        Figure(f"mirror, simulated: within {_ASKED_S:g} s", within, "share", None, None, came),
        Figure(
            "mirror, simulated: shown where it is not",
            strange / max(looks, 1),
            "share",
            None,
            None,
            looks,
        ),
    ]


def _trade(shop: Path, seed: int, seconds: float) -> tuple[list[float], int, int, int]:
    """Waits, garments never shown, looks at a garment on a mirror, and those of a stranger."""
    scene = load_scene(shop)
    stock = read_stock(scene, shop)
    played = PlayedWorld(
        [garment.epc for garment in stock],
        np.array([garment.home_m for garment in stock]),
        tilt_rad=tilts(len(stock), seed),
        seed=seed,
    )
    world = World(scene, seed, 60.0, stock, played.show)
    antennas, carriers = Antennas(scene.site), Carriers()
    shows = {zone.id for zone in scene.site.zones if zone.kind in ("fitting-room", "reach")}
    nearby = Nearby({it.number: it.zone_id for it in antennas if it.zone_id in shows})
    readers = _readers(scene, played, seed)
    shown: dict[tuple[str, str], list[float]] = {}
    for now_s in np.arange(_LOOK_S, seconds, _LOOK_S).tolist():
        world.advance_to(now_s)
        for reader_id, reader in readers.items():
            reads = reader.advance(played.newest_s)
            mhz = tuple((reader.frequency_khz / 1e3).tolist())
            carriers.take(reader_id, mhz)
            nearby.see(merged(ReaderBatch(reader_id, reads, mhz), antennas, carriers))
        for zone, garments in nearby.at(ns_from_s(now_s)).items():
            for near in garments:
                shown.setdefault((zone, near.epc), []).append(now_s)
    assert world.trade is not None
    return _judged([*world.trade.tried, *world.trade.open_stays(seconds)], shown)


def _readers(scene: Scene, played: PlayedWorld, seed: int) -> dict[str, Inventory]:
    xs, ys = zip(*scene.outline_m, strict=True)
    room, hung = Room(size_m=(max(xs), max(ys))), antennas_of(scene)
    readers = {}
    for place, reader in enumerate(scene.site.readers):
        readers[reader.id] = Inventory(played, hung[reader.id], room, seed + place)
        ports = [AntennaPort(it.number, reader.power_of(it)) for it in reader.antennas]
        readers[reader.id].start(tuple(ports), 0.0)
    return readers


def _judged(
    stays: list[Tried], shown: dict[tuple[str, str], list[float]]
) -> tuple[list[float], int, int, int]:
    waits, missed = [], 0
    for stay in stays:
        if stay.start_s <= 0 or stay.end_s - stay.start_s < _STAY_S:
            continue
        seen = [at for at in shown.get((stay.zone, stay.epc), []) if at >= stay.start_s - _STAY_S]
        if seen and seen[0] <= stay.end_s:
            waits.append(max(0.0, seen[0] - stay.start_s))
        else:
            missed += 1
    looks = strange = 0
    for (zone, epc), times in shown.items():
        own = [stay for stay in stays if (stay.zone, stay.epc) == (zone, epc)]
        looks += len(times)
        strange += sum(
            not any(it.start_s - _STAY_S <= at <= it.end_s + _LEAVES_S for it in own)
            for at in times
        )
    return waits, missed, looks, strange
