import anyio
import pytest

from edge_core.service.schema import EventView
from edge_core.service.sse import MessageKind, StreamMessage, messages


def _parsed(chunks) -> list[StreamMessage]:
    return list(messages(chunks))


async def _take(stream, count: int) -> list[StreamMessage]:
    """The next messages; a stream that says nothing for long fails the test."""
    taken: list[StreamMessage] = []
    with anyio.fail_after(5):
        while len(taken) < count:
            taken += _parsed([await anext(stream)])
    return taken


def test_a_new_client_is_told_its_position_then_the_newest_state(state, follow):
    async def run():
        state.cross("before")
        state.appear(1)
        stream = follow()
        first, *rest = await _take(stream, 3)
        assert (first.kind, first.event_id) == (MessageKind.POSITION, state.writer.newest_id)
        assert [message.kind for message in rest] == [MessageKind.COUNTS, MessageKind.LIVE]
        ids = state.cross("after")
        event, counts = await _take(stream, 2)
        assert (event.kind, event.event_id) == (MessageKind.EVENT, ids[0])
        assert counts.view.entered == 2
        await stream.aclose()

    anyio.run(run)


def test_a_returning_client_gets_every_missed_event_once_and_in_order(state, follow):
    async def run():
        ids = state.cross(*(str(number) for number in range(450)))
        stream = follow(ids[9])
        position, *events = await _take(stream, 1 + 440)
        assert position.event_id == ids[9]
        assert [event.event_id for event in events] == ids[10:]
        assert all(isinstance(event.view, EventView) for event in events)
        await stream.aclose()

    anyio.run(run)


def test_a_slow_client_gets_the_newest_state_only_but_every_event(state, follow):
    async def run():
        stream = follow()
        await _take(stream, 1)
        ids = []
        for number in range(300):  # while the client takes nothing
            state.appear(number)
            ids += state.cross(str(number))
        taken = await _take(stream, 300 + 2)
        lives = [message.view for message in taken if message.kind is MessageKind.LIVE]
        assert [live.people[0].number for live in lives] == [299]
        assert [it.event_id for it in taken if it.kind is MessageKind.EVENT] == ids
        await stream.aclose()

    anyio.run(run)


def test_a_position_beyond_the_ledger_means_it_was_replaced(state, follow):
    async def run():
        newest = state.cross("a")[-1]
        stream = follow(10_000)
        assert (await _take(stream, 1))[0].event_id == newest
        await stream.aclose()

    anyio.run(run)


def test_events_deleted_meanwhile_do_not_hold_the_stream_up(state, follow):
    async def run():
        state.cross("a", "b")
        state.writer.delete_older_than(state.clock.utc_ns() + 3600 * 10**9)
        stream = follow(0)
        assert [it.kind for it in await _take(stream, 2)] == ["position", "counts"]
        await stream.aclose()

    anyio.run(run)


def test_a_quiet_stream_says_so_from_time_to_time(state, follow):
    async def run():
        state.hub._heartbeat_s = 0.01
        stream = follow()
        await anext(stream)
        with anyio.fail_after(5):
            assert await anext(stream) == b": ping\n\n"
        await stream.aclose()

    anyio.run(run)


def test_closing_the_hub_ends_the_streams(state, follow):
    async def run():
        stream = follow()
        await anext(stream)
        state.hub.close()
        with anyio.fail_after(5), pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert state.hub.open_streams == 0

    anyio.run(run)


def test_publishing_without_listeners_is_allowed_after_they_have_gone(state, follow):
    async def run():
        stream = follow()
        await anext(stream)
        await stream.aclose()

    anyio.run(run)
    state.appear(1)
    assert state.hub.open_streams == 0
