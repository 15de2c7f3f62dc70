"""What a phone asks of the hub, and what shops' systems report to it. No session, no cookie.

A list is opened by its signed address, and links in messages by the hub's own proof. Nothing that
is answered to a stranger tells whether a contact is known.
"""

import hmac
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from edge_core.dashboard.language import Say
from edge_core.hub.after_visit import phone_frame as frame
from edge_core.hub.after_visit import phone_html as html
from edge_core.hub.after_visit.catalogue import Catalogue
from edge_core.hub.after_visit.contacts import channel_of, one_spelling
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.lists import Opened, open_list
from edge_core.hub.after_visit.opt_ins import Asked, OptIns
from edge_core.hub.after_visit.phone_style import PHONE_CSS, STYLE_NAME
from edge_core.hub.after_visit.purchases import Report, Reports, purchases_key, read_report
from edge_core.hub.after_visit.settings import AfterVisitConfig
from edge_core.hub.store import HubStore, RefusedError
from edge_core.pictures import listed_drawing
from edge_core.suggest.list_link import ListRefusedError, ListTrouble
from edge_core.units import NS_PER_S

OPEN_PATHS: Final = ("/l/", "/r/")
"""Below these nobody needs a session."""
_LASTING: Final = "public, max-age=31536000, immutable"
_DAY: Final = "public, max-age=86400"
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; img-src 'self' data:; style-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",  # the address is the list
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_PICTURE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
Text = Annotated[str, Form()]


