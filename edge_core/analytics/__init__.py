"""What visitors did: line crossings, stays in zones, occupancy; what they took and bought."""

from edge_core.analytics.conversion import joined
from edge_core.analytics.counts import Crossing, LineCounter
from edge_core.analytics.dwell import DwellMeter
from edge_core.analytics.visits import VisitMeter
from edge_core.analytics.zones import ZoneMap

__all__ = ["Crossing", "DwellMeter", "LineCounter", "VisitMeter", "ZoneMap", "joined"]
