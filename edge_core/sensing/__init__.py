"""Cameras: sources, reconnecting, the motion gate, and the capture worker."""
