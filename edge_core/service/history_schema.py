"""What GET /v1/history/… answers: long spans of the past. Dates are the site's, both ends within.

A count of people that is None was not observed or, where `hidden` says so, is too small to tell.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from edge_core.service.schema import View

Measure = Literal["entered", "left", "stays", "engaged", "visits"]
By = Literal["hour", "day"]
StepName = Literal["pass", "stop", "touch", "visit", "pick", "try", "buy"]
HeatKind = Literal["dwell", "paths"]


class SpanView(View):
    """Base: which of the site's days an answer is about."""

    first: date
    last: date


class BucketView(View):
    """One hour or day of a series."""

    start: datetime
    value: float | None = Field(description="null where nothing was observed, or hidden")
    observed: float = Field(
        ge=0, le=1, description="share of its open hours that was watched, as far as passed"
    )
    per_hour: float | None = Field(description="value by observed hour; null for less than 3 min")
    hidden: bool = Field(default=False, description="there is a count, too small to tell")
    expected: float | None = Field(default=None, description="usual for this hour and weekday")
    low: float | None = Field(default=None, description="lower end of what is usual (90 %)")
    high: float | None = None


class SeriesView(SpanView):
    """GET /v1/history/series: one measure at one place, bucket by bucket."""

    measure: Measure
    place: str = Field(description="line, zone, or empty for all entrances together")
    by: By
    buckets: list[BucketView]
    total: float | None = Field(description="of what is told; null where nothing was observed")
    observed: float = Field(ge=0, le=1, description="share of the span's open hours")
    hidden: int = Field(description="buckets too small to tell")


class HeatView(SpanView):
    """GET /v1/history/heat: density on a floor, row by row from the top left."""

    floor: str
    kind: HeatKind
    from_clock: int = Field(description="from this hour of the site's day")
    to_clock: int = Field(description="up to this one, without it")
    unit: str = Field(description="of `density`, e.g. person-seconds per m² and observed hour")
    left_m: float
    top_m: float
    cell_m: float
    columns: int
    rows: int
    density: list[float | None] = Field(
        description="null where no camera sees the floor, or was not watching, or nobody can stand"
    )
    p99: float | None = Field(description="of the density, for a colour scale")
    total: float = Field(description="person-seconds, or metres walked, over the whole span")
    hours: float = Field(description="for how long the cell seen most was watched")
    seen_share: float = Field(ge=0, le=1, description="of the floor where people can stand")


class HeatDifferenceView(View):
    """GET /v1/history/heat/difference: two spans, and the later less the earlier."""

    before: HeatView
    after: HeatView
    difference: list[float | None] = Field(description="null where either is")
    p99: float | None = Field(description="of the difference's size")


class QuantileView(View):
    """A length of stay with its 95 % interval; null where too many were cut short to tell."""

    seconds: float | None
    low: float | None
    high: float | None


class ShareView(View):
    """A share with its 95 % interval."""

    share: float
    low: float | None
    high: float | None


class ZoneDwellView(View):
    """How long people stay in one zone."""

    zone: str
    stays: int | None = Field(description="that may be told; null for fewer than the least group")
    hidden_days: int = Field(description="days too small to tell, not in `stays`")
    cut: float | None = Field(description="share of the stays that were longer than was seen")
    mean_s: float | None = Field(description="of what was seen; too short where stays were cut")
    median: QuantileView | None = Field(description="cut stays taken into account")
    p90: QuantileView | None
    engaged: ShareView | None = Field(description="of the stays: stood for longer than 5 s")
    curve: list[tuple[float, float]] = Field(description="seconds, share of stays longer")


class DwellView(SpanView):
    """GET /v1/history/dwell."""

    zones: list[ZoneDwellView]


class NodeView(View):
    """A zone, or an end of people's ways."""

    id: str
    name: str
    name_zh: str
    kind: Literal["zone", "source", "sink"]


class LinkView(View):
    """People who went from one node to another next."""

    source: str
    target: str
    people: int
    share: float = Field(description="of those who went anywhere from `source`, smoothed (0.5)")


class BalanceView(View):
    """One zone's account: all moves in = all moves out + change + `residual`."""

    zone: str
    moved_in: int = Field(description="by the links that are told")
    moved_out: int = Field(description="by the links that are told")
    change: int | None = Field(
        description="people in it at the end less at the beginning; null for few"
    )
    residual: int = Field(description="of all moves between the two looks; 0 when all adds up")


class FlowsView(SpanView):
    """GET /v1/history/flows: links fit for a Sankey diagram."""

    nodes: list[NodeView]
    links: list[LinkView] = Field(description="largest first")
    hidden_links: int = Field(description="links too small to tell")
    balance: list[BalanceView] = Field(description="between the looks named next; may be empty")
    balance_from: datetime | None = Field(description="first hour at which people were looked at")
    balance_to: datetime | None = Field(description="last such hour")
    residual_share: float | None = Field(
        description="sum of the residuals' sizes by sum of moves in; null without moves"
    )


class HourSharesView(View):
    """Where people go next within one hour of the day."""

    clock: int = Field(ge=0, le=23)
    shares: dict[str, float] = Field(description="by target, smoothed (0.5), to the hundredth")


class NextView(SpanView):
    """GET /v1/history/flows/next: where people go from one zone, hour of the day by hour."""

    origin: str
    hours: list[HourSharesView] = Field(description="those with at least four least groups")


class LabelView(View):
    """One label's share."""

    label: str
    share: float
    low: float | None
    high: float | None


class AttributeView(View):
    """Shares of one attribute."""

    attribute: str
    corrected: bool = Field(description="by an audit's confusion matrix; else as was estimated")
    people: int = Field(description="who could be told of, or not")
    coverage: float = Field(ge=0, le=1, description="share of those that it was told of")
    labels: list[LabelView]
    hidden_days: int


class DemographicsView(SpanView):
    """GET /v1/history/demographics: shares of visitors; empty while attributes are off."""

    place: str = Field(description="zone, entrance line, or empty for the site")
    attributes: list[AttributeView]


class StepView(View):
    """One step of a funnel."""

    step: StepName
    unit: Literal["stays", "people", "garments"]
    count: int | None = Field(description="null where hidden or nothing can tell")
    of: StepName | None = Field(default=None, description="what the rate is of")
    rate: ShareView | None = None
    meaning: str


class FunnelView(SpanView):
    """GET /v1/history/funnel: from passing by to buying."""

    place: str = Field(description="zone, or empty for the whole site")
    steps: list[StepView]


class WindowView(View):
    """What one shop window does."""

    zone: str
    passed: int | None
    stopped: int | None
    entered: int | None = Field(description="came in within a minute of it")
    stop_rate: ShareView | None
    capture_rate: ShareView | None = Field(description="of those who passed, who came in")


class WindowsView(SpanView):
    """GET /v1/history/windows."""

    windows: list[WindowView]


class ItemRowView(View):
    """What happened to the garments of one product."""

    sku: str
    name: str = ""
    name_zh: str = ""
    size: str = ""
    colour: str = ""
    picture: str = ""
    tint: str = ""
    touched: int
    picked: int
    tried: int
    left: int
    misplaced: int
    bought: int
    pick_to_try: ShareView | None = Field(
        description="of those picked on a day, tried on that day; drawn towards all products'"
    )
    try_to_buy: ShareView | None = Field(
        description="of those tried on a day, bought on that day; drawn towards all products'"
    )


class ItemTableView(SpanView):
    """GET /v1/history/items: garments, not people."""

    items: list[ItemRowView] = Field(description="most touched first")
