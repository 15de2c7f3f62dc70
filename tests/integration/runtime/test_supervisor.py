"""Workers are killed, hang, fail and finish for real."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import psutil
import pytest
import runtime_workers as workers

from edge_core.errors import WorkerFailedError
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.link import LinkAddress
from edge_core.runtime.ring import FrameRing
from edge_core.runtime.stills import StillBox
from edge_core.runtime.supervisor import RestartPolicy, Supervisor
from edge_core.runtime.worker import LogSettings, WorkerSpec

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
BACK_WITHIN_S = 5.0


class Service:
    """A supervisor driven by the test."""

    def __init__(
        self,
        specs: Sequence[WorkerSpec],
        counters: dict[str, tuple[str, ...]],
        policy: RestartPolicy | None,
    ) -> None:
        self.board = HealthBoard({spec.name: counters.get(spec.name, ()) for spec in specs})
        self.supervisor = Supervisor(
            specs, self.board, logs=LogSettings(style="text"), restarts=policy
        )
        self.supervisor.start()

    def step(self) -> None:
        self.supervisor.step(0.02)

    def is_running(self, name: str) -> bool:
        return self.board.row(name).state is WorkerState.RUNNING


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    services = []

    def start(
        *specs: WorkerSpec, policy: RestartPolicy | None = None, **counters: tuple[str, ...]
    ) -> Service:
        services.append(Service(specs, counters, policy))
        return services[-1]

    yield start
    for service in services:
        service.supervisor.stop(2.0)


def test_a_child_that_somebody_else_terminates_is_started_again(serve, until) -> None:
    service = serve(WorkerSpec("core", workers.idle))
    until(lambda: service.is_running("core"), within_s=20, meanwhile=service.step)
    row = service.board.row("core")
    os.kill(row.pid, signal.SIGTERM)
    until(lambda: row.restarts == 1, within_s=5, meanwhile=service.step)
    assert "SIGTERM" in row.reason
    until(lambda: service.is_running("core"), within_s=20, meanwhile=service.step)


def test_a_killed_child_is_back_within_five_seconds_and_the_others_never_notice(
    serve, until
) -> None:
    names = ("capture:door", "vision", "core")
    service = serve(*(WorkerSpec(it, workers.idle, gives_way=it != "core") for it in names))
    until(lambda: all(map(service.is_running, names)), within_s=20, meanwhile=service.step)
    pids = {name: service.board.row(name).pid for name in names}
    calm = {name: psutil.Process(pid).nice() for name, pid in pids.items()}
    assert calm["core"] < calm["vision"] == calm["capture:door"]
    for index, name in enumerate(names):
        row = service.board.row(name)
        began = time.monotonic()
        os.kill(row.pid, signal.SIGKILL)
        until(lambda row=row: row.restarts == 1, within_s=2, meanwhile=service.step)
        until(
            lambda name=name: service.is_running(name),
            within_s=BACK_WITHIN_S - (time.monotonic() - began),
            meanwhile=service.step,
        )
        assert row.pid != pids[name]
        assert row.reason == "killed by SIGKILL"
        for other in names[index + 1 :]:
            assert service.board.row(other).pid == pids[other]


def test_a_worker_that_hangs_is_replaced(serve, until) -> None:
    service = serve(WorkerSpec("vision", workers.hang_once, stall_limit_s=1.0))
    row = service.board.row("vision")
    until(lambda: row.restarts == 1, within_s=20, meanwhile=service.step)
    until(lambda: service.is_running("vision"), within_s=BACK_WITHIN_S, meanwhile=service.step)
    assert row.reason.startswith("no heartbeat for ")


def test_a_worker_that_never_gets_going_is_replaced_after_its_grace(serve, until) -> None:
    service = serve(WorkerSpec("vision", workers.finish, startup_grace_s=0.0))
    row = service.board.row("vision")
    until(lambda: row.restarts >= 1, within_s=20, meanwhile=service.step)
    assert row.reason.startswith("not started for ")


def test_a_worker_that_has_finished_is_left_alone(serve, until) -> None:
    service = serve(WorkerSpec("capture:file", workers.finish), WorkerSpec("core", workers.finish))
    until(lambda: service.supervisor.finished, within_s=20, meanwhile=service.step)
    row = service.board.row("capture:file")
    assert (row.state, row.restarts, row.reason) == (WorkerState.STOPPED, 0, "")


def test_an_essential_worker_that_cannot_be_kept_alive_ends_the_service(serve, until) -> None:
    service = serve(
        WorkerSpec("core", workers.fail_outside),
        policy=RestartPolicy(first_delay_s=0.01, budget=3),
    )
    with pytest.raises(WorkerFailedError, match="core failed 3 times") as raised:
        until(lambda: False, within_s=30, meanwhile=service.step)
    assert "The lens is gone" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert service.board.row("core").state is WorkerState.FAILED


def test_a_failing_camera_is_tried_for_ever_and_stops_nobody(serve, until) -> None:
    service = serve(
        WorkerSpec("core", workers.idle),
        WorkerSpec("capture:bad", workers.fail_inside, essential=False),
        policy=RestartPolicy(first_delay_s=0.01, cap_s=0.05, budget=2),
    )
    bad, core = service.board.row("capture:bad"), service.board.row("core")
    until(lambda: bad.restarts >= 4, within_s=30, meanwhile=service.step)
    assert bad.reason == "exit code 70: ZeroDivisionError: a bug"
    assert (core.restarts, core.state) == (0, WorkerState.RUNNING)


def test_stopping_is_clean_and_whoever_will_not_stop_is_killed(serve, until) -> None:
    service = serve(
        WorkerSpec("core", workers.idle),
        WorkerSpec("vision", workers.idle_through_sigterm, stage=1),
        vision=("ready",),
    )
    ready = service.board.row("vision")
    until(lambda: ready.get("ready"), within_s=20, meanwhile=service.step)
    until(lambda: service.is_running("core"), within_s=20, meanwhile=service.step)
    children = psutil.Process().children()
    pids = [service.board.row(name).pid for name in ("core", "vision")]
    assert {child.pid for child in children} >= set(pids)
    began = time.monotonic()
    service.supervisor.stop(1.0)
    assert time.monotonic() - began < 5.0
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert service.board.row("core").state is WorkerState.STOPPED


def test_a_writer_killed_in_the_middle_of_a_frame_leaves_nothing_torn_to_see(serve, until) -> None:
    ring = FrameRing("door", (64, 48))
    service = serve(WorkerSpec("capture:door", workers.die_in_the_middle_of_a_frame, (ring,)))
    row, reader = service.board.row("capture:door"), ring.reader()
    until(lambda: row.restarts == 1, within_s=20, meanwhile=service.step)
    until(lambda: ring.counters().published == 2, within_s=5, meanwhile=service.step)
    frame = reader.take()
    assert frame is not None
    assert frame.sequence == 2
    assert frame.image.min() == frame.image.max() == 1
    assert frame.intact()


def test_a_reader_never_accepts_a_frame_the_writer_was_changing(serve, until) -> None:
    ring = FrameRing("door", (640, 480), slots=3)
    service = serve(WorkerSpec("capture:door", workers.write_constantly, (ring,)))
    reader = ring.reader()
    accepted, mixed_yet_intact, overwritten = 0, 0, 0
    deadline = time.monotonic() + 30
    while accepted + overwritten < 1000 and time.monotonic() < deadline:
        frame = reader.take()
        if frame is None:
            if accepted == 0:
                service.step()
            continue
        copy = frame.image.copy()
        if not frame.intact():
            overwritten += 1
            continue
        accepted += 1
        expected = frame.stamps.received_mono_ns
        mixed_yet_intact += not np.all(copy == expected)
    assert accepted > 100
    assert mixed_yet_intact == 0


def test_no_record_is_lost_when_sender_or_receiver_is_killed(serve, until) -> None:
    address = LinkAddress.make()
    service = serve(
        WorkerSpec("core", workers.receive_numbers, (address,)),
        WorkerSpec("vision", workers.send_numbers, (address,), stage=1),
        core=("through", "gaps"),
        vision=("sent",),
    )
    core, vision = service.board.row("core"), service.board.row("vision")
    until(lambda: core.get("through") > 100, within_s=20, meanwhile=service.step)
    os.kill(core.pid, signal.SIGKILL)
    until(lambda: core.restarts == 1, within_s=2, meanwhile=service.step)
    killed_at = vision.get("sent")
    until(lambda: core.get("through") > killed_at + 100, within_s=10, meanwhile=service.step)
    service.supervisor.stop(10.0)
    assert core.get("gaps") == 0
    assert core.get("through") == vision.get("sent")


def test_a_worker_is_started_anew_with_other_arguments_and_it_is_no_failure(serve, until) -> None:
    service = serve(
        WorkerSpec("core", workers.note_argument, (1,)),
        WorkerSpec("vision", workers.idle),
        policy=RestartPolicy(budget=1),
        core=("value",),
    )
    core, vision = service.board.row("core"), service.board.row("vision")
    until(
        lambda: core.get("value") == 1 and core.heartbeat_ns > 0,
        within_s=20,
        meanwhile=service.step,
    )
    until(lambda: service.is_running("vision"), within_s=20, meanwhile=service.step)
    before = (core.pid, vision.pid)
    service.supervisor.renew(WorkerSpec("core", workers.note_argument, (2,)))
    until(lambda: core.get("value") == 2, within_s=20, meanwhile=service.step)
    until(lambda: service.is_running("core"), within_s=20, meanwhile=service.step)
    assert core.pid != before[0]
    assert vision.pid == before[1]
    assert (core.restarts, core.reason) == (0, "")
    assert not psutil.pid_exists(before[0])
    with pytest.raises(KeyError):
        service.supervisor.renew(WorkerSpec("nobody", workers.idle))


def test_a_still_is_given_once_and_wiped(serve, until) -> None:
    box = StillBox(["door", "till"])
    serve(WorkerSpec("vision", workers.answer_stills, (box, "till")))
    asker = box.asker()
    taken = []

    def take(number: int) -> bool:
        still = asker.take(number)
        taken.extend([still] if still is not None else [])
        return still is not None

    for _ in range(3):
        number = asker.ask("till")
        until(lambda number=number: take(number), within_s=20)
    assert [still.decode() for still in taken] == [f"till {n}" for n in (1, 2, 3)]
    assert b"till" not in box._block.buffer[:]
    asker.ask("door")  # nobody looks at that camera
    time_out = time.monotonic() + 0.2
    while time.monotonic() < time_out:
        assert asker.take(4) is None
    asker.withdraw()
    number = asker.ask("till")
    until(lambda: take(number), within_s=20)
