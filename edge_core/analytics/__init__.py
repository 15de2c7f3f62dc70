"""What visitors did: line crossings, stays, moves, heat, who they were as sums; what they took."""

from edge_core.analytics.conversion import joined
from edge_core.analytics.counts import Crossing, LineCounter
from edge_core.analytics.demographics import DemographicsMeter
from edge_core.analytics.dwell import DwellMeter
from edge_core.analytics.flows import FlowMeter
from edge_core.analytics.heatmap import HeatMeter
from edge_core.analytics.pace import PaceMeter, Present
from edge_core.analytics.visits import VisitMeter
from edge_core.analytics.zones import ZoneMap

__all__ = [
    "Crossing",
    "DemographicsMeter",
    "DwellMeter",
    "FlowMeter",
    "HeatMeter",
    "LineCounter",
    "PaceMeter",
    "Present",
    "VisitMeter",
    "ZoneMap",
    "joined",
]
