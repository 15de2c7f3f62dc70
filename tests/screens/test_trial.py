"""What the bench of the screens rests on: a finger that touches what can be seen, and frames."""

import json
from queue import SimpleQueue

import pytest
from PySide6.QtCore import QRectF

from edge_core.bench.played_mall import PEOPLE, played_mall
from edge_core.bench.running_screen import running_screen, screen_environment
from edge_core.qt.trial import Trial, by_kind, touchable
from edge_core.service.live_feed import LiveFeed
from edge_core.service.schema import DirectoryView


def test_only_what_can_be_seen_is_touched(open_screen, qtbot):
    shown = open_screen()
    assert {item.objectName() for item, _ in touchable(shown.window)} == {"beginArea", "openSees"}
    shown.model.begin()
    qtbot.waitUntil(lambda: not shown.items("attractPage"))
    shown.model.open("stores")
    qtbot.waitUntil(lambda: not shown.item("pages").property("busy"))
    found = touchable(shown.window)
    assert len(found) > 10
    window = QRectF(0, 0, shown.window.width(), shown.window.height())
    assert all(window.contains(place.toPointF()) for _, place in found)
    kinds = {kind[0][0].objectName().partition("-")[0]: len(kind) for kind in by_kind(found)}
    assert sum(kinds.values()) == len(found)
    assert kinds["key"] > 20
    assert kinds["back"] == 1


@pytest.mark.parametrize("touches", [True, False])
def test_a_trial_tells_of_frames_and_of_touches_if_it_touches(open_screen, qtbot, capsys, touches):
    shown = open_screen()
    told = []

    def lines():
        told.extend(json.loads(line) for line in capsys.readouterr().out.splitlines())
        return told

    trial = Trial(
        shown.window,
        lambda: shown.screen.shows_live,
        touches=touches,
    )
    shown.window.update()
    qtbot.waitUntil(lambda: {"drawn": "live"} in lines())
    assert told[0] == {"drawn": "first"}
    if touches:
        qtbot.waitUntil(lambda: any("touched" in line for line in lines()), timeout=20_000)
        touch = next(line for line in told if "touched" in line)
        assert touch["touched"] in ("beginArea", "openSees")
        assert 0 < touch["press_cpu_ms"] <= touch["press_wall_ms"] + 1
        assert 0 < touch["answer_cpu_ms"] <= touch["answer_wall_ms"] + 1
        assert (touch["from"], touch["to"]) == ("attract", shown.model.page)
        assert shown.model.page != "attract"
    else:
        assert not any("touched" in line for line in told)
    trial.deleteLater()


def test_a_screen_started_as_a_program_draws_the_played_mall(tmp_path):
    with played_mall(tmp_path) as mall:
        assert len(mall.live().people) == PEOPLE
        with running_screen("kiosk", mall.url, "touched", screen_environment(tmp_path)) as screen:
            assert screen.wait_for("live") > 0
            _, touch = screen.events.get(timeout=30)
            assert touch["touched"]
            assert screen.cpu_s() > 0


def test_the_played_mall_tells_screens_its_stores(tmp_path):
    views = SimpleQueue()
    with played_mall(tmp_path) as mall:
        feed = LiveFeed(
            mall.url,
            on_site=lambda _site: None,
            on_message=lambda message: views.put(message.view),
            on_link=lambda _state: None,
        )
        feed.start()
        try:
            while not isinstance(view := views.get(timeout=20), DirectoryView):
                pass
        finally:
            feed.stop()
    assert len(view.stores) >= 40
