"""The kiosk at the mall's entrance: a full-screen Qt Quick client of the edge service."""
