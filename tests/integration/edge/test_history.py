"""The running service sums up where people are, and a killed core counts nobody twice."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from service import until

from edge_core.config import load_site
from edge_core.ledger import History, LedgerReader
from edge_core.ledger.site_time import day_number
from edge_core.service.client import EdgeClient
from edge_core.service.history_client import HistoryClient
from edge_core.service.presence import FloorPlans

pytestmark = pytest.mark.timeout(240)


def test_heat_grows_with_the_time_watched_and_not_with_a_restart(service):
    edge = service()
    site = load_site(edge.site)
    began = time.monotonic()
    edge.start().watching(90)
    today = datetime.now(ZoneInfo(site.site.timezone)).date()
    floor, span = site.floors[0].id, (today, today)
    with EdgeClient(edge.url) as client:
        asked = HistoryClient(client)

        def warm():
            return asked.heat(floor, "dwell", span).total > 20

        until(warm, 60, "twenty person-seconds")
        edge.kill("core")
        edge.watching(90)
        before = asked.heat(floor, "dwell", span).total
        until(lambda: asked.heat(floor, "dwell", span).total > before, 60, "heat goes on")
        dwell = {it.zone: it for it in asked.dwell(span).zones}
        assert set(dwell) == {zone.id for zone in site.zones}
    assert edge.stop() == 0
    passed_s = time.monotonic() - began
    with LedgerReader(edge.site.with_name("promenade.db")) as reader:
        assert reader.rollup_differences() == []
        watched_ms = _watched_ms(reader, site, today)
        assert 5_000 < watched_ms <= 1000 * passed_s
        moves = History(reader).moves(day_number(today), day_number(today))
        assert moves
        assert all(not target.startswith("@") or origin for origin, target in moves)


def _watched_ms(reader: LedgerReader, site, today: date) -> int:
    plans, day = FloorPlans(site), day_number(today)
    grid = plans.grids[site.floors[0].id]
    heat = History(reader).heat(grid, "dwell", day, day, range(24))
    return sum(heat.watched_ms.values())
