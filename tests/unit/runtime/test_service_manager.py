"""What systemd is told of the service."""

import socket

import pytest

from edge_core.runtime.service_manager import ServiceManager

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd is Linux's")


@pytest.fixture
def manager(tmp_path):
    """Where systemd would listen, and the environment it starts a service with."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening, {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}


def told(listening):
    messages = []
    while True:
        try:
            messages.append(listening.recv(100))
        except BlockingIOError:
            return messages


def test_it_is_told_once_that_the_service_is_up(manager):
    listening, environment = manager
    service = ServiceManager.of(environment)
    service.ready()
    service.ready()
    assert told(listening) == [b"READY=1"]


def test_signs_of_life_come_no_more_often_than_needed(manager):
    listening, environment = manager
    service = ServiceManager.of(environment)
    for _ in range(100):
        service.alive()
    assert told(listening) == [b"WATCHDOG=1"]


def test_workers_do_not_inherit_what_is_for_the_service_alone(manager):
    _, environment = manager
    ServiceManager.of(environment)
    assert environment == {}


def test_without_a_manager_or_with_a_dead_one_the_service_goes_on(tmp_path):
    for environment in ({}, {"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "1"}):
        service = ServiceManager.of(environment)
        service.ready()
        service.alive()


def test_an_abstract_socket_is_understood():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0promenade-notify-test")
        listening.setblocking(False)
        ServiceManager("@promenade-notify-test").ready()
        assert told(listening) == [b"READY=1"]
