"""Worker bodies for the tests on real processes; children import this module by name."""

import os
import signal
import time

import numpy as np

from edge_core.errors import SourceError
from edge_core.runtime.link import LinkAddress, RecordReceiver, RecordSender
from edge_core.runtime.ring import FrameRing, FrameStamps
from edge_core.runtime.stills import StillBox
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerContext

CONSUMER_COUNTERS = ("taken", "motion", "width", "height", "newest_sequence", "newest_mono_ns")


def idle(worker: WorkerContext) -> None:
    """Beats until told to stop."""
    while not worker.stopping:
        worker.beat()
        time.sleep(0.01)


def idle_through_sigterm(worker: WorkerContext) -> None:
    """Beats and will not stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker.row.set("ready", 1)
    while True:
        worker.beat()
        time.sleep(0.01)


def hang_once(worker: WorkerContext) -> None:
    """Stops beating in its first life only."""
    worker.beat()
    while worker.row.restarts == 0:
        time.sleep(0.01)
    idle(worker)


def finish(worker: WorkerContext) -> None:
    """Does its job and ends."""
    worker.beat()


def fail_outside(worker: WorkerContext) -> None:
    """Finds its environment broken."""
    raise SourceError("The lens is gone from rtsp://admin:secret@10.0.0.9/1.", "Fit another.")


def fail_inside(worker: WorkerContext) -> None:
    """Has a bug."""
    raise ZeroDivisionError("a bug")


def consume(worker: WorkerContext, ring: FrameRing, wake: WakeSignal) -> None:
    """Takes frames as the vision process does and notes what it saw."""
    reader, row = ring.reader(), worker.row
    while not worker.stopping:
        worker.beat()
        wake.wait(0.2)
        while frame := reader.take():
            height, width = frame.image.shape[:2]
            row.set("width", width)
            row.set("height", height)
            row.set("newest_sequence", frame.sequence)
            row.set("newest_mono_ns", frame.stamps.mono_ns)
            row.add("motion", frame.moved_px is not None)
            row.add("taken")


def write_constantly(worker: WorkerContext, ring: FrameRing) -> None:
    """Writes frames of one value each, as fast as it can, whether or not anybody looks."""
    writer = ring.writer()
    value = 0
    while not worker.stopping:
        worker.beat()
        value = (value + 1) % 251
        now_ns = time.monotonic_ns()
        view = writer.begin(640, 480)
        view[:] = value
        writer.publish(FrameStamps(now_ns, now_ns, value))


def send_numbers(worker: WorkerContext, address: LinkAddress) -> None:
    """Sends a number every two milliseconds."""
    sender = RecordSender(address, worker.name)
    number = 0
    while not worker.stopping:
        worker.beat()
        number += 1
        sender.send((number, np.zeros(8, np.float32)))
        worker.row.set("sent", number)
        time.sleep(0.002)
    sender.wait_for_backlog(0, 5.0)
    sender.close()


def receive_numbers(worker: WorkerContext, address: LinkAddress) -> None:
    """Keeps count on the board of the longest gapless run of numbers, over all its lives."""
    receiver, row = RecordReceiver(address), worker.row
    while not worker.stopping:
        worker.beat()
        received = receiver.receive(0.2)
        if received is None:
            continue
        number, _ = received.record
        if number > row.get("through") + 1:
            row.add("gaps")
        row.set("through", max(number, row.get("through")))
        receiver.ack(received)
    receiver.close()


def die_in_the_middle_of_a_frame(worker: WorkerContext, ring: FrameRing) -> None:
    """Publishes one frame, then is killed while writing the next; whole again in its next life."""
    writer = ring.writer()
    now_ns = time.monotonic_ns()
    writer.write(np.full((48, 64, 3), 1, np.uint8), FrameStamps(now_ns, now_ns, now_ns))
    if worker.row.restarts == 0:
        writer.begin(64, 48)[:24] = 255
        os.kill(os.getpid(), signal.SIGKILL)
    idle(worker)


def answer_stills(worker: WorkerContext, box: StillBox, camera: str) -> None:
    """Gives a still of one camera whenever it is asked for."""
    answerer = box.answerer()
    while not worker.stopping:
        worker.beat()
        if (number := answerer.wanted(camera)) is not None:
            answerer.answer(number, f"{camera} {number}".encode())
        time.sleep(0.005)


def note_argument(worker: WorkerContext, value: int) -> None:
    """Writes what it was started with, then idles."""
    worker.row.set("value", value)
    idle(worker)
