"""`promenade bench`: the measurements behind every figure of speed and memory.

A figure is a ratio measured in one run on one machine; absolute values name that machine.
"""

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        name: what was measured, e.g. `ring hand-over 1080p, median`.
        value: the measured value.
        unit: its unit, e.g. `us`.
        baseline: name of the figure of the same run it is compared with, or None.
        ratio: how many times better than the baseline, or None.
        n: number of repetitions.
    """

    name: str
    value: float
    unit: str
    baseline: str | None
    ratio: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named group of figures; its module is imported only when it runs.

    `compares` marks a group that takes a folder of data and tells what it leaves out, `soaks` one
    that goes on for as long as it is told.
    """

    about: str
    module: str
    compares: bool = False
    soaks: bool = False

    def run(
        self, data: Path | None, note: Callable[[str], None], soak_s: float | None = None
    ) -> list[Figure]:
        """Measure; takes seconds to minutes."""
        measure: Callable[..., list[Figure]] = import_module(self.module).measure
        if self.soaks:
            return measure(soak_s)
        return measure(data, note) if self.compares else measure()


BENCHMARKS: dict[str, Benchmark] = {
    "transport": Benchmark(
        "one 1080p frame from process to process: ring against pipes",
        "edge_core.bench.transport",
    ),
    "detector": Benchmark("detector, embedder and tracker per frame", "edge_core.bench.detector"),
    "vision": Benchmark(
        "networks on one thread against YOLOv3, YOLOv3-tiny and the teachers",
        "edge_core.bench.vision",
        compares=True,
    ),
    "reader": Benchmark(
        "decoding of LLRP reports; the emulated RFID reader against recordings of a real one",
        "edge_core.bench.reader",
        compares=True,
    ),
    "tag-motion": Benchmark(
        "decoding, motion and states of 1,000 tags at 1,000 reads a second",
        "edge_core.bench.tag_motion",
    ),
    "mirror": Benchmark(
        "how soon a mirror shows a garment that comes near, and whose (simulated)",
        "edge_core.bench.mirror",
    ),
    "association": Benchmark(
        "who handled which garment in a busy shop (simulated): matching against the nearest",
        "edge_core.bench.association",
    ),
    "counts": Benchmark(
        "entries, occupancy, visits and unique visitors of whole days (simulated)",
        "edge_core.bench.counts",
    ),
    "accuracy": Benchmark(
        "detection, tracking and counting on rendered shoppers (simulated)",
        "edge_core.bench.accuracy",
    ),
    "identity": Benchmark(
        "who is who across cameras (simulated malls); transit times of real walkers",
        "edge_core.bench.identity",
        compares=True,
    ),
    "suggest": Benchmark(
        "garments, stores and coupons suggested to shoppers with hidden tastes (simulated)",
        "edge_core.bench.suggest",
    ),
    "history": Benchmark(
        "pages about a year at 100 million events, and the cost of folding one (generated data)",
        "edge_core.bench.history",
    ),
    "screens": Benchmark(
        "first frame, attract page, touch to answer, memory under use (needs the screens' Qt)",
        "edge_core.bench.screens",
        soaks=True,
    ),
    "streams": Benchmark(
        "1 to 24 RTSP cameras of 720p through the whole service, against a plain pipeline",
        "edge_core.bench.streams",
        compares=True,
    ),
    "view": Benchmark(
        "a camera moved, covered, blurred or in the dark: noticed how soon, and false alarms",
        "edge_core.bench.view_condition",
        compares=True,
    ),
    "end-to-end": Benchmark(
        "four cameras to server-sent events: latency and memory of each process",
        "edge_core.bench.end_to_end",
    ),
}


def run_benchmarks(
    names: Sequence[str],
    data: Path | None = None,
    note: Callable[[str], None] = lambda _: None,
    soak_s: float | None = None,
) -> list[dict[str, Any]]:
    """Run the named benchmarks one after another.

    Args:
        names: of BENCHMARKS.
        data: folder with `teachers`, for the benchmarks that compare with them.
        note: told what a benchmark leaves out, and why.
        soak_s: how long the screens are used, seconds; None for the benchmark's own.

    Returns:
        One dict a figure: name, value, unit, baseline, ratio, n, machine.

    Raises:
        KeyError: a name is not in BENCHMARKS.
    """
    machine = machine_name()
    return [
        asdict(figure)
        | {"value": _readable(figure.value), "ratio": _readable(figure.ratio), "machine": machine}
        for name in names
        for figure in BENCHMARKS[name].run(data, note, soak_s)
    ]


def _readable(value: float | None) -> float | None:
    """Four significant digits: more are noise."""
    return None if value is None else float(f"{value:.4g}")


def machine_name() -> str:
    """Processor, cores and system of this machine in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The given percentile (1..99) of at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
