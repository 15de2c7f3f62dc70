"""Promenade's edge service: sensing, vision, identity, analytics, ledger and API."""

__version__ = "0.1.0"
