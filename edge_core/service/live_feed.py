"""Following the edge service for ever, on a thread of its own."""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum

from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.schema import DirectoryView, HealthView, LiveView
from edge_core.service.site_schema import SiteView
from edge_core.service.sse import MessageKind, StreamMessage
from edge_core.service.visits_schema import CountsToday

_log = logging.getLogger(__name__)


class LinkState(StrEnum):
    """How fresh what a screen shows is."""

    CONNECTING = "connecting"
    """Nothing has been received yet."""
    LIVE = "live"
    STALE = "stale"
    """The service went away; the last good content stands."""


class LiveFeed:
    """Follows the edge service on its own thread: reconnects, resumes, keeps the last good.

    The callbacks run on that thread, one at a time; on_message gets each durable event once and
    in order, also across a restart of the service. After `stop` returns none runs any more.

    Args:
        base_url: e.g. `http://127.0.0.1:8460`.
        on_site: gets the plan at every connection (it may have changed meanwhile).
        on_message: gets every message after that.
        on_link: gets every change of the link's state.
        first_retry_s, longest_retry_s: pause after the first failure, and its cap; it doubles
            from failure to failure and is shortened at random by up to half, so that screens do
            not come back all at once.

    Attributes:
        site, live, tags, garments, counts, directory, health: last good content, None until there
            is any.
        link: the link's state.
        trouble: why the link is down, None while it is live.
        last_event_id: newest durable event handed out.
    """

    def __init__(
        self,
        base_url: str,
        *,
        on_site: Callable[[SiteView], None] | None = None,
        on_message: Callable[[StreamMessage], None] | None = None,
        on_link: Callable[[LinkState], None] | None = None,
        first_retry_s: float = 0.25,
        longest_retry_s: float = 5.0,
    ) -> None:
        self.site: SiteView | None = None
        self.live: LiveView | None = None
        self.tags: TagsView | None = None
        self.garments: GarmentsView | None = None
        self.counts: CountsToday | None = None
        self.directory: DirectoryView | None = None
        self.health: HealthView | None = None
        self.link = LinkState.CONNECTING
        self.trouble: PromenadeError | None = None
        self.last_event_id: int | None = None
        self._on_site, self._on_message, self._on_link = on_site, on_message, on_link
        self._first_retry_s, self._longest_retry_s = first_retry_s, longest_retry_s
        self._failures = 0
        self._client = EdgeClient(base_url)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-feed", daemon=True)

    def start(self) -> None:
        """Begin to follow; once per instance."""
        self._thread.start()

    def stop(self, timeout_s: float = 6.0) -> None:
        """End the thread; waits at most `timeout_s` seconds for it."""
        self._stop.set()
        self._client.interrupt()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        else:
            self._client.close()

    def _run(self) -> None:
        with self._client:
            while not self._stop.is_set():
                trouble = self._follow()
                if self._stop.is_set():
                    return
                if str(trouble) != str(self.trouble):
                    _log.warning("lost the edge service: %s", trouble)
                self.trouble = trouble
                self._set_link(LinkState.CONNECTING if self.site is None else LinkState.STALE)
                self._stop.wait(self._pause_s())

    def _follow(self) -> PromenadeError:
        """Connect and hand messages on until the link breaks; returns why it did."""
        try:
            site = self._client.site()
            with closing(self._client.stream(self.last_event_id)) as stream:
                for count, message in enumerate(stream):
                    if self._stop.is_set():
                        break
                    if count == 0:
                        self._open(site)
                    self._hand_out(message)
        except PromenadeError as error:
            return error
        return ServiceUnavailableError("The edge service closed the link.", "It is restarting.")

    def _open(self, site: SiteView) -> None:
        self.site, self.trouble, self._failures = site, None, 0
        if self._on_site is not None:
            self._on_site(site)
        self._set_link(LinkState.LIVE)

    def _hand_out(self, message: StreamMessage) -> None:
        match message.view:
            case LiveView():
                self.live = message.view
            case TagsView():
                self.tags = message.view
            case GarmentsView():
                self.garments = message.view
            case CountsToday():
                self.counts = message.view
            case DirectoryView():
                self.directory = message.view
            case HealthView():
                self.health = message.view
        if self._on_message is not None and message.kind is not MessageKind.POSITION:
            self._on_message(message)
        if message.event_id is not None:
            self.last_event_id = message.event_id

    def _set_link(self, link: LinkState) -> None:
        if link is self.link:
            return
        self.link = link
        if self._on_link is not None:
            self._on_link(link)

    def _pause_s(self) -> float:
        self._failures += 1
        doubled = self._first_retry_s * 2.0 ** min(self._failures - 1, 10)
        return float(min(doubled, self._longest_retry_s) * random.uniform(0.5, 1.0))
