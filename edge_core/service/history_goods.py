"""Funnels, shop windows and garments over long spans, as the API tells them."""

from collections.abc import Iterable

import numpy as np

from edge_core.analytics.funnel import OF, UNIT, Step, shrunk_rates
from edge_core.config import Products
from edge_core.service.history_schema import (
    FunnelView,
    ItemRowView,
    ItemTableView,
    ShareView,
    StepView,
    WindowsView,
    WindowView,
)
from edge_core.service.history_views import Span, share_view
from edge_core.service.past import Past
from edge_core.service.site_schema import SiteView
from edge_core.types import Int64Array

MEANING = {
    Step.PASS: "Stays of a second or longer in the place; for the site, outside its entrance.",
    Step.STOP: "Of those, with somebody standing for longer than 5 s.",
    Step.TOUCH: "Garments of the place handled in any way, by anybody; each time counts.",
    Step.VISIT: "For the site, people who came in; for a zone, stays of 30 s or longer.",
    Step.PICK: "Garments taken in hand.",
    Step.TRY: "Garments taken to a fitting room.",
    Step.BUY: "Garments sold, less what was taken back.",
}


_UNSEEN = WindowView(
    zone="",
    observed_hours=0.0,
    passed=None,
    stopped=None,
    entered=None,
    stop_rate=None,
    capture_rate=None,
)


def funnel_view(past: Past, site: SiteView, place: str, span: Span) -> FunnelView:
    """From passing by to buying, for a zone or the whole site; `Step` says what counts."""
    counts = _stays(past, site, place, span) | _garments(past, place, span)
    if not place:
        lines = past.history.line_days(span.begin, span.end)
        entrances = [lines[it.id] for it in site.lines if it.entrance and it.id in lines]
        counts[Step.VISIT] = int(sum(rows.values[:, 0].sum() for rows in entrances))
    steps = []
    for step in Step:
        count, whole = counts.get(step), OF.get(step)
        of = counts.get(whole) if whole is not None else None
        steps.append(
            StepView(
                step=step.value,
                unit=UNIT[step],
                count=count,
                of=whole.value if whole is not None else None,
                rate=share_view(count, of) if count is not None and of is not None else None,
                meaning=MEANING[step],
            )
        )
    return FunnelView(first=span.first, last=span.last, place=place, steps=steps)


def _stays(past: Past, site: SiteView, place: str, span: Span) -> dict[Step, int | None]:
    """Pass and stop, and a zone's visits."""
    kinds = {zone.id: zone.kind for zone in site.zones}
    corridors = [zone for zone, kind in kinds.items() if kind == "corridor"]
    windows = [zone for zone, kind in kinds.items() if kind == "window"]
    observed = past.observed_hours(span.begin, span.end)
    zones = [place] if place else corridors or windows
    zones = [zone for zone in zones if observed.get(zone)]
    if not zones:
        return {}
    by_day = past.history.zone_days(span.from_day, span.to_day)
    table = sum((span.table(by_day.get(zone), 6) for zone in zones), span.table(None, 6))
    stays, judged, engaged, long = (table[:, column] for column in (0, 2, 3, 4))
    k = site.minimum_group
    found: dict[Step, int | None] = {
        Step.PASS: told_total(span, stays[:, None], k),
        Step.STOP: told_total(span, np.column_stack([engaged, judged - engaged]), k),
    }
    if place:
        found[Step.VISIT] = told_total(span, np.column_stack([long, stays - long]), k)
    return found


def told_total(span: Span, parts: Int64Array, k: int) -> int | None:
    """The first part's sum; None where all that there is is hidden."""
    total = span.total(parts, k)
    return None if not total.parts.sum() and total.hidden_days else int(total.parts[0])


def _garments(past: Past, place: str, span: Span) -> dict[Step, int | None]:
    totals = past.history.item_totals(span.begin, span.end)
    of_place: Iterable[tuple[int, ...]] = [
        figures for sku, figures in totals.items() if not place or past.zone_of.get(sku) == place
    ]
    touched, picked, tried, _, _, bought, _, _ = (
        np.array(list(of_place), np.int64).reshape(-1, 8).sum(axis=0).tolist()
    )
    return {Step.TOUCH: touched, Step.PICK: picked, Step.TRY: tried, Step.BUY: bought}


def windows_view(past: Past, site: SiteView, span: Span) -> WindowsView:
    """Of those who pass a window, how many stop, and how many come in within a minute of it."""
    k = site.minimum_group
    by_day = past.history.zone_days(span.from_day, span.to_day)
    entered_by_day = past.history.window_days(span.from_day, span.to_day)
    observed = past.observed_hours(span.begin, span.end)
    windows = []
    for zone in site.zones:
        if zone.kind != "window":
            continue
        hours = round(observed.get(zone.id, 0.0), 2)
        if not hours:
            windows.append(_UNSEEN.model_copy(update={"zone": zone.id}))
            continue
        table = span.table(by_day.get(zone.id), 6)
        passed = told_total(span, table[:, :1], k)
        stopped = told_total(span, np.column_stack([table[:, 3], table[:, 2] - table[:, 3]]), k)
        entered = told_total(span, span.table(entered_by_day.get(zone.id), 1), k)
        windows.append(
            WindowView(
                zone=zone.id,
                observed_hours=hours,
                passed=passed,
                stopped=stopped,
                entered=entered,
                stop_rate=_of(stopped, passed),
                capture_rate=_of(entered, passed),
            )
        )
    return WindowsView(first=span.first, last=span.last, windows=windows)


def _of(part: int | None, whole: int | None) -> ShareView | None:
    return None if part is None or whole is None else share_view(part, whole)


def items_table(past: Past, products: Products, span: Span) -> ItemTableView:
    """What happened to garments, product by product, with shares that small numbers do not fool."""
    totals = past.history.item_totals(span.begin, span.end)
    table = np.array(list(totals.values()), np.int64).reshape(-1, 8)
    to_try = shrunk_rates(table[:, 6], table[:, 1])
    to_buy = shrunk_rates(table[:, 7], table[:, 2])
    rows = []
    for index, (sku, figures) in enumerate(totals.items()):
        touched, picked, tried, put_back, misplaced, bought, _, _ = figures
        product = products.of_sku(sku)
        names = {"sku": sku}
        if product is not None:
            shown = {"sku", "name", "name_zh", "size", "colour", "picture", "tint"}
            names = product.model_dump(include=shown)
        rates = [
            None
            if it is None
            else ShareView(share=round(it.share, 4), low=round(it.low, 4), high=round(it.high, 4))
            for it in (to_try[index], to_buy[index])
        ]
        rows.append(
            ItemRowView(
                **names,
                touched=touched,
                picked=picked,
                tried=tried,
                left=put_back + misplaced,
                misplaced=misplaced,
                bought=bought,
                pick_to_try=rates[0],
                try_to_buy=rates[1],
            )
        )
    rows.sort(key=lambda it: (-it.touched, -it.bought, it.sku))
    return ItemTableView(first=span.first, last=span.last, items=rows)
