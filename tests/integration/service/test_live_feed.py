"""The client's feed against a real server on a real port."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from edge_core.service.client import EdgeClient, MessageKind
from edge_core.service.live_feed import LinkState, LiveFeed

DEADLINE_S = 10.0


class Audience:
    """Keeps what a feed hands out and waits for what a test expects."""

    def __init__(self, url: str, **options: Any) -> None:
        self.links: list[LinkState] = []
        self.sites: list[str] = []
        self.event_keys: list[tuple[int, str]] = []
        self._changed = threading.Condition()
        self.feed = LiveFeed(
            url,
            on_site=self._site,
            on_message=self._message,
            on_link=self._link,
            first_retry_s=0.02,
            longest_retry_s=0.1,
            **options,
        )

    def wait_for(self, what: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(what, DEADLINE_S), "the expected did not come"

    def event_ids(self) -> list[int]:
        return [event_id for event_id, _ in self.event_keys]

    def _site(self, site: Any) -> None:
        with self._changed:
            self.sites.append(site.id)
            self._changed.notify_all()

    def _message(self, message: Any) -> None:
        with self._changed:
            if message.kind is MessageKind.EVENT:
                self.event_keys.append((message.event_id, message.view.place))
            self._changed.notify_all()

    def _link(self, link: LinkState) -> None:
        with self._changed:
            self.links.append(link)
            self._changed.notify_all()


@pytest.fixture
def attend() -> Iterator[Callable[..., Audience]]:
    attending: list[Audience] = []

    def start(url: str) -> Audience:
        attending.append(Audience(url))
        attending[-1].feed.start()
        return attending[-1]

    yield start
    for audience in attending:
        audience.feed.stop()


def test_a_screen_sees_people_counts_and_events(start_service, attend):
    service = start_service()
    audience = attend(service.url)
    audience.wait_for(lambda: audience.feed.link is LinkState.LIVE)
    service.state.appear(7)
    ids = service.state.cross("a", "b")
    audience.wait_for(lambda: audience.event_ids() == ids and audience.feed.counts is not None)
    audience.wait_for(lambda: audience.feed.live is not None)
    assert audience.feed.site.name == "Harbour Shop"
    assert [person.number for person in audience.feed.live.people] == [7]
    audience.wait_for(lambda: audience.feed.counts.entered == 2)


def entered(feed):
    """Entries the feed was last told of; the counts follow the events in a message of their own."""
    return feed.counts.entered if feed.counts is not None else None


def test_over_restarts_of_the_service_no_event_is_lost_or_doubled(start_service, attend):
    service = start_service()
    audience = attend(service.url)
    audience.wait_for(lambda: audience.feed.link is LinkState.LIVE)
    ids = service.state.cross("before")
    for round_number in range(3):
        audience.wait_for(lambda expected=ids: audience.event_ids() == expected)
        audience.wait_for(lambda expected=ids: entered(audience.feed) == len(expected))
        service.stop()
        audience.wait_for(lambda: audience.links[-1] is LinkState.STALE)
        assert audience.feed.counts.entered == len(ids), "the last good counts stand"
        assert audience.feed.trouble is not None
        service = start_service(port=service.port)
        ids += service.state.cross(*(f"missed-{round_number}-{number}" for number in range(300)))
        audience.wait_for(lambda: audience.links[-1] is LinkState.LIVE)
        ids += service.state.cross(f"live-{round_number}")
    audience.wait_for(lambda: audience.event_ids() == ids)
    assert audience.sites == ["harbour"] * 4
    assert audience.feed.trouble is None


def test_a_screen_started_before_the_service_waits_for_it(start_service, attend):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    audience = attend(f"http://127.0.0.1:{port}")
    _wait(lambda: audience.feed.trouble is not None)
    assert audience.feed.link is LinkState.CONNECTING
    start_service(port=port)
    audience.wait_for(lambda: audience.links == [LinkState.LIVE])


def test_stopping_a_feed_does_not_wait_for_the_next_message(start_service, attend):
    service = start_service(heartbeat_s=60)
    audience = attend(service.url)
    audience.wait_for(lambda: audience.feed.link is LinkState.LIVE)
    begun = time.monotonic()
    audience.feed.stop()
    assert time.monotonic() - begun < 1.0
    assert "live-feed" not in {thread.name for thread in threading.enumerate()}


def test_stopping_the_service_does_not_wait_for_its_streams(start_service, attend):
    service = start_service(heartbeat_s=60)
    audiences = [attend(service.url) for _ in range(5)]
    for audience in audiences:
        audience.wait_for(lambda audience=audience: audience.feed.link is LinkState.LIVE)
    begun = time.monotonic()
    service.stop()
    assert time.monotonic() - begun < 2.0


def test_a_screen_that_stops_reading_gets_fresh_state_and_every_event(start_service):
    service = start_service()
    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: 0\r\n\r\n")
        _wait(lambda: service.state.hub.open_streams == 1)
        people = list(range(100_000, 100_040))
        ids: list[int] = []
        for round_number in range(400):  # about 6 MB of live state that nobody reads
            service.state.appear(round_number, *people)
            if round_number % 4 == 0:
                ids += service.state.cross(str(round_number))
        received = _read_until(slow, b'"number":399,', ids[-1])
    lives = received.count(b"event: live")
    assert 1 <= lives < 200, "most stale states were skipped"
    assert [int(part.split(b"\n", 1)[0]) for part in received.split(b"\nid: ")[1:]][-100:] == ids


def test_one_slow_screen_does_not_hold_up_another(start_service, attend):
    service = start_service()
    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        audience = attend(service.url)
        audience.wait_for(lambda: audience.feed.link is LinkState.LIVE)
        ids: list[int] = []
        for number in range(200):
            service.state.appear(*range(40))
            ids += service.state.cross(str(number))
        audience.wait_for(lambda: audience.event_ids() == ids)


def test_several_feeds_follow_at_once(start_service, attend):
    service = start_service()
    audiences = [attend(service.url) for _ in range(4)]
    for audience in audiences:
        audience.wait_for(lambda audience=audience: audience.feed.link is LinkState.LIVE)
    ids = service.state.cross(*(str(number) for number in range(100)))
    for audience in audiences:
        audience.wait_for(lambda audience=audience: audience.event_ids() == ids)


def test_the_plain_client_asks_a_real_service(start_service):
    service = start_service()
    service.state.cross("a")
    with EdgeClient(service.url) as client:
        assert client.site().id == "harbour"
        assert client.health().status == "ok"
        assert client.counts(bucket_s=3600).today.entered == 1
        stream = client.stream(last_event_id=0)
        assert [next(stream).kind for _ in range(2)] == [MessageKind.POSITION, MessageKind.EVENT]
        stream.close()


def _wait(what: Callable[[], bool]) -> None:
    polls: queue.Queue[None] = queue.Queue()
    deadline = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < deadline, "the expected did not come"
        try:
            polls.get(timeout=0.01)
        except queue.Empty:
            continue


def _read_until(slow: socket.socket, mark: bytes, newest_id: int) -> bytes:
    slow.settimeout(DEADLINE_S)
    received = b""
    while mark not in received or b"\nid: %d\n" % newest_id not in received:
        chunk = slow.recv(65536)
        assert chunk, "the service closed the stream"
        received += chunk
    return received.replace(b"\r\n", b"\n")
