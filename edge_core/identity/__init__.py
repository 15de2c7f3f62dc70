"""Who is who: tracks become visitors, each counted once and shown once."""

from edge_core.identity.live import LivePeople
from edge_core.identity.visitors import Linked, VisitorLinker

__all__ = ["Linked", "LivePeople", "VisitorLinker"]
