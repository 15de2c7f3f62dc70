"""Telling systemd that the service is up, and that it is still alive (sd_notify(3))."""

import os
import socket
import time
from collections.abc import MutableMapping
from typing import Final

from edge_core.units import NS_PER_S

_SOCKET: Final = "NOTIFY_SOCKET"
_WATCHDOG: Final = "WATCHDOG_USEC"
_BEATS: Final = 3
"""Signs of life within the time after which systemd kills the service."""


class ServiceManager:
    """What manages this process; does nothing where nobody asked to be told.

    Args:
        address: a datagram socket's path, or its abstract name after `@`; empty for nobody.
        watchdog_s: how long systemd waits for a sign of life; 0 for ever.
    """

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        self._address = address
        self._every_ns = int(watchdog_s * NS_PER_S / _BEATS)
        self._beat_ns: int | None = None
        self._is_ready = False

    @classmethod
    def of(cls, environment: MutableMapping[str, str] = os.environ) -> "ServiceManager":
        """As the environment says; taken out of it, for workers have nothing to tell."""
        address = environment.pop(_SOCKET, "")
        watchdog_us = environment.pop(_WATCHDOG, "")
        environment.pop("WATCHDOG_PID", None)
        return cls(address, int(watchdog_us) / 1e6 if watchdog_us.isdecimal() else 0.0)

    def ready(self) -> None:
        """Tell once that the service does its work; what waits for it may start."""
        if not self._is_ready:
            self._is_ready = True
            self._tell("READY=1")

    def alive(self) -> None:
        """Give a sign of life if one is due; call it often."""
        now_ns = time.monotonic_ns()
        if not self._every_ns or (self._beat_ns and now_ns - self._beat_ns < self._every_ns):
            return
        self._beat_ns = now_ns
        self._tell("WATCHDOG=1")

    def _tell(self, message: str) -> None:
        """A manager that is gone, or slow, is no reason to stop."""
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outlet:
            outlet.setblocking(False)
            try:
                outlet.sendto(message.encode(), address)
            except OSError:
                return
