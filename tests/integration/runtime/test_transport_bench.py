"""The transport benchmark measures what it says; its speed is its own affair."""

from edge_core.bench.transport import ARMS, measure


def test_every_arm_delivers_the_right_frames_and_is_compared_within_the_run() -> None:
    figures = measure(30)
    medians = {figure.name: figure for figure in figures if figure.name.endswith("median")}
    assert len(medians) == len(ARMS)
    for figure in figures:
        assert (figure.unit, figure.n) == ("us", 30)
        assert figure.value > 0
        if figure.baseline is not None:
            assert figure.ratio == medians[figure.baseline].value / figure.value
