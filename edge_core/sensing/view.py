"""What a camera's view is like; light to import, see `view_condition`."""

from enum import IntEnum


class View(IntEnum):
    """What a camera's view is like; the numbers stand on the health board."""

    LEARNING = 0
    WELL = 1
    MOVED = 2
    BLOCKED = 3
    BLURRED = 4
    DARK = 5
