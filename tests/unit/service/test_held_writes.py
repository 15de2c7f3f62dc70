import pytest

from edge_core.clock import ManualClock
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.service.held_writes import HeldWrites
from edge_core.units import NS_PER_S


class Disk:
    """Takes numbers, or refuses."""

    def __init__(self):
        self.full, self.asked, self.kept = False, 0, []

    def writing(self, number):
        def make():
            self.asked += 1
            if self.full:
                raise LedgerError("The disk is full.", "Make room.")
            self.kept.append(number)
            return number

        return make


def test_what_a_full_disk_refuses_is_kept_in_order_when_there_is_room():
    clock, disk, told = ManualClock(), Disk(), []
    held = HeldWrites(clock)
    disk.full = True
    for number in range(3):
        held.put(disk.writing(number), told.append, events=2)
        assert not held.flush()
    assert (disk.kept, told, held.refused) == ([], [], "The disk is full.")
    assert held.told()["waiting"] == 6
    disk.full = False
    clock.advance_ns(NS_PER_S)
    assert held.flush()
    assert disk.kept == told == [0, 1, 2]
    assert held.told() == {"refused": "", "waiting": 0, "given_up": 0}


def test_a_disk_that_refuses_is_asked_once_a_second():
    clock, disk = ManualClock(), Disk()
    held = HeldWrites(clock)
    disk.full = True
    held.put(disk.writing(1))
    for _ in range(50):
        held.flush()
    assert disk.asked == 1
    clock.advance_ns(NS_PER_S)
    held.flush()
    assert disk.asked == 2


def test_more_than_can_wait_is_given_up_from_the_oldest_on_and_counted():
    disk = Disk()
    held = HeldWrites(ManualClock(), most=10)
    for number in range(5):
        held.put(disk.writing(number), events=4)
    assert held.given_up == 12
    assert held.flush()
    assert disk.kept == [3, 4]


def test_a_torn_ledger_is_not_waited_for():
    def torn():
        raise DamagedLedgerError("It is torn.", "Start anew.")

    held = HeldWrites(ManualClock())
    held.put(torn)
    with pytest.raises(DamagedLedgerError):
        held.flush()
