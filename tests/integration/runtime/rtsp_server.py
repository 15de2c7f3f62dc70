"""Serves a video file over RTSP with GStreamer; run by Debian's own Python.

Usage: /usr/bin/python3 rtsp_server.py PORT FILE. Prints `ready` once it listens. The stream is
at rtsp://127.0.0.1:PORT/camera and starts from the beginning for every client.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")

from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

port, path = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f'( filesrc location="{path}" ! qtdemux ! rtph264pay name=pay0 pt=96 config-interval=1 )'
)
server.get_mount_points().add_factory("/camera", factory)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("ready", flush=True)  # noqa: T201
GLib.MainLoop().run()
