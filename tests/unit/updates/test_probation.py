"""What counts as holding."""

import os

import pytest

from edge_core.errors import UpdateError
from edge_core.updates.probation import Health, Trial
from edge_core.updates.services import SystemdServices


def _health(status="ok", version="1.1.0", uptime_s=1.0, worker="running"):
    worker = {"name": "vision", "state": worker}
    return Health(status=status, version=version, uptime_s=uptime_s, workers=[worker])


def _kinds(looks, *, start_s=10.0, hold_s=5.0, was_down=False):
    trial = Trial("1.1.0", start_s, hold_s, was_down=was_down)
    return [trial.look(float(second), health).kind for second, health in looks]


def test_health_has_to_hold_without_a_break():
    looks = [(0, None), (2, _health()), (6, _health()), (7, _health(worker="restarting"))]
    looks += [(8, _health()), (12, _health()), (13, _health())]
    assert _kinds(looks) == ["wait"] * 6 + ["held"]


@pytest.mark.parametrize(
    "health",
    [
        None, _health(status="down"), _health(version="1.0.0"), _health(worker="failed"),
    ],
    ids=["silent", "down", "old-version", "failed-process"],
)  # fmt: skip
def test_what_is_not_healthy_in_time_is_taken_back(health):
    assert _kinds([(0, health), (9, health), (10, health)]) == ["wait", "wait", "failed"]


def test_what_was_broken_before_is_not_held_against_a_new_version():
    camera_lost = _health(status="degraded")
    assert _kinds([(0, camera_lost), (5, camera_lost)]) == ["wait", "held"]
    down = _health(status="down")
    assert _kinds([(0, down), (5, down)], was_down=True) == ["wait", "held"]


def test_health_that_comes_and_goes_ends_some_time():
    looks = [(second, _health() if second % 4 else None) for second in range(40)]
    kinds = _kinds(looks)
    assert "held" not in kinds
    assert kinds.index("failed") == 20  # start_s and twice hold_s


def test_a_second_restart_is_a_crash_loop():
    uptimes = [(0, 3.0), (1, 0.5), (2, 1.5), (3, 0.2)]
    assert _kinds([(at, _health(uptime_s=up)) for at, up in uptimes])[-1] == "failed"


@pytest.mark.skipif(os.name != "posix", reason="systemd")
def test_units_that_are_not_enabled_are_left_alone(tmp_path, monkeypatch):
    """A shell script in systemd's place notes what it is asked: no container runs systemd."""
    program = tmp_path / "systemctl"
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\n'
        'case "$*" in "is-enabled promenade-mirror.service") exit 1;;\n'
        "is-failed*) echo failed;;\n*--no-block*) echo no such unit >&2; exit 5;; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    services = SystemdServices()
    services.stop()
    with pytest.raises(UpdateError, match="no such unit"):
        services.start()
    assert services.gave_up()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert "stop promenade-edge.service promenade-kiosk.service" in asked
    assert "--no-block start promenade-edge.service promenade-kiosk.service" in asked
