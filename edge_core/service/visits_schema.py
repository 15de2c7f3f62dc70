"""People counted: crossings, occupancy, visits and audits of them, in the local API."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from edge_core.service.schema import View


class CountsToday(View):
    """Totals of the site's local day; the server-sent event `counts`."""

    date: str
    entered: int = Field(description="into the site, by its entrance lines")
    left: int
    inside: int = Field(
        description="as /v1/occupancy tells; where that is null, people in view or inside by the"
        " lines, never below zero"
    )
    by_line: dict[str, tuple[int, int]] = Field(description="line id -> (in, out)")


class OccupancyPoint(View):
    """How many were inside at one moment; a gap in the counting is null, or no point at all."""

    at: datetime
    inside: float | None = None
    low: int | None = Field(default=None, description="lower end of the 90 % interval")
    high: int | None = None


class OccupancyView(View):
    """GET /v1/occupancy: how many people are inside, staff among them.

    From crossings, corrected by whom the cameras see; zero at closing time.
    """

    at: datetime
    inside: int | None = Field(description="null while the entrances are not watched enough")
    low: int | None = Field(description="lower end of the 90 % interval")
    high: int | None
    in_view: int = Field(description="different people seen inside just now")
    staff: int = Field(description="of those inside, known to work here")
    watched: float = Field(ge=0, le=1, description="of the last 15 min, at the entrances")
    counting_since: datetime = Field(description="the site was empty, or counting began")
    today: list[OccupancyPoint] = Field(default=[])


class UniqueView(View):
    """Different people of one day, staff left out."""

    uncorrected: int | None = Field(description="as identity told them apart; null when few")
    estimate: int | None = Field(description="corrected for splits and merges; null before audits")
    low: int | None = Field(description="lower end of the 95 % interval")
    high: int | None
    split: float | None = Field(description="share that duplicates somebody, by the last audit")
    merged: float | None = Field(description="share taken for somebody else, by the same")
    audited_clusters: int = 0
    audited_persons: int = 0
    audited_at: datetime | None = None
    source: str = ""


class CorrectedView(View):
    """Crossings of the entrances on one day, corrected by the newest audit of them."""

    counted: int
    estimate: int | None = Field(default=None, description="null before any audit")
    low: int | None = Field(default=None, description="lower end of the 95 % interval")
    high: int | None = None
    audited: int = Field(default=0, description="true crossings of that audit")
    audited_at: datetime | None = None


class VisitCountsView(View):
    """GET /v1/visits?date=…: visits that began on one day of the site and are over.

    Numbers under the site's `minimum_group` are null.
    """

    date: str
    entered: CorrectedView = Field(description="everybody, staff among them")
    left: CorrectedView
    visits: int | None = Field(description="staff left out")
    again: int | None = Field(description="of those, by people who had been here that day")
    seen_in: dict[str, int | None] = Field(description="by which of their ends was seen")
    groups: int | None = Field(description="groups of two and more that came in together")
    in_groups: int | None = Field(description="visits of people in groups")
    staff: int | None = Field(description="visits of staff")
    median_s: float | None = Field(description="duration of those whose both ends were seen")
    unique: UniqueView


class StaffMark(View):
    """Body of POST /v1/staff."""

    model_config = ConfigDict(defer_build=False)  # FastAPI asks for it at once

    number: int = Field(description="a person's, as in /v1/live")


class StaffMarked(View):
    """Answer of POST /v1/staff."""

    number: int
    staff: bool = True


class RatesView(View):
    """Body and answer of POST /v1/rates: what an audit found."""

    model_config = ConfigDict(defer_build=False)  # FastAPI asks for it at once

    of: Literal["identity", "entries", "exits"]
    duplicates: int = Field(
        ge=0, description="clusters that duplicate another one's person; false crossings"
    )
    clusters: int = Field(ge=1, description="of so many clusters, or counted crossings")
    absorbed: int = Field(ge=0, description="persons without a cluster; missed crossings")
    persons: int = Field(ge=1, description="of so many persons, or true crossings")
    source: Literal["walks", "tallies"]


class CountBucket(View):
    """Crossings of one line within one span of time; `available` is the observed share of it."""

    start: datetime
    line: str
    entered: int
    left: int
    available: float = Field(ge=0, le=1, description="0 = nothing was watched: not a zero count")


class CountsView(View):
    """GET /v1/counts?start=…&end=…&bucket_s=900."""

    today: CountsToday
    buckets: list[CountBucket]