class Phone:
    """Handlers over what the hub keeps.

    Args:
        store, catalogue: for the pages.
        keys: prove links.
        opt_ins: who asked for reminders.
        config: the rules.

    Attributes:
        router: to be added to the app.

    Raises:
        SourceError: the key for purchases cannot be used.
    """

    def __init__(
        self,
        store: HubStore,
        catalogue: Catalogue,
        keys: ContactKeys,
        opt_ins: OptIns,
        config: AfterVisitConfig,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._keys = keys
        self._opt_ins = opt_ins
        self._config = config
        self._purchases_key = purchases_key(config)
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/l/{token}", self.show, methods=["GET"], include_in_schema=False)
        add("/l/{token}/remind", self.remind, methods=["POST"], include_in_schema=False)
        add("/r/confirm/{link}", self.ask_confirm, methods=["GET"], include_in_schema=False)
        add("/r/confirm/{link}", self.confirm, methods=["POST"], include_in_schema=False)
        add("/r/stop/{link}", self.ask_stop, methods=["GET"], include_in_schema=False)
        add("/r/stop/{link}", self.stop, methods=["POST"], include_in_schema=False)
        add(f"/r/{STYLE_NAME}", self.style, methods=["GET"], include_in_schema=False)
        add("/r/garment/{name}.svg", self.garment, methods=["GET"], include_in_schema=False)
        add("/v1/purchases", self.purchases, methods=["POST"], summary="Report purchases")

    def show(
        self, request: Request, token: str, lang: str = "", done: str = "", wrong: str = ""
    ) -> Response:
        """The list."""
        say = _say(request, lang)
        try:
            opened = open_list(self._store, token)
        except ListRefusedError as error:
            return self._trouble(error.trouble, say)
        if not (done or wrong or lang):
            self._opt_ins.opened(opened.site)
        note = done if done == "asked" else wrong
        return _page(html.list_html(self._list(opened, note), self._config, say))

    def remind(
        self, request: Request, token: str, contact: Text = "", agree: Text = "", lang: Text = ""
    ) -> Response:
        """Somebody asks to be reminded; they confirm it by a message first."""
        say = Say("zh" if lang == "zh" else "en")
        language = say.language
        try:
            opened = open_list(self._store, token)
        except ListRefusedError as error:
            return self._trouble(error.trouble, say)
        if not self._config.reminds:
            return RedirectResponse(f"/l/{token}", 303, _HEADERS)
        spelled = one_spelling(contact)
        channel = channel_of(spelled)
        if channel is None or channel not in self._config.channels:
            return self._back(token, language, "wrong=contact#remind")
        if agree != "yes":
            return self._back(token, language, "wrong=agree#remind")
        self._opt_ins.ask(Asked(opened.site, opened.content, token, spelled, channel, language))
        return self._back(token, language, "done=asked")

    def ask_confirm(self, request: Request, link: str) -> Response:
        """A page with a button, for programs follow links."""
        row = self._row("confirm", link)
        say = _say(request, row.language if row is not None else "")
        if row is None:
            return _page(frame.over_html(self._chain(), say), 410)
        return _page(frame.confirm_html(self._shop(row.site), link, say))

    def confirm(self, request: Request, link: str) -> Response:
        """It is agreed."""
        row = self._row("confirm", link)
        say = _say(request, row.language if row is not None else "")
        try:
            expires = (
                open_list(self._store, row.token).content.expires_utc
                if row is not None and row.token
                else datetime.fromtimestamp(self._store.clock.utc_ns() / NS_PER_S, UTC)
            )
        except ListRefusedError:
            row = None
        if row is None or not self._opt_ins.confirm(row.id, expires):
            return _page(frame.over_html(self._chain(), say), 410)
        stop = self._keys.link("stop", row.id)
        return _page(frame.confirmed_html(self._shop(row.site), stop, self._config, say))

    def ask_stop(self, request: Request, link: str) -> Response:
        """A page with a button."""
        if self._keys.linked("stop", link) is None:
            return _page(frame.over_html(self._chain(), _say(request, "")), 410)
        return _page(frame.stop_html(self._chain(), link, _say(request, "")))

    def stop(self, request: Request, link: str) -> Response:
        """Stop at once; the same for a person and for a mail program (RFC 8058)."""
        name = self._keys.linked("stop", link)
        if name is None:
            return _page(frame.over_html(self._chain(), _say(request, "")), 410)
        self._opt_ins.stop(name)
        return _page(frame.stopped_html(self._chain(), _say(request, "")))

    def style(self) -> Response:
        """The style sheet."""
        headers = _HEADERS | {"cache-control": _LASTING}
        return Response(PHONE_CSS, media_type="text/css; charset=utf-8", headers=headers)

    def garment(self, name: str, tint: str = "") -> Response:
        """A garment's drawing in its colour."""
        if not _PICTURE.fullmatch(name) or not re.fullmatch(r"([0-9a-fA-F]{6})?", tint):
            return Response("", 404, headers=_HEADERS)
        svg = listed_drawing(name, f"#{tint}" if tint else "")
        headers = _HEADERS | {"cache-control": _DAY}
        # A drawing opened by itself may style itself, and nothing else.
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        return Response(svg, media_type="image/svg+xml", headers=headers)

    def purchases(
        self, report: Report, authorization: Annotated[str, Header(max_length=300)] = ""
    ) -> Reports:
        """Count purchases of people who agreed to reminders, reminded or not.

        Each with the code of the list that the till scanned, or the contact that an online shop or
        a loyalty card knows; a contact's fingerprint is compared and nothing of it is kept. An id
        that is known changes nothing.
        """
        scheme, _, key = authorization.partition(" ")
        told = key.strip().encode() if scheme.lower() == "bearer" else b""
        if not self._purchases_key or not hmac.compare_digest(told, self._purchases_key):
            raise RefusedError(
                "The hub does not know this key for purchases.",
                "Send the one of `purchases_key` in after-visit.toml as a bearer token.",
            )
        self._opt_ins.take_purchases(read_report(report))
        return Reports(taken=len(report.purchases))

    def _list(self, opened: Opened, note: str) -> html.ListPage:
        site = self._catalogue.site(opened.site)
        lines = self._catalogue.lines(opened.site, opened.content.items)
        return html.ListPage(
            site=opened.site,
            shop=site.name if site is not None else opened.site,
            currency=site.currency if site is not None else "",
            token=opened.token,
            lines=lines,
            ideas=self._catalogue.ideas(opened.site, lines),
            coupon=opened.content.coupon,
            expires_utc=opened.content.expires_utc,
            now_utc=datetime.fromtimestamp(self._store.clock.utc_ns() / NS_PER_S, UTC),
            zone=self._config.zone_of(opened.site),
            code=self._opt_ins.code_of(opened.content),
            note=note,
            simulated=bool(self._store.fact("simulated")),
        )

    def _trouble(self, trouble: ListTrouble, say: Say) -> Response:
        status = 410 if trouble is ListTrouble.EXPIRED else 404
        return _page(frame.trouble_html(trouble, self._chain(), say), status)

    def _chain(self) -> str:
        """What the hub is called, for pages that belong to no shop."""
        return self._store.fact("name", "Promenade")

    def _row(self, use: str, link: str) -> Any | None:
        name = self._keys.linked(use, link)
        return None if name is None else self._opt_ins.opt_in(name)

    def _shop(self, site: str) -> str:
        known = self._catalogue.site(site)
        return known.name if known is not None else site

    @staticmethod
    def _back(token: str, language: str, told: str) -> Response:
        return RedirectResponse(f"/l/{token}?lang={language}&{told}", 303, _HEADERS)


def _say(request: Request, chosen: str) -> Say:
    """What was chosen, else what the phone asks for first."""
    if chosen in ("en", "zh"):
        return Say("zh" if chosen == "zh" else "en")
    for part in request.headers.get("accept-language", "").split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted.startswith(("zh", "en")):
            return Say("zh" if wanted.startswith("zh") else "en")
    return Say("en")


def _page(content: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, _HEADERS)
