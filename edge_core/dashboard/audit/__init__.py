"""Counting at the door by hand, on a phone, to see how good the counter is."""

from edge_core.dashboard.audit.router import AUDIT, audit_router

__all__ = ["AUDIT", "audit_router"]
