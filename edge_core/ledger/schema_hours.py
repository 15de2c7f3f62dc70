"""The ledger's tables by the site's hours, days and months; `site_time` says how they are named.

Those by day stand in the order a year is read in. Heat is kept by hour and, for long spans, by
month and hour of the day; everything else by hour and by day. Where even days are many (products,
lengths of stay, pairs of zones) triggers keep months beside them, so that the two cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SETTINGS: Final = """
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,        -- `timezone`: what hours and days were counted by
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

LINE_HOURS: Final = """
CREATE TABLE line_hours (
    line_id TEXT NOT NULL,
    hour INTEGER NOT NULL,                 -- UTC minute at which the site's hour begins
    entered INTEGER NOT NULL,
    "left" INTEGER NOT NULL,
    PRIMARY KEY (line_id, hour)
) STRICT, WITHOUT ROWID
"""

LINE_DAYS: Final = """
CREATE TABLE line_days (
    line_id TEXT NOT NULL,
    day INTEGER NOT NULL,                  -- the site's date, in days since 1970-01-01
    entered INTEGER NOT NULL,
    "left" INTEGER NOT NULL,
    PRIMARY KEY (line_id, day)
) STRICT, WITHOUT ROWID
"""

ZONE_HOURS: Final = """
CREATE TABLE zone_hours (
    zone_id TEXT NOT NULL,
    hour INTEGER NOT NULL,                 -- in which the stays ended
    stays INTEGER NOT NULL,
    cut INTEGER NOT NULL,                  -- of those, longer than was seen
    judged INTEGER NOT NULL,               -- of those, with `engaged` known
    engaged INTEGER NOT NULL,
    dwell_ms INTEGER NOT NULL,
    PRIMARY KEY (zone_id, hour)
) STRICT, WITHOUT ROWID
"""

ZONE_DAYS: Final = """
CREATE TABLE zone_days (
    zone_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    stays INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    judged INTEGER NOT NULL,
    engaged INTEGER NOT NULL,
    long INTEGER NOT NULL,                 -- of half a minute or more
    dwell_ms INTEGER NOT NULL,
    PRIMARY KEY (zone_id, day)
) STRICT, WITHOUT ROWID
"""

STAY_DAYS: Final = """
CREATE TABLE stay_days (
    zone_id TEXT NOT NULL,
    bin INTEGER NOT NULL,                  -- of site_time.DWELL_EDGES_S
    day INTEGER NOT NULL,
    stays INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    PRIMARY KEY (zone_id, bin, day)
) STRICT, WITHOUT ROWID
"""

MOVE_HOURS: Final = """
CREATE TABLE move_hours (
    hour INTEGER NOT NULL,
    origin TEXT NOT NULL,                  -- a zone, or @entrance, @edge, @appeared
    target TEXT NOT NULL,                  -- a zone, or @exit, @edge, @lost
    moves INTEGER NOT NULL,
    PRIMARY KEY (origin, hour, target)
) STRICT, WITHOUT ROWID
"""

MOVE_DAYS: Final = """
CREATE TABLE move_days (
    day INTEGER NOT NULL,
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    moves INTEGER NOT NULL,
    PRIMARY KEY (origin, target, day)
) STRICT, WITHOUT ROWID
"""

PRESENT_HOURS: Final = """
CREATE TABLE present_hours (
    hour INTEGER NOT NULL,
    zone_id TEXT NOT NULL,
    present INTEGER NOT NULL,              -- people in view there at the hour's first look
    PRIMARY KEY (hour, zone_id)
) STRICT, WITHOUT ROWID
"""

WINDOW_DAYS: Final = """
CREATE TABLE window_days (
    day INTEGER NOT NULL,
    zone_id TEXT NOT NULL,
    entered INTEGER NOT NULL,              -- came in after passing this window
    PRIMARY KEY (zone_id, day)
) STRICT, WITHOUT ROWID
"""

ITEM_DAYS: Final = """
CREATE TABLE item_days (
    sku TEXT NOT NULL,
    day INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    picked INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    put_back INTEGER NOT NULL,
    misplaced INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    bought INTEGER NOT NULL,
    PRIMARY KEY (sku, day)
) STRICT, WITHOUT ROWID
"""

