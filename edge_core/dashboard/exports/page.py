"""The exports page: tables as CSV, and a day as PDF."""

from datetime import date, timedelta
from html import escape
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from nicegui import ui

from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.viewer import viewer, viewer_of
from edge_core.dashboard.exports.csv_text import csv_text
from edge_core.dashboard.exports.day import day_of
from edge_core.dashboard.exports.report import daily_report
from edge_core.dashboard.exports.spans import (
    BUCKETS_S,
    DAY_S,
    MOST_DAYS,
    MOST_SPANS,
    count_of_spans,
    spans,
)
from edge_core.dashboard.exports.tables import TABLES, table_rows
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.service.problems import QueryError
from edge_core.service.views import ServiceState, local_day

PATH: Final = "/exports"
_BUCKETS: Final = {
    900: ("a quarter of an hour", "15 分钟"),
    3600: ("an hour", "1 小时"),
    DAY_S: ("a day", "1 天"),
}


def exports_page(state: ServiceState, accounts: Accounts) -> Page:
    """The page, with the files it hands out."""
    files = _Files(state, accounts)
    router = APIRouter(prefix=PATH, include_in_schema=False)
    router.add_api_route("/table.csv", files.table, methods=["GET"])
    router.add_api_route("/report.pdf", files.report, methods=["GET"])
    return Page(
        PATH,
        "Exports",
        _build,
        title_zh="导出",
        icon="exports",
        group="manage",
        router=router,
    )


class _Files:
    def __init__(self, state: ServiceState, accounts: Accounts) -> None:
        self._state = state
        self._accounts = accounts

    def table(
        self,
        request: Request,
        table: str,
        first: date,
        last: date,
        bucket_s: Annotated[int, Query()] = 3600,
    ) -> Response:
        """One table between two local days, with both."""
        found = TABLES.get(table)
        if found is None or bucket_s not in BUCKETS_S:
            raise QueryError("There is no such table or bucket.", "Choose on the page Exports.")
        _check(first, last, bucket_s)
        timezone = ZoneInfo(self._state.site().timezone)
        rows = table_rows(found, self._state, list(spans(first, last, bucket_s, timezone)))
        text = csv_text(rows)
        name = f"{self._state.site().id}-{table}-{first}-{last}.csv"
        self._note(request, name)
        return _download(text.encode(), "text/csv; charset=utf-8", name)

    def report(self, request: Request, day: date) -> Response:
        """A day on one page."""
        site = self._state.site()
        _check(day, day, DAY_S)
        if day > local_day(site, self._state.clock.utc_ns()):
            raise QueryError("That day has not come yet.", "Choose today or an earlier day.")
        say = viewer_of(request).say
        pdf = daily_report(site, day_of(self._state, day, say), say)
        name = f"{site.id}-{day}.pdf"
        self._note(request, name)
        return _download(pdf, "application/pdf", name)

    def _note(self, request: Request, name: str) -> None:
        who = viewer_of(request)
        self._accounts.note(who.name, who.address, What.EXPORT, name)


def _check(first: date, last: date, bucket_s: int) -> None:
    if not date(2000, 1, 1) <= first <= last < date(2200, 1, 1):
        raise QueryError("The last day is before the first, or out of reach.", "Swap the days.")
    if (last - first).days >= MOST_DAYS or count_of_spans(first, last, bucket_s) > MOST_SPANS:
        raise QueryError(
            f"That would be more than {MOST_DAYS} days or {MOST_SPANS} spans.",
            "Choose a shorter time or longer spans.",
        )


def _download(body: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


def _build(state: ServiceState) -> None:
    say = viewer().say
    today = local_day(state.site(), state.clock.utc_ns())
    with ui.element("div").classes("pr-access pr-exports"):
        with ui.element("section").classes("pr-card"):
            ui.html(report_html(today, say), sanitize=False)
        with ui.element("section").classes("pr-card"):
            ui.html(tables_html(today, say), sanitize=False)


def report_html(today: date, say: Say) -> str:
    """The form for a day's report."""
    yesterday = today - timedelta(days=1)
    return f"""<div class="pr-title"><b>{say("A day on one page", "每日报告")}</b></div>
<p class="pr-hint">{
        say(
            "Visitors by hour, where people stayed, what was handled, and how far all of it was"
            " watched. To be printed and hung up.",
            "每小时客流、停留区域、商品互动及观测覆盖情况，可打印张贴。",
        )
    }</p>
<form method="get" action="{PATH}/report.pdf" class="pr-form">
<label>{say("Day", "日期")}<input type="date" name="day" required max="{today}"
 value="{yesterday}"></label>
<button class="pr-main" type="submit">{
        say("Daily report (PDF)", "下载日报 (PDF)")
    }</button></form>"""


def tables_html(today: date, say: Say) -> str:
    """The form for tables."""
    tables = "".join(
        f'<label class="pr-choice"><input type="radio" name="table" value="{table.name}"'
        f"{' checked' if place == 0 else ''}><span><b>{say(table.title, table.title_zh)}</b>"
        f"{escape(say(table.about, table.about_zh))}</span></label>"
        for place, table in enumerate(TABLES.values())
    )
    buckets = "".join(
        f'<option value="{seconds}"{" selected" if seconds == 3600 else ""}>{say(*told)}</option>'
        for seconds, told in _BUCKETS.items()
    )
    return f"""<div class="pr-title"><b>{say("Figures as a table", "数据表")}</b></div>
<form method="get" action="{PATH}/table.csv" class="pr-form">
<div class="pr-choices" role="radiogroup">{tables}</div>
<div class="pr-line"><label>{say("From", "从")}<input type="date" name="first" required
 max="{today}" value="{today - timedelta(days=6)}"></label>
<label>{say("To", "至")}<input type="date" name="last" required max="{today}"
 value="{today}"></label>
<label>{say("One row", "每行")}<select name="bucket_s">{buckets}</select></label></div>
<button class="pr-main" type="submit">{say("Table (CSV)", "下载数据表 (CSV)")}</button></form>
<p class="pr-hint">{
        say(
            "An empty cell is not known (nobody watched) or told of too few people; it is never"
            " a zero. Opens in any spreadsheet; every export is kept in the access log.",
            "空白表示未观测或人数过少，并非为零。可用任意电子表格打开；每次导出均记入访问日志。",
        )
    }</p>"""
