"""What the soak plays in the place of cameras, vision and readers, at many times the speed.

The shoppers are the simulator's: four minutes of them, played round and round as other people each
time. Of each camera's picture only the boxes are computed, where they stand in it, and appearances
are vectors made up for each person: nothing is rendered or detected. The reads are the simulated
reader's, of garments on two rails that people take: one minute, round and round.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.runtime.link import LinkAddress, RecordSender
from edge_core.runtime.worker import WorkerContext
from edge_core.simulator.camera import PinholeCamera, in_picture
from edge_core.simulator.rfid import CORNER_ANTENNAS, AntennaPort, Inventory, rail_world
from edge_core.simulator.scene import load_scene
from edge_core.simulator.shopper import PersonState
from edge_core.simulator.world import World
from edge_core.tag_reads import ReaderBatch, TagReads
from edge_core.types import EMBEDDING_BLOCKS, Float32Array, Observation
from edge_core.units import NS_PER_S, s_from_ns

SIGHTINGS_FPS: Final = 3.0
TAGS: Final = 8
_READS_EVERY_S: Final = 1.0
_EMBED_EVERY_S: Final = 3.0
_SIZE: Final = 256 * EMBEDDING_BLOCKS
_MOST_BEHIND: Final = 400
_HEIGHT_M: Final = 1.7
_CROWD_S: Final = 240.0
_READS_S: Final = 60.0
_NEW_PEOPLE: Final = 100_000


def play(
    worker: WorkerContext,
    folder: Path,
    cameras: tuple[str, ...],
    reader_id: str,
    link: LinkAddress,
    rate: float,
    seed: int,
) -> None:
    """Body of the process that stands for cameras, vision and a reader.

    Args:
        worker: its place in the service.
        folder: of the simulated place.
        cameras: which of its cameras.
        reader_id: of the reader.
        link: where all goes.
        rate: simulated seconds a second, unless the core takes longer.
        seed: of shoppers and garments.
    """
    scene = load_scene(folder)
    crowd = _recorded_crowd(World(scene, seed, 30.0), worker)
    reads, frequencies = _recorded_reads(seed, worker)
    stands = [_Stand(it.camera(), seed) for it in scene.config.cameras if it.id in cameras]
    sender = RecordSender(link, "vision")
    began, began_ns, utc_ns = time.monotonic(), time.monotonic_ns(), time.time_ns()
    step = read_round = 0
    while not worker.stopping:
        worker.beat()
        step += 1
        t_s = step / SIGHTINGS_FPS
        time.sleep(max(0.0, min(0.2, t_s / rate - (time.monotonic() - began))))
        round_, place = divmod(step, len(crowd))
        people = [replace(it, number=it.number + _NEW_PEOPLE * round_) for it in crowd[place]]
        at_ns = began_ns + round(t_s * NS_PER_S)
        for stand in stands:
            sender.send(stand.see(people, at_ns, utc_ns - began_ns))
        while (read_round + 1) * _READS_EVERY_S <= t_s:
            turn, second = divmod(read_round, len(reads))
            shift_ns = began_ns + round(turn * len(reads) * _READS_EVERY_S * NS_PER_S)
            part = reads[second]
            sender.send(
                ReaderBatch(reader_id, replace(part, time_ns=part.time_ns + shift_ns), frequencies)
            )
            read_round += 1
        while not sender.wait_for_backlog(_MOST_BEHIND, 0.5) and not worker.stopping:
            worker.beat()
    sender.wait_for_backlog(0, 3.0)
    sender.close()


def _recorded_crowd(world: World, worker: WorkerContext) -> list[list[PersonState]]:
    """Everybody at each step of a few minutes, to be played round and round as other people."""
    crowd = []
    for step in range(round(_CROWD_S * SIGHTINGS_FPS)):
        worker.beat()
        crowd.append(world.advance_to((step + 1) / SIGHTINGS_FPS))
    return crowd


def _recorded_reads(seed: int, worker: WorkerContext) -> tuple[list[TagReads], tuple[float, ...]]:
    """Reads second by second of a minute in which garments are taken, and the carriers in MHz."""
    inventory = Inventory(rail_world(TAGS, seed=seed, busy_s=_READS_S), CORNER_ANTENNAS, seed=seed)
    ports = tuple(AntennaPort(number + 1, 30.0) for number in range(len(CORNER_ANTENNAS)))
    inventory.start(ports, 0.0)
    parts = []
    for second in range(round(_READS_S / _READS_EVERY_S)):
        worker.beat()
        parts.append(inventory.advance((second + 1) * _READS_EVERY_S))
    return parts, tuple(float(it) / 1000 for it in inventory.frequency_khz)


class _Stand:
    """One camera: tracks and boxes of whoever is in its picture."""

    def __init__(self, camera: PinholeCamera, seed: int) -> None:
        self.camera = camera
        self._sequence = 0
        self._tracks: dict[int, tuple[int, float]] = {}
        self._next = 1
        self._chance = np.random.default_rng(seed)

    def see(self, people: list[PersonState], mono_ns: int, ahead_ns: int) -> Observation:
        """One picture's observation."""
        self._sequence += 1
        t_s = s_from_ns(mono_ns)
        feet = np.array([(*it.position_m, 0.0) for it in people], np.float64).reshape(-1, 3)
        heads = feet + np.array([0.0, 0.0, _HEIGHT_M])
        foot_px, depth = self.camera.project(feet)
        head_px, _ = self.camera.project(heads)
        seen = in_picture(self.camera, foot_px) & (depth > 0.5) & in_picture(self.camera, head_px)
        numbers = [it.number for it, here in zip(people, seen, strict=True) if here]
        ended = [self._tracks.pop(it)[0] for it in list(self._tracks) if it not in numbers]
        embedded = []
        for number in numbers:
            track, due_s = self._tracks.get(number, (self._next, 0.0))
            self._next += track == self._next
            if t_s >= due_s:
                embedded.append((track, number))
                due_s = t_s + _EMBED_EVERY_S
            self._tracks[number] = (track, due_s)
        half = (foot_px[seen, 1] - head_px[seen, 1])[:, None] * (0.19, 0.0)
        boxes = np.column_stack([head_px[seen] - half, foot_px[seen] + half])
        looks = np.array([self._look(number) for _, number in embedded], np.float32)
        return Observation(
            camera_id=self.camera.camera_id, epoch=1, sequence=self._sequence, mono_ns=mono_ns,
            utc_ns=mono_ns + ahead_ns, received_mono_ns=mono_ns,
            size_px=self.camera.size_px,
            track_id=np.array([self._tracks[it][0] for it in numbers], np.int64),
            xyxy_px=boxes.astype(np.float32).reshape(-1, 4),
            score=np.full(len(numbers), 0.9, np.float32),
            floor_m=feet[seen, :2].astype(np.float32), ended=np.array(ended, np.int64),
            embedded=np.array([it for it, _ in embedded], np.int64),
            embedding=looks.reshape(len(embedded), _SIZE),
            quality=np.full(len(embedded), 0.9, np.float32),
        )  # fmt: skip

    def _look(self, number: int) -> Float32Array:
        """A unit vector: one of the person's own, and some noise."""
        own = np.random.default_rng(number).normal(size=_SIZE)
        told = own + 0.6 * self._chance.normal(size=_SIZE)
        return np.asarray(told / np.linalg.norm(told), np.float32)
