"""One update, from the look at the channel to the moment it is known to hold.

Every step is written down before it is taken, so that a power cut at any point leaves a `current`
that starts: `recover`, which runs before the services at every start, completes what may be
completed and takes back what was not known to hold.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from edge_core.errors import UpdateError, UpdateRefusedError, UpdateReturnedError
from edge_core.updates import archive as archives
from edge_core.updates.channel import Channel
from edge_core.updates.layout import Layout
from edge_core.updates.ledger_return import NEWEST_SCHEMA, LedgerKeeper
from edge_core.updates.probation import Health, Trial, Verdict, watch
from edge_core.updates.release import Archive, Index, Release, order
from edge_core.updates.services import Services
from edge_core.updates.state import INTERRUPTIONS, State, StateFile

_SPARE_BYTES: Final = 200_000_000
"""Left free beside what an update needs: the ledger goes on growing meanwhile."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a new version is watched, see `Trial`."""

    start_s: float = 180.0
    hold_s: float = 300.0
    every_s: float = 1.0


class Updater:
    """Updates one machine; one at a time.

    Args:
        layout: its installed versions.
        services: what runs from them.
        ledger: the site's.
        health: asks the edge service.
        patience: with a new version.
        spare_bytes: of the disk, left free.
    """

    def __init__(
        self,
        layout: Layout,
        services: Services,
        ledger: LedgerKeeper,
        health: Callable[[], Health | None],
        patience: Patience | None = None,
        spare_bytes: int = _SPARE_BYTES,
    ) -> None:
        self._layout = layout
        self._services = services
        self._ledger = ledger
        self._health = health
        self._patience = patience or Patience()
        self._spare_bytes = spare_bytes
        self._file = StateFile(layout.folder)

    @property
    def state(self) -> State:
        """What is remembered."""
        return self._file.load()

    def _keep(self, told: str = "", **changes: Any) -> State:
        state = self.state.model_copy(update=changes)
        return self._file.save(state.noting(told) if told else state)

    # ---- looking

    def check(self, channel: Channel) -> Release | None:
        """The release that is for this machine, and newer than what it has; None for none.

        Raises:
            UpdateRefusedError, UpdateError: as `Channel.index`; also kept, to be told.
        """
        try:
            index = channel.index()
        except UpdateError as error:
            self._keep(problem=str(error), refused=isinstance(error, UpdateRefusedError))
            raise
        found = self._offered(index)
        self._keep(
            checked_at=datetime.now(UTC),
            offered=found.version if found else "",
            problem="",
            refused=False,
        )
        return found

    def _offered(self, index: Index) -> Release | None:
        state, current = self.state, self._current()
        if state.pinned:
            pinned = index.find(state.pinned)
            newer = order(state.pinned) > order(current) and state.pinned not in state.bad
            return pinned if pinned is not None and pinned.is_out and newer else None
        return index.newest_for(state.device_id, current, frozenset(state.bad))

    def _current(self) -> str:
        current = self._layout.current()
        if current is None:
            raise UpdateError("No version is current.", "Run `promenade updates recover`.")
        return current

    # ---- installing

    def apply(self, channel: Channel, release: Release) -> None:
        """Fetch, install and try a release.

        Raises:
            UpdateReturnedError: it did not hold; the version before runs again.
            UpdateError: it could not be installed; nothing has changed.
        """
        if not self._is_whole(release.version):
            self._bring(channel, release)
        self.switch(release.version)
        channel.tidy()

    def _is_whole(self, version: str) -> bool:
        """Whether a version is installed already, as it was unpacked or by a package."""
        folder = self._layout.path(version)
        if not (folder / archives.KEPT_MANIFEST).is_file():
            return folder.is_dir()
        try:
            archives.verify(folder)
        except UpdateError:
            return False
        return True

    def _bring(self, channel: Channel, release: Release) -> None:
        base = self._current()
        has_manifest = (self._layout.path(base) / archives.KEPT_MANIFEST).is_file()
        best = release.best_for(base) if has_manifest else release.whole()
        try:
            self._fetch_and_unpack(channel, release, best)
        except UpdateError as error:
            if not best.base:
                raise
            log.warning("the patch cannot be used, the whole is fetched: %s", error)
            self._fetch_and_unpack(channel, release, release.whole())

    def _fetch_and_unpack(self, channel: Channel, release: Release, archive: Archive) -> None:
        # The part, and the checked file it is copied to.
        needed = 2 * archive.size_bytes + release.unpacked_bytes + self._spare_bytes
        self._layout.require_room(needed)
        path = channel.download(archive)
        channel.tidy(keep=path)
        self.install(path, release.version, release.unpacked_bytes, archive.base)

    def install(self, path: Path, version: str, unpacked_bytes: int, base: str = "") -> None:
        """Unpack a checked archive to where versions lie; nothing runs from it yet.

        Raises:
            UpdateError: as `archive.unpack`.
        """
        folder = self._layout.unfinished(version)
        try:
            from_base = self._layout.path(base) if base else None
            archives.unpack(path, folder, version, unpacked_bytes, from_base)
        except UpdateError:
            self._layout.tidy()
            raise
        self._layout.finish(version)

    # ---- switching

    def switch(self, version: str, *, with_loss: bool = True) -> None:
        """Let an installed version run, watch it, and go back unless it holds.

        Args:
            version: an installed one.
            with_loss: see `LedgerKeeper.bring_back`, for a version older than the current one.

        Raises:
            UpdateReturnedError: it did not hold; the version before runs again.
            UpdateError: it was not tried.
        """
        before, left = self._health(), self._current()
        schema, backup = self.state.left_schema, self.state.backup
        older = version == self.state.previous and schema
        self._keep(
            f"version {version} is tried in place of {left}",
            phase="switching", left=left, taken=version, reason="",
            **({} if older else {"backup": self._ledger.back_up(), "left_schema": NEWEST_SCHEMA}),
        )  # fmt: skip
        try:
            self._services.stop()
            if older:
                self._tell(self._ledger.bring_back(backup, schema, with_loss=with_loss))
        except UpdateError:
            self._services.start()
            self._keep(f"version {version} was not tried", phase="idle", taken="")
            raise
        self._layout.switch(version)
        self._keep(phase="probation")
        self._services.start()
        was_down = before is None or before.status == "down"
        verdict = self._watch(version, was_down=was_down, hold_s=self._patience.hold_s)
        if verdict.kind == "held":
            self._commit()
        else:
            self._return(verdict.reason)
            raise UpdateReturnedError(
                f"Version {version} was taken back: {verdict.reason}.",
                f"Version {left} runs again. {version} is not tried again unless you run"
                f" `promenade updates apply --again {version}`; tell who publishes it.",
            )

    def _watch(self, version: str, *, was_down: bool, hold_s: float) -> Verdict:
        patience = self._patience
        trial = Trial(version, patience.start_s, hold_s, was_down=was_down)
        return watch(trial, self._health, self._services.gave_up, every_s=patience.every_s)

    def _commit(self) -> None:
        state = self.state
        self._layout.trust(state.taken)
        interrupted = {k: v for k, v in state.interrupted.items() if k != state.taken}
        self._keep(
            f"version {state.taken} holds",
            phase="idle", previous=state.left, left="", taken="", interrupted=interrupted,
        )  # fmt: skip
        gone = self._layout.prune(keep={state.left})
        if gone:
            self._tell(f"removed: {', '.join(gone)}")

    def _return(self, reason: str) -> None:
        """Go back to the version that ran before, and see whether it runs."""
        state = self._keep(phase="returning", reason=reason)
        log.warning("version %s is taken back: %s", state.taken, reason)
        self._services.stop()
        self._undo(state)
        self._services.start()
        verdict = self._watch(state.left, was_down=True, hold_s=0.0)
        if verdict.kind != "held":
            self._tell(f"version {state.left} does not run either: {verdict.reason}")

    def _undo(self, state: State) -> None:
        """Ledger and `current` as before; services are stopped. May be done again."""
        if state.left_schema:
            self._tell(self._ledger.bring_back(state.backup, state.left_schema, with_loss=True))
        self._layout.switch(state.left)
        self._settle(state)

    def _settle(self, state: State) -> None:
        """Remember that a version was taken back; nothing is under way then."""
        bad, interrupted = dict(state.bad), dict(state.interrupted)
        if state.reason:
            bad[state.taken] = state.reason
        else:
            count = interrupted[state.taken] = interrupted.get(state.taken, 0) + 1
            if count >= INTERRUPTIONS:
                bad[state.taken] = f"its trial was cut off {count} times"
        told = f"version {state.taken} was taken back: {state.reason or 'its trial was cut off'}"
        self._keep(
            told, phase="idle", left="", taken="", reason="", bad=bad, interrupted=interrupted,
            returned=told, returned_at=datetime.now(UTC),
        )  # fmt: skip
        self._layout.prune(keep={state.left, state.previous})

    def _tell(self, told: str) -> None:
        if told:
            log.info("%s", told)
            self._keep(told)

    # ---- going back, and starting after a power cut

    def back(self, *, set_aside: bool = False) -> str:
        """Return to the version before the current one, by hand; the one left counts as bad.

        Args:
            set_aside: also if part of the ledger can then be read in a file beside it alone.

        Returns:
            The version that runs now.

        Raises:
            UpdateError: there is none, or it is not as it was unpacked.
        """
        state, left = self.state, self._current()
        target = state.previous
        if not target or target == left or not self._layout.has(target):
            raise UpdateError(
                "There is no version to go back to.", "Install an older package instead."
            )
        if (self._layout.path(target) / archives.KEPT_MANIFEST).is_file():
            archives.verify(self._layout.path(target))
        self.switch(target, with_loss=set_aside)
        state = self.state
        bad = {k: v for k, v in state.bad.items() if k != target} | {left: "left by hand"}
        self._keep(bad=bad, previous="", left_schema=0, backup="")
        return target

    def recover(self, *, at_boot: bool) -> str:
        """Put right what a power cut left; changes nothing where nothing was under way.

        Args:
            at_boot: services are not running and are started by others afterwards.

        Returns:
            What was done; "" for nothing.
        """
        state = self.state
        self._layout.tidy()
        if state.phase == "idle":
            return self._recover_links()
        if self._layout.good() == state.taken and state.phase == "probation":
            self._commit()
            return f"version {state.taken} had held already"
        if not at_boot:
            self._services.stop()
        self._undo(state)
        if not at_boot:
            self._services.start()
        return f"the trial of version {state.taken} was cut off; {state.left} is current again"

    def _recover_links(self) -> str:
        current, good = self._layout.current(), self._layout.good()
        if current is None:
            found = [good] if good is not None else self._layout.installed()
            if not found:
                raise UpdateError("No version is installed.", "Install the package again.")
            self._layout.switch(found[0])
            return f"`current` led nowhere; it is {found[0]} again"
        if good != current:  # a package was installed over it
            self._layout.trust(current)
        return ""

    # ---- wishes

    def pin(self, version: str) -> None:
        """Install only this version from now on; "" lifts it."""
        self._keep(f"pinned to {version}" if version else "pinned no more", pinned=version)

    def forgive(self, version: str) -> None:
        """Let a version be tried again that did not hold."""
        state = self.state
        self._keep(
            f"version {version} may be tried again",
            bad={k: v for k, v in state.bad.items() if k != version},
            interrupted={k: v for k, v in state.interrupted.items() if k != version},
        )
