"""Client of GET /v1/history/…, for whoever asks about long spans from another process."""

from datetime import date

from edge_core.service.client import AnyView, EdgeClient
from edge_core.service.history_schema import (
    By,
    DemographicsView,
    DwellView,
    FlowsView,
    FunnelView,
    HeatDifferenceView,
    HeatKind,
    HeatView,
    ItemTableView,
    Measure,
    NextView,
    SeriesView,
    WindowsView,
)

Span = tuple[date, date]
"""First and last of the site's dates, both within."""


class HistoryClient:
    """Asks about the past. Every method raises as `EdgeClient.ask`.

    Args:
        client: of the edge service.
    """

    def __init__(self, client: EdgeClient) -> None:
        self._client = client

    def series(
        self, measure: Measure, place: str, by: By, span: Span, *, usual: bool = False
    ) -> SeriesView:
        """One measure at a line, a zone or, with an empty place, all entrances."""
        query: dict[str, str | int] = {
            "measure": measure,
            "place": place,
            "by": by,
            "usual": int(usual),
        }
        return self._ask("series", SeriesView, span, query)

    def heat(
        self, floor: str, kind: HeatKind, span: Span, clocks: tuple[int, int] = (0, 24)
    ) -> HeatView:
        """Density on a floor within hours of the day, the second without."""
        return self._ask("heat", HeatView, span, _heat_query(floor, kind, clocks))

    def heat_difference(
        self,
        floor: str,
        kind: HeatKind,
        before: Span,
        after: Span,
        clocks: tuple[int, int] = (0, 24),
    ) -> HeatDifferenceView:
        """Density of the later span less that of the earlier one."""
        query = _heat_query(floor, kind, clocks)
        query |= {"before_first": before[0].isoformat(), "before_last": before[1].isoformat()}
        return self._ask("heat/difference", HeatDifferenceView, after, query)

    def dwell(self, span: Span) -> DwellView:
        """How long people stay in each zone."""
        return self._ask("dwell", DwellView, span)

    def flows(self, span: Span) -> FlowsView:
        """Who went from where to where."""
        return self._ask("flows", FlowsView, span)

    def next_from(self, origin: str, span: Span) -> NextView:
        """Where people go from one zone, hour of the day by hour."""
        return self._ask("flows/next", NextView, span, {"origin": origin})

    def demographics(self, place: str, span: Span) -> DemographicsView:
        """Shares of visitors at a zone or entrance line, or with an empty place the site."""
        return self._ask("demographics", DemographicsView, span, {"place": place})

    def funnel(self, place: str, span: Span) -> FunnelView:
        """From passing by to buying, for a zone or the whole site."""
        return self._ask("funnel", FunnelView, span, {"place": place})

    def windows(self, span: Span) -> WindowsView:
        """What shop windows do."""
        return self._ask("windows", WindowsView, span)

    def items(self, span: Span) -> ItemTableView:
        """What happened to garments."""
        return self._ask("items", ItemTableView, span)

    def _ask(
        self, path: str, view: type[AnyView], span: Span, query: dict[str, str | int] | None = None
    ) -> AnyView:
        days: dict[str, str | int] = {"first": span[0].isoformat(), "last": span[1].isoformat()}
        return self._client.ask(f"/v1/history/{path}", view, days | (query or {}))


def _heat_query(floor: str, kind: HeatKind, clocks: tuple[int, int]) -> dict[str, str | int]:
    return {"floor": floor, "kind": kind, "from_clock": clocks[0], "to_clock": clocks[1]}
