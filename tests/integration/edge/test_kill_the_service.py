"""Whatever a client was told has happened is still in the ledger after `kill -9` of everything."""

import os
import random
import threading
import time

import pytest

from edge_core.service.client import LiveFeed, MessageKind

KILLS = int(os.environ.get("PROMENADE_CRASH_KILLS", "4"))


@pytest.mark.timeout(60 + 45 * KILLS)
def test_no_acknowledged_event_is_lost_however_often_the_service_is_killed(service):
    edge = service()
    told = set()
    seen = threading.Event()

    def note(message):
        if message.kind is MessageKind.EVENT:
            told.add(message.event_id)
            seen.set()

    moments = random.Random(7)
    feed = LiveFeed(edge.url, on_message=note)
    feed.start()
    try:
        for _ in range(KILLS):
            edge.start()
            seen.clear()
            seen.wait(40.0)  # an event comes within seconds: the kill falls amid the writing
            time.sleep(moments.uniform(0, 0.5))
            edge.kill_all()
            assert edge.ledger_is_sound()
            assert told <= edge.event_ids()
    finally:
        feed.stop()
    assert told, "shoppers crossed no line and left no zone: the test saw nothing"
