"""Waking a process that waits, without spinning and without ever blocking the waker."""

import os
import select
import sys
from multiprocessing import context, get_context, reduction
from typing import Any

if sys.platform == "linux":

    class WakeSignal:
        """Counts tokens in the kernel: any process may add one, one process waits for them.

        Adding never blocks, whether anybody waits or not. It can be pickled only while a child
        process is being started.
        """

        def __init__(self) -> None:
            self._attach(os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC))

        def _attach(self, descriptor: int) -> None:
            self._descriptor = descriptor
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLIN)

        def notify(self) -> None:
            """Add one token."""
            try:
                os.eventfd_write(self._descriptor, 1)
            except BlockingIOError:
                return  # 2**64 - 2 tokens already wait to be seen: awake enough

        def wait(self, timeout_s: float) -> int:
            """Wait for tokens and take them all; returns how many, 0 after the timeout."""
            if not self._poll.poll(timeout_s * 1000):
                return 0
            try:
                return os.eventfd_read(self._descriptor)
            except BlockingIOError:
                return 0

        def fileno(self) -> int:
            """Descriptor that becomes readable with the first token."""
            return self._descriptor

        def __getstate__(self) -> Any:
            context.assert_spawning(self)
            return reduction.DupFd(self._descriptor)

        def __setstate__(self, state: Any) -> None:
            self._attach(state.detach())

        def __del__(self) -> None:
            descriptor = getattr(self, "_descriptor", -1)
            if descriptor >= 0:
                os.close(descriptor)

else:

    class WakeSignal:
        """The same on a semaphore, for systems without eventfd."""

        def __init__(self) -> None:
            self._tokens = get_context("spawn").Semaphore(0)

        def notify(self) -> None:
            """Add one token."""
            self._tokens.release()

        def wait(self, timeout_s: float) -> int:
            """Wait for tokens and take them all; returns how many, 0 after the timeout."""
            taken = 1 if self._tokens.acquire(timeout=timeout_s) else 0
            while taken and self._tokens.acquire(block=False):
                taken += 1
            return taken
