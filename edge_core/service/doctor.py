"""The self-test of a store PC: settings, clock, disk, models, cameras and readers."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import psutil

from edge_core.clock import Clock, SystemClock
from edge_core.config import CameraConfig, SiteConfig, load_site
from edge_core.errors import (
    ConfigError,
    HubError,
    HubRefusedError,
    PromenadeError,
    SourceError,
)
from edge_core.interaction import TagMotion
from edge_core.logs import scrub
from edge_core.private_files import is_loose
from edge_core.sensing.capture import is_read_fast
from edge_core.sensing.sources import FrameSource, open_source, quiet_ffmpeg
from edge_core.service.check import check_parts, read_products
from edge_core.service.doctor_readers import examine_readers
from edge_core.service.findings import Finding, Verdict
from edge_core.service.running import kept_content
from edge_core.service.views import utc_from_ns
from edge_core.sync.client import HubClient
from edge_core.sync.device_key import DeviceKey
from edge_core.units import ms_from_ns
from edge_core.vision import load_detector, load_embedder

_LOOK_S: Final = 1.0
_BLACK: Final = 8.0
_GB: Final = 1_000_000_000
_LITTLE_GB: Final = 2.0
_TOO_LITTLE_GB: Final = 0.2
_OLDEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TIME_ERROR: Final = 5  # of adjtimex(2): nothing keeps the clock right
_TIMEX_BYTES: Final = 256  # more than struct timex has on any platform
_TRIES: Final = 3
_DECODED: Final = 25
_ROOM: Final = 0.85
"""Of all cores; the screens, the core process and the system need the rest."""
_CROPS_PER_LOOK: Final = 0.5
"""Appearances taken for each frame looked at, as in the simulated mall's cameras."""


def examine(path: Path) -> Iterator[Finding]:
    """Test everything a site file names; lines come as they are found out.

    Nothing is changed and nothing is written. It may run beside the edge service, which then
    holds the readers and USB cameras: those are asked of the service instead where it tells.

    Args:
        path: site.toml.
    """
    try:
        site = load_site(path)
        check_parts(site)
    except ConfigError as error:
        yield Finding.failed("settings", path.name, error)
        return
    yield Finding("settings", path.name, Verdict.OK, f"right, for {site.site.name}")
    folder = path.resolve().parent
    yield examine_clock(site.site.timezone)
    yield examine_disk(folder / site.service.ledger)
    yield from examine_secrets(site, path)
    models = list(examine_models(site))
    yield from models
    if site.service.products is not None:
        yield examine_products(site, folder)
    if site.hub.url:
        yield examine_hub(site, folder)
    quiet_ffmpeg()
    cameras = []
    for camera in site.cameras:
        cameras.append(examine_camera(camera, folder))
        yield cameras[-1]
    yield from examine_load(site, models, cameras)
    yield from examine_readers(site, folder)


def examine_clock(timezone: str, clock: Clock | None = None) -> Finding:
    """Whether the machine knows the time and something keeps it right."""
    now = utc_from_ns((clock or SystemClock()).utc_ns())
    there = now.astimezone(ZoneInfo(timezone))
    told = f"{now:%Y-%m-%d %H:%M} UTC, {there:%H:%M} in {timezone}"
    if now < _OLDEST:
        remedy = "Set the clock; without it events get wrong dates."
        return Finding("clock", "", Verdict.FAILED, f"{told}, which is long past.", remedy)
    kept = _is_synchronised()
    facts = {"utc": now.isoformat(), "synchronised": kept}
    if kept is False:
        remedy = "Switch on network time, e.g. `timedatectl set-ntp true`."
        told = f"{told}; nothing keeps it right."
        return Finding("clock", "", Verdict.WARNING, told, remedy, facts)
    return Finding("clock", "", Verdict.OK, told + ("; kept right" if kept else ""), facts=facts)


def _is_synchronised() -> bool | None:
    """Whether a time service keeps the clock right; None where the system does not say."""
    if not sys.platform.startswith("linux"):
        return None
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _TIME_ERROR


