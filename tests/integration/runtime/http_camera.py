"""A camera that sends JPEG pictures over HTTP, and misbehaves when told to."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import cv2
import numpy as np

FPS = 25


class HttpCamera:
    """Serves multipart MJPEG on loopback while entered.

    Attributes:
        size_px: size of the pictures sent from now on.
        corrupt: this many of the next pictures are sent damaged.
        silent: nothing is sent, the connection stays open.
        connections: how often somebody connected.
    """

    def __init__(self) -> None:
        self.size_px = (320, 240)
        self.corrupt = 0
        self.silent = False
        self.connections = 0
        self._closing = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera.connections += 1
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                try:
                    while not camera._closing.wait(1 / FPS):
                        if not camera.silent:
                            self.wfile.write(camera._part())
                except OSError:
                    return  # the client hung up

            def log_message(self, *args: object) -> None:
                """Tests print no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.address = f"http://127.0.0.1:{self._server.server_port}/video.mjpg"

    def _part(self) -> bytes:
        width, height = self.size_px
        image = np.full((height, width, 3), 90, np.uint8)
        place = round(time.monotonic() * 60) % (width - 20)
        image[height // 2 :, place : place + 20] = 220
        jpeg = bytearray(cv2.imencode(".jpg", image)[1].tobytes())
        if self.corrupt > 0:
            self.corrupt -= 1
            jpeg[: len(jpeg) // 2] = bytes(len(jpeg) // 2)
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        return head.encode() + bytes(jpeg) + b"\r\n"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