VISIT_DAYS: Final = """
CREATE TABLE visit_days (
    entrance TEXT NOT NULL,                -- "" where nobody saw them enter
    day INTEGER NOT NULL,
    visits INTEGER NOT NULL,               -- without staff
    again INTEGER NOT NULL,                -- of those, by people who were here earlier that day
    grouped INTEGER NOT NULL,              -- of those, who came in a group
    complete INTEGER NOT NULL,             -- of those, seen both to come and to go
    duration_ms INTEGER NOT NULL,          -- of the complete ones
    PRIMARY KEY (entrance, day)
) STRICT, WITHOUT ROWID
"""

CAMERA_HOURS: Final = """
CREATE TABLE camera_hours (
    camera_id TEXT NOT NULL,
    hour INTEGER NOT NULL,
    watched_ms INTEGER NOT NULL,
    PRIMARY KEY (camera_id, hour)
) STRICT, WITHOUT ROWID
"""

GRIDS: Final = """
CREATE TABLE grids (
    grid INTEGER PRIMARY KEY,
    floor_id TEXT NOT NULL,
    left_m REAL NOT NULL,
    top_m REAL NOT NULL,
    cell_m REAL NOT NULL,
    columns INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    UNIQUE (floor_id, left_m, top_m, cell_m, columns, rows)
) STRICT
"""

HEAT_HOURS: Final = """
CREATE TABLE heat_hours (
    grid INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    dwell BLOB NOT NULL,                   -- see ledger/heat.py
    walked BLOB NOT NULL,
    PRIMARY KEY (grid, hour)
) STRICT
"""

HEAT_MONTHS: Final = """
CREATE TABLE heat_months (
    grid INTEGER NOT NULL,
    month INTEGER NOT NULL,                -- twelve times the year, plus the month from 0
    clock INTEGER NOT NULL,                -- hour of the site's day, 0..23
    dwell BLOB NOT NULL,
    walked BLOB NOT NULL,
    PRIMARY KEY (grid, month, clock)
) STRICT
"""

WATCH_HOURS: Final = """
CREATE TABLE watch_hours (
    grid INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    cameras TEXT NOT NULL,                 -- ids of those that watched at the same time
    watched_ms INTEGER NOT NULL,
    PRIMARY KEY (grid, hour, cameras)
) STRICT, WITHOUT ROWID
"""

WATCH_MONTHS: Final = """
CREATE TABLE watch_months (
    grid INTEGER NOT NULL,
    month INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    cameras TEXT NOT NULL,
    watched_ms INTEGER NOT NULL,
    PRIMARY KEY (grid, month, clock, cameras)
) STRICT, WITHOUT ROWID
"""

TRAIT_HOURS: Final = """
CREATE TABLE trait_hours (
    hour INTEGER NOT NULL,
    place_id TEXT NOT NULL,                -- zone, entrance line, or "" for the site
    attribute TEXT NOT NULL,
    label TEXT NOT NULL,                   -- "" for those it was not told of
    people INTEGER NOT NULL,
    PRIMARY KEY (hour, place_id, attribute, label)
) STRICT, WITHOUT ROWID
"""

TRAIT_DAYS: Final = """
CREATE TABLE trait_days (
    day INTEGER NOT NULL,
    place_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    label TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (place_id, attribute, day, label)
) STRICT, WITHOUT ROWID
"""

STAY_MONTHS: Final = """
CREATE TABLE stay_months (
    zone_id TEXT NOT NULL,
    bin INTEGER NOT NULL,
    month INTEGER NOT NULL,                -- twelve times the year, plus the month from 0
    stays INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    PRIMARY KEY (zone_id, bin, month)
) STRICT, WITHOUT ROWID
"""

MOVE_MONTHS: Final = """
CREATE TABLE move_months (
    month INTEGER NOT NULL,
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    moves INTEGER NOT NULL,
    PRIMARY KEY (origin, target, month)
) STRICT, WITHOUT ROWID
"""

