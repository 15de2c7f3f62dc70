"""Recording what passes over the loopback interface (Linux, root), connection by connection."""

import socket
import struct
import threading
from collections.abc import Collection, Iterator
from typing import Final, Self

_ALL: Final = 0x0003
_IPV4: Final = 0x0800
_IPV6: Final = 0x86DD
_TCP: Final = 6
_OUTGOING: Final = 4
_BUFFER: Final = 64 << 20
_RCVBUF_BEYOND_LIMITS: Final = 33
"""SO_RCVBUFFORCE, which Python does not name: SO_RCVBUF ends at the system's usual limit."""
_PACKET_STATISTICS: Final = 6
_SOL_PACKET: Final = 263

Flow = tuple[int, int]
"""Ports it goes from and to."""


class LoopbackCapture:
    """Takes down the TCP packets of some ports on the loopback interface until it is left.

    Args:
        ports: only connections from or to one of these are taken down.

    Attributes:
        lost: packets that came too fast.

    Raises:
        PermissionError: only root may.
    """

    def __init__(self, ports: Collection[int]) -> None:
        self._ports = frozenset(ports)
        self._parts: dict[Flow, dict[int, bytes]] = {}
        self._over = threading.Event()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, _RCVBUF_BEYOND_LIMITS, _BUFFER)
        except PermissionError:  # root of a container
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.bind(("lo", 0))
        self._socket.settimeout(0.2)
        self._thread = threading.Thread(target=self._listen, name="loopback-capture", daemon=True)
        self.lost = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        told = self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        self.lost = struct.unpack("II", told)[1]
        self._socket.close()

    def flows(self) -> Iterator[tuple[str, bytes]]:
        """Each direction of each connection, its bytes in order."""
        for (source, target), parts in self._parts.items():
            whole = b"".join(parts[number] for number in sorted(parts))
            yield f"port {source} to {target}", whole

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                packet, address = self._socket.recvfrom(1 << 17)
            except TimeoutError:
                continue
            if address[2] != _OUTGOING:  # the loopback shows every packet twice
                self._take(packet)

    def _take(self, packet: bytes) -> None:
        kind = int.from_bytes(packet[12:14], "big")
        if kind == _IPV4 and packet[23] == _TCP:
            begin = 14 + (packet[14] & 15) * 4
            end = 14 + int.from_bytes(packet[16:18], "big")
        elif kind == _IPV6 and packet[20] == _TCP:
            begin, end = 54, 54 + int.from_bytes(packet[18:20], "big")
        else:
            return
        if end <= begin or end > len(packet):
            end = len(packet)  # larger than a header can say
        source, target, number = struct.unpack("!HHI", packet[begin : begin + 8])
        if not {source, target} & self._ports:
            return
        body = packet[begin + (packet[begin + 12] >> 4) * 4 : end]
        if body:
            self._parts.setdefault((source, target), {})[number] = body
