"""Roll-ups: sums by minute, hour and day kept beside the events, so that nobody scans the events.

Each is one SELECT over the events. Folding in new events and recomputing from all of them run
the same SELECT, so the two cannot drift apart by construction, and a test can compare them.
"""

from dataclasses import dataclass
from typing import Final

from edge_core.ledger.site_time import NS_PER_MINUTE
from edge_core.units import NS_PER_MS

_DURATION_MS: Final = "CAST(round(json_extract(data, '$.duration_s') * 1000) AS INTEGER)"
_CUT: Final = "coalesce(json_extract(data, '$.censored'), 0)"
_ENGAGED: Final = "json_extract(data, '$.engaged')"
_SKU: Final = "coalesce(nullif(json_extract(data, '$.sku'), ''), json_extract(data, '$.gtin'))"


@dataclass(frozen=True, slots=True)
class Rollup:
    """One table of sums.

    Attributes:
        table: its name.
        keys: columns that group.
        sums: columns that add up.
        select: the same columns from `events`, without WHERE and GROUP BY.
        where: which events count.
    """

    table: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    select: str
    where: str

    def recompute_sql(self, condition: str = "1") -> str:
        """SELECT the sums over the events that meet `condition`."""
        group = ", ".join(str(position + 1) for position in range(len(self.keys)))
        return f"{self.select} WHERE {self.where} AND ({condition}) GROUP BY {group}"

    def fold_sql(self) -> str:
        """Add the events with an id above the first parameter to the sums."""
        columns = ", ".join((*self.keys, *self.sums))
        added = ", ".join(f"{column} = {column} + excluded.{column}" for column in self.sums)
        return (
            f"INSERT INTO {self.table} ({columns}) {self.recompute_sql('id > ?')}"
            f" ON CONFLICT ({', '.join(self.keys)}) DO UPDATE SET {added}"
        )

    def difference_sql(self) -> str:
        """Rows that stand in only one of the kept and the recomputed sums."""
        kept = f"SELECT {', '.join((*self.keys, *self.sums))} FROM {self.table}"
        fresh = self.recompute_sql()
        return (
            f"SELECT * FROM ({kept} EXCEPT {fresh}) UNION ALL SELECT * FROM ({fresh} EXCEPT {kept})"
        )


_ACTIONS: Final = {
    "touched": "'touched', 'looked-at', 'picked-up'",
    "picked": "'picked-up'",
    "tried": "'tried-on'",
    "put_back": "'put-back'",
    "misplaced": "'misplaced'",
    "gone": "'gone'",
}
_ACTION_SUMS: Final = ", ".join(
    f"sum(coalesce(json_extract(data, '$.action') IN ({actions}), 0))"
    for actions in _ACTIONS.values()
)


def _crossings(table: str, keys: tuple[str, str], span: str) -> Rollup:
    return Rollup(
        table,
        keys,
        ("entered", '"left"'),
        f"SELECT place_id, {span}, sum(json_extract(data, '$.direction') = 'in'),"
        " sum(json_extract(data, '$.direction') = 'out') FROM events",
        "kind = 'crossing'",
    )


def _moves(table: str, span: str, name: str) -> Rollup:
    return Rollup(
        table,
        (name, "origin", "target"),
        ("moves",),
        f"SELECT {span}, json_extract(data, '$.from'), place_id, count(*) FROM events",
        "kind = 'move'",
    )


MINUTE_ROLLUPS: Final = (
    _crossings("line_minutes", ("line_id", "minute"), f"utc_ns / {NS_PER_MINUTE}"),
    Rollup(
        "zone_minutes",
        ("zone_id", "minute"),
        ("stays", "dwell_ms"),
        f"SELECT place_id, utc_ns / {NS_PER_MINUTE}, count(*), sum({_DURATION_MS}) FROM events",
        "kind = 'stay'",
    ),
    Rollup(
        "item_minutes",
        ("sku", "visit", "minute"),
        tuple(_ACTIONS),
        f"SELECT {_SKU}, coalesce(json_extract(data, '$.visit'), 0), utc_ns / {NS_PER_MINUTE},"
        f" {_ACTION_SUMS} FROM events",
        "kind = 'item'",
    ),
    Rollup(
        "sale_minutes",
        ("sku", "minute"),
        ("bought",),
        f"SELECT json_extract(data, '$.sku'), utc_ns / {NS_PER_MINUTE},"
        " sum(json_extract(data, '$.quantity')) FROM events",
        "kind = 'sale'",
    ),
)
"""Sums by minute."""

