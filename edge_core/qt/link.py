"""The edge service's live feed as Qt signals on the GUI thread."""

from PySide6.QtCore import QObject, Signal, Slot

from edge_core.qt.questions import Questions
from edge_core.service.client import StreamMessage
from edge_core.service.item_schema import GarmentsView
from edge_core.service.live_feed import LinkState, LiveFeed
from edge_core.service.schema import DirectoryView, EventView, HealthView, LiveView
from edge_core.service.site_schema import SiteView
from edge_core.service.visits_schema import CountsToday


class ServiceLink(QObject):
    """Follows the edge service; signals leave the feed's thread queued.

    Receivers must be methods of QObjects living on the GUI thread; Qt then queues the calls.

    Args:
        url: address of the edge service.

    Attributes:
        questions: asks the same service what the feed does not tell.
    """

    siteReceived = Signal(object)  # noqa: N815
    liveReceived = Signal(object)  # noqa: N815
    garmentsReceived = Signal(object)  # noqa: N815
    countsReceived = Signal(object)  # noqa: N815
    directoryReceived = Signal(object)  # noqa: N815
    healthReceived = Signal(object)  # noqa: N815
    eventReceived = Signal(object)  # noqa: N815
    stateChanged = Signal(str)  # noqa: N815

    def __init__(self, url: str) -> None:
        super().__init__()
        self.questions = Questions(url)
        self._feed = LiveFeed(
            url, on_site=self._on_site, on_message=self._on_message, on_link=self._on_link
        )

    @Slot()
    def start(self) -> None:
        """Begin to follow; the feed reconnects by itself for ever."""
        self._feed.start()

    def stop(self) -> None:
        """End the feed's thread; no signal comes afterwards."""
        self._feed.stop()
        self.questions.stop()

    def _on_site(self, site: SiteView) -> None:
        self.siteReceived.emit(site)

    def _on_message(self, message: StreamMessage) -> None:
        match message.view:
            case LiveView():
                self.liveReceived.emit(message.view)
            case GarmentsView():
                self.garmentsReceived.emit(message.view)
            case CountsToday():
                self.countsReceived.emit(message.view)
            case DirectoryView():
                self.directoryReceived.emit(message.view)
            case HealthView():
                self.healthReceived.emit(message.view)
            case EventView():
                self.eventReceived.emit(message.view)

    def _on_link(self, state: LinkState) -> None:
        self.stateChanged.emit(state.value)
