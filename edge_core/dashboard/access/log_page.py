"""The access page: who may sign in, and who looked at what, when."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from edge_core.dashboard.access.accounts import (
    Access,
    Account,
    AccountError,
    Accounts,
    Role,
    What,
)
from edge_core.dashboard.access.passwords import LEAST
from edge_core.dashboard.access.sign_in import weakness_told
from edge_core.dashboard.access.viewer import viewer, viewer_of
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.service.views import ServiceState, utc_from_ns

_PATH: Final = "/access"
_SHOWN: Final = 200
_LOG_S: Final = 5.0
_WHAT: Final = {
    What.PAGE: ("looked at", "查看了"),
    What.EXPORT: ("exported", "导出了"),
    What.STILL: ("took a still of", "拍摄了静态画面"),
    What.SIGN_IN: ("signed in", "登录"),
    What.SIGN_OUT: ("signed out", "退出登录"),
    What.REFUSED: ("was refused", "被拒绝"),
    What.SET_UP: ("changed the set-up:", "更改了设置："),
    What.ACCOUNT: ("changed accounts:", "更改了账号："),
}
_DOTS: Final = {What.REFUSED: "bad", What.STILL: "busy", What.EXPORT: "busy", What.SIGN_IN: "well"}
_ROLES: Final = {Role.OPERATOR: ("Operator", "管理员"), Role.STAFF: ("Staff", "员工")}
Text = Annotated[str, Form(max_length=400)]


def access_page(accounts: Accounts) -> Page:
    """The page, with what its forms are sent to."""
    router = APIRouter(include_in_schema=False)
    forms = _Forms(accounts)
    router.add_api_route(f"{_PATH}/add", forms.add, methods=["POST"])
    router.add_api_route(f"{_PATH}/password", forms.password, methods=["POST"])
    router.add_api_route(f"{_PATH}/remove", forms.remove, methods=["POST"])
    return Page(
        _PATH,
        "Access",
        partial(_build, accounts),
        title_zh="访问权限",
        icon="access",
        group="manage",
        router=router,
    )


class _Forms:
    """What the page's forms do; each leads back to the page, with what went wrong if it did."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def add(
        self, request: Request, account: Text, role: Annotated[Role, Form()], password: Text
    ) -> Response:
        say, name = viewer_of(request).say, account.strip()
        if (weak := weakness_told(password, name, say)) is not None:
            return _back(weak)
        try:
            self._accounts.add(name, role, password)
        except AccountError as error:
            return _back(str(error))
        return self._done(request, f"{name} added ({role})")

    def password(self, request: Request, account: Text, password: Text) -> Response:
        if (weak := weakness_told(password, account, viewer_of(request).say)) is not None:
            return _back(weak)
        try:
            self._accounts.set_password(account, password)
        except AccountError as error:
            return _back(str(error))
        return self._done(request, f"{account} has a new password")

    def remove(self, request: Request, account: Text) -> Response:
        try:
            self._accounts.remove(account)
        except AccountError as error:
            return _back(str(error))
        return self._done(request, f"{account} removed")

    def _done(self, request: Request, what: str) -> Response:
        who = viewer_of(request)
        self._accounts.note(who.name, who.address, What.ACCOUNT, what)
        return _back("")


def _back(complaint: str) -> Response:
    query = f"?wrong={quote(complaint)}" if complaint else ""
    return RedirectResponse(f"{_PATH}{query}", 303)


def _build(accounts: Accounts, state: ServiceState) -> None:
    who, timezone = viewer(), ZoneInfo(state.site().timezone)
    request = ui.context.client.request
    wrong = request.query_params.get("wrong", "") if request is not None else ""
    with ui.element("div").classes("pr-access"):
        with ui.element("section").classes("pr-card"):
            ui.html(people_html(accounts.all(), who.say, wrong), sanitize=False)
        with ui.element("section").classes("pr-card"):
            title = who.say("Who looked at what", "访问日志")
            ui.html(f'<div class="pr-title"><b>{title}</b></div>', sanitize=False)
            log = ui.html(sanitize=False).classes("pr-rows pr-log")

    def refresh() -> None:
        log.set_content(log_html(accounts.log(_SHOWN), timezone, who.say))

    refresh()
    ui.timer(_LOG_S, refresh)


def people_html(accounts: Sequence[Account], say: Say, wrong: str) -> str:
    """Everybody who may sign in, with the forms to change that."""
    complaint = f'<p class="pr-wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    people = "".join(_person(account, say) for account in accounts)
    options = "".join(
        f'<option value="{role}">{say(*told)}</option>' for role, told in reversed(_ROLES.items())
    )
    return f"""{complaint}<div class="pr-title"><b>{say("Who may sign in", "账号")}</b></div>
<div class="pr-rows">{people}</div>
<details class="pr-more"><summary>{say("Add somebody", "添加账号")}</summary>
<form method="post" action="{_PATH}/add" class="pr-form">
<label>{say("Name", "账号名")}<input name="account" required maxlength="40"
 autocomplete="off"></label>
<label>{say("May do", "权限")}<select name="role">{options}</select></label>
{_password_field(say)}
<button class="pr-main" type="submit">{say("Add", "添加")}</button></form></details>
<p class="pr-hint">{
        say(
            "Staff see the live plan and the requests of shoppers, nothing else.",
            "员工只能查看实况平面图和顾客请求。",
        )
    }</p>"""


def _person(account: Account, say: Say) -> str:
    name = escape(account.name)
    hidden = f'<input type="hidden" name="account" value="{name}">'
    return f"""<details class="pr-person"><summary><span class="name">{name}</span>
<span class="role">{say(*_ROLES[account.role])}</span></summary>
<form method="post" action="{_PATH}/password" class="pr-form">{hidden}{_password_field(say)}
<button class="pr-plain" type="submit">{say("Change the password", "更改密码")}</button></form>
<form method="post" action="{_PATH}/remove" class="pr-form">{hidden}
<button class="pr-plain danger" type="submit">{say("Remove", "移除")} {name}</button></form>
</details>"""


def _password_field(say: Say) -> str:
    return (
        f"<label>{say('New password', '新密码')}<input name='password' type='password' required"
        f" minlength='{LEAST}' maxlength='200' autocomplete='new-password'></label>"
    )


def log_html(lines: Sequence[Access], timezone: ZoneInfo, say: Say) -> str:
    """The newest lines of the access log."""
    rows = []
    for line in lines:
        at = utc_from_ns(line.utc_ns).astimezone(timezone)
        who = escape(line.account or say("somebody", "未登录者"))
        rows.append(
            f'<div class="pr-row"><span class="dot {_DOTS.get(line.what, "")}"></span>'
            f'<span class="name"><b>{who}</b> {say(*_WHAT[line.what])} {escape(line.detail)}</span>'
            f'<span class="figure">{at:%d.%m. %H:%M:%S}</span>'
            f'<span class="told">{escape(line.address)}</span></div>'
        )
    return "".join(rows)
