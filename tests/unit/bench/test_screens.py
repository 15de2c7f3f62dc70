"""How touches and memory of the screens become figures."""

import pytest

from edge_core.bench.screens import memory_figures, touch_figures


def test_touches_without_a_frame_are_told_apart_from_quick_ones():
    touches = [
        *({"touched": "a", "wall_ms": float(ms), "cpu_ms": ms / 2} for ms in (20, 40, 60, 180)),
        {"touched": "b", "wall_ms": None, "cpu_ms": None},
    ]
    value = {figure.name: (figure.value, figure.n) for figure in touch_figures(touches)}
    assert value["kiosk: touch to next frame, wall clock, p50"] == (50, 4)
    assert value["kiosk: touch to next frame, processor time, most"] == (90, 4)
    assert value["kiosk: touches answered within 100 ms"] == (0.75, 4)
    share, count = value["kiosk: touches without a frame"]
    assert (share, count) == (pytest.approx(0.2), 5)


def test_growth_of_memory_leaves_out_the_filling_of_caches():
    filling, steady = [50.0, 80.0], [100.0] * 6
    value = {it.name: it.value for it in memory_figures([*filling, *steady, 105.0, 105.0], 600)}
    assert value["kiosk: growth of memory over 10 min of use"] == pytest.approx(5)
    assert value["kiosk: memory in the second fifth of 10 min of use"] == 100