def examine_disk(ledger: Path) -> Finding:
    """Whether the ledger can be written and has room to grow."""
    folder = ledger.parent
    if not os.access(ledger if ledger.exists() else folder, os.W_OK):
        remedy = "Create the folder and let this user write to it, or set another `ledger`."
        return Finding("disk", "", Verdict.FAILED, f"{ledger} cannot be written.", remedy)
    free_gb = psutil.disk_usage(str(folder)).free / _GB
    facts = {"free_gb": round(free_gb, 2)}
    told = f"{free_gb:.1f} GB free for the ledger in {folder}"
    if free_gb < _LITTLE_GB:
        verdict = Verdict.FAILED if free_gb < _TOO_LITTLE_GB else Verdict.WARNING
        return Finding("disk", "", verdict, f"{told}.", "Delete what is not needed.", facts)
    return Finding("disk", "", Verdict.OK, told, facts=facts)


def examine_secrets(site: SiteConfig, path: Path) -> Iterator[Finding]:
    """Whether nobody but their owner may read keys, accounts and cameras' passwords.

    Args:
        site: whose.
        path: site.toml.
    """
    folder = path.resolve().parent
    ledger = folder / site.service.ledger
    secret = [
        folder / site.service.coupon_key,
        folder / site.hub.key,
        ledger.with_name(f"{ledger.stem}-accounts.db"),
        ledger.with_name(f"{ledger.stem}-pin"),
        *([] if site.access.key is None else [folder / site.access.key]),
    ]
    if any(scrub(camera.source) != camera.source for camera in site.cameras):
        secret.append(path)
    loose = [it for it in secret if is_loose(it)]
    for it in loose:
        told = f"others than its owner may read {it}."
        yield Finding("secrets", it.name, Verdict.WARNING, told, f"Run `chmod 600 {it}`.")
    if not loose:
        yield Finding("secrets", "", Verdict.OK, "keys and passwords are their owner's alone")


def examine_products(site: SiteConfig, folder: Path) -> Finding:
    """Whether the table of products can be read and fits the site.

    Args:
        site: whose.
        folder: what its path is relative to.
    """
    path = folder / (site.service.products or "")
    try:
        count = len(read_products(site, folder))
    except (SourceError, ConfigError) as error:
        return Finding.failed("products", path.name, error)
    facts = {"products": count}
    told = "1 product" if count == 1 else f"{count} products"
    return Finding("products", path.name, Verdict.OK, told, facts=facts)


def examine_hub(site: SiteConfig, folder: Path, clock: Clock | None = None) -> Finding:
    """Whether the hub answers to this store PC's key, and how old what it told is.

    Args:
        site: whose.
        folder: what its paths are relative to.
        clock: the clocks.
    """
    hub = site.hub
    kept = kept_content(site, folder)
    version = f"version {kept.revision} is kept" if kept else "the site's own files are used"
    facts = {"revision": kept.revision if kept else 0}
    try:
        key = DeviceKey.load(folder / hub.key)
        ca = None if hub.ca is None else folder / hub.ca
        timer = clock or SystemClock()
        with HubClient(hub.url, key.token, ca=ca, clock=timer) as client:
            client.content(facts["revision"], kept.etag if kept else "")
    except HubRefusedError as error:
        return Finding.failed("hub", hub.url, error)
    except HubError as error:
        told = f"{error.message} Meanwhile {version}."
        return Finding("hub", hub.url, Verdict.WARNING, told, error.remedy, facts)
    except SourceError as error:
        return Finding.failed("hub", hub.url, error)
    return Finding("hub", hub.url, Verdict.OK, f"answers; {version}", facts=facts)


def examine_models(site: SiteConfig) -> Iterator[Finding]:
    """Whether the models of the site load and run, and how long they take."""
    models = site.models
    try:
        detector = load_detector(
            models.detector,
            size_px=models.detector_size_px,
            provider=models.provider,
            threads=models.threads,
        )
        picture = np.zeros((360, 640, 3), np.uint8)
        took = _quickest_ms(lambda: detector.detect([picture]))
        yield _runs(models.detector, detector.provider, took)
    except PromenadeError as error:
        yield Finding.failed("model", models.detector, error)
    try:
        embedder = load_embedder(models.embedder, provider=models.provider, threads=models.threads)
        crop = np.zeros((256, 128, 3), np.uint8)
        took = _quickest_ms(lambda: embedder.embed([crop]))
        yield _runs(models.embedder, embedder.provider, took)
    except PromenadeError as error:
        yield Finding.failed("model", models.embedder, error)
    if site.readers:
        try:
            TagMotion()
            yield Finding("model", "tag-motion", Verdict.OK, "is whole")
        except PromenadeError as error:
            yield Finding.failed("model", "tag-motion", error)


