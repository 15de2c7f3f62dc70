"""Hours of simulated trade in minutes, and what the memory of each process does meanwhile."""

import json
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import numpy as np
import psutil

from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.chaos.soak_core import run_soaked_core
from edge_core.chaos.soak_players import SIGHTINGS_FPS, play
from edge_core.config import SiteConfig, load_site
from edge_core.runtime.supervisor import Supervisor
from edge_core.runtime.worker import LogSettings, WorkerSpec
from edge_core.runtime.written_memory import written_bytes
from edge_core.service.demo import mall_folder
from edge_core.service.engine import START_UP_S, Wiring
from edge_core.service.live_feed import LiveFeed
from edge_core.service.server import listen

CAMERAS: Final = 2
READERS: Final = 1
FLAT_MB_PER_H: Final = 2.0
"""A process whose memory rises slower than this, by simulated hour, counts as flat."""
_LOOK_S: Final = 2.0
_ASK_S: Final = 5.0
_ASKED: Final = (
    "/health",
    "/v1/live",
    "/v1/counts",
    "/v1/occupancy",
    "/v1/items",
    "/v1/visits",
    "/metrics",
)
_MB: Final = 1_000_000


@dataclass(slots=True)
class SoakLog:
    """What was measured, by process: simulated hours and megabytes it has written."""

    hours: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    private_mb: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, hours: float, pid: int) -> None:
        """Look at a process once."""
        with suppress(psutil.Error):
            written = written_bytes(psutil.Process(pid))
            self.hours[name].append(round(hours, 4))
            self.private_mb[name].append(round(written / _MB, 2))

    def lines(self) -> dict[str, dict[str, float]]:
        """By process: begin, end and slope of the memory without the first fifth."""
        told = {}
        for name, hours in self.hours.items():
            x, y = np.array(hours, np.float64), np.array(self.private_mb[name], np.float64)
            late = x >= x[0] + 0.2 * (x[-1] - x[0])
            if np.count_nonzero(late) < 3:
                continue
            slope = float(np.polyfit(x[late], y[late], 1)[0])
            fifth = max(1, int(np.count_nonzero(late)) // 4)
            told[name] = {
                "after_first_fifth_mb": round(float(np.median(y[late][:fifth])), 1),
                "last_mb": round(float(np.median(y[late][-fifth:])), 1),
                "most_mb": round(float(y.max()), 1),
                "slope_mb_per_h": round(slope, 3),
                "n": int(np.count_nonzero(late)),
            }
        return told


def soak(*, hours: float, rate: float, seed: int, checkpoint: Path | None = None) -> Outcome:
    """Play hours of trade.

    Args:
        hours: of simulated time.
        rate: simulated seconds a second that are wished for; the players wait for the core.
        seed: of shoppers and garments.
        checkpoint: a file that is told how it stands every half minute.
    """
    shop = mall_folder("shop")
    began, log = time.monotonic(), SoakLog()
    with TemporaryDirectory(prefix="promenade-soak-") as place:
        folder = Path(place)
        site = _small_site(load_site(shop / "site.toml"), shop)
        wiring, listening = Wiring.of(site), listen("127.0.0.1", 0)
        cameras = tuple(camera.id for camera in site.cameras)
        workers = [
            WorkerSpec("core", run_soaked_core, (site, folder, listening, wiring.link),
                       stage=0, startup_grace_s=START_UP_S),
            WorkerSpec("vision", play,
                       (shop, cameras, site.readers[0].id, wiring.link, rate, seed),
                       stage=1, startup_grace_s=START_UP_S, stall_limit_s=60.0),
        ]  # fmt: skip
        supervisor = Supervisor(workers, wiring.board, logs=LogSettings(level="WARNING"))
        host, port = listening.getsockname()[:2]
        watch = _Watch(f"http://{host}:{port}", wiring, log, rate, hours, checkpoint)
        watch.feed.start()
        try:
            supervisor.run(each_step=lambda: watch.step(supervisor))
        finally:
            watch.close()
            listening.close()
        facts = watch.facts() | {"ledger_mb": _size_mb(folder), "seconds": time.monotonic() - began}
    return _outcome(facts, log)


def _small_site(site: SiteConfig, folder: Path) -> SiteConfig:
    """The shop with fewer cameras and readers, its tables named in full."""
    cameras = site.cameras[:CAMERAS]
    kept = {camera.id for camera in cameras}
    service = site.service.model_copy(
        update={name: (folder / path).resolve() for name in ("products", "directory", "offers")
                if (path := getattr(site.service, name)) is not None}
    )  # fmt: skip
    return site.model_copy(
        update={
            "cameras": cameras,
            "readers": site.readers[:READERS],
            "lines": tuple(line for line in site.lines if line.camera in kept),
            "links": (),
            "screens": (),
            "service": service,
        }
    )


class _Watch:
    """Looks at the processes' memory and asks the API, between the supervisor's steps."""

    def __init__(
        self,
        url: str,
        wiring: Wiring,
        log: SoakLog,
        rate: float,
        hours: float,
        checkpoint: Path | None,
    ) -> None:
        self.feed = LiveFeed(url)
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)
        self._board, self._log, self._rate = wiring.board, log, rate
        self._hours, self._checkpoint = hours, checkpoint
        self._began: float | None = None
        self._look_at, self._ask_at, self._tell_at = 0.0, 0.0, 0.0
        self._asked = self._failed = 0

    def step(self, supervisor: Supervisor) -> None:
        """Called by the supervisor a few times a second."""
        core, now = self._board.row("core"), time.monotonic()
        if self._began is None:
            self._began = now if core.get("observations") else None
            return
        hours = self._played_h()
        if now >= self._look_at:
            self._look_at = now + _LOOK_S
            for name, shown in (("core", "core"), ("vision", "player")):
                self._log.note(shown, hours, self._board.row(name).pid)
            self._log.note("supervisor", hours, psutil.Process().pid)
        if now >= self._ask_at:
            self._ask_at = now + _ASK_S
            self._ask()
        if self._checkpoint is not None and now >= self._tell_at:
            self._tell_at = now + 30
            told = {"hours": round(hours, 2), **self.facts(), "memory": self._log.lines()}
            self._checkpoint.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        if hours >= self._hours:
            supervisor.request_stop()

    def _ask(self) -> None:
        for path in _ASKED:
            self._asked += 1
            try:
                self._failed += self._client.get(path).status_code >= 500
            except httpx.HTTPError:
                self._failed += 1

    def facts(self) -> dict[str, Any]:
        """What was played and kept so far."""
        core = self._board.row("core")
        took_s = time.monotonic() - self._began if self._began is not None else 1.0
        return {
            "simulated_hours": round(self._played_h(), 2),
            "rate_wanted": self._rate,
            "rate": round(self._played_h() * 3600 / took_s, 1),
            "sightings": core.get("observations"),
            "reads": core.get("reads"),
            "events": core.get("events"),
            "restarts": sum(self._board.row(it).restarts for it in ("core", "vision")),
            "asked": self._asked,
            "failed": self._failed,
        }

    def _played_h(self) -> float:
        return self._board.row("core").get("observations") / (CAMERAS * SIGHTINGS_FPS * 3600)

    def close(self) -> None:
        """End."""
        self.feed.stop()
        self._client.close()


