"""The health board keeps what workers and supervisor write, each in its own field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.runtime.board import HealthBoard, WorkerState


def test_rows_keep_their_own_values() -> None:
    board = HealthBoard({"capture:door": ("received", "skipped"), "vision": ("people",)})
    door, vision = board.row("capture:door"), board.row("vision")
    door.add("received")
    door.add("received", 2)
    vision.set("people", -7)
    door.state, door.pid, door.restarts, door.stop = WorkerState.RUNNING, 42, 3, True
    door.beat(99)
    again = board.row("capture:door")
    assert again.counters() == {"received": 3, "skipped": 0}
    assert (again.state, again.pid, again.restarts, again.stop) == (
        WorkerState.RUNNING,
        42,
        3,
        True,
    )
    assert again.heartbeat_ns == 99
    assert vision.get("people") == -7
    assert (vision.state, vision.pid, vision.stop) == (WorkerState.STARTING, 0, False)
    assert board.names() == ("capture:door", "vision")


@given(st.text())
def test_texts_of_any_length_and_language_come_back_whole_or_cut_between_characters(
    text: str,
) -> None:
    row = HealthBoard({"vision": ()}).row("vision")
    row.note = text = text.replace("\0", "")
    assert text.startswith(row.note)
    assert row.note == text or len(row.note.encode()) > 230
    assert row.reason == ""


def test_an_unknown_row_and_too_many_counters_are_mistakes() -> None:
    with pytest.raises(KeyError):
        HealthBoard({"vision": ()}).row("core")
    with pytest.raises(ValueError, match="counters"):
        HealthBoard({"vision": [str(number) for number in range(33)]})
