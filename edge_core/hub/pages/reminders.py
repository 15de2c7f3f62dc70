"""Lists on phones, reminders, and what they change against people who were sent none by chance."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import run, ui

from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.viewer import viewer_of
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.hub.after_visit.csv_files import records_csv
from edge_core.hub.after_visit.figures import LATE_DAYS, Outcome, outcome, sums
from edge_core.hub.after_visit.house import AfterVisit
from edge_core.hub.after_visit.lift import LEAST, Lift
from edge_core.hub.after_visit.settings import FILE
from edge_core.hub.pages.parts import Span, chosen_span, fact, number, open_page, table_html, title
from edge_core.hub.state import HubHouse

_PATH: Final = "/reminders"


def reminders_page(house: HubHouse, accounts: Accounts) -> Page:
    """The page, and messages as a table where nothing else takes them."""
    router = APIRouter(include_in_schema=False)

    def take(request: Request) -> Response:
        after = house.after
        if after is None or after.config.csv is None or after.config.csv.folder is not None:
            return RedirectResponse(_PATH, 303)
        who = viewer_of(request)
        records = after.postman.take_all()
        accounts.note(who.name, who.address, What.EXPORT, f"{len(records)} messages to send")
        headers = {
            "content-disposition": 'attachment; filename="messages.csv"',
            "cache-control": "no-store",
        }
        return Response(records_csv(records), media_type="text/csv; charset=utf-8", headers=headers)

    router.add_api_route(f"{_PATH}/messages", take, methods=["POST"])
    return Page(_PATH, "After the visit", _build, title_zh="访后提醒", icon="people", router=router)


def _build(house: HubHouse) -> None:
    say = open_page(house)
    span = chosen_span(house, say)
    with ui.element("section").classes("pr-card pr-facts pr-funnel"):
        facts = ui.html(sanitize=False).style("display: contents")
    with ui.element("section").classes("pr-card"):
        told = ui.html(sanitize=False)
    with ui.element("section").classes("pr-card pr-scroll"):
        table = ui.html(sanitize=False)
    with ui.element("section").classes("pr-card"):
        ui.html(way_out_html(house.after, say), sanitize=False)

    async def show() -> None:
        found = await run.io_bound(partial(_asked, house, span, say))
        if found is not None:  # else the hub is closing
            for place, html in zip((facts, told, table), found, strict=True):
                place.set_content(html)

    ui.timer(0, show, once=True)


def _asked(house: HubHouse, span: Span, say: Say) -> tuple[str, str, str]:
    by_site = sums(house.store, span.first, span.last)
    names = {site.id: site.name for site in house.store.sites()}
    window = house.after.config.window_days if house.after is not None else 14
    # Whose days were over within the span, and not who began in it: those run still.
    found = outcome(house.store, span.first - window - LATE_DAYS, span.last)
    return (
        facts_html(by_site, say),
        outcome_html(found, window, say),
        sites_html(by_site, names, say),
    )


def facts_html(by_site: Mapping[str, Counter[str]], say: Say) -> str:
    """The way of a list, from its opening to a reminder."""
    total: Counter[str] = sum(by_site.values(), Counter())
    held = total["confirmed"] - total["reminded"] - total["nothing-left"] - total["undelivered"]
    rest = say(f"{max(0, held):,} held out, bought or wait", f"{max(0, held):,} 人对照、已购或等待")
    asked = say(f"{total['asked']:,} asked for it", f"{total['asked']:,} 人提出")
    lost = total["undelivered"]
    failed = say(f"{lost:,} not delivered", f"{lost:,} 条未送达") if lost else ""
    return (
        fact(say("Lists opened", "清单打开次数"), number(total["opened"]), first=True)
        + fact(say("Agreed to a reminder", "确认提醒"), number(total["confirmed"]), asked)
        + fact(say("Reminders sent", "已发提醒"), number(total["reminded"]), failed or rest)
        + fact(
            say("Stopped", "退订"), number(total["stopped"]), say("address deleted", "地址已删除")
        )
    )


def outcome_html(found: Outcome, window_days: int, say: Say) -> str:
    """What reminders change, in words that claim no more than is known."""
    rows = "".join(
        f"<tr><td>{name}</td><td>{people:,}</td><td>{bought:,}</td>"
        f"<td>{_share(bought, people)}</td></tr>"
        for name, people, bought in (
            (say("Reminded", "提醒组"), found.reminded, found.reminded_bought),
            (say("Held out by chance", "随机对照组"), found.held, found.held_bought),
        )
    )
    heads = (
        say("Group", "组别"),
        say("People", "人数"),
        say("Bought", "购买"),
        say("Share", "比例"),
    )
    head = "".join(f'<th scope="col">{it}</th>' for it in heads)
    note = say(
        f"Everybody who agreed counts in the group that chance drew, reminded in the end or not. A"
        f" purchase counts for {window_days} days from agreeing, told by the list's code at the"
        " till or by a shop's system that knows the contact. Who is reminded has the code at hand"
        " again and may show it more often, so the difference by contact alone stands beside it;"
        f" purchases told in neither way are not seen in either group. {found.running:,} people's"
        " days are not over yet.",
        f"确认者均按随机分组统计（无论最终是否收到提醒）。自确认起 {window_days} 天内的购买计入，"
        "由收银台清单代码或掌握联系方式的商店系统上报。收到提醒者可能更常出示代码，"
        f"故另列仅按联系方式统计的差异。尚有 {found.running:,} 人未到期。",
    )
    return (
        title(say("What reminders change", "提醒的效果"))
        + f'<p class="hub-lift">{lift_words(found.overall, say)}</p>'
        + f'<div class="pr-scroll"><table class="pr-told"><thead><tr>{head}</tr></thead>'
        + f"<tbody>{rows}</tbody></table></div>"
        + f'<p class="pr-note">{say("By contact alone: ", "仅按联系方式：")}'
        + f"{lift_words(found.by_contact, say)}</p>"
        + f'<p class="pr-note">{note}</p>'
    )


def lift_words(found: Lift | None, say: Say) -> str:
    """A difference in a sentence; none is told where the interval holds 0."""
    if found is None:
        return say(
            f"Too few people to tell: it takes {LEAST} whose days are over in each group.",
            f"人数过少：每组至少需 {LEAST} 位已到期者。",
        )
    low, high, points = map(_points, (found.low, found.high, found.difference))
    interval = say(f"95 % interval {low} to {high} points", f"95% 区间 {low} 至 {high} 个百分点")
    if not found.is_told_apart:
        return say(f"No difference that could be told from chance ({interval}).",
                   f"与随机波动无法区分（{interval}）。")  # fmt: skip
    more = found.purchases
    bounds = f"{found.purchases_low:,.0f} – {found.purchases_high:,.0f}"
    return say(
        f"{points} points ({interval}): {more:,.0f} buyers ({bounds}) who would not have"
        " bought without a reminder."
        if more >= 0
        else f"{points} points ({interval}): fewer of the reminded buy.",
        f"{points} 个百分点（{interval}）：约 {more:,.0f} 位买家（{bounds}）因提醒而购买。"
        if more >= 0
        else f"{points} 个百分点（{interval}）：收到提醒者购买更少。",
    )


def sites_html(by_site: Mapping[str, Counter[str]], names: Mapping[str, str], say: Say) -> str:
    """Site by site."""
    if not by_site:
        told = say("No list was opened in these days.", "此期间没有清单被打开。")
        return f'<div class="pr-none">{told}</div>'
    heads = (
        ("", say("Site", "站点")),
        ("", say("Opened", "打开")),
        ("", say("Agreed", "确认")),
        ("", say("Reminded", "已提醒")),
        ("wide", say("Sold out by then", "届时售罄")),
        ("wide", say("Not delivered", "未送达")),
        ("wide", say("Stopped", "退订")),
    )
    order = sorted(by_site, key=lambda site: (-by_site[site]["opened"], site))
    whats = ("opened", "confirmed", "reminded", "nothing-left", "undelivered", "stopped")
    cells = [
        (escape(names.get(site, site)), *(number(by_site[site][what]) for what in whats))
        for site in order
    ]
    return table_html(heads, cells)


def way_out_html(after: AfterVisit | None, say: Say) -> str:
    """How messages leave the hub, and a button where they are taken by hand."""
    head = title(say("How messages go out", "消息发送方式"))
    if after is None:
        told = say(f"Not set up: write {FILE} into the hub's folder.",
                   f"尚未设置：请在集团服务器目录中编写 {FILE}。")  # fmt: skip
        return f"{head}<p>{told}</p>"
    config, waiting = after.config, after.postman.waiting()
    due = say(f"{waiting:,} due", f"{waiting:,} 条待发")
    if config.webhook is not None:
        way = say("By webhook to ", "通过 Webhook 发送至 ") + escape(config.webhook.url)
    elif config.csv is not None and config.csv.folder is not None:
        way = say("As files in ", "以文件形式保存至 ") + escape(str(config.csv.folder))
    elif config.csv is not None:
        take = say("Take them as a table", "下载待发消息表")
        way = say(
            "Taken here by hand; what is taken counts as sent.", "在此手动下载，下载即视为已发送。"
        )
        return (
            f"{head}<p>{way} {due}.</p>"
            f'<form method="post" action="{_PATH}/messages">'
            f'<button class="pr-plain">{take}</button></form>'
        )
    else:
        way = say("Reminders are not offered.", "未启用提醒。")
    trouble = (
        f'<p class="hub-down">{escape(after.postman.trouble)}</p>' if after.postman.trouble else ""
    )
    return f"{head}<p>{way} · {due}</p>{trouble}"


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}".replace("-", "−")


def _share(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %" if of else "–"
