import numpy as np
import pytest
from PySide6.QtGui import QImage

from mirror.view_models import part_of_day, wander


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["22:05", "Saturday 14 March", "Good evening", "Welcome to Harbour Galleries."]),
        ("zh", ["22:05", "3月14日 星期六", "晚上好", "欢迎光临海港购物中心。"]),
    ],
)
def test_idle_page_shows_time_day_and_welcome_on_black(open_screen, size, language, words):
    shown = open_screen("mirror", size, language)
    texts = shown.texts()
    assert [word for word in words if word not in texts] == []
    picture = shown.picture().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(-1, 4)[:, :3]
    assert (pixels == 0).all(axis=1).mean() > 0.9, "light only where content is"


def test_mirror_says_quietly_that_the_service_is_away(open_screen):
    shown = open_screen("mirror")
    assert not shown.items("statusLine")
    shown.screen.take_link("stale")
    assert "Live view paused, as of 22:05" in shown.texts()
    shown.screen.take_link("live")
    assert not shown.items("statusLine")


def test_content_wanders_slowly_and_stays_on_the_screen(open_screen):
    shown = open_screen("mirror")
    places = set()
    for minute in range(0, 120, 5):
        shown.model.wander_to(minute * 60.0)
        places.add((round(shown.item("wandering").x()), round(shown.item("wandering").y())))
    assert len(places) > 15
    assert max(abs(x) for x, _ in places) <= 14
    steps = [np.subtract(wander(t + 10), wander(t)) * 14 for t in range(0, 7200, 10)]
    assert np.abs(steps).max() < 1.0, "no step is larger than a pixel"


@pytest.mark.parametrize(
    ("hour", "part"),
    [(4, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")],
)
def test_greeting_fits_the_hour(hour, part):
    assert part_of_day(hour) == part
