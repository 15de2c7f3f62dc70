"""The emulated reader answers as a real one, refusals included."""

import pytest

from edge_core.config import ReaderConfig
from edge_core.llrp import StatusCode, decode_message, encode_message, message, parameter
from edge_core.sensing.rfid import ReaderCapabilities, requests
from edge_core.simulator.rfid.protocol import ReaderProtocol
from edge_core.simulator.rfid.rospec import ROSpecState

CONFIG = ReaderConfig(id="r", host="h", antennas=[{"number": n} for n in (1, 2)])


@pytest.fixture
def reader():
    return ReaderProtocol()


def ask(reader, request):
    """Over the wire and back, as from a client."""
    return decode_message(encode_message(reader.answer(decode_message(encode_message(request)))))


def status_of(response):
    return StatusCode(response.body.one("LLRPStatus")["StatusCode"])


def can(reader):
    return ReaderCapabilities.from_message(ask(reader, requests.get_capabilities()))


def test_it_says_it_is_a_four_antenna_r420(reader):
    said = can(reader)
    assert (said.antennas, said.model, said.is_impinj) == (4, 2001002, True)
    assert said.power_dbm[1] == 10.0
    assert said.power_dbm[91] == 32.5
    assert len(said.frequency_mhz) == 50
    assert 1000 in said.modes


def test_a_rospec_goes_through_its_life(reader):
    ask(reader, requests.enable_impinj_extensions())
    assert status_of(ask(reader, requests.add_rospec(CONFIG, can(reader)))) == StatusCode.SUCCESS
    assert reader.rospecs[1].state is ROSpecState.DISABLED
    early = ask(reader, message("START_ROSPEC", ROSpecID=1))
    assert status_of(early) == StatusCode.FIELD_ERROR
    for request in requests.run_rospec():
        assert status_of(ask(reader, request)) == StatusCode.SUCCESS
    assert [port.number for port in reader.active.ports] == [1, 2]
    assert reader.active.ports[0].power_dbm == 30.0
    assert reader.active.order.phase
    (listed,) = ask(reader, message("GET_ROSPECS")).body.all("ROSpec")
    assert listed["CurrentState"] == ROSpecState.ACTIVE
    ask(reader, message("DELETE_ROSPEC", ROSpecID=0))
    assert reader.active is None


def test_there_is_room_for_one_rospec_only(reader):
    ask(reader, requests.enable_impinj_extensions())
    add = requests.add_rospec(CONFIG, can(reader))
    ask(reader, add)
    add.body.children[0].values["ROSpecID"] = 2
    assert status_of(ask(reader, add)) == StatusCode.OVERFLOW_PARAMETER


def test_impinj_parameters_need_the_extensions(reader):
    refused = ask(reader, requests.add_rospec(CONFIG, can(reader)))
    assert status_of(refused) == StatusCode.UNSUPPORTED_PARAMETER


def test_an_unknown_antenna_is_refused(reader):
    ask(reader, requests.enable_impinj_extensions())
    wrong = CONFIG.model_copy(
        update={"antennas": (CONFIG.antennas[0].model_copy(update={"number": 5}),)}
    )
    assert status_of(ask(reader, requests.add_rospec(wrong, can(reader)))) == StatusCode.FIELD_ERROR


def test_llrp_1_1_is_unknown_to_it(reader):
    refused = ask(reader, message("GET_SUPPORTED_VERSION", version=2))
    assert refused.name == "ERROR_MESSAGE"
    assert status_of(refused) == StatusCode.UNSUPPORTED_VERSION


def test_an_odd_request_gets_an_error_message(reader):
    refused = ask(reader, message("CUSTOM_MESSAGE", VendorID=1, Subtype=1, Data=b"", number=9))
    assert (refused.name, refused.number) == ("ERROR_MESSAGE", 9)
    assert status_of(refused) == StatusCode.UNSUPPORTED_MESSAGE


def test_settings_come_back(reader):
    ask(reader, requests.enable_impinj_extensions())
    ask(reader, requests.set_config(CONFIG, can(reader)))
    assert reader.link_down_after == 3
    said = ask(reader, requests.get_antennas())
    assert said.body.one("KeepaliveSpec")["PeriodicTriggerValue"] == 5000
    assert [port["AntennaConnected"] for port in said.body.all("AntennaProperties")] == [True] * 4


def test_a_new_client_finds_what_the_last_one_left(reader):
    ask(reader, requests.enable_impinj_extensions())
    ask(reader, requests.add_rospec(CONFIG, can(reader)))
    reader.connected()
    assert not reader.extended
    assert list(reader.rospecs) == [1]


def test_an_ended_rospec_that_starts_at_once_starts_anew(reader):
    for at_once, state in ((1, ROSpecState.ACTIVE), (0, ROSpecState.INACTIVE)):
        ask(reader, message("DELETE_ROSPEC", ROSpecID=0))
        ask(reader, message("ADD_ROSPEC", plain_rospec(at_once)))
        ask(reader, message("ENABLE_ROSPEC", ROSpecID=7))
        assert reader.rospecs[7].state is state
        assert reader.rospecs[7].duration_s == 0.25
        reader.ended()
        assert reader.rospecs[7].state is state


def plain_rospec(start):
    """A ROSpec of a quarter second without anything of Impinj's."""
    stop = parameter("AISpecStopTrigger", AISpecStopTriggerType=1, DurationTrigger=250)
    inventory = parameter("InventoryParameterSpec", InventoryParameterSpecID=1, ProtocolID=1)
    boundary = parameter(
        "ROBoundarySpec",
        parameter("ROSpecStartTrigger", ROSpecStartTriggerType=start),
        parameter("ROSpecStopTrigger", ROSpecStopTriggerType=0, DurationTriggerValue=0),
    )
    aispec = parameter("AISpec", stop, inventory, AntennaIDs=(0,))
    return parameter("ROSpec", boundary, aispec, ROSpecID=7, Priority=0, CurrentState=0)
