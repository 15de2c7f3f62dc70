"""Promenade's exception tree.

PromenadeError            the environment's fault; carries a remedy for a person
+-- ConfigError           site.toml is wrong (holds one Problem per mistake)
+-- SourceError           a camera, file or reader cannot be read
|   +-- ReaderError       an RFID reader refuses, or cannot do, what is asked of it
|       +-- LlrpError     what an RFID reader sent is no valid LLRP
+-- RingError             a frame ring cannot be made or attached
|   +-- SharedMemoryFullError
+-- ModelError            a model file is missing, altered or unusable
+-- LedgerError           the event ledger cannot be opened or written
|   +-- NewerLedgerError  written by a newer Promenade
|   +-- DamagedLedgerError  its file is torn
+-- HubError              the hub does not answer, or not as it should
|   +-- HubRefusedError   it does not know this store PC's key
+-- UpdateError           a new version cannot be fetched or installed; what runs goes on
|   +-- UpdateRefusedError  nobody who is trusted vouches for what the channel says
|   +-- UpdateReturnedError  it was installed, did not hold and was taken back
+-- ServiceUnavailableError  the edge service does not answer a client
+-- WorkerFailedError     a worker process could not be kept alive

A bug is none of these: it is left to surface.
"""

from dataclasses import dataclass


class PromenadeError(Exception):
    """Something outside the program is wrong and a person can mend it.

    Args:
        message: what is wrong, in plain words.
        remedy: what to do about it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a configuration file.

    Attributes:
        line: 1-based line in the file, or None when it has no place there.
        key: dotted path, lists by index from 0, e.g. `cameras[1].fps`.
        value: what the file says, as text; secrets already hidden.
        reason: what is wrong with it.
        remedy: what to write instead.
    """

    line: int | None
    key: str
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        shown = f" = {self.value}" if self.value else ""
        return f"{where}{self.key}{shown}: {self.reason}. {self.remedy}"


class ConfigError(PromenadeError):
    """A site file is wrong; `problems` lists every mistake found."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        count = f"{len(problems)} mistake{'s' if len(problems) != 1 else ''}"
        listing = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(
            f"{path} has {count}.",
            f"Mend the lines below and run `promenade check-config` again.{listing}",
        )
        self.path = path
        self.problems = problems


class SourceError(PromenadeError):
    """A camera, video file or reader cannot be read."""


class ReaderError(SourceError):
    """An RFID reader refuses, or cannot do, what is asked of it."""


class LlrpError(ReaderError):
    """A frame is no valid LLRP; nothing of it has been used.

    Args:
        message: what is wrong with it.
        status: the status code of LLRP 1.0.1 section 14 that names the mistake.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message, "Check that the address is an LLRP reader's, and its firmware.")
        self.status = status


class RingError(PromenadeError):
    """A frame ring cannot be made or attached."""


class SharedMemoryFullError(RingError):
    """The shared-memory file system has no room for the frame rings."""


class ModelError(PromenadeError):
    """A model file is missing, altered or unusable."""


class LedgerError(PromenadeError):
    """The event ledger cannot be opened or written."""


class NewerLedgerError(LedgerError):
    """The ledger was written by a newer Promenade and is left untouched."""


class DamagedLedgerError(LedgerError):
    """The ledger's file is torn; it is restored when it is opened for writing."""


class HubError(PromenadeError):
    """The hub does not answer, or not as it should; asking again later is safe.

    Args:
        message: what is wrong.
        remedy: what to do about it.
        wait_s: how long the hub asks to be left alone.
    """

    def __init__(self, message: str, remedy: str, wait_s: float = 0.0) -> None:
        super().__init__(message, remedy)
        self.wait_s = wait_s


class HubRefusedError(HubError):
    """The hub does not know this store PC's key, or no longer."""


class UpdateError(PromenadeError):
    """A new version cannot be fetched or installed; the one that runs goes on."""


class UpdateRefusedError(UpdateError):
    """Nobody who is trusted vouches for what the channel says, or not any more."""


class UpdateReturnedError(UpdateError):
    """A new version was installed, did not hold, and the one before it runs again."""


class ServiceUnavailableError(PromenadeError):
    """The edge service does not answer."""


class WorkerFailedError(PromenadeError):
    """A worker process could not be kept alive."""
