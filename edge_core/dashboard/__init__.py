"""The operator's pages, mounted on the edge service's own app."""

from edge_core.dashboard.mount import mount_dashboard

__all__ = ["mount_dashboard"]
