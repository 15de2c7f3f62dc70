"""Recorded simulations: one video per camera, its MOTChallenge truth, and the answer sheet."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import cv2

from edge_core.errors import SourceError
from edge_core.simulator.frames import SeenPerson
from edge_core.simulator.scene import Scene, load_scene
from edge_core.simulator.siteout import site_with_sources, write_site
from edge_core.simulator.world import Cameras, World

LEAST_VISIBILITY = 0.05
"""Whoever shows less of the body is left out of the MOT files."""


@dataclass(frozen=True)
class Recording:
    """What `write_recording` wrote.

    Attributes:
        site: a site.toml whose cameras are the videos.
        videos, mot: camera id -> file.
        truth: crossings, stays, people and floor tracks as JSON.
        frames: of each video.
    """

    site: Path
    videos: dict[str, Path]
    mot: dict[str, Path]
    truth: Path
    frames: int


def write_recording(
    site_dir: Path,
    out_dir: Path,
    seconds: float,
    *,
    fps: float = 10.0,
    seed: int = 0,
    pace: str = "fast",
    warm_up_s: float = 30.0,
    progress: Callable[[float], None] | None = None,
) -> Recording:
    """Simulate a site and write what its cameras see and what is true.

    Args:
        site_dir: folder with `site.toml` and `scene.toml`.
        out_dir: folder to write to; made if need be.
        seconds: length of the recording.
        fps: pictures per second of every camera.
        seed: the same seed gives the same recording.
        pace: `fast` or `real-time`, written to the new site.toml.
        warm_up_s: simulated before the recording begins.
        progress: told the share done, 0..1.

    Raises:
        ConfigError: the site's files are wrong.
        SourceError: a video cannot be written.
    """
    scene = load_scene(site_dir)
    cameras = Cameras(scene, seed)
    world = World(scene, seed, warm_up_s)
    out_dir.mkdir(parents=True, exist_ok=True)
    count = max(1, round(seconds * fps))
    tracks: list[tuple[float, int, float, float]] = []
    sinks = {
        pose.id: _CameraSink(out_dir, pose.id, pose.size_px, fps) for pose in scene.config.cameras
    }
    try:
        for index in range(count):
            t_s = index / fps
            people = world.advance_to(t_s)
            tracks += [
                (round(t_s, 3), p.number, round(p.position_m[0], 3), round(p.position_m[1], 3))
                for p in people
            ]
            for camera_id, sink in sinks.items():
                sink.add(index + 1, cameras.render(camera_id, people))
            if progress is not None:
                progress((index + 1) / count)
    finally:
        for sink in sinks.values():
            sink.close()
    truth = _answer_sheet(scene, world, sinks, tracks, {"fps": fps, "seed": seed, "frames": count})
    truth_path = out_dir / "truth.json"
    truth_path.write_text(json.dumps(truth, indent=1), encoding="utf-8")
    videos = {camera_id: sink.video for camera_id, sink in sinks.items()}
    service = scene.site.service.model_copy(
        update={"directory": None, "offers": None}  # they stay behind
    )
    site_there = scene.site.model_copy(update={"service": service})
    text = site_with_sources(
        site_there, {camera_id: video.name for camera_id, video in videos.items()}, pace=pace
    )
    site = write_site(out_dir / "site.toml", text)
    return Recording(site, videos, {k: sink.mot for k, sink in sinks.items()}, truth_path, count)


class _CameraSink:
    """The files of one camera."""

    def __init__(self, folder: Path, camera_id: str, size_px: tuple[int, int], fps: float) -> None:
        self.video, self.mot = folder / f"{camera_id}.mp4", folder / f"{camera_id}.gt.txt"
        self.seen: Counter[int] = Counter()
        self._writer = cv2.VideoWriter(
            str(self.video), cv2.VideoWriter.fourcc(*"mp4v"), fps, size_px
        )
        if not self._writer.isOpened():
            raise SourceError(
                f"The video {self.video} cannot be written.",
                "Check that the folder exists and the disk has room.",
            )
        self._rows: TextIO = self.mot.open("w", encoding="ascii")

    def add(self, frame_number: int, frame: Any) -> None:
        """Append one frame and its truth."""
        self._writer.write(frame.bgr)
        for person in sorted(frame.people, key=lambda item: item.person):
            if person.visibility >= LEAST_VISIBILITY:
                self._rows.write(mot_row(frame_number, person) + "\n")
            self.seen[person.person] += person.visibility >= 0.5

    def close(self) -> None:
        """Finish the files."""
        self._writer.release()
        self._rows.close()


def mot_row(frame_number: int, person: SeenPerson) -> str:
    """One line of a MOTChallenge ground-truth file: frame, id, x, y, w, h, 1, 1, visibility.

    The box is the whole body's, cut at the picture's edge.
    """
    x1, y1, x2, y2 = person.full
    return (
        f"{frame_number},{person.person},{x1:.1f},{y1:.1f},{x2 - x1:.1f},{y2 - y1:.1f},"
        f"1,1,{person.visibility:.3f}"
    )


def _answer_sheet(
    scene: Scene,
    world: World,
    sinks: dict[str, _CameraSink],
    tracks: list[tuple[float, int, float, float]],
    facts: dict[str, Any],
) -> dict[str, Any]:
    return {
        "site": scene.site.site.id,
        **facts,
        **world.log.as_json(),
        "cameras": {
            camera_id: {
                "video": sink.video.name,
                "mot": sink.mot.name,
                "frames_half_visible": {str(k): v for k, v in sorted(sink.seen.items()) if v},
            }
            for camera_id, sink in sinks.items()
        },
        "floor_tracks": {"columns": ["t_s", "person", "x_m", "y_m"], "rows": tracks},
    }
