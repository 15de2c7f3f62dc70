"""How touches and memory of the screens become figures."""

import pytest

from edge_core.bench.screens import memory_figures, touch_figures


def told(place, press, answer=None, to="welcome"):
    line = {"touched": place, "from": "welcome", "press_wall_ms": press, "press_cpu_ms": press / 2}
    if answer is not None:
        line |= {"to": to, "answer_wall_ms": answer, "answer_cpu_ms": answer / 2}
    return line


def test_pressed_controls_answers_and_other_pages_are_told_apart():
    touches = [
        *(told("largeText", 10.0, float(ms)) for ms in (20, 40, 60, 180)),
        *(told("doorStores", 30.0, float(ms), "stores") for ms in (90, 110)),
        told("finish", 20.0),
    ]
    value = {figure.name: (figure.value, figure.n) for figure in touch_figures("kiosk", touches)}
    assert value["kiosk: finger down to control pressed, wall clock, p50"] == (10, 7)
    assert value["kiosk: finger up to answer on the page, wall clock, p50"] == (50, 4)
    assert value["kiosk: finger up to answer on the page, processor time, most"] == (90, 4)
    assert value["kiosk: finger up to answer on the page, wall clock, within 100 ms"] == (0.75, 4)
    assert value["kiosk: finger up to another page seen, wall clock, most"] == (110, 2)
    share, count = value["kiosk: touches without a frame"]
    assert (share, count) == (pytest.approx(1 / 7), 7)


def test_growth_of_memory_leaves_out_the_filling_of_caches():
    filling, steady = [50.0, 80.0], [100.0] * 6
    figures = memory_figures("mirror", [*filling, *steady, 105.0, 105.0], 600, 1200)
    value = {it.name: it.value for it in figures}
    assert value["mirror: growth of memory over 10 min of use"] == pytest.approx(5)
    assert value["mirror: memory in the second fifth of 10 min of use"] == 100
    assert value["mirror: touches in 10 min of use"] == 1200
    assert 0 < value["mirror: slope of memory after the first fifth"] < 100
