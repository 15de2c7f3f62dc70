from itertools import pairwise

import pytest
from fastapi.sse import format_sse_event
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge_core.service.sse import MessageKind, messages
from edge_core.service.visits_schema import CountsToday

COUNTS = CountsToday(date="2026-01-01", entered=3, left=1, inside=2, by_line={"door": (3, 1)})


@given(name=st.text(min_size=1), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_a_message_arrives_whole_however_the_network_cuts_it(name, cuts):
    view = COUNTS.model_copy(update={"by_line": {name: (1, 2)}})
    data = format_sse_event(event="counts", data_str=view.model_dump_json())
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert [message.view for message in messages(chunks)] == [view]


def test_comments_unknown_kinds_and_fields_are_passed_over():
    text = (
        b": ping\n\nevent: weather\ndata: {}\n\nretry: 9\n\n"
        b"event: counts\nflavour: x\ndata: " + COUNTS.model_dump_json().encode() + b"\r\n\r\n"
    )
    assert [message.kind for message in messages([text])] == [MessageKind.COUNTS]


def test_an_unfinished_message_is_not_handed_out():
    assert list(messages([b"event: counts\ndata: {}\n"])) == []


def test_a_wrong_message_is_refused():
    with pytest.raises(ValidationError):
        list(messages([b"event: counts\ndata: {}\n\n"]))


def test_an_id_without_data_tells_the_position():
    (message,) = messages([b"id: 17\nretry: 1000\n\n"])
    assert (message.kind, message.view, message.event_id) == (MessageKind.POSITION, None, 17)
