"""Figures for Prometheus, taken from the health view; labels are workers, cameras, readers."""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from edge_core.service.schema import CameraHealth, HealthView, ReaderHealth, WorkerView
from edge_core.units import NS_PER_MS

_BYTES_PER_MB: Final = 1_000_000
_STATUSES: Final = ("ok", "degraded", "down")
_S_PER_MS: Final = NS_PER_MS / 1e9

WORKER_GAUGES: Final[dict[str, tuple[str, Callable[[WorkerView], float]]]] = {
    "up": ("1 while the process runs", lambda it: float(it.state == "running")),
    "heartbeat_age_seconds": ("Since its last sign of life", lambda it: it.heartbeat_age_s),
    "memory_bytes": ("Resident memory", lambda it: it.memory_mb * _BYTES_PER_MB),
}
CAMERA_GAUGES: Final[dict[str, tuple[str, Callable[[CameraHealth], float | None]]]] = {
    "up": ("1 while pictures arrive", lambda it: float(it.state == "streaming")),
    "received_fps": ("Frames a second from the camera", lambda it: it.received_fps),
    "processed_fps": ("Frames a second through vision", lambda it: it.processed_fps),
    "frame_age_seconds": ("Age of the newest frame", lambda it: it.frame_age_s),
}
CAMERA_COUNTERS: Final[dict[str, tuple[str, Callable[[CameraHealth], float]]]] = {
    "frames_skipped": ("Never converted, vision was busy", lambda it: it.skipped),
    "frames_dropped": ("Overwritten in the ring unseen", lambda it: it.dropped),
    "reconnects": ("Times the camera was lost and found", lambda it: it.reconnects),
}
READER_GAUGES: Final[dict[str, tuple[str, Callable[[ReaderHealth], float]]]] = {
    "up": ("1 while it reads", lambda it: float(it.state == "streaming")),
    "reads_per_second": ("Reads of tags a second", lambda it: it.reads_per_s),
    "tags": ("Tags in view", lambda it: it.tags),
}
READER_COUNTERS: Final[dict[str, tuple[str, Callable[[ReaderHealth], float]]]] = {
    "reconnects": ("Times the reader was lost and found", lambda it: it.reconnects),
    "malformed": ("Messages refused", lambda it: it.malformed),
    "reads_dropped": ("Reads nobody took in time", lambda it: it.dropped),
}


def exposition(health: HealthView, open_streams: int) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Figures(health, open_streams))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, health: HealthView, open_streams: int) -> None:
        self._health, self._open_streams = health, open_streams

    def collect(self) -> Iterator[Metric]:
        yield from self._service()
        yield from self._ledger()
        yield from self._updates()
        workers = {worker.name: worker for worker in self._health.workers}
        for name, (text, worker_value) in WORKER_GAUGES.items():
            gauge = GaugeMetricFamily(f"promenade_worker_{name}", text, labels=["worker"])
            for worker_name, worker in workers.items():
                gauge.add_metric([worker_name], worker_value(worker))
            yield gauge
        restarts = CounterMetricFamily(
            "promenade_worker_restarts", "Times the process was started again", labels=["worker"]
        )
        for worker_name, worker in workers.items():
            restarts.add_metric([worker_name], worker.restarts)
        yield restarts
        yield from self._cameras()
        yield from self._readers()

    def _service(self) -> Iterator[Metric]:
        health = self._health
        yield InfoMetricFamily("promenade", "Program", value={"version": health.version})
        status = GaugeMetricFamily("promenade_status", "1 at the state it is in", labels=["status"])
        for name in _STATUSES:
            status.add_metric([name], float(health.status == name))
        yield status
        yield GaugeMetricFamily("promenade_uptime_seconds", "Since the start", health.uptime_s)
        yield GaugeMetricFamily(
            "promenade_open_streams", "Clients following live", self._open_streams
        )
        if health.latency_ms_p95 is not None:
            yield GaugeMetricFamily(
                "promenade_latency_p95_seconds",
                "From a frame's reception to the screens, 95th percentile",
                health.latency_ms_p95 * _S_PER_MS,
            )

    def _ledger(self) -> Iterator[Metric]:
        ledger = self._health.ledger
        if ledger is None:
            return
        yield GaugeMetricFamily("promenade_ledger_events", "Events kept", ledger.events)
        yield GaugeMetricFamily(
            "promenade_ledger_size_bytes", "Size on the disk", ledger.size_mb * _BYTES_PER_MB
        )
        yield GaugeMetricFamily("promenade_ledger_ok", "1 while it is sound", float(ledger.ok))

    def _updates(self) -> Iterator[Metric]:
        updates = self._health.updates
        if updates is None:
            return
        yield GaugeMetricFamily(
            "promenade_update_under_way", "1 while one is tried", float(updates.phase != "idle")
        )
        yield GaugeMetricFamily(
            "promenade_update_refused", "1: nobody vouches for the channel", float(updates.refused)
        )
        yield GaugeMetricFamily(
            "promenade_update_bad_versions", "That did not hold here", len(updates.bad)
        )

    def _cameras(self) -> Iterator[Metric]:
        for name, (text, gauge_value) in CAMERA_GAUGES.items():
            gauge = GaugeMetricFamily(f"promenade_camera_{name}", text, labels=["camera"])
            for camera in self._health.cameras:
                value = gauge_value(camera)
                if value is not None:
                    gauge.add_metric([camera.id], value)
            yield gauge
        for name, (text, counter_value) in CAMERA_COUNTERS.items():
            counter = CounterMetricFamily(f"promenade_camera_{name}", text, labels=["camera"])
            for camera in self._health.cameras:
                counter.add_metric([camera.id], counter_value(camera))
            yield counter

    def _readers(self) -> Iterator[Metric]:
        for name, (text, gauge_value) in READER_GAUGES.items():
            gauge = GaugeMetricFamily(f"promenade_reader_{name}", text, labels=["reader"])
            for reader in self._health.readers:
                gauge.add_metric([reader.id], gauge_value(reader))
            yield gauge
        for name, (text, counter_value) in READER_COUNTERS.items():
            counter = CounterMetricFamily(f"promenade_reader_{name}", text, labels=["reader"])
            for reader in self._health.readers:
                counter.add_metric([reader.id], counter_value(reader))
            yield counter
