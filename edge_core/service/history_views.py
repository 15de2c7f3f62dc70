"""Heat, dwell, flows and shares over long spans, as the API tells them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from edge_core.analytics.demographics import UNKNOWN, labels_of, shares
from edge_core.analytics.flows import SINKS, SOURCES, Balance, balance, transition_shares
from edge_core.analytics.funnel import rate
from edge_core.analytics.heatmap import density, observed_hours
from edge_core.analytics.suppression import SpanTotal, span_total
from edge_core.analytics.survival import Quantile, survival
from edge_core.ledger import DWELL_EDGES_S, History, Rows
from edge_core.ledger.site_time import NS_PER_MINUTE, date_of, day_number, month_number
from edge_core.service.history_schema import (
    AttributeView,
    BalanceView,
    DemographicsView,
    DwellView,
    FlowsView,
    HeatDifferenceView,
    HeatKind,
    HeatView,
    HourSharesView,
    LabelView,
    LinkView,
    NextView,
    NodeView,
    QuantileView,
    ShareView,
    ZoneDwellView,
)
from edge_core.service.past import Past, rounded
from edge_core.service.site_schema import SiteView
from edge_core.service.views import utc_from_ns
from edge_core.types import Int64Array

_END_NAMES: Final = {
    "@entrance": ("Entrance", "入口"),
    "@exit": ("Exit", "出口"),
    "@edge": ("Edge of the view", "视野边缘"),
    "@appeared": ("First seen here", "首次出现"),
    "@lost": ("Lost from view", "跟丢"),
}
_UNITS: Final = {
    "dwell": "person-seconds per m² and observed hour",
    "paths": "metres walked per m² and observed hour",
}
_LEAST_HOURS: Final = 1 / 60
"""A cell watched for less tells nothing."""


class Span:
    """Days from `first` to `last`, both within, and the whole months they touch so far.

    Args:
        first: the site's date.
        last: the same.
        today: number of the site's day now.
    """

    def __init__(self, first: date, last: date, today: int) -> None:
        self.first, self.last, self._today = first, last, today
        self.begin, self.end = day_number(first), day_number(last)
        self.from_day = day_number(first.replace(day=1))
        after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
        self.to_day = max(self.from_day, min(day_number(after) - 1, today))
        self.days: Int64Array = np.arange(self.from_day, self.to_day + 1, dtype=np.int64)
        self.months: Int64Array = np.array(
            [month_number(date_of(day)) for day in self.days.tolist()], np.int64
        )

    def pieces(self) -> Iterator[tuple["Span", bool]]:
        """The span in up to three: whole months together, which are marked, and what is left."""
        covered = [
            bool(((self.begin <= part) & (part <= self.end)).all())
            for part in (self.days[self.months == it] for it in np.unique(self.months))
        ]
        numbers = np.unique(self.months)
        whole = numbers[covered]
        if not len(whole):
            yield self, False
            return
        days = self.days[np.isin(self.months, whole)]
        first, last = date_of(int(days[0])), date_of(int(days[-1]))
        if self.begin < days[0]:
            yield Span(self.first, first - timedelta(days=1), self._today), False
        yield Span(first, last, self._today), True
        if self.end > days[-1] and last < self.last and self.to_day > days[-1]:
            yield Span(last + timedelta(days=1), self.last, self._today), False

    def table(self, rows: Rows | None, width: int) -> Int64Array:
        """Rows of `History` for every day: int64 (D, width)."""
        found = np.zeros((len(self.days), width), np.int64)
        if rows is not None:
            found[rows.number - self.from_day] = rows.values
        return found

    def total(self, parts: Int64Array, k: int) -> SpanTotal:
        """What of the span's sums may be told; parts int64 (D, V)."""
        return span_total(parts, self.days, self.months, self.begin, self.end, k)


def told(count: int, k: int) -> int | None:
    """A count of people, or None where it is too small."""
    return None if 0 < count < k else count


def share_view(part: int, whole: int) -> ShareView | None:
    """A rate as the API tells it."""
    found = rate(part, whole)
    if found is None:
        return None
    low, high = (None if it is None else round(it, 4) for it in (found.low, found.high))
    return ShareView(share=round(found.share, 4), low=low, high=high)


