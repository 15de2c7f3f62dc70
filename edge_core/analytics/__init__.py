"""What visitors did: line crossings, stays in zones, occupancy."""

from edge_core.analytics.counts import LineCounter
from edge_core.analytics.dwell import DwellMeter
from edge_core.analytics.zones import ZoneMap

__all__ = ["DwellMeter", "LineCounter", "ZoneMap"]
