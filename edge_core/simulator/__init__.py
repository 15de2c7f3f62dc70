"""A simulated shop or mall: shoppers, perspective cameras, and the truth about both."""

from edge_core.simulator.live import MallProcess, live_site, serve_mall
from edge_core.simulator.recording import Recording, write_recording
from edge_core.simulator.scene import Scene, load_scene
from edge_core.simulator.server import MallServer
from edge_core.simulator.world import Cameras, World

__all__ = [
    "Cameras",
    "MallProcess",
    "MallServer",
    "Recording",
    "Scene",
    "World",
    "live_site",
    "load_scene",
    "serve_mall",
    "write_recording",
]
