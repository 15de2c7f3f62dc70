"""Rows and counters of the health board that the vision and core processes write."""

import os
from collections.abc import Mapping
from typing import Final, get_args

from edge_core.config import SiteConfig
from edge_core.sensing.capture import is_read_fast
from edge_core.vision.models import Kind

VISION_COUNTERS: Final = (
    "processed",
    "still",
    "dropped",
    "torn",
    "tracks",
    "busy_us",
    "last_mono_ns",
)
"""Of the row `vision:<camera>`. still: frames in which the motion gate saw none. tracks: people in
view now. busy_us: time spent on the camera's frames. last_mono_ns: reception of the newest."""

FORGOT: Final = "forgot"
"""Another counter of that row: the number of the last track it was asked to forget, and did."""

VISION: Final = "vision"
"""Row and name of the first vision process; further ones are `vision-2` and so on."""
CAMERAS_EACH: Final = 4
"""As many cameras are looked at by one process before another is worth its memory."""

READY: Final = "ready_mono_ns"
"""Counter of the row `vision`: when its models were loaded and it began to look."""

MODELS: Final = "models"
"""Another one of it: which kinds of models it has loaded, a bit each, as `KINDS` has them."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def loaded_kinds(bits: int) -> list[Kind]:
    """The kinds that a value of `MODELS` tells of."""
    return [kind for place, kind in enumerate(KINDS) if bits >> place & 1]


CORE_COUNTERS: Final = ("observations", "events", "people", "latency_p95_us", "reads", "tags")
"""Of the row `core`. people, tags: in view now. reads: of tags, by all readers."""


KEPT_UNTIL: Final = "kept_until_mono_ns"
"""Counter of the row `core:<camera>`: how far the time in which it was watched is in the ledger."""

FORGET_ASKED: Final = "forget_asked"
FORGET_TRACK: Final = "forget_track"
"""Counters of that row too: the core process asks vision to forget a track, one after the other.
asked: rises with every track, after `FORGET_TRACK` is set; the next one waits for `FORGOT`."""

SET_UP_ROW: Final = "set-up"
"""Row by which the core process asks the supervisor to run by a changed site file."""
SET_UP_ASKED: Final = "asked"
SET_UP_TAKEN: Final = "taken"
SET_UP_REFUSED: Final = "refused"
CONTENT_TAKEN: Final = "content"
SET_UP_COUNTERS: Final = (SET_UP_ASKED, SET_UP_TAKEN, SET_UP_REFUSED, CONTENT_TAKEN)
"""asked: rises with every change, by the core process. taken, refused: the last of them that the
supervisor did, or did not, run by; the row's reason tells why not. content: rises when the hub's
content asks for a core process that begins with it."""


def vision_workers(site: SiteConfig) -> Mapping[str, tuple[str, ...]]:
    """The vision processes of a site by name, and the ids of the cameras that each looks at.

    One looks with one thread, so that more cameras than it can serve need another, as long as
    there are cores. Files read as fast as can be are looked at in the order in which they were
    filmed, by one.
    """
    models = site.models
    fitting = min(-(-len(site.cameras) // CAMERAS_EACH), os.cpu_count() or 1)
    count = min(models.processes or fitting, len(site.cameras))
    if models.provider == "cuda" or any(is_read_fast(camera) for camera in site.cameras):
        count = 1
    ids = [camera.id for camera in site.cameras]
    names = [VISION, *(f"{VISION}-{number}" for number in range(2, count + 1))]
    return {name: tuple(ids[index::count]) for index, name in enumerate(names)}


def is_vision(name: str) -> bool:
    """Whether a worker of this name is a vision process."""
    return name.partition("-")[0] == VISION


def core_row(camera_id: str) -> str:
    """Name of the row for one camera within the core process."""
    return f"core:{camera_id}"


def vision_row(camera_id: str) -> str:
    """Name of the row for one camera within the vision process."""
    return f"vision:{camera_id}"


def capture_row(camera_id: str) -> str:
    """Name of the row for the capture worker of one camera."""
    return f"capture:{camera_id}"
