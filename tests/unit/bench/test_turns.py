"""Calls are timed side by side."""

from itertools import count

from edge_core.bench.turns import in_turns


def test_calls_take_turns_and_quick_ones_are_repeated():
    now_ms, order = [0], []

    def call(name, cost_ms):
        def run():
            order.append(name)
            now_ms[0] += cost_ms

        return run

    spent = in_turns(
        {"slow": call("slow", 100), "quick": call("quick", 10)},
        rounds=3,
        clock=lambda: now_ms[0] * 1_000_000,
    )
    assert spent == {"slow": [100.0] * 3, "quick": [10.0] * 12}
    assert order[4:] == (["slow"] + ["quick"] * 4) * 3


def test_no_call_is_repeated_more_often_than_asked():
    ticks = count(step=1_000)
    spent = in_turns({"quick": lambda: None}, 5, repeats_most=2, clock=lambda: next(ticks))
    assert len(spent["quick"]) == 10
