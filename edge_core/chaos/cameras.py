"""Simulated cameras that cost next to nothing: a short clip of simulated shoppers, in a circle."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Self

import cv2

from edge_core.simulator.scene import load_scene
from edge_core.simulator.world import Cameras, World

FPS: Final = 8.0
_WARM_UP_S: Final = 20.0
_QUALITY: Final = 85


def film(folder: Path, camera_id: str, seconds: float, seed: int) -> list[bytes]:
    """JPEG pictures of one simulated camera, `FPS` a second.

    Args:
        folder: of a simulated place.
        camera_id: which of its cameras.
        seconds: how long.
        seed: of the shoppers.
    """
    scene = load_scene(folder)
    pose = next(it for it in scene.config.cameras if it.id == camera_id)
    scene = replace(scene, config=scene.config.model_copy(update={"cameras": (pose,)}))
    cameras, world = Cameras(scene, seed), World(scene, seed, _WARM_UP_S)
    pictures = []
    for number in range(round(seconds * FPS)):
        frame = cameras.render(camera_id, world.advance_to(number / FPS))
        done, jpeg = cv2.imencode(".jpg", frame.bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not done:
            raise RuntimeError("a simulated picture cannot be encoded")
        pictures.append(jpeg.tobytes())
    return pictures


class ClipServer:
    """Serves a clip as MJPEG over HTTP on loopback, to and fro, while entered.

    Args:
        pictures: see `film`.

    Attributes:
        port: where it listens.
    """

    def __init__(self, pictures: Sequence[bytes]) -> None:
        self._round = [*pictures, *pictures[-2:0:-1]]
        self._closing = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Send pictures until one side has enough."""
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while not camera._closing.wait(1 / FPS):
                        jpeg = camera._round[number % len(camera._round)]
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}"
                        self.wfile.write(head.encode() + b"\r\n\r\n" + jpeg + b"\r\n")
                        number += 1
                except OSError:
                    return  # the watcher hung up

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="chaos-clip"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
