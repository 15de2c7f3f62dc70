"""The smart mirror: a full-screen Qt Quick client of the edge service."""
