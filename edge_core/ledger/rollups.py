"""Roll-ups: sums by minute kept beside the events, so that no screen ever scans the events.

Each is one SELECT over the events. Folding in new events and recomputing from all of them run
the same SELECT, so the two cannot drift apart by construction, and a test can compare them.
"""

from dataclasses import dataclass
from typing import Final

from edge_core.units import NS_PER_MS, NS_PER_S

NS_PER_MINUTE: Final = 60 * NS_PER_S


def minute_of(utc_ns: int) -> int:
    """The minute since 1970-01-01 UTC that an instant in nanoseconds lies in."""
    return utc_ns // NS_PER_MINUTE


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


ROLLUPS: Final = (
    Rollup(
        "line_minutes",
        ("line_id", "minute"),
        ("entered", '"left"'),
        f"SELECT place_id, utc_ns / {NS_PER_MINUTE},"
        " sum(json_extract(data, '$.direction') = 'in'),"
        " sum(json_extract(data, '$.direction') = 'out') FROM events",
        "kind = 'crossing'",
    ),
    Rollup(
        "zone_minutes",
        ("zone_id", "minute"),
        ("stays", "dwell_ms"),
        f"SELECT place_id, utc_ns / {NS_PER_MINUTE}, count(*),"
        " sum(CAST(round(json_extract(data, '$.duration_s') * 1000) AS INTEGER)) FROM events",
        "kind = 'stay'",
    ),
    Rollup(
        "item_minutes",
        ("sku", "visit", "minute"),
        ("touched", "picked", "tried", "put_back", "misplaced", "gone"),
        "SELECT coalesce(nullif(json_extract(data, '$.sku'), ''), json_extract(data, '$.gtin')),"
        f" coalesce(json_extract(data, '$.visit'), 0), utc_ns / {NS_PER_MINUTE},"
        + ",".join(
            f" sum(json_extract(data, '$.action') IN ({actions}))"
            for actions in (
                "'touched', 'looked-at', 'picked-up'",
                "'picked-up'",
                "'tried-on'",
                "'put-back'",
                "'misplaced'",
                "'gone'",
            )
        )
        + " FROM events",
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
    Rollup("kind_totals", ("kind",), ("events",), "SELECT kind, count(*) FROM events", "1"),
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
