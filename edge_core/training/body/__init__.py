"""Attributes of the body."""