def _quickest_ms(run: Callable[[], object]) -> float:
    took = []
    for _ in range(_TRIES):
        began_ns = time.perf_counter_ns()
        run()
        took.append(time.perf_counter_ns() - began_ns)
    return ms_from_ns(min(took))


def _runs(name: str, provider: str, took_ms: float) -> Finding:
    told = f"runs on {provider}, {took_ms:.1f} ms a picture"
    facts = {"provider": provider, "ms": round(took_ms, 2)}
    return Finding("model", name, Verdict.OK, told, facts=facts)


def examine_camera(camera: CameraConfig, folder: Path) -> Finding:
    """Whether pictures come, how large and how often.

    Args:
        camera: which.
        folder: what paths of video files are relative to.
    """
    try:
        source = open_source(camera, folder)
    except SourceError as error:
        return Finding.failed("camera", camera.id, error)
    if source is None:
        return Finding(
            "camera",
            camera.id,
            Verdict.FAILED,
            f"{scrub(camera.source)} cannot be reached.",
            "Check its power, cable, address and password; no other program may hold a USB camera.",
        )
    try:
        return _watch(camera, source)
    finally:
        source.close()


def _watch(camera: CameraConfig, source: FrameSource) -> Finding:
    """Look at an open camera for a second."""
    if not source.grab() or (image := source.retrieve(None)) is None:
        remedy = "Open its stream in a video player; choose H.264 at the camera."
        return Finding("camera", camera.id, Verdict.FAILED, "no picture comes.", remedy)
    height, width = image.shape[:2]
    began, busy, frames = time.monotonic(), time.thread_time(), 0
    while time.monotonic() - began < _LOOK_S and source.grab():
        frames += 1
        if not source.live and frames >= _DECODED:
            break
    decode_ms = 1e3 * (time.thread_time() - busy) / max(1, frames)
    rate = frames / (time.monotonic() - began) if source.live else 1e9 / source.frame_ns
    facts = {
        "size_px": [width, height],
        "fps": round(rate, 1),
        "live": source.live,
        "decode_ms": round(decode_ms, 2),
    }
    most = camera.max_resolution_px
    told = f"{width}x{height} at {rate:.0f} frames/s"
    if width > most[0] or height > most[1]:
        told = f"{told} is more than max_resolution_px, {most[0]}x{most[1]}."
        remedy = "Choose a smaller stream at the camera, or raise max_resolution_px."
        return Finding("camera", camera.id, Verdict.FAILED, told, remedy, facts)
    if float(image.mean()) < _BLACK:
        remedy = "Look whether it is covered or the light is off."
        return Finding(
            "camera", camera.id, Verdict.WARNING, f"{told}, all but black.", remedy, facts
        )
    return Finding("camera", camera.id, Verdict.OK, told, facts=facts)


def examine_load(
    site: SiteConfig, models: Sequence[Finding], cameras: Sequence[Finding]
) -> Iterator[Finding]:
    """Whether this PC can look at all cameras as often as asked; nothing where it cannot tell.

    Every frame that a camera sends is decoded, and of those looked at each costs a detection and
    now and then an appearance; see `promenade bench streams`.

    Args:
        site: whose.
        models: what `examine_models` found.
        cameras: what `examine_camera` found, in the site's order.
    """
    took_ms = {it.name: it.facts["ms"] for it in models if "ms" in it.facts}
    watched = [
        (camera, it.facts)
        for camera, it in zip(site.cameras, cameras, strict=True)
        if "decode_ms" in it.facts and not is_read_fast(camera)
    ]
    if site.models.detector not in took_ms or not watched:
        return
    look_ms = took_ms[site.models.detector]
    look_ms += _CROPS_PER_LOOK * took_ms.get(site.models.embedder, 0.0)
    needed = sum(
        (it["fps"] * it["decode_ms"] + min(camera.fps, it["fps"]) * look_ms) / 1e3
        for camera, it in watched
    )
    cores = os.cpu_count() or 1
    who = "1 camera needs" if len(watched) == 1 else f"{len(watched)} cameras need"
    told = f"{who} about {needed:.1f} of {cores} cores"
    facts = {"cores": cores, "needed": round(needed, 2)}
    if needed <= _ROOM * cores:
        yield Finding("load", "", Verdict.OK, told, facts=facts)
        return
    remedy = "Use the cameras' smaller streams, a lower `fps` or a stronger PC."
    yield Finding("load", "", Verdict.WARNING, f"{told}: too much.", remedy, facts)
