"""What all pages about the past begin with: of which days, and of which place."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from nicegui import ui

from edge_core.dashboard.language import Say
from edge_core.service.history_views import Span
from edge_core.service.views import ServiceState, local_day

_SPANS: Final = {
    "today": (0, 0, "Today", "今天"),
    "yesterday": (1, 1, "Yesterday", "昨天"),
    "week": (6, 0, "7 days", "7 天"),
    "month": (27, 0, "28 days", "28 天"),
    "year": (364, 0, "A year", "一年"),
}
"""Days ago of the first and of the last day, and names."""
_CHOSEN: Final = "chosen"

Changed = Callable[[], Awaitable[None]]


class Days:
    """Buttons for the usual spans, and two fields for any other.

    Built where it is made, inside a page.

    Args:
        state: for today's date.
        say: the viewer's language.
        changed: called after every choice.
        chosen: the span at first, a key of the usual ones.
    """

    def __init__(self, state: ServiceState, say: Say, changed: Changed, chosen: str) -> None:
        self._state = state
        self._changed = changed
        self._key = chosen
        self.first, self.last = self._usual(chosen)
        self._buttons: dict[str, ui.element] = {}
        with ui.element("div").classes("pr-days").props("role=group"):
            for key, (_, _, english, chinese) in _SPANS.items():
                self._buttons[key] = self._button(key, say(english, chinese))
            with ui.element("span").classes("pr-between"):
                self._from = self._field(say("First day", "起始日"))
                ui.html("–", sanitize=False, tag="span")
                self._to = self._field(say("Last day", "结束日"))
        self._show()

    def span(self) -> Span:
        """The days chosen; a usual span moves on at midnight."""
        if self._key != _CHOSEN:
            self.first, self.last = self._usual(self._key)
        return Span(self.first, self.last, self._state.past.history.time.day(self._now_ns()))

    def _now_ns(self) -> int:
        return self._state.clock.utc_ns()

    def _usual(self, key: str) -> tuple[date, date]:
        today = local_day(self._state.site(), self._now_ns())
        first, last, _, _ = _SPANS[key]
        return today - timedelta(days=first), today - timedelta(days=last)

    def _button(self, key: str, text: str) -> ui.element:
        async def press() -> None:
            self._key = key
            self.first, self.last = self._usual(key)
            self._show()
            await self._changed()

        with ui.element("button").classes("pr-plain").props("type=button") as button:
            ui.html(text, sanitize=False, tag="span")
        return button.on("click", press)

    def _field(self, label: str) -> ui.input:
        field = ui.input().props(f'type=date dense borderless dark aria-label="{label}"')
        return field.on("change", self._typed)

    async def _typed(self) -> None:
        try:
            first, last = (date.fromisoformat(it.value) for it in (self._from, self._to))
        except (TypeError, ValueError):
            return  # half a date: the other half is being typed
        self._key = _CHOSEN
        self.first, self.last = min(first, last), max(first, last)
        self._show()
        await self._changed()

    def _show(self) -> None:
        for key, button in self._buttons.items():
            here = key == self._key
            button.classes(add="here") if here else button.classes(remove="here")
            button.props(f"aria-pressed={'true' if here else 'false'}")
        self._from.value, self._to.value = self.first.isoformat(), self.last.isoformat()


def choice(options: Mapping[Any, str], chosen: object, label: str, changed: Changed) -> ui.select:
    """A field that lets one of several be chosen.

    Args:
        options: value -> what is read.
        chosen: the value at first.
        label: what it is about, for everybody and for screen readers.
        changed: called after every choice.
    """
    field = ui.select(dict(options), value=chosen, label=label, on_change=changed)
    return field.props("dark outlined dense options-dense").classes("pr-choose")


def places(state: ServiceState, say: Say, *kinds: str) -> dict[str, str]:
    """The site, as "", and its zones of some kinds by id; of all kinds when none is named."""
    site = state.site()
    zones = [zone for zone in site.zones if not kinds or zone.kind in kinds]
    whole = {"": say("The whole site", "整个场地")}
    return whole | {zone.id: say(zone.name, zone.name_zh) for zone in zones}
