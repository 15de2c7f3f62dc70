"""The staff's page: what shoppers ask for at the mirrors, answered with one tap.

Made for a phone in a hand: large targets, a tone, a shake and the page's title tell of what is new.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Final, Literal
from uuid import uuid4

from nicegui import run, ui

from edge_core.dashboard.access.accounts import Role
from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.pictures import listed_drawing
from edge_core.service.problems import QueryError
from edge_core.service.requests import StaffRequest, answer, recent
from edge_core.service.requests_schema import AnswerQuestion, RequestState
from edge_core.service.views import ServiceState
from edge_core.units import NS_PER_S

_LOOK_S: Final = 1.0
_ENDED_SHOWN: Final = 8
_MINUTES: Final = (1, 2, 5, 10)
_STYLE: Final = """
.st-list { display: grid; gap: 14px; width: 100%;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr)); align-items: start; }
.st-card { background: var(--raised); border-radius: 18px; padding: 16px; display: grid; gap: 14px;
  border: 2px solid transparent; }
.st-card.open { border-color: var(--accent); }
.st-top { display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: 16px; }
.st-top.bare { grid-template-columns: minmax(0, 1fr); }
.st-top img { width: 96px; height: 115px; background: radial-gradient(#5b6474, #222a36);
  border-radius: 12px; padding: 6px; box-sizing: border-box; }
.st-top b { display: block; font-weight: 500; font-size: 20px; line-height: 1.25; }
.st-top .about { font-size: 17px; color: var(--ink); }
.st-top .where { color: var(--accent); font-size: 17px; margin-top: 6px; }
.st-top .when { color: var(--soft); font-size: 15px; }
.st-row { display: flex; flex-wrap: wrap; gap: 8px; }
.st-row button.q-btn { min-height: 52px; min-width: 64px; flex: 1 1 auto; border-radius: 14px;
  background: #202837; color: var(--ink); font-size: 16px; font-weight: 500;
  text-transform: none; box-shadow: none; }
.st-row button.q-btn.strong { background: var(--accent); color: #1d1204; }
.st-none { color: var(--soft); font-size: 17px; padding: 24px 0; }
.st-ended { display: grid; gap: 2px; margin-top: 10px; width: 100%; }
.st-ended h2 { font-size: 15px; font-weight: 500; color: var(--soft); line-height: 1.4;
  margin: 8px 0; }
.st-ended p { margin: 0; padding: 8px 0; border-top: 1px solid var(--hairline); font-size: 15px; }
.st-ended span { color: var(--soft); }
"""
_TONE: Final = """
(() => {
  if (navigator.vibrate) navigator.vibrate([120, 80, 120]);
  try {
    const sound = window.staffSound ??= new AudioContext(), now = sound.currentTime;
    for (const [after, pitch] of [[0, 880], [0.16, 1175]]) {
      const tone = sound.createOscillator(), volume = sound.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, now + after);
      volume.gain.exponentialRampToValueAtTime(0.25, now + after + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.4);
      tone.connect(volume).connect(sound.destination);
      tone.start(now + after); tone.stop(now + after + 0.45);
    }
  } catch (error) { /* a browser that was never touched plays nothing */ }
})();
"""
_STATES: Final = {
    RequestState.DONE: ("brought", "已送到"),
    RequestState.DECLINED: ("declined", "已婉拒"),
    RequestState.WITHDRAWN: ("no longer needed", "顾客已取消"),
    RequestState.EXPIRED: ("nobody answered", "无人回应"),
}
Said = Literal["accepted", "on-the-way", "done", "declined"]


def build_staff(state: ServiceState) -> None:
    """Everything inside the frame."""
    board = _Board(state, viewer().say)
    ui.add_css(_STYLE)
    board.show()
    ui.timer(_LOOK_S, board.look)


class _Board:
    """The requests as one viewer sees them."""

    def __init__(self, state: ServiceState, say: Say) -> None:
        self._state, self._say = state, say
        site = state.site()
        self._zones = {it.id: say(it.name, it.name_zh) for it in site.zones}
        self._racks = {it.id: say(it.name, it.name_zh) for it in site.racks}
        self._title = ui.context.client.title or say("Staff requests", "店员请求")
        self._requests = recent(state.ledger, state.clock.utc_ns())
        self._known = {it.key for it in self._requests}
        self._clocks: dict[str, ui.html] = {}

    async def look(self) -> None:
        """Show what has changed; tell aloud what is new."""
        found = await run.io_bound(recent, self._state.ledger, self._state.clock.utc_ns())
        if found is None:  # the service is closing
            return
        new = [it for it in found if it.key not in self._known and it.waits]
        self._known |= {it.key for it in found}
        changed = found != self._requests
        self._requests = found
        if changed:
            self.show.refresh()
        if new:
            ui.run_javascript(_TONE)
        now = self._state.clock.utc_ns()
        for request in found:
            if request.key in self._clocks:
                self._clocks[request.key].set_content(self._when(request, now))

    @ui.refreshable_method
    def show(self) -> None:
        """Waiting requests, the oldest first, and how the last ones ended."""
        say = self._say
        waiting = [it for it in reversed(self._requests) if it.waits]
        open_count = sum(it.state is RequestState.OPEN for it in waiting)
        ui.page_title(f"({open_count}) {self._title}" if open_count else self._title)
        self._clocks.clear()
        if not waiting:
            told = say("Nobody is waiting. New requests show here by themselves.",
                       "目前没有人在等待。新的请求会自动显示在这里。")  # fmt: skip
            ui.label(told).classes("st-none")
        with ui.element("div").classes("st-list"):
            for request in waiting:
                self._card(request)
        ended = [it for it in self._requests if not it.waits][:_ENDED_SHOWN]
        if ended:
            ui.html(self._ended_html(ended), sanitize=False).classes("st-ended")

    def _card(self, request: StaffRequest) -> None:
        with ui.element("article").classes(f"st-card {request.state}"):
            with ui.element("div").classes("st-top" if request.sku else "st-top bare"):
                if request.sku:
                    ui.html(self._picture(request.sku), sanitize=False)
                with ui.element("div"):
                    ui.html(self._what_html(request), sanitize=False)
                    when = self._when(request, self._state.clock.utc_ns())
                    self._clocks[request.key] = ui.html(when, sanitize=False)
            self._answers(request)

    def _answers(self, request: StaffRequest) -> None:
        say = self._say
        if request.state is RequestState.OPEN:
            with ui.element("div").classes("st-row"):
                for minutes in _MINUTES:
                    self._button(request, say(f"{minutes} min", f"{minutes} 分钟"), "accepted",
                                 minutes=minutes, strong=True)  # fmt: skip
        with ui.element("div").classes("st-row"):
            if request.state is not RequestState.OPEN:
                if request.state is RequestState.ACCEPTED:
                    self._button(request, say("On my way", "正在送去"), "on-the-way", strong=True)
                self._button(request, say("Done", "已送到"), "done", strong=True)
            if request.sku:
                self._button(
                    request, say("Not in stock", "缺货"), "declined", reason="not-in-stock"
                )
            self._button(request, say("Busy now", "正忙"), "declined", reason="busy")

    def _button(
        self,
        request: StaffRequest,
        text: str,
        said: Said,
        *,
        minutes: int | None = None,
        reason: Literal["", "not-in-stock", "busy"] = "",
        strong: bool = False,
    ) -> None:
        key = uuid4().hex  # a tap that arrives twice is one answer

        async def tell() -> None:
            question = AnswerQuestion(key=key, state=said, minutes=minutes, reason=reason)
            try:
                await run.io_bound(answer, self._state, request.key, question)
            except (QueryError, LookupError):
                told = self._say("Somebody was quicker, or it is no longer needed.",
                                 "其他人已处理，或顾客已取消。")  # fmt: skip
                ui.notify(told)
            await self.look()

        button = ui.button(text, on_click=tell, color=None).props("unelevated no-caps")
        button.classes("strong" if strong else "").mark(f"{said}-{minutes or reason}")

    def _what_html(self, request: StaffRequest) -> str:
        say = self._say
        product = self._state.products.of_sku(request.sku) if request.sku else None
        where = escape(self._zones.get(request.zone, request.zone))
        if product is None:
            name, about, place = say("Somebody to help", "需要店员协助"), escape(request.sku), ""
        else:
            name = say(product.name or product.sku, product.name_zh)
            parts = (say(product.colour, product.colour_zh), product.size)
            about = escape(" · ".join(part for part in parts if part))
            place = escape(self._racks.get(product.rack or "", ""))
        spoken = say("speaks Chinese", "使用中文") if request.language == "zh" else ""
        lines = [f"<b>{escape(name)}</b>"]
        lines += [f'<div class="about">{about}</div>'] if about else []
        lines += [f'<div class="when">{say("hangs at", "位置")} {place}</div>'] if place else []
        lines.append(f'<div class="where">{say("to", "送到")} {where}'
                     f"{' · ' + spoken if spoken else ''}</div>")  # fmt: skip
        return "".join(lines)

    def _when(self, request: StaffRequest, now_ns: int) -> str:
        say = self._say
        waited = _clock_time((now_ns - request.asked_utc_ns) // NS_PER_S)
        told = say(f"asked {waited} ago", f"已等待 {waited}")
        if request.due_utc_ns is not None:
            left_s = (request.due_utc_ns - now_ns) // NS_PER_S
            told += " · " + (
                say(f"promised in {_clock_time(left_s)}", f"承诺 {_clock_time(left_s)} 内送到")
                if left_s >= 0
                else say(f"late by {_clock_time(-left_s)}", f"已超时 {_clock_time(-left_s)}")
            )
        return f'<div class="when">{told}</div>'

    def _picture(self, sku: str) -> str:
        product = self._state.products.of_sku(sku)
        picture, tint = (product.picture, product.tint) if product else ("", "")
        data = b64encode(listed_drawing(picture, tint).encode()).decode()
        return f'<img alt="" src="data:image/svg+xml;base64,{data}">'

    def _ended_html(self, ended: Sequence[StaffRequest]) -> str:
        say = self._say
        rows = []
        for request in ended:
            product = self._state.products.of_sku(request.sku) if request.sku else None
            name = say("Somebody to help", "店员协助")
            if product is not None:
                name = f"{say(product.name, product.name_zh)} {product.size}".strip()
            where = self._zones.get(request.zone, request.zone)
            rows.append(f"<p>{escape(name)} <span>· {escape(where)} ·"
                        f" {say(*_STATES[request.state])}</span></p>")  # fmt: skip
        return f"<h2>{say('Before', '之前')}</h2>{''.join(rows)}"


def _clock_time(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


STAFF: Final = Page(
    "/staff", "Requests", build_staff, title_zh="请求", icon="staff", role=Role.STAFF
)
