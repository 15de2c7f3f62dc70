"""Signing in and out, and the first password: plain forms that need no script."""

import logging
import secrets
from html import escape
from ipaddress import ip_address
from math import ceil
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from edge_core.dashboard import theme
from edge_core.dashboard.access.accounts import FIRST_ACCOUNT, Accounts, What
from edge_core.dashboard.access.guard import COOKIE, FONTS, SIGN_IN, WELCOME, address_of
from edge_core.dashboard.access.page import form_page
from edge_core.dashboard.access.passwords import LEAST, weakness
from edge_core.dashboard.language import COOKIE as LANGUAGE_COOKIE
from edge_core.dashboard.language import Say, language_of

_CODE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 10
_YEAR_S: Final = 31_536_000
LOST: Final = (
    "Lost it? On the store PC: promenade password",
    "忘记密码？请在门店电脑上运行 promenade password",
)

FONTS_FOLDER: Final = Path(__file__).resolve().parents[3] / "assets" / "fonts"

log = logging.getLogger(__name__)
Field = Annotated[str, Form(max_length=400)]


class Door:
    """The pages before the dashboard.

    Until there is a password, this machine's own browser may set it; from elsewhere it takes the
    code that is written into the service's log at start.

    Args:
        accounts: who may sign in.
        site_name: for the heading.
        lost: what to do about a lost password, in both languages.

    Attributes:
        router: to be added to the app.
    """

    def __init__(self, accounts: Accounts, site_name: str, lost: tuple[str, str] = LOST) -> None:
        self._accounts = accounts
        self._lost = lost
        self._site = site_name
        self._code = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
        self._wrong_codes = 0
        self.router = APIRouter(include_in_schema=False)
        add = self.router.add_api_route
        add(SIGN_IN, self.show_sign_in, methods=["GET"])
        add(SIGN_IN, self.sign_in, methods=["POST"])
        add("/sign-out", self.sign_out, methods=["POST"])
        add(WELCOME, self.show_welcome, methods=["GET"])
        add(WELCOME, self.set_first_password, methods=["POST"])
        add("/language", self.choose_language, methods=["GET"])
        add(f"{FONTS}{{name}}", send_font, methods=["GET"])
        if not accounts.are_set_up():
            log.warning(
                "the operator's pages have no password yet: open them on this machine to set one;"
                " from elsewhere the code is %s",
                self._code,
            )

    def show_sign_in(self, request: Request, to: str = "") -> Response:
        """The form."""
        if not self._accounts.are_set_up():
            return RedirectResponse(WELCOME, 303)
        wanted = request.query_params.get("next", to)
        return self._sign_in_page(_say(request), _inside(wanted), "")

    def sign_in(
        self, request: Request, account: Field, password: Field, wanted: Field = "/"
    ) -> Response:
        """Take name and password; run in a thread of its own, for hashing takes a while."""
        say, address = _say(request), address_of(request)
        name = account.strip()
        token = self._accounts.sign_in(name, password, address)
        if token is None:
            wait_s = ceil(self._accounts.wait_s(name, address))
            # Not what else was typed: it may be a password in the wrong field.
            known = name if self._accounts.exists(name) else ""
            self._accounts.note(known, address, What.REFUSED, SIGN_IN)
            told = say("That name and password do not match.", "账号或密码不正确。")
            if wait_s:
                told += say(f" Try again in {wait_s} s.", f"请在 {wait_s} 秒后重试。")
            page = self._sign_in_page(say, _inside(wanted), told, name)
            page.status_code = 429 if wait_s else 403
            if wait_s:
                page.headers["retry-after"] = str(wait_s)
            return page
        self._accounts.note(name, address, What.SIGN_IN)
        return _signed_in(request, token, _inside(wanted))

    def sign_out(self, request: Request) -> Response:
        """End the session."""
        token = request.cookies.get(COOKIE, "")
        account = self._accounts.session(token, touch=False)
        if account is not None:
            self._accounts.sign_out(token)
            self._accounts.note(account.name, address_of(request), What.SIGN_OUT)
        answer = RedirectResponse(SIGN_IN, 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def show_welcome(self, request: Request) -> Response:
        """The first page of a new installation."""
        if self._accounts.are_set_up():
            return RedirectResponse(SIGN_IN, 303)
        return self._welcome_page(request, "")

    def set_first_password(
        self, request: Request, password: Field, again: Field, code: Field = ""
    ) -> Response:
        """Take the first password and sign in with it."""
        if self._accounts.are_set_up():
            return RedirectResponse(SIGN_IN, 303)
        say = _say(request)
        if not (_is_here(request) or self._right_code(code)):
            return self._welcome_page(
                request, say("That is not the code in the log.", "代码与日志中的不符。")
            )
        if password != again:
            return self._welcome_page(request, say("The two differ.", "两次输入不一致。"))
        if (weak := weakness_told(password, FIRST_ACCOUNT, say)) is not None:
            return self._welcome_page(request, weak)
        address = address_of(request)
        if not self._accounts.set_first_password(password):
            return RedirectResponse(SIGN_IN, 303)
        self._accounts.note(FIRST_ACCOUNT, address, What.ACCOUNT, "first password set")
        token = self._accounts.sign_in(FIRST_ACCOUNT, password, address)
        return RedirectResponse(SIGN_IN, 303) if token is None else _signed_in(request, token, "/")

    def choose_language(self, request: Request) -> Response:
        """Keep the language chosen and go back."""
        back = _inside(_path_of(request.headers.get("referer", "")))
        answer = RedirectResponse(back, 303)
        chosen = "zh" if request.query_params.get("to") == "zh" else "en"
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_YEAR_S, samesite="lax", httponly=True)
        return answer

    def _right_code(self, code: str) -> bool:
        """Ten wrong ones and the code is of no use any more until the next start."""
        right = secrets.compare_digest(code.strip().upper().encode(), self._code.encode())
        self._wrong_codes += not right
        return right and self._wrong_codes < 10

    def _sign_in_page(self, say: Say, wanted: str, told: str, name: str = "") -> HTMLResponse:
        focus = ("", " autofocus") if name else (" autofocus", "")
        return form_page(
            say,
            site=self._site,
            title=say("Sign in", "登录"),
            told=told,
            action=SIGN_IN,
            button=say("Sign in", "登录"),
            fields=f"""
<input type="hidden" name="wanted" value="{escape(wanted)}">
<label>{say("Account", "账号")}<input name="account" autocomplete="username" required
 maxlength="40" value="{escape(name or FIRST_ACCOUNT)}"{focus[0]}></label>
<label>{say("Password", "密码")}<input name="password" type="password" required
 autocomplete="current-password" maxlength="200"{focus[1]}></label>""",
            foot=say(*self._lost),
        )

    def _welcome_page(self, request: Request, told: str) -> HTMLResponse:
        say = _say(request)
        code = ""
        if not _is_here(request):
            code = f"""<label>{say("Code from the service's log", "服务日志中的代码")}
<input name="code" required autocomplete="one-time-code" maxlength="40"></label>"""
        page = form_page(
            say,
            site=self._site,
            title=say("Welcome", "欢迎"),
            told=told,
            action=WELCOME,
            button=say("Set the password", "设置密码"),
            lead=say(
                "Choose the password of the operator of this site. There is none yet.",
                "请为本站点的管理员设置密码。目前尚未设置。",
            ),
            fields=f"""{code}
<input type="hidden" name="account" value="{FIRST_ACCOUNT}" autocomplete="username">
<label>{say("Password", "密码")}<input name="password" type="password" required autofocus
 autocomplete="new-password" minlength="{LEAST}" maxlength="200"></label>
<label>{say("Once more", "再次输入")}<input name="again" type="password" required
 autocomplete="new-password" minlength="{LEAST}" maxlength="200"></label>""",
            foot=say(
                f"At least {LEAST} characters; a few words are easier to keep than signs.",
                f"至少 {LEAST} 个字符；几个词组成的短句比符号更容易记。",
            ),
        )
        page.status_code = 422 if told else 200
        return page


def weakness_told(password: str, name: str, say: Say) -> str | None:
    """Why a password will not do, in words; None if it will."""
    match weakness(password, name):
        case "length":
            return say(f"Take at least {LEAST} characters.", f"密码至少需要 {LEAST} 个字符。")
        case "easy":
            return say(
                "That is too easy to guess: use more different signs, and not the account's name.",
                "密码过于简单：请使用更多不同的字符，且不要包含账号名。",
            )
        case None:
            return None


def send_font(name: str) -> Response:
    """One of the house's fonts, so that Chinese shows on every machine."""
    if name not in theme.FONT_FILES:
        raise HTTPException(404, "There is no such font")
    return FileResponse(
        FONTS_FOLDER / name,
        media_type="font/ttf",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def _signed_in(request: Request, token: str, to: str) -> Response:
    answer = RedirectResponse(to, 303)
    # Until the browser closes; the service ends the session by itself as well.
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return answer


def _say(request: Request) -> Say:
    return Say(language_of(request))


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return "/"


def _inside(path: str) -> str:
    """A path of this site; anything that would lead elsewhere becomes the first page."""
    own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if own and path.isprintable() and not path.startswith(SIGN_IN) else "/"


def _is_here(request: Request) -> bool:
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
