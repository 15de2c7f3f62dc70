"""Faults inflicted on a running private service, each with what should hold and what did."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final

import psutil

from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.chaos.shop import CAMERAS, TAGS, NotWithinError, PrivateShop, until

_TOLD_S: Final = 30.0
_BACK_S: Final = 60.0
_CORE_BACK_S: Final = 120.0
_EVENTS_S: Final = 120.0


def camera_yanked(shop: PrivateShop) -> Outcome:
    """One camera's cable is pulled and plugged in again."""
    promise = (
        f"told within {_TOLD_S:.0f} s; the other camera goes on; pictures again within"
        f" {_BACK_S:.0f} s of its return"
    )
    fault = "camera yanked: its TCP connection is ended, new ones refused"
    cut = shop.cables[CAMERAS[0]].cut
    return _trial("camera-yanked", fault, promise, lambda: _one_camera(shop, CAMERAS[0], cut))


def stream_stalled(shop: PrivateShop) -> Outcome:
    """One camera sends nothing any more, though the connection stands."""
    promise = (
        f"told within {_TOLD_S:.0f} s though the connection stands; the other camera goes on;"
        f" pictures again within {_BACK_S:.0f} s of its return"
    )
    fault = "stream stalled: a TCP proxy stops forwarding; the connection stands (MJPEG over HTTP)"
    stall = shop.cables[CAMERAS[1]].stall
    return _trial("stream-stalled", fault, promise, lambda: _one_camera(shop, CAMERAS[1], stall))


def _one_camera(shop: PrivateShop, camera: str, inflict: Callable[[], None]) -> tuple[str, bool]:
    other = next(it for it in CAMERAS if it != camera)
    inflict()

    def told() -> bool:
        health = shop.health()
        reasons = health.reasons if health else []
        return any(it.startswith(f"camera {camera} is ") for it in reasons)

    try:
        told_s = until(told, _TOLD_S, f"camera {camera} is told to be away")
        went_on = _goes_on(lambda: shop.sees(other))
    finally:
        shop.cables[camera].heal()
    back_s = until(lambda: shop.sees(camera), _BACK_S, f"camera {camera} is back")
    said = f"told after {told_s:.1f} s, back {back_s:.1f} s after its return, "
    return said + ("the other went on" if went_on else "the other stood still"), went_on


def _goes_on(works: Callable[[], bool]) -> bool:
    """Whether something works now; a busy machine may take its time over one look."""
    try:
        until(works, _TOLD_S, "it goes on")
    except NotWithinError:
        return False
    return True


def reader_cut(shop: PrivateShop) -> Outcome:
    """The reader's cable is pulled and plugged in again."""
    promise = (
        f"told within {_TOLD_S + 10:.0f} s, its tags leave the view; all tags are read again within"
        f" {_BACK_S:.0f} s of its return"
    )

    def measure() -> tuple[str, bool]:
        shop.cables["rail"].cut()
        try:
            told_s = until(lambda: _has_reason(shop, "reader rail is lost"), _TOLD_S + 10, "told")
        finally:
            shop.cables["rail"].heal()
        back_s = until(lambda: shop.tags() == TAGS, _BACK_S, "all tags are read again")
        return f"told after {told_s:.1f} s, {TAGS} of {TAGS} tags again after {back_s:.1f} s", True

    fault = "reader cut: the LLRP connection is ended, new ones refused"
    return _trial("reader-cut", fault, promise, measure)


def children_killed(shop: PrivateShop, names: tuple[str, ...] = ()) -> Outcome:
    """Each process of the service is killed in turn."""
    names = names or (f"capture:{CAMERAS[0]}", "vision", "rfid", "core")
    promise = (
        f"back at work within {_BACK_S:.0f} s (core: {_CORE_BACK_S:.0f} s), the reason told, the"
        " others not restarted; nothing a client was told of is lost"
    )

    def measure() -> tuple[str, bool]:
        took = {}
        for name in names:
            took[name] = _kill(shop, name)
        lost = shop.told_so_far() - shop.kept()
        times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items())
        return f"{times}; {len(lost)} of {len(shop.told_so_far())} told events lost", not lost

    return _trial("child-killed", f"SIGKILL to {', '.join(names)} in turn", promise, measure)


def _kill(shop: PrivateShop, name: str) -> float:
    before = shop.worker(name)
    if before is None:
        raise NotWithinError(f"there is no process {name}", "See the log.")
    os.kill(before.pid, signal.SIGKILL)

    def works() -> bool:
        worker = shop.worker(name)
        again = worker is not None and worker.pid != before.pid and worker.state == "running"
        return again and all(map(shop.sees, CAMERAS)) and shop.tags() == TAGS

    return until(works, _CORE_BACK_S if name == "core" else _BACK_S, f"{name} works again")