def heat_view(
    past: Past, floor: str, kind: HeatKind, span: Span, clocks: tuple[int, int]
) -> HeatView:
    """Density on one floor within some hours of the day. KeyError for an unknown floor."""
    grid, plans = past.plans.grids[floor], past.plans
    column: Literal["dwell", "walked"] = "dwell" if kind == "dwell" else "walked"
    sums = past.history.heat(grid, column, span.begin, span.end, range(*clocks))
    hours = observed_hours(sums.watched_ms, plans.seen_by[floor], grid.cells)
    amount = sums.amount / 1000
    told_hours = np.where(hours >= _LEAST_HOURS, hours, 0.0)
    values = density(amount, told_hours, grid)
    known = values[np.isfinite(values)]
    return HeatView(
        first=span.first,
        last=span.last,
        floor=floor,
        kind=kind,
        from_clock=clocks[0],
        to_clock=clocks[1],
        unit=_UNITS[kind],
        left_m=grid.left_m,
        top_m=grid.top_m,
        cell_m=grid.cell_m,
        columns=grid.columns,
        rows=grid.rows,
        density=rounded(values, 2),
        p99=round(float(np.percentile(known, 99)), 2) if len(known) else None,
        total=round(float(amount.sum()), 1),
        hours=round(float(hours.max(initial=0)), 3),
        seen_share=round(len(known) / max(1, int(plans.walkable[floor].sum())), 4),
    )


def heat_difference(before: HeatView, after: HeatView) -> HeatDifferenceView:
    """The later span's density less the earlier's."""
    earlier, later = (np.array(it.density, np.float64) for it in (before, after))
    change = later - earlier
    known = np.abs(change[np.isfinite(change)])
    return HeatDifferenceView(
        before=before,
        after=after,
        difference=rounded(change, 2),
        p99=round(float(np.percentile(known, 99)), 2) if len(known) else None,
    )


def dwell_view(past: Past, site: SiteView, span: Span) -> DwellView:
    """How long people stay, zone by zone."""
    k, history = site.minimum_group, past.history
    observed = past.observed_hours(span.begin, span.end)
    by_day = history.zone_days(span.from_day, span.to_day)
    lengths = history.stay_lengths(span.begin, span.end)
    zones = []
    for zone in site.zones:
        table = span.table(by_day.get(zone.id), 6)
        stays = span.total(table[:, :1], k)
        count = int(stays.parts[0])
        whole = table[(span.days >= span.begin) & (span.days <= span.end)].sum(axis=0)
        engaged = span.total(np.column_stack([table[:, 3], table[:, 2] - table[:, 3]]), k).parts
        curve, median, p90 = None, None, None
        if count >= 2 * k and zone.id in lengths:
            curve = survival(*lengths[zone.id], np.array(DWELL_EDGES_S))
            median, p90 = (_quantile(curve.quantile(share)) for share in (0.5, 0.1))
        zones.append(
            ZoneDwellView(
                zone=zone.id,
                observed_hours=round(observed.get(zone.id, 0.0), 2),
                stays=count if count or (observed.get(zone.id) and not whole[0]) else None,
                hidden_days=stays.hidden_days,
                cut=round(float(whole[1] / whole[0]), 3) if count >= 2 * k else None,
                mean_s=round(float(whole[5] / whole[0] / 1000), 1) if count >= 2 * k else None,
                median=median,
                p90=p90,
                engaged=share_view(int(engaged[0]), int(engaged.sum())),
                curve=[]
                if curve is None
                else [
                    (float(edge), round(float(share), 4))
                    for edge, share in zip(curve.edge_s, curve.share, strict=True)
                    if np.isfinite(share)
                ],
            )
        )
    return DwellView(first=span.first, last=span.last, zones=zones)


def _quantile(found: Quantile) -> QuantileView:
    told = (None if it is None else round(it, 1) for it in (found.seconds, found.low, found.high))
    seconds, low, high = told
    return QuantileView(seconds=seconds, low=low, high=high)


def flows_view(history: History, site: SiteView, span: Span) -> FlowsView:
    """Who went from where to where, and whether it adds up."""
    k = site.minimum_group
    people, raw = _moves(history, span, k)
    shown = {pair: count for pair, count in people.items() if count >= k}
    nodes = sorted({node for pair in shown for node in _named(pair)})
    looks, accounts = _accounts(history, raw, span)
    moved_in = sum(it.moved_in for it in accounts.values())
    residual = sum(abs(it.residual) for it in accounts.values())
    begin, end = (None if it is None else utc_from_ns(it * NS_PER_MINUTE) for it in looks)
    return FlowsView(
        first=span.first,
        last=span.last,
        nodes=[_node(node, site) for node in nodes],
        links=_links(shown),
        hidden_links=sum(raw[pair] > 0 for pair in raw if pair not in shown),
        balance=[_balance_view(zone, it, shown, k) for zone, it in accounts.items()],
        balance_from=begin,
        balance_to=end,
        residual_share=round(residual / moved_in, 4) if moved_in else None,
    )


