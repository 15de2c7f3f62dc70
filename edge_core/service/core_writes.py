"""What the core process writes to the ledger: events, sums of what is no event, and retention."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from edge_core.clock import Clock
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.ledger import Ledger
from edge_core.runtime.board import HealthRow
from edge_core.runtime.link import Received, RecordReceiver
from edge_core.service.availability import AvailabilityMeter
from edge_core.service.held_writes import HeldWrites
from edge_core.service.presence import PresencePipeline
from edge_core.service.rows import KEPT_UNTIL
from edge_core.types import Event, Observation
from edge_core.units import NS_PER_S

_NS_PER_DAY: Final = 86_400 * NS_PER_S
_RETENTION_NS: Final = 3600 * NS_PER_S

log = logging.getLogger(__name__)


class CoreWrites:
    """Makes durable what was seen, and only then acknowledges it. The core's loop alone calls.

    Args:
        ledger: open for writing.
        presence: sums up presence and traits.
        kept: by camera, the row in which a next life finds how far its sums are kept.
        clock: the clocks.
        event_days: how long events are kept.
        tell: is called with the ids of events that are in the ledger by now.
        watch: is told camera, minute since 1970 UTC and the seconds of it that were watched.
    """

    def __init__(
        self,
        ledger: Ledger,
        presence: PresencePipeline,
        kept: Mapping[str, HealthRow],
        clock: Clock,
        event_days: int,
        tell: Callable[[Sequence[int]], None],
        watch: Callable[[str, int, float], None],
    ) -> None:
        self._ledger, self._presence, self._kept = ledger, presence, kept
        self._clock, self._event_days = clock, event_days
        self._tell, self._watch = tell, watch
        self._availability = AvailabilityMeter(
            {camera: ns for camera, row in kept.items() if (ns := row.get(KEPT_UNTIL))}
        )
        self._held = HeldWrites(clock)
        self._unacknowledged: dict[str, Received] = {}
        self._retention_due_ns = 0

    @property
    def owes(self) -> bool:
        """Whether a sender waits for an acknowledgement."""
        return bool(self._unacknowledged)

    def told(self) -> dict[str, Any]:
        """What waits for the disk, as `LedgerHealth` has it."""
        return self._held.told()

    def see(self, observation: Observation) -> None:
        """A camera was watched."""
        self._availability.ingest(observation)

    def owe(self, received: Received) -> None:
        """To be acknowledged once the events it led to are durable."""
        self._unacknowledged[received.sender] = received

    def commit(self, events: Sequence[Event], receiver: RecordReceiver) -> None:
        """Make events durable first, acknowledge what they came from second."""
        if events:
            self._held.put(lambda: self._ledger.append(events), self._tell, events=len(events))
        if not self._held.flush():
            return
        for received in self._unacknowledged.values():
            receiver.ack(received)
        self._unacknowledged.clear()

    def keep_sums(self) -> None:
        """Keep what is summed up without an event: presence, traits, and who watched.

        While the disk refuses it goes on being summed up where it is.
        """
        if self._held.waiting:
            return
        sums, present, counts = self._presence.take()
        if sums or present:
            self._held.put(lambda: self._ledger.add_presence(sums, present))
        if counts:
            self._held.put(lambda: self._ledger.add_traits(counts))
        for watched in self._availability.take():
            self._held.put(partial(self._ledger.mark_available, *watched))
            self._watch(*watched)
        until = self._availability.until_mono_ns()
        self._held.put(lambda: None, lambda _: self._note_kept(until))
        self._held.flush()

    def _note_kept(self, until_mono_ns: Mapping[str, int]) -> None:
        for camera_id, mono_ns in until_mono_ns.items():
            self._kept[camera_id].set(KEPT_UNTIL, mono_ns)

    def forget_old_events(self) -> None:
        """Delete events that have been kept long enough; every hour, the first time at once."""
        now_ns = self._clock.monotonic_ns()
        if now_ns < self._retention_due_ns:
            return
        self._retention_due_ns = now_ns + _RETENTION_NS
        oldest_ns = self._clock.utc_ns() - self._event_days * _NS_PER_DAY
        try:
            deleted = self._ledger.delete_older_than(max(0, oldest_ns))
        except DamagedLedgerError:
            raise
        except LedgerError as error:  # in an hour again
            log.warning("old events could not be deleted: %s", error)
            return
        if deleted:
            log.info("old events deleted", extra={"events": deleted})

    def finish(self) -> None:
        """Write what still waits; a disk that refuses now has the last word."""
        if not self._held.flush(at_once=True):
            log.error("%d writes are lost: %s", self._held.waiting, self._held.refused)
