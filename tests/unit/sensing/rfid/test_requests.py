"""What a reader is asked follows the settings and what it can do."""

import pytest

from edge_core.config import ReaderConfig
from edge_core.errors import ReaderError
from edge_core.llrp import decode_message, encode_message, message, parameter
from edge_core.sensing.rfid import requests
from edge_core.sensing.rfid.capabilities import ReaderCapabilities

IMPINJ, OTHER = 25882, 161


def reader(vendor=IMPINJ, antennas=4):
    powers = {1: 10.0, 2: 20.0, 3: 30.0, 4: 32.5}
    return ReaderCapabilities(
        vendor, 2001002, "6.4", antennas, True, powers, 1, (902.75, 903.25), (0, 1000)
    )


def settings(**given):
    antennas = given.pop("antennas", [{"number": 1}, {"number": 3, "power_dbm": 25}])
    return ReaderConfig(id="rail", host="10.0.0.9", antennas=antennas, **given)


def inventory_of(add):
    rospec = decode_message(encode_message(add)).body.one("ROSpec")
    return rospec, rospec.one("AISpec")


def test_each_antenna_gets_its_power_and_the_session():
    rospec, aispec = inventory_of(requests.add_rospec(settings(session=2), reader()))
    assert aispec["AntennaIDs"] == (1, 3)
    first, second = aispec.one("InventoryParameterSpec").all("AntennaConfiguration")
    assert first.one("RFTransmitter")["TransmitPower"] == 3  # 30 dBm
    assert second.one("RFTransmitter")["TransmitPower"] == 2  # 25 is not there; 20 is below
    for antenna in (first, second):
        orders = antenna.one("C1G2InventoryCommand")
        assert orders.one("C1G2SingulationControl")["Session"] == 2
        assert orders.one("ImpinjInventorySearchMode")["InventorySearchMode"] == 2
    report = rospec.one("ROReportSpec")
    assert (report["ROReportTrigger"], report["N"]) == (1, 1)
    extras = report.one("ImpinjTagReportContentSelector")
    assert extras.one("ImpinjEnableRFPhaseAngle")["RFPhaseAngleMode"] == 1


def test_a_reader_of_another_make_is_asked_nothing_of_impinjs():
    _, aispec = inventory_of(requests.add_rospec(settings(), reader(OTHER)))
    antenna = aispec.one("InventoryParameterSpec").all("AntennaConfiguration")[0]
    assert antenna.one("C1G2InventoryCommand").first("ImpinjInventorySearchMode") is None
    asked = requests.set_config(settings(), reader(OTHER))
    assert asked.body.first("ImpinjLinkMonitorConfiguration") is None


def test_a_reader_is_told_to_drop_us_when_we_vanish():
    asked = requests.set_config(settings(keepalive_s=2.5), reader())
    assert asked.body.one("KeepaliveSpec")["PeriodicTriggerValue"] == 2500
    assert asked.body.one("ImpinjLinkMonitorConfiguration")["LinkDownThreshold"] == 3


def test_power_below_the_lowest_level_means_the_lowest():
    assert reader().power_index(3.0) == 1
    assert reader().power_index(99.0) == 4


def test_every_wrong_setting_is_named():
    wrong = settings(antennas=[{"number": 5}, {"number": 6}], mode=7)
    with pytest.raises(ReaderError) as refused:
        requests.require_settings(wrong, reader())
    for part in ("antenna 5", "antenna 6", "RF mode 7", '"rail"'):
        assert part in str(refused.value)
    assert requests.check_settings(settings(mode=1000), reader()) == []


def test_a_reader_that_hides_its_capabilities_is_refused():
    status = parameter("LLRPStatus", StatusCode=0, ErrorDescription="")
    with pytest.raises(ReaderError, match="capabilities"):
        ReaderCapabilities.from_message(message("GET_READER_CAPABILITIES_RESPONSE", status))
