"""A simulated RFID reader: physics of the tags, and a server that speaks LLRP as an R420 does.

`world` says where tags and people are, `propagation` what a read of a tag gives, `airtime` who is
read when, `inventory` puts the three together. `protocol` and
`rospec` are the reader's side of LLRP, `emulator` is the TCP server.
"""

from edge_core.simulator.rfid.emulator import CORNER_ANTENNAS, ReaderEmulator
from edge_core.simulator.rfid.inventory import AntennaPort, Inventory
from edge_core.simulator.rfid.propagation import Antenna, Room
from edge_core.simulator.rfid.serve import ReaderThread, serve_reader
from edge_core.simulator.rfid.world import TagWorld, rail_world

__all__ = [
    "CORNER_ANTENNAS",
    "Antenna",
    "AntennaPort",
    "Inventory",
    "ReaderEmulator",
    "ReaderThread",
    "Room",
    "TagWorld",
    "rail_world",
    "serve_reader",
]
