"""The disks a power cut could have left hold what was synced, and lose only what was not."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.chaos.disk_image import SECTOR_BYTES, Disk, Loss, cuts
from edge_core.chaos.steps import Kind, Step

CREATE, SYNC = Step(Kind.CREATE, "a"), Step(Kind.SYNC, "a")


def write(at, data):
    return Step(Kind.WRITE, "a", at, data)


def after(steps, loss, seed=0):
    disk = Disk()
    for step in steps:
        disk.take(step)
    return disk.after_cut(loss, Random(seed))


@pytest.mark.parametrize("loss", list(Loss))
def test_what_was_synced_is_there(loss):
    files, _ = after([CREATE, write(0, b"kept"), SYNC, write(4, b"more")], loss)
    assert files["a"][:4] == b"kept"


def test_what_was_not_synced_may_be_gone_and_is_counted():
    files, lost = after([CREATE, SYNC, write(0, b"gone")], Loss.ALL)
    assert (files, lost) == ({"a": b""}, 4)


@given(st.integers(0, 2**32))
def test_blocks_are_lost_one_by_one_and_leave_zeros_or_nothing(seed):
    length = 4 * SECTOR_BYTES
    files, lost = after([CREATE, SYNC, write(0, b"x" * length)], Loss.SECTORS, seed)
    kept = files["a"].count(b"x")
    assert kept + lost == length
    assert kept % SECTOR_BYTES == 0
    assert set(files["a"]) <= {0, ord("x")}


def test_a_new_name_is_lost_with_its_folder_and_kept_with_a_sync():
    rename = Step(Kind.RENAME, "a", 0, b"b")
    before = [CREATE, write(0, b"1"), SYNC, rename]
    assert set(after(before, Loss.ALL)[0]) == {"a"}
    assert set(after([*before, Step(Kind.SYNC_FOLDER, "")], Loss.ALL)[0]) == {"b"}


def test_a_cut_knows_what_had_been_acknowledged_by_then():
    steps = [CREATE, Step(Kind.ACKNOWLEDGE, "", 0, b"one"), Step(Kind.ACKNOWLEDGE, "", 0, b"two")]
    assert [cut.acknowledged for cut in cuts(steps, [3, 2], Random(1))] == [
        ("one",),
        ("one", "two"),
    ]
