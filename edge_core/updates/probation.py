"""Whether a new version holds: what counts as healthy, for how long, and what ends the trial."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

RESTARTS: Final = 2
"""So many restarts of the service within a trial are a crash loop."""
HEALTH: Final = "/health"
"""Where the local API tells it."""
_ANSWER_S: Final = 5.0
_BROKEN_WORKER: Final = ("failed", "restarting")


class _Worker(BaseModel):
    name: str
    state: str
    restarts: int = 0


class Health(BaseModel):
    """What of the service's health view an update is judged by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["ok", "degraded", "down"]
    version: str
    uptime_s: float
    reasons: list[str] = []
    workers: list[_Worker] = []


def ask_health(url: str, answer_s: float = _ANSWER_S) -> Health | None:
    """The service's health; None when it does not answer, or not as a service of ours would.

    Args:
        url: of the local API.
        answer_s: no answer after this long.
    """
    try:
        # On loopback and in the clear: there are no certificates to load at each look.
        answer = httpx.get(f"{url}{HEALTH}", timeout=answer_s, trust_env=False, verify=False)
        return Health.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial stands.

    Attributes:
        kind: `wait`, `held` or `failed`.
        reason: why it failed, or what is not well yet.
    """

    kind: Literal["wait", "held", "failed"]
    reason: str = ""


class Trial:
    """Judges a version by the health it shows. Pure: told the time.

    It has to become healthy within `start_s` and stay so without a break for `hold_s`; a break
    begins the count again, and the whole may take `start_s` and twice `hold_s`. Healthy is: it
    answers as this very version, no process of it has failed or is being started again, and it is
    not `down` unless it was so before: a camera that was broken already is not its fault.

    Args:
        version: being tried.
        start_s: see above.
        hold_s: see above.
        was_down: the version before could not do its work either.
    """

    def __init__(self, version: str, start_s: float, hold_s: float, *, was_down: bool) -> None:
        self._version = version
        self._start_s, self._hold_s = start_s, hold_s
        self._was_down = was_down
        self._begun_s: float | None = None
        self._well_since_s: float | None = None
        self._was_well = False
        self._uptime_s = 0.0
        self._restarts = 0

    def look(self, now_s: float, health: Health | None, gave_up: str = "") -> Verdict:
        """Take in one look.

        Args:
            now_s: on a clock that never jumps.
            health: the answer.
            gave_up: why whoever starts the service has given up, "" while it has not.
        """
        if self._begun_s is None:
            self._begun_s = now_s
        if gave_up:
            return Verdict("failed", gave_up)
        if health is not None and health.version == self._version:
            self._restarts += health.uptime_s < self._uptime_s
            self._uptime_s = health.uptime_s
        if self._restarts >= RESTARTS:
            return Verdict("failed", f"it started again {self._restarts} times")
        complaint = self._complaint(health)
        if not complaint:
            self._was_well = True
            if self._well_since_s is None:
                self._well_since_s = now_s
            held = now_s - self._well_since_s >= self._hold_s
            return Verdict("held") if held else Verdict("wait")
        self._well_since_s = None
        allowed_s = self._start_s + (2 * self._hold_s if self._was_well else 0.0)
        if now_s - self._begun_s >= allowed_s:
            return Verdict(
                "failed", f"not healthy after {now_s - self._begun_s:.0f} s: {complaint}"
            )
        return Verdict("wait", complaint)

    def _complaint(self, health: Health | None) -> str:
        if health is None:
            return "the service does not answer"
        if health.version != self._version:
            return f"version {health.version} answers"
        broken = [it.name for it in health.workers if it.state in _BROKEN_WORKER]
        if broken:
            return f"{', '.join(broken)} of its processes failed"
        if health.status == "down" and not self._was_down:
            return "the service is down: " + "; ".join(health.reasons[:3])
        return ""


def watch(
    trial: Trial,
    health: Callable[[], Health | None],
    gave_up: Callable[[], str],
    *,
    every_s: float,
) -> Verdict:
    """Look again and again until the trial is over."""
    while True:
        verdict = trial.look(time.monotonic_ns() / 1e9, health(), gave_up())
        if verdict.kind != "wait":
            return verdict
        time.sleep(every_s)
