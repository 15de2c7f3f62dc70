"""Small records from one worker to another, kept until the other has dealt with them.

One receiver, any number of senders. The sender numbers its records and keeps them until they are
acknowledged, and the last seconds even longer: a receiver that was killed and comes back is given
everything not acknowledged and enough of the past to pick up the thread. Delivery is at least
once, in order per sender; a receiver that only lost the connection gets nothing twice.

Records travel over an abstract Unix socket (a named pipe on Windows): nothing is on disk, and a
key made at start keeps other programs out.
"""

import logging
import queue
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, Final

from edge_core.units import NS_PER_S

_RETRY_FIRST_S: Final = 0.02
_RETRY_CAP_S: Final = 0.5
_GOODBYE_S: Final = 1.0
_BACKLOG_AT_RECEIVER: Final = 256
_CONNECTION_FAULTS: Final = (OSError, EOFError, AuthenticationError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """Where a receiver listens; made by the supervisor and handed to both ends."""

    name: str
    key: bytes = field(repr=False)

    @classmethod
    def make(cls) -> "LinkAddress":
        """A fresh address nobody can guess."""
        token = f"promenade-{secrets.token_hex(8)}"
        name = rf"\\.\pipe\{token}" if sys.platform == "win32" else f"\0{token}"
        return cls(name, secrets.token_bytes(32))


@dataclass(frozen=True, slots=True)
class SenderCounters:
    """What became of a sender's records.

    Attributes:
        sent: handed to `send`.
        acknowledged: dealt with by the receiver.
        dropped: lost because the receiver was away for too long.
        connections: how often a connection was made.
    """

    sent: int
    acknowledged: int
    dropped: int
    connections: int


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    sent_ns: int
    record: Any


class RecordSender:
    """Sends records without ever making the caller wait.

    Args:
        address: where the receiver listens, now or later.
        name: tells senders apart, e.g. `vision`; one at a time may use it.
        replay_s: acknowledged records are kept this long for a receiver that starts afresh.
        max_age_s: records not acknowledged within this time are dropped and counted.
        max_records: so are the oldest beyond this many.
    """

    def __init__(
        self,
        address: LinkAddress,
        name: str,
        *,
        replay_s: float = 10.0,
        max_age_s: float = 60.0,
        max_records: int = 20_000,
    ) -> None:
        self._address = address
        self._life = f"{name}/{secrets.token_hex(8)}"
        self._replay_ns = round(replay_s * NS_PER_S)
        self._max_age_ns = round(max_age_s * NS_PER_S)
        self._max_records = max_records
        self._kept: deque[_Kept] = deque()
        self._changed = threading.Condition()
        self._last = 0
        self._acknowledged = 0
        self._dropped = 0
        self._connections = 0
        self._closing = False
        self._broken = False
        self._thread = threading.Thread(target=self._run, name=f"link-{name}", daemon=True)
        self._thread.start()

    def send(self, record: Any) -> None:
        """Queue a record, which must not change any more; returns at once."""
        with self._changed:
            self._last += 1
            self._kept.append(_Kept(self._last, time.monotonic_ns(), record))
            self._forget()
            self._changed.notify_all()

    def revise(self, change: Callable[[Any], Any]) -> None:
        """Put something in the place of each record that is kept, sent or not."""
        with self._changed:
            self._kept = deque(_Kept(it.number, it.sent_ns, change(it.record)) for it in self._kept)

    @property
    def backlog(self) -> int:
        """Records not acknowledged yet."""
        return self._last - self._acknowledged

    def wait_for_backlog(self, at_most: int, timeout_s: float) -> bool:
        """Wait until at most so many records are unacknowledged; False after the timeout.

        For sources read as fast as possible, where waiting is better than dropping, and for a
        clean end (`at_most` 0).
        """
        with self._changed:
            return self._changed.wait_for(lambda: self.backlog <= at_most, timeout_s)

    def counters(self) -> SenderCounters:
        """The counters now."""
        return SenderCounters(self._last, self._acknowledged, self._dropped, self._connections)

    def close(self) -> None:
        """Stop sending; what has not been acknowledged is lost (see `wait_for_backlog`)."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_GOODBYE_S)

    def _forget(self) -> None:
        now_ns = time.monotonic_ns()
        while self._kept:
            oldest = self._kept[0]
            age_ns = now_ns - oldest.sent_ns
            full = len(self._kept) > self._max_records
            if oldest.number <= self._acknowledged:
                if age_ns <= self._replay_ns and not full:
                    return
            elif age_ns > self._max_age_ns or full:
                self._dropped += 1
                self._acknowledged = oldest.number
            else:
                return
            self._kept.popleft()

    def _run(self) -> None:
        pause_s = _RETRY_FIRST_S
        while not self._closing:
            try:
                connection = Client(self._address.name, authkey=self._address.key)
            except _CONNECTION_FAULTS:
                with self._changed:
                    self._changed.wait_for(lambda: self._closing, pause_s)
                pause_s = min(_RETRY_CAP_S, pause_s * 2)
                continue
            pause_s = _RETRY_FIRST_S
            with connection:
                self._serve(connection)

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        """Send over one connection until it breaks or the sender is closed."""
        try:
            connection.send(self._life)
            number, acknowledged = connection.recv()
        except _CONNECTION_FAULTS:
            return
        self._acknowledge(acknowledged)
        self._broken = False
        self._connections += 1
        listener = threading.Thread(
            target=self._hear, args=(connection,), name="link-acks", daemon=True
        )
        listener.start()
        try:
            while (item := self._next_after(number)) is not None:
                connection.send((item.number, item.record))
                number = item.number
            connection.send(None)  # the receiver closes its end, which ends `_hear`
        except _CONNECTION_FAULTS:
            log.info("the receiver is gone; records are kept for it")
        listener.join(_GOODBYE_S)

    def _next_after(self, number: int) -> _Kept | None:
        """The first kept record beyond `number`; waits for one; None when it is time to leave."""
        with self._changed:
            while not (self._closing or self._broken):
                if self._kept and self._kept[-1].number > number:
                    # Numbers in the window are consecutive: the place follows from the number.
                    return self._kept[max(0, number + 1 - self._kept[0].number)]
                self._changed.wait()
        return None

    def _hear(self, connection: "Connection[Any, Any]") -> None:
        """Take in acknowledgements until the connection ends."""
        try:
            while (number := connection.recv()) is not None:
                self._acknowledge(int(number))
        except _CONNECTION_FAULTS:
            pass  # the same as a receiver that says goodbye
        with self._changed:
            self._broken = True
            self._changed.notify_all()

    def _acknowledge(self, number: int) -> None:
        with self._changed:
            self._acknowledged = max(self._acknowledged, number)
            self._forget()
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Received:
    """A record and whence it came.

    Attributes:
        sender: name and life of the sender.
        number: rises by one per record of a sender, from 1.
        record: what was sent.
    """

    sender: str
    number: int
    record: Any


@dataclass(slots=True)
class _Peer:
    """What the receiver knows of one life of a sender."""

    seen: int = 0
    acknowledged: int = 0
    connection: "Connection[Any, Any] | None" = None
    reader: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class RecordReceiver:
    """Receives the records of all senders, in order per sender.

    Args:
        address: where to listen; one process at a time may.
    """

    def __init__(self, address: LinkAddress) -> None:
        self._address = address
        self._listener = Listener(address.name, backlog=8, authkey=address.key)
        self._records: queue.Queue[Received] = queue.Queue(_BACKLOG_AT_RECEIVER)
        self._peers: dict[str, _Peer] = {}
        self._peers_lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._accept, name="link-accept", daemon=True)
        self._thread.start()

    def receive(self, timeout_s: float) -> Received | None:
        """The next record, or None after the timeout."""
        try:
            return self._records.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def ack(self, received: Received) -> None:
        """Say that this record and all before it of its sender have been dealt with."""
        peer = self._peers[received.sender]
        with peer.lock:
            peer.acknowledged = max(peer.acknowledged, received.number)
            if peer.connection is None:
                return
            try:
                peer.connection.send(peer.acknowledged)
            except _CONNECTION_FAULTS:
                return  # told again when the sender is back

    def close(self) -> None:
        """Stop listening; unacknowledged records stay with their senders."""
        self._closing.set()
        with suppress(*_CONNECTION_FAULTS):
            # A thread that accepts is woken by a caller only. One that had left by itself has
            # closed the listener, which turns this caller away instead of letting it wait.
            Client(self._address.name, authkey=self._address.key).close()
        self._thread.join()
        for peer in list(self._peers.values()):
            with peer.lock, suppress(*_CONNECTION_FAULTS):
                if peer.connection is not None:
                    peer.connection.send(None)  # the sender hangs up, which ends the reader
            if peer.reader is not None:
                peer.reader.join(_GOODBYE_S)

    def _accept(self) -> None:
        try:
            self._accept_until_closing()
        finally:
            self._listener.close()

    def _accept_until_closing(self) -> None:
        while not self._closing.is_set():
            try:
                connection = self._listener.accept()
            except _CONNECTION_FAULTS as error:
                log.warning("a sender was turned away: %s", error or type(error).__name__)
                self._closing.wait(_RETRY_FIRST_S)
                continue
            if self._closing.is_set():
                connection.close()
                return
            threading.Thread(
                target=self._serve, args=(connection,), name="link-reader", daemon=True
            ).start()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        """Take in one connection's records until it ends."""
        peer: _Peer | None = None
        try:
            life = str(connection.recv())
            peer = self._introduce(life)
            with peer.lock:
                connection.send((peer.seen, peer.acknowledged))
                peer.connection = connection
            while (message := connection.recv()) is not None:
                number, record = message
                if not self._enqueue(Received(life, number, record)):
                    return
                peer.seen = number
        except _CONNECTION_FAULTS:
            return
        finally:
            if peer is not None:
                with peer.lock:
                    peer.connection = None
            connection.close()

    def _introduce(self, life: str) -> _Peer:
        """The sender's record, once the thread that read its last connection is done with it."""
        with self._peers_lock:
            peer = self._peers.setdefault(life, _Peer())
            before, peer.reader = peer.reader, threading.current_thread()
        if before is not None:
            before.join()
        return peer

    def _enqueue(self, received: Received) -> bool:
        while not self._closing.is_set():
            try:
                self._records.put(received, timeout=_GOODBYE_S)
            except queue.Full:
                continue
            return True
        return False
