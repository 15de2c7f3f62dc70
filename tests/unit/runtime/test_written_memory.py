"""Memory that a process has written: what it holds, and nothing that it only mapped."""

import mmap
import sys

import psutil
import pytest

from edge_core.runtime.written_memory import written_bytes

_BYTES = 32 * 1024 * 1024
_SLACK = 4 * 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells pages apart")
def test_only_pages_that_were_written_count() -> None:
    me = psutil.Process()
    before = written_bytes(me)
    with mmap.mmap(-1, _BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as block:
        mapped = written_bytes(me)
        block.write(b"\1" * _BYTES)
        written = written_bytes(me)
    assert abs(mapped - before) < _SLACK
    assert abs(written - before - _BYTES) < _SLACK
