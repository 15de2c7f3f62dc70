"""Clips as shop cameras send them: H.264, 720p, 25 frames a second, 2 Mbit/s, no B-frames.

The simulated mall as its four cameras would see it at 720p, sensor noise included, and, where the
data is there, a real concourse as it was encoded. A clip is repeated without encoding it again.
Needs Debian's `ffmpeg`.
"""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

from edge_core.errors import SourceError
from edge_core.service.demo import mall_folder
from edge_core.simulator import Cameras, Scene, World, load_scene

SIZE_PX: Final = (1280, 720)
SUB_SIZE_PX: Final = (640, 360)
FPS: Final = 25
CLIP_S: Final = 12.0
_SEED: Final = 1215
_WARM_UP_S: Final = 30.0
_REAL: Final = "video/concourse.mp4"
_AS_CCTV: Final = (
    *("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency"),
    *("-g", "50", "-bf", "0", "-threads", "1"),
)


def mall() -> Scene:
    """The simulated mall with all its cameras at 720p."""
    scene = load_scene(mall_folder("mall"))
    poses = tuple(it.model_copy(update={"size_px": SIZE_PX}) for it in scene.config.cameras)
    return replace(scene, config=scene.config.model_copy(update={"cameras": poses}))


def film(scene: Scene, folder: Path, seconds: float = CLIP_S) -> dict[str, Path]:
    """Film the mall.

    Args:
        scene: see `mall`.
        folder: for the clips.
        seconds: of each.

    Returns:
        One clip a camera, by its id.

    Raises:
        SourceError: ffmpeg is missing.
    """
    world, cameras = World(scene, _SEED, _WARM_UP_S), Cameras(scene, _SEED)
    clips = {pose.id: folder / f"{pose.id}.mp4" for pose in scene.config.cameras}
    size = "{}x{}".format(*SIZE_PX)
    raw = f"-f rawvideo -pix_fmt bgr24 -s {size} -r {FPS} -i -".split()
    encoders = {name: _encoder(raw, "2M", clip) for name, clip in clips.items()}
    for index in range(round(seconds * FPS)):
        people = world.advance_to(index / FPS)
        for name, encoder in encoders.items():
            assert encoder.stdin is not None
            encoder.stdin.write(cameras.render(name, people).bgr.tobytes())
    for encoder in encoders.values():
        assert encoder.stdin is not None
        encoder.stdin.close()
        encoder.wait()
    return clips


def smaller(clip: Path) -> Path:
    """A camera's second stream of the same: 360p at half a megabit."""
    into = clip.with_name(f"{clip.stem}-sub.mp4")
    encoder = _encoder(["-i", str(clip), "-vf", "scale={}:{}".format(*SUB_SIZE_PX)], "512k", into)
    encoder.communicate()
    return into


def repeated(clip: Path, seconds: float) -> Path:
    """The clip over and over, as encoded, for so long."""
    into = clip.with_name(f"{clip.stem}-long.mp4")
    _run("-stream_loop", "-1", "-i", str(clip), "-t", f"{seconds:g}", "-c", "copy", str(into))
    return into


def real_clip(data: Path, folder: Path) -> Path | None:
    """A copy of the real clip, without sound; None where the data is not."""
    if not (data / _REAL).is_file():
        return None
    into = folder / "real.mp4"
    _run("-i", str(data / _REAL), "-an", "-c", "copy", str(into))
    return into


def _encoder(source: list[str], rate: str, into: Path) -> "subprocess.Popen[bytes]":
    rates = f"-b:v {rate} -maxrate {rate} -bufsize {rate} -pix_fmt yuv420p".split()
    command = [*_ffmpeg(), *source, *_AS_CCTV, *rates, str(into)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def _run(*arguments: str) -> None:
    subprocess.run([*_ffmpeg(), *arguments], check=True)


def _ffmpeg() -> list[str]:
    if shutil.which("ffmpeg") is None:
        raise SourceError("ffmpeg is not installed.", "Run: apt-get install ffmpeg")
    return ["ffmpeg", "-nostdin", "-v", "error", "-y"]
