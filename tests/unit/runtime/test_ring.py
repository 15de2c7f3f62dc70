"""The frame ring against a model of it: nothing torn, nothing out of order, nothing uncounted."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge_core.errors import RingError, SharedMemoryFullError
from edge_core.runtime.memory import SharedBlock
from edge_core.runtime.ring import DropPolicy, FrameRing, FrameStamps

MOST_PX = (40, 30)
SLOTS = 4


def stamps(number: int) -> FrameStamps:
    return FrameStamps(number, number + 1, number + 2)


class RingMachine(RuleBasedStateMachine):
    """A producer and a consumer that may die and come back at any point."""

    policy = DropPolicy.LIVE

    def __init__(self) -> None:
        super().__init__()
        self.ring = FrameRing("door", MOST_PX, slots=SLOTS, policy=self.policy)
        self.writer, self.reader = self.ring.writer(), self.ring.reader()
        self.sizes: list[tuple[int, int]] = []
        self.begun = 0
        self.taken: list[int] = []
        self.held = None
        self.dealt_with = 0
        self.dropped = 0
        self.refused = 0

    def may_write(self) -> bool:
        return self.policy is DropPolicy.LIVE or self.writer.wanted()

    @precondition(may_write)
    @rule(width=st.integers(1, 40), height=st.integers(1, 30))
    def publish(self, width: int, height: int) -> None:
        number = len(self.sizes) + 1
        image = np.full((height, width, 3), number % 251, np.uint8)
        assert self.writer.write(
            image, stamps(number), moved_px=(0, 16, 32, 48) if number % 2 == 0 else None
        )
        self.sizes.append((width, height))
        self.begun = number

    @precondition(may_write)
    @rule()
    def die_while_writing(self) -> None:
        self.writer.begin(*MOST_PX)[:] = 255
        self.begun = len(self.sizes) + 1
        self.writer = self.ring.writer()

    @rule()
    def refuse(self) -> None:
        assert not self.writer.write(np.zeros((31, 40, 3), np.uint8), stamps(0))
        self.refused += 1

    @rule()
    def restart_reader(self) -> None:
        self.reader = self.ring.reader()
        self.held = None
        if self.policy is DropPolicy.LIVE:
            self.dropped += len(self.sizes) - self.dealt_with
            self.dealt_with = len(self.sizes)

    @rule()
    def take(self) -> None:
        frame = self.reader.take()
        before = self.dealt_with
        if len(self.sizes) == before:
            assert frame is None
            return
        expected = len(self.sizes) if self.policy is DropPolicy.LIVE else before + 1
        assert frame is not None
        assert frame.sequence == expected
        assert frame.stamps == stamps(expected)
        assert frame.moved_px == ((0, 16, 32, 48) if expected % 2 == 0 else None)
        assert frame.image.shape[1::-1] == self.sizes[expected - 1]
        assert not frame.image.flags.writeable
        self.dropped += expected - before - 1
        self.taken.append(expected)
        self.dealt_with = expected
        self.held = frame

    @invariant()
    def a_held_frame_is_whole_or_says_otherwise(self) -> None:
        if self.held is None:
            return
        overwritten = self.begun >= self.held.sequence + SLOTS
        assert self.held.intact() == (not overwritten)
        if not overwritten:
            assert np.all(self.held.image == self.held.sequence % 251)

    @invariant()
    def every_frame_is_accounted_for(self) -> None:
        counters = self.ring.counters()
        waiting = self.reader.waiting()
        assert counters.published == len(self.sizes)
        assert counters.dropped == self.dropped
        assert counters.refused == self.refused
        assert counters.torn == 0
        assert len(self.taken) + self.dropped + waiting == len(self.sizes)


class WaitingRingMachine(RingMachine):
    policy = DropPolicy.WAIT

    @invariant()
    def nothing_is_dropped_or_overwritten(self) -> None:
        assert self.ring.counters().dropped == 0
        assert self.held is None or self.held.intact()


TestLiveRing = RingMachine.TestCase
TestWaitingRing = WaitingRingMachine.TestCase
TestLiveRing.settings = TestWaitingRing.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)


def test_a_frame_is_skipped_until_the_consumer_asks_for_one_or_comes_and_finds_none() -> None:
    ring = FrameRing("door", MOST_PX)
    writer, reader = ring.writer(), ring.reader()
    assert writer.wanted()
    assert writer.write(np.zeros((8, 8, 3), np.uint8), stamps(1))
    assert not writer.wanted()
    reader.ask()  # one waits already
    assert not writer.wanted()
    assert reader.take() is not None
    assert not writer.wanted()
    writer.skip()
    reader.ask()
    assert writer.wanted()
    assert writer.write(np.zeros((8, 8, 3), np.uint8), stamps(2))
    assert reader.take() is not None
    assert reader.take() is None
    assert writer.wanted()
    assert ring.counters().skipped == 1


def test_a_restarted_consumer_is_not_handed_what_waited_for_the_one_before() -> None:
    ring = FrameRing("door", MOST_PX)
    writer, _dead = ring.writer(), ring.reader()
    writer.write(np.zeros((8, 8, 3), np.uint8), stamps(1))
    reader = ring.reader()
    assert reader.take() is None
    assert ring.counters().dropped == 1
    assert writer.wanted()


def test_waiting_for_room_ends_when_told_to_give_up_and_when_time_is_over() -> None:
    writer = FrameRing("door", MOST_PX, slots=3, policy=DropPolicy.WAIT).writer()
    for _ in range(2):
        assert writer.wait_for_room(0.0, giving_up=lambda: False)
        writer.write(np.zeros((8, 8, 3), np.uint8), stamps(1))
    assert not writer.wait_for_room(60.0, giving_up=lambda: True)
    assert not writer.wait_for_room(0.01, giving_up=lambda: False)


def test_a_decoder_may_write_straight_into_the_slot_the_reader_sees() -> None:
    ring = FrameRing("door", MOST_PX)
    writer, reader = ring.writer(), ring.reader()
    view = writer.begin(20, 10)
    view[3, 4] = (1, 2, 3)
    assert reader.take() is None
    writer.publish(stamps(1))
    frame = reader.take()
    assert frame is not None
    assert frame.image[3, 4].tolist() == [1, 2, 3]
    assert np.shares_memory(frame.image, view) or frame.image.base is not None
    view[3, 4] = (4, 5, 6)
    assert frame.image[3, 4].tolist() == [4, 5, 6]


def test_a_frame_too_large_is_refused_with_its_size_and_never_resized() -> None:
    ring = FrameRing("door", (64, 64))
    writer = ring.writer()
    assert not writer.write(np.zeros((64, 100, 3), np.uint8), stamps(1))
    assert ring.counters().refused == 1
    assert ring.counters().refused_size_px == (100, 64)
    assert ring.reader().take() is None
    with pytest.raises(ValueError, match="100x64"):
        writer.begin(100, 64)


def test_slots_begin_on_pages_and_hold_the_largest_frame() -> None:
    view = FrameRing("door", (1919, 1079)).writer().begin(1919, 1079)
    assert view.shape == (1079, 1919, 3)
    assert view.__array_interface__["data"][0] % 4096 == 0


def test_fewer_than_three_slots_are_no_ring() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        FrameRing("door", MOST_PX, slots=2)


def test_memory_that_is_no_ring_is_not_read_as_one() -> None:
    ring = FrameRing("door", MOST_PX)
    ring.block.buffer[:8] = bytes(8)
    with pytest.raises(RingError, match="not a ring"):
        ring.reader()


def test_a_ring_larger_than_the_file_system_is_refused_with_the_numbers() -> None:
    with pytest.raises(SharedMemoryFullError, match=r"needs .* MB and .* MB are free") as raised:
        SharedBlock(1 << 50, "frame ring of camera door")
    assert "max_resolution_px" in raised.value.remedy


def test_a_missing_shared_memory_directory_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("PROMENADE_SHM_DIR", str(tmp_path / "none"))
    with pytest.raises(RingError, match="none"):
        FrameRing("door", MOST_PX)


def test_shared_memory_never_has_a_name(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("PROMENADE_SHM_DIR", str(tmp_path))
    ring = FrameRing("door", MOST_PX)
    assert list(tmp_path.iterdir()) == []
    assert ring.counters().published == 0


def test_a_ring_is_handed_over_only_to_a_child_being_started() -> None:
    import pickle

    with pytest.raises(RuntimeError, match="inheritance"):
        pickle.dumps(FrameRing("door", MOST_PX))