LONG_ROLLUPS: Final = (
    _crossings("line_hours", ("line_id", "hour"), "site_hour(utc_ns)"),
    _crossings("line_days", ("line_id", "day"), "site_day(utc_ns)"),
    Rollup(
        "zone_hours",
        ("hour", "zone_id"),
        ("stays", "cut", "judged", "engaged", "dwell_ms"),
        f"SELECT site_hour(utc_ns), place_id, count(*), sum({_CUT}),"
        f" sum({_ENGAGED} IS NOT NULL), sum(coalesce({_ENGAGED}, 0)), sum({_DURATION_MS})"
        " FROM events",
        "kind = 'stay'",
    ),
    Rollup(
        "zone_days",
        ("day", "zone_id"),
        ("stays", "cut", "judged", "engaged", "long", "dwell_ms"),
        f"SELECT site_day(utc_ns), place_id, count(*), sum({_CUT}),"
        f" sum({_ENGAGED} IS NOT NULL), sum(coalesce({_ENGAGED}, 0)),"
        f" sum(json_extract(data, '$.duration_s') >= 30), sum({_DURATION_MS}) FROM events",
        "kind = 'stay'",
    ),
    Rollup(
        "stay_days",
        ("day", "zone_id", "bin"),
        ("stays", "cut"),
        "SELECT site_day(utc_ns), place_id, dwell_bin(json_extract(data, '$.duration_s')),"
        f" count(*), sum({_CUT}) FROM events",
        "kind = 'stay'",
    ),
    _moves("move_hours", "site_hour(utc_ns)", "hour"),
    _moves("move_days", "site_day(utc_ns)", "day"),
    Rollup(
        "window_days",
        ("day", "zone_id"),
        ("entered",),
        "SELECT site_day(utc_ns), json_extract(data, '$.window'), count(*) FROM events",
        "kind = 'move' AND json_extract(data, '$.window') <> ''",
    ),
    Rollup(
        "item_days",
        ("day", "sku"),
        (*_ACTIONS, "bought"),
        f"SELECT site_day(utc_ns), {_SKU}, {_ACTION_SUMS},"
        " sum(CASE kind WHEN 'sale' THEN json_extract(data, '$.quantity') ELSE 0 END)"
        " FROM events",
        "kind IN ('item', 'sale')",
    ),
    Rollup(
        "visit_days",
        ("day", "entrance"),
        ("visits", "again", "grouped", "complete", "duration_ms"),
        "SELECT site_day(utc_ns), json_extract(data, '$.entrance'), count(*),"
        " sum(coalesce(json_extract(data, '$.again'), 0)),"
        " sum(coalesce(json_extract(data, '$.group'), 1) > 1),"
        " sum(json_extract(data, '$.seen_in') = 'complete'),"
        f" sum(CASE json_extract(data, '$.seen_in') WHEN 'complete' THEN {_DURATION_MS}"
        " ELSE 0 END) FROM events",
        "kind = 'visit' AND NOT json_extract(data, '$.staff')",
    ),
)
"""Sums by the site's hours and days; on their connection `SiteTime.register` was called."""

ROLLUPS: Final = (
    *MINUTE_ROLLUPS,
    *LONG_ROLLUPS,
    # By the row id: by kind, the planner would count every event there is.
    Rollup(
        "kind_totals",
        ("kind",),
        ("events",),
        "SELECT kind, count(*) FROM events NOT INDEXED",
        "1",
    ),
)
MINUTE_TABLES: Final = (
    "line_minutes",
    "zone_minutes",
    "item_minutes",
    "sale_minutes",
    "camera_minutes",
)
"""What forgets whole minutes."""
MS_PER_MINUTE: Final = NS_PER_MINUTE // NS_PER_MS
