"""What both screens share: start, crash page, live link, list models and the Promenade QML module.

The only Qt code of edge_core. It knows the service through its client and its records alone.
"""
