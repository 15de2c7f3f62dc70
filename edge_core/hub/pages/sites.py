"""The first page: every site, how its store PC is, and how new ones are made known."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import run, ui

from edge_core.config.base import Named
from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.viewer import viewer_of
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.errors import PromenadeError
from edge_core.hub.figures import Daily, like_for_like, watched_daily
from edge_core.hub.pages.parts import change_html, fact, number, open_page, title, today_number
from edge_core.hub.state import HubHouse, ago, is_out_of_reach, trouble
from edge_core.hub.store import CODE_HOURS, Device, HubStore, Site
from edge_core.units import NS_PER_S

_REFRESH_S: Final = 10.0
_WEEK: Final = 7
Text = Annotated[str, Form(max_length=60)]


def sites_page(house: HubHouse, accounts: Accounts) -> Page:
    """The page with its forms."""
    forms = _Forms(house.store, accounts)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sites/code", forms.code, methods=["POST"])
    router.add_api_route("/sites/revoke", forms.revoke, methods=["POST"])
    return Page("/", "Sites", _build, title_zh="站点", icon="live", router=router)


class _Forms:
    """What the page's forms do; each leads back to the page."""

    def __init__(self, store: HubStore, accounts: Accounts) -> None:
        self._store = store
        self._accounts = accounts

    def code(self, request: Request, site: Text, name: Text = "") -> Response:
        """A one-time code, shown once."""
        try:
            if name.strip():
                Named(id=site.strip(), name=name.strip())
                self._store.add_site(Site(site.strip(), name.strip(), "EUR"))
            code = self._store.new_code(site.strip())
        except ValueError:
            told = "An id has lower-case letters, digits and dashes, and a name 60 characters."
            return RedirectResponse(f"/?wrong={quote(told)}", 303)
        except PromenadeError as error:
            return RedirectResponse(f"/?wrong={quote(str(error))}", 303)
        self._note(request, f"code for {site}")
        return RedirectResponse(f"/?site={quote(site)}&code={quote(code)}", 303)

    def revoke(self, request: Request, device: Text) -> Response:
        """Take nothing more from a store PC."""
        if self._store.revoke(device):
            self._note(request, f"{device} revoked")
        return RedirectResponse("/", 303)

    def _note(self, request: Request, what: str) -> None:
        who = viewer_of(request)
        self._accounts.note(who.name, who.address, What.SET_UP, what)


def _build(house: HubHouse) -> None:
    say = open_page(house)
    request = ui.context.client.request
    asked: Mapping[str, str] = request.query_params if request is not None else {}
    with ui.element("section").classes("pr-card pr-facts pr-funnel"):
        facts = ui.html(sanitize=False).style("display: contents")
    with ui.element("div").classes("hub-sites"):
        with ui.element("section").classes("pr-card"):
            ui.html(title(say("Sites", "站点")), sanitize=False)
            rows = ui.html(sanitize=False).classes("pr-rows")
        with ui.element("section").classes("pr-card"):
            ui.html(enrol_html(house.store.sites(), asked, say), sanitize=False)

    async def show() -> None:
        told = await run.io_bound(partial(_asked, house, say))
        if told is not None:  # else the hub is closing
            facts.set_content(told[0])
            rows.set_content(told[1])

    ui.timer(0, show, once=True)
    ui.timer(_REFRESH_S, show)


def _asked(house: HubHouse, say: Say) -> tuple[str, str]:
    store, yesterday = house.store, today_number(house) - 1
    by_site = watched_daily(store, yesterday - 2 * _WEEK + 1, yesterday)
    sites, devices = store.sites(), [it for it in store.devices() if not it.revoked]
    now_ns = house.clock.utc_ns()
    return (
        facts_html(sites, devices, by_site, yesterday, now_ns, say),
        sites_html(sites, devices, by_site, yesterday, now_ns, say),
    )


def facts_html(
    sites: Sequence[Site],
    devices: Sequence[Device],
    by_site: Mapping[str, Mapping[int, Daily]],
    yesterday: int,
    now_utc_ns: int,
    say: Say,
) -> str:
    """The chain at a glance; changes are of sites and days told of in both weeks."""
    week = list(range(yesterday - _WEEK + 1, yesterday + 1))
    told = [it for days in by_site.values() if (it := days.get(yesterday)) and it.value is not None]
    day_total = sum(it.value or 0 for it in told) if told else None
    total = sum(
        it.value or 0 for days in by_site.values() for day, it in days.items() if day in week
    )
    now, before = like_for_like(by_site, week, _WEEK)
    change = now / before - 1 if before else None
    of_all = say(f"{len(told)} of {len(sites)} sites", f"{len(sites)} 个站点中 {len(told)} 个")
    well = sum(not trouble(device, now_utc_ns) for device in devices)
    waiting = sum(device.health.waiting for device in devices if device.health is not None)
    return "".join(
        (
            fact(say("Came in yesterday", "昨日客流"), number(day_total), of_all, first=True),
            fact(say("Last seven days", "最近七天"), number(total or None), change_html(change)),
            fact(say("Sites", "站点"), number(len(sites))),
            fact(
                say("Store PCs that are well", "正常运行的门店电脑"),
                f"{well}<small> / {len(devices)}</small>",
            ),
            fact(say("Facts still on their way", "待上传记录"), number(waiting)),
        )
    )


