"""Records arrive in order, are kept until acknowledged, and come again after a restart."""

import threading
from collections.abc import Iterator

import pytest

from edge_core.runtime.link import LinkAddress, Received, RecordReceiver, RecordSender

LONG_S = 10.0


@pytest.fixture
def address() -> LinkAddress:
    return LinkAddress.make()


@pytest.fixture
def sender(address: LinkAddress) -> Iterator[RecordSender]:
    sender = RecordSender(address, "vision")
    yield sender
    sender.close()


def take(receiver: RecordReceiver, count: int) -> list[Received]:
    taken = []
    for _ in range(count):
        received = receiver.receive(LONG_S)
        assert received is not None
        taken.append(received)
    return taken


def test_records_sent_before_the_receiver_exists_arrive_in_order(
    address: LinkAddress, sender: RecordSender
) -> None:
    for number in range(50):
        sender.send({"number": number})
    receiver = RecordReceiver(address)
    taken = take(receiver, 50)
    assert [received.record["number"] for received in taken] == list(range(50))
    assert [received.number for received in taken] == list(range(1, 51))
    receiver.close()


def test_a_receiver_that_starts_afresh_gets_what_was_not_acknowledged_and_the_last_seconds(
    address: LinkAddress, sender: RecordSender
) -> None:
    first = RecordReceiver(address)
    for number in range(10):
        sender.send(number)
    taken = take(first, 10)
    first.ack(taken[3])
    assert sender.wait_for_backlog(6, LONG_S)
    first.close()
    sender.send(10)
    second = RecordReceiver(address)
    assert [received.record for received in take(second, 11)] == list(range(11))
    second.close()


def test_without_a_replay_window_only_the_unacknowledged_come_again(address: LinkAddress) -> None:
    sender = RecordSender(address, "vision", replay_s=0.0)
    first = RecordReceiver(address)
    for number in range(10):
        sender.send(number)
    taken = take(first, 10)
    first.ack(taken[3])
    assert sender.wait_for_backlog(6, LONG_S)
    first.close()
    second = RecordReceiver(address)
    assert [received.record for received in take(second, 6)] == [4, 5, 6, 7, 8, 9]
    assert second.receive(0.05) is None
    second.close()
    sender.close()


def test_acknowledging_the_last_record_empties_the_backlog(
    address: LinkAddress, sender: RecordSender
) -> None:
    receiver = RecordReceiver(address)
    for number in range(5):
        sender.send(number)
    assert sender.backlog > 0
    receiver.ack(take(receiver, 5)[-1])
    assert sender.wait_for_backlog(0, LONG_S)
    assert sender.counters().acknowledged == 5
    assert sender.counters().connections == 1
    receiver.close()


def test_a_receiver_that_never_comes_costs_the_oldest_records_and_they_are_counted(
    address: LinkAddress,
) -> None:
    sender = RecordSender(address, "vision", max_records=100)
    for number in range(250):
        sender.send(number)
    assert sender.counters().dropped == 150
    assert sender.backlog == 100
    receiver = RecordReceiver(address)
    assert [received.record for received in take(receiver, 100)] == list(range(150, 250))
    sender.close()
    receiver.close()


def test_two_senders_keep_their_own_order(address: LinkAddress) -> None:
    senders = [RecordSender(address, name) for name in ("vision", "rfid")]
    receiver = RecordReceiver(address)
    for number in range(100):
        for sender in senders:
            sender.send(number)
    taken = take(receiver, 200)
    for name in ("vision", "rfid"):
        mine = [received for received in taken if received.sender.startswith(name)]
        assert [received.record for received in mine] == list(range(100))
        receiver.ack(mine[-1])
    assert all(sender.wait_for_backlog(0, LONG_S) for sender in senders)
    for sender in senders:
        sender.close()
    receiver.close()


def test_a_stranger_without_the_key_is_turned_away_and_the_others_go_on(
    address: LinkAddress, sender: RecordSender
) -> None:
    receiver = RecordReceiver(address)
    stranger = RecordSender(LinkAddress(address.name, b"guessed"), "stranger")
    stranger.send("let me in")
    sender.send("hello")
    assert [received.record for received in take(receiver, 1)] == ["hello"]
    assert receiver.receive(0.1) is None
    assert stranger.counters().connections == 0
    stranger.close()
    receiver.close()


def test_closing_leaves_no_thread_behind(address: LinkAddress) -> None:
    before = threading.active_count()
    sender, receiver = RecordSender(address, "vision"), RecordReceiver(address)
    sender.send(1)
    take(receiver, 1)
    sender.close()
    receiver.close()
    assert threading.active_count() == before


def test_an_address_shows_no_key() -> None:
    address = LinkAddress.make()
    assert repr(address.key) not in repr(address)
    assert LinkAddress.make() != address


@pytest.mark.timeout(30)
def test_a_receiver_closes_even_right_after_a_sender_came() -> None:
    for number in range(100):
        address = LinkAddress.make()
        sender = RecordSender(address, "vision")
        sender.send(number)
        receiver = RecordReceiver(address)
        assert take(receiver, 1)[0].record == number
        receiver.close()
        sender.close()
