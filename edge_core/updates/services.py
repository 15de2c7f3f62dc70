"""What starts and stops the programs of the current version: systemd, on a store PC."""

import subprocess
from collections.abc import Sequence
from typing import Final, Protocol

from edge_core.errors import UpdateError

EDGE: Final = "promenade-edge.service"
UNITS: Final = (EDGE, "promenade-kiosk.service", "promenade-mirror.service")
_STOP_S: Final = 180.0


class Services(Protocol):
    """Programs that run from `current`."""

    def stop(self) -> None:
        """End them; they have ended when this returns. Raises UpdateError."""
        ...

    def start(self) -> None:
        """Begin to start them. Raises UpdateError when not even that works."""
        ...

    def gave_up(self) -> str:
        """Why the edge service is not started again any more; "" while it runs or may yet."""
        ...


class SystemdServices:
    """Units of systemd; those that are not enabled are left alone.

    Args:
        units: the edge service's first.
    """

    def __init__(self, units: Sequence[str] = UNITS) -> None:
        self._units = tuple(units)

    def stop(self) -> None:
        """See `Services`."""
        self._call("stop", *self._wanted())

    def start(self) -> None:
        """See `Services`."""
        wanted = self._wanted()
        _systemctl("reset-failed", *wanted)
        self._call("--no-block", "start", *wanted)

    def gave_up(self) -> str:
        """See `Services`."""
        state = _systemctl("is-failed", self._units[0]).stdout.strip()
        return "systemd does not start it any more" if state == "failed" else ""

    def _wanted(self) -> list[str]:
        return [it for it in self._units if _systemctl("is-enabled", it).returncode == 0]

    def _call(self, *arguments: str) -> None:
        done = _systemctl(*arguments)
        if done.returncode != 0:
            raise UpdateError(
                f"systemctl {' '.join(arguments)}: {done.stderr.strip()}.",
                "Run this as root on a machine where Promenade was installed by package.",
            )


def _systemctl(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["systemctl", *arguments], capture_output=True, text=True, check=False, timeout=_STOP_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpdateError(
            f"systemctl failed: {error}.", "Is this a machine with systemd?"
        ) from None