def disk_filled(shop: PrivateShop) -> Outcome:
    """The disk is full for a while."""
    promise = (
        "no process ends; screens stay live; told on the health page; what happens meanwhile is"
        " kept when there is room, and nothing a client was told of is lost"
    )

    def measure() -> tuple[str, bool]:
        core = shop.worker("core")
        shop.disk.fill(shop.processes())
        try:
            told_s = until(lambda: _has_reason(shop, "wait in memory"), _EVENTS_S, "it is told")
            live = _goes_on(lambda: all(map(shop.sees, CAMERAS)))
            health = shop.health()
            waiting = health.ledger.waiting if health and health.ledger else 0
        finally:
            shop.disk.make_room()
        newest = shop.newest()
        kept_s = until(
            lambda: not _has_reason(shop, "wait in memory") and shop.newest() > newest,
            _EVENTS_S,
            "it is written again",
        )
        after = shop.worker("core")
        same = core is not None and after is not None and core.pid == after.pid
        lost = shop.told_so_far() - shop.kept()
        good = live and same and not lost and shop.ledger_is_sound()
        said = (
            f"told after {told_s:.1f} s; {waiting} events and more waited, kept {kept_s:.1f} s"
            f" after there was room; {len(lost)} told events lost; "
        )
        return said + ("no process ended" if same else "the core was restarted"), good

    return _trial("disk-filled", f"disk filled: {shop.disk.how}", promise, measure)


def clock_jumped(shop: PrivateShop) -> Outcome:
    """The wall clock jumps a day ahead and back."""
    promise = (
        "counting goes on on both sides, no process ends, nothing a client was told of is lost"
    )

    def measure() -> tuple[str, bool]:
        pids = {it.name: it.pid for it in health.workers} if (health := shop.health()) else {}
        took = []
        for hours in (24.0, 0.0):
            newest = shop.newest()
            shop.shift_clock(hours)
            of_now = partial(_events_at, shop, hours, newest)
            took.append(until(of_now, _EVENTS_S, "events of the new time"))
        after = {it.name: it.pid for it in health.workers} if (health := shop.health()) else {}
        lost = shop.told_so_far() - shop.kept()
        good = pids == after and not lost
        said = (
            f"events of the new time {took[0]:.1f} s after the jump ahead and {took[1]:.1f} s after"
            f" the jump back, {len(lost)} told events lost, "
        )
        return said + ("no process ended" if pids == after else "a process was restarted"), good

    fault = (
        "clock jumped a day forward and back: the UTC of every process of the service"
        " (`edge_core.clock`), not the machine's"
    )
    return _trial("clock-jumped", fault, promise, measure)


def _events_at(shop: PrivateShop, hours: float, newer_than: int) -> bool:
    """Whether an event was kept whose time is the machine's and so many hours."""
    near = f"abs(utc_ns - {time.time_ns() + round(hours * 3600e9)}) < 3600e9"
    return bool(shop.rows(f"SELECT 1 FROM events WHERE id > {newer_than} AND {near} LIMIT 1"))


def dns_dead(shop: PrivateShop) -> Outcome:
    """The hub's name cannot be resolved, from the first start on."""
    promise = (
        "the service starts, counts and serves; that the hub is out of reach is told, and what it"
        " should know waits"
    )

    def measure() -> tuple[str, bool]:
        def waits() -> bool:
            health = shop.health()
            return bool(health and health.hub and health.hub.state == "waiting" and health.hub.told)

        until(waits, _TOLD_S, "the hub is told to be out of reach")
        health = shop.health()
        well = _goes_on(lambda: all(map(shop.sees, CAMERAS)) and shop.tags() > 0)
        degraded = [it for it in (health.reasons if health else []) if "hub" in it]
        said = "cameras and tags live, hub `waiting`: "
        return said + (health.hub.told if health and health.hub else ""), well and not degraded

    fault = (
        "DNS dead: the hub's name (.invalid, RFC 6761) is never resolved; cameras are on loopback"
    )
    return _trial("dns-dead", fault, promise, measure)


def service_killed(shop: PrivateShop, kills: int, seed: int) -> Outcome:
    """The whole process group is killed amid its writing, and started again."""
    promise = (
        "no event a client was told of is lost; the ledger is sound; nothing is left running; the"
        " service starts by itself"
    )

    def measure() -> tuple[str, bool]:
        rng, sound, starts = Random(seed), True, []
        for _ in range(kills):
            seen = len(shop.told_so_far())
            until(partial(_has_told, shop, seen), _EVENTS_S, "an event is told")
            time.sleep(rng.uniform(0, 0.5))
            processes = shop.processes()
            shop.kill_all()
            until(partial(_have_ended, processes), 20, "all have ended")
            lost = shop.told_so_far() - shop.kept()
            sound &= shop.ledger_is_sound() and not lost
            shop.start()
            starts.append(shop.watching())
        told = shop.told_so_far()
        lost = told - shop.kept()
        said = f"{len(lost)} of {len(told)} told events lost over {kills} kills; "
        said += f"watching again after {max(starts):.1f} s at most"
        return said, sound and not lost

    fault = f"the service's whole process group SIGKILLed amid its writing, {kills} times"
    return _trial("service-killed", fault, promise, measure)


def _has_told(shop: PrivateShop, more_than: int) -> bool:
    return len(shop.told_so_far()) > more_than


def _have_ended(processes: Sequence[psutil.Process]) -> bool:
    return not any(map(_lives, processes))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _has_reason(shop: PrivateShop, text: str) -> bool:
    health = shop.health()
    return any(text in reason for reason in (health.reasons if health else []))


def _trial(name: str, fault: str, promise: str, measure: Callable[[], tuple[str, bool]]) -> Outcome:
    """Run a measurement; one that waits in vain has seen the promise broken."""
    began = time.monotonic()
    try:
        measured, good = measure()
    except NotWithinError as error:
        measured, good = error.message, False
    outcome = Outcome(name, fault, promise, measured, Verdict.KEPT if good else Verdict.BROKEN)
    return replace(outcome, seconds=round(time.monotonic() - began, 1))
