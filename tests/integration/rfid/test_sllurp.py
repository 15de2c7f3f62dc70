"""sllurp, another LLRP implementation, understands ours and is understood.

sllurp is licensed under the GPL: it runs in processes of its own and is needed for tests only.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from edge_core.llrp import StatusCode, decode_message, encode_message, message, parameter
from edge_core.sensing.rfid import requests
from edge_core.simulator.rfid.protocol import ReaderProtocol, refusal

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sllurp") is None, reason="sllurp is a development dependency"
)
HERE = Path(__file__).parent


def test_sllurps_client_inventories_the_emulator(emulator):
    done = subprocess.run(
        [sys.executable, HERE / "sllurp_inventory.py", str(emulator.port), "100"],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["reached"], done.stderr
    assert (said["antennas"], said["vendor"], said["powers"]) == (4, 25882, 91)
    assert said["max_power_dbm"] == 32.5
    tags = said["tags"]
    assert {tag["EPC"] for tag in tags} <= set(emulator.emulator.world.epcs)
    assert {tag["AntennaID"] for tag in tags} == {1, 2, 3, 4}
    for tag in tags:
        assert 0 <= tag["ImpinjRFPhaseAngle"] < 4096
        assert abs(tag["ImpinjPeakRSSI"] / 100 - tag["PeakRSSI"]) <= 1
        assert 1 <= tag["ChannelIndex"] <= 50
        assert tag["FirstSeenTimestampUTC"] <= tag["LastSeenTimestampUTC"]
    assert len({tag["ImpinjRFPhaseAngle"] for tag in tags}) > 20
    # It said goodbye: its ROSpec is gone.
    assert emulator.emulator.protocol.rospecs == {}


def by_sllurp(*sent):
    """These messages as sllurp reads them."""
    done = subprocess.run(
        [sys.executable, HERE / "sllurp_decode.py"],
        input="".join(encode_message(one).hex() + "\n" for one in sent),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def frames():
    """What a client sends, as sllurp writes it."""
    done = subprocess.run(
        [sys.executable, HERE / "sllurp_encode.py"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: bytes.fromhex(frame) for name, frame in json.loads(done.stdout).items()}


def test_we_read_and_write_requests_to_the_byte_as_sllurp_does(frames):
    assert len(frames) == 12
    for name, frame in frames.items():
        said = decode_message(frame)
        assert (said.name, said.number) == (name, 5)
        assert encode_message(said) == frame


def test_we_read_sllurps_rospec_as_it_is_meant(frames):
    rospec = decode_message(frames["ADD_ROSPEC"]).body.one("ROSpec")
    aispec = rospec.one("AISpec")
    assert (rospec["ROSpecID"], aispec["AntennaIDs"]) == (9, (1, 4))
    assert aispec.one("AISpecStopTrigger").one("TagObservationTrigger")["NumberOfTags"] == 3
    antennas = aispec.one("InventoryParameterSpec").all("AntennaConfiguration")
    assert [a.one("RFTransmitter")["TransmitPower"] for a in antennas] == [81, 91]
    orders = antennas[0].one("C1G2InventoryCommand")
    control = orders.one("C1G2SingulationControl")
    assert (control["Session"], control["TagPopulation"]) == (2, 200)
    assert orders.one("ImpinjInventorySearchMode")["InventorySearchMode"] == 2
    extras = rospec.one("ROReportSpec").one("ImpinjTagReportContentSelector")
    assert extras.one("ImpinjEnableRFPhaseAngle")["RFPhaseAngleMode"] == 1
    assert extras.one("ImpinjEnableRFDopplerFrequency")["RFDopplerFrequencyMode"] == 0
    keepalive = decode_message(frames["SET_READER_CONFIG"]).body.one("KeepaliveSpec")
    assert keepalive["PeriodicTriggerValue"] == 2000


def test_sllurp_reads_capabilities_and_refusals():
    reader = ReaderProtocol()
    said, refused = by_sllurp(
        reader.answer(requests.get_capabilities()),
        refusal(StatusCode.UNSUPPORTED_MESSAGE, "no such message", 3),
    )
    band = said["GET_READER_CAPABILITIES_RESPONSE"]["RegulatoryCapabilities"]["UHFBandCapabilities"]
    assert len(band["TransmitPowerLevelTableEntry"]) == 91
    hops = band["FrequencyInformation"]["FrequencyHopTable"]
    assert "902750" in json.dumps(hops)
    assert b"no such message".hex() in json.dumps(refused)


def test_sllurp_reads_a_report_as_we_mean_it():
    entry = parameter(
        "TagReportData",
        parameter("EPC_96", EPC=bytes.fromhex("303435fc8803d056d15b963f")),
        parameter("AntennaID", AntennaID=3),
        parameter("PeakRSSI", PeakRSSI=-61),
        parameter("ChannelIndex", ChannelIndex=50),
        parameter("FirstSeenTimestampUTC", Microseconds=2**60 + 1),
        parameter("LastSeenTimestampUTC", Microseconds=2**60 + 2),
        parameter("TagSeenCount", TagCount=1),
        parameter("ImpinjRFPhaseAngle", PhaseAngle=4095),
        parameter("ImpinjPeakRSSI", RSSI=-6150),
        parameter("ImpinjRFDopplerFrequency", DopplerFrequency=-2687),
    )
    (said,) = by_sllurp(message("RO_ACCESS_REPORT", entry, number=1))
    (tag,) = said["RO_ACCESS_REPORT"]["TagReportData"]
    assert tag.pop("EPC-96") == b"303435fc8803d056d15b963f".hex()  # sllurp's own hexadecimal
    tag.pop("EPC", None)
    assert tag == {
        "AntennaID": 3,
        "PeakRSSI": -61,
        "ChannelIndex": 50,
        "FirstSeenTimestampUTC": 2**60 + 1,
        "LastSeenTimestampUTC": 2**60 + 2,
        "TagSeenCount": 1,
        "ImpinjRFPhaseAngle": 4095,
        "ImpinjPeakRSSI": -6150,
        "ImpinjRFDopplerFrequency": -2687,
    }
