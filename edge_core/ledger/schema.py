"""The ledger's tables, written so that a person with the sqlite3 shell can read them."""

from typing import Final

APPLICATION_ID: Final = 0x50524D4E
"""`PRMN` in the file's header: a SQLite file without it is somebody else's."""

EVENTS: Final = """
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice, so clients can resume after one
    key TEXT NOT NULL UNIQUE,              -- idempotency: the same fact is kept once
    kind TEXT NOT NULL,
    utc_ns INTEGER NOT NULL,
    mono_ns INTEGER NOT NULL,
    camera_id TEXT NOT NULL,
    place_id TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT
"""

EVENTS_BY_TIME: Final = "CREATE INDEX events_by_time ON events (utc_ns)"

LINE_MINUTES: Final = """
CREATE TABLE line_minutes (
    line_id TEXT NOT NULL,
    minute INTEGER NOT NULL,               -- minutes since 1970-01-01 UTC
    entered INTEGER NOT NULL,
    "left" INTEGER NOT NULL,
    PRIMARY KEY (minute, line_id)
) STRICT, WITHOUT ROWID
"""

ZONE_MINUTES: Final = """
CREATE TABLE zone_minutes (
    zone_id TEXT NOT NULL,
    minute INTEGER NOT NULL,               -- the minute in which the stays ended
    stays INTEGER NOT NULL,
    dwell_ms INTEGER NOT NULL,
    PRIMARY KEY (minute, zone_id)
) STRICT, WITHOUT ROWID
"""

ITEM_MINUTES: Final = """
CREATE TABLE item_minutes (
    sku TEXT NOT NULL,                     -- the GTIN of a product that the shop's table lacks
    visit INTEGER NOT NULL,                -- the person's number; 0 = someone
    minute INTEGER NOT NULL,               -- the minute in which it ended
    touched INTEGER NOT NULL,              -- handled in any way
    picked INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    put_back INTEGER NOT NULL,             -- where it belongs
    misplaced INTEGER NOT NULL,            -- left elsewhere
    gone INTEGER NOT NULL,
    PRIMARY KEY (minute, sku, visit)
) STRICT, WITHOUT ROWID
"""

SALE_MINUTES: Final = """
CREATE TABLE sale_minutes (
    sku TEXT NOT NULL,
    minute INTEGER NOT NULL,
    bought INTEGER NOT NULL,               -- less what was taken back
    PRIMARY KEY (minute, sku)
) STRICT, WITHOUT ROWID
"""

EVENTS_BY_KIND: Final = "CREATE INDEX events_by_kind ON events (kind, id)"

KIND_TOTALS: Final = """
CREATE TABLE kind_totals (
    kind TEXT NOT NULL PRIMARY KEY,
    events INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

CAMERA_MINUTES: Final = """
CREATE TABLE camera_minutes (
    camera_id TEXT NOT NULL,
    minute INTEGER NOT NULL,
    watched_ms INTEGER NOT NULL CHECK (watched_ms BETWEEN 0 AND 60000),
    PRIMARY KEY (minute, camera_id)
) STRICT, WITHOUT ROWID
"""