def _moves(
    history: History, span: Span, k: int
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """People by origin and target that may be told, and all of them."""
    people: dict[tuple[str, str], int] = {}
    raw: dict[tuple[str, str], int] = {}
    for part, whole in span.pieces():
        if whole:
            months = int(part.months[0]), int(part.months[-1])
            for pair, rows in history.moves_of_months(*months).items():
                counts = rows.values[:, 0]
                raw[pair] = raw.get(pair, 0) + int(counts.sum())
                people[pair] = people.get(pair, 0) + int(counts[counts >= k].sum())
            continue
        within = (part.days >= part.begin) & (part.days <= part.end)
        for pair, rows in history.moves(part.from_day, part.to_day).items():
            table = part.table(rows, 1)
            raw[pair] = raw.get(pair, 0) + int(table[within].sum())
            people[pair] = people.get(pair, 0) + int(part.total(table, k).parts[0])
    return people, raw


def _named(pair: tuple[str, str]) -> tuple[str, str]:
    """A link's nodes; the edge of the view is a source and a sink, so it has two names."""
    origin, target = pair
    return (
        f"{origin}:in" if origin in SOURCES else origin,
        f"{target}:out" if target in SINKS else target,
    )


def _node(node: str, site: SiteView) -> NodeView:
    end, _, side = node.partition(":")
    if end in _END_NAMES:
        name, name_zh = _END_NAMES[end]
        return NodeView(
            id=node, name=name, name_zh=name_zh, kind="source" if side == "in" else "sink"
        )
    zone = next((it for it in site.zones if it.id == node), None)
    name, name_zh = (zone.name, zone.name_zh) if zone else (node, node)
    return NodeView(id=node, name=name, name_zh=name_zh, kind="zone")


def _links(shown: dict[tuple[str, str], int]) -> list[LinkView]:
    targets = sorted({target for _, target in shown})
    origins = sorted({origin for origin, _ in shown})
    counts = np.array([[shown.get((o, t), 0) for t in targets] for o in origins], np.float64)
    if not len(counts):
        return []
    share = transition_shares(counts)
    links = []
    for pair, count in sorted(shown.items(), key=lambda it: -it[1]):
        source, target = _named(pair)
        at = share[origins.index(pair[0]), targets.index(pair[1])]
        links.append(
            LinkView(source=source, target=target, people=count, share=round(float(at), 4))
        )
    return links


def _accounts(
    history: History, raw: dict[tuple[str, str], int], span: Span
) -> tuple[tuple[int | None, int | None], dict[str, Balance]]:
    """Every zone's account between the first and the last look of a span, and their hours."""
    start, end = history.hours_of(span.begin, span.end)
    looks = history.looks(start, end)
    if looks is None or looks[0] == looks[1]:
        return (None, None), {}
    moves = raw if looks == (start, end) else history.moves_between(*looks)
    return looks, balance(moves, *(history.present_at(hour) for hour in looks))


def _balance_view(
    zone: str, account: Balance, shown: dict[tuple[str, str], int], k: int
) -> BalanceView:
    """People by told links only: exact sums of a day more or less would tell of single ones."""
    return BalanceView(
        zone=zone,
        moved_in=sum(count for (_, target), count in shown.items() if target == zone),
        moved_out=sum(count for (origin, _), count in shown.items() if origin == zone),
        change=told(abs(account.change), k) and account.change,
        residual=account.residual,
    )


def next_view(history: History, site: SiteView, origin: str, span: Span) -> NextView:
    """Where people go from one zone, hour of the day by hour; shares only, of enough people."""
    start, end = history.hours_of(span.begin, span.end)
    by_target = history.moves_by_clock(origin, start, end)
    targets = sorted(by_target)
    counts = np.array([by_target[it] for it in targets], np.float64).reshape(len(targets), 24).T
    share = transition_shares(counts) if targets else counts
    return NextView(
        first=span.first,
        last=span.last,
        origin=origin,
        hours=[
            HourSharesView(
                clock=clock,
                shares={
                    target: round(float(it), 2)
                    for target, it in zip(targets, share[clock], strict=True)
                },
            )
            for clock in range(24)
            if targets and counts[clock].sum() >= 4 * site.minimum_group
        ],
    )


def demographics_view(past: Past, site: SiteView, place: str, span: Span) -> DemographicsView:
    """Shares of visitors by attribute at a place; the interval's draw is the same every time."""
    days = past.history.trait_days(place, span.from_day, span.to_day)
    found = []
    for attribute in sorted({attribute for attribute, _ in days}):
        labels = (*labels_of(attribute), UNKNOWN)
        parts = np.column_stack([span.table(days.get((attribute, it)), 1)[:, 0] for it in labels])
        total = span.total(parts, site.minimum_group)
        people = shares(
            total.parts[:-1],
            int(total.parts[-1]),
            past.audits.get(attribute),
            np.random.default_rng(span.begin),
        )
        found.append(
            AttributeView(
                attribute=attribute,
                corrected=people.corrected,
                people=people.people,
                coverage=round(people.coverage, 4),
                labels=[
                    LabelView(label=label, share=share, low=low, high=high)
                    for label, share, low, high in zip(
                        labels[:-1],
                        rounded(people.share),
                        rounded(people.low),
                        rounded(people.high),
                        strict=True,
                    )
                    if share is not None
                ],
                hidden_days=total.hidden_days,
            )
        )
    return DemographicsView(first=span.first, last=span.last, place=place, attributes=found)