ITEM_MONTHS: Final = """
CREATE TABLE item_months (
    sku TEXT NOT NULL,
    month INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    picked INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    put_back INTEGER NOT NULL,
    misplaced INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    bought INTEGER NOT NULL,
    picked_tried INTEGER NOT NULL,         -- of those picked on a day, matched by a try that day
    tried_bought INTEGER NOT NULL,         -- of those tried on a day, matched by a sale that day
    PRIMARY KEY (sku, month)
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Months:
    """A table of months whose rows are the sums of a table of days.

    Attributes:
        name: what both tables' names begin with.
        keys: their keys beside the day and the month.
        sums: by column of the months, what of a row of the days adds up; `row.` stands before
            each of that row's columns.
    """

    name: str
    keys: tuple[str, ...]
    sums: Mapping[str, str]

    def triggers(self) -> tuple[str, str, str]:
        """What keeps the months: one statement each for rows that come, change and go."""
        table, columns = f"{self.name}_months", ", ".join(self.sums)
        keys = ", ".join(self.keys)
        new, old = ({k: v.replace("row.", f"{r}.") for k, v in self.sums.items()} for r in _ROWS)
        same = f"({keys}, month) = ({{}}, month_of_day(OLD.day))".format(
            ", ".join(f"OLD.{key}" for key in self.keys)
        )
        added = ", ".join(f"{it} = {it} + excluded.{it}" for it in self.sums)
        changed = ", ".join(f"{it} = {it} + ({new[it]}) - ({old[it]})" for it in self.sums)
        less = ", ".join(f"{it} = {it} - ({old[it]})" for it in self.sums)
        empty = " AND ".join(f"{it} = 0" for it in self.sums)
        new_keys = ", ".join(f"NEW.{key}" for key in self.keys)
        head = f"CREATE TRIGGER {table}_{{}} AFTER {{}} ON {self.name}_days BEGIN"
        return (
            f"{head.format('come', 'INSERT')} INSERT INTO {table} ({keys}, month, {columns})"
            f" VALUES ({new_keys}, month_of_day(NEW.day), {', '.join(new.values())})"
            f" ON CONFLICT DO UPDATE SET {added}; END",
            f"{head.format('change', 'UPDATE')} UPDATE {table} SET {changed} WHERE {same}; END",
            f"{head.format('go', 'DELETE')} UPDATE {table} SET {less} WHERE {same};"
            f" DELETE FROM {table} WHERE {same} AND {empty}; END",
        )

    def recompute_sql(self) -> str:
        """SELECT what the months ought to be; those in which nothing was are left out."""
        keys = ", ".join(self.keys)
        some = " OR ".join(f"sum({it}) <> 0" for it in self.sums.values())
        sums = ", ".join(f"sum({it})" for it in self.sums.values())
        group = ", ".join(str(place + 1) for place in range(len(self.keys) + 1))
        return (
            f"SELECT {keys}, month_of_day(day), {sums} FROM {self.name}_days AS row"
            f" GROUP BY {group} HAVING {some}"
        )


_ROWS: Final = ("NEW", "OLD")
_PIECES: Final = ("touched", "picked", "tried", "put_back", "misplaced", "gone", "bought")
MONTHS: Final = (
    Months("stay", ("zone_id", "bin"), {"stays": "row.stays", "cut": "row.cut"}),
    Months("move", ("origin", "target"), {"moves": "row.moves"}),
    Months(
        "item",
        ("sku",),
        {it: f"row.{it}" for it in _PIECES}
        | {
            "picked_tried": "min(row.picked, row.tried)",
            "tried_bought": "min(row.tried, max(row.bought, 0))",
        },
    ),
)

ALL: Final = (
    SETTINGS,
    LINE_HOURS,
    LINE_DAYS,
    ZONE_HOURS,
    ZONE_DAYS,
    STAY_DAYS,
    MOVE_HOURS,
    MOVE_DAYS,
    PRESENT_HOURS,
    WINDOW_DAYS,
    ITEM_DAYS,
    VISIT_DAYS,
    CAMERA_HOURS,
    GRIDS,
    HEAT_HOURS,
    HEAT_MONTHS,
    WATCH_HOURS,
    WATCH_MONTHS,
    TRAIT_HOURS,
    TRAIT_DAYS,
    STAY_MONTHS,
    MOVE_MONTHS,
    ITEM_MONTHS,
    *(trigger for months in MONTHS for trigger in months.triggers()),
)
