"""Counting at the door by hand, on a phone, to see how good the counter is."""

from edge_core.dashboard.audit.router import audit_router

__all__ = ["audit_router"]
