"""Both screens against the real local API on a real port."""

import threading

import pytest

from edge_core.clock import SystemClock
from edge_core.ledger import Ledger
from edge_core.qt.link import ServiceLink
from edge_core.service.api import create_app
from edge_core.service.schema import HealthView
from edge_core.service.server import ApiServer, listen
from edge_core.service.stream import StreamHub

WAIT_MS = 20_000


class Service:
    """The API over a state the test sets; implements ServiceState."""

    def __init__(self, ledger_path, site, view, port=0):
        self.clock = SystemClock()
        self._writer = Ledger(ledger_path)
        self.ledger = self._writer.reader()
        self.hub = StreamHub(self.ledger.newest_id())
        self._site, self._view, self._lock = site, view, threading.Lock()
        self._server = ApiServer(create_app(self), self.hub, listen("127.0.0.1", port))
        self._server.start()
        self.url, self.port = self._server.url, self._server.port
        self.publish(view)

    def site(self):
        return self._site

    def live(self):
        with self._lock:
            return self._view

    def health(self):
        return HealthView(status="ok", version="0", uptime_s=1.0)

    def publish(self, view):
        with self._lock:
            self._view = view
        self.hub.publish_live(view)

    def stop(self):
        self._server.stop()
        self.ledger.close()
        self._writer.close()


@pytest.fixture
def serve(tmp_path, sample, make_live, make_person):
    started = []

    def start(port=0, x=5.0):
        view = make_live(make_person(1, x, 15), make_person(2, 20, 20))
        started.append(Service(tmp_path / "ledger.db", sample, view, port))
        return started[-1]

    yield start
    for service in started:
        service.stop()


@pytest.fixture
def follow():
    links = []

    def start(shown, url):
        links.append(ServiceLink(url))
        shown.screen.follow(links[-1])
        links[-1].start()

    yield start
    for link in links:
        link.stop()


def test_dots_follow_the_people(open_screen, serve, follow, qtbot, make_live, make_person):
    service = serve()
    shown = open_screen("kiosk", fed=False)
    follow(shown, service.url)
    qtbot.waitUntil(lambda: len(shown.items("dot")) == 2, timeout=WAIT_MS)
    before = shown.items("dot")[0].x()
    service.publish(make_live(make_person(1, 12, 15), make_person(2, 20, 20), seconds=1))
    qtbot.waitUntil(lambda: abs(shown.items("dot")[0].x() - before) > 100, timeout=WAIT_MS)
    service.publish(make_live(make_person(2, 20, 20), seconds=2))
    qtbot.waitUntil(lambda: len(shown.items("dot")) == 1, timeout=WAIT_MS)


@pytest.mark.parametrize("kind", ["kiosk", "mirror"])
def test_last_good_content_stays_while_the_service_is_away(open_screen, serve, follow, qtbot, kind):
    service = serve()
    shown = open_screen(kind, fed=False)
    follow(shown, service.url)
    qtbot.waitUntil(lambda: shown.screen.shows_live, timeout=WAIT_MS)
    content = [text for text in shown.texts() if text]

    service.stop()
    paused = "Live view paused, as of 22:05"
    qtbot.waitUntil(lambda: paused in shown.texts(), timeout=WAIT_MS)
    told = "Each light is somebody here now. Nobody is recognised."
    assert [t for t in content if t not in shown.texts() and t != told] == []
    if kind == "kiosk":
        assert len(shown.items("dot")) == 2

    serve(service.port)
    qtbot.waitUntil(lambda: paused not in shown.texts(), timeout=WAIT_MS)
    assert shown.screen.shows_live


def test_a_screen_started_before_the_service_waits_for_it(open_screen, serve, follow, qtbot):
    service = serve()
    port = service.port
    service.stop()
    shown = open_screen("kiosk", fed=False)
    follow(shown, f"http://127.0.0.1:{port}")
    assert "The live view will be here in a moment" in shown.texts()
    serve(port)
    qtbot.waitUntil(lambda: "Harbour Galleries" in shown.texts(), timeout=WAIT_MS)


def test_screens_take_language_and_place_from_the_site_file(
    open_screen, serve, follow, qtbot, sample
):
    service = serve()
    screens = [s.model_copy(update={"language": "zh"}) for s in sample.screens]
    service._site = sample.model_copy(update={"screens": screens})
    shown = open_screen("kiosk", language=None, fed=False)
    follow(shown, service.url)
    qtbot.waitUntil(lambda: "海港购物中心" in shown.texts(), timeout=WAIT_MS)
    assert shown.items("youAreHere")
