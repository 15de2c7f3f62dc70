"""Thinning keeps the wanted rate; time lines keep files and live cameras on the right clock."""

from hypothesis import given
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.sensing.timing import FrameRate, Origin, Timeline
from edge_core.units import NS_PER_MS, NS_PER_S


def keeps(rate: FrameRate, mono_ns: int) -> bool:
    if not rate.due(mono_ns):
        return False
    rate.keep(mono_ns)
    return True


@given(st.floats(1, 60), st.floats(1, 60))
def test_the_kept_rate_is_the_lower_of_source_and_target(source_fps: float, fps: float) -> None:
    rate = FrameRate(fps)
    seconds = 60
    kept = sum(
        keeps(rate, round(n * NS_PER_S / source_fps)) for n in range(int(source_fps * seconds))
    )
    wanted = min(source_fps, fps) * seconds
    assert 0.8 * wanted - 2 <= kept <= 1.02 * wanted + 2


def test_exactly_ten_of_twenty_five_frames_are_kept() -> None:
    rate = FrameRate(10)
    assert sum(keeps(rate, n * 40 * NS_PER_MS) for n in range(250)) == 100


@given(st.lists(st.integers(-20, 20), min_size=50, max_size=50))
def test_a_jittering_source_of_the_target_rate_loses_no_frame(jitter_ms: list[int]) -> None:
    rate = FrameRate(10)
    times = [(100 * n + jitter) * NS_PER_MS for n, jitter in enumerate(jitter_ms)]
    times[0] = 0
    kept = sum(keeps(rate, time_ns) for time_ns in times)
    assert kept >= 45


def test_after_a_gap_frames_are_kept_at_once() -> None:
    rate = FrameRate(10)
    assert keeps(rate, 0)
    assert keeps(rate, 3600 * NS_PER_S)
    assert not rate.due(3600 * NS_PER_S + 10 * NS_PER_MS)


def test_a_frame_that_could_not_be_taken_leaves_the_next_one_due() -> None:
    rate = FrameRate(10)
    rate.keep(0)
    assert not rate.due(40 * NS_PER_MS)
    assert rate.due(80 * NS_PER_MS)
    assert rate.due(120 * NS_PER_MS)
    rate.keep(120 * NS_PER_MS)
    assert not rate.due(160 * NS_PER_MS)


def test_a_files_frames_lie_at_the_start_of_reading_plus_media_time() -> None:
    clock = ManualClock()
    timeline = Timeline(clock)
    first = timeline.of_media(0)
    clock.advance_ns(5)
    later = timeline.of_media(10 * NS_PER_S)
    assert later.mono_ns - first.mono_ns == later.utc_ns - first.utc_ns == 10 * NS_PER_S
    assert later.received_mono_ns - first.received_mono_ns == 5


def test_a_looped_file_goes_on_in_time() -> None:
    timeline = Timeline(ManualClock())
    last = timeline.of_media(960 * NS_PER_MS)
    timeline.go_round(1000 * NS_PER_MS)
    assert timeline.of_media(0).mono_ns == last.mono_ns + 40 * NS_PER_MS


def test_a_restarted_worker_keeps_the_origin_of_its_file() -> None:
    timeline = Timeline(ManualClock(), Origin(7, 9))
    assert (timeline.of_media(100).mono_ns, timeline.of_media(100).utc_ns) == (107, 109)


def test_a_live_frame_happens_when_it_is_received() -> None:
    clock = ManualClock()
    stamps = Timeline(clock).live()
    assert stamps.mono_ns == stamps.received_mono_ns == clock.mono_ns
    assert stamps.utc_ns == clock.wall_ns