def _size_mb(folder: Path) -> float:
    return round(sum(it.stat().st_size for it in folder.iterdir()) / _MB, 1)


def _outcome(facts: dict[str, Any], log: SoakLog) -> Outcome:
    memory = log.lines()
    flat = all(it["slope_mb_per_h"] < FLAT_MB_PER_H for it in memory.values())
    lines = "; ".join(
        f"{name} {it['after_first_fifth_mb']:.0f} -> {it['last_mb']:.0f} MB"
        f" ({it['slope_mb_per_h']:+.2f} MB/h)"
        for name, it in memory.items()
    )
    measured = (
        f"{facts['simulated_hours']:.1f} h at {facts['rate']:g} times: {facts['sightings']:,}"
        f" sightings, {facts['reads']:,} reads, {facts['events']:,} events,"
        f" {facts['restarts']} restarts; own memory without the first fifth: {lines}"
    )
    return Outcome(
        "soak",
        "hours of trade: simulated shoppers' boxes and made-up appearances, simulated reads; the"
        " core, identity, analytics, ledger and API are real",
        f"memory flat (below {FLAT_MB_PER_H:g} MB a simulated hour), nothing restarted",
        measured,
        Verdict.KEPT if flat and not facts["restarts"] else Verdict.BROKEN,
        round(facts["seconds"], 1),
        {**facts, "memory": memory},
    )