def sites_html(
    sites: Sequence[Site],
    devices: Sequence[Device],
    by_site: Mapping[str, Mapping[int, Daily]],
    yesterday: int,
    now_utc_ns: int,
    say: Say,
) -> str:
    """One row a site: those with troubles first."""
    if not sites:
        return f'<div class="pr-none">{say("No site yet.", "尚无站点。")}</div>'
    of_site: dict[str, list[Device]] = {}
    for device in devices:
        of_site.setdefault(device.site, []).append(device)
    rows = []
    for site in sites:
        there = of_site.get(site.id, [])
        troubles = [told for device in there if (told := trouble(device, now_utc_ns, say))]
        day = by_site.get(site.id, {}).get(yesterday)
        rows.append((not troubles, _site(site, there, troubles, day, now_utc_ns, say)))
    return "".join(html for _, html in sorted(rows, key=lambda row: row[0]))


def _site(
    site: Site,
    devices: Sequence[Device],
    troubles: Sequence[str],
    day: Daily | None,
    now_utc_ns: int,
    say: Say,
) -> str:
    dot = "busy" if troubles else "well" if devices else ""
    if any(is_out_of_reach(device, now_utc_ns) for device in devices):
        dot = "bad"
    people = number(None if day is None else day.value)
    figure = f"<b>{people}</b> {say('yesterday', '昨日')}"
    told = [escape(it) for it in troubles] or [
        _device(device, now_utc_ns, say) for device in devices
    ]
    if not devices:
        told = [say("no store PC enrolled", "尚未注册门店电脑")]
    forms = "".join(_revoke(device, say) for device in devices)
    return (
        f'<div class="pr-row {dot if dot == "bad" else ""}"><span class="dot {dot}"></span>'
        f'<span class="name">{escape(site.name)}</span><span class="figure">{figure}</span>'
        f'<span class="told">{"; ".join(told)}{forms}</span></div>'
    )


def _device(device: Device, now_utc_ns: int, say: Say) -> str:
    health = device.health
    if health is None:
        return escape(device.id)
    heard = ago(max(0.0, (now_utc_ns - device.seen_utc_ns) / NS_PER_S), say)
    told = [
        say(f"heard {heard} ago", f"{heard}前有联系"),
        say(
            f"{health.cameras_well} of {health.cameras} cameras",
            f"摄像机 {health.cameras_well}/{health.cameras}",
        ),
    ]
    if health.readers:
        told.append(
            say(
                f"{health.readers_well} of {health.readers} readers",
                f"读写器 {health.readers_well}/{health.readers}",
            )
        )
    told.append(say(f"content {health.content_revision}", f"内容版本 {health.content_revision}"))
    return escape(" · ".join(told))


def _revoke(device: Device, say: Say) -> str:
    name = escape(device.id)
    return f"""<details class="pr-more-small"><summary>{name}</summary>
<form method="post" action="/sites/revoke"><input type="hidden" name="device" value="{name}">
<button class="pr-plain danger" type="submit">{say("Revoke its key", "吊销密钥")}</button></form>
</details>"""


def enrol_html(sites: Sequence[Site], asked: Mapping[str, str], say: Say) -> str:
    """The form that makes a code, and the code it made."""
    wrong = asked.get("wrong", "")
    complaint = f'<p class="pr-wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    made = ""
    if code := asked.get("code", ""):
        hint = say(
            f"Once, within {CODE_HOURS} hours, on the store PC:", f"{CODE_HOURS} 小时内使用一次："
        )
        site = escape(asked.get("site", ""))
        made = f"""<p class="pr-hint">{hint}<br><code>promenade enrol URL {escape(code)}</code></p>
<div class="hub-code" aria-label="{site}">{escape(code)}</div>"""
    known = "".join(f'<option value="{escape(it.id)}">{escape(it.name)}</option>' for it in sites)
    return f"""{title(say("Enrol a store PC", "注册门店电脑"))}{complaint}{made}
<form method="post" action="/sites/code" class="pr-form">
<label>{say("Site (id in its site.toml)", "站点（site.toml 中的 id）")}
<input name="site" list="hub-known" required maxlength="40" autocomplete="off"></label>
<datalist id="hub-known">{known}</datalist>
<label>{say("Its name, if it is new", "名称（新站点）")}
<input name="name" maxlength="60" autocomplete="off"></label>
<button class="pr-main" type="submit">{say("Make a code", "生成代码")}</button></form>"""
