"""A camera of the test's own: an MJPEG stream of one drawn picture with people, or without."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

CHIPS = np.random.default_rng(11).choice(np.array([40, 215], np.uint8), 64)
FPS = 6
_BOUNDARY = "frame"


def chips_as_rows():
    """The planted pixels as they lie in memory: BGR at full size, grey, and BGR at half size."""
    wide = np.repeat(CHIPS, 8)
    return [np.repeat(wide, 3), wide, np.repeat(np.repeat(CHIPS, 4), 3)]


def with_chips(picture):
    """The picture with a recognisable strip along its upper edge."""
    planted = picture.copy()
    planted[0:16, 60:572] = np.repeat(np.repeat(CHIPS, 8)[None], 16, axis=0)[:, :, None]
    return planted


class Camera:
    """Streams what it is told to show, going to and fro."""

    def __init__(self, people, nobody):
        self._shown = {"people": walked(people), "nobody": walked(nobody)}
        self.show = "nobody"
        self.streaming = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
                self.send_header("Content-Type", kind)
                self.end_headers()
                number = 0
                try:
                    while not camera.over.wait(1 / FPS):
                        pictures = camera._shown[camera.show]
                        data = pictures[number % len(pictures)]
                        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                        head += f"Content-Length: {len(data)}\r\n\r\n"
                        self.wfile.write(head.encode() + data + b"\r\n")
                        number += 1
                        camera.streaming.set()
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/door.mjpg"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def frames(self, show):
        """The pictures of a scene as who decodes the stream sees them."""
        return [cv2.imdecode(np.frombuffer(it, np.uint8), 1) for it in self._shown[show]]


def walked(picture):
    """The scene going to and fro by a quarter of the picture: who never moves is a statue."""
    there = range(0, 160, 8)
    moved = [np.roll(picture, shift, axis=1) for shift in (*there, *reversed(there))]
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
    return [cv2.imencode(".jpg", with_chips(it), quality)[1].tobytes() for it in moved]
